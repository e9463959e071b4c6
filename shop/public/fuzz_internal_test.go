package public

import (
	"net/url"
	"testing"

	"joetz/shop/catalogue"
	"joetz/terms/civil"
)

// Whatever stands in the address of the list, what is shown is part of what there is, each holiday once, and fits the filter.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{"geboortejaar=2016", "maand=2027-07&soort=abroad", "maand=0000-00", "land=it&vrij=on", "zoek=%C4%B0", "volgorde=prijs&zoek=zee"} {
		f.Add(seed)
	}
	all := []catalogue.Departure{{ID: 1}, {ID: 2}, {ID: 3}}
	for i := range all {
		d := &all[i]
		d.Title, d.Country, d.Trip = []string{"Zee", "İstanbul", "Ski"}[i], []string{"BE", "TR", "IT"}[i], []string{"domestic", "flight", "foreign_coach"}[i]
		d.StartsOn, d.EndsOn = civil.Must(2027, 7, 5+i), civil.Must(2027, 7, 9+i)
		d.BirthYearFrom, d.BirthYearTo, d.Free = 2012+i, 2016+i, i
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		in := listForm{Month: q.Get("maand"), Kind: q.Get("soort"), Country: q.Get("land"), Text: q.Get("zoek"), Sort: q.Get("volgorde"), OnlyFree: q.Get("vrij") != ""}
		found := in.filter().Apply(all)
		order(found, in.Sort)
		seen := map[any]bool{}
		for _, d := range found {
			if seen[d.ID] || in.OnlyFree && d.Free == 0 || len(found) > len(all) {
				t.Fatalf("%q: %v", query, found)
			}
			seen[d.ID] = true
		}
		if query == "" && len(found) != len(all) {
			t.Fatal("an empty filter hides something")
		}
	})
}
