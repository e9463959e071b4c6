package booking

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/shop/evidence"
	"joetz/terms/civil"
	rules "joetz/terms/discount"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// PriceChange is what a decision about a proof changes of a price.
type PriceChange struct {
	From, To  money.Cents
	DueOn     civil.Date         // of what is asked on top; zero when the price does not rise
	Category  catalogue.Category // then
	Discounts []Granted          // then, worked out anew
}

// Change is what the booking costs more, or less.
func (p PriceChange) Change() money.Cents { return p.To - p.From }

// ViewProof opens a file for somebody of the office and writes down that they looked, once a day per file.
func (s *Service) ViewProof(ctx context.Context, who account.Identity, booking id.Booking, file int64) (f evidence.Clean, err error) {
	c, err := s.ProofByID(ctx, booking)
	if err != nil {
		return f, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if f, err = s.Evidence.Open(ctx, tx, booking, file); err != nil {
			return err
		}
		before, err := viewedBefore(ctx, tx, booking, who.Actor(), file, s.Now().Add(-24*time.Hour))
		if err != nil || before {
			return err
		}
		return s.note(ctx, tx, c, "proof_viewed", who.Actor(), map[string]any{"file": file})
	})
	return f, err
}

// AcceptProof finds a proof good. Where the base price was asked meanwhile, the claimed price comes back and the difference
// is credited: confirmed is that change, as it was shown. ErrOutdated when it is another; ErrProofDecided when accepted before.
func (s *Service) AcceptProof(ctx context.Context, who account.Identity, booking id.Booking, confirmed money.Cents) error {
	return s.decide(ctx, booking, func(tx *sqlx.Tx, c ProofCase) error {
		change, err := s.acceptChange(ctx, tx, c)
		if err != nil {
			return err
		}
		if change.Change() != confirmed {
			return ErrOutdated
		}
		if err := decideProof(ctx, tx, booking, who.StaffID, "", "", s.Now()); err != nil {
			return err
		}
		letter := ProofLetterArgs{Booking: booking, What: "accepted", From: change.From, To: change.To}
		if c.Proof.Corrected() {
			if err := s.repriceTx(ctx, tx, c, who, change, nil, &letter); err != nil {
				return err
			}
		}
		if err := s.setProofTx(ctx, tx, c, ProofAccepted, "proof_accepted", who.Actor(), map[string]any{"change": change.Change()}); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, letter)
	})
}

// AcceptChange is what accepting changes of the price: nothing, unless the base price is asked now. Then it is the best single
// price: the claimed one, or the base price where its discounts make that lower.
func (s *Service) AcceptChange(ctx context.Context, c ProofCase) (PriceChange, error) {
	return s.acceptChange(ctx, s.DB, c)
}

func (s *Service) acceptChange(ctx context.Context, q sqlx.QueryerContext, c ProofCase) (PriceChange, error) {
	if !c.Proof.Corrected() {
		return PriceChange{From: c.Booking.Price, To: c.Booking.Price, Category: c.Booking.Category}, nil
	}
	p, err := s.anew(ctx, q, c.Booking, categories(c.Proof.Category, c.Proof.Price+c.Proof.Discount, c.Booking.BasePrice))
	if err != nil || p.To <= p.From {
		return p, err
	}
	// A child that the organiser moved may keep a price or a discount that nobody gets today: a good proof never makes it dearer.
	p = PriceChange{From: c.Booking.Price, To: c.Booking.Price, Category: c.Booking.Category}
	own, err := s.Discounts.OfBooking(ctx, q, c.Booking.ID)
	for _, g := range own {
		p.Discounts = append(p.Discounts, Granted{g.Discount, g.Off})
	}
	return p, err
}

