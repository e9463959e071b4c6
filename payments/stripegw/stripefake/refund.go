package stripefake

import (
	"context"
	"fmt"
)

const (
	bankTakes     = 60     // seconds from a Bancontact refund to its success
	disputeFee    = 20_00  // cents, as in the sample payout
	answerDispute = 7 * 24 // hours to answer
)

func createRefund(a *act, f *form) (any, error) {
	id, reason, meta := "", f.text("reason"), f.metadata("metadata")
	amount, given := f.number("amount")
	switch pi, ch := f.text("payment_intent"), f.text("charge"); {
	case pi != nil:
		if e := f.check(); e != nil {
			return nil, e
		}
		p, err := load[intent](a, "payment_intent", *pi)
		if err != nil {
			return nil, err
		}
		if p.Body.LatestCharge == nil || p.Body.Status != "succeeded" {
			return nil, refused("", "This PaymentIntent ("+*pi+") does not have a successful charge to refund.")
		}
		id = *p.Body.LatestCharge
	case ch != nil:
		id = *ch
	default:
		return nil, invalid("parameter_missing", "payment_intent", "One of the following params should be provided for this request: payment_intent or charge.")
	}
	if e := f.check(); e != nil {
		return nil, e
	}
	c, err := load[charge](a, "charge", id)
	if err != nil {
		return nil, err
	}
	if !given {
		amount = c.Body.Amount - c.Body.AmountRefunded
	}
	if e := wrongRefund(c.Body, amount); e != nil {
		return nil, e
	}
	return refundCharge(a, c, amount, reason, meta)
}

func wrongRefund(c charge, amount int64) *apiError {
	switch left := c.Amount - c.AmountRefunded; {
	case c.Status != "succeeded":
		return refused("charge_not_refundable", "Charge "+c.ID+" has no money to refund.")
	case c.Disputed:
		return refused("charge_disputed", "Charge "+c.ID+" has been charged back; cannot issue a refund.")
	case left == 0:
		return refused("charge_already_refunded", "Charge "+c.ID+" has already been refunded.")
	case amount <= 0:
		return invalid("parameter_invalid_integer", "amount", "Invalid positive integer")
	case amount > left:
		e := refused("", fmt.Sprintf("Refund amount (%d) is greater than unrefunded amount on charge (%d)", amount, left))
		e.Param = "amount"
		return e
	}
	return nil
}

func refundCharge(a *act, c kept[charge], amount int64, reason *string, meta metadata) (any, error) {
	method, kind := c.Body.PaymentMethodDetails["type"].(string), "payment_refund"
	if method == string(Card) {
		kind = "refund"
	}
	id := newID("re")
	tx, err := move(a, movement{
		Amount: -amount, ReportingCategory: "refund", Type: kind, Source: &id, Description: ptr("REFUND FOR CHARGE"),
	})
	if err != nil {
		return nil, err
	}
	r := fresh(a, "refund", id, refund{
		ID: id, Object: "refund", Amount: amount, BalanceTransaction: &tx.ID, Charge: &c.Body.ID, Created: a.now.Unix(),
		Currency: c.Body.Currency, Metadata: meta, PaymentIntent: c.Body.PaymentIntent, Reason: reason, Status: "succeeded",
		DestinationDetails: map[string]any{"type": method, method: map[string]any{"type": "reversal"}},
	})
	r.row.PaymentIntent = c.Body.PaymentIntent
	if method == string(Bancontact) { // a transfer back: the bank takes its time
		r.Body.Status, r.row.Due = "pending", ptr(a.now.Unix()+bankTakes)
		r.Body.DestinationDetails = map[string]any{"type": "eu_bank_transfer", "eu_bank_transfer": map[string]any{"reference": nil, "reference_status": nil}}
	}
	c.Body.AmountRefunded += amount
	c.Body.Refunded = c.Body.AmountRefunded == c.Body.Amount
	if err := save(a, r); err != nil {
		return nil, err
	}
	if err := save(a, c); err != nil {
		return nil, err
	}
	if err := a.emit("refund.created", r.Body); err != nil {
		return nil, err
	}
	return r.Body, a.emit("charge.refunded", c.Body)
}

// arrive is the bank's yes to a pending refund.
func arrive(a *act, r kept[refund]) error {
	r.Body.Status, r.row.Due = "succeeded", nil
	return tellRefund(a, r)
}

func tellRefund(a *act, r kept[refund]) error {
	if err := save(a, r); err != nil {
		return err
	}
	if err := a.emit("charge.refund.updated", r.Body); err != nil {
		return err
	}
	return a.emit("refund.updated", r.Body)
}

