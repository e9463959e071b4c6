package bench

import (
	"context"
	"fmt"
	"net/url"

	"github.com/valyala/fasthttp"
)

// office measures the pages that the office and accounting live in, with as many bookings as five good years bring. It comes
// first: the rows are made in one go and want empty tables.
func office(ctx context.Context, s Shop, o Options) ([]Figure, error) {
	if err := addMany(ctx, s.DB, o.Bookings); err != nil {
		return nil, err
	}
	token, departure, err := addStaff(ctx, s.DB, s.Now())
	if err != nil {
		return nil, err
	}
	b := newBrowser(newLine(s.Addr), s.URL, map[string]string{"sid": token})
	var figures []Figure
	for _, page := range []struct{ name, path string }{
		{"search by a name", "/kantoor/zoeken?" + url.Values{"q": {"peeters"}}.Encode()},
		{"search by half a name and a town", "/kantoor/zoeken?" + url.Values{"q": {"jans gent"}}.Encode()},
		{"search by a telephone number", "/kantoor/zoeken?" + url.Values{"q": {"0470 01 23 45"}}.Encode()},
		{"the office's worklist", "/kantoor"},
		{"a departure's list", fmt.Sprintf("/kantoor/vertrek/%d", departure)},
		{"the departures", "/kantoor/vertrekken"},
		{"a season of the offer", "/kantoor/aanbod"},
		{"accounting's first page", "/boekhouding"},
		{"accounting's open invoices", "/boekhouding/facturen?toon=open"},
	} {
		got := load(ctx, s.Cluster, 1, o.For/4, func(context.Context, int) (string, error) {
			a, err := b.get(page.path)
			if err == nil && a.status != fasthttp.StatusOK {
				err = fmt.Errorf("%s: status %d", page.path, a.status)
			}
			return "", err
		})
		figures = append(figures, figure(page.name, "100 ms", got))
	}
	return figures, endMany(ctx, s.DB) // the other measurements look at a season of the usual size
}
