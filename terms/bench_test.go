package terms_test

import (
	"testing"

	"joetz/terms"
	"joetz/terms/civil"
)

// The limits are the issue's: a quote in 3 parts under 2 µs and 5 allocations, a cancellation under 500 ns, a season of
// 100,000 bookings under 0.1 s. README.md keeps what was measured.

var (
	quoteFacts = terms.QuoteFacts{Trip: terms.ForeignCoach, BookedOn: civil.Must(2026, 12, 1), DepartsOn: civil.Must(2027, 7, 31),
		BasePrice: 595_00, Price: 475_00, Extras: 15_00, Insurance: true, Instalments: 3}
	cancelFacts = terms.CancelFacts{Trip: terms.ForeignCoach, BookedOn: civil.Must(2026, 12, 1), DepartsOn: civil.Must(2027, 7, 31),
		On: civil.Must(2027, 6, 15), By: terms.ByCustomer, BasePrice: 595_00, Price: 475_00, Insurance: true, DepositPaid: true,
		Claim: true, Paid: 475_00}
)

func BenchmarkQuoteInThreeParts(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		joetz.Quote(quoteFacts)
	}
}

func BenchmarkQuoteChecked(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if joetz.CheckQuote(quoteFacts) == nil {
			joetz.Quote(quoteFacts)
		}
	}
}

func BenchmarkQuoteExplained(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		joetz.ExplainQuote(quoteFacts)
	}
}

func BenchmarkCancel(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		joetz.Cancel(cancelFacts)
	}
}

func BenchmarkCancelExplained(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		joetz.ExplainCancel(cancelFacts)
	}
}

func BenchmarkTimeline(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		joetz.Timeline(cancelFacts)
	}
}

// A whole season looked at again: the quote and today's fee of 100,000 bookings.
func BenchmarkSeasonOf100000(b *testing.B) {
	for b.Loop() {
		for i := range 100_000 {
			q, c := quoteFacts, cancelFacts
			q.Trip = terms.Trips[i%len(terms.Trips)]
			q.BookedOn = q.BookedOn.AddDays(i % 200)
			c.Trip, c.BookedOn = q.Trip, q.BookedOn
			c.On = c.BookedOn.AddDays(i % 60)
			joetz.Quote(q)
			joetz.Cancel(c)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	data := []byte(policyFile(b))
	for b.Loop() {
		if _, err := terms.Load(data, "x"); err != nil {
			b.Fatal(err)
		}
	}
}

// The limits on allocations hold in every run, not only when somebody looks at a benchmark.
func TestAllocations(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { joetz.Quote(quoteFacts) }); n > 5 {
		t.Errorf("a quote allocates %v times, want at most 5", n)
	}
	if n := testing.AllocsPerRun(100, func() { joetz.Cancel(cancelFacts) }); n > 0 {
		t.Errorf("a cancellation allocates %v times, want 0", n)
	}
}
