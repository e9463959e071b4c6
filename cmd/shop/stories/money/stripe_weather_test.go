package money

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"joetz/cmd/shop/shoptest"
	"joetz/payments/stripegw/stripefake"
)

// Stripe is down, then slow, then tells everything three times and the newest first: a parent is told plainly that paying
// is not possible now, the booking stands, and the money is recorded once.
func TestStripeInBadWeather(t *testing.T) {
	t.Parallel()
	c := shoptest.Config(t)
	c.Bare = true
	p, _ := shoptest.StartOn(t, c, shoptest.NewClock(shoptest.Base(t)).Now)
	order, _ := unpaidOrder(t, p)
	p.DB.MustExec(`INSERT INTO session (token_hash, guardian_id, created_at, seen_at, expires_at)
		SELECT sha256('weather'::bytea), guardian_id, $2, $2, $2::timestamptz + interval '1 hour' FROM booking_order WHERE id = $1`, order, p.Now())
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(address string, form url.Values) (status int, header http.Header, page string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", p.URL())
		req.AddCookie(&http.Cookie{Name: "sid", Value: "weather"})
		answer, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, answer.Header, string(body)
	}
	pay := fmt.Sprintf("%s/mijn/bestelling/%d/betalen", p.URL(), order)
	refused := func(weather string) {
		t.Helper()
		status, header, page := post(pay, nil)
		if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || !strings.Contains(page, "<h1") {
			t.Errorf("%s: status %d, Retry-After %q", weather, status, header.Get("Retry-After"))
		}
		if status, _ := shoptest.Get(t, p.URL()+"/vakanties"); status != http.StatusOK {
			t.Errorf("%s: the rest of the shop answers %d", weather, status)
		}
	}
	const thrice = 3 // the gateway tries twice more by itself
	trouble := stripefake.Trouble{Method: http.MethodPost, Path: "/v1/checkout/sessions", Times: thrice}
	down := trouble
	down.Status = http.StatusServiceUnavailable
	p.StandIn.Disturb(down)
	refused("down")

	slow, over := trouble, make(chan struct{})
	slow.Wait = over
	p.StandIn.Disturb(slow)
	refused("slow")
	close(over)

	p.StandIn.Behave(stripefake.Mode{Copies: 3, Reverse: true})
	status, header, _ := post(pay, nil)
	to := header.Get("Location")
	if status != http.StatusSeeOther || !strings.Contains(to, "/c/pay/") {
		t.Fatalf("afterwards: %d to %s", status, to)
	}
	if status, _, _ = post(to, url.Values{"act": {"bancontact"}}); status != http.StatusSeeOther {
		t.Fatalf("the pay page: %d", status)
	}
	shoptest.WaitFor(t, "all that Stripe had to say", func(ctx context.Context) (bool, error) {
		var left int
		err := p.DB.GetContext(ctx, &left, `SELECT (SELECT count(*) FROM stripefake.delivery WHERE NOT done) + (SELECT count(*) FROM job WHERE kind LIKE 'online.%' AND state IN ('waiting', 'running') AND attempts <= 1 AND run_at <= $1)
			+ CASE WHEN EXISTS (SELECT 1 FROM payment WHERE order_id = $2) THEN 0 ELSE 1 END`, p.Now(), order)
		return left == 0, err
	})
	var payments, cents int
	if err := p.DB.QueryRow(`SELECT count(*), coalesce(sum(amount_cents), 0) FROM payment WHERE order_id = $1`, order).Scan(&payments, &cents); err != nil || payments != 1 || cents != 75_00 {
		t.Errorf("%d payments of %d cents: %v", payments, cents, err)
	}
}
