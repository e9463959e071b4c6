package parent

import (
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/templates/layout"
	"joetz/terms"
	"joetz/terms/id"
)

// Why a booking ended is said only to who may read the child's fiche, and only when it was that.
func TestNotPossibleIsToldToWhoReadsTheFiche(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		by    terms.By
		fiche bool
		want  bool
	}{{terms.ByCareRefused, true, true}, {terms.ByCareRefused, false, false}, {terms.ByCustomer, true, false}} {
		b := booking.Booking{Participant: 7, Status: "cancelled", CancelledBy: c.by.String()}
		sees := map[id.Participant]account.Rights{7: {SeesFiche: c.fiche}, 8: {SeesFiche: true}}
		if got := bookingLine(layout.Page{}, b, sees).NotPossible; got != c.want {
			t.Errorf("%v, reads the fiche %v: told %v", c.by, c.fiche, got)
		}
	}
}
