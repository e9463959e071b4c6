package public_test

import (
	"context"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"joetz/templates/htmltest"
	"joetz/templates/layout"
	"joetz/templates/messages"
	"joetz/templates/public"
	"joetz/templates/scene"
	"joetz/templates/ui"
	"joetz/terms"
	"joetz/terms/civil"
)

var book = flag.String("book", "", "write the pages to this directory, for eyes")

func frame(lang, path string) layout.Page {
	return layout.Page{
		Lang: lang, Path: path, Today: civil.Must(2027, 1, 20), Now: time.Date(2027, 1, 20, 10, 0, 0, 0, civil.Brussels), Test: true,
		RequestID: "R7K2M9Q4XA",
		Organiser: layout.Organiser{Name: "JOETZ vzw", Brand: "JOETZ", Street: "Sint-Jansstraat 32", Postcode: "1000", City: "Brussel",
			Enterprise: "BE 0123.456.749", Email: "info@joetz.be"},
	}
}

var sailing = scene.Holiday{Code: "BU-27-11", Title: "Bemanning gezocht", Destination: "IJsselmeer", Abroad: true, StartsOn: civil.Must(2027, 7, 19)}

func card(title string, kind public.Kind, country string, start civil.Date, free, held int) public.Card {
	return public.Card{Slug: strings.ToLower(strings.ReplaceAll(title, " ", "-")), Title: title, Destination: "Oostduinkerke", Country: country, Kind: kind,
		StartsOn: start, EndsOn: start.AddDays(5), AgeFrom: 8, AgeTo: 10, Base: 28900, Lowest: 9500,
		Places: public.Places{Free: free, Held: held}, Picture: "/assets/x/icon.svg"}
}

func cards() []public.Card {
	full := card("Bemanning gezocht", public.Abroad, "NL", civil.Must(2027, 7, 19), 0, 0)
	full.Inclusive = true
	late := card("Verborgen baaien van Mallorca", public.Flight, "ES", civil.Must(2027, 7, 3), 20, 0)
	late.OnSaleFrom, late.Lowest = "5 februari 2027 om 9:00", late.Base
	return []public.Card{
		card("Duinenland", public.Domestic, "BE", civil.Must(2027, 8, 2), 30, 2), card("Kleine superhelden", public.Domestic, "BE", civil.Must(2027, 7, 5), 3, 1),
		full, late, card("Slapen tussen de takken", public.Domestic, "BE", civil.Must(2027, 7, 28), 0, 2),
	}
}

func holiday(p layout.Page) public.HolidayPage {
	p.Title, p.Width = "Bemanning gezocht", layout.Broad
	c := card("Bemanning gezocht", public.Abroad, "NL", civil.Must(2027, 7, 19), 3, 2)
	c.Destination = "IJsselmeer, zeilschip"
	return public.HolidayPage{
		Page: p, Card: c, Description: "Zelf zeil hijsen, koken in de kombuis en slapen in een haven.", Accommodation: "zeilschip met kajuiten", Transport: "Autocar",
		BirthYearFrom: 2012, BirthYearTo: 2015, Nights: 5, Package: true,
		Prices:      []public.Price{{Category: "base", Amount: 47500}, {Category: "solidaris", Amount: 35500}, {Category: "vt", Amount: 20500}},
		Included:    []string{"heen- en terugreis per autocar", "1 valies en 1 dagrugzak", "volpension", "begeleiding door opgeleide animatoren"},
		NotIncluded: []string{"zakgeld", "lunchpakket heenreis"},
		Boarding:    []public.Boarding{{Name: "Antwerpen-Berchem", MinParticipants: 8}, {Name: "Gent (Flanders Expo)", MinParticipants: 8}},
		Schedule:    []public.Due{{Kind: "deposit", On: civil.Must(2027, 2, 3), Amount: 10000}, {Kind: "balance", On: civil.Must(2027, 6, 19), Amount: 37500}},
		Instalments: 3, Premium: 3087, PremiumUntil: civil.Must(2027, 6, 19), Rebooking: 5000,
		CancelSteps: []public.CancelStep{
			{From: civil.Must(2027, 1, 20), To: civil.Must(2027, 5, 20), Fee: 10000, Percent: 21},
			{From: civil.Must(2027, 5, 21), To: civil.Must(2027, 6, 19), Fee: 35625, Percent: 75},
			{From: civil.Must(2027, 6, 20), To: civil.Must(2027, 7, 19), Fee: 47500, Percent: 100},
		},
		Scene: sailing, MaxChildren: 6,
		Departures: []public.Departure{{ID: 7, StartsOn: c.StartsOn, EndsOn: c.EndsOn, Places: c.Places}},
	}
}

