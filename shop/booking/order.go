package booking

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"joetz/payments"
	"joetz/shop/catalogue"
	"joetz/shop/mail"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrNoBooking is returned when there is no such booking, or not for this reader.
var ErrNoBooking error = fault.New(fault.NotFound, "booking.no_booking")

// Order is one checkout of one parent.
type Order struct {
	ID              id.Order    `db:"id"`
	Reference       string      `db:"reference"`
	StructuredComm  string      `db:"structured_comm"` // 12 digits
	Guardian        id.Guardian `db:"guardian_id"`
	PlacedAt        time.Time   `db:"placed_at"`
	PayerName       string      `db:"payer_name"`
	PayerEmail      string      `db:"payer_email"`
	PayerStreet     string      `db:"payer_street"`
	PayerPostalCode string      `db:"payer_postal_code"`
	PayerCity       string      `db:"payer_city"`
	PayerCountry    string      `db:"payer_country"`
	PayerPhone      string      `db:"payer_phone"`
	Other           OrderPayer  `db:"other"` // who pays in the parent's place; the fields above are always the parent's
	Instalments     int         `db:"instalments"`
	PaymentMethod   string      `db:"payment_method"`
	PolicyHash      string      `db:"policy_hash"`
	TermsAcceptedAt time.Time   `db:"terms_accepted_at"`
	Lang            string      `db:"lang"`
	Bookings        []Booking   `db:"-"`
	Shared          bool        `db:"-"` // another's order, of which the reader sees the bookings of their own children only
}

// Addressee is the parent: everything about the holiday goes to them, whoever pays.
func (o Order) Addressee() mail.Address { return mail.Address{Name: o.PayerName, Email: o.PayerEmail} }

func (o Order) bookingIDs() []id.Booking {
	all := make([]id.Booking, len(o.Bookings))
	for i, b := range o.Bookings {
		all[i] = b.ID
	}
	return all
}

// PayerFirstName is how a letter greets the parent.
func (o Order) PayerFirstName() string {
	first, _, _ := strings.Cut(o.PayerName, " ")
	return first
}

// DueDay is what an order asks on one day, and what of it is still open.
type DueDay struct {
	On     civil.Date
	Kind   string // deposit, balance, full, fee or supplement; mixed when children differ
	Amount money.Cents
	Open   money.Cents
	Parts  []payments.Part // that it adds up
}

// Due adds up the schedules of an order's bookings, by day.
func (o Order) Due() []DueDay {
	var days []DueDay
	for _, b := range o.Bookings {
		for _, part := range b.Statement.Parts {
			i := slices.IndexFunc(days, func(d DueDay) bool { return d.On == part.DueOn })
			if i < 0 {
				days = append(days, DueDay{On: part.DueOn, Kind: part.Kind})
				i = len(days) - 1
			}
			d := &days[i]
			d.Amount, d.Open, d.Parts = d.Amount+part.Amount, d.Open+part.Open(), append(d.Parts, part)
			if d.Kind != part.Kind {
				d.Kind = "mixed"
			}
		}
	}
	slices.SortStableFunc(days, func(a, b DueDay) int { return a.On.Compare(b.On) })
	return days
}

// NextDue is the first day with something open; ok is false when nothing is asked.
func (o Order) NextDue() (day DueDay, ok bool) {
	for _, d := range o.Due() {
		if d.Open > 0 {
			return d, true
		}
	}
	return DueDay{}, false
}

