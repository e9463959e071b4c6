package program_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"joetz/cmd/shop/shoptest"
	"joetz/terms/civil"
)

// TestTheDemoStartsOnAnyDay: whoever tries the shop does so today, whatever day that is. SHOP_TEST_DAYS has more of them, with
// commas between.
func TestTheDemoStartsOnAnyDay(t *testing.T) {
	t.Parallel()
	moments := []string{
		"2026-12-31T23:59:50+01:00", // the year ends while the demo is made
		"2027-03-28T01:59:50+01:00", // the clock goes forward
		"2027-07-14T12:00:00+02:00", // between the camps, most of which are over
		"2028-02-29T00:10:00+01:00", // a day that few years have; an hour ago was yesterday
	}
	if more := os.Getenv("SHOP_TEST_DAYS"); more != "" {
		moments = strings.Split(more, ",")
	}
	for _, text := range moments {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, text)
			if err != nil {
				t.Fatal(err)
			}
			p := shoptest.Make(t, shoptest.Config(t), shoptest.NewClock(at).Now)
			if n := shoptest.Number(t, p, `SELECT count(DISTINCT a.lead) FROM departure d JOIN assignment a ON a.departure_id = d.id WHERE $1 BETWEEN d.starts_on AND d.ends_on`, civil.Of(at)); n != 2 {
				t.Errorf("of an animator and a lead %d are at a camp today", n)
			}
			if n := shoptest.Number(t, p, `SELECT count(*) FROM departure WHERE starts_on > $1 AND status = 'published'`, civil.Of(at)); n == 0 {
				t.Error("there is nothing to book")
			}
			if n := shoptest.Number(t, p, `SELECT count(*) FROM booking`); n < 10 {
				t.Errorf("%d bookings", n)
			}
			if err := shoptest.Sound(t, p); err != nil {
				t.Error(err)
			}
		})
	}
}
