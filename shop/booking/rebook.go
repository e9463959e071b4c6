package booking

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/memberprice"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Rebook says where a child goes instead.
type Rebook struct {
	Booking       id.Booking
	Departure     id.Departure
	BoardingPlace id.BoardingPlace // of the other departure; 0 where it has none
	Note          string

	care bool // staff and parent chose it together instead of a holiday that does not fit: it costs nothing
}

// RebookPreview is what going elsewhere costs and why. The new booking rests on the terms of the old one: those are the terms
// that the parent agreed to, and a fee never changes because new terms came out.
type RebookPreview struct {
	Booking  Booking
	To       catalogue.Departure
	Boarding catalogue.BoardingPlace
	Facts    terms.RebookFacts
	Outcome  terms.Rebooking
	Because  []terms.Reason
	Category catalogue.Category // on the new holiday: the same, or base where it has none (edges.md 122) or where base with discounts is less
	Price    money.Cents        // there, after discounts
	Along    Along
	Premium  money.Cents
	Deposit  money.Cents
	Schedule []payments.Due // of the new booking
	Paid     money.Cents    // on the old one
	FeeOpen  money.Cents    // of what the old one costs, what is not paid with that
	Followed money.Cents    // what pays for the new booking
	Refund   money.Cents    // what goes back
	DueSoon  money.Cents    // to pay within two weeks: fee, deposit, or all of what is near
	exit     civil.Date     // the last day on which the family leaves the old one for free, so that going elsewhere is free too; zero: it costs
	kept     id.Checkout    // where the place is kept for it; 0: a free one is taken
	quiet    bool           // the caller writes to the family
	quote    terms.QuoteFacts
	claim    memberprice.Claim // of a member's price, that goes along beside the base price; CorrectedAt nil: none
}

// Total is what the new booking costs.
func (p RebookPreview) Total() money.Cents {
	return p.Price + p.Premium + p.Along.ExtrasThere() - p.Along.Goodwill
}

// Leaves is what the old booking costs: the fee, and extras that are not paid back.
func (p RebookPreview) Leaves() money.Cents { return p.Outcome.Fee + p.Along.Kept }

// RebookConfirmed is what somebody read on the screen when they confirmed.
type RebookConfirmed struct {
	Fee, Total, Refund, DueSoon money.Cents
	Kept                        money.Cents // of extras that are not paid back
}

// Confirms is what somebody who saw this preview confirms.
func (p RebookPreview) Confirms() RebookConfirmed {
	return RebookConfirmed{p.Outcome.Fee, p.Total(), p.Refund, p.DueSoon, p.Along.Kept}
}

// PreviewRebook prices going elsewhere and changes nothing. BoardingPlace may still be 0.
func (s *Service) PreviewRebook(ctx context.Context, who account.Identity, in Rebook) (RebookPreview, error) {
	b, err := s.maySpend(ctx, who, in.Booking)
	if err != nil {
		return RebookPreview{}, err
	}
	return s.previewRebook(ctx, s.DB, who, b, in)
}

