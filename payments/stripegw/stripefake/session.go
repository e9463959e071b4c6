package stripefake

import (
	"encoding/json"
	"fmt"
	"strings"
)

// hidden is what a session knows and the API does not show.
type hidden struct {
	Lines       []line   `json:"lines"`
	Description *string  `json:"description"`
	Metadata    metadata `json:"metadata"`
	Answer      string   `json:"answer,omitempty"` // what the bank will say of a payment that it still thinks about
	Method      string   `json:"method,omitempty"`
}

type line struct {
	Name     string `json:"name"`
	Amount   int64  `json:"amount"`
	Quantity int64  `json:"quantity"`
}

const (
	shortest = 30 * 60      // seconds that a page is open at least
	longest  = 24 * 60 * 60 // and at most
)

func createSession(a *act, f *form) (any, error) {
	extra, s := readSession(f)
	now := a.now.Unix()
	if at, given := f.number("expires_at"); given {
		s.ExpiresAt = at
	} else {
		s.ExpiresAt = now + longest
	}
	for _, l := range extra.Lines {
		s.AmountTotal += l.Amount * l.Quantity
	}
	if f.bad == nil {
		f.bad = wrongSession(now, s, extra)
	}
	if e := f.check(); e != nil {
		return nil, e
	}
	s.ID, s.Created, s.AmountSubtotal = newID("cs_test"), now, s.AmountTotal
	s.URL = ptr(a.pagesURL + "/c/pay/" + s.ID)
	k := fresh(a, "checkout.session", s.ID, s)
	k.row.Due = ptr(s.ExpiresAt)
	if err := k.hide(extra); err != nil {
		return nil, err
	}
	return s, save(a, k)
}

func readSession(f *form) (hidden, session) {
	s := session{
		Object: "checkout.session", Currency: "eur", CustomFields: []string{}, CustomerCreation: "if_required",
		ShippingOptions: []string{}, Mode: f.need("mode"), PaymentMethodCollection: "if_required", PaymentStatus: "unpaid",
		PhoneNumberCollection: map[string]any{"enabled": false}, Status: "open", UIMode: "hosted",
		SuccessURL: f.need("success_url"), CancelURL: f.need("cancel_url"), ClientReferenceID: f.text("client_reference_id"),
		CustomerEmail: f.text("customer_email"), Locale: f.text("locale"), Metadata: f.metadata("metadata"),
		PaymentMethodTypes: f.list("payment_method_types"),
	}
	if s.CustomerEmail != nil {
		s.CustomerDetails = &customer{Email: s.CustomerEmail, TaxExempt: "none", TaxIDs: []string{}}
	}
	extra := hidden{Description: f.text("payment_intent_data[description]"), Metadata: f.metadata("payment_intent_data[metadata]")}
	for _, i := range f.keys("line_items") {
		at := "line_items[" + i + "]"
		l := line{Name: f.need(at + "[price_data][product_data][name]"), Quantity: 1}
		if c := f.need(at + "[price_data][currency]"); c != "eur" && c != "" {
			f.fail(invalid("", at+"[price_data][currency]", "The stand-in sells in eur."))
		}
		f.need(at + "[price_data][unit_amount]")
		l.Amount, _ = f.number(at + "[price_data][unit_amount]")
		if n, given := f.number(at + "[quantity]"); given {
			l.Quantity = n
		}
		extra.Lines = append(extra.Lines, l)
	}
	return extra, s
}

