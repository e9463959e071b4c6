package booking

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	letters "joetz/templates/mail"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// What shop/decision does to one booking of a departure that the organiser changes. Its methods join the transaction of the
// decision, which writes down in the same one that this booking is done.

// ErrFree is returned where a family would pay for what it may do for free, on the page of the organiser's decision.
var ErrFree = fault.New(fault.Conflict, "booking.free")

// ErrOff is returned for a step on a departure that the organiser called off: its own page says what happens.
var ErrOff error = fault.New(fault.Conflict, "booking.off")

// Off reports whether the organiser called the departure off.
func (b Booking) Off() bool { return b.DepartureStatus == "cancelled" }

// AwaitsChoice reports whether the family still has to say what it wants in place of a departure that was called off: until
// then nothing is asked of the order.
func (o Order) AwaitsChoice() bool {
	return slices.ContainsFunc(o.Bookings, func(b Booking) bool { return b.Active() && b.Off() })
}

// ActiveOn lists the bookings of departures that go on, with where their money stands, in the order in which they were made.
func (s *Service) ActiveOn(ctx context.Context, q sqlx.QueryerContext, departures ...id.Departure) ([]Booking, error) {
	all, err := activeOn(ctx, q, departures)
	if err != nil {
		return nil, err
	}
	return all, s.addStatements(ctx, q, all)
}

// BookingsByID reads bookings with where their money stands; one that does not exist is left out.
func (s *Service) BookingsByID(ctx context.Context, q sqlx.QueryerContext, keys ...id.Booking) (map[id.Booking]Booking, error) {
	rows, err := bookingsByID(ctx, q, keys)
	if err != nil {
		return nil, err
	}
	if err := s.addStatements(ctx, q, rows); err != nil {
		return nil, err
	}
	all := make(map[id.Booking]Booking, len(rows))
	for _, b := range rows {
		all[b.ID] = b
	}
	return all, nil
}

// EndTx is Cancel in the caller's transaction, for what needs nobody's confirmation, of bookings of one order that end in one
// event: what was invoiced is on one credit note for each payer. ErrEnded when it was done before.
func (s *Service) EndTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, all ...Cancel) ([]CancelPreview, error) {
	previews := make([]CancelPreview, len(all))
	for n, in := range all {
		b, err := s.lockedTx(ctx, tx, in.Booking)
		if err != nil {
			return nil, err
		}
		if previews[n], err = s.previewCancel(ctx, tx, b, in); err != nil {
			return nil, err
		}
	}
	return previews, s.cancelTx(ctx, tx, who, previews...)
}

// Back is what goes back to the family in all.
func (p CancelPreview) Back() money.Cents { return p.Outcome.Refund + p.Fees }

// PreviewEnd is PreviewCancel of a booking that was read already.
func (s *Service) PreviewEnd(ctx context.Context, q sqlx.QueryerContext, b Booking, by terms.By) (CancelPreview, error) {
	return s.previewCancel(ctx, q, b, Cancel{Booking: b.ID, By: by})
}

// lockedTx reads a booking under its order's lock.
func (s *Service) lockedTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking) (Booking, error) {
	order, err := s.OrderOfTx(ctx, tx, booking)
	if err != nil {
		return Booking{}, err
	}
	return s.againTx(ctx, tx, Booking{ID: booking, Order: order})
}

// againTx reads a booking anew once its order is locked: b is as it was before, and only says which.
func (s *Service) againTx(ctx context.Context, tx *sqlx.Tx, b Booking) (Booking, error) {
	if err := payments.LockOrderTx(ctx, tx, b.Order); err != nil {
		return Booking{}, err
	}
	return s.bookingByID(ctx, tx, b.ID)
}

// feesBack is what was paid for the rebookings that led to a booking: of what the organiser ends, or a price rise, everything
// that was paid goes back (edges.md 54, 96).
func (s *Service) feesBack(ctx context.Context, q sqlx.QueryerContext, b Booking, by terms.By) (fees money.Cents, err error) {
	if by != terms.ByOrganiser && by != terms.ByPriceRise {
		return 0, nil
	}
	chain, err := s.rebookedFrom(ctx, q, b)
	for _, old := range chain {
		fees += old.Statement.Paid
	}
	return fees, err
}

