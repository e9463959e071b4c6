package payments

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// SupplementWithinDays is the term for a part that is asked on top, where the caller names no day (edges.md 52, 79).
const SupplementWithinDays = 14

// ErrBelowZero is returned when a booking would cost less than nothing.
var ErrBelowZero error = fault.New(fault.Conflict, "payments.below_zero")

// Revision changes what a booking costs while it goes on, or what is owed after it ended. The caller holds the order's lock.
//
// Charges: every running charge of the kinds in Reverse is reversed, then the lines in Add are charged. A price correction
// reverses "price" and adds the new one; goodwill and discounts only add a negative line.
//
// Schedule: the whole of what the booking then costs. Nil leaves it to the rule: more is spread over the balance that
// was not invoiced yet, or is a supplement of its own, due on DueOn, where there is none or Apart asks for it; less is taken
// evenly from what is open and not invoiced, then from what is invoiced, then from what is paid, the last due first.
type Revision struct {
	Order       id.Order
	Booking     id.Booking
	Payer       Payer
	Description string // for the lines of the invoice and the credit note
	Items       []Item // what has a line of its own on an invoice that is written anew
	Reverse     []string
	Add         []Line
	Schedule    []Due
	DueOn       civil.Date // of a supplement; zero: in SupplementWithinDays
	Apart       bool       // more is a supplement of its own: a price rise, an extra
	Keep        bool       // money that is too much stays the order's credit, else it goes back
	Reason      string
	By          id.Staff // 0 when no member of staff did it
	Actor       string   // guardian:ID, staff:ID or system
}

// Revised tells what a revision did.
type Revised struct {
	Charged     money.Cents  // what the booking costs now
	Change      money.Cents  // more (positive) or less than before
	CreditNotes []id.Invoice // of parts that were invoiced and make way, one for each payer they were addressed to
	Invoice     id.Invoice   // of what is asked now; 0: nothing
	Refund      money.Cents  // on its way back
	Refunds     []id.Refund
	Credit      money.Cents // too much, and kept as the order's credit
	Open        money.Cents // still to pay of this booking
}

// Papers are the documents that a revision made: the credit notes first.
func (r Revised) Papers() []id.Invoice {
	papers := slices.Clone(r.CreditNotes)
	if r.Invoice != 0 {
		papers = append(papers, r.Invoice)
	}
	return papers
}

// ReviseTx reverses and adds charges and brings the rest in line: parts of the schedule that stay as they are keep their
// money and their invoice; the others are void, credited where they were invoiced, and planned anew; the booking's
// money pays what it costs now, and what is too much goes back or stays the order's credit.
// ErrBelowZero when it would cost less than nothing; an error when Schedule is not what it costs.
func (s *Service) ReviseTx(ctx context.Context, tx *sqlx.Tx, r Revision) (Revised, error) {
	notes := credits{order: r.Order, reason: r.Reason}
	v, err := s.reviseFirstTx(ctx, tx, r, &notes)
	if err != nil {
		return v.out, err
	}
	if v.out.CreditNotes, err = s.issueTx(ctx, tx, notes); err != nil {
		return v.out, err
	}
	if err := s.reviseThenTx(ctx, tx, &v); err != nil {
		return v.out, err
	}
	if _, _, err := s.AllocateTx(ctx, tx, r.Order); err != nil {
		return v.out, err
	}
	rows, err := s.rowsOf(ctx, tx, r.Order, r.Booking)
	for _, i := range rows {
		v.out.Open += i.Amount - i.Allocated
	}
	return v.out, err
}

// revising is a revision whose credit notes are not written yet.
type revising struct {
	Revision
	rows     []instalmentRow // before
	fresh    []Due
	released money.Cents // of the parts that are void
	out      Revised
}

// reviseFirstTx moves the charges, voids what changes of the schedule, and adds what that credits to notes.
func (s *Service) reviseFirstTx(ctx context.Context, tx *sqlx.Tx, r Revision, notes *credits) (v revising, err error) {
	now := s.Now()
	v.Revision = r
	before, err := chargedTo(ctx, tx, r.Booking)
	if err != nil {
		return v, err
	}
	if err := reverseKinds(ctx, tx, r.Booking, r.Reverse, now, r.Reason, r.By); err != nil {
		return v, err
	}
	if err := insertCharges(ctx, tx, r.Order, r.Booking, now, r.Add, r.Reason, r.By); err != nil {
		return v, err
	}
	if v.out.Charged, err = chargedTo(ctx, tx, r.Booking); err != nil {
		return v, err
	}
	if v.out.Change = v.out.Charged - before; v.out.Charged < 0 {
		return v, ErrBelowZero
	}
	if v.rows, err = s.rowsOf(ctx, tx, r.Order, r.Booking); err != nil {
		return v, err
	}
	want := r.target(v.rows, v.out.Change, civil.Of(now))
	if planned := sumDues(want); planned != v.out.Charged {
		return v, fmt.Errorf("payments: booking %d costs %v but %v is scheduled", r.Booking, v.out.Charged, planned)
	}
	var void []instalmentRow
	void, v.fresh = changes(v.rows, want)
	if v.released, err = s.voidTx(ctx, tx, r.Order, void); err != nil {
		return v, err
	}
	if v.released > 0 { // money that is free pays first what was let go
		if err := s.reopenPartsTx(ctx, tx, r.Order, v.rows, void, r.By); err != nil {
			return v, err
		}
	}
	return v, s.addPartsTx(ctx, tx, notes, r.Payer, voided{r.Booking, r.Description, void, aboutCredit(r.Add)})
}

