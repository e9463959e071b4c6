// Package civil has dates without a clock: a day in Belgium, whatever the hour.
//
// Owns: the type Date and the counting of days and months.
// May import: the standard library.
// Always true: no function reads the clock; a Date never shifts with a time zone; months are counted as the law counts
// them, clamped to the month's last day (31 March minus one month is 28 February), never overflowed as time.AddDate does.
package civil

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // Europe/Brussels on machines without a zone database
)

// Date is a civil date. The zero value is no date (IsZero); it orders before every other.
type Date struct{ n int32 } // days since 31 December of year 0, proleptic Gregorian; 0 = no date

// Brussels is the time zone in which the shop counts its days.
var Brussels = mustLoad("Europe/Brussels")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // cannot happen: time/tzdata is linked in
	}
	return loc
}

const unixDays = 719163 // 1970-01-01

// New returns the date; an impossible day (31 April) is an error.
func New(year int, month time.Month, day int) (Date, error) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > DaysIn(year, month) {
		return Date{}, fmt.Errorf("civil: no such date %04d-%02d-%02d", year, month, day)
	}
	return fromYMD(year, month, day), nil
}

// Must is New for dates written in code; it panics on an impossible one.
func Must(year int, month time.Month, day int) Date {
	d, err := New(year, month, day)
	if err != nil {
		panic(err)
	}
	return d
}

// fromYMD counts days with the era method: years start in March, so the leap day is the last.
func fromYMD(year int, month time.Month, day int) Date {
	y, m := year, int(month)
	if m <= 2 {
		y--
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + day - 1
	return Date{int32(era*146097+yoe*365+yoe/4-yoe/100+doy) - 719468 + unixDays}
}

// YMD returns the date's parts; the zero Date gives zeros.
func (d Date) YMD() (year int, month time.Month, day int) {
	if d.n == 0 {
		return 0, 0, 0
	}
	z := int(d.n) - unixDays + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	m := (mp+2)%12 + 1
	year = yoe + era*400
	if m <= 2 {
		year++
	}
	return year, time.Month(m), day
}

// DaysIn is the number of days in that month.
func DaysIn(year int, month time.Month) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// Of is the date in Belgium at that instant.
func Of(t time.Time) Date {
	y, m, d := t.In(Brussels).Date()
	return fromYMD(y, m, d)
}

// Start is the instant at which the day begins in Belgium.
func (d Date) Start() time.Time {
	y, m, day := d.YMD()
	return time.Date(y, m, day, 0, 0, 0, 0, Brussels)
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// AddDays moves by n calendar days.
func (d Date) AddDays(n int) Date { return Date{d.n + int32(n)} }

// AddMonths moves by n calendar months, the day clamped to the month's end.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.YMD()
	total := y*12 + int(m) - 1 + n
	y, m = total/12, time.Month(total%12+1)
	return fromYMD(y, m, min(day, DaysIn(y, m)))
}

// DaysUntil counts calendar days from d to other; negative when other is earlier.
func (d Date) DaysUntil(other Date) int { return int(other.n - d.n) }

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.n < other.n }

// After reports whether d is later than other.
func (d Date) After(other Date) bool { return d.n > other.n }

// Compare is -1, 0 or 1, for sorting.
func (d Date) Compare(other Date) int {
	switch {
	case d.n < other.n:
		return -1
	case d.n > other.n:
		return 1
	}
	return 0
}

// Later returns the later of two dates.
func Later(a, b Date) Date {
	if a.Before(b) {
		return b
	}
	return a
}

// Earlier is the earlier of two days.
func Earlier(a, b Date) Date {
	if b.Before(a) {
		return b
	}
	return a
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.n % 7) }

// Year is the calendar year.
func (d Date) Year() int { y, _, _ := d.YMD(); return y }

// String is the date as YYYY-MM-DD; the zero Date is "".
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.YMD()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
}

// ErrSyntax is returned by Parse for text that is no date.
var ErrSyntax = errors.New("civil: not a date YYYY-MM-DD")

// Parse reads YYYY-MM-DD and nothing else.
func Parse(s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Date{}, ErrSyntax
	}
	var part [3]int
	for i, span := range [3]string{s[:4], s[5:7], s[8:]} {
		for _, c := range []byte(span) {
			if c < '0' || c > '9' {
				return Date{}, ErrSyntax
			}
			part[i] = part[i]*10 + int(c-'0')
		}
	}
	return New(part[0], time.Month(part[1]), part[2])
}

// MarshalText writes YYYY-MM-DD, for JSON and TOML.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	v, err := Parse(string(text))
	if err == nil {
		*d = v
	}
	return err
}

// Value writes a date column; the zero Date is NULL. It goes as text: an instant would lose a day in UTC.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a date column; NULL is the zero Date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time: // lib/pq gives a date column as midnight UTC
		y, m, day := v.Date()
		*d = fromYMD(y, m, day)
		return nil
	case []byte:
		return d.UnmarshalText(v)
	case string:
		return d.UnmarshalText([]byte(v))
	}
	return fmt.Errorf("civil: cannot read a date from %T", src)
}
