package offer

import (
	"fmt"
	"strings"
	"testing"

	"joetz/templates/office/offer"
)

// A large season is cut into pages, each departure on one of them, whatever page the address asks for.
func TestPagesOfASeason(t *testing.T) {
	t.Parallel()
	var found []offer.DateRow
	for i := range 2*perPage + 1 {
		found = append(found, offer.DateRow{Key: fmt.Sprint(i)})
	}
	for _, c := range []struct{ rows, asked, current, last, first, shown int }{
		{0, 1, 1, 1, 0, 0}, {1, 1, 1, 1, 0, 1}, {perPage, 1, 1, 1, 0, perPage}, {perPage + 1, 2, 2, 2, perPage, 1},
		{2*perPage + 1, 1, 1, 3, 0, perPage}, {2*perPage + 1, 3, 3, 3, 2 * perPage, 1}, {2*perPage + 1, 99, 3, 3, 2 * perPage, 1}, {5, -1, 1, 1, 0, 5},
	} {
		pages, rows := part(c.asked, offer.SeasonPage{Year: 2028, Text: "zee & zon"}, found[:c.rows])
		if pages.Current != c.current || pages.Last != c.last || len(rows) != c.shown || len(rows) > 0 && rows[0].Key != fmt.Sprint(c.first) {
			t.Errorf("page %d of %d rows: %d of %d, %d rows", c.asked, c.rows, pages.Current, pages.Last, len(rows))
		}
		if href := pages.Href(2); !strings.Contains(href, "seizoen=2028") || !strings.Contains(href, "zoek=zee+%26+zon") || !strings.Contains(href, "blad=2") {
			t.Errorf("the next page is %s", href)
		}
	}
}
