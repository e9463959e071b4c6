package stripegw

import (
	"context"
	"time"

	stripe "github.com/stripe/stripe-go/v76"

	"joetz/terms/money"
)

// PaymentStatus is how far a payment has come.
type PaymentStatus string

// The statuses that we act on; Stripe has more.
const (
	PaymentSucceeded  PaymentStatus = "succeeded"
	PaymentProcessing PaymentStatus = "processing"
	PaymentCanceled   PaymentStatus = "canceled"
	PaymentUnfinished PaymentStatus = "requires_payment_method" // nothing chosen yet, or what was chosen failed
)

// Payment is Stripe's payment intent.
type Payment struct {
	ID       string
	Status   PaymentStatus
	Amount   money.Cents
	Received money.Cents
	Currency string
	Live     bool
	Metadata map[string]string
	Charge   *Charge // nil before money moved
}

// Charge is the movement of money that a payment ended in.
type Charge struct {
	ID       string
	At       time.Time
	Amount   money.Cents
	Refunded money.Cents
	Method   string    // "bancontact", "card"
	Payer    string    // the name that the bank or card gave
	Movement *Movement // nil as long as Stripe has not put it on the balance
}

// PaymentOfCharge is the payment intent that a charge belongs to; "" for a charge without one.
func (g *Gateway) PaymentOfCharge(ctx context.Context, charge string) (string, error) {
	c, err := g.api.Charges.Get(charge, &stripe.ChargeParams{Params: params(ctx, "")})
	if err != nil {
		return "", translate("charge", err)
	}
	return paymentID(c.PaymentIntent), nil
}

func toPayment(p *stripe.PaymentIntent) Payment {
	out := Payment{
		ID: p.ID, Status: PaymentStatus(p.Status), Amount: cents(p.Amount), Received: cents(p.AmountReceived),
		Currency: string(p.Currency), Live: p.Livemode, Metadata: p.Metadata,
	}
	if c := p.LatestCharge; c != nil {
		out.Charge = toCharge(c)
	}
	return out
}

func toCharge(c *stripe.Charge) *Charge {
	out := &Charge{ID: c.ID, At: instant(c.Created), Amount: cents(c.Amount), Refunded: cents(c.AmountRefunded)}
	if c.PaymentMethodDetails != nil {
		out.Method = string(c.PaymentMethodDetails.Type)
	}
	if c.BillingDetails != nil {
		out.Payer = c.BillingDetails.Name
	}
	if b := c.BalanceTransaction; b != nil && b.Created != 0 { // only an id: it was not expanded
		m := toMovement(b)
		out.Movement = &m
	}
	return out
}

func paymentID(p *stripe.PaymentIntent) string {
	if p == nil {
		return ""
	}
	return p.ID
}
