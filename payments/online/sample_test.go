package online_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"joetz/payments/audit"
	"joetz/payments/ledger"
	"joetz/payments/online"
	"joetz/payments/stripegw"
	"joetz/terms/money"
)

type object map[string]any

func (o object) text(key string) string { s, _ := o[key].(string); return s }

type sample struct {
	events  []object
	names   []string
	objects map[string]object // as they are at the end
	payout  string
}

// readSample reads the two weeks of the sample: 16 events, and at Stripe the objects as they are afterwards.
func readSample(t *testing.T, attempts map[string]uuid.UUID) sample {
	t.Helper()
	s := sample{objects: map[string]object{}}
	text, err := os.ReadFile("testdata/synthetic-events.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.SplitSeq(bytes.TrimSpace(text), []byte("\n")) {
		for name, attempt := range attempts { // the sample has references of its own; ours are attempts
			line = bytes.ReplaceAll(line, []byte(`"client_reference_id":"`+name+`"`), []byte(`"client_reference_id":"`+attempt.String()+`"`))
		}
		var e object
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		s.events, s.names = append(s.events, e), append(s.names, e.text("id"))
		o := object(e["data"].(map[string]any)["object"].(map[string]any))
		s.objects[o.text("id")] = o
	}
	text, err = os.ReadFile("testdata/synthetic-payout-scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	var scenario struct {
		Payout   object                  `json:"payout"`
		Moved    struct{ Data []object } `json:"balance_transactions"`
		Charges  []object                `json:"charges"`
		Refunds  []object                `json:"refunds"`
		Disputes []object                `json:"disputes"`
	}
	if err := json.Unmarshal(text, &scenario); err != nil {
		t.Fatal(err)
	}
	for _, o := range slices.Concat([]object{scenario.Payout}, scenario.Moved.Data, scenario.Charges, scenario.Refunds, scenario.Disputes) {
		s.objects[o.text("id")] = o
	}
	s.payout = scenario.Payout.text("id")
	// What the sample leaves out: the payment intents, and the charge of the payment that came late, which is so young that
	// Stripe has not put it on the balance yet.
	late := maps.Clone(scenario.Charges[0])
	late["id"], late["payment_intent"], late["balance_transaction"] = "ch_syn4", "pi_syn4", nil
	late["amount"], late["amount_captured"], late["amount_refunded"] = 9000.0, 9000.0, 0.0
	s.objects["ch_syn4"] = late
	for _, c := range append(scenario.Charges, late) {
		s.objects[c.text("payment_intent")] = paymentIntent(c.text("payment_intent"), c["amount"], c["id"], "succeeded")
	}
	s.objects["pi_syn5"] = paymentIntent("pi_syn5", 9000.0, nil, "requires_payment_method")
	return s
}

func paymentIntent(name string, amount, charge any, status string) object {
	received := amount
	if charge == nil {
		received = 0.0
	}
	return object{
		"id": name, "object": "payment_intent", "amount": amount, "amount_received": received, "capture_method": "automatic",
		"confirmation_method": "automatic", "created": 1776240000.0, "currency": "eur", "latest_charge": charge, "livemode": false,
		"metadata": object{}, "payment_method_types": []string{"bancontact", "card"}, "status": status,
	}
}

// put gives the objects to the stand-in.
func (b *bench) put(s sample) {
	b.t.Helper()
	for _, o := range s.objects {
		payout := ""
		if o.text("object") == "balance_transaction" {
			payout = s.payout
		}
		text, err := json.Marshal(o)
		b.must(err)
		b.DB.MustExec(`INSERT INTO stripefake.object (id, kind, created, payment_intent, payout, body)
			VALUES ($1, $2, $3, nullif($4, ''), nullif($5, ''), $6)`,
			o.text("id"), o.text("object"), int64(o["created"].(float64)), o.text("payment_intent"), payout, string(text))
	}
}

// TestSampleEvents runs the two weeks through, in the order in which they happened, reversed, and shuffled, each event
// twice: the shop ends in the same place.
func TestSampleEvents(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"as it happened", "reversed", "shuffled"} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.set(func() { b.clock = time.Unix(1776640000, 0) }) // after the last event
			sessions := map[string]string{"inst_1": "cs_test_syn1", "inst_2": "cs_test_syn2", "inst_4": "cs_test_syn4", "inst_5": "cs_test_syn5", "inst_6": "cs_test_syn6"}
			attempts := map[string]uuid.UUID{}
			for name := range sessions {
				attempts[name] = uuid.New()
			}
			s := readSample(t, attempts)
			b.put(s)
			b.open(s, sessions, attempts)

			events := slices.Repeat(s.events, 2)
			switch order {
			case "reversed":
				slices.Reverse(events)
			case "shuffled":
				rand.New(rand.NewPCG(16, 2)).Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
			}
			for _, e := range events {
				body, err := json.Marshal(e)
				b.must(err)
				b.must(b.Hear(t.Context(), body, b.fake.Sign(body)))
				b.jobs()
			}
			b.wantSample(sessions, attempts)
		})
	}
}