func (s *Service) previewRebook(ctx context.Context, q sqlx.QueryerContext, who account.Identity, b Booking, in Rebook) (RebookPreview, error) {
	d, err := s.Catalogue.DepartureByIDTx(ctx, q, in.Departure)
	if err != nil {
		return RebookPreview{}, err
	}
	p := RebookPreview{Booking: b, To: d, Paid: b.Statement.Paid}
	if err := s.mayRebook(ctx, q, who, b, d, in.care); err != nil {
		return p, err
	}
	p.Boarding, _ = d.BoardingPlaceByID(in.BoardingPlace)
	t, err := s.termsOf(ctx, q, b.PolicyHash)
	if err != nil {
		return p, err
	}
	order, err := orderByID(ctx, q, b.Order)
	if err != nil {
		return p, err
	}
	if p.exit, err = s.freeUntil(ctx, q, b); err != nil {
		return p, err
	}
	base, err := s.addAlong(ctx, q, &p, in.care, false)
	if err != nil {
		return p, err
	}
	from, _ := terms.ParseTrip(b.Trip)
	to, _ := terms.ParseTrip(d.Trip)
	asked := b.Deposit
	p.Facts = terms.RebookFacts{
		Trip: from, BookedOn: b.BookedOn, DepartsOn: b.DepartsOn, On: s.today(), Price: b.Price,
		New: terms.NewHoliday{Trip: to, DepartsOn: d.StartsOn, Price: p.Price}, Asked: &asked,
	}
	if err := t.CheckRebook(p.Facts); err != nil {
		return p, err
	}
	p.Outcome, p.Because = t.Rebook(p.Facts), t.ExplainRebook(p.Facts)
	if in.care { // the terms ask what ending the other booking asks when the care cannot be given
		end := b.cancelFacts(s.today(), Cancel{By: terms.ByCareRefused})
		p.Outcome.Refused, p.Outcome.Fee, p.Because = false, t.Cancel(end).Fee, t.ExplainCancel(end)
		p.Because = p.Because[:min(1, len(p.Because))] // what becomes of the money is said of the new holiday
	}
	if !in.care && !p.exit.IsZero() && !p.Outcome.Refused && len(p.Because) > 0 { // else it would cost more than leaving and booking anew
		p.Outcome.Fee = 0
		p.Because[0] = terms.FreeToGo(p.Because[0].Clause, p.exit)
	}
	if p.Outcome.Refused {
		return p, ErrTooLate
	}
	if who.StaffID == 0 { // who may do it by themselves need not read that the organiser has to agree: it does
		p.Because = slices.DeleteFunc(p.Because, func(r terms.Reason) bool { return r.Key == "rebook.approval" })
	}
	p.quote = terms.QuoteFacts{
		Trip: to, BookedOn: s.today(), DepartsOn: d.StartsOn, BasePrice: base, Price: p.Price, Extras: p.Along.ExtrasThere(), Insurance: b.Insured, Instalments: order.Instalments,
	}
	p.plan(t.Quote(p.quote), s)
	return p, nil
}

// dearToLeave reports whether cancelling costs more than the deposit by now, and more than rebooking: then a rebooking is
// a way round the fee, and the office looks at it first (edges.md 77). Before that the organiser always agrees.
func (s *Service) dearToLeave(t terms.Terms, b Booking) bool {
	out := t.Cancel(b.cancelFacts(s.today(), Cancel{By: terms.ByCustomer}))
	trip, _ := terms.ParseTrip(b.Trip)
	return trip != terms.Flight && out.Band != terms.BandNone && out.Band != terms.BandDeposit
}

// plan makes the new booking's schedule and follows the money through it.
func (p *RebookPreview) plan(q terms.Quote, s *Service) {
	p.Premium, p.Deposit = q.Premium, q.Deposit
	for _, due := range q.Schedule {
		p.Schedule = append(p.Schedule, payments.Due{Kind: due.Kind.String(), On: due.Due, Amount: due.Amount})
	}
	if p.Booking.Insured && !q.InsuranceAvailable { // too near to take insurance anew: the old cover runs on (edges.md 87)
		p.Premium = p.Booking.Premium
		if n := len(p.Schedule); n > 0 {
			p.Schedule[n-1].Amount += p.Premium
		}
	}
	p.Along.Goodwill = lessGoodwill(p.Schedule, p.Along.Goodwill)
	p.FeeOpen = max(0, p.Leaves()-p.Paid)
	left := p.Paid - (p.Leaves() - p.FeeOpen)
	p.Followed = min(left, p.Total())
	p.Refund = left - p.Followed
	soon := s.today().AddDays(payments.SupplementWithinDays)
	p.DueSoon = p.FeeOpen
	dues := slices.Clone(p.Schedule)
	slices.SortStableFunc(dues, func(a, b payments.Due) int { return a.On.Compare(b.On) })
	rest := p.Followed
	for _, d := range dues {
		paid := min(rest, d.Amount)
		rest -= paid
		if !d.On.After(soon) {
			p.DueSoon += d.Amount - paid
		}
	}
}

// rebookable says why a booking cannot go anywhere else; nil when it can.
func (s *Service) rebookable(ctx context.Context, q sqlx.QueryerContext, who account.Identity, b Booking) error {
	if err := s.changeable(b); err != nil {
		return err
	}
	if b.Status == "in_review" {
		return ErrCareFirst
	}
	if who.StaffID != 0 {
		return nil
	}
	discussed, err := s.Medical.CareDiscussed(ctx, q, b.Participant, b.Departure)
	if err != nil {
		return err
	}
	if discussed { // what was agreed was for the other holiday: the office looks first
		return ErrAskOffice
	}
	if until, err := s.freeUntil(ctx, q, b); err != nil || !until.IsZero() {
		return err // who may leave for free goes round no fee
	}
	t, err := s.termsOf(ctx, q, b.PolicyHash)
	if err != nil {
		return err
	}
	if approval := t.Policy().Decisions.RebookingNeedsApproval; approval != nil && approval.Choice && s.dearToLeave(t, b) {
		return ErrAskOffice
	}
	return nil
}

