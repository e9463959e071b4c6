package accounting

import (
	"cmp"
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
	p.Caption, p.None = p.T("books.payments.title"), p.T("books.payments.none")
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

// ShowDeferred is what departures hold of families' money until they have taken place.
func (h *Handlers) ShowDeferred(c *fiber.Ctx) error {
	p := accounting.ReportPage{Page: page(c, "books.deferred.title")}
	s, _ := span(c, p.Today)
	all, err := h.Books.DeferredAt(c.UserContext(), s.To)
	if err != nil {
		return err
	}
	p.Lead = p.T("books.deferred.lead")
	p.Filter = &accounting.Filter{Action: "/boekhouding/vooruitontvangen", Fields: []ui.Field{{Name: "tot", Type: "date", Label: p.T("books.deferred.day"), Value: s.To.String()}}}
	p.Caption, p.None = p.T("books.deferred.title"), p.T("books.deferred.none")
	p.Columns = []ui.Column{{Label: p.T("books.column.holiday"), Wide: true}, {Label: p.T("books.column.bookings"), Number: true}, {Label: p.T("books.deferred.invoiced"), Number: true},
		{Label: p.T("books.deferred.received"), Number: true}, {Label: p.T("books.deferred.revenue"), Number: true}}
	var sum books.Deferred
	months := map[civil.Date]money.Cents{}
	var order []civil.Date
	for _, d := range all {
		if d.Invoiced == 0 && d.Received == 0 && d.Revenue == 0 { // all of it was credited
			continue
		}
		sum.Bookings, sum.Invoiced, sum.Received, sum.Revenue = sum.Bookings+d.Bookings, sum.Invoiced+d.Invoiced, sum.Received+d.Received, sum.Revenue+d.Revenue
		y, m, _ := d.EndsOn.YMD()
		month := civil.Must(y, m, 1)
		if _, known := months[month]; !known && d.Received != 0 {
			order = append(order, month)
		}
		if d.Received != 0 {
			months[month] += d.Received
		}
		p.Rows = append(p.Rows, accounting.Row{Cells: []accounting.Cell{{Text: d.Title, Note: d.Code + " · " + p.Range(d.StartsOn, d.EndsOn)}, {Text: strconv.Itoa(d.Bookings)},
			amountCell(p.Page, d.Invoiced, ""), amountCell(p.Page, d.Received, ""), amountCell(p.Page, d.Revenue, "")}})
	}
	if len(all) > 0 {
		p.Rows = append(p.Rows, accounting.Row{Sum: true, Cells: []accounting.Cell{{Text: p.T("accounting.accounts.sum")}, {Text: strconv.Itoa(sum.Bookings)},
			amountCell(p.Page, sum.Invoiced, accountPath("460")), amountCell(p.Page, sum.Received, accountPath("461")), amountCell(p.Page, sum.Revenue, accountPath("700"))}})
	}
	p.BarsAre = p.T("books.deferred.bars")
	for _, m := range order {
		p.Bars = append(p.Bars, accounting.Bar{Label: p.Month(m), Value: p.MoneyExact(months[m])})
	}
	scale(p.Bars, func(i int) money.Cents { return months[order[i]] })
	return web.Render(c, accounting.Report(p))
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
