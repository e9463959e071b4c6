package stripegw

import (
	"context"
	"time"

	stripe "github.com/stripe/stripe-go/v76"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// Category is what a movement means for the books: Stripe's reporting_category, which it advises above type.
type Category string

// The categories that we book by ourselves; any other waits for accounting.
const (
	CategoryCharge          Category = "charge"
	CategoryRefund          Category = "refund"
	CategoryRefundFailure   Category = "refund_failure"
	CategoryDispute         Category = "dispute"
	CategoryDisputeReversal Category = "dispute_reversal"
	CategoryFee             Category = "fee"
	CategoryPayout          Category = "payout"
	CategoryPayoutReversal  Category = "payout_reversal"
)

// Movement is one balance transaction: what the Stripe balance went up or down by. Net = Amount - Fee.
type Movement struct {
	ID          string
	Category    Category
	Source      string // the charge, refund, dispute or payout behind it; "" for fees
	Description string
	Amount      money.Cents // signed
	Fee         money.Cents
	Net         money.Cents
	Currency    string
	At          time.Time
	AvailableOn time.Time
}

// MovementsOfPayout lists what a payout is made of, without the payout itself: their Net adds up to its amount. Stripe
// knows this only for automatic payouts.
func (g *Gateway) MovementsOfPayout(ctx context.Context, payout string) ([]Movement, error) {
	p := &stripe.BalanceTransactionListParams{ListParams: page(ctx), Payout: stripe.String(payout)}
	all, err := g.movements(p)
	var others []Movement
	for _, m := range all {
		if m.Source != payout {
			others = append(others, m)
		}
	}
	return others, err
}

// MovementsSince lists the movements made at that instant or later, newest first.
func (g *Gateway) MovementsSince(ctx context.Context, t time.Time) ([]Movement, error) {
	return g.movements(&stripe.BalanceTransactionListParams{ListParams: page(ctx), CreatedRange: since(t)})
}

func (g *Gateway) movements(p *stripe.BalanceTransactionListParams) ([]Movement, error) {
	list := g.api.BalanceTransactions.List(p)
	var all []Movement
	for list.Next() {
		all = append(all, toMovement(list.BalanceTransaction()))
	}
	return all, translate("movements", list.Err())
}

func toMovement(b *stripe.BalanceTransaction) Movement {
	m := Movement{
		ID: b.ID, Category: Category(b.ReportingCategory), Description: b.Description,
		Amount: cents(b.Amount), Fee: cents(b.Fee), Net: cents(b.Net), Currency: string(b.Currency),
		At: instant(b.Created), AvailableOn: instant(b.AvailableOn),
	}
	if b.Source != nil {
		m.Source = b.Source.ID
	}
	return m
}

// Payout is money on its way from the Stripe balance to the bank.
type Payout struct {
	ID         string
	Amount     money.Cents
	Currency   string
	Status     string // pending, in_transit, paid, failed, canceled; paid may still turn into failed
	Automatic  bool
	Reconciled bool // MovementsOfPayout is complete
	Failure    string
	Descriptor string // what Stripe asks the bank to show
	ArrivesOn  civil.Date
	At         time.Time
}

// Payout reads a payout.
func (g *Gateway) Payout(ctx context.Context, id string) (Payout, error) {
	p, err := g.api.Payouts.Get(id, &stripe.PayoutParams{Params: params(ctx, "")})
	if err != nil {
		return Payout{}, translate("payout", err)
	}
	return Payout{
		ID: p.ID, Amount: cents(p.Amount), Currency: string(p.Currency), Status: string(p.Status), Automatic: p.Automatic,
		Reconciled: p.ReconciliationStatus == stripe.PayoutReconciliationStatusCompleted,
		Failure:    string(p.FailureCode), Descriptor: p.StatementDescriptor,
		ArrivesOn: civil.Of(instant(p.ArrivalDate)), At: instant(p.Created),
	}, nil
}

// Dispute is a payment that its payer asks back through the bank.
type Dispute struct {
	ID            string
	Charge        string
	PaymentIntent string
	Amount        money.Cents
	Currency      string
	Status        string // needs_response, under_review, won, lost, warning_...
	Reason        string
	AnswerBy      time.Time // zero when there is nothing to answer
	At            time.Time
}

// Dispute reads a dispute.
func (g *Gateway) Dispute(ctx context.Context, id string) (Dispute, error) {
	d, err := g.api.Disputes.Get(id, &stripe.DisputeParams{Params: params(ctx, "")})
	if err != nil {
		return Dispute{}, translate("dispute", err)
	}
	out := Dispute{
		ID: d.ID, PaymentIntent: paymentID(d.PaymentIntent), Amount: cents(d.Amount), Currency: string(d.Currency),
		Status: string(d.Status), Reason: string(d.Reason), At: instant(d.Created),
	}
	if d.Charge != nil {
		out.Charge = d.Charge.ID
	}
	if d.EvidenceDetails != nil {
		out.AnswerBy = instant(d.EvidenceDetails.DueBy)
	}
	return out, nil
}
