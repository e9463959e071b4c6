package messages_test

import (
	"strings"
	"testing"
	"time"

	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/money"
)

func TestT(t *testing.T) {
	t.Parallel()
	day := civil.Must(2027, time.July, 5)
	for _, c := range []struct{ got, want string }{
		{messages.T("nl", "calendar.instant", day, "14:32"), "5 juli 2027 om 14:32"},
		{messages.T("en", "calendar.instant", day, "14:32"), "5 July 2027 at 14:32"},
		{messages.T("xx", "calendar.month.7"), "juli"},
		{messages.T("nl", "no.such.key"), "[no.such.key]"},
		{messages.DateLong("nl", day), "maandag 5 juli 2027"},
		{messages.DateShort("en", day), "Mon 5 July"},
		{messages.DateRange("nl", day, day.AddDays(4)), "5 – 9 juli 2027"},
		{messages.DateRange("nl", civil.Must(2027, 7, 28), civil.Must(2027, 8, 1)), "28 juli – 1 augustus 2027"},
		{messages.DateRange("nl", civil.Must(2026, 12, 28), civil.Must(2027, 1, 2)), "28 december 2026 – 2 januari 2027"},
		{messages.DateRange("nl", day, day), "5 juli 2027"},
		{messages.Date("nl", civil.Date{}), ""},
		{messages.Money("nl", 21500), "€\u00a0215"},
		{messages.Money("nl", 123456), "€\u00a01.234,56"},
		{messages.Money("en", 123400), "€1,234"},
		{messages.Format("nl", money.Cents(-2550)), "−€\u00a025,50"},
		{messages.Instant("nl", time.Date(2027, 7, 5, 12, 32, 0, 0, time.UTC)), "5 juli 2027 om 14:32"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestArgumentsAreNotExpandedTwice(t *testing.T) {
	t.Parallel()
	if got := messages.T("nl", "calendar.instant", "{1}", "x"); got != "{1} om x" {
		t.Errorf("an argument that looks like a placeholder was replaced: %q", got)
	}
}

// A page of the order flow fills some forty texts.
func BenchmarkT(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		messages.T("nl", "calendar.instant", "5 juli 2027", "14:32")
		messages.N("nl", "checkout.plan.in", 3)
	}
}

func TestCountsHaveTheirThousandsApart(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][2]string{
		0: {"0", "0"}, 999: {"999", "999"}, 1000: {"1.000", "1,000"}, 20001: {"20.001", "20,001"}, 1234567: {"1.234.567", "1,234,567"},
	} {
		if nl, en := messages.Count("nl", n), messages.Count("en", n); nl != want[0] || en != want[1] {
			t.Errorf("%d: %q and %q", n, nl, en)
		}
	}
	if got := messages.N("nl", "room.ahead", 20001); !strings.Contains(got, " 20.001 ") {
		t.Error(got)
	}
}
