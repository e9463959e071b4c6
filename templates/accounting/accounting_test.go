package accounting_test

import (
	"context"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"joetz/templates/accounting"
	"joetz/templates/htmltest"
	"joetz/templates/layout"
	"joetz/templates/messages"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

var book = flag.String("book", "", "write the pages to this directory, for eyes")

func frame(lang, path string) layout.Page {
	return layout.Page{
		Lang: lang, Path: path, Title: "Boekhouding", Width: layout.Full, Today: civil.Must(2027, 6, 20), Test: true,
		Now: time.Date(2027, 6, 20, 10, 0, 0, 0, civil.Brussels), User: &layout.User{Name: "Rita Claes", Role: layout.Accounting},
		Organiser: layout.Organiser{Name: "JOETZ vzw", Brand: "JOETZ", Street: "Sint-Jansstraat 32", Postcode: "1000", City: "Brussel",
			Enterprise: "BE 0123.456.749", Email: "info@joetz.be"},
	}
}

func rows() []accounting.InvoiceRow {
	return []accounting.InvoiceRow{
		{Href: "/boekhouding/facturen/1", Number: "VV-2027-00017", Payer: "Inès Van den Bölke", Reference: "J-1000017", IssuedOn: civil.Must(2027, 2, 1),
			DueOn: civil.Must(2027, 5, 15), Days: 36, Total: 15000, Open: 15000, Status: "overdue"},
		{Href: "/boekhouding/facturen/2", Payer: "Wolfgang Vandenbroucke-De Schepper", Reference: "J-1000018", IssuedOn: civil.Must(2027, 6, 19),
			DueOn: civil.Must(2027, 7, 3), Total: 128050, Open: 100000, Status: "partly"},
		{Href: "/boekhouding/facturen/3", Number: "V-2027-01203", Payer: "An De Wit", Reference: "J-1000019", IssuedOn: civil.Must(2027, 6, 1),
			DueOn: civil.Must(2027, 6, 30), Total: 21500, Status: "paid"},
		{Href: "/boekhouding/facturen/4", Number: "CN-2027-00003", Payer: "An De Wit", Reference: "J-1000019", IssuedOn: civil.Must(2027, 6, 12),
			DueOn: civil.Must(2027, 6, 12), Total: -21500, Status: "credit"},
	}
}

func pages(lang string) map[string]templ.Component {
	start := accounting.StartPage{Page: frame(lang, "/boekhouding"), Open: 1284050,
		Tasks: []accounting.Todo{{Label: "12 facturen zijn te laat", Note: "samen € 1.840,00", Href: "/boekhouding/facturen?toon=te-laat", Tone: layout.Warning, State: "Nakijken"}},
		Ages: []accounting.Age{{Label: "Nog niet vervallen", Count: 96, Open: 1100050, Share: 100}, {Label: "1 tot 30 dagen te laat", Count: 9, Open: 134000, Share: 12, Late: true},
			{Label: "31 tot 60 dagen te laat", Count: 1, Open: 45000, Share: 4, Late: true}, {Label: "Meer dan 60 dagen te laat", Count: 0, Late: true}},
		Accounts: []accounting.Account{{Code: "499", Amount: -12500}, {Code: "550", Amount: 4812375}, {Code: "5801", Amount: 0}, {Code: "5802", Amount: 18200}, {Code: "5803", Amount: 0}}}
	calm := start
	calm.Tasks = nil
	list := accounting.InvoicesPage{Page: frame(lang, "/boekhouding/facturen"), Search: "wit", Show: "open", Sort: "vervaldag", Invoices: rows(), Count: 128, Open: 1284050,
		Shows: []ui.Option{{Value: "open", Label: "Open"}}, Sorts: []ui.Option{{Value: "vervaldag", Label: "Oudste vervaldag eerst"}},
		Pages: ui.Pages{Current: 1, Last: 3, Href: func(int) string { return "/boekhouding/facturen?blad=2" }}}
	none := list
	none.Invoices, none.Count, none.Open = nil, 0, 0
	one := accounting.InvoicePage{Page: frame(lang, "/boekhouding/facturen/1"), InvoiceRow: rows()[0], Kind: "deposit",
		Address: []string{"Inès Van den Bölke", "Kerkstraat 12 bus 3", "9000 Gent"}, Communication: "+++260/0000/10173+++", Paid: 7500,
		Lines:    []accounting.Line{{Description: "Lotte Van den Bölke, Strandjutters in Bredene, 5-9 juli 2027", Amount: 7500, Paid: 7500, Counts: true}, {Description: "Milan Van den Bölke, Strandjutters in Bredene, 5-9 juli 2027", Amount: 7500, Counts: true}},
		Receipts: []accounting.Receipt{{On: civil.Must(2027, 2, 11), Method: "transfer", Payer: "I. VAN DEN BOLKE", IBAN: "BE62 5100 0754 7061", Amount: 7500}, {On: civil.Must(2027, 2, 12), Method: "stripe", Amount: 500, Gone: 500}},
		Others:   rows()[2:],
		History:  []accounting.Event{{At: time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC), Text: "Geschreven voor € 150,00"}, {At: time.Date(2027, 2, 1, 9, 0, 1, 0, time.UTC), Text: "Kreeg nummer VV-2027-00017"}}}
	one.Open = 7500
	credit := one
	credit.InvoiceRow, credit.Kind, credit.Receipts, credit.Others = rows()[3], "credit", nil, nil
	credit.Lines = []accounting.Line{{Description: "An De Wit", Amount: -21500}}
	books := accounting.AccountsPage{Page: frame(lang, "/boekhouding/rekeningen"), Debit: 4830575, Credit: 4830575,
		Accounts: []accounting.Account{{Code: "400", Name: "Klanten", Amount: 0}, {Code: "461", Name: "Ontvangen vooruitbetalingen", Amount: -4818075}, {Code: "499", Name: "Wachtrekening", Amount: -12500}, {Code: "550", Name: "Bank", Amount: 4812375}, {Code: "5802", Name: "Saldo bij Stripe", Amount: 18200}}}
	wrong := books
	wrong.Credit--
	reminders := accounting.RemindersPage{ReportPage: accounting.ReportPage{Page: frame(lang, "/boekhouding/herinneringen")}, Ready: 1, Posted: "2027-02-11",
		Letters: []accounting.LetterRow{{Payer: "An De Wit", Reference: "V1000001", Href: "/x", Stage: "Gratis herinnering", Open: 7500, DueOn: civil.Must(2027, 2, 11)}, {Payer: "Jan", Reference: "V1000002", Href: "/y", Stage: "Gratis herinnering", Open: 7500, Why: "open vraag"}},
		Batches: []accounting.LetterBatch{{ID: 1, State: "printed", Letters: 2, Paid: 1, By: "Rita"}, {ID: 2, State: "posted", On: civil.Must(2027, 2, 11), Letters: 1}, {ID: 3, State: "dropped", Letters: 1}},
		Costs:   []accounting.LateCosts{{Order: 1, Payer: "An De Wit", Reference: "V1000001", Href: "/x", DueOn: civil.Must(2027, 1, 11), Until: civil.Must(2027, 2, 1), Open: 7500, Costs: 2000}}}
	settings := accounting.SettingsPage{Page: frame(lang, "/boekhouding/instellingen"), Version: "002", Reference: "structured", Sample: accounting.QR{Path: "M0 0h1v1h-1z", Side: 29}, On: true,
		Costs: accounting.CostsForm{Clause: "artikel 9", PlacedFrom: "2027-01-01", Small: "20,00"}, Examples: []accounting.Fact{{Name: "€ 100,00 open", Value: "€ 20,00"}}}
	stripe := accounting.StripePage{ReportPage: accounting.ReportPage{Page: frame(lang, "/boekhouding/stripe")}, Findings: []accounting.Finding{{ID: 1, Text: "Een uitbetaling klopt niet", How: "Open de uitbetaling.",
		Object: "po_1", Amount: "€ 1,00", Source: &layout.Link{Href: "/boekhouding/stripe/uitbetalingen/po_1", Text: "Bekijk de uitbetaling"}}, {ID: 2, Text: "Vreemd geld", How: "Zoek het.", Placeable: true}}}
	refunds := accounting.RefundsPage{ReportPage: accounting.ReportPage{Page: frame(lang, "/boekhouding/terugbetalingen")}, Ready: 1, Total: 7500,
		Waiting: []accounting.RefundRow{{ID: 1, Order: 1, OrderHref: "/x", Reference: "V1000001", Payer: "An De Wit", Amount: 7500, State: "ready"}, {ID: 2, Order: 2, OrderHref: "/y", Reference: "V1000002", Payer: "Jan", Amount: 7500, State: "failed"}}}
	return map[string]templ.Component{
		"refunds":   accounting.Refunds(refunds),
		"reminders": accounting.Reminders(reminders), "settings": accounting.Settings(settings), "findings": accounting.Stripe(stripe),
		"start": accounting.Start(start), "calm": accounting.Start(calm), "invoices": accounting.Invoices(list), "none": accounting.Invoices(none),
		"invoice": accounting.Invoice(one), "credit": accounting.Invoice(credit), "accounts": accounting.Accounts(books), "wrong": accounting.Accounts(wrong),
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
				if i := strings.Index(b.String(), "[accounting."); i >= 0 {
					t.Errorf("a text is missing: %.60s", b.String()[i:])
				}
				htmltest.Keep(t, *book, name+"-"+lang+".html", b.String())
			})
		}
	}
}
