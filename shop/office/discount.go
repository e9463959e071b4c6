package office

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/discount"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

const discountsPath = "/kantoor/kortingen"

// ShowDiscounts lists the discounts and offers to make one.
func (h *Handlers) ShowDiscounts(c *fiber.Ctx) error {
	page, err := h.discountsPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Discounts(page))
}

func (h *Handlers) discountsPage(c *fiber.Ctx) (office.DiscountsPage, error) {
	p := staffPage(c, "office.discounts.title")
	page := office.DiscountsPage{Page: p}
	found, err := h.Discounts.All(c.UserContext())
	for _, d := range found {
		row := office.DiscountRow{Name: d.Name(p.Lang), Kind: d.Kind, Code: d.Code, Worth: worth(p, d), From: d.From, Until: d.Until, Uses: strconv.Itoa(d.Uses), Given: d.Given}
		if d.MaxUses > 0 {
			row.Uses = p.T("office.discounts.of", d.Uses, d.MaxUses)
		}
		switch {
		case d.StoppedAt != nil:
			row.State = "stopped"
		case p.Today.After(d.Until):
			row.State = "over"
		case p.Today.Before(d.From):
			row.State = "later"
		}
		if row.State == "" || row.State == "later" {
			row.Stop = fmt.Sprintf("%s/%d/stop", discountsPath, d.ID)
		}
		page.Rows = append(page.Rows, row)
	}
	for _, kind := range []string{discount.Sibling, discount.Early, discount.Code} {
		page.Kinds = append(page.Kinds, ui.Option{Value: kind, Label: p.T("office.discounts.kinds." + kind)})
	}
	page.From = ui.DayField{Name: "from", Label: p.T("office.discounts.from")}
	page.Until = ui.DayField{Name: "until", Label: p.T("office.discounts.until")}
	page.From.Day, page.From.Month, page.From.Year = ui.DayParts(p.Today)
	return page, err
}

// worth is a percentage as people write it, or an amount.
func worth(p layout.Page, d discount.Discount) string {
	if d.Percent == 0 {
		return p.MoneyExact(d.Amount)
	}
	return strings.Trim(money.Cents(d.Percent).Format(p.Lang), "€ \u00a0") + " %"
}

type discountForm struct {
	Kind    string      `form:"kind"`
	NameNL  string      `form:"name_nl" validate:"max=60"`
	NameEN  string      `form:"name_en" validate:"max=60"`
	Code    string      `form:"code" validate:"max=40"`
	Days    int         `form:"days" validate:"min=0,max=1000"`
	Percent money.Cents `form:"percent" validate:"min=0,max=10000"` // hundredths of a percent are written as cents are
	Amount  money.Cents `form:"amount" validate:"min=0"`
	Members bool        `form:"members"`
	Alone   bool        `form:"alone"`
	Group   string      `form:"group" validate:"max=40"`
	Holiday string      `form:"holiday" validate:"max=20"`
	From    civil.Date  `form:"from" validate:"required"`
	Until   civil.Date  `form:"until" validate:"required"`
	Max     int         `form:"max" validate:"min=0"`
}

// MakeDiscount adds a discount.
func (h *Handlers) MakeDiscount(c *fiber.Ctx) error {
	page, err := h.discountsPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[discountForm](c)
	if err == nil {
		_, err = h.Discounts.Make(c.UserContext(), web.Who(c).StaffID, discount.Discount{
			Kind: in.Kind, NameNL: in.NameNL, NameEN: in.NameEN, Code: in.Code, Percent: int(in.Percent), Amount: in.Amount, DaysBefore: in.Days,
			Members: in.Members, Alone: in.Alone, Group: in.Group, Holiday: in.Holiday, From: in.From, Until: in.Until, MaxUses: in.Max,
		})
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		page.Kind, page.NameNL, page.NameEN, page.Code, page.Group, page.Holiday = in.Kind, in.NameNL, in.NameEN, in.Code, in.Group, in.Holiday
		page.Days, page.Percent, page.Amount, page.Max = web.Typed(c, "days"), web.Typed(c, "percent"), web.Typed(c, "amount"), web.Typed(c, "max")
		page.Members, page.Alone = ticked(in.Members), ticked(in.Alone)
		retype(c, &page.From, problems)
		retype(c, &page.Until, problems)
		return web.RenderAgain(c, office.Discounts(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "office.discounts.made")
	return web.SeeOther(c, discountsPath)
}

func ticked(yes bool) string {
	if yes {
		return "yes"
	}
	return ""
}

// retype shows a day as it was typed, with what is wrong with it.
func retype(c *fiber.Ctx, f *ui.DayField, problems ui.Errors) {
	f.Day, f.Month, f.Year = web.Typed(c, f.Name+"-day"), web.Typed(c, f.Name+"-month"), web.Typed(c, f.Name+"-year")
	f.Error = problems.For(f.Name)
}

// StopDiscount ends a discount now.
func (h *Handlers) StopDiscount(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("discount"), 10, 64)
	if err != nil {
		return discount.ErrUnknown
	}
	if err := h.Discounts.Stop(c.UserContext(), web.Who(c).StaffID, key); err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "office.discounts.stop_done")
	return web.SeeOther(c, discountsPath)
}