// mayRebook says in clear words why a child cannot go there; nil when it can.
func (s *Service) mayRebook(ctx context.Context, q sqlx.QueryerContext, who account.Identity, b Booking, d catalogue.Departure, care bool) error {
	err := s.changeable(b)
	if !care {
		if err = s.rebookable(ctx, q, who, b); err == nil {
			err = s.BarredTx(ctx, q, who, b.child(), d.ID, "")
		}
	}
	if err != nil {
		return err
	}
	goes, err := participantGoes(ctx, q, b.Participant, d.ID)
	switch {
	case err != nil:
		return err
	case d.ID == b.Departure:
		return ErrSameDeparture
	case !d.Bookable(s.Now()):
		return ErrNotOnSale
	case d.StartsOn.Year() != b.DepartsOn.Year():
		return ErrOtherSeason
	case !d.Admits(b.BornOn):
		return wrongAge("departure", b.FirstName, d)
	case goes:
		return ErrTwice
	case d.Free == 0:
		return noPlaces(d, 1)
	}
	return nil
}

func wrongAge(field, name string, d catalogue.Departure) error {
	return fault.Field(field, "booking.wrong_age", name, strconv.Itoa(d.BirthYearFrom), strconv.Itoa(d.BirthYearTo))
}

// Rebook lets a child go elsewhere: the new place is taken before the old one is free, its answers and its money follow, in
// one transaction. It returns the new booking. ErrOutdated when the amounts are no longer those that were confirmed;
// else one of the reasons of PreviewRebook.
func (s *Service) Rebook(ctx context.Context, who account.Identity, r medical.Reader, in Rebook, confirmed RebookConfirmed) (fresh id.Booking, err error) {
	if _, err := s.maySpend(ctx, who, in.Booking); err != nil {
		return 0, err
	}
	err = s.changeTx(ctx, who, in.Booking, func(tx *sqlx.Tx, b Booking) error {
		fresh, err = s.rebookConfirmedTx(ctx, tx, who, r, b, in, confirmed)
		return err
	})
	return fresh, s.Tried(ctx, who.GuardianID, err)
}

// rebookConfirmedTx rebooks when what that means is still what was confirmed; else ErrOutdated.
func (s *Service) rebookConfirmedTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, r medical.Reader, b Booking, in Rebook, confirmed RebookConfirmed) (fresh id.Booking, err error) {
	p, err := s.previewRebook(ctx, tx, who, b, in)
	switch {
	case err != nil:
		return 0, err
	case p.Boarding.ID == 0 && len(p.To.BoardingPlaces) > 0:
		return 0, ErrNoSuchStop
	case p.Confirms() != confirmed:
		return 0, ErrOutdated
	}
	return s.rebookTx(ctx, tx, who, r, p, in.Note)
}

func (s *Service) rebookTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, r medical.Reader, p RebookPreview, note string) (fresh id.Booking, err error) {
	if fresh, err = s.reseatTx(ctx, tx, who, r, p); err != nil {
		return 0, err
	}
	return fresh, s.moveMoneyTx(ctx, tx, who, note, rebooked{p, fresh})
}

// rebooked is a booking that was ended and goes on as another one.
type rebooked struct {
	RebookPreview
	fresh id.Booking
}

// reseatTx gives a child its other place, with answers and extras; the money is still where it was.
func (s *Service) reseatTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, r medical.Reader, p RebookPreview) (fresh id.Booking, err error) {
	b, now := p.Booking, s.Now()
	if _, err := lockLimits(ctx, tx, p.To.ID); err != nil {
		return 0, err
	}
	if b.Departure < p.To.ID { // places are locked in order of departure
		if err := lockPlace(ctx, tx, b.ID); err != nil {
			return 0, err
		}
	}
	numbers, err := placeFor(ctx, tx, p, now)
	if err != nil {
		return 0, err
	}
	if len(numbers) == 0 {
		return 0, ErrSoldOut
	}
	if err := endBooking(ctx, tx, b.ID, "rebooked", now); err != nil {
		return 0, err
	}
	if fresh, err = insertRebooked(ctx, tx, p, now); err != nil {
		return 0, err
	}
	if err := s.reclaimTx(ctx, tx, fresh, p); err != nil {
		return 0, err
	}
	if err := seatBooking(ctx, tx, p.To.ID, numbers[0], fresh); err != nil {
		return 0, err
	}
	if err := s.bookingLimitsTx(ctx, tx, fresh); err != nil {
		return 0, limitAt("departure", err)
	}
	if err := freePlace(ctx, tx, b.ID); err != nil {
		return 0, err
	}
	if err := s.freedTx(ctx, tx, b.Departure); err != nil {
		return 0, err
	}
	if err := s.alongTx(ctx, tx, who.Actor(), p, fresh); err != nil {
		return 0, err
	}
	return fresh, s.Medical.MoveTx(ctx, tx, r, b.Participant, b.Departure, p.To.ID)
}

