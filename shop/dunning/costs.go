package dunning

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/queue"
	"joetz/terms/civil"
	law "joetz/terms/dunning"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrNoCosts is returned where nothing may be asked on top: the settings ask nothing, the family was not told or its days
// still run, something stops reminders, or it was asked before.
var ErrNoCosts error = fault.New(fault.Conflict, "booking.no_costs")

// Costs is what may be asked of late payers now; nothing, unless somebody said otherwise.
func (s *Service) Costs(ctx context.Context) (law.Costs, error) { return newestCosts(ctx, s.DB) }

// SetCosts changes what may be asked. A fault names the fields that go beyond the law. What letters announced before stays
// the most that is asked for it.
func (s *Service) SetCosts(ctx context.Context, who account.Identity, c law.Costs) error {
	if err := c.Check(); err != nil {
		return err
	}
	return insertCosts(ctx, s.DB, c, who.StaffID, s.Now())
}

// LateCosts is what may be asked of an order for what was due on a day.
type LateCosts struct {
	Order     id.Order    `db:"order_id"`
	Reference string      `db:"reference"`
	Payer     string      `db:"payer_name"`
	DueOn     civil.Date  `db:"due_on"`
	Open      money.Cents `db:"open_cents"`
	Placed    civil.Date  `db:"placed_on"`
	Until     civil.Date  `db:"until"`     // last day of the first reminder's term
	Announced money.Cents `db:"announced"` // by that reminder
	Costs     money.Cents `db:"-"`
}

// CostsToAsk lists whom costs may be asked of today, for a person to decide: the term of the free reminder that announced
// them is over, nothing stops reminders, and they were not asked before. Nothing is ever asked by itself.
func (s *Service) CostsToAsk(ctx context.Context) ([]LateCosts, error) {
	c, err := s.Costs(ctx)
	if err != nil || !c.On() {
		return nil, err
	}
	return s.costsToAsk(ctx, s.DB, c, 0, civil.Date{})
}

func (s *Service) costsToAsk(ctx context.Context, q sqlx.QueryerContext, c law.Costs, order id.Order, due civil.Date) ([]LateCosts, error) {
	missing, err := bankFileMissing(ctx, q, lastBankDay(s.today()))
	if err != nil || missing {
		return nil, err
	}
	rows, stops, err := lateAfterTerm(ctx, q, s.today(), order)
	if err != nil {
		return nil, err
	}
	var all []LateCosts
	for i, r := range rows {
		r.Costs = min(r.Announced, c.For(r.Placed, r.Open))
		if r.Costs > 0 && stops[i].stopped(false) == "" && (due.IsZero() || r.DueOn == due) {
			all = append(all, r)
		}
	}
	return all, nil
}

// AskCosts asks an order the costs that somebody saw: they are charged on the child whose part is late, invoiced, and told to
// the family. booking.ErrOutdated when it is another amount by now, ErrNoCosts when nothing may be asked.
func (s *Service) AskCosts(ctx context.Context, who account.Identity, order id.Order, due civil.Date, quoted money.Cents) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, order); err != nil {
			return err
		}
		c, err := newestCosts(ctx, tx)
		if err != nil {
			return err
		}
		found, err := s.costsToAsk(ctx, tx, c, order, due)
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return ErrNoCosts
		case found[0].Costs != quoted:
			return booking.ErrOutdated
		}
		return s.askCostsTx(ctx, tx, who, found[0])
	})
}

func (s *Service) askCostsTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, l LateCosts) error {
	o, err := s.Bookings.OrderTx(ctx, tx, l.Order)
	if err != nil {
		return err
	}
	late := slices.IndexFunc(o.Bookings, func(b booking.Booking) bool {
		return slices.ContainsFunc(b.Statement.Parts, func(p payments.Part) bool { return p.DueOn == l.DueOn && p.Open() > 0 })
	})
	if late < 0 {
		return ErrNoCosts
	}
	b := o.Bookings[late]
	schedule := make([]payments.Due, 0, len(b.Statement.Parts)+1)
	for _, p := range b.Statement.Parts {
		schedule = append(schedule, payments.Due{Kind: p.Kind, On: p.DueOn, Amount: p.Amount})
	}
	schedule = append(schedule, payments.Due{Kind: "fee", On: s.today().AddDays(payments.SupplementWithinDays), Amount: l.Costs})
	if err := insertLateCosts(ctx, tx, l, b.ID, who.StaffID, s.Now()); err != nil {
		return err
	}
	payer := o.Payer()
	if theirs, err := s.lateOfPayer(ctx, tx, o, l.DueOn); err != nil {
		return err
	} else if len(theirs) == 0 { // another payer who was not reminded of this is not asked its costs
		payer = o.Parent()
	}
	done, err := s.Bookings.Payments.ReviseTx(ctx, tx, payments.Revision{
		Order: l.Order, Booking: b.ID, Payer: payer, Description: b.InvoiceText(), Add: []payments.Line{{Kind: "late_costs", Amount: l.Costs}},
		Schedule: schedule, Reason: "late_costs", By: who.StaffID, Actor: who.Actor(),
	})
	if err != nil {
		return err
	}
	detail, err := json.Marshal(map[string]any{"amount": l.Costs, "until": l.DueOn})
	if err != nil {
		return err
	}
	if err := s.Bookings.EventTx(ctx, tx, booking.Event{Order: l.Order, Booking: b.ID, Kind: "late_costs", Detail: detail, Actor: who.Actor(), At: s.Now()}); err != nil {
		return err
	}
	return queue.InsertTx(ctx, tx, booking.InvoicedArgs{Order: l.Order, Invoice: done.Invoice})
}
