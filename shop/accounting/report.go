package accounting

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/books"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// linesListed is how many lines of the journal a page shows.
const linesListed = 50

// ErrNoAccount is returned for an account that is not in the chart.
var errNoAccount = fault.New(fault.NotFound, "books.fault.no_account")

type spanForm struct {
	From string `form:"van" validate:"max=10"`
	To   string `form:"tot" validate:"max=10"`
	Page int    `form:"blad" validate:"min=0,max=100000"`
}

// span is the stretch of days that the address asks for; the year up to today when it asks none or what is no date.
func span(c *fiber.Ctx, today civil.Date) (books.Span, int) {
	in, err := web.Form[spanForm](c)
	if err != nil {
		in = spanForm{}
	}
	from, errFrom := civil.Parse(in.From)
	to, errTo := civil.Parse(in.To)
	if errFrom != nil {
		from = civil.Must(today.Year(), 1, 1)
	}
	if errTo != nil {
		to = today
	}
	if to.Before(from) {
		from, to = to, from
	}
	return books.Span{From: from, To: to}, max(in.Page, 1)
}

// spanFilter is the form that asks a stretch of days.
func spanFilter(p layout.Page, action string, s books.Span) *accounting.Filter {
	return &accounting.Filter{Action: action, Fields: []ui.Field{
		{Name: "van", Type: "date", Label: p.T("books.filter.from"), Value: s.From.String()},
		{Name: "tot", Type: "date", Label: p.T("books.filter.to"), Value: s.To.String()},
	}}
}

func spanQuery(s books.Span) url.Values {
	return url.Values{"van": {s.From.String()}, "tot": {s.To.String()}}
}

// reportPages leads through the pages of a list of count rows.
func reportPages(path string, query url.Values, page, size, count int) ui.Pages {
	return ui.Pages{Current: page, Last: max(1, (count+size-1)/size), Href: func(n int) string {
		query.Set("blad", strconv.Itoa(n))
		return path + "?" + query.Encode()
	}}
}

func orderPath(order id.Order) string   { return fmt.Sprintf("/boekhouding/bestellingen/%d", order) }
func entryPath(entry int64) string      { return fmt.Sprintf("/boekhouding/journaal/%d", entry) }
func accountPath(account string) string { return "/boekhouding/rekeningen/" + account }
func payoutPath(payout string) string {
	return "/boekhouding/stripe/uitbetalingen/" + url.PathEscape(payout)
}
func amountCell(p layout.Page, c money.Cents, href string) accounting.Cell {
	if c == 0 {
		return accounting.Cell{}
	}
	return accounting.Cell{Text: p.MoneyExact(c), Href: href}
}

// source is where a line of the journal comes from, and how that is called.
func source(p layout.Page, l books.Line) (text, href string) {
	text = p.T("books.event." + event(l.Event))
	switch {
	case l.Invoice != 0:
		return text + " " + l.Document, invoicePath(l.Invoice)
	case l.Movement != 0:
		return text, movementPath(l.Movement)
	case l.Payout != "":
		return text, payoutPath(l.Payout)
	case l.Order != 0:
		return text, orderPath(l.Order)
	}
	return text, entryPath(l.Entry)
}

// events are the events that have a name of their own; others are "other".
var events = map[string]bool{"invoice": true, "credit": true, "advance": true, "payment": true, "payment_fee": true, "allocation": true, "refund": true, "refund_done": true,
	"refund_failed": true, "refund_returned": true, "withdrawal": true, "difference": true, "performed": true, "bank": true, "bank_placed": true, "bank_unplaced": true, "bank_refund": true,
	"stripe_charge": true, "stripe_refund": true, "stripe_refund_failure": true, "stripe_dispute": true, "stripe_dispute_reversal": true, "stripe_fee": true,
	"stripe_payout": true, "stripe_payout_reversal": true}

func event(e string) string {
	if events[e] {
		return e
	}
	return "other"
}

// lineColumns are the columns of a list of lines; account says whether they are of several accounts.
// accountColumn is the place of the account among the columns of a line; the page of one account leaves it out.
const accountColumn = 2

func without[T any](all []T, at int) []T { return slices.Delete(all, at, at+1) }

func lineColumns(p layout.Page) []ui.Column {
	return []ui.Column{{Label: p.T("books.column.on")}, {Label: p.T("books.column.what"), Wide: true}, {Label: p.T("books.column.account")},
		{Label: p.T("accounting.accounts.debit"), Number: true}, {Label: p.T("accounting.accounts.credit"), Number: true}}
}

func lineRow(p layout.Page, l books.Line) accounting.Row {
	text, href := source(p, l)
	note := l.Reason
	if l.Reference != "" {
		note = l.Reference + " " + l.Payer
		if l.Reason != "" {
			note += " · " + l.Reason
		}
	}
	on := accounting.Cell{Text: p.DatePlain(l.On), Href: entryPath(l.Entry)}
	if !l.HappenedOn.IsZero() {
		on.Note = p.T("books.happened_on", p.DatePlain(l.HappenedOn))
	}
	return accounting.Row{Cells: []accounting.Cell{on, {Text: text, Href: href, Note: note}, {Text: l.Account, Note: l.Name, Href: accountPath(l.Account)},
		amountCell(p, max(0, l.Amount), ""), amountCell(p, max(0, -l.Amount), "")}}
}

