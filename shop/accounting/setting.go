package accounting

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/bank"
	"joetz/payments/invoice/qr"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/dunning"
	"joetz/terms/money"
)

const settingsPath = "/boekhouding/instellingen"

// sampleAmount is what the QR code to try with asks.
const sampleAmount = money.Cents(1)

// sampleOGM is a structured communication that no order has.
const sampleOGM = bank.OGM("999999999948")

// ShowSettings is what accounting decides about payments.
func (h *Handlers) ShowSettings(c *fiber.Ctx) error {
	p, err := h.settingsPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, accounting.Settings(p))
}

func (h *Handlers) settingsPage(c *fiber.Ctx) (accounting.SettingsPage, error) {
	ctx := c.UserContext()
	p := accounting.SettingsPage{Page: page(c, "setting.title"), Reference: "structured"}
	p.Width, p.Back = layout.Reading, &layout.Link{Href: "/boekhouding", Text: p.T("accounting.start.title")}
	epc, err := h.Invoices.EPC(ctx, web.Now(c))
	if err != nil {
		return p, err
	}
	if p.Version = string(epc.Version); p.Version == "" {
		p.Version = string(bank.EPC002)
	}
	if epc.OGMAsText {
		p.Reference = "text"
	}
	payload, err := h.Bookings.PaymentCode(ctx, sampleAmount, sampleOGM)
	if err != nil {
		return p, err
	}
	if p.Sample.Path, p.Sample.Side, err = qr.Path(payload); err != nil {
		return p, err
	}
	limit, err := h.Payments.DifferenceLimit(ctx, h.DB)
	if err != nil {
		return p, err
	}
	p.Difference = typed(limit)
	costs, err := h.Dunning.Costs(ctx)
	if p.On = costs.On(); !p.On && costs.Most == 0 { // nothing was ever set: the form begins with the law's
		law := dunning.Cap
		costs = law
	}
	p.Costs = accounting.CostsForm{Clause: costs.Clause, Small: typed(costs.Small), Middle: typed(costs.Middle), MiddlePercent: percent(costs.MiddleBP),
		Large: typed(costs.Large), LargePercent: percent(costs.LargeBP), Most: typed(costs.Most)}
	if !costs.PlacedFrom.IsZero() {
		p.Costs.PlacedFrom = costs.PlacedFrom.String()
	}
	if p.On {
		for _, open := range []money.Cents{100_00, 300_00, 1000_00} {
			p.Examples = append(p.Examples, accounting.Fact{Name: p.T("setting.costs.example", p.MoneyExact(open)), Value: p.MoneyExact(costs.For(costs.PlacedFrom, open))})
		}
	}
	return p, err
}

// percent is hundredths of a per cent as people type them.
func percent(bp int64) string { return strings.TrimSuffix(typed(money.Cents(bp)), ",00") }

// answerSettings goes back to the page, or shows it again with what was typed.
func (h *Handlers) answerSettings(c *fiber.Ctx, err error, done string, typed func(p *accounting.SettingsPage)) error {
	if problems := web.Problems(c, err); problems != nil {
		p, pageErr := h.settingsPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.Errors, p.Failed, p.Path = problems, true, settingsPath
		typed(&p)
		return web.RenderAgain(c, accounting.Settings(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, done)
	return web.SeeOther(c, settingsPath)
}

// SetQR changes how QR codes are written from now on.
func (h *Handlers) SetQR(c *fiber.Ctx) error {
	in, err := web.Form[struct {
		Version   string `form:"version" validate:"required,oneof=001 002"`
		Reference string `form:"reference" validate:"required,oneof=structured text"`
	}](c)
	if err == nil {
		err = h.Invoices.SetEPC(c.UserContext(), bank.EPCSettings{Version: bank.EPCVersion(in.Version), OGMAsText: in.Reference == "text"}, web.Who(c).StaffID)
	}
	return h.answerSettings(c, err, "setting.qr.done", func(p *accounting.SettingsPage) { p.Version, p.Reference = in.Version, in.Reference })
}

type costsForm struct {
	Clause        string      `form:"clause" validate:"max=120"`
	PlacedFrom    civil.Date  `form:"placed_from"`
	Small         money.Cents `form:"small" validate:"min=0"`
	Middle        money.Cents `form:"middle" validate:"min=0"`
	MiddlePercent string      `form:"middle_percent" validate:"max=12"`
	Large         money.Cents `form:"large" validate:"min=0"`
	LargePercent  string      `form:"large_percent" validate:"max=12"`
	Most          money.Cents `form:"most" validate:"min=0"`
}

// SetCosts changes what late payers may be asked, within the law.
func (h *Handlers) SetCosts(c *fiber.Ctx) error {
	in, err := web.Form[costsForm](c)
	if err == nil {
		costs := dunning.Costs{Clause: strings.TrimSpace(in.Clause), PlacedFrom: in.PlacedFrom, Small: in.Small, Middle: in.Middle, MiddleBP: points(in.MiddlePercent),
			Large: in.Large, LargeBP: points(in.LargePercent), Most: in.Most}
		err = h.Dunning.SetCosts(c.UserContext(), web.Who(c), costs)
	}
	return h.answerSettings(c, err, "setting.costs.done", func(p *accounting.SettingsPage) {
		t := func(name string) string { return web.Typed(c, name) }
		p.Costs = accounting.CostsForm{Clause: t("clause"), PlacedFrom: t("placed_from"), Small: t("small"), Middle: t("middle"), MiddlePercent: t("middle_percent"),
			Large: t("large"), LargePercent: t("large_percent"), Most: t("most")}
	})
}

// points reads a percentage in hundredths of a per cent; what is none is beyond the law, and refused with it.
func points(text string) int64 {
	text = strings.TrimSpace(strings.Replace(text, ",", ".", 1))
	if text == "" {
		return 0
	}
	whole, part, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if err != nil || len(part) > 2 {
		return -1
	}
	return n
}
