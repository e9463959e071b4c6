package payments

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// RefundWithinDays is the term for paying back after a cancellation (edges.md 69; art. 34 law on package travel).
const RefundWithinDays = 14

// Closing ends what a booking costs and says what remains owed instead.
type Closing struct {
	Order       id.Order
	Booking     id.Booking
	Payer       Payer
	Description string // for the invoice line of the fee
	Fee         money.Cents
	FeeKind     string      // of the charge: "" is cancellation_fee; rebooking_fee
	Premium     money.Cents // kept by the customer to claim on the insurance
	Costs       money.Cents // proven costs, and extras that are not paid back
	Items       []Item      // of the costs, what has an invoice line of its own
	Reason      string
	By          id.Staff // 0 when the customer did it
	Actor       string   // guardian:ID, staff:ID or system

	Also []Revision // of other bookings of the order, that end with it: they share its credit notes
}

// Closed tells what a closing did.
type Closed struct {
	Refund      money.Cents // on its way back
	Outstanding money.Cents // still to pay
	Refunds     []id.Refund
}

// CloseAllTx ends bookings of one order in one event. It reverses their charges and schedules, credits what was invoiced,
// charges what remains owed, keeps each booking's own money for that first, and promises the rest back; with them come the
// revisions of their Also, all on one credit note for each payer. The caller holds the order's lock.
func (s *Service) CloseAllTx(ctx context.Context, tx *sqlx.Tx, all ...Closing) ([]Closed, error) {
	notes := credits{order: all[0].Order, reason: all[0].Reason}
	paid := make([]money.Cents, len(all))
	var also []revising
	for n, c := range all {
		var asked []instalmentRow
		var err error
		if paid[n], asked, err = s.releaseTx(ctx, tx, c); err != nil {
			return nil, err
		}
		if err := s.creditTx(ctx, tx, c, asked, &notes); err != nil {
			return nil, err
		}
		for _, r := range c.Also {
			first, err := s.reviseFirstTx(ctx, tx, r, &notes)
			if err != nil {
				return nil, err
			}
			also = append(also, first)
		}
	}
	if _, err := s.issueTx(ctx, tx, notes); err != nil {
		return nil, err
	}
	closed := make([]Closed, len(all))
	for n, c := range all {
		var err error
		if closed[n], err = s.settleEndTx(ctx, tx, c, paid[n]); err != nil {
			return nil, err
		}
	}
	for n := range also { // money that is free for one must not pay another's: none is spread before all went back
		if err := s.reviseThenTx(ctx, tx, &also[n]); err != nil {
			return nil, err
		}
	}
	if len(also) == 0 {
		return closed, nil
	}
	_, _, err := s.AllocateTx(ctx, tx, all[0].Order)
	return closed, err
}

// settleEndTx charges what an ended booking still owes, and promises the rest of its money back.
func (s *Service) settleEndTx(ctx context.Context, tx *sqlx.Tx, c Closing, paid money.Cents) (closed Closed, err error) {
	owed := c.Fee + c.Premium + c.Costs
	if owed > 0 {
		if err := s.feeTx(ctx, tx, c, owed, min(paid, owed)); err != nil {
			return closed, err
		}
	}
	closed = Closed{Outstanding: max(0, owed-paid), Refund: max(0, paid-owed)}
	closed.Refunds, err = s.refundTx(ctx, tx, c, closed.Refund)
	return closed, err
}

// releaseTx takes the booking's money off its schedule and voids the schedule; it returns that money, and the parts that were
// invoiced.
func (s *Service) releaseTx(ctx context.Context, tx *sqlx.Tx, c Closing) (paid money.Cents, asked []instalmentRow, err error) {
	rows, err := runningInstalments(ctx, tx, c.Order)
	if err != nil {
		return 0, nil, err
	}
	var void []id.Instalment
	for _, i := range rows {
		if i.Booking != c.Booking {
			continue
		}
		void = append(void, i.ID)
		if i.Invoiced {
			asked = append(asked, i)
		}
		if i.Allocated == 0 {
			continue
		}
		if err := s.allocate(ctx, tx, share{Order: c.Order, Instalment: i.ID, Booking: i.Booking, Amount: -i.Allocated}); err != nil {
			return 0, nil, err
		}
		paid += i.Allocated
	}
	never, err := s.recallTx(ctx, tx, c.Order, void, c.Reason)
	if err != nil {
		return 0, nil, err
	}
	return paid - never, asked, voidInstalments(ctx, tx, c.Booking, s.Now())
}

// creditTx reverses the charges and credits what was invoiced of them (asked), to each payer what was addressed to them.
func (s *Service) creditTx(ctx context.Context, tx *sqlx.Tx, c Closing, asked []instalmentRow, all *credits) error {
	if err := reverseCharges(ctx, tx, c.Booking, s.Now(), c.Reason, c.By); err != nil {
		return err
	}
	balances, err := ledger.BookingBalances(ctx, tx, c.Booking)
	if err != nil {
		return err
	}
	from := []ledger.Account{ledger.AdvancesInvoiced, ledger.AdvancesReceived, ledger.HolidayRevenue, ledger.Insurer, ledger.FeeRevenue}
	var credited money.Cents
	for _, account := range from {
		credited -= balances[account]
	}
	if credited == 0 {
		return nil
	}
	notes, err := s.notesTx(ctx, tx, asked, credited, invoice.Payer(c.Payer))
	if err != nil {
		return err
	}
	for nth, n := range notes {
		note := all.of(n.payer)
		note.parts = append(note.parts, n.parts...)
		note.lines = append(note.lines, invoice.Line{Booking: c.Booking, Kind: "credit", Description: c.Description, Amount: -n.amount})
		left := n.amount
		for _, account := range from {
			part := -balances[account]
			if nth < len(notes)-1 { // the last one takes all that stands, also what stands the other way
				part = max(0, min(part, left))
			}
			note.entry.Move(account, ledger.Customers, part, c.Booking)
			balances[account] += part
			left -= part
		}
		if left != 0 {
			return fmt.Errorf("payments: credit note on booking %d: the books lack %v", c.Booking, left)
		}
	}
	return nil
}

// feeTx charges what remains owed after the end, invoices it, and pays it with the booking's own money as far as that goes.
func (s *Service) feeTx(ctx context.Context, tx *sqlx.Tx, c Closing, owed, keep money.Cents) error {
	now := s.Now()
	kind := cmp.Or(c.FeeKind, "cancellation_fee")
	charges := []Line{{kind, c.Fee}, {"premium", c.Premium}, {"costs", c.Costs}}
	if err := insertCharges(ctx, tx, c.Order, c.Booking, now, charges, c.Reason, c.By); err != nil {
		return err
	}
	due := civil.Of(now).AddDays(RefundWithinDays)
	ids, err := insertInstalments(ctx, tx, c.Order, c.Booking, now, []Due{{"fee", due, owed}})
	if err != nil {
		return err
	}
	lines := feeLines(invoice.Line{Booking: c.Booking, Instalment: ids[0], Kind: "fee", Description: c.Description, Amount: owed}, charges)
	if _, err := s.invoiceTx(ctx, tx, c.Order, c.Payer, "fee", due, carve(lines, map[id.Booking][]Item{c.Booking: c.Items})); err != nil {
		return err
	}
	if keep == 0 {
		return nil
	}
	return s.allocate(ctx, tx, share{Order: c.Order, Instalment: ids[0], Booking: c.Booking, Amount: keep})
}
