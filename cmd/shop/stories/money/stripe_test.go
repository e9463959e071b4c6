package money

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/online"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"

	"github.com/jmoiron/sqlx"
)

// unpaidOrder is an order of one booking with a deposit of 75.00 to pay.
func unpaidOrder(t *testing.T, p *program.Program) (order id.Order, deposit id.Instalment) {
	t.Helper()
	now := p.Now()
	get := func(into any, query string, args ...any) {
		t.Helper()
		if err := p.DB.Get(into, query, args...); err != nil {
			t.Fatal(err)
		}
	}
	var season, holiday, departure, price, guardian, child int64
	var booking id.Booking
	get(&season, `INSERT INTO season (year) VALUES (2099) RETURNING id`)
	get(&holiday, `INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to)
		VALUES ($1, 'TEST-1', 'test-1', 'Sneeuwpret', '', 'foreign_coach', 'package', 'AT', 'Tirol', 'hotel', 'coach', 2010, 2020) RETURNING id`, season)
	get(&departure, `INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) VALUES ($1, '2037-07-01', '2037-07-08', $2) RETURNING id`, holiday, now)
	get(&price, `INSERT INTO price_list (departure_id, version, base_cents, valid_from) VALUES ($1, 1, 50000, $2) RETURNING id`, departure, now)
	get(&guardian, `INSERT INTO guardian (email, created_at) VALUES ('stripe.test@example.be', $1) RETURNING id`, now)
	get(&child, `INSERT INTO participant (first_name, last_name, born_on, created_at) VALUES ('Lotte', 'Peeters', '2025-05-05', $1) RETURNING id`, now)
	p.DB.MustExec(`INSERT INTO policy (hash, version, document, first_at) VALUES ('stripe-test', '1', '', $1)`, now)
	get(&order, `INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street,
			payer_postal_code, payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at)
		VALUES ('test-1', '999999999948', $1, $2, 'Jan Peeters', 'jan@example.be', 'Straat 1', '1000', 'Brussel', 'BE', 1, 'stripe', 'stripe-test', $2) RETURNING id`, guardian, now)
	get(&booking, `INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id,
			policy_hash, trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
		VALUES ($1, $2, $3, 'placed', 'base', 'not_needed', 'yes', false, $4, 'stripe-test', 'foreign_coach', 'package', '2037-03-01', '2037-07-01', 50000, 50000, 0, 7500, $5) RETURNING id`,
		order, child, departure, price, now)
	err := pg.InTx(t.Context(), p.DB.DB, func(tx *sqlx.Tx) error {
		_, err := p.Services.Payments.OpenTx(t.Context(), tx, order, payments.Payer{Name: "Jan Peeters", Country: "BE", Lang: "nl"}, []payments.Opening{{
			Booking: booking, Description: "Lotte", Lines: []payments.Line{{Kind: "price", Amount: 500_00}},
			Schedule: []payments.Due{{Kind: "deposit", On: civil.Must(2037, 3, 15), Amount: 75_00}, {Kind: "balance", On: civil.Must(2037, 5, 1), Amount: 425_00}},
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	get(&deposit, `SELECT id FROM instalment WHERE order_id = $1 AND kind = 'deposit'`, order)
	return order, deposit
}

// A payment through the whole program: the pay page on the shop's own address, the webhook over HTTP, the job in the
// queue, the money with the order. The program stops and starts in between, as a demo does.
func TestPaymentAgainstTheStandIn(t *testing.T) {
	t.Parallel()
	c := shoptest.Demo(t, shoptest.Base(t))
	clock := shoptest.NewClock(shoptest.Base(t))
	first, stop := shoptest.StartOn(t, c, clock.Now)
	order, deposit := unpaidOrder(t, first)
	started, err := first.Services.Online.Start(t.Context(), online.StartInput{
		Order: order, Instalments: []id.Instalment{deposit}, Lines: []online.Line{{Name: "Voorschot Lotte", Amount: 75_00}}, Reference: "1000001",
		Description: "Bestelling 1000001", Lang: "nl", SuccessURL: first.URL() + "/betaling/{attempt}", CancelURL: first.URL() + "/betaling/{attempt}",
	})
	if err != nil {
		t.Fatal(err)
	}
	path, own := strings.CutPrefix(started.URL, first.URL()+"/demo/stripe/c/pay/")
	if !own {
		t.Fatalf("the pay page is at %s, not with the shop at %s", started.URL, first.URL())
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}

	p, _ := shoptest.StartOn(t, c, clock.Now)
	page := p.URL() + "/demo/stripe/c/pay/" + path
	if status, text := shoptest.Get(t, page); status != http.StatusOK || !strings.Contains(text, "75,00") {
		t.Fatalf("the pay page after the restart: %d %.300s", status, text)
	}
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.PostForm(page, url.Values{"act": {"bancontact"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther || to != first.URL()+"/betaling/"+started.Attempt.String() {
		t.Fatalf("sent on with %s to %s", answer.Status, to)
	}
	shoptest.WaitFor(t, "the payment", func(ctx context.Context) (bool, error) {
		var paid money.Cents
		err := p.DB.GetContext(ctx, &paid, `SELECT coalesce(sum(amount_cents), 0) FROM payment WHERE order_id = $1`, order)
		return paid == 75_00, err
	})
}