func wrongSession(now int64, s session, extra hidden) *apiError {
	switch {
	case s.Mode != "payment":
		return invalid("", "mode", "The stand-in knows the mode payment.")
	case len(extra.Lines) == 0 || len(extra.Lines) > 100:
		return invalid("", "line_items", "Give 1 to 100 line items.")
	case s.ExpiresAt < now+shortest || s.ExpiresAt > now+longest:
		return invalid("", "expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.")
	case s.ClientReferenceID != nil && len(*s.ClientReferenceID) > 200:
		return invalid("", "client_reference_id", "At most 200 characters.")
	case len(s.PaymentMethodTypes) == 0:
		return invalid("", "payment_method_types", "The stand-in has no dashboard to take the payment methods from.")
	case s.AmountTotal < 50:
		return invalid("amount_too_small", "line_items", "The total must be at least €0.50.")
	}
	for _, m := range s.PaymentMethodTypes {
		if m != "bancontact" && m != "card" {
			return invalid("", "payment_method_types", "The stand-in knows bancontact and card, not "+m+".")
		}
	}
	for _, l := range extra.Lines {
		if l.Amount < 0 || l.Quantity < 1 {
			return invalid("", "line_items", "Amounts and quantities are positive.")
		}
	}
	for param, url := range map[string]string{"success_url": s.SuccessURL, "cancel_url": s.CancelURL} {
		if !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "https://") {
			return invalid("url_invalid", param, "Not a valid URL")
		}
	}
	return nil
}

func (k *kept[T]) hide(h hidden) error {
	text, err := json.Marshal(h)
	k.row.Extra = string(text)
	return err
}

func (k *kept[T]) hidden() (h hidden, err error) {
	if err = json.Unmarshal([]byte(k.row.Extra), &h); err != nil {
		err = fmt.Errorf("stripefake: %s: %w", k.row.ID, err)
	}
	return h, err
}

func expireSession(a *act, id string) (session, error) {
	k, err := load[session](a, "checkout.session", id)
	if err != nil {
		return session{}, err
	}
	if k.Body.Status != "open" {
		return session{}, refused("", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `"+k.Body.Status+"`.")
	}
	return k.Body, closeSession(a, &k)
}

// closeSession ends an open page without money, and the payment that was tried on it.
func closeSession(a *act, k *kept[session]) error {
	k.Body.Status, k.Body.URL, k.row.Due = "expired", nil, nil
	if err := save(a, *k); err != nil {
		return err
	}
	if k.Body.PaymentIntent != nil {
		p, err := load[intent](a, "payment_intent", *k.Body.PaymentIntent)
		if err != nil {
			return err
		}
		p.Body.Status, p.Body.CanceledAt, p.Body.CancellationReason = "canceled", ptr(a.now.Unix()), ptr("automatic")
		if err := save(a, p); err != nil {
			return err
		}
		if err := a.emit("payment_intent.canceled", p.Body); err != nil {
			return err
		}
	}
	return a.emit("checkout.session.expired", k.Body)
}

// lineItems is the list that the API gives of a session's lines.
func lineItems(s kept[session]) (map[string]any, error) {
	h, err := s.hidden()
	if err != nil {
		return nil, err
	}
	data := []any{}
	for i, l := range h.Lines {
		price := map[string]any{
			"id": fmt.Sprintf("price_%s_%d", s.row.ID, i), "object": "price", "active": false, "billing_scheme": "per_unit",
			"created": s.row.Created, "currency": "eur", "custom_unit_amount": nil, "livemode": false, "lookup_key": nil,
			"metadata": metadata{}, "nickname": nil, "product": fmt.Sprintf("prod_%s_%d", s.row.ID, i), "recurring": nil,
			"tax_behavior": "unspecified", "tiers_mode": nil, "transform_quantity": nil, "type": "one_time",
			"unit_amount": l.Amount, "unit_amount_decimal": fmt.Sprint(l.Amount),
		}
		data = append(data, map[string]any{
			"id": fmt.Sprintf("li_%s_%d", s.row.ID, i), "object": "item", "amount_discount": 0, "amount_subtotal": l.Amount * l.Quantity,
			"amount_tax": 0, "amount_total": l.Amount * l.Quantity, "currency": "eur", "description": l.Name,
			"price": price, "quantity": l.Quantity,
		})
	}
	return map[string]any{"object": "list", "data": data, "has_more": false, "url": "/v1/checkout/sessions/" + s.row.ID + "/line_items"}, nil
}
