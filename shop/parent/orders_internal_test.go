package parent

import (
	"errors"
	"testing"

	"joetz/shop/booking"
	"joetz/templates/layout"
	"joetz/templates/parent"
)

// An order is called by its holidays and children, those that go on.
func TestOrderTitle(t *testing.T) {
	t.Parallel()
	lena, mats := booking.Booking{Title: "Massembre", FirstName: "Lena", Status: "placed"}, booking.Booking{Title: "Massembre", FirstName: "Mats", Status: "in_review"}
	gone, sea := booking.Booking{Title: "Alpen", FirstName: "Lena", Status: "cancelled"}, booking.Booking{Title: "Nieuwpoort", FirstName: "Mats", Status: "placed"}
	p := layout.Page{Lang: "nl"}
	for want, all := range map[string][]booking.Booking{
		"Massembre: Lena, Mats":             {lena, gone, mats},
		"Massembre, Nieuwpoort: Lena, Mats": {lena, mats, sea},
		"Alpen: Lena":                       {gone},
		"Boeking V17":                       nil,
	} {
		if got := orderTitle(p, booking.Order{Reference: "V17", Bookings: all}); got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}

// A family is offered what it can still do: all of it before, the choice about photos once the holiday is on.
func TestWithChange(t *testing.T) {
	t.Parallel()
	no := errors.New("no")
	for path, can := range map[string]booking.Can{
		"/mijn/kind/7/wijzigen parent.booking.change":      {},
		"/mijn/kind/7/wijzigen parent.booking.change_last": {Change: no, Transfer: no},
		"/mijn/kind/7/foto parent.booking.change_photos":   {Change: no, Transfer: no, Cancel: no},
		" ": {Change: no, Transfer: no, Cancel: no, Photos: no},
	} {
		line := withChange(parent.BookingLine{}, booking.Booking{ID: 7}, can)
		if got := line.Change + " " + line.ChangeKey; got != path {
			t.Errorf("%+v: %q instead of %q", can, got, path)
		}
	}
}

// Families know the terms by their year, not by their file.
func TestEdition(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"joetz-2027": "2027", "joetz-2027-b": "2027-b", "2027": "2027", "": ""} {
		if got := edition(version); got != want {
			t.Errorf("%q: %q instead of %q", version, got, want)
		}
	}
}
