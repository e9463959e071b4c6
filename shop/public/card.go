package public

import (
	"joetz/shop/catalogue"
	"joetz/templates/layout"
	"joetz/templates/public"
)

// kinds is how the brochure groups the trips.
var kinds = map[string]public.Kind{
	"domestic": public.Domestic, "foreign_coach": public.Abroad, "foreign_own": public.Abroad, "flight": public.Flight,
}

func (h *Handlers) cards(p layout.Page, departures []catalogue.Departure) []public.Card {
	list := make([]public.Card, len(departures))
	for i, d := range departures {
		list[i] = h.card(p, d)
	}
	return list
}

func (h *Handlers) card(p layout.Page, d catalogue.Departure) public.Card {
	c := public.Card{
		Slug: d.Slug, Title: d.Title, Destination: d.Destination, Country: d.Country, Kind: kinds[d.Trip], Inclusive: d.Inclusive,
		StartsOn: d.StartsOn, EndsOn: d.EndsOn, AgeFrom: d.AgeFrom(), AgeTo: d.AgeTo(), Base: d.Base, Lowest: d.Lowest(),
		Places: public.Places{Free: d.Free, Held: d.Held}, Picture: h.drawings.address(sceneOf(d)),
	}
	if len(d.Photos) > 0 {
		photo := photoOf(d.Photos[0], p.Lang)
		c.Photo = &photo
	}
	if p.Now.Before(d.OnSaleAt) {
		c.OnSaleFrom = p.Instant(d.OnSaleAt)
	}
	return c
}
