package parent

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms/id"
)

// basketCookie keeps a basket's token; it outlives the hold, so that an expired basket can be taken again.
const basketCookie = "basket"

const basketFor = 24 * time.Hour

type startForm struct {
	Departure int64 `form:"departure" validate:"required"`
	Children  int   `form:"children" validate:"required,min=1,max=6"`
	// What happens to a basket that was filled in before: add or replace; asked when it matters.
	Basket string `form:"basket" validate:"omitempty,oneof=add replace"`
}

// Start holds places and opens a basket. Nobody needs an account for it.
func (h *Handlers) Start(c *fiber.Ctx) error {
	in, err := web.Form[startForm](c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	if wait, err := h.mustWait(c, id.Departure(in.Departure)); err != nil {
		return err
	} else if wait {
		return web.SeeOther(c, fmt.Sprintf("/wachtkamer/%d", in.Departure))
	}
	if filled, err := h.filledBasket(c); err != nil {
		return err
	} else if filled != nil && in.Basket != "replace" {
		return h.startAgain(c, *filled, in)
	}
	if old := web.Cookie(c, basketCookie); old != "" { // one basket per browser: the old places are not kept from others
		if err := h.Bookings.Leave(ctx, old); err != nil && !errors.Is(err, booking.ErrNoCheckout) && !errors.Is(err, booking.ErrOffered) {
			return err
		}
	}
	who := func() id.Guardian { return web.Who(c).GuardianID }
	token, err := h.Bookings.StartFor(ctx, who, id.Departure(in.Departure), in.Children)
	if problem := refusal(err); problem != "" {
		web.SetFlash(c, layout.Warning, problem)
		return h.backToHoliday(c, id.Departure(in.Departure))
	}
	if err != nil {
		return err
	}
	web.SetCookie(c, basketCookie, token, basketFor)
	return web.SeeOther(c, "/boeken")
}

// refusal is the message of a start that is refused for a reason that the parent can read on the holiday's page.
func refusal(err error) string {
	for _, r := range []struct {
		err error
		key string
	}{
		{booking.ErrSoldOut, "booking.sold_out"}, {booking.ErrInBaskets, "booking.in_baskets"}, {booking.ErrNotOnSale, "booking.not_on_sale"},
		{booking.ErrBasketFull, "booking.basket_full"}, {booking.ErrListFirst, "booking.list_first"}, {booking.ErrOffered, "booking.offered"},
	} {
		if errors.Is(err, r.err) {
			return r.key
		}
	}
	return ""
}

func (h *Handlers) backToHoliday(c *fiber.Ctx, departure id.Departure) error {
	d, ok, err := h.Catalogue.RecentOne(c.UserContext(), departure)
	switch {
	case err != nil:
		return err
	case ok:
		return web.SeeOther(c, "/vakanties/"+d.Slug)
	}
	return web.SeeOther(c, "/vakanties")
}

// Next leads to the first step of the basket that still needs an answer.
func (h *Handlers) Next(c *fiber.Ctx) error {
	token, ctx := web.Cookie(c, basketCookie), c.UserContext()
	who := web.Who(c)
	basket, err := h.Bookings.Open(ctx, token)
	switch {
	case errors.Is(err, booking.ErrNoCheckout):
		return web.SeeOther(c, "/vakanties")
	case errors.Is(err, booking.ErrHoldExpired):
		return h.showExpired(c, basket)
	case err != nil:
		return err
	case basket.Status == "placed":
		return web.SeeOther(c, "/mijn")
	case who.GuardianID == 0:
		return web.SeeOther(c, web.WithReturn("/aanmelden", "/boeken"))
	}
	if basket.Guardian != who.GuardianID {
		if err := h.Bookings.Identify(ctx, token, who.GuardianID); err != nil {
			return err
		}
		return web.SeeOther(c, "/boeken")
	}
	for _, child := range basket.Children {
		if child.Participant == 0 {
			return web.SeeOther(c, placePath(child.Position))
		}
	}
	for _, child := range basket.Children {
		if child.Care == nil {
			return web.SeeOther(c, choicesPath(child.Position))
		}
	}
	guardian, err := h.Accounts.GuardianByID(ctx, who.GuardianID)
	if err != nil {
		return err
	}
	if guardian.Street == "" || guardian.Phone == "" {
		return web.SeeOther(c, "/boeken/gegevens")
	}
	return web.SeeOther(c, "/boeken/overzicht")
}

// Retake takes the places of an expired basket again.
func (h *Handlers) Retake(c *fiber.Ctx) error {
	err := h.Bookings.Retake(c.UserContext(), web.Cookie(c, basketCookie))
	if problem := refusal(err); problem != "" {
		web.SetFlash(c, layout.Warning, problem)
		if basket, err := h.Bookings.Open(c.UserContext(), web.Cookie(c, basketCookie)); errors.Is(err, booking.ErrHoldExpired) && len(basket.Departures()) > 1 {
			return web.SeeOther(c, "/boeken") // what is sold out can be left out there
		}
		return web.SeeOther(c, "/vakanties")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/boeken")
}

// GoOnHere lets a parent go on in this browser with what they began in another one.
func (h *Handlers) GoOnHere(c *fiber.Ctx) error {
	token, err := h.Bookings.TakeOver(c.UserContext(), web.Who(c).GuardianID)
	if errors.Is(err, booking.ErrNoCheckout) {
		web.SetFlash(c, layout.Info, "parent.home.elsewhere_over")
		return web.SeeOther(c, "/mijn")
	}
	if err != nil {
		return err
	}
	web.SetCookie(c, basketCookie, token, basketFor)
	return web.SeeOther(c, "/boeken")
}

// Leave gives the places back.
func (h *Handlers) Leave(c *fiber.Ctx) error {
	err := h.Bookings.Leave(c.UserContext(), web.Cookie(c, basketCookie))
	if errors.Is(err, booking.ErrOffered) { // declining is a step of its own, with what follows from it
		web.DropCookie(c, basketCookie)
		web.SetFlash(c, layout.Info, "waitlist.still_offered")
		return web.SeeOther(c, "/mijn/wachtlijst")
	}
	if err != nil && !errors.Is(err, booking.ErrNoCheckout) {
		return err
	}
	web.DropCookie(c, basketCookie)
	web.SetFlash(c, layout.Good, "checkout.left")
	return web.SeeOther(c, "/vakanties")
}

func (h *Handlers) showExpired(c *fiber.Ctx, basket booking.Checkout) error {
	page, _, err := h.basketPage(c, basket, basket.Children[0])
	if err != nil {
		return err
	}
	page.HeldUntil = time.Time{}
	page.Title = page.T("checkout.expired.title")
	expired := parent.ExpiredPage{Basket: page}
	if basket.Guardian != 0 && basket.Guardian == web.Who(c).GuardianID { // only the family itself sees its names
		if expired.Lines, err = h.expiredLines(c, basket); err != nil {
			return err
		}
	}
	return web.Render(c, parent.Expired(expired))
}

// errNext means that this step cannot be answered yet, or no longer: Next knows where to go.
var errNext = errors.New("parent: go to the next step")

// step opens the basket for one step, for the guardian who owns it.
func (h *Handlers) step(c *fiber.Ctx) (basket booking.Checkout, err error) {
	basket, err = h.Bookings.Open(c.UserContext(), web.Cookie(c, basketCookie))
	switch {
	case errors.Is(err, booking.ErrNoCheckout):
		return basket, errNext
	case err != nil:
		return basket, err
	case basket.Status == "placed" || basket.Guardian == 0 || basket.Guardian != web.Who(c).GuardianID:
		return basket, errNext
	}
	return basket, nil
}

// childStep is step for a page about one child of the basket, named by its position.
func (h *Handlers) childStep(c *fiber.Ctx) (basket booking.Checkout, child booking.Child, err error) {
	basket, err = h.step(c)
	if err != nil {
		return basket, child, err
	}
	position, err := strconv.Atoi(c.Params("position"))
	if err != nil || position < 1 || position > len(basket.Children) {
		return basket, child, errNext
	}
	return basket, basket.Children[position-1], nil
}

// retaken takes the places again of a basket that ran out while its family was typing, so that the page they send is kept and
// they go on where they were. False where err is something else, or the places are gone.
func (h *Handlers) retaken(c *fiber.Ctx, err error) bool {
	if !errors.Is(err, booking.ErrHoldExpired) {
		return false
	}
	token := web.Cookie(c, basketCookie)
	basket, err := h.Bookings.Open(c.UserContext(), token)
	if !errors.Is(err, booking.ErrHoldExpired) || basket.Guardian == 0 || basket.Guardian != web.Who(c).GuardianID {
		return false
	}
	if err := h.Bookings.Retake(c.UserContext(), token); err != nil {
		return false // the page of what ran out offers to try, and then says why not
	}
	web.SetFlash(c, layout.Info, "checkout.retaken")
	return true
}

// whileHeld does f, once more where the basket ran out before it and could be taken again.
func (h *Handlers) whileHeld(c *fiber.Ctx, f func() error) error {
	err := f()
	if h.retaken(c, err) {
		err = f()
	}
	return err
}

func placePath(position int) string { return fmt.Sprintf("/boeken/kind/%d", position) }

func choicesPath(position int) string { return placePath(position) + "/keuzes" }

// previous leads one step back; on a phone the names of the steps do not fit, so that this is the only way.
func previous(p layout.Page, path string) *layout.Link {
	return &layout.Link{Href: path, Text: p.T("checkout.back")}
}

// edition is a version of the terms as families know it, "2027": "joetz-2027" is the name of its file.
func edition(version string) string {
	if _, year, ok := strings.Cut(version, "-"); ok {
		return year
	}
	return version
}

// elsewhere reports whether err is mended on another step than the one that the parent is on.
func elsewhere(err error) bool {
	return errors.Is(err, errNext) || errors.Is(err, booking.ErrHoldExpired) || errors.Is(err, booking.ErrNoCheckout) || errors.Is(err, booking.ErrIncomplete)
}

// orNext sends the parent to the right step where err says so.
func orNext(c *fiber.Ctx, err error) error {
	if elsewhere(err) {
		return web.SeeOther(c, "/boeken")
	}
	return err
}

// basketPage is what every step shows; child picks the departure.
func (h *Handlers) basketPage(c *fiber.Ctx, basket booking.Checkout, child booking.Child) (parent.Basket, catalogue.Departure, error) {
	d, _, err := h.Catalogue.RecentOne(c.UserContext(), child.Departure)
	if err != nil {
		return parent.Basket{}, catalogue.Departure{}, err
	}
	page := web.Page(c)
	page.Bare, page.Private = true, true
	return parent.Basket{
		Page: page, Places: len(basket.Children), HeldUntil: basket.HeldUntil, Action: c.Path(),
		Trip: tripOf(d),
	}, d, nil
}

func failed(b parent.Basket, problems ui.Errors) parent.Basket {
	b.Errors, b.Failed = problems, true
	return b
}