// reviseThenTx plans anew what is void, with its invoice, and settles the money.
func (s *Service) reviseThenTx(ctx context.Context, tx *sqlx.Tx, v *revising) error {
	r := v.Revision
	planned, err := insertInstalments(ctx, tx, r.Order, r.Booking, s.Now(), v.fresh)
	if err != nil {
		return err
	}
	v.out.Invoice, err = s.askTx(ctx, tx, r.Order, r.Payer, asked(r.Booking, r.Description, r.Add, v.fresh, planned, v.rows), map[id.Booking][]Item{r.Booking: r.Items})
	if err != nil {
		return err
	}
	return s.settleTx(ctx, tx, r, v.released, &v.out)
}

// voidTx takes the money off parts that make way and voids them; it returns that money.
func (s *Service) voidTx(ctx context.Context, tx *sqlx.Tx, order id.Order, void []instalmentRow) (released money.Cents, err error) {
	var takenBack []share
	ids := make([]id.Instalment, len(void))
	for n, i := range void {
		ids[n] = i.ID
		released += i.Allocated
		if i.Allocated > 0 {
			takenBack = append(takenBack, share{Order: order, Instalment: i.ID, Booking: i.Booking, Amount: -i.Allocated})
		}
	}
	if err := s.allocate(ctx, tx, takenBack...); err != nil {
		return 0, err
	}
	never, err := s.recallTx(ctx, tx, order, ids, "")
	if err != nil {
		return 0, err
	}
	return released - never, voidParts(ctx, tx, ids, s.Now())
}

// asked are the lines of the fresh parts that are asked at once: all but a balance that was not asked before either.
func asked(booking id.Booking, description string, add []Line, fresh []Due, planned []id.Instalment, before []instalmentRow) (lines []askedLine) {
	balanceAsked := slices.ContainsFunc(before, func(i instalmentRow) bool { return i.Invoiced && i.Kind == "balance" })
	for n, d := range fresh {
		if d.Kind == "balance" && !balanceAsked {
			continue
		}
		lines = append(lines, askedLine{invoice.Line{Booking: booking, Instalment: planned[n], Kind: d.Kind, Description: description, About: aboutPart(d.Kind, add), Amount: d.Amount}, d.On})
	}
	return lines
}

// askedLine is a line of an invoice and the day on which it is due.
type askedLine struct {
	invoice.Line
	on civil.Date
}

// askTx invoices lines; 0 when there are none.
func (s *Service) askTx(ctx context.Context, tx *sqlx.Tx, order id.Order, payer Payer, all []askedLine, items map[id.Booking][]Item) (id.Invoice, error) {
	var lines []invoice.Line
	kind, due := "", civil.Date{}
	for _, l := range all {
		lines = append(lines, l.Line)
		if kind == "" {
			kind = l.Kind
		} else if kind != l.Kind {
			kind = "supplement"
		}
		if due.IsZero() || l.on.Before(due) {
			due = l.on
		}
	}
	if len(lines) == 0 {
		return 0, nil
	}
	return s.invoiceTx(ctx, tx, order, payer, kind, civil.Later(due, civil.Of(s.Now())), carve(lines, items))
}

// settleTx pays what the booking costs now with the money that became free, and sends on what is too much.
func (s *Service) settleTx(ctx context.Context, tx *sqlx.Tx, r Revision, released money.Cents, out *Revised) (err error) {
	surplus, err := s.payOwnTx(ctx, tx, r.Order, r.Booking, released)
	if err != nil {
		return err
	}
	if err := s.levelTx(ctx, tx, r.Order, r.Booking, r.Reason); err != nil {
		return err
	}
	if r.Keep {
		out.Credit = surplus
	} else {
		out.Refund = surplus
		c := Closing{Order: r.Order, Booking: r.Booking, Reason: r.Reason, By: r.By, Actor: r.Actor}
		if out.Refunds, err = s.refundTx(ctx, tx, c, surplus); err != nil {
			return err
		}
	}
	return nil
}

// payOwnTx pays a booking's own parts with money that is free, oldest due first, and returns what is left of it.
func (s *Service) payOwnTx(ctx context.Context, tx *sqlx.Tx, order id.Order, booking id.Booking, free money.Cents) (left money.Cents, err error) {
	if free == 0 {
		return 0, nil
	}
	rows, err := s.rowsOf(ctx, tx, order, booking)
	if err != nil {
		return 0, err
	}
	own := purse{order: order, credit: free, instalments: rows}
	shares, _ := own.pay()
	return own.credit, s.allocate(ctx, tx, shares...)
}

// rowsOf is the running schedule of one booking of an order.
func (s *Service) rowsOf(ctx context.Context, tx *sqlx.Tx, order id.Order, booking id.Booking) ([]instalmentRow, error) {
	rows, err := runningInstalments(ctx, tx, order)
	return pickRows(rows, booking), err
}
