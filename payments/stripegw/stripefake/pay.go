package stripefake

import (
	"context"
	"time"
)

// Method is how somebody pays.
type Method string

// The methods of the pay page.
const (
	Bancontact Method = "bancontact"
	Card       Method = "card"
)

const availableAfter = 3 * 24 * time.Hour

// fee is what Stripe keeps: the two tariffs of the sample payout.
func (m Method) fee(amount int64) int64 {
	if m == Bancontact {
		return 39
	}
	return (amount*15+500)/1000 + 25 // 1.5 %, half a cent up
}

func (m Method) details() map[string]any {
	if m == Bancontact {
		return map[string]any{"type": "bancontact", "bancontact": map[string]any{
			"bank_code": "VAPE", "bank_name": "VAN DE PUT & CO", "bic": "VAPEBE22", "generated_sepa_debit": nil,
			"generated_sepa_debit_mandate": nil, "iban_last4": "7061", "preferred_language": "nl", "verified_name": "Test Betaler",
		}}
	}
	return map[string]any{"type": "card", "card": map[string]any{
		"brand": "visa", "checks": map[string]any{"address_line1_check": nil, "address_postal_code_check": nil, "cvc_check": "pass"},
		"country": "BE", "exp_month": 12, "exp_year": 2034, "fingerprint": "standin", "funding": "debit", "installments": nil,
		"last4": "4242", "mandate": nil, "network": "visa", "three_d_secure": nil, "wallet": nil,
	}}
}

// Pay pays on an open page, as its button does. Its webhooks come that much later.
func (f *Fake) Pay(ctx context.Context, session string, m Method, late time.Duration) error {
	return f.do(ctx, func(a *act) error { a.delay = late; return pay(a, session, m) })
}

// Decline tries to pay and is refused by the bank; the page stays open.
func (f *Fake) Decline(ctx context.Context, session string, m Method) error {
	return f.do(ctx, func(a *act) error { return decline(a, session, m) })
}

// PayLater completes the page while the bank still thinks; after that time it says yes or no.
func (f *Fake) PayLater(ctx context.Context, session string, m Method, after time.Duration, yes bool) error {
	return f.do(ctx, func(a *act) error { return payLater(a, session, m, after, yes) })
}

// PayExpired pays on a page that has expired: the parent was at the bank when time ran out. Stripe promises that this does
// not happen and asks to be ready for it.
func (f *Fake) PayExpired(ctx context.Context, id string, m Method) error {
	return f.do(ctx, func(a *act) error {
		s, err := load[session](a, "checkout.session", id)
		if err != nil {
			return err
		}
		s.Body.Status, s.Body.ExpiresAt = "open", a.now.Unix()+shortest
		if err := save(a, s); err != nil {
			return err
		}
		return pay(a, id, m)
	})
}

// openPage loads a page that can be paid on, with its payment intent.
func openPage(a *act, id string) (s kept[session], p kept[intent], err error) {
	if s, err = load[session](a, "checkout.session", id); err != nil {
		return s, p, err
	}
	if s.Body.Status != "open" || s.Body.ExpiresAt <= a.now.Unix() {
		return s, p, refused("", "This page is not open any more.")
	}
	p, err = intentOf(a, &s)
	return s, p, err
}

func pay(a *act, id string, m Method) error {
	s, p, err := openPage(a, id)
	if err != nil {
		return err
	}
	if err := succeed(a, &s, &p, m); err != nil {
		return err
	}
	complete(&s, "paid")
	if err := save(a, s); err != nil {
		return err
	}
	return a.emit("checkout.session.completed", s.Body)
}

// intentOf is the page's payment intent; the first try makes it.
func intentOf(a *act, s *kept[session]) (kept[intent], error) {
	if s.Body.PaymentIntent != nil {
		return load[intent](a, "payment_intent", *s.Body.PaymentIntent)
	}
	h, err := s.hidden()
	if err != nil {
		return kept[intent]{}, err
	}
	id := newID("pi")
	p := fresh(a, "payment_intent", id, intent{
		ID: id, Object: "payment_intent", Amount: s.Body.AmountTotal, AmountDetails: map[string]any{"tip": struct{}{}},
		CaptureMethod: "automatic", ClientSecret: id + "_secret_test", ConfirmationMethod: "automatic", Created: a.now.Unix(),
		Currency: s.Body.Currency, Description: h.Description, Metadata: h.Metadata, PaymentMethodTypes: s.Body.PaymentMethodTypes,
		Status: "requires_payment_method",
	})
	s.Body.PaymentIntent, s.row.PaymentIntent = &id, &id
	if err := save(a, *s); err != nil {
		return p, err
	}
	return p, a.emit("payment_intent.created", p.Body)
}

