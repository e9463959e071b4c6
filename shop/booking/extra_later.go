package booking

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/extra"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrExtraKept is returned when a family would take off an extra of which nothing is paid back any more.
var ErrExtraKept error = fault.New(fault.Conflict, "extra.kept_whole")

// HeldExtra is an extra that a booking has, and what taking it off today would give back.
type HeldExtra struct {
	extra.Picked
	Back    money.Cents
	Blocked error // why it cannot be taken off; nil where it can
}

// ExtrasView is what a booking has on top and can still get.
type ExtrasView struct {
	Has   []HeldExtra
	Can   []extra.Extra // also those that are gone: shown, so that nobody wonders
	DueOn civil.Date    // of an extra that is added now; zero while nothing is asked yet
}

// ExtrasFor lists what a booking has on top and what it can still get. A guardian who does not pay is told ErrNoBooking.
func (s *Service) ExtrasFor(ctx context.Context, who account.Identity, booking id.Booking) (v ExtrasView, err error) {
	b, err := s.maySpend(ctx, who, booking)
	if err != nil {
		return v, err
	}
	if err := s.changeable(b); err != nil {
		return v, err
	}
	has, err := s.Extras.OfBookings(ctx, s.DB, b.ID)
	if err != nil {
		return v, err
	}
	owned := map[int64]bool{}
	for _, p := range has[b.ID] {
		held, err := s.held(ctx, s.DB, who, b, p)
		if err != nil {
			return v, err
		}
		v.Has, owned[p.Extra] = append(v.Has, held), true
	}
	all, err := s.Extras.OfDeparture(ctx, b.Departure)
	for _, e := range all {
		if !owned[e.ID] {
			v.Can = append(v.Can, e)
		}
	}
	if b.Status == "placed" {
		v.DueOn = s.extraDue(b)
	}
	return v, err
}

// OffersExtras reports whether a booking has extras or can get some, for who pays for it.
func (s *Service) OffersExtras(ctx context.Context, who account.Identity, b Booking) (bool, error) {
	if _, err := s.maySpend(ctx, who, b.ID); err != nil {
		if errors.Is(err, ErrNoBooking) {
			return false, nil
		}
		return false, err
	}
	all, err := s.Extras.AllOfDeparture(ctx, b.Departure)
	return len(all) > 0, err
}

// extraDue is when an extra is to be paid that is added now: as every supplement, and before the child leaves.
func (s *Service) extraDue(b Booking) civil.Date {
	due := s.today().AddDays(payments.SupplementWithinDays)
	if last := b.DepartsOn.AddDays(-1); due.After(last) {
		return last
	}
	return due
}

func (s *Service) held(ctx context.Context, q sqlx.QueryerContext, who account.Identity, b Booking, p extra.Picked) (HeldExtra, error) {
	t, err := s.termsOf(ctx, q, b.PolicyHash)
	if err != nil {
		return HeldExtra{}, err
	}
	h := HeldExtra{Picked: p, Back: p.Price}
	if b.Status == "placed" { // while care is being discussed nothing is asked, so nothing is kept
		h.Back -= p.Keeps(s.today(), b.DepartsOn, marginal(t, b, s.today()))
	}
	if who.StaffID == 0 && h.Back == 0 && p.Price > 0 {
		h.Blocked = ErrExtraKept
	}
	return h, nil
}

// ExtraArgs asks a job to write to the parent of a booking whose extras changed.
type ExtraArgs struct {
	Booking id.Booking   `json:"booking"`
	Extra   int64        `json:"extra"`
	Choice  string       `json:"choice"`
	Added   bool         `json:"added"`
	Amount  money.Cents  `json:"amount"` // what it costs, or what taking it off gives back
	DueOn   civil.Date   `json:"due_on"`
	Refund  money.Cents  `json:"refund"` // of it, what is on its way back
	Papers  []id.Invoice `json:"papers"`
}

// Kind names the job.
func (ExtraArgs) Kind() string { return "booking.extra" }

// AddExtra gives a booking an extra, at the price that was shown: an invoice of its own, due in two weeks and before the
// departure; while care is being discussed it is asked with the rest. ErrOutdated when it costs something else now; Invalid
// on its field when it is gone; ErrHas of extra; ErrNoBooking, ErrEnded or ErrDeparted.
func (s *Service) AddExtra(ctx context.Context, who account.Identity, booking id.Booking, pick extra.Pick, confirmed money.Cents) error {
	if _, err := s.maySpend(ctx, who, booking); err != nil {
		return err
	}
	return s.changeTx(ctx, who, booking, func(tx *sqlx.Tx, b Booking) error {
		if err := s.changeable(b); err != nil {
			return err
		}
		p, err := s.Extras.AddTx(ctx, tx, b.ID, b.Departure, pick, b.Status == "placed", who.Actor())
		if err != nil {
			return err
		}
		if p.Price != confirmed {
			return ErrOutdated
		}
		if err := addExtras(ctx, tx, b.ID, p.Price); err != nil {
			return err
		}
		letter := ExtraArgs{Booking: b.ID, Extra: p.Extra, Choice: p.Choice, Added: true, Amount: p.Price, DueOn: s.extraDue(b)}
		if b.Status == "placed" && p.Price > 0 {
			done, err := s.reviseExtraTx(ctx, tx, who, b, p, p.Price, nil)
			if err != nil {
				return err
			}
			letter.Papers = done.Papers()
		}
		return s.extraChangedTx(ctx, tx, who, b, letter, p, "")
	})
}

