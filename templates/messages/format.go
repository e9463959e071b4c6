package messages

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// Format writes one value as a sentence in that language would: amounts, dates, times of day; anything else as it is.
func Format(lang string, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case money.Cents:
		return Money(lang, v)
	case civil.Date:
		return Date(lang, v)
	case time.Time:
		return Clock(lang, v)
	}
	return fmt.Sprint(v)
}

// Money writes an amount without ",00" on whole euros: "€ 215", "€ 32,50".
func Money(lang string, c money.Cents) string {
	s := c.Format(Known(lang))
	if c%100 == 0 {
		return s[:len(s)-3]
	}
	return s
}

// Count writes a number of things with its thousands apart, as Money does: "20.001" in Dutch, "20,001" in English.
func Count(lang string, n int) string {
	s := money.Cents(n * 100).Format(Known(lang))
	return strings.TrimLeft(s[:len(s)-3], "€\u00a0")
}

// Date is "5 juli 2027", in English "5 July 2027"; the zero Date is "".
func Date(lang string, d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.YMD()
	return strconv.Itoa(day) + " " + T(lang, "calendar.month."+number(int(m))) + " " + strconv.Itoa(y)
}

// Weekday is "maandag".
func Weekday(lang string, d civil.Date) string {
	return T(lang, "calendar.weekday."+number(int(d.Weekday())))
}

// DateLong is "maandag 5 juli 2027".
func DateLong(lang string, d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return Weekday(lang, d) + " " + Date(lang, d)
}

// DateShort is "ma 5 juli", for lists where the year is clear.
func DateShort(lang string, d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	_, m, day := d.YMD()
	return fmt.Sprintf("%s %d %s", T(lang, "calendar.day."+number(int(d.Weekday()))), day, T(lang, "calendar.month."+number(int(m))))
}

// Month is "juli 2027".
func Month(lang string, d civil.Date) string {
	y, m, _ := d.YMD()
	return fmt.Sprintf("%s %d", T(lang, "calendar.month."+number(int(m))), y)
}

// DateRange is "5 – 9 juli 2027", "28 juli – 1 augustus 2027", or with both years where they differ.
func DateRange(lang string, from, to civil.Date) string {
	fy, fm, fd := from.YMD()
	ty, tm, _ := to.YMD()
	switch {
	case from == to || to.IsZero():
		return Date(lang, from)
	case fy != ty:
		return Date(lang, from) + " – " + Date(lang, to)
	case fm != tm:
		return fmt.Sprintf("%d %s – %s", fd, T(lang, "calendar.month."+number(int(fm))), Date(lang, to))
	}
	return fmt.Sprintf("%d – %s", fd, Date(lang, to))
}

// Clock is the time of day in Belgium, "14:32".
func Clock(_ string, t time.Time) string { return t.In(civil.Brussels).Format("15:04") }

// Instant is the date and time of day in Belgium, "5 juli 2027 om 14:32".
func Instant(lang string, t time.Time) string {
	return T(lang, "calendar.instant", civil.Of(t), Clock(lang, t))
}

// number is a key segment for 1..12 and 0..6.
func number(n int) string { return strconv.Itoa(n) }