// rebookedFrom lists the bookings before this one, the latest first.
func (s *Service) rebookedFrom(ctx context.Context, q sqlx.QueryerContext, b Booking) (chain []Booking, err error) {
	if b.RebookedFrom == 0 {
		return nil, nil
	}
	if chain, err = bookingsUpTo(ctx, q, b.RebookedFrom); err != nil {
		return nil, err
	}
	return chain, s.addStatements(ctx, q, chain)
}

// rebookingKinds are the charges that a rebooking leaves on the booking that it ended: its fee, extras that are not paid back, and
// what was given back of them.
var rebookingKinds = []string{"rebooking_fee", "costs", "goodwill"}

// feesReturned takes the fees of earlier rebookings back with the end of a booking: none where nothing was paid.
func (s *Service) feesReturned(ctx context.Context, tx *sqlx.Tx, who account.Identity, o Order, p CancelPreview) (all []payments.Revision, err error) {
	if p.Fees == 0 {
		return nil, nil
	}
	chain, err := s.rebookedFrom(ctx, tx, p.Booking)
	for _, old := range chain {
		if old.Statement.Charged == 0 {
			continue
		}
		all = append(all, payments.Revision{
			Order: o.ID, Booking: old.ID, Payer: o.Payer(), Description: old.InvoiceText(), Reverse: rebookingKinds,
			Reason: p.Cancel.By.String(), By: who.StaffID, Actor: who.Actor(),
		})
	}
	return all, err
}

// Move says where the organiser moves a child, at no fee.
type Move struct {
	Booking       id.Booking
	Departure     id.Departure
	BoardingPlace id.BoardingPlace // of the other departure; 0 where it has none
	Kept          id.Checkout      // the place is kept there (KeepTx); 0: a free one is taken
	AtMost        bool             // it costs never more than what was booked
	Note          string
	Quiet         bool // the caller writes to the family
}

// PreviewMove prices a move of the organiser and changes nothing; d is the departure that it goes to.
func (s *Service) PreviewMove(ctx context.Context, q sqlx.QueryerContext, b Booking, d catalogue.Departure, in Move) (RebookPreview, error) {
	p := RebookPreview{Booking: b, To: d, Paid: b.Statement.Paid, kept: in.Kept, quiet: in.Quiet}
	if err := s.mayMove(ctx, q, b, d, in.Kept != 0); err != nil {
		return p, err
	}
	var ok bool
	if p.Boarding, ok = d.BoardingPlaceByID(in.BoardingPlace); !ok && len(d.BoardingPlaces) > 0 {
		return p, ErrNoSuchStop
	}
	order, err := orderByID(ctx, q, b.Order)
	if err != nil {
		return p, err
	}
	t, err := s.termsOf(ctx, q, b.PolicyHash)
	if err != nil {
		return p, err
	}
	base, err := s.addAlong(ctx, q, &p, true, in.AtMost)
	if err != nil {
		return p, err
	}
	p.Outcome = terms.Rebooking{DaysBefore: s.today().DaysUntil(b.DepartsOn), PriceDifference: p.Price - b.Price}
	to, _ := terms.ParseTrip(d.Trip)
	p.quote = terms.QuoteFacts{
		Trip: to, BookedOn: s.today(), DepartsOn: d.StartsOn, BasePrice: base, Price: p.Price, Extras: p.Along.ExtrasThere(), Insurance: b.Insured, Instalments: order.Instalments,
	}
	p.plan(t.Quote(p.quote), s)
	return p, nil
}

// mayMove says why the organiser cannot move a child there; nil when it can.
func (s *Service) mayMove(ctx context.Context, q sqlx.QueryerContext, b Booking, d catalogue.Departure, kept bool) error {
	goes, err := participantGoes(ctx, q, b.Participant, d.ID)
	switch {
	case err != nil:
		return err
	case !b.Active():
		return ErrEnded
	case b.Status == "in_review":
		return ErrCareFirst
	case !s.today().Before(b.DepartsOn):
		return ErrDeparted
	case d.ID == b.Departure:
		return ErrSameDeparture
	case d.Status != "published" || !s.today().Before(d.StartsOn):
		return ErrNotOnSale
	case d.StartsOn.Year() != b.DepartsOn.Year():
		return ErrOtherSeason
	case !d.Admits(b.BornOn):
		return wrongAge("departure", b.FirstName, d)
	case goes:
		return ErrTwice
	case d.Free == 0 && !kept:
		return noPlaces(d, 1)
	}
	return nil
}