// anew works a booking's price out again as on the day when it was booked: with the discounts that ran then and fit, as far as
// they may still be used.
func (s *Service) anew(ctx context.Context, q sqlx.QueryerContext, b Booking, all []rules.Category) (p PriceChange, err error) {
	facts := discount.Facts{Holiday: b.Code, BookedOn: b.BookedOn, DepartsOn: b.DepartsOn}
	if facts.Rank, err = s.rankOf(ctx, q, b, false); err != nil {
		return p, err
	}
	if facts.Code, err = codeOf(ctx, q, b.Order); err != nil {
		return p, err
	}
	ran, err := s.Discounts.RanAt(ctx, q, b.PlacedAt)
	if err != nil {
		return p, err
	}
	own, err := s.Discounts.OfBooking(ctx, q, b.ID)
	if err != nil {
		return p, err
	}
	out, granted, _ := best(discount.Without(ran, own), facts, all...)
	return PriceChange{From: b.Price, To: out.Net, Category: catalogue.Category(out.Category), Discounts: granted}, nil
}

// RefuseProof finds a proof not good, for a reason of ProofReasons and in the office's own words. With again the family is
// asked once more and gets at least two weeks; without, it may still hand in another until the deadline, and after the
// deadline the office decides about the price.
func (s *Service) RefuseProof(ctx context.Context, who account.Identity, booking id.Booking, reason, words string, again bool) error {
	if !HasProofReason(reason) {
		return fault.Field("reason", "booking.proof_reason")
	}
	if reason == "other" && words == "" {
		return fault.Field("words", "booking.proof_words")
	}
	return s.decide(ctx, booking, func(tx *sqlx.Tx, c ProofCase) error {
		if err := decideProof(ctx, tx, booking, who.StaffID, reason, words, s.Now()); err != nil {
			return err
		}
		letter := ProofLetterArgs{Booking: booking, What: "refused", Reason: reason, Words: words}
		to, event := ProofRefused, "proof_refused"
		if again {
			letter.What, to, event = "again", ProofAwaited, "proof_asked"
			if err := extendProof(ctx, tx, booking, s.moreTime(c.Booking)); err != nil {
				return err
			}
		}
		if err := s.setProofTx(ctx, tx, c, to, event, who.Actor(), map[string]any{"reason": reason, "note": words}); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, letter)
	})
}

// MoreTime gives a family whose deadline passed at least two weeks more; its price stays.
func (s *Service) MoreTime(ctx context.Context, who account.Identity, booking id.Booking) error {
	return s.decide(ctx, booking, func(tx *sqlx.Tx, c ProofCase) error {
		if err := extendProof(ctx, tx, booking, s.moreTime(c.Booking)); err != nil {
			return err
		}
		if err := s.setProofTx(ctx, tx, c, ProofAwaited, "proof_asked", who.Actor(), nil); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, ProofLetterArgs{Booking: booking, What: "again"})
	})
}

func (s *Service) moreTime(b Booking) civil.Date {
	return s.proofUntil(s.today(), b.DepartsOn, civil.Date{})
}

// BasePriceChange is what asking the base price instead of the claimed one changes today, with the discounts that the base price
// gives a right to. ErrProofEarly before the deadline
// passed or while a proof waits for the office, ErrProofOver from the departure on (edges.md 37), ErrProofDecided when it is
// asked already.
func (s *Service) BasePriceChange(ctx context.Context, c ProofCase) (PriceChange, error) {
	return s.basePriceChange(ctx, s.DB, c)
}

func (s *Service) basePriceChange(ctx context.Context, q sqlx.QueryerContext, c ProofCase) (PriceChange, error) {
	b, today := c.Booking, s.today()
	switch {
	case !b.Active():
		return PriceChange{}, ErrEnded
	case b.Evidence == ProofAccepted || c.Proof.Corrected():
		return PriceChange{}, ErrProofDecided
	case !today.Before(b.DepartsOn):
		return PriceChange{}, ErrProofOver
	case b.Status != "placed" || !c.Proof.Until.Before(today) || b.Evidence != ProofRefused && b.Evidence != ProofLate:
		return PriceChange{}, ErrProofEarly
	}
	due := today.AddDays(s.proofs().Notice)
	if last := b.DepartsOn.AddDays(-1); due.After(last) {
		due = last
	}
	p, err := s.anew(ctx, q, b, categories(catalogue.Base, b.BasePrice, b.BasePrice))
	p.DueOn = due
	return p, err
}

