package accounting

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/books"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

const closePath = "/boekhouding/afsluiten"

// checkPaths lead to where each check can be mended.
var checkPaths = map[string]string{"suspense": bankPath + "/wachtend", "bank_file": bankPath, "findings": "/boekhouding/stripe", "uninvoiced": "/boekhouding/facturen"}

// ShowClose is where a month is closed, and what was closed before.
func (h *Handlers) ShowClose(c *fiber.Ctx) error {
	p, err := h.closePage(c, h.Books.Unfinished)
	if err != nil {
		return err
	}
	return web.Render(c, accounting.Close(p))
}

// closePage shows what looks like what is not finished: a glance for each view, all rules once somebody could not close.
func (h *Handlers) closePage(c *fiber.Ctx, look func(context.Context, civil.Date) ([]books.Check, error)) (accounting.ClosePage, error) {
	p := accounting.ClosePage{ReportPage: accounting.ReportPage{Page: page(c, "books.close.title")}}
	p.Width, p.Lead = layout.Broad, p.T("books.close.lead")
	closed, next, over, err := h.Books.Months(c.UserContext())
	if err != nil {
		return p, err
	}
	switch {
	case over:
		p.Month, p.Until = p.Page.Month(next), next.String()
		checks, err := look(c.UserContext(), next)
		if err != nil {
			return p, err
		}
		for _, x := range checks {
			p.Checks = append(p.Checks, accounting.CloseCheck{Code: x.Code, Text: p.N("books.check."+x.Code, x.Count), Href: checkPaths[x.Code], Hinders: x.Hinders, Details: x.Details})
			p.Hindered = p.Hindered || x.Hinders
		}
	case next.IsZero():
		p.Notices = []accounting.Notice{{Tone: layout.Info, Text: p.T("books.close.nothing")}}
	default:
		p.Notices = []accounting.Notice{{Tone: layout.Info, Text: p.T("books.close.runs", p.DatePlain(next.AddDays(1)))}}
	}
	p.Caption = p.T("books.close.closed")
	p.Columns = []ui.Column{{Label: p.T("books.close.until")}, {Label: p.T("books.close.at")}, {Label: p.T("books.close.by")}, {Label: p.T("books.close.left"), Wide: true}}
	for _, x := range closed {
		var left []string
		for _, code := range x.LeftOpen {
			left = append(left, p.T("books.left."+code))
		}
		p.Rows = append(p.Rows, accounting.Row{Cells: []accounting.Cell{
			{Text: p.DatePlain(x.Until), Href: exportPath(books.Span{From: monthStart(x.Until), To: x.Until})}, {Text: p.Instant(x.ClosedAt)}, {Text: x.By}, {Text: strings.Join(left, ", "), Note: x.Note}}})
	}
	return p, h.monthBars(c, &p.ReportPage)
}

func monthStart(d civil.Date) civil.Date {
	y, m, _ := d.YMD()
	return civil.Must(y, m, 1)
}

// monthBars shows what came in per month.
func (h *Handlers) monthBars(c *fiber.Ctx, p *accounting.ReportPage) error {
	months, err := h.Books.Figures(c.UserContext())
	if err != nil {
		return err
	}
	p.BarsAre = p.T("books.close.bars")
	for _, m := range months {
		b := accounting.Bar{Label: p.Month(m.Month), Value: p.MoneyExact(m.Received), Note: p.T("books.close.revenue", p.MoneyExact(m.Revenue)),
			Href: paymentsPath + "?" + spanQuery(books.Span{From: m.Month, To: m.Month.AddMonths(1).AddDays(-1)}).Encode()}
		if m.Closed {
			b.Note += " · " + p.T("books.close.is_closed")
		}
		p.Bars = append(p.Bars, b)
	}
	scale(p.Bars, func(i int) money.Cents { return months[i].Received })
	return nil
}

type closeForm struct {
	Until string   `form:"tot" validate:"required,max=10"`
	Open  []string `form:"open" validate:"max=20,dive,max=40"`
	Note  string   `form:"note" validate:"max=500"`
}

// CloseMonth closes the month that was shown, with what was shown as not finished.
func (h *Handlers) CloseMonth(c *fiber.Ctx) error {
	in, err := web.Form[closeForm](c)
	until, errDay := civil.Parse(in.Until)
	if err == nil && errDay != nil {
		return web.ErrNotFound.With(errDay) // the page names the day; nobody types it
	}
	if err == nil {
		err = h.Books.Close(c.UserContext(), books.Closing{Until: until, LeftOpen: in.Open, Note: in.Note, By: web.Who(c).StaffID})
	}
	if problems := web.Problems(c, err); problems != nil {
		p, pageErr := h.closePage(c, h.Books.Checks)
		if pageErr != nil {
			return pageErr
		}
		p.Errors, p.Failed, p.Note = problems, true, in.Note
		return web.RenderAgain(c, accounting.Close(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "books.close.done")
	return web.SeeOther(c, closePath)
}
