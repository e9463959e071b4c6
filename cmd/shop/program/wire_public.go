package program

import (
	"time"

	"joetz/shop/public"
	"joetz/terms"
)

// insurer is whose cancellation insurance the shop sells.
const insurer = "Allianz"

// public makes the pages for everybody. Free places are at most a second old: half of it in the copy of the catalogue,
// half in the page that visitors share. Reading them for every page would make the busiest pages the slowest.
func (p *Program) public() *public.Handlers {
	return public.New(public.Config{
		Catalogue: p.Services.Catalogue,
		Terms:     terms.JOETZ2027(),
		Insurer:   insurer,
		Fresh:     time.Second / 2,
		Now:       p.Now,
	})
}
