package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/terms/id"
)

// BalanceArgs asks a job to invoice the balances whose time has come.
type BalanceArgs struct{}

// Kind names the job.
func (BalanceArgs) Kind() string { return "booking.balance" }

// balanceBatch is how many orders one look finds.
const balanceBatch = 200

// InvoiceBalances invoices the balances whose time has come, each order in a transaction of its own, and reports how many.
// It may run twice: what was invoiced is not found again.
func (s *Service) InvoiceBalances(ctx context.Context) (total int, err error) {
	for {
		any := false // an order of which everything stands still is found again each time
		orders, err := s.Payments.OrdersToInvoice(ctx, s.DB, balanceBatch)
		if err != nil {
			return total, err
		}
		for _, o := range orders {
			done, err := s.invoiceBalance(ctx, o)
			if err != nil {
				return total, err
			}
			if done {
				total, any = total+1, true
			}
		}
		if len(orders) < balanceBatch || !any {
			return total, nil
		}
	}
}

func (s *Service) invoiceBalance(ctx context.Context, order id.Order) (done bool, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, order); err != nil { // before it is read: whether something is asked is decided once
			return err
		}
		o, err := orderByID(ctx, tx, order)
		if err != nil {
			return err
		}
		rows, err := bookings(ctx, tx, `WHERE order_id = $1`, order)
		if err != nil {
			return err
		}
		text := make(map[id.Booking]string, len(rows))
		for _, b := range rows {
			if b.Status != "in_review" && !b.Off() { // nothing is asked while care is discussed, or while the family chooses what it wants instead
				text[b.ID] = b.InvoiceText()
			}
		}
		items, err := s.itemsOf(ctx, tx, rows)
		if err != nil {
			return err
		}
		inv, err := s.Payments.InvoiceBalanceTx(ctx, tx, order, o.Payer(), text, items)
		if err != nil || inv == 0 {
			return err
		}
		done = true
		if err := s.enqueue(ctx, tx, InvoicedArgs{Order: order, Invoice: inv}); err != nil {
			return err
		}
		return insertEvent(ctx, tx, Event{Order: order, Kind: "balance_invoiced", Actor: "system", At: s.Now()})
	})
	return done, err
}

// itemsOf are the invoice lines of the extras that bookings have had from the start.
func (s *Service) itemsOf(ctx context.Context, tx *sqlx.Tx, rows []Booking) (map[id.Booking][]payments.Item, error) {
	keys := make([]id.Booking, len(rows))
	for i, b := range rows {
		keys[i] = b.ID
	}
	has, err := s.Extras.OfBookings(ctx, tx, keys...)
	items := map[id.Booking][]payments.Item{}
	for _, b := range rows {
		items[b.ID] = extraItems(b.name(), has[b.ID])
	}
	return items, err
}