// RemoveExtra takes an extra off a booking: what its own rule gives back today comes off what the booking costs, and what is
// then paid too much goes back. A family does it while something is given back; the office always. ErrOutdated when another
// amount was shown; ErrExtraKept; ErrHasNot of extra; ErrNoBooking, ErrEnded or ErrDeparted.
func (s *Service) RemoveExtra(ctx context.Context, who account.Identity, booking id.Booking, key int64, confirmed money.Cents, note string) error {
	if _, err := s.maySpend(ctx, who, booking); err != nil {
		return err
	}
	return s.changeTx(ctx, who, booking, func(tx *sqlx.Tx, b Booking) error {
		if err := s.changeable(b); err != nil {
			return err
		}
		has, err := s.Extras.OfBookings(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		for _, p := range has[b.ID] {
			if p.Extra != key {
				continue
			}
			held, err := s.held(ctx, tx, who, b, p)
			switch {
			case err != nil:
				return err
			case held.Blocked != nil:
				return held.Blocked
			case held.Back != confirmed:
				return ErrOutdated
			}
			return s.removeExtraTx(ctx, tx, who, b, held, note)
		}
		return extra.ErrHasNot
	})
}

func (s *Service) removeExtraTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking, h HeldExtra, note string) error {
	if err := s.Extras.RemoveTx(ctx, tx, b.ID, h.Extra, h.Price-h.Back, who.Actor()); err != nil {
		return err
	}
	if err := addExtras(ctx, tx, b.ID, -h.Price); err != nil {
		return err
	}
	letter := ExtraArgs{Booking: b.ID, Extra: h.Extra, Choice: h.Choice, Amount: h.Back}
	if b.Status == "placed" && h.Back > 0 {
		done, err := s.reviseExtraTx(ctx, tx, who, b, h.Picked, -h.Back, withoutSupplement(b, h))
		if err != nil {
			return err
		}
		letter.Refund, letter.Papers = done.Refund, done.Papers()
	}
	return s.extraChangedTx(ctx, tx, who, b, letter, h.Picked, note)
}

// withoutSupplement is the schedule without the invoice of an extra that has one of its own, so that this one is credited
// and no other part; nil leaves it to the rule of payments.
func withoutSupplement(b Booking, h HeldExtra) []payments.Due {
	if !h.Apart {
		return nil
	}
	var dues []payments.Due
	found := false
	for n := len(b.Statement.Parts) - 1; n >= 0; n-- { // the last one asked first
		part := b.Statement.Parts[n]
		if amount := part.Amount; !found && part.Kind == "supplement" && amount == h.Price {
			found, part.Amount = true, amount-h.Back
		}
		dues = append([]payments.Due{{Kind: part.Kind, On: part.DueOn, Amount: part.Amount}}, dues...)
	}
	if !found {
		return nil
	}
	return dues
}

func (s *Service) reviseExtraTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking, p extra.Picked, change money.Cents, schedule []payments.Due) (payments.Revised, error) {
	order, err := orderByID(ctx, tx, b.Order)
	if err != nil {
		return payments.Revised{}, err
	}
	r := payments.Revision{
		Order: b.Order, Booking: b.ID, Payer: order.Payer(), Description: b.name() + ": " + p.Name("nl"), Add: []payments.Line{{Kind: "extra", Amount: change}},
		Schedule: schedule, DueOn: s.extraDue(b), Apart: true, Reason: "extra", By: who.StaffID, Actor: who.Actor(),
	}
	if change < 0 && schedule == nil { // the holiday's own invoice is written anew: with what remains on it
		has, err := s.Extras.OfBookings(ctx, tx, b.ID)
		if err != nil {
			return payments.Revised{}, err
		}
		r.Description, r.Items = b.InvoiceText(), extraItems(b.name(), has[b.ID])
	}
	return s.Payments.ReviseTx(ctx, tx, r)
}

func (s *Service) extraChangedTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking, letter ExtraArgs, p extra.Picked, note string) error {
	kind := "extra_removed"
	if letter.Added {
		kind = "extra_added"
	}
	detail, err := json.Marshal(map[string]any{"to": p.Name("nl"), "granted": letter.Amount, "refund": letter.Refund, "note": note})
	if err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, Event{Order: b.Order, Booking: b.ID, Kind: kind, Detail: detail, Actor: who.Actor(), At: s.Now()}); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, letter)
}
