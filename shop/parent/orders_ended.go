package parent

import (
	"joetz/payments"
	"joetz/shop/booking"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms"
)

// endedLine says how a booking ended: what happened and when, and why it cost what it cost. What tells of a child's care is only
// for who may read the fiche; the money, and that it was not paid, only for who pays.
func endedLine(p layout.Page, b booking.Booking, e booking.Ended, pays, seesFiche bool) *parent.EndedLine {
	if b.Active() {
		return nil
	}
	told := !e.Care || seesFiche
	line := &parent.EndedLine{Call: true}
	key := "other"
	switch {
	case !told, e.By == terms.ByNonpayment.String() && !pays:
	case e.By == rebooked && e.To != "":
		key, line.Call = rebooked, false
	case e.By == terms.ByCustomer.String(), e.By == terms.ByOrganiser.String() && e.Family:
		key, line.Call = e.By, false
		if e.Family {
			key += "_self"
		}
	case e.By != rebooked:
		key = e.By
	}
	line.Text = p.T("parent.ended."+key, p.DatePlain(e.On), b.FirstName, b.Title, e.To, p.DatePlain(e.ToOn))
	if !told || !pays {
		return line
	}
	for _, r := range e.Because {
		line.Because = append(line.Because, ui.Reason{Text: r.Text, Clause: r.Clause})
	}
	line.Then = p.T("parent.ended.then", p.DatePlain(e.On))
	return line
}

// rebooked is how a booking ended of a child that goes elsewhere.
const rebooked = "rebooked"

// ofEnd reports whether money goes back because that booking ended.
func ofEnd(b booking.Booking, r payments.RefundDetail) bool {
	return b.CancelledAt != nil && r.Booking == b.ID && !r.RequestedAt.Before(*b.CancelledAt)
}
