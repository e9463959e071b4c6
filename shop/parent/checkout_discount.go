package parent

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
)

func discountLines(p layout.Page, o booking.Offer) (lines []parent.DiscountLine) {
	for _, d := range o.Discounts {
		lines = append(lines, parent.DiscountLine{Name: d.Name(p.Lang), Off: d.Off})
	}
	return lines
}

// apart names the discounts that do not go together with what counts.
func apart(p layout.Page, o booking.Offer) string {
	names := make([]string, len(o.Left))
	for i, d := range o.Left {
		names[i] = d.Name(p.Lang)
	}
	return strings.Join(names, ", ")
}

type codeForm struct {
	Code string `form:"code" validate:"max=40"`
}

// UseCode keeps a discount code, or takes it away when the field is empty.
func (h *Handlers) UseCode(c *fiber.Ctx) error {
	page, err := h.confirmPage(c)
	if err != nil {
		return orNext(c, err)
	}
	page.Action = "/boeken/overzicht"
	in, err := web.Form[codeForm](c)
	page.Code = in.Code
	if err == nil {
		err = h.Bookings.SetCode(c.UserContext(), web.Cookie(c, basketCookie), web.Who(c).GuardianID, in.Code)
	}
	if problems := web.Problems(c, err); problems != nil && !elsewhere(err) {
		page.Basket = failed(page.Basket, problems)
		return web.RenderAgain(c, parent.Confirm(page))
	}
	if err != nil {
		return orNext(c, err)
	}
	key := "checkout.discount.used"
	if in.Code == "" {
		key = "checkout.discount.gone"
	}
	web.SetFlash(c, layout.Good, key)
	return web.SeeOther(c, "/boeken/overzicht")
}

// codeRanOut shows the overview with the price as it is now and the reason beside the code, and keeps what was chosen.
func (h *Handlers) codeRanOut(c *fiber.Ctx, in confirmForm) error {
	page, err := h.confirmPage(c)
	if err != nil {
		return orNext(c, err)
	}
	page.Method = in.Method
	if len(page.Plans) >= in.Instalments {
		page.Instalments = strconv.Itoa(in.Instalments)
	}
	field := "code"
	if page.Code == "" { // another discount with a limit
		field = "total"
	}
	page.Basket = failed(page.Basket, ui.Errors{problem(page.Page, field, "discount.used_up")})
	return web.RenderAgain(c, parent.Confirm(page))
}
