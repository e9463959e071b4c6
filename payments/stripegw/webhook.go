package stripegw

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	stripe "github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/webhook"

	"joetz/terms/fault"
)

// APIVersion is the version in which Stripe answers us.
const APIVersion = stripe.APIVersion

// Tolerance is how old a webhook's signature may be: within it a recorded request could be sent to us again, which is
// harmless because an event is stored once.
const Tolerance = webhook.DefaultTolerance

// ErrSignature is returned for a webhook that Stripe did not sign, or signed too long ago.
var ErrSignature error = fault.New(fault.Denied, "online.bad_signature")

// Event is what a webhook tells: something happened to an object. What, is read from the API.
type Event struct {
	ID            string
	Type          string // "checkout.session.completed"
	APIVersion    string
	Live          bool
	At            time.Time
	Object        string // id of the object
	PaymentIntent string // of a charge, refund or dispute; "" for others
	Body          []byte // as it came
}

// Event checks the signature over the raw body with each secret in turn and reads what the webhook says.
func (g *Gateway) Event(body []byte, signature string) (Event, error) {
	at, err := signedAt(signature)
	if err == nil {
		err = g.verify(body, signature)
	}
	if err == nil && g.now().Sub(at) > Tolerance {
		err = webhook.ErrTooOld
	}
	if err != nil {
		return Event{}, fmt.Errorf("stripe webhook: %w", fault.Of(ErrSignature).With(err))
	}
	return parseEvent(body)
}

// verify leaves the time out: stripe-go compares with the machine's clock, we with ours.
func (g *Gateway) verify(body []byte, signature string) error {
	err := webhook.ErrNoValidSignature
	for _, secret := range g.secrets {
		if secret == "" {
			continue // an empty key would accept what anybody can compute
		}
		if err = webhook.ValidatePayloadIgnoringTolerance(body, signature, secret); err == nil {
			return nil
		}
	}
	return err
}

// signedAt reads t= from "t=1776240063,v1=...": like stripe-go the last one, which is the one that is signed.
func signedAt(signature string) (time.Time, error) {
	at := time.Time{}
	for pair := range strings.SplitSeq(signature, ",") {
		if text, ok := strings.CutPrefix(pair, "t="); ok {
			unix, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return time.Time{}, webhook.ErrInvalidHeader
			}
			at = time.Unix(unix, 0)
		}
	}
	if at.IsZero() {
		return at, webhook.ErrNotSigned
	}
	return at, nil
}

type envelope struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	APIVersion string `json:"api_version"`
	Live       bool   `json:"livemode"`
	Created    int64  `json:"created"`
	Data       struct {
		Object struct {
			ID            string          `json:"id"`
			PaymentIntent json.RawMessage `json:"payment_intent"`
		} `json:"object"`
	} `json:"data"`
}

func parseEvent(body []byte) (Event, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil || e.ID == "" || e.Type == "" {
		return Event{}, fmt.Errorf("stripe webhook: not an event: %w", fault.Of(ErrSignature).With(err))
	}
	paymentIntent, _ := stripe.ParseID(e.Data.Object.PaymentIntent)
	return Event{
		ID: e.ID, Type: e.Type, APIVersion: e.APIVersion, Live: e.Live, At: instant(e.Created),
		Object: e.Data.Object.ID, PaymentIntent: paymentIntent, Body: body,
	}, nil
}

// Undelivered lists the events made at that instant or later whose webhook was not answered (yet), newest first; Stripe
// remembers 30 days.
func (g *Gateway) Undelivered(ctx context.Context, t time.Time) ([]Event, error) {
	list := g.api.Events.List(&stripe.EventListParams{
		ListParams: page(ctx), CreatedRange: since(t), DeliverySuccess: stripe.Bool(false),
	})
	var all []Event
	for list.Next() {
		body, err := json.Marshal(list.Event())
		if err != nil {
			return nil, fmt.Errorf("stripe events: %w", err)
		}
		e, err := parseEvent(body)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, translate("events", list.Err())
}
