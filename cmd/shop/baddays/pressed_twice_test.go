package baddays

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The line to the database breaks at each commit of a confirmation in turn: it is there, and nobody heard of it. The family reads that
// the shop cannot just now, or that it has the order, and presses again: what it confirmed is booked once, whatever was lost.
func TestConfirmedWhileTheDatabaseRestarts(t *testing.T) {
	t.Parallel()
	tool(t, "postgres")
	w := newTown(t, 1, 100)
	line := newWire(t, w.dsn)
	w.vars[0] = "DATABASE_URL=" + line.dsn()
	shop := start(t, "127.0.0.1:0", w.vars...)
	w.settled()
	family := newVisitor(shop.url, parentSession(0))
	names := children{}
	seen := map[string]int{}
	for n, lost := 1, true; lost; n++ {
		child := names.next()
		if err := w.hold(family, w.departures[0], child); err != nil {
			t.Fatal(err)
		}
		last, err := family.get("/boeken/overzicht")
		if err != nil {
			t.Fatal(err)
		}
		f := last.formOf("terms", "total", "method")
		if f == nil {
			t.Fatalf("last page: %d %s", last.status, title(last.body))
		}
		f.fields.Set("method", "transfer")
		f.fields.Set("accept", "on")
		f.fields.Set("instalments", "1")
		line.arm(n, func() {})
		first, err := family.post("/boeken/overzicht", f.fields)
		if err != nil {
			t.Fatalf("commit %d: the family got no answer: %v", n, err)
		}
		_, lost = line.disarm()
		_, placed := told(first, child, false)
		switch {
		case placed:
			seen["placed"]++
		case first.status == http.StatusServiceUnavailable:
			unavailable(t, "the page after pressing", first)
			seen["not now"]++
		default:
			t.Errorf("commit %d: the family reads %d %s", n, first.status, title(first.body))
		}
		again, err := family.post("/boeken/overzicht", f.fields) // the button once more, or the page loaded anew
		if err != nil {
			t.Fatal(err)
		}
		if o, ok := told(again, child, false); placed && again.to == "/boeken" { // its basket is done with: the answer said so
		} else if !ok {
			t.Errorf("commit %d, pressed again: %d to %q, %s", n, again.status, again.to, title(again.body))
		} else if order, err := family.get(fmt.Sprintf("/mijn/bestelling/%d", o.id)); err != nil || order.status != http.StatusOK || !strings.Contains(order.body, child) {
			t.Errorf("commit %d: the order that the family is led to: %d %v", n, order.status, err)
		}
		if got := w.count(`SELECT count(*) FROM booking b JOIN participant p ON p.id = b.participant_id WHERE p.first_name = $1`, child); got != 1 {
			t.Errorf("commit %d: %s is booked %d times", n, child, got)
		}
	}
	if seen["not now"] == 0 || seen["placed"] == 0 {
		t.Errorf("what the family read: %v", seen)
	}
	t.Logf("what the family read: %v", seen)
	w.settled()
	w.sound("at the end")
	w.exact("at the end")
}
