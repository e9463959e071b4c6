package booking

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/catalogue"
	"joetz/shop/evidence"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
	"joetz/terms/social"
)

// The states of a booking's proof, in Booking.Evidence.
const (
	ProofNotNeeded = "not_needed"
	ProofAwaited   = "awaited"  // nothing handed in, or asked again
	ProofReceived  = "received" // handed in: the office looks
	ProofAccepted  = "accepted"
	ProofRefused   = "refused" // the family may hand in another
	ProofLate      = "late"    // the deadline passed with nothing handed in
)

// ProofReasons are why a proof is refused, as the office picks them.
var ProofReasons = []string{"unreadable", "other_person", "expired", "not_member", "no_contribution", "no_allowance", "incomplete", "other"}

// ProofSettings are the days of proofs.
type ProofSettings struct {
	BeforeInvoice int   // the deadline is so long before the balance is invoiced (edges.md 37)
	AtLeast       int   // and never sooner than so long after the booking
	Remind        []int // so long before the deadline, the longest first
	Notice        int   // what the base price adds is due so long after it was told
	Keep          int   // files are wiped so long after the decision, or after the departure
}

// DefaultProofs are the settings of the shop.
var DefaultProofs = ProofSettings{BeforeInvoice: 7, AtLeast: 14, Remind: []int{21, 7}, Notice: 14, Keep: 60}

// The reasons why a step with a proof is refused.
var (
	ErrProofDecided error = fault.New(fault.Conflict, "booking.proof_decided")
	ErrProofOver    error = fault.New(fault.Conflict, "booking.proof_over")
	ErrProofEarly   error = fault.New(fault.Conflict, "booking.proof_early")
)

// Proof is the claim of a member's price for one booking.
type Proof struct {
	Booking     id.Booking         `db:"booking_id"`
	Category    catalogue.Category `db:"category"`       // that was claimed
	Price       money.Cents        `db:"price_cents"`    // in that category, after discounts
	Discount    money.Cents        `db:"discount_cents"` // what they took off it
	Until       civil.Date         `db:"until"`
	Reminders   int                `db:"reminders"`
	ReceivedAt  *time.Time         `db:"received_at"`
	DecidedAt   *time.Time         `db:"decided_at"`
	Reason      string             `db:"reason"` // of ProofReasons, "" when not refused
	Words       string             `db:"words"`  // of the office
	LateAt      *time.Time         `db:"late_at"`
	CorrectedAt *time.Time         `db:"corrected_at"` // since when the base price is asked instead
	Code        string             `db:"code"`         // of the sticker, as the parent typed it

	Files []evidence.Entry `db:"-"`
}

// Corrected reports whether the base price is asked because the proof was not good, or not there.
func (p Proof) Corrected() bool { return p.CorrectedAt != nil }

// Sticker is what the terms say about the code that the parent typed; ok is false when there is none to read.
func (p Proof) Sticker() (result social.Result, because []terms.Reason, ok bool) {
	result, because, err := social.Brochure.Mutuality(p.Code)
	return result, because, p.Code != "" && err == nil
}

// ProofCase is a booking with its proof.
type ProofCase struct {
	Booking Booking
	Order   Order
	Proof   Proof
}

// Open reports whether the family can still hand something in.
func (c ProofCase) Open(today civil.Date) bool {
	return c.Booking.Active() && c.Booking.Evidence != ProofNotNeeded && c.Booking.Evidence != ProofAccepted && !today.After(c.Booking.DepartsOn)
}

// proofUntil is the last day for a proof: before the balance is asked, never sooner than AtLeast after the booking, and in
// any case before the departure.
func (s *Service) proofUntil(booked, departs civil.Date, firstBalance civil.Date) civil.Date {
	set := s.proofs()
	until := booked.AddDays(set.AtLeast)
	if !firstBalance.IsZero() {
		until = civil.Later(until, firstBalance.AddDays(-payments.BalanceAskedBefore-set.BeforeInvoice))
	}
	if last := civil.Later(departs.AddDays(-1), booked); until.After(last) {
		return last
	}
	return until
}

func (s *Service) proofs() ProofSettings {
	if s.Proofs.Keep == 0 {
		return DefaultProofs
	}
	return s.Proofs
}

