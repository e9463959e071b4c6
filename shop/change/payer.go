package change

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/change"
	"joetz/templates/layout"
	"joetz/terms/id"
)

type payerForm struct {
	Payer web.PayerForm `form:"payer"`
}

// Payer shows who gets the invoices of an order, and changes it for those that are not made yet.
func (h *Handlers) Payer(c *fiber.Ctx) error {
	o, err := h.payerOrder(c)
	if err != nil {
		return err
	}
	page, err := h.payerPage(c, o)
	if err != nil {
		return err
	}
	if c.Method() != fiber.MethodPost {
		return web.Render(c, change.Payer(page))
	}
	in, err := web.Form[payerForm](c)
	f := in.Payer
	if err == nil {
		err = h.Bookings.ChangePayer(c.UserContext(), web.Who(c), o.ID, booking.PayerChoice{Who: f.Who, New: booking.Payer{Name: f.Name, Email: f.Email,
			Street: f.Street, PostalCode: f.PostalCode, City: f.City, Country: f.Country, Enterprise: f.Enterprise, Reference: f.Reference}})
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Failed = true
		page.Fields = change.PayerFields{Who: f.Who, Parent: page.Fields.Parent, Name: f.Name, Email: f.Email, Street: f.Street, PostalCode: f.PostalCode,
			City: f.City, Country: f.Country, Enterprise: f.Enterprise, Reference: f.Reference, Known: page.Fields.Known, Errors: problems}
		return web.RenderAgain(c, change.Payer(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "payer.done")
	return web.SeeOther(c, page.Back.Href)
}

// payerOrder reads the order of the address for who may say who pays it.
func (h *Handlers) payerOrder(c *fiber.Ctx) (booking.Order, error) {
	key, err := strconv.ParseInt(c.Params("order"), 10, 64)
	if err != nil {
		return booking.Order{}, booking.ErrNoBooking
	}
	if who := web.Who(c); who.StaffID == 0 {
		return h.Bookings.PayerOrder(c.UserContext(), who.GuardianID, id.Order(key))
	}
	return h.Bookings.OrderByID(c.UserContext(), id.Order(key))
}

func (h *Handlers) payerPage(c *fiber.Ctx, o booking.Order) (change.PayerPage, error) {
	ctx, who := c.UserContext(), web.Who(c)
	p, path := web.Page(c), booking.OrderPath(o.ID)
	if who.StaffID != 0 {
		path = fmt.Sprintf("/kantoor/boeking/%d", o.ID)
	}
	p.Title, p.Private, p.Width = p.T("payer.title"), true, layout.Reading
	p.Back = &layout.Link{Href: path, Text: p.T("change.back")}
	page := change.PayerPage{Page: p, Reference: o.Reference, Action: path + "/betaler", Fields: change.PayerFields{Who: "self", Country: "BE"}}
	if who.StaffID != 0 || who.GuardianID != o.Guardian {
		page.Fields.Parent = o.PayerName
	}
	known, err := h.Bookings.Payers(ctx, o.Guardian)
	if err != nil {
		return page, err
	}
	for _, k := range known {
		page.Fields.Known = append(page.Fields.Known, change.KnownPayer{ID: int64(k.ID), Name: k.Name, City: k.City})
		if k.ID == o.Other.ID || o.Other.ID != 0 && k.Name == o.Other.Name && k.Email == o.Other.Email {
			page.Fields.Who = fmt.Sprint(int64(k.ID))
		}
	}
	if who.StaffID == 0 && who.GuardianID != o.Guardian { // what was invoiced is between the office and who placed the order
		return page, nil
	}
	made, err := h.Bookings.Invoices.OfOrder(ctx, h.Bookings.DB, o.ID)
	for _, d := range made {
		page.Made = append(page.Made, fmt.Sprintf("%s %s: %s", p.T("parent.invoice."+d.Kind), d.Number, d.Payer.Name))
	}
	return page, err
}