// open writes the attempts down as the shop would have: their pages were made before the sample begins.
func (b *bench) open(s sample, sessions map[string]string, attempts map[string]uuid.UUID) {
	b.t.Helper()
	for name, session := range sessions {
		o := s.objects[session]
		if o == nil {
			b.t.Fatalf("no session %s in the sample", session)
		}
		if got := o.text("client_reference_id"); got != attempts[name].String() {
			b.t.Fatalf("session %s has reference %s", session, got)
		}
		b.DB.MustExec(`INSERT INTO payment_attempt (id, order_id, amount_cents, status, request, session_id, created_at, expires_at, changed_at, looked_at, check_at)
			VALUES ($1, $2, $3, 'open', '{}', $4, $5, $6, $5, $5, $5)`,
			attempts[name], b.order, int64(o["amount_total"].(float64)), session, time.Unix(int64(o["created"].(float64)), 0), time.Unix(int64(o["expires_at"].(float64)), 0))
	}
}

func (b *bench) wantSample(sessions map[string]string, attempts map[string]uuid.UUID) {
	b.t.Helper()
	got := map[string]online.Status{}
	for name := range sessions {
		got[name] = b.status(attempts[name])
	}
	want := map[string]online.Status{
		"inst_1": online.Done, "inst_2": online.Done, "inst_4": online.Done, "inst_5": online.Failed, "inst_6": online.Expired,
	}
	if d := cmp.Diff(want, got); d != "" {
		b.t.Error(d)
	}
	var stored, done int
	b.must(b.DB.QueryRow(`SELECT count(*), count(*) FILTER (WHERE outcome = 'done') FROM stripe_event`).Scan(&stored, &done))
	if stored != 16 || done != 16 {
		b.t.Errorf("%d events stored, %d done", stored, done)
	}
	// The numbers of the sample's own check: gross 331.25, fees 2.62, refunds 50.00 net, dispute 81.25 and its fee 20.00,
	// other fees 3.00, and a payout of the rest, 174.38. One of its charges, 150.00, and its refunds are not the shop's.
	balances := b.balances()
	wantBalances := map[ledger.Account]money.Cents{
		ledger.StripeBalance: 90_00, ledger.PayoutTransit: 174_38, ledger.Disputed: 81_25, ledger.PaymentCosts: 2_62 + 20_00 + 3_00,
		ledger.Suspense: 50_00 - 150_00,
	}
	for account, amount := range wantBalances {
		if balances[account] != amount {
			b.t.Errorf("account %s holds %v, want %v", account, balances[account], amount)
		}
	}
	var paid money.Cents
	b.must(b.DB.Get(&paid, `SELECT sum(amount_cents) FROM payment`))
	if paid != 331_25-150_00+90_00 {
		b.t.Errorf("payments %v", paid)
	}
	open, err := b.OpenFindings(b.t.Context())
	b.must(err)
	var codes []string
	for _, f := range open {
		codes = append(codes, f.Code+" "+f.Object)
	}
	slices.Sort(codes)
	if d := cmp.Diff([]string{"dispute_opened dp_syn1", "foreign_charge ch_syn3", "foreign_refund re_syn1", "foreign_refund re_syn2"}, codes); d != "" {
		b.t.Error(d)
	}
	parts, err := b.MovementsOf(b.t.Context(), "po_syn1")
	b.must(err)
	var net money.Cents
	for _, p := range parts {
		net += p.Net
	}
	if len(parts) != 8 || net != 174_38 {
		b.t.Errorf("the payout has %d parts of %v", len(parts), net)
	}
	differences, err := audit.Run(b.t.Context(), b.DB, b.now(), audit.Books, audit.Bank)
	b.must(err)
	for _, d := range differences {
		b.t.Error(d)
	}
}

// An event about something that Stripe does not know is stored and done with: it must not come back for ever.
func TestEventAboutNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i, kind := range []string{"checkout.session.completed", "payment_intent.succeeded", "refund.updated", "payout.paid", "charge.dispute.created", "customer.created"} {
		body := fmt.Appendf(nil, `{"id":"evt_%d","object":"event","type":%q,"api_version":"2023-10-16","created":1,"data":{"object":{"id":"x_1"}}}`, i, kind)
		b.must(b.Hear(t.Context(), body, b.fake.Sign(body)))
	}
	b.jobs()
	var waiting int
	b.must(b.DB.Get(&waiting, `SELECT count(*) FROM stripe_event WHERE done_at IS NULL`))
	if waiting != 0 {
		t.Errorf("%d events wait", waiting)
	}
	b.holds(nothing)
}

func TestHeardTwice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	body := []byte(`{"id":"evt_1","object":"event","type":"payout.paid","created":1,"data":{"object":{"id":"po_1"}}}`)
	for range 3 {
		b.must(b.Hear(t.Context(), body, b.fake.Sign(body)))
	}
	if n := b.jobs(); n != 1 {
		t.Errorf("%d jobs for one event", n)
	}
}

func TestOtherMode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	body := []byte(`{"id":"evt_1","object":"event","type":"payout.paid","livemode":true,"created":1,"data":{"object":{"id":"po_1"}}}`)
	b.must(b.Hear(t.Context(), body, b.fake.Sign(body)))
	if n := b.jobs(); n != 0 {
		t.Errorf("%d jobs for news of the live mode in a shop in test mode", n)
	}
}

func TestForgedWebhook(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	body := []byte(`{"id":"evt_1","type":"checkout.session.completed","data":{"object":{"id":"cs_1"}}}`)
	err := b.Hear(t.Context(), body, "t=1,v1=00")
	if !errors.Is(err, stripegw.ErrSignature) {
		t.Errorf("%v", err)
	}
	var n int
	b.must(b.DB.Get(&n, `SELECT count(*) FROM stripe_event`))
	if n != 0 {
		t.Error("a forged webhook was stored")
	}
}