// firstBalance is the day on which the first part after the deposit is due; zero when all is asked at once.
func firstBalance(schedule []terms.Due) civil.Date {
	for _, due := range schedule {
		if due.Kind != terms.KindDeposit && due.Kind != terms.KindFull {
			return due.Due
		}
	}
	return civil.Date{}
}

// claimTx writes down that a new booking claims a member's price.
func (s *Service) claimTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, o Offer) error {
	if o.Category == catalogue.Base {
		return nil
	}
	return insertProof(ctx, tx, Proof{
		Booking: booking, Category: o.Category, Price: o.Price, Discount: o.Off(), Until: s.proofUntil(o.Facts.BookedOn, o.Facts.DepartsOn, firstBalance(o.Quote.Schedule)),
	})
}

// ProofOf reads the proof of a booking for who pays for it: another's is ErrNoBooking, like a booking that needs none.
func (s *Service) ProofOf(ctx context.Context, guardian id.Guardian, booking id.Booking) (ProofCase, error) {
	c, err := s.ProofByID(ctx, booking)
	if err != nil {
		return c, err
	}
	o, err := s.FamilyOrder(ctx, guardian, c.Booking.Order)
	if err != nil {
		return ProofCase{}, err
	}
	for _, b := range o.Bookings { // a parent who does not pay sees no price, so no proof either
		if b.ID == booking && b.Evidence != ProofNotNeeded {
			return c, nil
		}
	}
	return ProofCase{}, ErrNoBooking
}

// ProofsOfOrder reads the claims of orders' bookings, without their files.
func (s *Service) ProofsOfOrder(ctx context.Context, orders ...Order) (map[id.Booking]Proof, error) {
	var all []id.Booking
	for _, o := range orders {
		all = append(all, o.bookingIDs()...)
	}
	return proofsOf(ctx, s.DB, all...)
}

// ProofByID reads the proof of a booking for the office. ErrNoBooking when it needs none.
func (s *Service) ProofByID(ctx context.Context, booking id.Booking) (c ProofCase, err error) {
	return s.proofCase(ctx, s.DB, booking)
}

func (s *Service) proofCase(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) (c ProofCase, err error) {
	if c.Booking, err = s.bookingByID(ctx, q, booking); err != nil {
		return c, err
	}
	if c.Booking.Evidence == ProofNotNeeded {
		return c, ErrNoBooking
	}
	if c.Order, err = orderByID(ctx, q, c.Booking.Order); err != nil {
		return c, err
	}
	known, err := proofsOf(ctx, q, booking)
	if err != nil {
		return c, err
	}
	p, ok := known[booking]
	if !ok {
		p = s.assumed(c.Booking)
	}
	files, err := s.Evidence.FilesOf(ctx, q, booking)
	p.Files = files[booking]
	c.Proof = p
	return c, err
}

// assumed is the claim of a booking that came to its member's price by another way than a basket: a rebooking.
func (s *Service) assumed(b Booking) Proof {
	first := civil.Date{}
	for _, part := range b.Statement.Parts {
		if part.Kind == "balance" && (first.IsZero() || part.DueOn.Before(first)) {
			first = part.DueOn
		}
	}
	return Proof{Booking: b.ID, Category: b.Category, Price: b.Price, Discount: b.Discount, Until: s.proofUntil(b.BookedOn, b.DepartsOn, first)}
}

// ProofsToCheck lists what was handed in and waits for the office, oldest first.
func (s *Service) ProofsToCheck(ctx context.Context) ([]ProofLine, error) {
	return proofLines(ctx, s.DB, linesToCheck)
}

// ProofsToPrice lists the bookings whose deadline passed without a good proof: the office decides whether they move to the
// base price or get more time. Those that left are not among them.
func (s *Service) ProofsToPrice(ctx context.Context) ([]ProofLine, error) {
	return proofLines(ctx, s.DB, linesToPrice, s.today())
}

// ProofLine is a proof in a list.
type ProofLine struct {
	Booking   id.Booking         `db:"booking_id"`
	Order     id.Order           `db:"order_id"`
	FirstName string             `db:"first_name"`
	LastName  string             `db:"last_name"`
	Title     string             `db:"title"`
	DepartsOn civil.Date         `db:"departs_on"`
	Category  catalogue.Category `db:"category"`
	Evidence  string             `db:"evidence"`
	Until     civil.Date         `db:"until"`
	Since     time.Time          `db:"since"`
	Files     int                `db:"files"`
}

