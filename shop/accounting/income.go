package accounting

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/bank"
	"joetz/payments/books"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

const paymentsPath = "/boekhouding/betalingen"

// paymentsListed is how many payments a page shows.
const paymentsListed = 50

type paymentsForm struct {
	Search string `form:"zoek" validate:"max=100"`
}

// ShowPayments lists money that came in, what it is for and where it came from.
func (h *Handlers) ShowPayments(c *fiber.Ctx) error {
	p := accounting.ReportPage{Page: page(c, "books.payments.title")}
	s, n := span(c, p.Today)
	in, err := web.Form[paymentsForm](c)
	if err != nil {
		in = paymentsForm{}
	}
	list, count, sum, err := h.Books.Payments(c.UserContext(), books.PaymentQuery{Search: in.Search, Span: s, Page: n, Size: paymentsListed})
	if err != nil {
		return err
	}
	p.Filter = spanFilter(p.Page, paymentsPath, s)
	p.Filter.Fields = append([]ui.Field{{Name: "zoek", Type: "search", Label: p.T("books.payments.search"), Value: in.Search, MaxLength: 100}}, p.Filter.Fields...)
	p.Facts = []accounting.Fact{{Name: p.N("books.payments.count", count), Value: p.MoneyExact(sum)}}
	p.Caption, p.None, p.Brief = p.T("books.payments.title"), p.T("books.payments.none"), true
	p.Columns = []ui.Column{{Label: p.T("books.column.on")}, {Label: p.T("books.column.payer"), Wide: true}, {Label: p.T("books.column.order")}, {Label: p.T("books.column.source")},
		{Label: p.T("books.column.amount"), Number: true}, {Label: p.T("books.column.back"), Number: true}}
	for _, x := range list {
		p.Rows = append(p.Rows, paymentRow(p.Page, x))
	}
	query := spanQuery(s)
	if in.Search != "" {
		query.Set("zoek", in.Search)
	}
	p.Pages = reportPages(paymentsPath, query, n, paymentsListed, count)
	return web.Render(c, accounting.Report(p))
}

func paymentRow(p layout.Page, x books.Payment) accounting.Row {
	from := accounting.Cell{Text: p.T("books.payments.by_" + x.Method)}
	switch {
	case x.Movement != 0:
		from.Href, from.Note = movementPath(x.Movement), p.T("bank.how."+x.How)
	case x.Payout != "":
		from.Href, from.Note = payoutPath(x.Payout), p.T("books.payments.paid_out")
	}
	order := accounting.Cell{Text: x.Reference, Href: orderPath(x.Order), Note: x.OrderBy}
	if x.Credit > 0 {
		order.Note = p.T("books.payments.credit", p.MoneyExact(x.Credit))
	}
	iban := x.IBAN
	if parsed, err := bank.ParseIBAN(iban); err == nil {
		iban = parsed.String()
	}
	return accounting.Row{Cells: []accounting.Cell{{Text: p.DatePlain(x.On)}, {Text: cmp.Or(x.Payer, x.OrderBy), Note: iban}, order, from,
		amountCell(p, x.Amount, ""), amountCell(p, x.Withdrawn+x.Refunded, "")}}
}

// deferredListed is how many departures a page shows.
const deferredListed = 50

const deferredPath = "/boekhouding/vooruitontvangen"

// ShowDeferred is what departures hold of families' money until they have taken place. The sums and the bars are of all of them,
// whichever are listed.
func (h *Handlers) ShowDeferred(c *fiber.Ctx) error {
	p := accounting.ReportPage{Page: page(c, "books.deferred.title")}
	s, n := span(c, p.Today)
	in, err := web.Form[paymentsForm](c)
	if err != nil {
		in = paymentsForm{}
	}
	all, err := h.Books.DeferredAt(c.UserContext(), s.To)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(d books.Deferred) bool { return d.Invoiced == 0 && d.Received == 0 && d.Revenue == 0 }) // all of it was credited
	p.Lead = p.T("books.deferred.lead")
	p.Filter = &accounting.Filter{Action: deferredPath, Fields: []ui.Field{
		{Name: "tot", Type: "date", Label: p.T("books.deferred.day"), Value: s.To.String()},
		{Name: "zoek", Type: "search", Label: p.T("roster.departures.search"), Value: in.Search, MaxLength: 100},
	}}
	p.Caption, p.None = p.T("books.deferred.title"), p.T("books.deferred.none")
	p.Columns = []ui.Column{{Label: p.T("books.column.holiday"), Wide: true}, {Label: p.T("books.column.bookings"), Number: true}, {Label: p.T("books.deferred.invoiced"), Number: true},
		{Label: p.T("books.deferred.received"), Number: true}, {Label: p.T("books.deferred.revenue"), Number: true}}
	sum := deferredBars(&p, all)
	shown := all
	if in.Search != "" {
		shown = slices.DeleteFunc(slices.Clone(all), func(d books.Deferred) bool { return !d.Fits(in.Search) })
		p.None = p.T("roster.departures.none")
	}
	query := url.Values{"tot": {s.To.String()}}
	if in.Search != "" {
		query.Set("zoek", in.Search)
	}
	p.Pages = reportPages(deferredPath, query, n, deferredListed, len(shown))
	p.Pages.Current = min(n, p.Pages.Last)
	whole := len(shown) == len(all) && p.Pages.Last == 1
	from := (p.Pages.Current - 1) * deferredListed
	shown = shown[from:min(from+deferredListed, len(shown))]
	for _, d := range shown {
		p.Rows = append(p.Rows, deferredRow(p.Page, accounting.Cell{Text: d.Title, Note: d.Code + " · " + p.Range(d.StartsOn, d.EndsOn)}, d, false))
	}
	switch {
	case len(all) == 0:
	case whole:
		p.Rows = append(p.Rows, deferredRow(p.Page, accounting.Cell{Text: p.T("accounting.accounts.sum")}, sum, true))
	default: // a sum under a part of the rows would be taken for theirs
		p.Facts = []accounting.Fact{
			{Name: p.N("books.deferred.all", len(all)), Value: p.N("books.deferred.booked", sum.Bookings)},
			{Name: p.T("books.deferred.invoiced"), Value: p.MoneyExact(sum.Invoiced), Href: accountPath("460")},
			{Name: p.T("books.deferred.received"), Value: p.MoneyExact(sum.Received), Href: accountPath("461")},
			{Name: p.T("books.deferred.revenue"), Value: p.MoneyExact(sum.Revenue), Href: accountPath("700")},
		}
	}
	return web.Render(c, accounting.Report(p))
}

