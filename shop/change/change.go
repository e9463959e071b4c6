// Package change has the handlers that change a booking, for its family under /mijn/kind and for the office under
// /kantoor/kind.
//
// Owns: /mijn/bestelling/:order/betaler and /kantoor/boeking/:order/betaler; the addresses under /mijn/kind/:booking and, but
// for ending and care, /kantoor/kind/:booking. Tables: none.
// May import: terms, payments, medical, templates, shop/booking, shop/extra, shop/account, shop/catalogue,
// shop/decision, shop/web.
// Always true: a step that costs money shows the amount first and does that amount or nothing; who may change what is
// asked of shop/booking, which answers "not found" for another family's.
package change

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/decision"
	"joetz/shop/web"
	"joetz/templates/change"
	"joetz/templates/layout"
	"joetz/templates/messages"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Handlers serves the changes of a booking.
type Handlers struct {
	Bookings  *booking.Service
	Catalogue *catalogue.Service
	Decisions *decision.Service
}

// base is where a booking's pages are for who looks.
func base(who account.Identity, b id.Booking) string {
	if who.StaffID != 0 {
		return fmt.Sprintf("/kantoor/kind/%d", b)
	}
	return fmt.Sprintf("/mijn/kind/%d", b)
}

func orderPath(who account.Identity, b booking.Booking) string {
	if who.StaffID != 0 {
		return fmt.Sprintf("/kantoor/boeking/%d", b.Order)
	}
	return booking.OrderPath(b.Order)
}

// open reads the booking of the address for who asks, with the frame of its page.
func (h *Handlers) open(c *fiber.Ctx, title string) (booking.Booking, change.Frame, error) {
	who := web.Who(c)
	key, err := strconv.ParseInt(c.Params("booking"), 10, 64)
	if err != nil {
		return booking.Booking{}, change.Frame{}, booking.ErrNoBooking
	}
	var b booking.Booking
	if who.StaffID != 0 {
		b, err = h.Bookings.BookingByID(c.UserContext(), id.Booking(key))
	} else {
		b, err = h.Bookings.BookingOf(c.UserContext(), who.GuardianID, id.Booking(key), booking.ToChange)
	}
	if err != nil {
		return b, change.Frame{}, err
	}
	p := web.Page(c)
	p.Title, p.Private, p.Width = p.T(title, b.FirstName), true, layout.Reading
	p.Back = &layout.Link{Href: orderPath(who, b), Text: p.T("change.back")}
	return b, change.Frame{
		Page: p, Base: base(who, b.ID), Office: who.StaffID != 0,
		Card: change.Card{Child: b.FirstName, Holiday: b.Title, StartsOn: b.DepartsOn, EndsOn: b.EndsOn},
	}, nil
}

// blocked is why something cannot be done, in words; "" for nil. What is no reason for people is an error.
func blocked(p layout.Page, err error) (string, error) {
	if err == nil {
		return "", nil
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Conflict {
		return "", err
	}
	return messages.T(p.Lang, f.Key, f.Args...), nil
}

// ShowHub lists what can be changed.
func (h *Handlers) ShowHub(c *fiber.Ctx) error {
	b, frame, err := h.open(c, "change.hub.title")
	if err != nil {
		return err
	}
	page := change.HubPage{Frame: frame}
	d, err := h.Catalogue.DepartureByID(c.UserContext(), b.Departure)
	if err != nil {
		return err
	}
	can := h.Bookings.Can(b)
	if page.Why, err = blocked(page.Page, can.Change); err != nil {
		return err
	}
	add := func(key, path string, why error) error {
		words, err := blocked(page.Page, why)
		if words != "" && words == page.Why { // said once, above what can still be done
			return err
		}
		page.Ways = append(page.Ways, change.Way{Key: key, Href: frame.Base + path, Blocked: words})
		return err
	}
	if len(d.BoardingPlaces) > 1 {
		if err := add("boarding", "/opstapplaats", can.Change); err != nil {
			return err
		}
	}
	extras, err := h.Bookings.OffersExtras(c.UserContext(), web.Who(c), b)
	if err != nil {
		return err
	}
	if extras {
		if err := add("extras", "/extras", can.Change); err != nil {
			return err
		}
	}
	for _, w := range []struct {
		key, path string
		why       error
	}{{"name", "/naam", can.Change}, {"photos", "/foto", can.Photos}, {"transfer", "/ander-kind", can.Transfer}, {"rebook", "/omboeken", can.Change}, {"cancel", "/annuleren", can.Cancel}} {
		if err := add(w.key, w.path, w.why); err != nil {
			return err
		}
	}
	return web.Render(c, change.Hub(page))
}

func boardings(d catalogue.Departure) []ui.Option {
	var options []ui.Option
	for _, place := range d.BoardingPlaces {
		options = append(options, ui.Option{Value: fmt.Sprint(int64(place.ID)), Label: place.Name})
	}
	return options
}

// Boarding shows the boarding places and changes to one.
func (h *Handlers) Boarding(c *fiber.Ctx) error {
	b, frame, err := h.open(c, "change.way.boarding")
	if err != nil {
		return err
	}
	d, err := h.Catalogue.DepartureByID(c.UserContext(), b.Departure)
	if err != nil {
		return err
	}
	page := change.BoardingPage{Frame: frame, Options: boardings(d), Value: fmt.Sprint(int64(b.BoardingPlace))}
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return web.Render(c, change.Boarding(page))
	}
	in, err := web.Form[struct {
		Place int64 `form:"boarding_place" validate:"required"`
	}](c)
	page.Value = web.Typed(c, "boarding_place")
	if err == nil {
		err = h.Bookings.ChangeBoarding(c.UserContext(), web.Who(c), b.ID, id.BoardingPlace(in.Place))
	}
	return h.done(c, b, err, "change.boarding.done", func(e ui.Errors) error {
		page.Errors, page.Failed = e, true
		return web.RenderAgain(c, change.Boarding(page))
	})
}

