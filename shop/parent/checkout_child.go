package parent

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/id"
)

type childForm struct {
	Child     string `form:"child" validate:"required"`
	FirstName string `form:"first_name" validate:"max=80"`
	LastName  string `form:"last_name" validate:"max=80"`
}

type newChildForm struct {
	FirstName string     `form:"first_name" validate:"required,max=80"`
	LastName  string     `form:"last_name" validate:"required,max=80"`
	Born      civil.Date `form:"born" validate:"required"`
}

// ShowChild asks which child takes a place.
func (h *Handlers) ShowChild(c *fiber.Ctx) error {
	page, err := h.childPage(c)
	if err != nil {
		return orNext(c, err)
	}
	return web.Render(c, parent.Child(page))
}

func (h *Handlers) childPage(c *fiber.Ctx) (page parent.ChildPage, err error) {
	basket, child, err := h.childStep(c)
	if err == nil && basket.Offered { // the places are for the children who waited
		err = errNext
	}
	if err != nil {
		return page, err
	}
	b, d, err := h.basketPage(c, basket, child)
	if err != nil {
		return page, err
	}
	family, err := h.Accounts.ChildrenOf(c.UserContext(), basket.Guardian)
	if err != nil {
		return page, err
	}
	b.Title = b.T("checkout.step.children")
	if child.Position > 1 {
		b.Back = previous(b.Page, choicesPath(child.Position-1))
	}
	page = parent.ChildPage{Basket: b, Position: child.Position, Children: childOptions(b.Page, d, family, basket, child)}
	if child.Participant != 0 {
		page.Chosen = strconv.FormatInt(int64(child.Participant), 10)
	}
	page.LastName = sharedName(family)
	page.Born = ui.DayField{Name: "born", Label: b.T("checkout.child.born"), Hint: b.T("checkout.child.born_hint", d.BirthYearFrom, d.BirthYearTo)}
	return page, nil
}

// childOptions lists the family's children who do not have another place of this basket; who is of the wrong age is shown
// and cannot be chosen, so that no parent wonders where a child went.
func childOptions(p layout.Page, d catalogue.Departure, family []account.Child, basket booking.Checkout, place booking.Child) []ui.Option {
	var options []ui.Option
	for _, person := range family {
		if taken(basket, place, person.ID) {
			continue
		}
		o := ui.Option{Value: strconv.FormatInt(int64(person.ID), 10), Label: person.FirstName + " " + person.LastName, Hint: p.T("checkout.child.born_in", p.DatePlain(person.BornOn))}
		if !d.Admits(person.BornOn) {
			o.Disabled, o.Hint = true, p.T("checkout.child.wrong_age")
		}
		options = append(options, o)
	}
	return append(options, ui.Option{Value: "new", Label: p.T("checkout.child.new")})
}

// sharedName is the family name that all children have; "" when they differ, or when there are none yet.
func sharedName(family []account.Child) string {
	if len(family) == 0 {
		return ""
	}
	for _, person := range family[1:] {
		if person.LastName != family[0].LastName {
			return ""
		}
	}
	return family[0].LastName
}

func taken(basket booking.Checkout, place booking.Child, person id.Participant) bool {
	for _, other := range basket.Children {
		if other.Position != place.Position && other.Departure == place.Departure && other.Participant == person {
			return true
		}
	}
	return false
}

// SaveChild puts a child of the family, or a new one, on the place.
func (h *Handlers) SaveChild(c *fiber.Ctx) error {
	position, err := strconv.Atoi(c.Params("position"))
	if err != nil {
		return orNext(c, errNext)
	}
	in, err := web.Form[childForm](c)
	if err == nil {
		err = h.whileHeld(c, func() error { return h.chooseChild(c, position, in.Child) })
	}
	if problems := web.Problems(c, err); problems != nil && !elsewhere(err) {
		return h.childAgain(c, in, problems)
	}
	if err != nil {
		return orNext(c, err)
	}
	return web.SeeOther(c, choicesPath(position))
}

// childAgain shows the question again with what was typed.
func (h *Handlers) childAgain(c *fiber.Ctx, in childForm, problems ui.Errors) error {
	page, err := h.childPage(c)
	if err != nil {
		return orNext(c, err)
	}
	page.Chosen, page.FirstName, page.LastName = in.Child, in.FirstName, in.LastName
	page.Born.Day, page.Born.Month, page.Born.Year = web.Typed(c, "born-day"), web.Typed(c, "born-month"), web.Typed(c, "born-year")
	page.Basket, page.Born.Error = failed(page.Basket, problems), problems.For("born")
	return web.RenderAgain(c, parent.Child(page))
}

func (h *Handlers) chooseChild(c *fiber.Ctx, position int, chosen string) error {
	ctx, guardian := c.UserContext(), web.Who(c).GuardianID
	participant, err := strconv.ParseInt(chosen, 10, 64)
	if chosen == "new" {
		in, err := web.Form[newChildForm](c)
		if err != nil {
			return err
		}
		return h.Bookings.ChooseNewChild(ctx, web.Cookie(c, basketCookie), guardian, position,
			account.ChildInput{FirstName: in.FirstName, LastName: in.LastName, BornOn: in.Born})
	}
	if err != nil {
		return booking.ErrNotYourChild
	}
	return h.Bookings.ChooseChild(ctx, web.Cookie(c, basketCookie), guardian, position, id.Participant(participant))
}
