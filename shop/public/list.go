package public

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/public"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// listForm is the filter as it stands in the address.
type listForm struct {
	BirthYear int    `form:"geboortejaar" validate:"min=0,max=9999"`
	Month     string `form:"maand" validate:"max=7"`
	Kind      string `form:"soort" validate:"max=20"`
	Country   string `form:"land" validate:"max=2"`
	Text      string `form:"zoek" validate:"max=60"`
	Sort      string `form:"volgorde" validate:"max=20"`
	OnlyFree  bool   `form:"vrij"`
}

func (f listForm) filter() catalogue.Filter {
	out := catalogue.Filter{BirthYear: f.BirthYear, Kind: f.Kind, Country: strings.ToUpper(f.Country), Text: f.Text, OnlyFree: f.OnlyFree}
	if month, err := civil.Parse(f.Month + "-01"); err == nil {
		out.Month = month
	}
	return out
}

func (h *Handlers) list(c *fiber.Ctx) error {
	in, err := web.Form[listForm](c)
	if err != nil {
		in = listForm{} // an address that somebody changed by hand: all holidays, rather than an error about a filter
	}
	now, err := h.upcoming(c.UserContext())
	if err != nil {
		return err
	}
	p := public.ListPage{Page: web.Page(c), Total: len(now.departures), Chosen: chosen(in)}
	p.Title, p.Description, p.Width = p.T("public.list.title"), p.T("public.list.description"), layout.Broad
	p.Stale = now.since(p.Page)
	if !now.next.IsZero() {
		p.Next = p.Date(civil.Of(now.next)) + p.T("public.list.at", p.Clock(now.next))
	}
	found := in.filter().Apply(now.departures)
	order(found, in.Sort)
	p.Cards = h.cards(p.Page, found)
	p.Years = years(p.Page, now.departures)
	p.Months, p.Kinds, p.Countries = months(p.Page, in.filter(), now.departures), kindsOf(p.Page, in.filter(), now.departures), countries(p.Page, in.filter(), now.departures)
	return web.Render(c, public.List(p))
}

func chosen(in listForm) public.Chosen {
	out := public.Chosen{Month: in.Month, Kind: in.Kind, Country: in.Country, Text: in.Text, Sort: in.Sort, OnlyFree: in.OnlyFree}
	if in.BirthYear != 0 {
		out.BirthYear = strconv.Itoa(in.BirthYear)
	}
	return out
}

// order sorts; the list comes by date and stays so among equals.
func order(list []catalogue.Departure, by string) {
	switch by {
	case "prijs":
		slices.SortStableFunc(list, func(a, b catalogue.Departure) int { return cmp.Compare(a.Base, b.Base) })
	case "leeftijd":
		slices.SortStableFunc(list, func(a, b catalogue.Departure) int { return cmp.Compare(a.AgeFrom(), b.AgeFrom()) })
	}
}

// years are the birth years that some holiday admits, youngest children first.
func years(p layout.Page, all []catalogue.Departure) []ui.Option {
	options := []ui.Option{{Label: p.T("public.list.any_year")}}
	if len(all) == 0 {
		return options
	}
	first, last := all[0].BirthYearFrom, all[0].BirthYearTo
	for _, d := range all {
		first, last = min(first, d.BirthYearFrom), max(last, d.BirthYearTo)
	}
	for year := last; year >= first; year-- {
		options = append(options, ui.Option{Value: strconv.Itoa(year), Label: p.T("public.list.year", year, season(all)-year, season(all))})
	}
	return options
}

// months are the months in which holidays start, each with how many the other choices leave.
func months(p layout.Page, f catalogue.Filter, all []catalogue.Departure) []ui.Option {
	options := []ui.Option{{Label: p.T("public.list.any_month")}}
	f.Month = civil.Date{}
	count := map[civil.Date]int{}
	for _, d := range f.Apply(all) {
		count[catalogue.MonthOf(d.StartsOn)]++
	}
	var listed civil.Date
	for _, d := range all { // by date
		if m := catalogue.MonthOf(d.StartsOn); m != listed {
			listed = m
			options = append(options, ui.Option{Value: m.String()[:7], Label: p.T("public.list.choice", p.Month(m), count[m])})
		}
	}
	return options
}

func kindsOf(p layout.Page, f catalogue.Filter, all []catalogue.Departure) []ui.Option {
	options := []ui.Option{{Label: p.T("public.list.any_kind")}}
	for _, kind := range []string{"domestic", "abroad", "flight", "inclusive"} {
		f.Kind = kind
		options = append(options, ui.Option{Value: kind, Label: p.T("public.list.choice", p.T("public.kind."+kind), len(f.Apply(all)))})
	}
	return options
}

// countries are where holidays go, by name.
func countries(p layout.Page, f catalogue.Filter, all []catalogue.Departure) []ui.Option {
	var options []ui.Option
	for _, code := range catalogue.Countries(all) {
		f.Country = code
		options = append(options, ui.Option{Value: code, Label: p.T("public.list.choice", p.T("country."+code), len(f.Apply(all)))})
	}
	slices.SortFunc(options, func(a, b ui.Option) int { return cmp.Compare(a.Label, b.Label) })
	return append([]ui.Option{{Label: p.T("public.list.any_country")}}, options...)
}
