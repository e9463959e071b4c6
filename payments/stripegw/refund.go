package stripegw

import (
	"context"
	"time"

	stripe "github.com/stripe/stripe-go/v76"

	"joetz/terms/money"
)

// RefundStatus is what became of a refund.
type RefundStatus string

// Stripe's words for it. Succeeded may still turn into failed days later.
const (
	RefundPending   RefundStatus = "pending"
	RefundAction    RefundStatus = "requires_action"
	RefundSucceeded RefundStatus = "succeeded"
	RefundFailed    RefundStatus = "failed"
	RefundCanceled  RefundStatus = "canceled"
)

// Refund is money on its way back.
type Refund struct {
	ID              string
	Reference       string // ours; "" for a refund that somebody made in Stripe's dashboard
	PaymentIntent   string
	Amount          money.Cents
	Currency        string
	Status          RefundStatus
	Reason          string // why it failed
	Movement        string // id of the balance transaction that took the money off the balance
	FailureMovement string // id of the one that brought it back
	At              time.Time
}

// Refund sends amount of a payment back the way it came. Repeating it with the same key gives the same refund, for at
// least 24 hours; after that RefundsOf must be asked first. ErrRefused when more would go back than came in, when the
// payment is disputed, or when it is too long ago.
func (g *Gateway) Refund(ctx context.Context, key, paymentIntent string, amount money.Cents, reference string) (Refund, error) {
	r, err := g.api.Refunds.New(&stripe.RefundParams{
		Params:        params(ctx, key),
		PaymentIntent: stripe.String(paymentIntent),
		Amount:        stripe.Int64(int64(amount)),
		Reason:        stripe.String(string(stripe.RefundReasonRequestedByCustomer)),
		Metadata:      map[string]string{"refund": reference},
	})
	if err != nil {
		return Refund{}, translate("refund", err)
	}
	return toRefund(r), nil
}

// RefundByID reads a refund.
func (g *Gateway) RefundByID(ctx context.Context, id string) (Refund, error) {
	r, err := g.api.Refunds.Get(id, &stripe.RefundParams{Params: params(ctx, "")})
	if err != nil {
		return Refund{}, translate("refund by id", err)
	}
	return toRefund(r), nil
}

// RefundsOf lists the refunds of a payment, newest first.
func (g *Gateway) RefundsOf(ctx context.Context, paymentIntent string) ([]Refund, error) {
	list := g.api.Refunds.List(&stripe.RefundListParams{ListParams: page(ctx), PaymentIntent: stripe.String(paymentIntent)})
	var all []Refund
	for list.Next() {
		all = append(all, toRefund(list.Refund()))
	}
	return all, translate("refunds of payment", list.Err())
}

func toRefund(r *stripe.Refund) Refund {
	out := Refund{
		ID: r.ID, Reference: r.Metadata["refund"], PaymentIntent: paymentID(r.PaymentIntent), Amount: cents(r.Amount),
		Currency: string(r.Currency), Status: RefundStatus(r.Status), Reason: string(r.FailureReason), At: instant(r.Created),
	}
	if r.BalanceTransaction != nil {
		out.Movement = r.BalanceTransaction.ID
	}
	if r.FailureBalanceTransaction != nil {
		out.FailureMovement = r.FailureBalanceTransaction.ID
	}
	return out
}
