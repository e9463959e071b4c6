package accounting

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/invoice"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/templates/ui"
)

// invoicesForm is the list's search. The words of the address are Dutch, as in all addresses.
type invoicesForm struct {
	Search string `form:"zoek" validate:"max=100"`
	Show   string `form:"toon" validate:"omitempty,oneof=open te-laat betaald creditnotas alles"`
	Sort   string `form:"volgorde" validate:"omitempty,oneof=vervaldag nummer klant open bedrag"`
	Page   int    `form:"blad" validate:"min=0,max=100000"`
}

// choice is one value of a select: in the address, in the service, and its message key.
type choice[T ~string] struct {
	word string
	is   T
}

var (
	shows = []choice[invoice.Show]{{"open", invoice.ShowOpen}, {"te-laat", invoice.ShowOverdue}, {"betaald", invoice.ShowPaid},
		{"creditnotas", invoice.ShowCredit}, {"alles", invoice.ShowAll}}
	sorts = []choice[invoice.Sort]{{"vervaldag", invoice.ByDue}, {"nummer", invoice.ByNumber}, {"klant", invoice.ByPayer},
		{"open", invoice.ByOpen}, {"bedrag", invoice.ByTotal}}
)

// pick finds a word's value; the first when there is none.
func pick[T ~string](all []choice[T], word string) choice[T] {
	for _, c := range all {
		if c.word == word {
			return c
		}
	}
	return all[0]
}

func options[T ~string](p layout.Page, all []choice[T], key string) []ui.Option {
	list := make([]ui.Option, len(all))
	for i, c := range all {
		list[i] = ui.Option{Value: c.word, Label: p.T(key + string(c.is))}
	}
	return list
}

// ShowInvoices lists invoices: open ones first, found by anything that is printed on them.
func (h *Handlers) ShowInvoices(c *fiber.Ctx) error {
	in, err := web.Form[invoicesForm](c)
	if err != nil {
		in = invoicesForm{} // an address that somebody changed: the list as it begins
	}
	show, sort := pick(shows, in.Show), pick(sorts, in.Sort)
	list, err := h.Invoices.List(c.UserContext(), h.DB, invoice.Query{Search: in.Search, Show: show.is, Sort: sort.is, Page: in.Page})
	if err != nil {
		return err
	}
	p := accounting.InvoicesPage{Page: page(c, "accounting.invoices.title"), Search: in.Search, Show: show.word, Sort: sort.word,
		Count: list.Count, Open: list.Open}
	p.Shows, p.Sorts = options(p.Page, shows, "accounting.show."), options(p.Page, sorts, "accounting.sort.")
	for _, i := range list.Invoices {
		p.Invoices = append(p.Invoices, invoiceRow(p.Page, i))
	}
	p.Pages = ui.Pages{Current: list.Page, Last: list.Last, Href: func(n int) string {
		q := url.Values{"toon": {show.word}, "volgorde": {sort.word}, "blad": {strconv.Itoa(n)}}
		if in.Search != "" {
			q.Set("zoek", in.Search)
		}
		return "/boekhouding/facturen?" + q.Encode()
	}}
	return web.Render(c, accounting.Invoices(p))
}
