package proof

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/evidence"
	"joetz/shop/memberprice"
	"joetz/shop/queue"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Reasons are why a proof is refused, as the office picks them.
var Reasons = []string{"unreadable", "other_person", "expired", "not_member", "no_contribution", "no_allowance", "incomplete", "other"}

// notice is how many days after it was told the rise to the base price is due.
const notice = 14

// View opens a file for somebody of the office and writes down that they looked, once a day per file.
func (s *Service) View(ctx context.Context, who account.Identity, key id.Booking, file int64) (f evidence.Clean, err error) {
	c, err := s.ByID(ctx, key)
	if err != nil {
		return f, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if f, err = s.Bookings.Evidence.Open(ctx, tx, key, file); err != nil {
			return err
		}
		before, err := viewedBefore(ctx, tx, key, who.Actor(), file, s.Now().Add(-24*time.Hour))
		if err != nil || before {
			return err
		}
		return s.noteTx(ctx, tx, c, "proof_viewed", who.Actor(), map[string]any{"file": file})
	})
	return f, err
}

// Accept finds a proof good. Where the base price was asked meanwhile, the claimed price comes back and the difference
// is credited: confirmed is that change, as it was shown. booking.ErrOutdated when it is another; ErrDecided when accepted before;
// ErrChanged when the case is no longer the Case.Seen of whoever decides.
func (s *Service) Accept(ctx context.Context, who account.Identity, key id.Booking, seen string, confirmed money.Cents) error {
	return s.decide(ctx, key, &seen, func(tx *sqlx.Tx, c Case) error {
		change, err := s.acceptChange(ctx, tx, c)
		if err != nil {
			return err
		}
		if change.Change() != confirmed {
			return booking.ErrOutdated
		}
		if err := memberprice.DecideTx(ctx, tx, key, who.StaffID, "", "", s.Now()); err != nil {
			return err
		}
		letter := LetterArgs{Booking: key, What: "accepted", From: change.From, To: change.To}
		if c.Claim.Corrected() {
			if err := s.repriceTx(ctx, tx, who, c, change, nil, &letter); err != nil {
				return err
			}
		}
		if err := s.moveTx(ctx, tx, c, memberprice.Accepted, "proof_accepted", who.Actor(), map[string]any{"change": change.Change()}); err != nil {
			return err
		}
		return queue.InsertTx(ctx, tx, letter)
	})
}

// AcceptChange is what accepting changes of the price: nothing, unless the base price is asked now. Then it is the best single
// price: the claimed one, or the base price where its discounts make that lower.
func (s *Service) AcceptChange(ctx context.Context, c Case) (booking.PriceChange, error) {
	return s.acceptChange(ctx, s.DB, c)
}

func (s *Service) acceptChange(ctx context.Context, q sqlx.QueryerContext, c Case) (booking.PriceChange, error) {
	if !c.Claim.Corrected() {
		return booking.PriceChange{From: c.Booking.Price, To: c.Booking.Price, Category: c.Booking.Category}, nil
	}
	p, err := s.Bookings.PriceAnew(ctx, q, c.Booking, c.Claim.Category, c.Claim.Gross())
	if err != nil || p.To <= p.From {
		return p, err
	}
	// A child that the organiser moved may keep a price or a discount that nobody gets today: a good proof never makes it dearer.
	p = booking.PriceChange{From: c.Booking.Price, To: c.Booking.Price, Category: c.Booking.Category}
	own, err := s.Bookings.Discounts.OfBooking(ctx, q, c.Booking.ID)
	for _, g := range own {
		p.Discounts = append(p.Discounts, booking.Granted{Discount: g.Discount, Off: g.Off})
	}
	return p, err
}

// Refuse finds a proof not good, for a reason of Reasons and in the office's own words. With again the family is
// asked once more and gets at least two weeks; without, it may still hand in another until the deadline, and after the
// deadline the office decides about the price. seen is as in Accept: a button that is pressed twice sends one letter.
func (s *Service) Refuse(ctx context.Context, who account.Identity, key id.Booking, seen, reason, words string, again bool) error {
	if !slices.Contains(Reasons, reason) {
		return fault.Field("reason", "booking.proof_reason")
	}
	if reason == "other" && words == "" {
		return fault.Field("words", "booking.proof_words")
	}
	return s.decide(ctx, key, &seen, func(tx *sqlx.Tx, c Case) error {
		if err := memberprice.DecideTx(ctx, tx, key, who.StaffID, reason, words, s.Now()); err != nil {
			return err
		}
		letter := LetterArgs{Booking: key, What: "refused", Reason: reason, Words: words}
		to, event := memberprice.Refused, "proof_refused"
		if again {
			letter.What, to, event = "again", memberprice.Awaited, "proof_asked"
			if err := memberprice.ExtendTx(ctx, tx, key, s.moreTime(c.Booking)); err != nil {
				return err
			}
		}
		if err := s.moveTx(ctx, tx, c, to, event, who.Actor(), map[string]any{"reason": reason, "note": words}); err != nil {
			return err
		}
		return queue.InsertTx(ctx, tx, letter)
	})
}

