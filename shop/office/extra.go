package office

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/extra"
	"joetz/shop/roster"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

const extrasPath = "/kantoor/extras"

type extrasForm struct {
	Text  string `form:"zoek" validate:"max=60"`
	After string `form:"na" validate:"max=300"`
}

// ShowExtras lists the departures to come, each with a way to its extras.
func (h *Handlers) ShowExtras(c *fiber.Ctx) error {
	in, err := web.Form[extrasForm](c)
	if err != nil {
		in = extrasForm{} // an address that somebody changed: the list as it begins
	}
	rows, next, err := h.Roster.Names(c.UserContext(), roster.DepartureFilter{When: "leaving", Status: "published", Text: in.Text, After: in.After}, roster.PerPage)
	if err != nil {
		return err
	}
	page := office.ExtrasPage{Page: staffPage(c, "office.extras.title"), Action: extrasPath, Text: in.Text}
	for _, d := range rows {
		page.Departures = append(page.Departures, office.ExtraDeparture{Href: fmt.Sprintf("%s/%d", extrasPath, d.ID), Title: d.Title, Code: d.Code, StartsOn: d.StartsOn})
	}
	if next != "" {
		page.Next = with(extrasPath, url.Values{"zoek": {in.Text}, "na": {next}})
	}
	return web.Render(c, office.Extras(page))
}

// ShowDepartureExtras lists the extras of one departure and offers to add one.
func (h *Handlers) ShowDepartureExtras(c *fiber.Ctx) error {
	_, page, err := h.extrasPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.DepartureExtras(page))
}

func (h *Handlers) extrasPage(c *fiber.Ctx) (id.Departure, office.DepartureExtrasPage, error) {
	key, err := strconv.ParseInt(c.Params("departure"), 10, 64)
	if err != nil {
		return 0, office.DepartureExtrasPage{}, catalogue.ErrNoDeparture
	}
	departure := id.Departure(key)
	d, err := h.Roster.Departure(c.UserContext(), departure) // a draft without prices too: its extras come before its sale
	if err != nil {
		return 0, office.DepartureExtrasPage{}, err
	}
	p := staffPage(c, "office.extras.title")
	p.Back = &layout.Link{Href: extrasPath, Text: p.T("office.extras.title")}
	page := office.DepartureExtrasPage{Page: p, Action: fmt.Sprintf("%s/%d", extrasPath, key), Holiday: fmt.Sprintf("%s, %s", d.Title, p.DatePlain(d.StartsOn)), Rule: "never"}
	all, err := h.Extras.AllOfDeparture(c.UserContext(), departure)
	for _, e := range all {
		row := office.ExtraRow{Name: e.Name(p.Lang), Price: e.Price, Choices: strings.Join(e.Choices, ", "), Refund: p.T("office.extras.never"), Taken: strconv.Itoa(e.Taken)}
		if e.RefundDays != nil {
			row.Refund = p.T("office.extras.until", *e.RefundDays)
		}
		if e.AsPrice {
			row.Refund = p.T("office.extras.as_price")
		}
		if e.Stock != nil {
			row.Taken = p.T("office.extras.of", e.Taken, *e.Stock)
		}
		if e.StoppedAt == nil {
			row.Stop = fmt.Sprintf("%s/%d/stop", page.Action, e.ID)
		}
		page.Rows = append(page.Rows, row)
	}
	return departure, page, err
}

type extraForm struct {
	NameNL  string      `form:"name_nl" validate:"required,max=60"`
	NameEN  string      `form:"name_en" validate:"max=60"`
	Price   money.Cents `form:"price" validate:"min=0"`
	Stock   int         `form:"stock" validate:"min=0,max=100000"`
	Choices string      `form:"choices" validate:"max=200"`
	Refund  int         `form:"refund" validate:"min=0,max=1000"`
	Rule    string      `form:"rule" validate:"omitempty,oneof=never days price"`
}

// MakeExtra adds an extra to a departure.
func (h *Handlers) MakeExtra(c *fiber.Ctx) error {
	departure, page, err := h.extrasPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[extraForm](c)
	if err == nil {
		e := extra.Extra{Departure: departure, NameNL: in.NameNL, NameEN: in.NameEN, Price: in.Price}
		if web.Typed(c, "stock") != "" {
			e.Stock = &in.Stock
		}
		switch in.Rule {
		case "days":
			if web.Typed(c, "refund") == "" {
				err = fault.Field("refund", "form.required")
			}
			e.RefundDays = &in.Refund
		case "price":
			e.AsPrice = true
		}
		for _, choice := range strings.Split(in.Choices, ",") {
			if choice = strings.TrimSpace(choice); choice != "" {
				e.Choices = append(e.Choices, choice)
			}
		}
		if err == nil {
			_, err = h.Extras.Make(c.UserContext(), web.Who(c).StaffID, e)
		}
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		page.NameNL, page.NameEN, page.Choices = in.NameNL, in.NameEN, in.Choices
		page.Price, page.Stock, page.Refund = web.Typed(c, "price"), web.Typed(c, "stock"), web.Typed(c, "refund")
		page.Rule = in.Rule
		return web.RenderAgain(c, office.DepartureExtras(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "office.extras.made")
	return web.SeeOther(c, page.Action)
}

// StopExtra takes an extra off the offer.
func (h *Handlers) StopExtra(c *fiber.Ctx) error {
	_, page, err := h.extrasPage(c)
	if err != nil {
		return err
	}
	key, err := strconv.ParseInt(c.Params("extra"), 10, 64)
	if err != nil {
		return extra.ErrUnknown
	}
	if err := h.Extras.Stop(c.UserContext(), key); err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "office.extras.stop_done")
	return web.SeeOther(c, page.Action)
}
