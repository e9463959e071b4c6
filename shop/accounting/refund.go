package accounting

import (
	"fmt"
	"mime"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/bank"
	"joetz/payments/sepa"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

const refundsPath = "/boekhouding/terugbetalingen"

// batchesListed is how many files the page shows.
const batchesListed = 50

// ShowRefunds is what goes back by transfer, and the files that were made.
func (h *Handlers) ShowRefunds(c *fiber.Ctx) error {
	p, err := h.refundsPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, accounting.Refunds(p))
}

func (h *Handlers) refundsPage(c *fiber.Ctx) (accounting.RefundsPage, error) {
	p := accounting.RefundsPage{ReportPage: accounting.ReportPage{Page: page(c, "sepa.title")}}
	p.Width, p.Lead = layout.Broad, p.T("sepa.lead")
	all, err := h.Refunds.Waiting(c.UserContext())
	if err != nil {
		return p, err
	}
	for _, w := range all {
		row := accounting.RefundRow{ID: int64(w.Refund), Order: int64(w.Order), OrderHref: orderPath(w.Order), Reference: w.Reference, Payer: w.Payer, Holder: w.Holder, Account: w.Account,
			Amount: w.Amount, DueOn: w.DueOn, Late: w.DueOn.Before(p.Today), State: string(w.State)}
		if iban, err := bank.ParseIBAN(string(w.IBAN)); err == nil {
			row.IBAN = iban.Mask()
		}
		switch {
		case w.State == sepa.Cooling:
			row.Note = p.T("sepa.cooling", p.Instant(*w.UsableFrom), w.ChangedBy, w.Reason)
		case w.ChangedBy != "":
			row.Note = p.T("sepa.changed", w.ChangedBy, w.Reason)
		}
		if w.Approver != "" {
			row.Note += " " + p.T("sepa.agreed", w.Approver)
		}
		if w.State == sepa.Ready {
			p.Ready, p.Total = p.Ready+1, p.Total+w.Amount
		}
		p.Waiting = append(p.Waiting, row)
	}
	over, err := h.Refunds.Overpaid(c.UserContext())
	if err != nil {
		return p, err
	}
	limit, err := h.Payments.DifferenceLimit(c.UserContext(), h.DB)
	if err != nil {
		return p, err
	}
	for _, o := range over {
		p.Overpaid = append(p.Overpaid, accounting.OrderAmount{Small: o.Credit <= limit, Order: int64(o.Order), Href: orderPath(o.Order), Reference: o.Reference, Payer: o.Payer, Amount: o.Credit})
	}
	made, err := h.Refunds.Batches(c.UserContext(), batchesListed)
	p.Caption = p.T("sepa.files")
	p.Columns = []ui.Column{{Label: p.T("sepa.file"), Wide: true}, {Label: p.T("sepa.made")}, {Label: p.T("sepa.count"), Number: true}, {Label: p.T("books.column.amount"), Number: true}, {Label: p.T("sepa.at_bank")}}
	for _, b := range made {
		p.Rows = append(p.Rows, accounting.Row{Cells: []accounting.Cell{{Text: b.MessageID + ".xml", Href: fmt.Sprintf("%s/bestanden/%d", refundsPath, b.ID)}, {Text: p.Instant(b.At), Note: b.By},
			{Text: strconv.Itoa(b.Refunds)}, amountCell(p.Page, b.Total, ""), {Text: p.T("sepa.progress", b.Done, b.Failed)}}})
	}
	return p, err
}

// answerRefunds goes back to the list, or shows it again with what is wrong.
func (h *Handlers) answerRefunds(c *fiber.Ctx, err error, done string, typed accounting.RefundForm) error {
	if problems := web.Problems(c, err); problems != nil {
		p, pageErr := h.refundsPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.Errors, p.Failed, p.Typed = problems, true, typed
		return web.RenderAgain(c, accounting.Refunds(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, done)
	return web.SeeOther(c, refundsPath)
}

type batchForm struct {
	Count int    `form:"count" validate:"min=0"`
	Total string `form:"total" validate:"required,max=20"`
}

// MakeBatch writes the file of what is ready, as it was shown.
func (h *Handlers) MakeBatch(c *fiber.Ctx) error {
	in, err := web.Form[batchForm](c)
	var total money.Cents
	if err == nil {
		if total, err = money.Parse(in.Total); err != nil {
			err = fault.Field("total", "form.amount").With(err)
		}
	}
	if err == nil {
		_, err = h.Refunds.Make(c.UserContext(), in.Count, total, web.Who(c).StaffID)
	}
	return h.answerRefunds(c, err, "sepa.made_flash", accounting.RefundForm{})
}

type waitingRefundForm struct {
	Refund int64 `form:"refund" validate:"min=1"`
}

type agreeForm struct {
	Refund  int64 `form:"refund" validate:"min=1"`
	Account int64 `form:"account" validate:"min=0"`
}

// AgreeRefund is a second person's agreement with the amount and the account that they saw.
func (h *Handlers) AgreeRefund(c *fiber.Ctx) error {
	in, err := web.Form[agreeForm](c)
	if err == nil {
		err = h.Refunds.Approve(c.UserContext(), id.Refund(in.Refund), in.Account, web.Who(c).StaffID)
	}
	return h.answerRefunds(c, err, "sepa.agreed_flash", accounting.RefundForm{})
}

// RetryRefund promises a refund anew that came back.
func (h *Handlers) RetryRefund(c *fiber.Ctx) error {
	in, err := web.Form[waitingRefundForm](c)
	if err == nil {
		err = h.Refunds.Retry(c.UserContext(), id.Refund(in.Refund), web.Who(c).StaffID)
	}
	return h.answerRefunds(c, err, "sepa.retried_flash", accounting.RefundForm{})
}

type seenForm struct {
	Order int64 `form:"order" validate:"min=1"`
	Seen  int64 `form:"seen" validate:"min=1"`
}

// ReturnOverpaid promises back what an order was paid too much.
func (h *Handlers) ReturnOverpaid(c *fiber.Ctx) error {
	in, err := web.Form[seenForm](c)
	if err == nil {
		err = h.Bookings.ReturnOverpaid(c.UserContext(), id.Order(in.Order), money.Cents(in.Seen), web.Who(c).StaffID)
	}
	return h.answerRefunds(c, err, "sepa.overpaid.done", accounting.RefundForm{})
}

type refundAccountForm struct {
	Order  int64  `form:"order" validate:"min=1"`
	Holder string `form:"holder" validate:"required,max=70"`
	IBAN   string `form:"iban" validate:"required,max=42"`
	Reason string `form:"reason" validate:"required,max=200"`
}

// SetRefundAccount names another account for an order's refunds.
func (h *Handlers) SetRefundAccount(c *fiber.Ctx) error {
	in, err := web.Form[refundAccountForm](c)
	if err == nil {
		err = h.Refunds.SetAccount(c.UserContext(), sepa.Account{Order: id.Order(in.Order), IBAN: in.IBAN, Holder: in.Holder, Reason: in.Reason, By: web.Who(c).StaffID})
	}
	return h.answerRefunds(c, err, "sepa.changed_flash", accounting.RefundForm{Order: in.Order, Holder: in.Holder, IBAN: in.IBAN, Reason: in.Reason})
}

// DownloadBatch is a file for the bank.
func (h *Handlers) DownloadBatch(c *fiber.Ctx) error {
	key, _ := strconv.ParseInt(c.Params("batch"), 10, 64)
	name, content, err := h.Refunds.File(c.UserContext(), key)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationXMLCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return c.Send(content)
}