// AskBasePrice asks the base price, since the proof did not come or was not good in time: a supplement of its own with its
// own day, told with the reason and the clause. confirmed is the rise as it was shown; ErrOutdated when it is another.
func (s *Service) AskBasePrice(ctx context.Context, who account.Identity, booking id.Booking, confirmed money.Cents) error {
	return s.decide(ctx, booking, func(tx *sqlx.Tx, c ProofCase) error {
		change, err := s.basePriceChange(ctx, tx, c)
		if err != nil {
			return err
		}
		if change.Change() != confirmed {
			return ErrOutdated
		}
		letter := ProofLetterArgs{Booking: booking, What: "base", From: change.From, To: change.To, Reason: c.Proof.Reason, Words: c.Proof.Words}
		now := s.Now()
		if err := s.repriceTx(ctx, tx, c, who, change, &now, &letter); err != nil {
			return err
		}
		detail := map[string]any{"from": change.From, "to": change.To, "due": change.DueOn}
		if err := s.note(ctx, tx, c, "price_base", who.Actor(), detail); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, letter)
	})
}

// repriceTx moves a booking's price and its discounts: their charges are reversed and the others charged.
func (s *Service) repriceTx(ctx context.Context, tx *sqlx.Tx, c ProofCase, who account.Identity, change PriceChange, corrected *time.Time, letter *ProofLetterArgs) error {
	var off money.Cents
	var uses []discount.Use
	for _, g := range change.Discounts {
		off += g.Off
		uses = append(uses, discount.Use{Discount: g.ID, Booking: c.Booking.ID, Amount: g.Off})
	}
	if err := s.Discounts.ReplaceTx(ctx, tx, c.Booking.ID, uses); errors.Is(err, discount.ErrUsedUp) {
		return ErrOutdated
	} else if err != nil {
		return err
	}
	if err := correctPrice(ctx, tx, c.Booking.ID, change, off, corrected); err != nil {
		return err
	}
	if c.Booking.Status != "placed" { // in review nothing is charged yet
		return nil
	}
	done, err := s.Payments.ReviseTx(ctx, tx, payments.Revision{
		Order: c.Order.ID, Booking: c.Booking.ID, Payer: c.Order.Payer(), Description: c.Booking.InvoiceText(),
		Reverse: []string{"price", "discount"}, Add: priceLines(change.To+off, off, 0, 0),
		DueOn: change.DueOn, Apart: true, Reason: "proof", By: who.StaffID, Actor: who.Actor(),
	})
	letter.Papers = append(letter.Papers, done.Papers()...)
	letter.Refund, letter.Open = done.Refund, done.Open
	return err
}

// decide runs a decision about a proof under the order's lock; what was accepted is decided for good.
func (s *Service) decide(ctx context.Context, booking id.Booking, f func(tx *sqlx.Tx, c ProofCase) error) error {
	c, err := s.ProofByID(ctx, booking)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		locked, err := s.lockProofTx(ctx, tx, c.Booking)
		switch {
		case err != nil:
			return err
		case !locked.Booking.Active():
			return ErrEnded
		case locked.Booking.Evidence == ProofAccepted:
			return ErrProofDecided
		}
		return f(tx, locked)
	})
}

func (s *Service) note(ctx context.Context, tx *sqlx.Tx, c ProofCase, kind, actor string, detail map[string]any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	return insertEvent(ctx, tx, Event{Order: c.Order.ID, Booking: c.Booking.ID, Kind: kind, Detail: text, Actor: actor, At: s.Now()})
}