// MoveTx moves a child; the family's money, answers and fiche follow. confirmed is what the family read, nil when the
// organiser decided. ErrHoldExpired when the place is not kept any more, else a reason of PreviewMove.
func (s *Service) MoveTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, r medical.Reader, in Move, confirmed *RebookConfirmed) (fresh id.Booking, p RebookPreview, err error) {
	if p, err = s.previewMoveTx(ctx, tx, in); err != nil {
		return 0, p, err
	}
	if confirmed != nil && *confirmed != p.Confirms() {
		return 0, p, ErrOutdated
	}
	fresh, err = s.rebookTx(ctx, tx, who, r, p, in.Note)
	return fresh, p, asLimit(err)
}

// MoveAllTx moves children of one order as the organiser decided, on one credit note and one invoice. The new bookings and what was
// done come in the order of the moves. The errors are those of MoveTx.
func (s *Service) MoveAllTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, r medical.Reader, note string, moves ...Move) (fresh []id.Booking, done []RebookPreview, err error) {
	all := make([]rebooked, len(moves))
	for n, in := range moves {
		p, err := s.previewMoveTx(ctx, tx, in)
		if err != nil {
			return nil, nil, err
		}
		all[n].RebookPreview = p
		if all[n].fresh, err = s.reseatTx(ctx, tx, who, r, p); err != nil {
			return nil, nil, asLimit(err)
		}
		fresh, done = append(fresh, all[n].fresh), append(done, p)
	}
	return fresh, done, s.moveMoneyTx(ctx, tx, who, note, all...)
}

// previewMoveTx is PreviewMove of a booking whose order it locks.
func (s *Service) previewMoveTx(ctx context.Context, tx *sqlx.Tx, in Move) (p RebookPreview, err error) {
	b, err := s.lockedTx(ctx, tx, in.Booking)
	if err != nil {
		return p, err
	}
	d, err := s.Catalogue.DepartureByIDTx(ctx, tx, in.Departure)
	if err != nil {
		return p, err
	}
	return s.PreviewMove(ctx, tx, b, d, in)
}

// placeFor takes the place of a rebooking: the one that is kept for it, or a free one.
func placeFor(ctx context.Context, tx *sqlx.Tx, p RebookPreview, now time.Time) ([]int64, error) {
	if p.kept == 0 {
		return takePlaces(ctx, tx, p.To.ID, 1, heldByNobody, now.Add(HoldFor), now)
	}
	numbers, err := claimKept(ctx, tx, p.To.ID, p.kept, now)
	if err == nil && len(numbers) == 0 {
		return nil, ErrHoldExpired
	}
	return numbers, err
}

// KeepTx really holds a place on a departure for a child, until a moment; ok is false when there is none. Nobody has the
// basket's token: only MoveTx uses the place, and DropKeptTx or its time give it back.
func (s *Service) KeepTx(ctx context.Context, tx *sqlx.Tx, b Booking, departure id.Departure, place id.BoardingPlace, until time.Time) (checkout id.Checkout, ok bool, err error) {
	if _, err := lockLimits(ctx, tx, departure); err != nil {
		return 0, false, err
	}
	now := s.Now()
	if checkout, err = insertKept(ctx, tx, hashToken(newToken()), b, departure, place, now, until); err != nil {
		return 0, false, err
	}
	taken, err := takePlaces(ctx, tx, departure, 1, checkout, until, now)
	if err != nil {
		return 0, false, err
	}
	if len(taken) == 0 {
		return 0, false, expireCheckout(ctx, tx, checkout)
	}
	over, err := limitOver(ctx, tx, departure, checkout, now)
	if err != nil || over == nil {
		return checkout, err == nil, err
	}
	if _, err := releasePlaces(ctx, tx, checkout); err != nil {
		return 0, false, err
	}
	return 0, false, expireCheckout(ctx, tx, checkout)
}

// LockKeptTx locks baskets of KeepTx: before any order, by the lock order.
func (s *Service) LockKeptTx(ctx context.Context, tx *sqlx.Tx, checkouts ...id.Checkout) error {
	return lockKept(ctx, tx, checkouts)
}

// DropKeptTx gives kept places back.
func (s *Service) DropKeptTx(ctx context.Context, tx *sqlx.Tx, checkouts ...id.Checkout) error {
	var freed []id.Departure
	for _, c := range checkouts {
		from, err := releasePlaces(ctx, tx, c)
		if err != nil {
			return err
		}
		freed = append(freed, from...)
		if err := expireCheckout(ctx, tx, c); err != nil {
			return err
		}
	}
	slices.Sort(freed)
	return s.freedTx(ctx, tx, slices.Compact(freed)...)
}