// done goes back to the order when all went well, and shows the form again when something can be mended.
func (h *Handlers) done(c *fiber.Ctx, b booking.Booking, err error, flash string, again func(ui.Errors) error) error {
	if err == nil {
		web.SetFlash(c, layout.Good, flash, b.FirstName)
		return web.SeeOther(c, orderPath(web.Who(c), b))
	}
	if problems := web.Problems(c, err); problems != nil {
		return again(problems)
	}
	return err
}

// Name corrects the child's name.
func (h *Handlers) Name(c *fiber.Ctx) error {
	b, frame, err := h.open(c, "change.way.name")
	if err != nil {
		return err
	}
	page := change.NamePage{Frame: frame, First: b.FirstName, Last: b.LastName}
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return web.Render(c, change.Name(page))
	}
	in, err := web.Form[struct {
		First string `form:"first_name" validate:"required,max=60"`
		Last  string `form:"last_name" validate:"required,max=60"`
	}](c)
	page.First, page.Last = in.First, in.Last
	if err == nil {
		err = h.Bookings.Rename(c.UserContext(), web.Who(c), b.ID, in.First, in.Last)
	}
	return h.done(c, b, err, "change.name.done", func(e ui.Errors) error {
		page.Errors, page.Failed = e, true
		return web.RenderAgain(c, change.Name(page))
	})
}

// Transfer gives the place to another child of the family.
func (h *Handlers) Transfer(c *fiber.Ctx) error {
	b, frame, err := h.open(c, "change.way.transfer")
	if err != nil {
		return err
	}
	if err := h.Bookings.Can(b).Transfer; err != nil {
		return err
	}
	children, err := h.Bookings.TransferTo(c.UserContext(), b)
	if err != nil {
		return err
	}
	page := change.TransferPage{Frame: frame, PhotoOptions: parent.PhotoOptions(frame.Page), Proof: b.Category != "base", Until: b.DepartsOn.AddDays(-booking.TransferUntilDays)}
	if strings.HasPrefix(frame.Base, "/mijn/") {
		page.Add = "/mijn/gezin/nieuw?terug=" + url.QueryEscape(frame.Base+"/ander-kind")
	}
	for _, child := range children {
		page.Options = append(page.Options, ui.Option{Value: fmt.Sprint(int64(child.ID)), Label: child.FirstName + " " + child.LastName})
	}
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return web.Render(c, change.Transfer(page))
	}
	in, err := web.Form[struct {
		Child  int64  `form:"child" validate:"required"`
		Photos string `form:"photo_consent" validate:"required"`
	}](c)
	page.Value, page.Photos = web.Typed(c, "child"), web.Typed(c, "photo_consent")
	if err == nil {
		err = h.Bookings.Transfer(c.UserContext(), web.Who(c), b.ID, id.Participant(in.Child), in.Photos)
	}
	return h.done(c, b, err, "change.transfer.done", func(e ui.Errors) error {
		page.Errors, page.Failed = e, true
		return web.RenderAgain(c, change.Transfer(page))
	})
}

// reader is who moves a fiche, for the access log.
func reader(c *fiber.Ctx) medical.Reader {
	who := web.Who(c)
	r := medical.Reader{Guardian: who.GuardianID, Role: medical.Guardian, Purpose: "rebook", Request: web.RequestID(c), IP: web.ClientIP(c).String(), Device: c.Get(fiber.HeaderUserAgent)}
	if who.StaffID != 0 {
		r.Guardian, r.Staff, r.Role = 0, who.StaffID, medical.Office
	}
	return r
}

func because(lang string, all []terms.Reason) (lines []ui.Reason) {
	for _, r := range all {
		line := booking.Reason(lang, r)
		lines = append(lines, ui.Reason{Text: line.Text, Clause: line.Clause})
	}
	return lines
}
