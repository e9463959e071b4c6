package accounting

import (
	"context"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/payments"
	"joetz/payments/bank"
	"joetz/payments/invoice"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// open reads the invoice that the address names.
func (h *Handlers) open(c *fiber.Ctx) (invoice.Invoice, error) {
	key, err := strconv.ParseInt(c.Params("invoice"), 10, 64)
	if err != nil {
		return invoice.Invoice{}, invoice.ErrUnknown
	}
	return h.Invoices.ByID(c.UserContext(), h.DB, id.Invoice(key))
}

// ShowInvoice shows one invoice: its lines, what was paid of it, and its history.
func (h *Handlers) ShowInvoice(c *fiber.Ctx) error {
	inv, err := h.open(c)
	if err != nil {
		return err
	}
	p := accounting.InvoicePage{Page: page(c, "accounting.invoices.title"), Kind: inv.Kind, Paid: inv.Paid}
	p.InvoiceRow = invoiceRow(p.Page, inv)
	p.Title, p.Width = p.T("invoice.title."+inv.Kind)+" "+inv.Number, layout.Broad
	p.Back = &layout.Link{Href: "/boekhouding/facturen", Text: p.T("accounting.invoices.title")}
	p.Address = []string{inv.Payer.Name, inv.Payer.Street, strings.TrimSpace(inv.Payer.PostalCode + " " + inv.Payer.City)}
	for _, line := range []string{inv.Payer.Email, inv.Payer.Enterprise, inv.Payer.Reference} {
		if line != "" {
			p.Address = append(p.Address, line)
		}
	}
	if ogm, err := bank.ParseOGM(inv.Communication); err == nil {
		p.Communication = ogm.String()
	}
	if err := h.fill(c.UserContext(), &p, inv); err != nil {
		return err
	}
	return web.Render(c, accounting.Invoice(p))
}

// fill adds what other services know of the invoice's order.
func (h *Handlers) fill(ctx context.Context, p *accounting.InvoicePage, inv invoice.Invoice) error {
	placed, err := h.Payments.AllocationsOf(ctx, h.DB, inv.Order)
	if err != nil {
		return err
	}
	received, err := h.Payments.PaymentsOf(ctx, h.DB, inv.Order)
	if err != nil {
		return err
	}
	others, err := h.Invoices.OfOrder(ctx, h.DB, inv.Order)
	if err != nil {
		return err
	}
	mails, err := h.Outbox.OfOrder(ctx, h.DB, inv.Order)
	if err != nil {
		return err
	}
	paid := map[id.Instalment]money.Cents{}
	for _, a := range placed {
		paid[a.Instalment] += a.Amount
	}
	for _, l := range inv.Lines {
		p.Lines = append(p.Lines, accounting.Line{Description: civil.Replace(l.Text(p), p.DatePlain), Amount: l.Amount, Paid: paid[l.Instalment], Counts: l.Instalment != 0})
	}
	for _, r := range received {
		p.Receipts = append(p.Receipts, receipt(r))
	}
	for _, o := range others {
		if o.ID != inv.ID {
			p.Others = append(p.Others, invoiceRow(p.Page, o))
		}
	}
	p.History = history(p.Page, inv, placed)
	for _, m := range mails {
		at, key := m.At, "accounting.event.mail_waits"
		switch {
		case !m.SentAt.IsZero():
			at, key = m.SentAt, "accounting.event.mail_sent"
		case !m.DeadAt.IsZero():
			at, key = m.DeadAt, "accounting.event.mail_dead"
		}
		p.History = append(p.History, accounting.Event{At: at, Text: p.T(key, m.Subject, m.To.Email)})
	}
	slices.SortStableFunc(p.History, func(a, b accounting.Event) int { return a.At.Compare(b.At) })
	return nil
}

func receipt(r payments.Incoming) accounting.Receipt {
	row := accounting.Receipt{On: r.ReceivedOn, Method: r.Method, Payer: r.PayerName, IBAN: r.PayerIBAN, Amount: r.Amount, Gone: r.Withdrawn}
	if iban, err := bank.ParseIBAN(r.PayerIBAN); err == nil {
		row.IBAN = iban.String()
	}
	return row
}

// history is what the rows of the invoice itself tell.
func history(p layout.Page, inv invoice.Invoice, placed []payments.Allocation) []accounting.Event {
	events := []accounting.Event{{At: inv.CreatedAt, Text: p.T("accounting.event.written", p.MoneyExact(inv.Total))}}
	if !inv.NumberedAt.IsZero() {
		events = append(events, accounting.Event{At: inv.NumberedAt, Text: p.T("accounting.event.numbered", inv.Number)})
	}
	for _, a := range placed {
		if !slices.ContainsFunc(inv.Lines, func(l invoice.Line) bool { return l.Instalment == a.Instalment }) {
			continue
		}
		key := "accounting.event.paid"
		if a.Amount < 0 {
			key = "accounting.event.taken_back"
		}
		events = append(events, accounting.Event{At: a.At, Text: p.T(key, p.MoneyExact(max(a.Amount, -a.Amount)))})
	}
	return events
}

// ShowPDF is the invoice as it was issued.
func (h *Handlers) ShowPDF(c *fiber.Ctx) error { return h.sendPDF(c, h.Invoices.Render) }

// ShowCopy is the invoice with the mark of a copy and the date of payment.
func (h *Handlers) ShowCopy(c *fiber.Ctx) error { return h.sendPDF(c, h.Invoices.Copy) }

func (h *Handlers) sendPDF(c *fiber.Ctx, draw func(context.Context, id.Invoice) ([]byte, string, error)) error {
	inv, err := h.open(c)
	if err != nil {
		return err
	}
	raw, name, err := draw(c.UserContext(), inv.ID)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("inline", map[string]string{"filename": name}))
	return c.Send(raw)
}
