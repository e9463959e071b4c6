package booking

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/mail"
	letters "joetz/templates/mail"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Why a payer is refused: of another family; not complete; typed but not chosen.
var (
	ErrNoPayer    error = fault.New(fault.NotFound, "booking.no_payer")
	ErrPayer            = fault.New(fault.Invalid, "form.invalid")
	ErrPayerWhich error = fault.Field("payer.who", "booking.payer_which")
)

// Payer is somebody else who pays an order: a grandparent, an employer, the OCMW. The zero value is the parent.
type Payer struct {
	ID         id.Payer    `db:"id" json:"id"`
	Guardian   id.Guardian `db:"guardian_id" json:"guardian_id"`
	Name       string      `db:"name" json:"name"`
	Email      string      `db:"email" json:"email"`
	Street     string      `db:"street" json:"street"`
	PostalCode string      `db:"postal_code" json:"postal_code"`
	City       string      `db:"city" json:"city"`
	Country    string      `db:"country" json:"country"`
	Enterprise string      `db:"enterprise" json:"enterprise"` // ten digits, or ""
	Reference  string      `db:"reference" json:"reference"`   // what they want to see on the invoice
}

// OrderPayer is the payer of an order, read with it as one column.
type OrderPayer struct{ Payer }

// Scan reads a payer that a query gives as JSON; NULL is nobody else.
func (p *OrderPayer) Scan(from any) error {
	switch v := from.(type) {
	case nil:
		*p = OrderPayer{}
		return nil
	case []byte:
		return json.Unmarshal(v, &p.Payer)
	}
	return fmt.Errorf("booking: a payer is no %T", from)
}

// Lines are name and address, a line each.
func (p Payer) Lines() []string {
	lines := []string{p.Name, p.Street, p.PostalCode + " " + p.City}
	if p.Country != "BE" {
		lines = append(lines, p.Country)
	}
	return lines
}

// check mends what people type and refuses what no invoice could go to; the fields are those of PayerChoice on a form.
func (p *Payer) check() error {
	for _, s := range []*string{&p.Name, &p.Email, &p.Street, &p.PostalCode, &p.City, &p.Country, &p.Reference} {
		*s = strings.Join(strings.Fields(*s), " ")
	}
	wrong := *ErrPayer
	wrong.Fields = map[string]string{}
	for field, value := range map[string]string{"name": p.Name, "email": p.Email, "street": p.Street, "postal_code": p.PostalCode, "city": p.City, "country": p.Country} {
		if value == "" {
			wrong.Fields["payer."+field] = "form.required"
		}
	}
	if p.Email != "" && !(mail.Address{Email: p.Email}).Valid() {
		wrong.Fields["payer.email"] = "form.mail"
	}
	digits, ok := enterpriseNumber(p.Enterprise)
	if !ok {
		wrong.Fields["payer.enterprise"] = "booking.payer_enterprise"
	}
	if len(wrong.Fields) > 0 {
		return &wrong
	}
	p.Enterprise = digits
	return nil
}

// enterpriseNumber is the ten digits of a Belgian enterprise number as people type it, with its check (97 less the rest of
// the first eight); "" for none.
func enterpriseNumber(typed string) (digits string, ok bool) {
	digits = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-/", r) {
			return -1
		}
		return r
	}, strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(typed)), "BE"))
	if digits == "" {
		return "", true
	}
	if len(digits) == 9 { // as it was written before 2007
		digits = "0" + digits
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	return digits, err == nil && len(digits) == 10 && digits[0] <= '1' && n%100 == 97-n/100%97
}

// PayerChoice is the answer to who pays.
type PayerChoice struct {
	Who string // "self" or "": the parent; "new": Payer; else the id of one who paid before
	New Payer
}

// payerTx is the row of a choice; its zero value is the parent.
func payerTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, in PayerChoice, now time.Time) (Payer, error) {
	switch in.Who {
	case "new":
		p := in.New
		if err := p.check(); err != nil {
			return p, err
		}
		p.ID, p.Guardian = 0, guardian
		return insertPayer(ctx, tx, p, now)
	case "", "self":
		if in.New.Name != "" || in.New.Email != "" { // what was typed is not dropped in silence
			return Payer{}, ErrPayerWhich
		}
		return Payer{}, nil
	}
	key, err := strconv.ParseInt(in.Who, 10, 64)
	if err != nil {
		return Payer{}, ErrNoPayer
	}
	return payerOf(ctx, tx, guardian, id.Payer(key))
}

// ChoosePayerTx keeps in a basket who will pay. ErrNoCheckout, ErrNoPayer, or what is wrong with a new payer, by field.
func (s *Service) ChoosePayerTx(ctx context.Context, tx *sqlx.Tx, token string, guardian id.Guardian, in PayerChoice) error {
	c, err := lockCheckout(ctx, tx, hashToken(token))
	if err != nil {
		return err
	}
	if c.Guardian != guardian || c.Status == "placed" {
		return ErrNoCheckout
	}
	p, err := payerTx(ctx, tx, guardian, in, s.Now())
	if err != nil {
		return err
	}
	return setCheckoutPayer(ctx, tx, c.ID, p.ID)
}