func deferredRow(p layout.Page, name accounting.Cell, d books.Deferred, sum bool) accounting.Row {
	to := func(account string) string {
		if !sum {
			return ""
		}
		return accountPath(account)
	}
	return accounting.Row{Sum: sum, Cells: []accounting.Cell{name, {Text: strconv.Itoa(d.Bookings)},
		amountCell(p, d.Invoiced, to("460")), amountCell(p, d.Received, to("461")), amountCell(p, d.Revenue, to("700"))}}
}

// deferredBars adds a bar for each month and what was received for its holidays, and gives the sum of all departures.
func deferredBars(p *accounting.ReportPage, all []books.Deferred) (sum books.Deferred) {
	months := map[civil.Date]money.Cents{}
	var order []civil.Date
	for _, d := range all {
		sum.Bookings, sum.Invoiced, sum.Received, sum.Revenue = sum.Bookings+d.Bookings, sum.Invoiced+d.Invoiced, sum.Received+d.Received, sum.Revenue+d.Revenue
		if d.Received == 0 {
			continue
		}
		y, m, _ := d.EndsOn.YMD()
		month := civil.Must(y, m, 1)
		if _, known := months[month]; !known {
			order = append(order, month)
		}
		months[month] += d.Received
	}
	p.BarsAre = p.T("books.deferred.bars")
	for _, m := range order {
		p.Bars = append(p.Bars, accounting.Bar{Label: p.Month(m), Value: p.MoneyExact(months[m])})
	}
	scale(p.Bars, func(i int) money.Cents { return months[order[i]] })
	return sum
}

// scale gives bars their lengths: the longest fills the line.
func scale(bars []accounting.Bar, amount func(i int) money.Cents) {
	var longest money.Cents
	for i := range bars {
		longest = max(longest, amount(i))
	}
	for i := range bars {
		if longest > 0 {
			bars[i].Share = int(max(0, amount(i)) * 100 / longest)
		}
	}
}

// ShowInsurer is the statement for the insurer: every premium that became theirs, and what they are owed.
func (h *Handlers) ShowInsurer(c *fiber.Ctx) error {
	p := accounting.ReportPage{Page: page(c, "books.insurer.title")}
	s, _ := span(c, p.Today)
	all, owed, err := h.Books.PremiumsIn(c.UserContext(), s)
	if err != nil {
		return err
	}
	p.Lead = p.T("books.insurer.lead")
	p.Filter = spanFilter(p.Page, "/boekhouding/verzekeraar", s)
	p.Caption, p.None = p.T("books.insurer.title"), p.T("books.insurer.none")
	p.Columns = []ui.Column{{Label: p.T("books.column.on")}, {Label: p.T("books.column.booking"), Wide: true}, {Label: p.T("books.column.holiday")},
		{Label: p.T("books.insurer.price"), Number: true}, {Label: p.T("books.insurer.premium"), Number: true}}
	var sum money.Cents
	for _, x := range all {
		sum += x.Amount
		p.Rows = append(p.Rows, accounting.Row{Cells: []accounting.Cell{{Text: p.DatePlain(x.On), Href: entryPath(x.Entry)}, {Text: x.Ref + "-" + strconv.FormatInt(int64(x.Booking), 10), Href: orderPath(x.Order)},
			{Text: x.Code, Note: p.Range(x.StartsOn, x.EndsOn)}, amountCell(p.Page, x.Price, ""), amountCell(p.Page, x.Amount, "")}})
	}
	if len(all) > 0 {
		p.Rows = append(p.Rows, accounting.Row{Sum: true, Cells: []accounting.Cell{{Text: p.T("accounting.accounts.sum")}, {}, {}, {}, amountCell(p.Page, sum, "")}})
	}
	p.Facts = []accounting.Fact{{Name: p.T("books.insurer.owed", p.DatePlain(s.To)), Value: p.MoneyExact(owed), Href: accountPath("4891") + "?" + spanQuery(s).Encode()}}
	p.Files = []layout.Link{{Href: "/boekhouding/uitvoer/verzekeraar.csv?" + spanQuery(s).Encode(), Text: p.T("books.insurer.file")}}
	return web.Render(c, accounting.Report(p))
}