// FailRefund lets a refund come back, also one that succeeded before: the account was closed.
func (f *Fake) FailRefund(ctx context.Context, id string) error {
	return f.do(ctx, func(a *act) error {
		r, err := load[refund](a, "refund", id)
		if err != nil {
			return err
		}
		if r.Body.Status == "failed" {
			return refused("", "This refund has failed already.")
		}
		kind := "payment_failure_refund"
		if r.Body.DestinationDetails["type"] == string(Card) {
			kind = "refund_failure"
		}
		tx, err := move(a, movement{
			Amount: r.Body.Amount, ReportingCategory: "refund_failure", Type: kind, Source: &r.Body.ID, Description: ptr("REFUND FAILURE"),
		})
		if err != nil {
			return err
		}
		r.Body.Status, r.Body.FailureReason, r.Body.FailureBalanceTransaction = "failed", ptr("expired_or_canceled_card"), &tx.ID
		r.row.Due = nil
		c, err := load[charge](a, "charge", *r.Body.Charge)
		if err != nil {
			return err
		}
		c.Body.AmountRefunded, c.Body.Refunded = c.Body.AmountRefunded-r.Body.Amount, false
		if err := save(a, c); err != nil {
			return err
		}
		return tellRefund(a, r)
	})
}

// OpenDispute takes a payment back through the payer's bank.
func (f *Fake) OpenDispute(ctx context.Context, paymentIntent string) (id string, err error) {
	err = f.do(ctx, func(a *act) error {
		c, err := chargeOf(a, paymentIntent)
		if err != nil {
			return err
		}
		if c.Body.Disputed {
			return refused("", "This charge is disputed already.")
		}
		id = newID("dp")
		tx, err := move(a, movement{
			Amount: -c.Body.Amount, Fee: disputeFee, ReportingCategory: "dispute", Type: "adjustment", Source: &id,
			Description: ptr("Chargeback withdrawal for " + c.Body.ID),
		})
		if err != nil {
			return err
		}
		c.Body.Disputed = true
		if err := save(a, c); err != nil {
			return err
		}
		d := fresh(a, "dispute", id, dispute{
			ID: id, Object: "dispute", Amount: c.Body.Amount, BalanceTransactions: []movement{tx}, Charge: c.Body.ID,
			Created: a.now.Unix(), Currency: c.Body.Currency, Evidence: noEvidence(), Metadata: metadata{},
			EvidenceDetails: evidenceDetails{DueBy: ptr(a.now.Unix() + answerDispute*3600)},
			PaymentIntent:   &paymentIntent, Reason: "product_not_received", Status: "needs_response",
		})
		d.row.PaymentIntent = &paymentIntent
		if err := save(a, d); err != nil {
			return err
		}
		if err := a.emit("charge.dispute.created", d.Body); err != nil {
			return err
		}
		return a.emit("charge.dispute.funds_withdrawn", d.Body)
	})
	return id, err
}

// CloseDispute decides a dispute. Won brings the amount back, not the fee.
func (f *Fake) CloseDispute(ctx context.Context, id string, won bool) error {
	return f.do(ctx, func(a *act) error {
		d, err := load[dispute](a, "dispute", id)
		if err != nil {
			return err
		}
		d.Body.Status, d.Body.EvidenceDetails.DueBy = "lost", nil
		if won {
			d.Body.Status = "won"
			tx, err := move(a, movement{
				Amount: d.Body.Amount, ReportingCategory: "dispute_reversal", Type: "adjustment", Source: &id,
				Description: ptr("Chargeback reversal for " + d.Body.Charge),
			})
			if err != nil {
				return err
			}
			d.Body.BalanceTransactions = append(d.Body.BalanceTransactions, tx)
		}
		if err := save(a, d); err != nil {
			return err
		}
		if err := a.emit("charge.dispute.closed", d.Body); err != nil || !won {
			return err
		}
		return a.emit("charge.dispute.funds_reinstated", d.Body)
	})
}

func chargeOf(a *act, paymentIntent string) (kept[charge], error) {
	p, err := load[intent](a, "payment_intent", paymentIntent)
	if err != nil {
		return kept[charge]{}, err
	}
	if p.Body.LatestCharge == nil {
		return kept[charge]{}, refused("", "No charge.")
	}
	return load[charge](a, "charge", *p.Body.LatestCharge)
}

func noEvidence() map[string]null {
	e := map[string]null{}
	for _, field := range []string{
		"access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure", "cancellation_rebuttal",
		"customer_communication", "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature",
		"duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt",
		"refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date", "service_documentation",
		"shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number",
		"uncategorized_file", "uncategorized_text",
	} {
		e[field] = nil
	}
	return e
}