// succeed moves the money: a charge, its movement on the balance, and the payment intent done.
func succeed(a *act, s *kept[session], p *kept[intent], m Method) error {
	c := newCharge(a, s, p, m)
	kind := "charge"
	if m == Bancontact {
		kind = "payment" // Stripe's type for what is no card
	}
	tx, err := move(a, movement{
		Amount: c.Body.Amount, Fee: m.fee(c.Body.Amount), ReportingCategory: "charge", Type: kind,
		Source: &c.Body.ID, Description: p.Body.Description,
	})
	if err != nil {
		return err
	}
	c.Body.BalanceTransaction, c.Body.Captured, c.Body.Paid, c.Body.Status = &tx.ID, true, true, "succeeded"
	c.Body.AmountCaptured = c.Body.Amount
	if err := save(a, c); err != nil {
		return err
	}
	p.Body.Status, p.Body.AmountReceived, p.Body.LatestCharge, p.Body.LastPaymentError = "succeeded", c.Body.Amount, &c.Body.ID, nil
	p.Body.PaymentMethod = &c.Body.PaymentMethod
	if err := save(a, *p); err != nil {
		return err
	}
	if err := a.emit("charge.succeeded", c.Body); err != nil {
		return err
	}
	return a.emit("payment_intent.succeeded", p.Body)
}

func newCharge(a *act, s *kept[session], p *kept[intent], m Method) kept[charge] {
	id := newID("ch")
	c := fresh(a, "charge", id, charge{
		ID: id, Object: "charge", Amount: p.Body.Amount, Created: a.now.Unix(), Currency: p.Body.Currency,
		BillingDetails: billing{Address: address{Country: "BE"}, Email: s.Body.CustomerEmail, Name: ptr("Test Betaler")},
		Description:    p.Body.Description, Metadata: p.Body.Metadata, PaymentIntent: &p.Body.ID, PaymentMethod: newID("pm"),
		PaymentMethodDetails: m.details(),
	})
	c.row.PaymentIntent = &p.Body.ID
	return c
}

// complete ends a page on which somebody paid.
func complete(s *kept[session], paymentStatus string) {
	s.Body.Status, s.Body.PaymentStatus, s.Body.URL, s.row.Due = "complete", paymentStatus, nil, nil
	s.Body.CustomerDetails = &customer{
		Address: &address{Country: "BE"}, Email: s.Body.CustomerEmail, Name: ptr("Test Betaler"), TaxExempt: "none", TaxIDs: []string{},
	}
}

func decline(a *act, id string, m Method) error {
	s, p, err := openPage(a, id)
	if err != nil {
		return err
	}
	return fail(a, &s, &p, m)
}

// fail records a try without money.
func fail(a *act, s *kept[session], p *kept[intent], m Method) error {
	c := newCharge(a, s, p, m)
	c.Body.Status, c.Body.FailureCode, c.Body.FailureMessage = "failed", ptr("payment_method_customer_decline"), ptr("The customer declined.")
	p.Body.Status, p.Body.LatestCharge = "requires_payment_method", &c.Body.ID
	p.Body.LastPaymentError = &payError{"card_error", *c.Body.FailureCode, *c.Body.FailureMessage}
	if err := save(a, c); err != nil {
		return err
	}
	if err := save(a, *p); err != nil {
		return err
	}
	if err := a.emit("charge.failed", c.Body); err != nil {
		return err
	}
	return a.emit("payment_intent.payment_failed", p.Body)
}

func payLater(a *act, id string, m Method, after time.Duration, yes bool) error {
	s, p, err := openPage(a, id)
	if err != nil {
		return err
	}
	p.Body.Status = "processing"
	if err := save(a, p); err != nil {
		return err
	}
	h, err := s.hidden()
	if err != nil {
		return err
	}
	h.Method, h.Answer = string(m), "no"
	if yes {
		h.Answer = "yes"
	}
	complete(&s, "unpaid")
	s.row.Due = ptr(a.now.Add(after).Unix())
	if err := s.hide(h); err != nil {
		return err
	}
	if err := save(a, s); err != nil {
		return err
	}
	if err := a.emit("payment_intent.processing", p.Body); err != nil {
		return err
	}
	return a.emit("checkout.session.completed", s.Body)
}

// answerLate is the bank's answer to payLater.
func answerLate(a *act, s kept[session]) error {
	h, err := s.hidden()
	if err != nil {
		return err
	}
	p, err := load[intent](a, "payment_intent", *s.Body.PaymentIntent)
	if err != nil {
		return err
	}
	s.row.Due = nil
	if h.Answer == "yes" {
		if err := succeed(a, &s, &p, Method(h.Method)); err != nil {
			return err
		}
		s.Body.PaymentStatus = "paid"
		if err := save(a, s); err != nil {
			return err
		}
		return a.emit("checkout.session.async_payment_succeeded", s.Body)
	}
	if err := fail(a, &s, &p, Method(h.Method)); err != nil {
		return err
	}
	if err := save(a, s); err != nil {
		return err
	}
	return a.emit("checkout.session.async_payment_failed", s.Body)
}
