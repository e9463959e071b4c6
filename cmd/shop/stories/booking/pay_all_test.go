package booking

import (
	"regexp"
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/terms/money"
)

// TestFamilyPaysEverythingAtOnce: a family with two orders ticks what it pays, may not skip what is due first, pays one sum
// at Stripe, and both orders are paid to the cent.
func TestFamilyPaysEverythingAtOnce(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	db := p.DB.DB
	// The demo's families have one order each: two of them become one family.
	var orders []struct {
		ID       int64  `db:"id"`
		Guardian int64  `db:"guardian_id"`
		Email    string `db:"email"`
	}
	if err := db.Select(&orders, `
		SELECT o.id, o.guardian_id, g.email FROM booking_order o JOIN guardian g ON g.id = o.guardian_id
		WHERE EXISTS (SELECT 1 FROM invoice_open x JOIN invoice i ON i.id = x.invoice_id WHERE i.order_id = o.id) ORDER BY o.id LIMIT 2`); err != nil || len(orders) < 2 {
		t.Fatal(orders, err)
	}
	db.MustExec(`UPDATE booking_order SET guardian_id = $1 WHERE id = $2`, orders[0].Guardian, orders[1].ID)
	open := func() (sum money.Cents) {
		t.Helper()
		for _, o := range orders {
			var part money.Cents
			if err := db.Get(&part, `SELECT coalesce(sum(i.amount_cents - coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0)), 0)
				FROM instalment i WHERE i.order_id = $1 AND i.void_at IS NULL`, o.ID); err != nil {
				t.Fatal(err)
			}
			sum += part
		}
		return sum
	}
	before := open()
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/aanmelden")
	shoptest.SignInParent(t, b, orders[0].Email)
	b.Visit("/mijn").Shot("family-due-390").Visit("/mijn/betalen").Sees("Alles in één keer betalen", "Nu te betalen").Shot("pay-all-390")
	due := regexp.MustCompile(`Nu te betalen: € (\d+),(\d\d)`).FindStringSubmatch(b.Read())
	if due == nil {
		t.Fatal(b.Read())
	}
	b.Press("Online betalen").Sees("TEST", due[1]).Press("Betaal met Bancontact").Until("Bedankt, je betaling is binnen")
	b.Visit("/mijn/betalen").Shot("pay-all-after-390")
	want := money.Cents(0)
	for _, d := range due[1] + due[2] {
		want = want*10 + money.Cents(d-'0')
	}
	if paid := before - open(); paid != want || want == 0 {
		t.Errorf("%v less is open, the page said %v", paid, want)
	}
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}
