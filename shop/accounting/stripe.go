package accounting

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/ledger"
	"joetz/payments/online"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/money"
)

const stripePath = "/boekhouding/stripe"

// payoutDays is how far back and ahead the page looks for payouts.
const payoutDays, payoutDaysAhead = 120, 30

// disputesListed is how many disputes the page shows.
const disputesListed = 50

// ShowStripe is what waits at Stripe for a person, its disputes and its payouts.
func (h *Handlers) ShowStripe(c *fiber.Ctx) error {
	p, err := h.stripePage(c)
	if err != nil {
		return err
	}
	return web.Render(c, accounting.Stripe(p))
}

func (h *Handlers) stripePage(c *fiber.Ctx) (accounting.StripePage, error) {
	ctx := c.UserContext()
	p := accounting.StripePage{ReportPage: accounting.ReportPage{Page: page(c, "books.stripe.title")}}
	p.Width = layout.Broad
	findings, err := h.Online.OpenFindings(ctx)
	if err != nil {
		return p, err
	}
	for _, f := range findings {
		row := accounting.Finding{ID: f.ID, Text: p.T("online.finding." + f.Code), Object: f.Object, Detail: f.Detail, Amount: p.MoneyExact(f.Amount), At: f.FoundAt, Placeable: f.Placeable()}
		if f.Order != 0 {
			row.OrderHref = orderPath(f.Order)
		}
		row.How = p.T("online.how." + f.Code)
		if href := sourceOf(f); href != "" {
			row.Source = &layout.Link{Href: href, Text: p.T("online.source." + sourceWord(f.Code))}
		}
		p.Findings = append(p.Findings, row)
	}
	disputed, err := h.Online.Disputes(ctx, disputesListed)
	if err != nil {
		return p, err
	}
	p.DisputeColumns = []ui.Column{{Label: p.T("books.column.on")}, {Label: p.T("books.stripe.dispute"), Wide: true}, {Label: p.T("books.stripe.state")}, {Label: p.T("books.column.amount"), Number: true}}
	for _, d := range disputed {
		what := accounting.Cell{Text: d.ID, Note: d.Reason}
		if d.Order != 0 {
			what.Href = orderPath(d.Order)
		}
		if d.AnswerBy != nil && (d.Status == "needs_response" || d.Status == "warning_needs_response") {
			what.Note = p.T("books.stripe.answer_by", p.Instant(*d.AnswerBy))
		}
		p.Disputes = append(p.Disputes, accounting.Row{Cells: []accounting.Cell{{Text: p.Instant(d.At)}, what, {Text: p.T("books.dispute." + d.Status)}, amountCell(p.Page, d.Amount, "")}})
	}
	payouts, err := h.Online.Payouts(ctx, p.Today.AddDays(-payoutDays), p.Today.AddDays(payoutDaysAhead))
	if err != nil {
		return p, err
	}
	p.Caption, p.None = p.T("books.stripe.payouts"), p.T("books.stripe.no_payouts")
	p.Columns = []ui.Column{{Label: p.T("books.stripe.arrives")}, {Label: p.T("books.stripe.payout"), Wide: true}, {Label: p.T("books.stripe.state")},
		{Label: p.T("books.stripe.gross"), Number: true}, {Label: p.T("books.stripe.fees"), Number: true}, {Label: p.T("books.column.amount"), Number: true}}
	for _, x := range payouts {
		p.Rows = append(p.Rows, accounting.Row{Cells: []accounting.Cell{{Text: p.DatePlain(x.ArrivesOn)}, {Text: x.ID, Href: payoutPath(x.ID), Note: p.N("books.stripe.parts", x.Parts)},
			{Text: p.T("books.payout." + x.Status)}, amountCell(p.Page, x.Gross, ""), amountCell(p.Page, x.Fees, ""), amountCell(p.Page, x.Amount, "")}})
	}
	return p, nil
}

// sourceOf is where what a finding is about can be looked at; "" where Stripe alone knows it.
func sourceOf(f online.Finding) string {
	switch sourceWord(f.Code) {
	case "payout":
		return payoutPath(f.Object)
	case "refund":
		return refundsPath
	case "suspense":
		return accountPath(string(ledger.Suspense))
	case "disputed":
		return accountPath(string(ledger.Disputed))
	case "costs":
		return accountPath(string(ledger.PaymentCosts))
	}
	return ""
}

