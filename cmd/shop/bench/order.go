package bench

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
)

// buyer is a signed-in parent who books one child again and again, each time as a browser would: hold a place, say which
// child, answer the questions, read the last page and confirm what it says.
type buyer struct {
	*browser
	sessions []string        // of the parents for whom it orders in turn
	boarding map[int64]int64 // the first boarding place of each departure
	turn     int
	number   int
}

// soldOut is the outcome of an order for which there is no place any more.
const soldOut = "sold_out"

// hidden is the value of a hidden field of a page; "" when there is none.
func hidden(page, name string) string {
	_, rest, _ := strings.Cut(page, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// order books a place on a departure. A refusal for want of places is the outcome soldOut.
func (b *buyer) order(departure int64) (outcome string, err error) {
	b.turn++
	delete(b.cookies, "basket")
	b.cookies["sid"] = b.sessions[b.turn%len(b.sessions)]
	a, err := b.post("/boeken", url.Values{"departure": {strconv.FormatInt(departure, 10)}, "children": {"1"}})
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(a.location, "/vakanties") {
		return soldOut, nil
	}
	if err := a.wants("hold", "/boeken"); err != nil {
		return "", err
	}
	if a, err = b.get("/boeken"); err != nil { // ties the basket to the parent
		return "", err
	}
	if err := a.wants("open basket", "/boeken"); err != nil {
		return "", err
	}
	child := url.Values{"child": {"new"}, "first_name": {fmt.Sprintf("Kind%d", b.turn)}, "last_name": {fmt.Sprintf("Bench%d", b.number)},
		"born-day": {strconv.Itoa(1 + b.turn%28)}, "born-month": {strconv.Itoa(1 + b.turn/28%12)}, "born-year": {"2016"}}
	if a, err = b.post("/boeken/kind/1", child); err != nil {
		return "", err
	}
	if err := a.wants("child", "/boeken/kind/1/keuzes"); err != nil {
		return "", err
	}
	choices := url.Values{"category": {"base"}, "insured": {"no"}, "care": {"no"}, "photo_consent": {"yes"}, "boarding_place": {strconv.FormatInt(b.boarding[departure], 10)}}
	if a, err = b.post("/boeken/kind/1/keuzes", choices); err != nil {
		return "", err
	}
	if err := a.wants("choices", "/boeken"); err != nil {
		return "", err
	}
	return "", b.confirm()
}

func (b *buyer) confirm() error {
	page, err := b.get("/boeken/overzicht")
	if err != nil {
		return err
	}
	form := url.Values{"instalments": {"1"}, "method": {"transfer"}, "accept": {"on"},
		"terms": {hidden(page.body, "terms")}, "total": {hidden(page.body, "total")}}
	a, err := b.post("/boeken/overzicht", form)
	if err != nil {
		return err
	}
	return a.wants("confirm", "/mijn/bestelling/")
}

// orders lets every buyer order until the time is over or nothing is left on any departure; the departures are taken in turn.
func orders(buyers []*buyer, departures []int64) step {
	var next atomic.Int64
	return func(_ context.Context, client int) (string, error) {
		n := next.Add(1)
		outcome, err := buyers[client].order(departures[n%int64(len(departures))])
		return outcome, err
	}
}
