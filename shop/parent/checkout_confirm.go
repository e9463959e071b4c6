package parent

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/discount"
	"joetz/shop/extra"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms/money"
)

type confirmForm struct {
	Instalments int    `form:"instalments" validate:"required,min=1,max=3"`
	Method      string `form:"method" validate:"omitempty,oneof=stripe transfer"`
	Accept      bool   `form:"accept"`
	Terms       string `form:"terms" validate:"required,max=100"`
	Total       int64  `form:"total" validate:"min=0"`
}

// ShowConfirm shows everything before the parent is bound.
func (h *Handlers) ShowConfirm(c *fiber.Ctx) error {
	page, err := h.confirmPage(c)
	if err != nil {
		return orNext(c, err)
	}
	return web.Render(c, parent.Confirm(page))
}

func (h *Handlers) confirmPage(c *fiber.Ctx) (page parent.ConfirmPage, err error) {
	basket, err := h.step(c)
	if err != nil {
		return page, err
	}
	ctx := c.UserContext()
	sum, err := h.Bookings.SummaryOf(ctx, basket, 1)
	if err != nil {
		return page, err
	}
	g, err := h.Accounts.GuardianByID(ctx, basket.Guardian)
	if err != nil {
		return page, err
	}
	if !g.Complete() {
		return page, errNext
	}
	b, _, err := h.basketPage(c, basket, basket.Children[0])
	if err != nil {
		return page, err
	}
	b.Title = b.T("checkout.confirm.title")
	b.Back = previous(b.Page, "/boeken/gegevens")
	page = parent.ConfirmPage{
		Basket: b, Total: sum.Total, TermsVersion: edition(h.Bookings.Terms.Version()), TermsHash: h.Bookings.Terms.Hash(),
		Code:  sum.Checkout.Code,
		Payer: []string{g.Name(), g.Street, g.PostalCode + " " + g.City}, Phone: g.Phone, Email: g.Email,
	}
	other, err := h.Bookings.PayerOf(ctx, basket)
	if err != nil {
		return page, err
	}
	if other.ID != 0 {
		page.Payer, page.Other = append(other.Lines(), other.Email), true
	}
	if page.Overlaps, err = h.overlapLines(c, b.Page, basket); err != nil {
		return page, err
	}
	several := len(basket.Departures()) > 1
	if several {
		page.Trip = parent.Trip{} // each stands above its own children
	}
	for _, o := range sum.Offers {
		line := offerLine(b.Page, o)
		if several {
			line.Trip = tripOf(o.On)
		}
		page.Offers = append(page.Offers, line)
		page.InReview = page.InReview || *o.Care
		page.Inverted = page.Inverted || o.Quote.Inverted
	}
	for n := 1; n <= sum.MaxInstalments; n++ {
		page.Plans = append(page.Plans, planLines(n, h.Bookings.In(sum, n)))
	}
	page.Instalments = "1" // so that a schedule is seen; another is chosen freely
	return page, nil
}

func offerLine(p layout.Page, o booking.Offer) parent.OfferLine {
	return parent.OfferLine{
		Name: o.Person.Name(), First: o.Person.FirstName, Born: o.Person.BornOn, Category: p.T("checkout.category." + string(o.Category)), Price: o.Gross, Premium: o.Quote.Premium,
		BaseIsBest: o.Chosen != o.Category, Extras: extraLines(p, o), Discounts: discountLines(p, o), Apart: apart(p, o),
		Insured: o.Facts.Insurance, BoardingPlace: o.BoardingPlace.Name, Care: *o.Care, Photo: p.T("checkout.photo." + o.PhotoConsent),
		ProofNeeded: o.Category != "base", Position: o.Position,
	}
}

func planLines(n int, schedule []booking.DueTotal) parent.Plan {
	plan := parent.Plan{Instalments: n, Schedule: make([]parent.DueLine, len(schedule))}
	for i, due := range schedule {
		plan.Schedule[i] = parent.DueLine(due)
	}
	return plan
}

// Confirm places the order and leads to its payment, or to its page. What the page shows is read again only when it must be
// shown again.
func (h *Handlers) Confirm(c *fiber.Ctx) error {
	in, err := web.Form[confirmForm](c)
	problems := web.Problems(c, err)
	p := web.Page(c)
	if in.Method == "" {
		problems = append(problems, problem(p, "method", "checkout.method.needed"))
	}
	if !in.Accept {
		problems = append(problems, problem(p, "accept", "checkout.terms.needed"))
	}
	if problems != nil {
		return h.confirmAgain(c, in, in.Accept, problems)
	}
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	g, err := h.Accounts.GuardianByID(ctx, web.Who(c).GuardianID)
	if err != nil {
		return err
	}
	if !g.Complete() {
		return orNext(c, errNext)
	}
	placed, err := h.Bookings.Place(ctx, web.Cookie(c, basketCookie), g, booking.PlaceInput{
		Instalments: in.Instalments, PaymentMethod: in.Method, TermsHash: in.Terms, QuotedTotal: money.Cents(in.Total),
	})
	if errors.Is(err, extra.ErrGone) { // the hold ran out in this very moment
		web.SetFlash(c, layout.Warning, "extra.gone")
		return web.SeeOther(c, "/boeken/overzicht")
	}
	if errors.Is(err, discount.ErrUsedUp) { // the price is another now: show it before anything is confirmed
		return h.codeRanOut(c, in)
	}
	if problems := web.Problems(c, err); problems != nil && !elsewhere(err) {
		return h.confirmAgain(c, in, false, problems) // what is accepted again must be read again
	}
	if err != nil {
		return orNext(c, err)
	}
	return h.afterPlacing(c, placed, in.Method)
}

// afterPlacing leads to the payment page where something is asked on line, and to the order's page otherwise.
func (h *Handlers) afterPlacing(c *fiber.Ctx, placed booking.Placed, method string) error {
	web.DropCookie(c, basketCookie)
	order := fmt.Sprintf("/mijn/bestelling/%d", placed.Order)
	if method == "stripe" && placed.Asked > 0 {
		target, err := h.startPayment(c, placed.Order)
		if err == nil {
			return web.SeeOther(c, target)
		}
		// The booking stands. Whatever is wrong at the payment's side, the order's page offers to pay again.
		web.SetFlash(c, layout.Warning, "parent.payment_later")
		return web.SeeOther(c, order)
	}
	return web.SeeOther(c, order+"?geboekt=1")
}

// confirmAgain shows the last page again with what was chosen on it.
func (h *Handlers) confirmAgain(c *fiber.Ctx, in confirmForm, accepted bool, problems ui.Errors) error {
	page, err := h.confirmPage(c)
	if err != nil {
		return orNext(c, err)
	}
	page.Method = in.Method
	if in.Instalments > 0 {
		page.Instalments = strconv.Itoa(in.Instalments)
	}
	if accepted {
		page.Accepted = "yes"
	}
	page.Basket = failed(page.Basket, problems)
	return web.RenderAgain(c, parent.Confirm(page))
}
