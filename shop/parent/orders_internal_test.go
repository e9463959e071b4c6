package parent

import (
	"strings"
	"testing"
	"time"

	"joetz/payments"
	"joetz/shop/booking"
	"joetz/templates/layout"
	"joetz/terms"
	"joetz/terms/civil"
)

// The page of an order says of each end what happened and when. Care is told only to who reads the fiche, that nobody paid only to
// who pays, and why it cost what it cost only to who is told the rest.
func TestAnEndIsToldToWhoMayKnow(t *testing.T) {
	t.Parallel()
	p := layout.Page{Lang: "nl"}
	at := time.Date(2027, time.March, 3, 12, 0, 0, 0, civil.Brussels)
	for _, c := range []struct {
		by                        terms.By
		family, pays, seesFiche   bool
		care                      bool // the reasons tell of it
		says                      string
		because, callTheOrganiser bool
	}{
		{by: terms.ByCustomer, family: true, pays: true, says: "Jullie annuleerden deze boeking op 3 maart 2027.", because: true},
		{by: terms.ByCustomer, pays: true, says: "We annuleerden deze boeking op 3 maart 2027, zoals jullie vroegen.", because: true},
		{by: terms.ByCustomer, family: true, says: "Jullie annuleerden"},
		{by: terms.ByOrganiser, pays: true, says: "We moesten deze boeking stoppen op 3 maart 2027.", because: true, callTheOrganiser: true},
		{by: terms.ByOrganiser, family: true, pays: true, says: "Jullie gingen gratis weg op 3 maart 2027.", because: true},
		{by: terms.ByPriceRise, family: true, pays: true, says: "De prijs van deze vakantie steeg.", because: true, callTheOrganiser: true},
		{by: terms.ByNonpayment, pays: true, says: "We vonden de betaling niet terug", because: true, callTheOrganiser: true},
		{by: terms.ByNonpayment, seesFiche: true, says: "Deze boeking stopte op 3 maart 2027.", callTheOrganiser: true},
		{by: terms.ByExclusion, pays: true, says: "ging Lou sinds 3 maart 2027 niet verder mee.", because: true, callTheOrganiser: true},
		{by: terms.ByCareRefused, pays: true, seesFiche: true, care: true, says: "of Kamp Zee past voor Lou", because: true, callTheOrganiser: true},
		{by: terms.ByCareRefused, pays: true, care: true, says: "Deze boeking stopte op 3 maart 2027.", callTheOrganiser: true},
		{by: terms.ByUntruthful, pays: true, seesFiche: true, care: true, says: "De gegevens waarmee Lou ingeschreven was", because: true, callTheOrganiser: true},
		{by: terms.ByUntruthful, pays: true, care: true, says: "Deze boeking stopte op 3 maart 2027.", callTheOrganiser: true},
	} {
		b := booking.Booking{ID: 4, Participant: 7, FirstName: "Lou", Title: "Kamp Zee", Status: "cancelled", CancelledBy: c.by.String(), CancelledAt: &at}
		e := booking.Ended{On: civil.Of(at), By: b.CancelledBy, Family: c.family, Care: c.care, Because: []booking.ReasonLine{{Text: "Daarom.", Clause: "Artikel 6"}}}
		got := endedLine(p, b, e, c.pays, c.seesFiche)
		if got == nil || !strings.Contains(got.Text, c.says) || len(got.Because) > 0 != c.because || got.Call != c.callTheOrganiser {
			t.Errorf("%v, pays %v, reads the fiche %v: %+v", c.by, c.pays, c.seesFiche, got)
		}
	}
	goes := booking.Ended{On: civil.Of(at), By: rebooked, To: "Kamp Bos", ToOn: civil.Must(2027, 7, 5)}
	b := booking.Booking{ID: 4, FirstName: "Lou", Title: "Kamp Zee", Status: "cancelled", CancelledBy: rebooked, CancelledAt: &at}
	if got := endedLine(p, b, goes, true, false); got.Text != "Lou gaat mee met Kamp Bos, vanaf 5 juli 2027. We boekten om op 3 maart 2027." {
		t.Errorf("rebooked: %+v", got)
	}
	if got := endedLine(p, booking.Booking{Status: "in_review"}, booking.Ended{}, true, true); got != nil {
		t.Errorf("of what goes on: %+v", got)
	}
	for r, of := range map[payments.RefundDetail]bool{
		{Booking: 4, RequestedAt: at}:                 true,
		{Booking: 4, RequestedAt: at.Add(-time.Hour)}: false,
		{Booking: 5, RequestedAt: at}:                 false,
		{RequestedAt: at}:                             false,
	} {
		if ofEnd(b, r) != of {
			t.Errorf("%+v goes back because of the end: %v", r, !of)
		}
	}
}
