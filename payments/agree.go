package payments

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrPlanSum is returned for a plan that does not add up to what is open.
var ErrPlanSum error = fault.New(fault.Conflict, "payments.plan_sum")

// Agreement plans anew when the open part of an order is paid, as somebody agreed with the family. What it costs stays; what
// was paid stays where it is.
type Agreement struct {
	Order        id.Order
	Payer        Payer
	Descriptions map[id.Booking]string // for the lines of the documents
	Plan         []Planned             // by date; adds up to what is open of the order
	Reason       string
	By           id.Staff
}

// Planned is one part of a plan over all bookings of an order.
type Planned struct {
	On     civil.Date
	Amount money.Cents
}

// Agreed tells what an agreement did.
type Agreed struct {
	CreditNotes []id.Invoice // of what was invoiced and makes way: one for each payer
	Invoice     id.Invoice   // of what is asked now; 0: nothing
}

// AgreeTx plans an order's open money anew: each new part pays what fell due first, so a deposit stays a deposit and a fee a
// fee. Parts that stay as they are keep their money and their invoice; of the others there is one credit note
// (for each payer) and one invoice, over all children. ErrPlanSum when the plan is not what is open. The caller holds the order's lock.
func (s *Service) AgreeTx(ctx context.Context, tx *sqlx.Tx, a Agreement) (out Agreed, err error) {
	rows, err := runningInstalments(ctx, tx, a.Order)
	if err != nil {
		return out, err
	}
	want, err := a.schedules(rows, civil.Of(s.Now()))
	if err != nil {
		return out, err
	}
	var gone []voided
	var lines []askedLine
	released := map[id.Booking]money.Cents{}
	for _, b := range bookingsOf(rows) {
		own := pickRows(rows, b)
		void, fresh := changes(own, want[b])
		if released[b], err = s.voidTx(ctx, tx, a.Order, void); err != nil {
			return out, err
		}
		planned, err := insertInstalments(ctx, tx, a.Order, b, s.Now(), fresh)
		if err != nil {
			return out, err
		}
		gone = append(gone, voided{booking: b, description: a.Descriptions[b], parts: void})
		lines = append(lines, asked(b, a.Descriptions[b], nil, fresh, planned, own)...)
	}
	notes := credits{order: a.Order, reason: a.Reason}
	if err := s.addPartsTx(ctx, tx, &notes, a.Payer, gone...); err != nil {
		return out, err
	}
	if out.CreditNotes, err = s.issueTx(ctx, tx, notes); err != nil {
		return out, err
	}
	if out.Invoice, err = s.askTx(ctx, tx, a.Order, a.Payer, lines, nil); err != nil {
		return out, err
	}
	for _, b := range bookingsOf(rows) {
		if _, err := s.payOwnTx(ctx, tx, a.Order, b, released[b]); err != nil {
			return out, err
		}
		if err := s.levelTx(ctx, tx, a.Order, b, a.Reason); err != nil {
			return out, err
		}
	}
	_, _, err = s.AllocateTx(ctx, tx, a.Order)
	return out, err
}

// schedules is the whole schedule of each booking: what is paid stays as it was due, and the plan is filled with what is
// open, the oldest first.
func (a Agreement) schedules(rows []instalmentRow, today civil.Date) (map[id.Booking][]Due, error) {
	want := map[id.Booking][]Due{}
	var open []instalmentRow
	var sum, planned money.Cents
	for _, i := range rows {
		if i.Allocated > 0 {
			on := i.DueOn
			if i.Allocated < i.Amount && today.Before(on) { // what is paid must not fall due after a new part, which the money would pay then
				on = today
			}
			want[i.Booking] = append(want[i.Booking], Due{i.Kind, on, i.Allocated})
		}
		if left := i.Amount - i.Allocated; left > 0 {
			i.Amount, sum = left, sum+left
			open = append(open, i)
		}
	}
	plan := slices.Clone(a.Plan)
	slices.SortStableFunc(plan, func(x, y Planned) int { return x.On.Compare(y.On) })
	for _, p := range plan {
		if p.Amount <= 0 {
			return nil, ErrPlanSum
		}
		planned += p.Amount
		for p.Amount > 0 && len(open) > 0 {
			part := min(p.Amount, open[0].Amount)
			want[open[0].Booking] = addDue(want[open[0].Booking], Due{open[0].Kind, p.On, part})
			p.Amount -= part
			if open[0].Amount -= part; open[0].Amount == 0 {
				open = open[1:]
			}
		}
	}
	if planned != sum || sum == 0 {
		return nil, ErrPlanSum
	}
	return want, nil
}

// addDue adds a part, to one of the same kind and day where there is one.
func addDue(dues []Due, d Due) []Due {
	for i := range dues {
		if dues[i].Kind == d.Kind && dues[i].On == d.On {
			dues[i].Amount += d.Amount
			return dues
		}
	}
	return append(dues, d)
}

// bookingsOf are the bookings of rows, in their order.
func bookingsOf(rows []instalmentRow) (all []id.Booking) {
	for _, i := range rows {
		all = append(all, i.Booking)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func pickRows(rows []instalmentRow, booking id.Booking) (own []instalmentRow) {
	for _, i := range rows {
		if i.Booking == booking {
			own = append(own, i)
		}
	}
	return own
}
