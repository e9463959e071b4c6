// Package demo has the handlers that only a shop for trying out has: reading the mails that it does not send, a
// bank statement that pays what is open.
//
// Owns: the addresses under /demo.
// Tables: none.
// May import: terms, payments, templates, shop/mail, shop/web; fiber, sqlx.
// Always true: production has no such handlers, so nobody can read another's sign-in code there.
package demo

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/payments/bank"
	"joetz/payments/reconcile"
	"joetz/shop/mail"
	"joetz/shop/web"
	pages "joetz/templates/demo"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// MailPath is the list of mails.
const MailPath = "/demo/mail"

// Handlers are the pages for trying out.
type Handlers struct {
	DB        *sqlx.DB
	Outbox    *mail.Outbox
	Documents mail.Documents // makes the PDF of invoices
	Bank      *reconcile.Service
	Account   bank.IBAN // that families pay to
}

const listed = 100 // mails on the list

// ShowMails lists the latest mails.
func (h *Handlers) ShowMails(c *fiber.Ctx) error {
	latest, err := h.Outbox.Latest(c.UserContext(), h.DB, 0, listed)
	if err != nil {
		return err
	}
	p := pages.MailsPage{Page: web.Page(c)}
	p.Title, p.Private = p.T("demo.mail.title"), true
	for _, m := range latest {
		p.Mails = append(p.Mails, toPage(m))
	}
	return web.Render(c, pages.Mails(p))
}

// ShowMail shows one mail with its attachments.
func (h *Handlers) ShowMail(c *fiber.Ctx) error {
	m, files, err := h.mail(c)
	if err != nil {
		return err
	}
	p := pages.MailPage{Page: web.Page(c), Mail: toPage(m), From: address(m.From)}
	p.Title, p.Private = m.Subject, true
	p.Back = &layout.Link{Href: MailPath, Text: p.T("demo.mail.title")}
	for n, f := range files {
		if f.ContentID == "" {
			name, err := h.name(c.UserContext(), f)
			if err != nil {
				return err
			}
			p.Files = append(p.Files, pages.File{Name: name, Href: filePath(m.ID, n)})
		}
	}
	return web.Render(c, pages.Letter(p))
}

// framePolicy lets a mail show its own styles and the pictures that stand inside it, and nothing else.
const framePolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"

// ShowHTML is the mail's own HTML, for the frame on ShowMail: with its styles, without scripts, in an origin of its own.
func (h *Handlers) ShowHTML(c *fiber.Ctx) error {
	m, files, err := h.mail(c)
	if err != nil {
		return err
	}
	html := strings.Replace(m.HTML, "<head>", `<head><base target="_top">`, 1) // links leave the frame: our pages refuse to be in one
	for _, f := range files {
		if f.ContentID != "" {
			picture := "data:" + f.Type + ";base64," + base64.StdEncoding.EncodeToString(f.Content)
			html = strings.ReplaceAll(html, `"cid:`+f.ContentID+`"`, `"`+picture+`"`)
		}
	}
	c.Set(fiber.HeaderContentSecurityPolicy, framePolicy)
	c.Set(fiber.HeaderXFrameOptions, "SAMEORIGIN")
	c.Type("html", "utf-8")
	return c.SendString(html)
}

// ShowText is the mail as plain text.
func (h *Handlers) ShowText(c *fiber.Ctx) error {
	m, _, err := h.mail(c)
	if err != nil {
		return err
	}
	c.Type("txt", "utf-8")
	return c.SendString(m.Text)
}

// ShowFile is one attachment.
func (h *Handlers) ShowFile(c *fiber.Ctx) error {
	_, files, err := h.mail(c)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Params("file"))
	if err != nil || n < 0 || n >= len(files) {
		return web.ErrNotFound
	}
	content, name, err := files[n].Open(c.UserContext(), h.Documents)
	if err != nil {
		return err
	}
	c.Attachment(name)
	c.Set(fiber.HeaderContentType, mediaType(files[n]))
	return c.Send(content)
}

func (h *Handlers) mail(c *fiber.Ctx) (mail.Mail, []mail.Attachment, error) {
	key, err := strconv.ParseInt(c.Params("mail"), 10, 64)
	if err != nil {
		return mail.Mail{}, nil, web.ErrNotFound
	}
	return h.Outbox.ByID(c.UserContext(), h.DB, id.Mail(key))
}

// name is what the file is called; an invoice's PDF knows it.
func (h *Handlers) name(ctx context.Context, a mail.Attachment) (string, error) {
	_, name, err := a.Open(ctx, h.Documents)
	return name, err
}

// mediaType lets through what a browser shows without running anything.
func mediaType(a mail.Attachment) string {
	if a.Invoice != 0 {
		return "application/pdf"
	}
	if slices.Contains([]string{"image/png", "image/jpeg", "application/pdf", "text/calendar"}, a.Type) {
		return a.Type
	}
	return fiber.MIMEOctetStream
}

func filePath(m id.Mail, n int) string { return fmt.Sprintf("%s/%d/bijlage/%d", MailPath, m, n) }

func toPage(m mail.Mail) pages.Mail {
	return pages.Mail{ID: m.ID, To: address(m.To), Subject: m.Subject, Lang: m.Lang, At: m.At}
}

func address(a mail.Address) string {
	if a.Name == "" {
		return a.Email
	}
	return a.Name + " <" + a.Email + ">"
}