// Booking is one participant on one departure, with every fact that it was priced with.
type Booking struct {
	ID            id.Booking         `db:"id"`
	Order         id.Order           `db:"order_id"`
	Participant   id.Participant     `db:"participant_id"`
	Departure     id.Departure       `db:"departure_id"`
	Status        string             `db:"status"` // placed, in_review or cancelled
	Category      catalogue.Category `db:"category"`
	Evidence      string             `db:"evidence"` // a state of proof.go
	BoardingPlace id.BoardingPlace   `db:"boarding_place_id"`
	PhotoConsent  string             `db:"photo_consent"`
	Insured       bool               `db:"insured"`
	PolicyHash    string             `db:"policy_hash"`
	Trip          string             `db:"trip"`
	LegalRegime   string             `db:"legal_regime"`
	BookedOn      civil.Date         `db:"booked_on"`
	DepartsOn     civil.Date         `db:"departs_on"`
	BasePrice     money.Cents        `db:"base_price_cents"`
	Price         money.Cents        `db:"price_cents"`    // that this participant pays, after discounts
	Discount      money.Cents        `db:"discount_cents"` // what they took off
	Extras        money.Cents        `db:"extras_cents"`
	Premium       money.Cents        `db:"premium_cents"`
	Deposit       money.Cents        `db:"deposit_cents"`
	PlacedAt      time.Time          `db:"placed_at"`
	CancelledAt   *time.Time         `db:"cancelled_at"`
	CancelledBy   string             `db:"cancelled_by"`
	RebookedFrom  id.Booking         `db:"rebooked_from"` // the booking that this one came in place of; 0 for none
	RebookedTo    id.Booking         `db:"rebooked_to"`   // the booking that came in place of this one; 0 for none
	PausedOn      civil.Date         `db:"paused_on"`     // in review again since that day, its due dates stand still; zero for none
	Covered       bool               `db:"covered"`       // the insurance ran on the booking before this one

	// What pages show of it, from the view booking_overview.
	FirstName    string     `db:"first_name"`
	LastName     string     `db:"last_name"`
	BornOn       civil.Date `db:"born_on"`
	Code         string     `db:"code"`
	Slug         string     `db:"slug"`
	Title        string     `db:"title"`
	Destination  string     `db:"destination"`
	EndsOn       civil.Date `db:"ends_on"`
	BoardingName string     `db:"boarding_name"`
	// DepartureStatus is published, or cancelled once the organiser called the departure off.
	DepartureStatus string `db:"departure_status"`

	Statement payments.Statement `db:"-"`
}

// Active reports whether the child still goes, or may.
func (b Booking) Active() bool { return b.Status == "placed" || b.Status == "in_review" }

// InvoiceText is the booking in one line, as invoices and letters name it.
func (b Booking) InvoiceText() string {
	return fmt.Sprintf("%s %s - %s (%s), %s - %s", b.FirstName, b.LastName, b.Title, b.Code, b.DepartsOn, b.EndsOn)
}

// depositPaid reports whether the insurance runs: the deposit came in, or it ran on the booking that this one replaces.
func (b Booking) depositPaid() bool {
	return b.Covered || b.Statement.Paid > 0 && b.Statement.Settled() >= b.Deposit
}

// cancelFacts are the facts that ending the booking on a day is priced with.
func (b Booking) cancelFacts(on civil.Date, in Cancel) terms.CancelFacts {
	trip, _ := terms.ParseTrip(b.Trip)
	asked := b.Deposit
	if b.Status == "in_review" && b.PausedOn.IsZero() { // nothing was asked yet: care is being discussed
		asked = 0
	}
	return terms.CancelFacts{
		Trip: trip, BookedOn: b.BookedOn, DepartsOn: b.DepartsOn, On: on, By: in.By, BasePrice: b.BasePrice, Price: b.Price,
		Insurance: b.Insured, DepositPaid: b.depositPaid(), Claim: in.Claim,
		Paid: b.Statement.Paid, Costs: in.Costs, Extras: b.Extras, Asked: &asked,
	}
}

// Event is a line of an order's history.
type Event struct {
	Order   id.Order   `db:"order_id"`
	Booking id.Booking `db:"booking_id"` // 0 for the whole order
	Kind    string     `db:"kind"`
	Detail  []byte     `db:"detail"` // JSON
	Actor   string     `db:"actor"`  // guardian:ID, staff:ID or system
	At      time.Time  `db:"at"`
}
