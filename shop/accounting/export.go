package accounting

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/books"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/terms/fault"
)

func exportPath(s books.Span) string { return "/boekhouding/uitvoer?" + spanQuery(s).Encode() }

// ShowExport offers what the accountant takes along, of a stretch of days; the last month that is over at first.
func (h *Handlers) ShowExport(c *fiber.Ctx) error {
	p := accounting.ReportPage{Page: page(c, "books.export.title")}
	p.Width, p.Lead = layout.Reading, p.T("books.export.lead")
	s, _ := span(c, p.Today)
	if c.Query("van") == "" && c.Query("tot") == "" {
		s.To = monthStart(p.Today).AddDays(-1)
		s.From = monthStart(s.To)
	}
	p.Filter = spanFilter(p.Page, "/boekhouding/uitvoer", s)
	query := "?" + spanQuery(s).Encode()
	for _, f := range exports {
		p.Files = append(p.Files, layout.Link{Href: "/boekhouding/uitvoer/" + f.name + query, Text: p.T("books.export." + f.key)})
	}
	return web.Render(c, accounting.Report(p))
}

// file is something to take along.
type file struct {
	name, key, kind string
	write           func(h *Handlers) func(ctx context.Context, w io.Writer, s books.Span) error
}

const zipKind = "application/zip"

var exports = []file{
	{"journaal.csv", "journal", "text/csv; charset=utf-8", func(h *Handlers) func(context.Context, io.Writer, books.Span) error { return h.Export.Journal }},
	{"journaal.xlsx", "excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(h *Handlers) func(context.Context, io.Writer, books.Span) error { return h.Export.Excel }},
	{"ubl.zip", "ubl", zipKind, func(h *Handlers) func(context.Context, io.Writer, books.Span) error { return h.Export.Documents }},
	{"bankbestanden.zip", "bank", zipKind, func(h *Handlers) func(context.Context, io.Writer, books.Span) error { return h.Export.BankFiles }},
	{"verzekeraar.csv", "insurer", "text/csv; charset=utf-8", func(h *Handlers) func(context.Context, io.Writer, books.Span) error { return h.Export.Premiums }},
}

// Download is one of the exports.
func (h *Handlers) Download(c *fiber.Ctx) error {
	s, _ := span(c, web.Page(c).Today)
	for _, f := range exports {
		if f.name != c.Params("file") {
			continue
		}
		var b bytes.Buffer
		if err := f.write(h)(c.UserContext(), &b, s); err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, f.kind)
		c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": fmt.Sprintf("%v-%v-%s", s.From, s.To, f.name)}))
		return c.Send(b.Bytes())
	}
	return fault.New(fault.NotFound, "books.fault.no_file")
}

// ShowUBL is one document as UBL.
func (h *Handlers) ShowUBL(c *fiber.Ctx) error {
	inv, err := h.open(c)
	if err != nil {
		return err
	}
	raw, name, err := h.Invoices.UBL(c.UserContext(), inv.ID)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationXMLCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return c.Send(raw)
}
