package booking_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// A parent goes on in another browser with the newest basket of their own that holds places; nobody else's, none that was offered,
// none whose time is over and none that became an order. The token of the browser that they left is worth nothing then.
func TestABasketGoesOnInAnotherBrowser(t *testing.T) {
	t.Parallel()
	s, ctx := bookingtest.NewShop(t), t.Context()
	d := s.Departure(9, civil.Must(2027, 7, 5))
	mine, theirs, nobody := s.Family(1), s.Family(2), s.Family(3)
	start := func(g id.Guardian, children int) string {
		t.Helper()
		token, err := s.Start(ctx, d, children)
		must(t, err)
		must(t, s.Identify(ctx, token, g))
		return token
	}
	older, newer := start(mine.ID, 1), start(mine.ID, 2)
	other := start(theirs.ID, 3)
	child, err := s.Accounts.AddChild(ctx, mine.ID, account.ChildInput{FirstName: "Ona", LastName: "Peeters", BornOn: civil.Must(2016, 5, 9)})
	must(t, err)
	must(t, pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		_, ok, err := s.OfferTx(ctx, tx, mine.ID, d, []booking.Wish{{Participant: child}}, s.Clock.Now().Add(72*time.Hour))
		if err == nil && !ok {
			err = errors.New("no place to offer")
		}
		return err
	}))
	holds := func(token string, children int) {
		t.Helper()
		if c, err := s.Open(ctx, token); children > 0 && (err != nil || len(c.Children) != children) || children == 0 && !errors.Is(err, booking.ErrNoCheckout) {
			t.Errorf("%d children, %v; want %d", len(c.Children), err, children)
		}
	}
	there := func(g id.Guardian, want bool) {
		t.Helper()
		if got, err := s.Elsewhere(ctx, g); err != nil || got != want {
			t.Errorf("family %d has a basket elsewhere: %v, %v", g, got, err)
		}
		if want {
			return
		}
		if _, err := s.TakeOver(ctx, g); !errors.Is(err, booking.ErrNoCheckout) {
			t.Errorf("family %d took over: %v", g, err)
		}
	}
	there(mine.ID, true)
	there(nobody.ID, false)
	token, err := s.TakeOver(ctx, mine.ID)
	must(t, err)
	holds(token, 2)
	holds(newer, 0)
	holds(older, 1)
	holds(other, 3)

	must(t, s.Fill(token, mine, 2))
	if _, err := s.Confirm(token, mine, 1); err != nil {
		t.Fatal(err)
	}
	token, err = s.TakeOver(ctx, mine.ID) // the order's basket does not come back
	must(t, err)
	holds(token, 1)
	holds(older, 0)
	s.Clock.Move(booking.HoldFor)
	there(mine.ID, false) // the offer holds its place longer, on a page of its own
	there(theirs.ID, false)
	s.Sound()
}
