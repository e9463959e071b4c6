package stripegw

import (
	"context"
	"time"

	stripe "github.com/stripe/stripe-go/v76"

	"joetz/terms/money"
)

// Line is one thing that is paid for, as the pay page shows it.
type Line struct {
	Name   string      `json:"name"`
	Amount money.Cents `json:"amount"`
}

// SessionInput asks for a hosted pay page. The caller keeps it as JSON: a call that is repeated under the same key must
// say the same, or Stripe refuses it.
type SessionInput struct {
	Reference   string    `json:"reference"` // our attempt; comes back as client_reference_id and in the payment's metadata
	Order       string    `json:"order"`     // the order's reference, for whoever reads Stripe's dashboard
	Description string    `json:"description"`
	Lines       []Line    `json:"lines"`
	Email       string    `json:"email"`
	Lang        string    `json:"lang"`
	SuccessURL  string    `json:"success_url"`
	CancelURL   string    `json:"cancel_url"`
	ExpiresAt   time.Time `json:"expires_at"` // 30 minutes to 24 hours ahead, Stripe's rule
}

// SessionStatus is how far a pay page has come.
type SessionStatus string

// Stripe's words for it.
const (
	SessionOpen     SessionStatus = "open"
	SessionComplete SessionStatus = "complete"
	SessionExpired  SessionStatus = "expired"
)

// Session is a hosted pay page.
type Session struct {
	ID        string
	URL       string // empty once the page is no longer open
	Reference string
	Status    SessionStatus
	Paid      bool // complete and not paid: the bank still has to say yes
	Amount    money.Cents
	Currency  string
	Live      bool
	ExpiresAt time.Time
	Payment   *Payment // nil before the parent has chosen how to pay; whole only from Session and SessionOfPayment
}

// methods are offered on the pay page. Both answer at once or within the hour, so that a place is never held for days.
func methods() []*string { return stripe.StringSlice([]string{"bancontact", "card"}) }

// CreateSession opens a pay page. Repeating it with the same key and input gives the same page, for at least 24 hours.
func (g *Gateway) CreateSession(ctx context.Context, key string, in SessionInput) (Session, error) {
	p := &stripe.CheckoutSessionParams{
		Params:             params(ctx, key),
		Mode:               stripe.String(string(stripe.CheckoutSessionModePayment)),
		PaymentMethodTypes: methods(),
		ClientReferenceID:  stripe.String(in.Reference),
		SuccessURL:         stripe.String(in.SuccessURL),
		CancelURL:          stripe.String(in.CancelURL),
		ExpiresAt:          stripe.Int64(in.ExpiresAt.Unix()),
		Metadata:           map[string]string{"attempt": in.Reference, "order": in.Order},
		PaymentIntentData: &stripe.CheckoutSessionPaymentIntentDataParams{
			Description: stripe.String(in.Description),
			Metadata:    map[string]string{"attempt": in.Reference, "order": in.Order},
		},
	}
	if in.Email != "" {
		p.CustomerEmail = stripe.String(in.Email)
	}
	if in.Lang != "" {
		p.Locale = stripe.String(in.Lang)
	}
	for _, l := range in.Lines {
		p.LineItems = append(p.LineItems, &stripe.CheckoutSessionLineItemParams{
			Quantity: stripe.Int64(1),
			PriceData: &stripe.CheckoutSessionLineItemPriceDataParams{
				Currency:    stripe.String(Currency),
				UnitAmount:  stripe.Int64(int64(l.Amount)),
				ProductData: &stripe.CheckoutSessionLineItemPriceDataProductDataParams{Name: stripe.String(l.Name)},
			},
		})
	}
	s, err := g.api.CheckoutSessions.New(p)
	if err != nil {
		return Session{}, translate("create session", err)
	}
	return toSession(s), nil
}

// Session reads a pay page with its payment, charge and balance transaction.
func (g *Gateway) Session(ctx context.Context, id string) (Session, error) {
	p := &stripe.CheckoutSessionParams{Params: params(ctx, "")}
	p.AddExpand("payment_intent.latest_charge.balance_transaction")
	s, err := g.api.CheckoutSessions.Get(id, p)
	if err != nil {
		return Session{}, translate("session", err)
	}
	return toSession(s), nil
}

// SessionOfPayment finds the pay page that a payment intent came from; ErrNotFound when it came from none.
func (g *Gateway) SessionOfPayment(ctx context.Context, paymentIntent string) (Session, error) {
	p := &stripe.CheckoutSessionListParams{ListParams: page(ctx), PaymentIntent: stripe.String(paymentIntent)}
	p.AddExpand("data.payment_intent.latest_charge.balance_transaction")
	list := g.api.CheckoutSessions.List(p)
	if list.Next() {
		return toSession(list.CheckoutSession()), nil
	}
	if err := list.Err(); err != nil {
		return Session{}, translate("sessions of payment", err)
	}
	return Session{}, ErrNotFound
}

// ExpireSession closes an open pay page, so that nobody can pay on it any more. ErrRefused when it is not open; read the
// session then: it may have been paid.
func (g *Gateway) ExpireSession(ctx context.Context, id string) (Session, error) {
	// Closing twice is refused and harmless, so this one POST needs no key of ours: stripe-go makes one up for its retries.
	s, err := g.api.CheckoutSessions.Expire(id, &stripe.CheckoutSessionExpireParams{Params: params(ctx, "")})
	if err != nil {
		return Session{}, translate("expire session", err)
	}
	return toSession(s), nil
}

func toSession(s *stripe.CheckoutSession) Session {
	out := Session{
		ID: s.ID, URL: s.URL, Reference: s.ClientReferenceID, Status: SessionStatus(s.Status),
		Paid:   s.PaymentStatus == stripe.CheckoutSessionPaymentStatusPaid,
		Amount: cents(s.AmountTotal), Currency: string(s.Currency), Live: s.Livemode, ExpiresAt: instant(s.ExpiresAt),
	}
	if s.PaymentIntent != nil {
		p := toPayment(s.PaymentIntent)
		out.Payment = &p
	}
	return out
}