// JudgeRise says what rises of a booking's price add up to, by the terms that it was booked with, and why.
func (s *Service) JudgeRise(ctx context.Context, q sqlx.QueryerContext, b Booking, rises []terms.Rise) (terms.PriceRise, []terms.Reason, error) {
	t, err := s.termsOf(ctx, q, b.PolicyHash)
	if err != nil {
		return terms.PriceRise{}, nil, err
	}
	facts := terms.PriceRiseFacts{PriceAtBooking: b.Price, DepartsOn: b.DepartsOn, Rises: rises}
	if b.LegalRegime == "package" {
		facts.Regime = terms.Package
	}
	return t.PriceRise(facts), t.ExplainPriceRise(facts), nil
}

// RiseLimits says until when a departure may get dearer for those who book it on today's terms, zero for no such day, and the
// share of the price above which they may leave for free.
func (s *Service) RiseLimits(d catalogue.Departure) (latest civil.Date, exit money.MilliPercent) {
	regime := terms.Regime(0)
	if d.LegalRegime == "package" {
		regime = terms.Package
	}
	latest, threshold := s.Terms.RiseLimits(regime, d.StartsOn)
	return latest, threshold.Percent()
}

// RaiseTx charges a rise of the price as a supplement of its own, due SupplementWithinDays after today. The price of the booking
// stays what it was when booked: fees are measured by it. ErrCareFirst while nothing is asked yet.
func (s *Service) RaiseTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking, amount money.Cents, detail []byte) (payments.Revised, error) {
	if b.Status == "in_review" {
		return payments.Revised{}, ErrCareFirst
	}
	if err := s.changeable(b); err != nil {
		return payments.Revised{}, err
	}
	o, err := orderByID(ctx, tx, b.Order)
	if err != nil {
		return payments.Revised{}, err
	}
	done, err := s.Payments.ReviseTx(ctx, tx, payments.Revision{
		Order: b.Order, Booking: b.ID, Payer: o.Payer(), Description: b.InvoiceText(), Add: []payments.Line{{Kind: "price_rise", Amount: amount}},
		DueOn: s.today().AddDays(payments.SupplementWithinDays), Apart: true, Reason: "price_rise", By: who.StaffID, Actor: who.Actor(),
	})
	if err != nil {
		return done, err
	}
	return done, insertEvent(ctx, tx, Event{Order: b.Order, Booking: b.ID, Kind: "price_rise", Detail: detail, Actor: who.Actor(), At: s.Now()})
}

// LockedTx reads a booking under its order's lock.
func (s *Service) LockedTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking) (Booking, error) {
	return s.lockedTx(ctx, tx, booking)
}

// Because puts reasons in words, one paragraph each, with the clause that each rests on.
func Because(lang string, all []terms.Reason) (paragraphs []string) {
	for _, r := range all {
		line := Reason(lang, r)
		text := line.Text
		if line.Clause != "" {
			text += " (" + line.Clause + ")"
		}
		paragraphs = append(paragraphs, text)
	}
	return paragraphs
}

// NoticeTx writes a short mail to who pays for an order.
func (s *Service) NoticeTx(ctx context.Context, tx *sqlx.Tx, order id.Order, in letters.Notice) error {
	o, err := orderByID(ctx, tx, order)
	if err != nil {
		return err
	}
	in.FirstName = o.PayerFirstName()
	m, err := s.Outbox.Notice(ctx, o.Addressee(), o.Lang, o.ID, in)
	if err != nil {
		return err
	}
	_, err = s.Outbox.EnqueueTx(ctx, tx, m)
	return err
}

// OrdersOfBookings reads the orders of bookings, without their bookings: who pays, and how to reach them.
func (s *Service) OrdersOfBookings(ctx context.Context, q sqlx.QueryerContext, of []Booking) (map[id.Order]Order, error) {
	keys := make([]id.Order, len(of))
	for i, b := range of {
		keys[i] = b.Order
	}
	rows, err := ordersByID(ctx, q, keys)
	if err != nil {
		return nil, err
	}
	all := make(map[id.Order]Order, len(rows))
	for _, o := range rows {
		all[o.ID] = o
	}
	return all, nil
}

// AloneTx reports whether nobody of a booking's order goes any more.
func (s *Service) AloneTx(ctx context.Context, tx *sqlx.Tx, b Booking) (bool, error) {
	rows, err := goingOfOrder(ctx, tx, b.Order)
	return len(rows) == 0, err
}
