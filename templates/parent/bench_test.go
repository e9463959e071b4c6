package parent_test

import (
	"bytes"
	"testing"
	"time"

	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/terms/civil"
)

// The page before confirming costs the most of all that a booking shows: one child, three ways to pay.
func BenchmarkConfirm(b *testing.B) {
	now := time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC)
	day := civil.Of(now)
	var plans []parent.Plan
	for n := 1; n <= 3; n++ {
		plan := parent.Plan{Instalments: n, Schedule: []parent.DueLine{{On: day.AddDays(7), Kind: "deposit", Amount: 7500}}}
		for part := range n {
			plan.Schedule = append(plan.Schedule, parent.DueLine{On: day.AddDays(30 * (part + 1)), Kind: "balance", Amount: 25000})
		}
		plans = append(plans, plan)
	}
	page := parent.ConfirmPage{
		Basket: parent.Basket{
			Page:   layout.Page{Lang: "nl", Path: "/boeken/overzicht", RequestID: "ABCDEFGHIJ", Today: day, Now: now, Title: "Nakijken", Bare: true, Private: true, User: &layout.User{Name: "Els Peeters", Role: "parent"}},
			Places: 1, HeldUntil: now.Add(30 * time.Minute), Action: "/boeken/overzicht",
			Trip: parent.Trip{Title: "Sporten aan zee", Destination: "Bredene", StartsOn: day.AddDays(120), EndsOn: day.AddDays(127), Href: "/vakanties/sporten-aan-zee"},
		},
		Offers: []parent.OfferLine{{Name: "Jan Peeters", First: "Jan", Category: "Basisprijs", Price: 32500, BoardingPlace: "Gent", Photo: "Ja", Position: 1}},
		Total:  32500, Plans: plans, Instalments: "1", TermsVersion: "2026", TermsHash: "0123456789abcdef", Payer: []string{"Els Peeters", "Dorpsstraat 1", "9000 Gent"}, Phone: "+32 470 00 00 00",
	}
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := parent.Confirm(page).Render(b.Context(), &out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "bytes")
}