func pages(lang string) map[string]templ.Component {
	page := func(path string) layout.Page { return frame(lang, path) }
	options := func(texts ...string) (out []ui.Option) {
		for i, text := range texts {
			out = append(out, ui.Option{Value: strings.Repeat("x", i), Label: text})
		}
		return out
	}
	list := public.ListPage{Page: page("/vakanties"), Cards: cards(), Total: 37,
		Years: options("Alle leeftijden", "2018 (9 jaar in 2027)"), Months: options("Alle maanden", "juli 2027 (12)"),
		Kinds: options("Alle soorten", "In België (18)"), Countries: options("Alle landen", "België (18)")}
	list.Width, list.Title = layout.Broad, "Kies een vakantie"
	empty := list
	empty.Cards, empty.Chosen, empty.Stale = nil, public.Chosen{Text: "xyz"}, "14:05"
	home := public.HomePage{Page: page("/"), Year: 2027, Years: list.Years, Count: 37, Soon: cards()[:3], Scene: sailing}
	home.Width, home.Title = layout.Broad, "Vakanties"
	two := holiday(page("/vakanties/x"))
	two.TargetGroup, two.Inclusive = "kinderen en jongeren met een fysieke beperking", true
	two.Departures = append(two.Departures, public.Departure{ID: 8, StartsOn: two.StartsOn.AddDays(7), EndsOn: two.EndsOn.AddDays(7)})
	full := holiday(page("/vakanties/y"))
	full.Closed, full.Places, full.AtOnce, full.Premium, full.RebookingAs = "full", public.Places{}, true, 0, true
	full.Prices = full.Prices[:1]
	text := public.TermsPage{Page: page("/voorwaarden"), Version: "joetz-2027", From: civil.Must(2026, 9, 1), Text: public.JOETZ2027()}
	text.Title = "Algemene voorwaarden"
	insurance := public.InsurancePage{Page: page("/verzekering"), Insurer: "Allianz", Clauses: []string{"De premie bedraagt 6,5%."},
		Examples: []public.Premium{{Price: 21500, Premium: 2500}, {Price: 59500, Premium: 3867}}}
	insurance.Title = "Annulatieverzekering"
	plain := public.TextPage{Page: page("/privacy")}
	plain.Title = "Privacy"
	return map[string]templ.Component{
		"home": public.Home(home), "list": public.List(list), "empty": public.List(empty), "holiday": public.Holiday(holiday(page("/vakanties/z"))),
		"holiday-two": public.Holiday(two), "holiday-full": public.Holiday(full), "terms": public.Terms(text),
		"insurance": public.Insurance(insurance), "privacy": public.Privacy(plain), "contact": public.Contact(plain),
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	for _, lang := range messages.Languages {
		for name, page := range pages(lang) {
			t.Run(lang+" "+name, func(t *testing.T) {
				t.Parallel()
				var b strings.Builder
				if err := page.Render(context.Background(), &b); err != nil {
					t.Fatal(err)
				}
				htmltest.Page(t, b.String())
				htmltest.Keep(t, *book, name+"-"+lang+".html", b.String())
			})
		}
	}
}

// Each clause that a reason may name has its place on the terms page, with the same words.
func TestClausesAreInTheText(t *testing.T) {
	t.Parallel()
	text := map[string]string{}
	for _, s := range public.JOETZ2027() {
		if _, twice := text[s.ID]; twice {
			t.Errorf("two sections have the anchor %q", s.ID)
		}
		for _, b := range s.Blocks {
			text[s.ID] += b.Text + " " + strings.Join(b.Items, " ") + " "
		}
	}
	for name, clause := range terms.JOETZ2027().Policy().Clauses {
		section, ok := text[public.ClauseAnchor(clause.Title)]
		if !ok {
			t.Errorf("clause %s: no section %q", name, clause.Title)
		}
		quoted := strings.ReplaceAll(clause.Words, "… ", "") // what stands between two sentences and was left out
		for _, sentence := range strings.SplitAfter(quoted, ". ") {
			if !strings.Contains(section, strings.TrimSpace(sentence)) {
				t.Errorf("clause %s: its words are not in section %q: %s", name, clause.Title, sentence)
			}
		}
	}
}