// PayerOf is who else pays the basket; the zero Payer is the parent.
func (s *Service) PayerOf(ctx context.Context, c Checkout) (Payer, error) {
	if c.Payer == 0 {
		return Payer{}, nil
	}
	return payerOf(ctx, s.DB, c.Guardian, c.Payer)
}

// Payers lists who paid for a family before, the newest first, each once.
func (s *Service) Payers(ctx context.Context, guardian id.Guardian) ([]Payer, error) {
	return payersOf(ctx, s.DB, guardian)
}

// PayerOrder reads an order for a guardian who may say who pays it: who placed it, or another guardian who pays for each of
// its children. ErrNoBooking for everybody else.
func (s *Service) PayerOrder(ctx context.Context, guardian id.Guardian, order id.Order) (Order, error) {
	o, err := s.OrderByID(ctx, order)
	if err != nil || o.Guardian == guardian {
		return o, err
	}
	rights, err := s.Accounts.RightsOf(ctx, guardian)
	if err != nil {
		return Order{}, err
	}
	for _, b := range o.Bookings {
		if !allows(rights, b, ToPay) {
			return Order{}, ErrNoBooking
		}
	}
	return o, nil
}

// ChangePayer says who pays an order from now on. Documents that were made keep their address; those to come go to the new
// one. The guardian or member of staff must have been let through before: by PayerOrder, or by their role.
func (s *Service) ChangePayer(ctx context.Context, who account.Identity, order id.Order, in PayerChoice) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, order); err != nil { // no invoice is made meanwhile
			return err
		}
		o, err := orderByID(ctx, tx, order)
		if err != nil {
			return err
		}
		p, err := payerTx(ctx, tx, o.Guardian, in, s.Now())
		if err != nil || p.ID == o.Other.ID {
			return err
		}
		if err := setOrderPayer(ctx, tx, order, p.ID); err != nil {
			return err
		}
		to := o
		to.Other.Payer = p
		if err := payerEvent(ctx, tx, o, to, who.Actor(), s.Now()); err != nil || who.GuardianID == o.Guardian {
			return err
		}
		return s.enqueue(ctx, tx, PayerChangedArgs{Order: order, From: o.Other.ID, To: p.ID, ByOffice: who.StaffID != 0})
	})
}

// PayerChangedArgs asks a job to tell the parent who placed an order that somebody else said who pays it: the office, or
// another guardian. 0 is the parent.
type PayerChangedArgs struct {
	Order    id.Order `json:"order"`
	From     id.Payer `json:"from"`
	To       id.Payer `json:"to"`
	ByOffice bool     `json:"by_office"`
}

// Kind names the job.
func (PayerChangedArgs) Kind() string { return "booking.payer_changed" }

// WritePayerChanged writes to that parent. A payer who was wiped since is not named any more.
func (s *Service) WritePayerChanged(ctx context.Context, a PayerChangedArgs) error {
	o, err := s.OrderByID(ctx, a.Order)
	if err != nil || o.PayerEmail == "" {
		return err
	}
	name := func(p id.Payer) (string, error) {
		if p == 0 {
			return o.PayerName, nil
		}
		found, err := payerOf(ctx, s.DB, o.Guardian, p)
		return found.Name, err
	}
	from, err := name(a.From)
	if err != nil && fault.Of(err) == nil {
		return err
	}
	to, err := name(a.To)
	if fault.Of(err) != nil {
		return nil
	}
	if err != nil {
		return err
	}
	in := letters.Notice{Kind: "payer_by_guardian", FirstName: o.PayerFirstName(), Args: []any{o.Reference, from, to}, Path: OrderPath(o.ID)}
	if a.ByOffice {
		in.Kind = "payer_by_office"
	}
	m, err := s.Outbox.Notice(ctx, o.Addressee(), o.Lang, o.ID, in)
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}

func payerEvent(ctx context.Context, tx *sqlx.Tx, from, to Order, actor string, now time.Time) error {
	detail, err := json.Marshal(map[string]string{"from": from.Payer().Name, "to": to.Payer().Name})
	if err != nil {
		return fmt.Errorf("booking: payer of order %d: %w", to.ID, err)
	}
	return insertEvent(ctx, tx, Event{Order: to.ID, Kind: "payer", Detail: detail, Actor: actor, At: now})
}

// Payer is whom an invoice is for that is made now.
func (o Order) Payer() payments.Payer {
	if p := o.Other; p.ID != 0 {
		return payments.Payer{Name: p.Name, Street: p.Street, PostalCode: p.PostalCode, City: p.City, Country: p.Country, Lang: o.Lang,
			Email: p.Email, Enterprise: p.Enterprise, Reference: p.Reference}
	}
	return o.Parent()
}

// Parent is the parent as payer, whoever pays in their place.
func (o Order) Parent() payments.Payer {
	return payments.Payer{Name: o.PayerName, Street: o.PayerStreet, PostalCode: o.PayerPostalCode, City: o.PayerCity, Country: o.PayerCountry, Lang: o.Lang}
}