// ShowAccount is one account: where it stood, what moved, where it stands.
func (h *Handlers) ShowAccount(c *fiber.Ctx) error {
	p := accounting.ReportPage{Page: page(c, "accounting.accounts.title")}
	s, n := span(c, p.Today)
	totals, err := h.Books.Accounts(c.UserContext(), s)
	if err != nil {
		return err
	}
	code := c.Params("account")
	var total *books.AccountTotal
	for i := range totals {
		if totals[i].Code == code {
			total = &totals[i]
		}
	}
	if total == nil {
		return errNoAccount
	}
	lines, count, _, err := h.Books.Lines(c.UserContext(), books.LineQuery{Account: code, Span: s, Page: n, Size: linesListed})
	if err != nil {
		return err
	}
	p.Title, p.Back = total.Code+" "+total.Name, &layout.Link{Href: "/boekhouding/rekeningen", Text: p.T("accounting.accounts.title")}
	p.Filter = spanFilter(p.Page, accountPath(code), s)
	p.Facts = []accounting.Fact{{Name: p.T("books.opening"), Value: p.MoneyExact(total.Opening)}, {Name: p.T("accounting.accounts.debit"), Value: p.MoneyExact(total.Debit)},
		{Name: p.T("accounting.accounts.credit"), Value: p.MoneyExact(total.Credit)}, {Name: p.T("books.closing"), Value: p.MoneyExact(total.Closing())}}
	p.Caption, p.Columns, p.None, p.Brief = p.T("books.lines"), without(lineColumns(p.Page), accountColumn), p.T("books.no_lines"), true
	for _, l := range lines {
		row := lineRow(p.Page, l)
		row.Cells = without(row.Cells, accountColumn)
		p.Rows = append(p.Rows, row)
	}
	p.Pages = reportPages(accountPath(code), spanQuery(s), n, linesListed, count)
	return web.Render(c, accounting.Report(p))
}

// ShowEntry is one entry of the journal with its lines.
func (h *Handlers) ShowEntry(c *fiber.Ctx) error {
	key, _ := strconv.ParseInt(c.Params("entry"), 10, 64)
	lines, _, _, err := h.Books.Lines(c.UserContext(), books.LineQuery{Entry: max(key, 1)})
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return fault.New(fault.NotFound, "books.fault.no_entry")
	}
	p := accounting.ReportPage{Page: page(c, "books.lines")}
	p.Title, p.Width = p.T("books.entry", lines[0].Entry), layout.Broad
	text, href := source(p.Page, lines[0])
	p.Facts = []accounting.Fact{{Name: p.T("books.column.on"), Value: p.DatePlain(lines[0].On)}, {Name: p.T("books.source"), Value: text, Href: href}}
	if lines[0].Order != 0 {
		p.Facts = append(p.Facts, accounting.Fact{Name: p.T("books.order"), Value: lines[0].Reference + " " + lines[0].Payer, Href: orderPath(lines[0].Order)})
	}
	if lines[0].Reason != "" {
		p.Facts = append(p.Facts, accounting.Fact{Name: p.T("books.reason"), Value: lines[0].Reason})
	}
	p.Caption, p.Columns, p.Brief = p.T("books.lines"), lineColumns(p.Page), true
	for _, l := range lines {
		p.Rows = append(p.Rows, lineRow(p.Page, l))
	}
	return web.Render(c, accounting.Report(p))
}

// ShowOrder is an order's money: its documents, what came in, and its lines in the journal.
func (h *Handlers) ShowOrder(c *fiber.Ctx) error {
	key, _ := strconv.ParseInt(c.Params("order"), 10, 64)
	order := id.Order(max(key, 1))
	ctx := c.UserContext()
	docs, err := h.Invoices.OfOrder(ctx, h.DB, order)
	if err != nil {
		return err
	}
	lines, _, _, err := h.Books.Lines(ctx, books.LineQuery{Order: order})
	if err != nil {
		return err
	}
	if len(docs) == 0 && len(lines) == 0 {
		return fault.New(fault.NotFound, "booking.no_order")
	}
	credit, err := h.Payments.CreditOf(ctx, h.DB, order)
	if err != nil {
		return err
	}
	p := accounting.ReportPage{Page: page(c, "books.order")}
	for _, d := range docs {
		p.Title = p.T("books.order_of", d.Reference, d.Payer.Name)
		p.Facts = append(p.Facts, accounting.Fact{Name: p.T("books.document", d.Number), Value: p.T("books.open_of", p.MoneyExact(d.Open), p.MoneyExact(d.Total)), Href: invoicePath(d.ID)})
	}
	if credit != 0 {
		p.Facts = append(p.Facts, accounting.Fact{Name: p.T("books.credit"), Value: p.MoneyExact(credit)})
	}
	p.Links = []layout.Link{{Href: orderPath(order) + "/betaalplan", Text: p.T("plan.title")}}
	p.Caption, p.Columns, p.None, p.Brief = p.T("books.lines"), lineColumns(p.Page), p.T("books.no_lines"), true
	for _, l := range lines {
		p.Rows = append(p.Rows, lineRow(p.Page, l))
	}
	return web.Render(c, accounting.Report(p))
}