// MoreTime gives a family whose deadline passed at least two weeks more; its price stays. seen is as in Accept.
func (s *Service) MoreTime(ctx context.Context, who account.Identity, key id.Booking, seen string) error {
	return s.decide(ctx, key, &seen, func(tx *sqlx.Tx, c Case) error {
		if err := memberprice.ExtendTx(ctx, tx, key, s.moreTime(c.Booking)); err != nil {
			return err
		}
		if err := s.moveTx(ctx, tx, c, memberprice.Awaited, "proof_asked", who.Actor(), nil); err != nil {
			return err
		}
		return queue.InsertTx(ctx, tx, LetterArgs{Booking: key, What: "again"})
	})
}

func (s *Service) moreTime(b booking.Booking) civil.Date {
	return memberprice.Until(s.today(), b.DepartsOn, civil.Date{})
}

// BasePriceChange is what asking the base price instead of the claimed one changes today, with the discounts that the base price
// gives a right to. ErrEarly before the deadline passed or while a proof waits for the office, ErrOver from the departure on
// (edges.md 37), ErrDecided when it is asked already.
func (s *Service) BasePriceChange(ctx context.Context, c Case) (booking.PriceChange, error) {
	return s.basePriceChange(ctx, s.DB, c)
}

func (s *Service) basePriceChange(ctx context.Context, q sqlx.QueryerContext, c Case) (booking.PriceChange, error) {
	b, today := c.Booking, s.today()
	switch {
	case !b.Active():
		return booking.PriceChange{}, booking.ErrEnded
	case b.Evidence == memberprice.Accepted || c.Claim.Corrected():
		return booking.PriceChange{}, ErrDecided
	case !today.Before(b.DepartsOn):
		return booking.PriceChange{}, ErrOver
	case b.Status != "placed" || !c.Claim.Until.Before(today) || b.Evidence != memberprice.Refused && b.Evidence != memberprice.Late:
		return booking.PriceChange{}, ErrEarly
	}
	due := today.AddDays(notice)
	if last := b.DepartsOn.AddDays(-1); due.After(last) {
		due = last
	}
	p, err := s.Bookings.PriceAnew(ctx, q, b, catalogue.Base, b.BasePrice)
	p.DueOn = due
	return p, err
}

// AskBasePrice asks the base price, since the proof did not come or was not good in time: a supplement of its own with its
// own day, told with the reason and the clause. confirmed is the rise as it was shown; booking.ErrOutdated when it is another.
func (s *Service) AskBasePrice(ctx context.Context, who account.Identity, key id.Booking, confirmed money.Cents) error {
	return s.decide(ctx, key, nil, func(tx *sqlx.Tx, c Case) error { // the amount, and the state that it needs, say what was seen
		change, err := s.basePriceChange(ctx, tx, c)
		if err != nil {
			return err
		}
		if change.Change() != confirmed {
			return booking.ErrOutdated
		}
		letter := LetterArgs{Booking: key, What: "base", From: change.From, To: change.To, Reason: c.Claim.Reason, Words: c.Claim.Words}
		now := s.Now()
		if err := s.repriceTx(ctx, tx, who, c, change, &now, &letter); err != nil {
			return err
		}
		detail := map[string]any{"from": change.From, "to": change.To, "due": change.DueOn}
		if err := s.noteTx(ctx, tx, c, "price_base", who.Actor(), detail); err != nil {
			return err
		}
		return queue.InsertTx(ctx, tx, letter)
	})
}

// repriceTx moves the booking to the other price, and its letter tells of the documents and the money that follow. corrected is
// since when the base price is asked; nil: the claimed one again.
func (s *Service) repriceTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, c Case, to booking.PriceChange, corrected *time.Time, letter *LetterArgs) error {
	done, err := s.Bookings.RepriceTx(ctx, tx, who, c.Order, c.Booking, to)
	if err != nil {
		return err
	}
	letter.Papers = append(letter.Papers, done.Papers()...)
	letter.Refund, letter.Open = done.Refund, done.Open
	return memberprice.CorrectTx(ctx, tx, c.Booking.ID, corrected)
}

// decide runs a decision about a proof under the order's lock; what was accepted is decided for good. seen, where there is one, is
// compared under that lock.
func (s *Service) decide(ctx context.Context, key id.Booking, seen *string, f func(tx *sqlx.Tx, c Case) error) error {
	c, err := s.ByID(ctx, key)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		locked, err := s.lockTx(ctx, tx, c.Order.ID, key)
		switch {
		case err != nil:
			return err
		case !locked.Booking.Active():
			return booking.ErrEnded
		case locked.Booking.Evidence == memberprice.Accepted:
			return ErrDecided
		case seen != nil && locked.Seen() != *seen:
			return ErrChanged
		}
		return f(tx, locked)
	})
}