// moveMoneyTx lets the money of bookings of one order follow, and tells history and parent.
func (s *Service) moveMoneyTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, note string, all ...rebooked) error {
	order, err := orderByID(ctx, tx, all[0].Booking.Order)
	if err != nil {
		return err
	}
	moves := make([]payments.Moving, len(all))
	for n, p := range all {
		if moves[n], err = s.moving(ctx, tx, who, order, p, note); err != nil {
			return err
		}
	}
	moved, err := s.Payments.MoveAllTx(ctx, tx, moves...)
	if err != nil {
		return err
	}
	for n, p := range all {
		if moved[n].Refund != p.Refund || moved[n].Followed != p.Followed {
			return ErrOutdated
		}
		if err := s.tellRebookedTx(ctx, tx, who, p, note); err != nil {
			return err
		}
	}
	return nil
}

// moving says what a rebooking does with the money.
func (s *Service) moving(ctx context.Context, tx *sqlx.Tx, who account.Identity, order Order, p rebooked, note string) (payments.Moving, error) {
	b := p.Booking
	next, err := s.bookingByID(ctx, tx, p.fresh)
	if err != nil {
		return payments.Moving{}, err
	}
	return payments.Moving{
		Closing: payments.Closing{
			Order: b.Order, Booking: b.ID, Payer: order.Payer(), Description: b.InvoiceText(), Fee: p.Outcome.Fee, FeeKind: "rebooking_fee",
			Costs: p.Along.Kept, Items: keptItems(b.name(), p.Along.kept),
			Reason: note, By: who.StaffID, Actor: who.Actor(),
		},
		To: payments.Opening{
			Booking: p.fresh, Description: next.InvoiceText(), Schedule: p.Schedule,
			Lines: append(priceLines(p.Along.Gross, p.Along.Off(), p.Along.ExtrasThere(), p.Premium), payments.Line{Kind: "goodwill", Amount: -p.Along.Goodwill}),
			Items: extraItems(b.name(), p.Along.picked()),
		},
	}, nil
}

// tellRebookedTx writes a rebooking into the history, and asks for the mail unless the caller writes to the family.
func (s *Service) tellRebookedTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, p rebooked, note string) error {
	b := p.Booking
	detail, err := json.Marshal(map[string]any{
		"from": b.Title, "from_on": b.DepartsOn, "to": p.To.Title, "to_on": p.To.StartsOn, "booking": p.fresh,
		"fee": p.Outcome.Fee, "difference": p.Outcome.PriceDifference, "refund": p.Refund, "note": note, "because": p.Because,
	})
	if err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, Event{Order: b.Order, Booking: b.ID, Kind: "rebooked", Detail: detail, Actor: who.Actor(), At: s.Now()}); err != nil {
		return err
	}
	if p.quiet {
		return nil
	}
	return s.enqueue(ctx, tx, RebookedArgs{Booking: p.fresh, Fee: p.Outcome.Fee, Kept: p.Along.Kept, Total: p.Total(), Paid: p.Paid, Refund: p.Refund, DueSoon: p.DueSoon})
}

// RebookedArgs asks a job to write to the parent of a child that goes elsewhere.
type RebookedArgs struct {
	Booking id.Booking  `json:"booking"` // the new one
	Fee     money.Cents `json:"fee"`
	Kept    money.Cents `json:"kept,omitempty"`  // of extras that are not paid back
	Total   money.Cents `json:"total,omitempty"` // of the new one
	Paid    money.Cents `json:"paid"`            // on the old one
	Refund  money.Cents `json:"refund"`
	DueSoon money.Cents `json:"due_soon"`
}

// Kind names the job.
func (RebookedArgs) Kind() string { return "booking.rebooked" }
