package family

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// KeepYears is how many years after the year of the invoice its papers are kept (tax law, from assessment year 2023).
const KeepYears = 10

// ErrStillBooked says that a family still goes on a holiday or still owes, or is owed, money: that ends first.
var ErrStillBooked = fault.New(fault.Conflict, "family.erase.still_booked")

// ErasePlan is what being forgotten does for a guardian, before it is done.
type ErasePlan struct {
	Guardian account.Guardian
	Wiped    []account.Child // their medical answers go
	Forgot   []account.Child // their names go too: no booking rests on them
	Staying  []account.Child // another adult acts for them: only this guardian's tie goes
	Orders   []booking.Order // kept with their invoices
	Keep     civil.Date      // until when; zero when there is nothing to keep
	Blocked  bool            // ErrStillBooked
}

// PlanErase tells what forgetting a guardian would do.
func (s *Service) PlanErase(ctx context.Context, guardian id.Guardian) (p ErasePlan, err error) {
	v := View{Today: civil.Of(s.Now())}
	if p.Guardian, err = s.Accounts.GuardianByID(ctx, guardian); err != nil {
		return p, err
	}
	children, err := s.Accounts.ChildrenOf(ctx, guardian)
	if err != nil {
		return p, err
	}
	if v.Orders, err = s.Bookings.FamilyOrders(ctx, guardian); err != nil {
		return p, err
	}
	booked := map[id.Participant]bool{}
	for _, o := range v.Orders {
		for _, b := range o.Bookings {
			booked[b.Participant] = true
			if !o.Shared {
				p.Blocked = p.Blocked || b.Active() && !b.EndsOn.Before(v.Today) || b.Statement.Open() != money.Cents(0)
			}
		}
		if !o.Shared {
			p.Orders = append(p.Orders, o)
			until := civil.Must(civil.Of(o.PlacedAt).Year()+KeepYears+1, 12, 31)
			p.Keep = civil.Later(p.Keep, until)
		}
	}
	ties, err := s.Accounts.TiesOf(ctx, guardian)
	if err != nil {
		return p, err
	}
	for _, c := range children {
		switch {
		case len(ties[c.ID]) > 1:
			p.Staying = append(p.Staying, c)
		case booked[c.ID]:
			p.Wiped = append(p.Wiped, c)
		default:
			p.Wiped, p.Forgot = append(p.Wiped, c), append(p.Forgot, c)
		}
	}
	return p, nil
}

// KeepMailYears is how long the words of a mail are kept: long enough for a question about last season.
const KeepMailYears = 2

// ForgetArgs asks a job to forget what need not be kept any more.
type ForgetArgs struct{}

// Kind names the job.
func (ForgetArgs) Kind() string { return "family.forget" }

// ForgetOld forgets who paid once the years of the law are over, the words of old mails, and those of mails that were written
// to a family while it was forgotten, or since. Safe twice.
func (s *Service) ForgetOld(ctx context.Context) error {
	now := s.Now()
	if _, err := s.Bookings.ForgetPayers(ctx, civil.Must(civil.Of(now).Year()-KeepYears-1, 1, 1)); err != nil {
		return err
	}
	if _, err := s.Outbox.ForgetLate(ctx, s.DB); err != nil {
		return err
	}
	_, err := s.Outbox.ForgetOld(ctx, s.DB, now.AddDate(-KeepMailYears, 0, 0))
	return err
}

// forgetTx forgets what stands about a family elsewhere: refusals, notes, mails, addresses that mail came back from.
func (s *Service) forgetTx(ctx context.Context, tx *sqlx.Tx, p ErasePlan) error {
	children := make([]id.Participant, len(p.Wiped))
	for i, c := range p.Wiped {
		children[i] = c.ID
	}
	orders := make([]id.Order, len(p.Orders))
	for i, o := range p.Orders {
		orders[i] = o.ID
	}
	if err := s.Bookings.ForgetTx(ctx, tx, p.Guardian.ID, children, orders); err != nil {
		return err
	}
	if err := s.Dossier.ForgetTx(ctx, tx, p.Guardian.ID, orders); err != nil {
		return err
	}
	return s.Outbox.ForgetTx(ctx, tx, p.Guardian.Email, orders)
}

// Closer ends the request to be forgotten in the same transaction, mails that it is done, and empties what was written.
type Closer func(ctx context.Context, tx *sqlx.Tx, p ErasePlan) error

// Erase forgets a guardian: medical answers first (that may be done twice), then in one transaction who they are. What law
// keeps stays as the plan says. ErrStillBooked.
func (s *Service) Erase(ctx context.Context, by account.Identity, guardian id.Guardian, done Closer) (held int, err error) {
	p, err := s.PlanErase(ctx, guardian)
	if err != nil {
		return 0, err
	}
	if p.Blocked {
		return 0, ErrStillBooked
	}
	for _, c := range p.Wiped {
		kept, err := s.Medical.Erase(ctx, c.ID)
		if err != nil {
			return 0, err
		}
		held += len(kept)
	}
	return held, pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := done(ctx, tx, p); err != nil { // first: it still knows where to write to
			return err
		}
		if err := s.forgetTx(ctx, tx, p); err != nil {
			return err
		}
		for _, c := range p.Forgot {
			if err := s.Accounts.ForgetChildTx(ctx, tx, c.ID); err != nil {
				return err
			}
		}
		return s.Accounts.ForgetGuardianTx(ctx, tx, guardian, by)
	})
}