// sourceWord is the sort of place that a finding leads to.
func sourceWord(code string) string {
	switch code {
	case "payout_failed", "payout_difference":
		return "payout"
	case "refund_refused", "refund_failed", "refund_mismatch":
		return "refund"
	case "amount", "foreign_charge", "foreign_refund", "unknown_movement":
		return "suspense"
	case "dispute_opened", "dispute_lost":
		return "disputed"
	case "fee_changed":
		return "costs"
	}
	return "none"
}

type findingForm struct {
	Finding int64  `form:"finding" validate:"min=1"`
	Order   string `form:"order" validate:"max=30"`
	Note    string `form:"note" validate:"required,max=300"`
}

// SettleFinding closes a finding with a note, and where money waits in suspense and an order is named, places it there.
func (h *Handlers) SettleFinding(c *fiber.Ctx) error {
	in, err := web.Form[findingForm](c)
	if err == nil {
		err = h.settle(c, in)
	}
	if problems := web.Problems(c, err); problems != nil {
		p, pageErr := h.stripePage(c)
		if pageErr != nil {
			return pageErr
		}
		p.Errors, p.Failed, p.Typed = problems, true, accounting.FindingForm{Finding: in.Finding, Order: in.Order, Note: in.Note}
		return web.RenderAgain(c, accounting.Stripe(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "books.stripe.settled")
	return web.SeeOther(c, stripePath)
}

func (h *Handlers) settle(c *fiber.Ctx, in findingForm) error {
	ctx, by := c.UserContext(), web.Who(c).StaffID
	if in.Order == "" {
		return h.Online.SettleFinding(ctx, in.Finding, by, in.Note)
	}
	order, err := h.Bank.OrderBy(ctx, in.Order)
	if err != nil {
		return err
	}
	return h.Online.Place(ctx, online.PlaceInput{Finding: in.Finding, Order: order.ID, By: by, Note: in.Note})
}

// ShowPayout is what one payout is made of.
func (h *Handlers) ShowPayout(c *fiber.Ctx) error {
	p := accounting.ReportPage{Page: page(c, "books.stripe.payout")}
	key := c.Params("payout")
	parts, err := h.Online.MovementsOf(c.UserContext(), key)
	if err != nil {
		return err
	}
	p.Title, p.Width, p.Back = p.T("books.stripe.payout_of", key), layout.Broad, &layout.Link{Href: stripePath, Text: p.T("books.stripe.title")}
	p.Caption, p.None = p.T("books.stripe.made_of"), p.T("books.stripe.no_parts")
	p.Columns = []ui.Column{{Label: p.T("books.column.on")}, {Label: p.T("books.column.what"), Wide: true}, {Label: p.T("books.stripe.gross"), Number: true},
		{Label: p.T("books.stripe.fees"), Number: true}, {Label: p.T("books.stripe.net"), Number: true}}
	var sum money.Cents
	for _, m := range parts {
		what := accounting.Cell{Text: p.T("books.category." + category(m.Category)), Note: fmt.Sprint(m.Source, " ", m.Description)}
		if m.Order != 0 {
			what.Href = orderPath(m.Order)
		}
		sum += m.Net
		p.Rows = append(p.Rows, accounting.Row{Cells: []accounting.Cell{{Text: p.Instant(m.At)}, what, amountCell(p.Page, m.Amount, ""), amountCell(p.Page, m.Fee, ""), amountCell(p.Page, m.Net, "")}})
	}
	if len(parts) > 0 {
		p.Rows = append(p.Rows, accounting.Row{Sum: true, Cells: []accounting.Cell{{Text: p.T("accounting.accounts.sum")}, {}, {}, {}, amountCell(p.Page, sum, "")}})
	}
	return web.Render(c, accounting.Report(p))
}

var categories = map[string]bool{"charge": true, "refund": true, "refund_failure": true, "dispute": true, "dispute_reversal": true, "fee": true, "payout": true, "payout_reversal": true}

func category(c string) string {
	if categories[c] {
		return c
	}
	return "other"
}