// HandIn is what a family sends as proof.
type HandIn struct {
	Files [][]byte
	Code  string // on the mutuality's sticker; may be empty
}

// HandInProof keeps what a family hands in; from now on the office looks. The same file twice is kept once. Invalid faults
// name "files" or "code"; ErrNoBooking, ErrEnded, ErrProofDecided (accepted before) or ErrProofOver (the child left).
func (s *Service) HandInProof(ctx context.Context, guardian id.Guardian, booking id.Booking, in HandIn) error {
	c, err := s.ProofOf(ctx, guardian, booking)
	if err != nil {
		return err
	}
	if in.Code != "" {
		if _, _, err := social.Brochure.Mutuality(in.Code); err != nil {
			return fault.Field("code", "booking.proof_code")
		}
	}
	clean := make([]evidence.Clean, len(in.Files))
	for i, data := range in.Files { // before the transaction: it may take a second
		if clean[i], err = evidence.Check(data); err != nil {
			return err
		}
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if c, err = s.lockProofTx(ctx, tx, c.Booking); err != nil {
			return err
		}
		switch {
		case !c.Booking.Active():
			return ErrEnded
		case c.Booking.Evidence == ProofAccepted:
			return ErrProofDecided
		case !c.Open(s.today()):
			return ErrProofOver
		case len(clean)+len(c.Proof.Files) == 0:
			return fault.Field(evidence.Field, "booking.proof_none")
		}
		for _, f := range clean {
			if _, err := s.Evidence.AddTx(ctx, tx, booking, f, actorOf(guardian)); err != nil {
				return err
			}
		}
		if err := receiveProof(ctx, tx, booking, in.Code, c.Booking.Evidence == ProofReceived, s.Now()); err != nil {
			return err
		}
		return s.setProofTx(ctx, tx, c, ProofReceived, "proof_received", actorOf(guardian), map[string]any{"files": len(clean)})
	})
}

// WithdrawProofFile takes one file back before the office decided; with the last one the proof is awaited again.
func (s *Service) WithdrawProofFile(ctx context.Context, guardian id.Guardian, booking id.Booking, file int64) error {
	c, err := s.ProofOf(ctx, guardian, booking)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if c, err = s.lockProofTx(ctx, tx, c.Booking); err != nil {
			return err
		}
		if c.Booking.Evidence != ProofReceived {
			return ErrProofDecided
		}
		if err := s.Evidence.RemoveTx(ctx, tx, booking, file); err != nil {
			return err
		}
		if len(c.Proof.Files) > 1 {
			return insertEvent(ctx, tx, Event{Order: c.Order.ID, Booking: booking, Kind: "proof_withdrawn", Actor: actorOf(guardian), At: s.Now()})
		}
		back := ProofAwaited
		if c.Proof.LateAt != nil {
			back = ProofLate
		}
		return s.setProofTx(ctx, tx, c, back, "proof_withdrawn", actorOf(guardian), nil)
	})
}

// lockProofTx locks the order of a booking and reads booking and proof again; the row of the claim is there afterwards.
func (s *Service) lockProofTx(ctx context.Context, tx *sqlx.Tx, b Booking) (ProofCase, error) {
	if err := payments.LockOrderTx(ctx, tx, b.Order); err != nil {
		return ProofCase{}, err
	}
	c, err := s.proofCase(ctx, tx, b.ID)
	if err != nil {
		return c, err
	}
	return c, insertProof(ctx, tx, c.Proof)
}

// setProofTx moves a proof from the state that was read to the next, with a line of history.
func (s *Service) setProofTx(ctx context.Context, tx *sqlx.Tx, c ProofCase, to, event, actor string, detail map[string]any) error {
	if err := setEvidence(ctx, tx, c.Booking.ID, c.Booking.Evidence, to); err != nil {
		return err
	}
	if detail == nil {
		detail = map[string]any{}
	}
	detail["from"], detail["to"] = c.Booking.Evidence, to
	return s.note(ctx, tx, c, event, actor, detail)
}

// HasProofReason reports whether the office may refuse a proof for that reason.
func HasProofReason(reason string) bool { return slices.Contains(ProofReasons, reason) }
