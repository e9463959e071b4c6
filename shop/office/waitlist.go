package office

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/waitlist"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms/fault"
	"joetz/terms/id"
)

func waitlistPath(d id.Departure) string { return fmt.Sprintf("/kantoor/wachtlijst/%d", d) }

// ShowWaitlists lists the departures on whose list somebody waits.
func (h *Handlers) ShowWaitlists(c *fiber.Ctx) error {
	lists, err := h.Waitlist.Lists(c.UserContext())
	if err != nil {
		return err
	}
	page := office.WaitlistsPage{Page: staffPage(c, "office.waitlist.title")}
	for _, l := range lists {
		page.Rows = append(page.Rows, office.WaitlistRow{
			Href: waitlistPath(l.Departure), Title: l.Title, Code: l.Code, StartsOn: l.StartsOn, EndsOn: l.EndsOn, Families: l.Families, Children: l.Children,
			Offers: l.Offers, Free: l.Free,
		})
	}
	return web.Render(c, office.Waitlists(page))
}

// ShowWaitlist is the list of one departure.
func (h *Handlers) ShowWaitlist(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("departure"), 10, 64)
	if err != nil {
		return catalogue.ErrNoDeparture
	}
	page, err := h.waitlistPage(c, id.Departure(key))
	if err != nil {
		return err
	}
	return web.Render(c, office.Waitlist(page))
}

func (h *Handlers) waitlistPage(c *fiber.Ctx, departure id.Departure) (page office.WaitlistPage, err error) {
	ctx := c.UserContext()
	d, err := h.Waitlist.Catalogue.DepartureForOffice(ctx, departure)
	if err != nil {
		return page, err
	}
	entries, err := h.Waitlist.OnDeparture(ctx, departure)
	if err != nil {
		return page, err
	}
	page = office.WaitlistPage{Page: staffPage(c, "office.waitlist.title")}
	page.Title = page.T("office.waitlist.of", d.Title)
	page.Back = &layout.Link{Href: "/kantoor/wachtlijst", Text: page.T("office.waitlist.title")}
	page.Row = office.WaitlistRow{Title: d.Title, Code: d.Code, StartsOn: d.StartsOn, EndsOn: d.EndsOn, Free: d.Free + d.Listed}
	for _, l := range d.Limits {
		if l.Full() {
			key, args := l.Words()
			page.Limits = append(page.Limits, page.T(key, args...))
		}
	}
	families := map[id.WaitlistEntry]string{}
	for _, e := range entries {
		row := waitingRow(e)
		families[e.ID] = row.Family
		if e.EndedAt == nil {
			page.Rows = append(page.Rows, row)
		} else {
			page.Ended = append(page.Ended, row)
		}
	}
	events, err := h.Waitlist.History(ctx, departure)
	for _, v := range events {
		page.Events = append(page.Events, waitEvent(page.Page, v, families[v.Entry]))
	}
	return page, err
}

func waitingRow(e waitlist.Entry) office.WaitingRow {
	row := office.WaitingRow{
		ID: int64(e.ID), Position: e.Position, Family: strings.TrimSpace(e.FirstName + " " + e.LastName), Email: e.Email, Phone: e.Phone, AtLeast: e.AtLeast,
		Count: len(e.Children), Since: e.JoinedAt, Status: string(e.Status), Priority: e.Priority,
	}
	if row.Family == "" { // joined before any name was given: the address is all there is
		row.Family = e.Email
	}
	for _, c := range e.Children {
		text := fmt.Sprintf("%s %s, %d", c.FirstName, c.LastName, c.BornOn.Year())
		if c.BoardingName != "" {
			text += ", " + c.BoardingName
		}
		row.Children = append(row.Children, text)
		if c.Barred {
			row.Barred = append(row.Barred, layout.Link{Href: fmt.Sprintf("/kantoor/deelnemer/%d/weigeren", c.Participant), Text: c.FirstName})
		}
	}
	if e.Offer != nil {
		row.Places, row.Deadline = e.Offer.Places, e.Offer.Deadline
	}
	return row
}

func waitEvent(p layout.Page, v waitlist.Event, family string) office.WaitEvent {
	var detail struct {
		Reason string `json:"reason"`
	}
	_ = json.Unmarshal(v.Detail, &detail) // written by this program; a line without its reason still says what happened
	group, _, _ := strings.Cut(v.Actor, ":")
	return office.WaitEvent{At: v.At, Text: p.T("office.waitlist.event." + v.Kind), Family: family, Who: p.T("office.waitlist.by." + group), Reason: detail.Reason}
}

type waitlistForm struct {
	Reason string `form:"reason" validate:"max=300"`
	Act    string `form:"act" validate:"required,oneof=offer priority ordinary remove"`
}

// ActOnWaiting offers, gives priority or removes, each with a reason.
func (h *Handlers) ActOnWaiting(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("entry"), 10, 64)
	if err != nil {
		return waitlist.ErrNoEntry
	}
	entry := id.WaitlistEntry(key)
	e, err := h.Waitlist.EntryByID(c.UserContext(), entry)
	if err != nil {
		return err
	}
	in, err := web.Form[waitlistForm](c)
	if err == nil {
		who, ctx := web.Who(c), c.UserContext()
		switch in.Act {
		case "offer":
			err = h.Waitlist.OfferNow(ctx, who, entry, in.Reason)
		case "priority":
			err = h.Waitlist.Prioritise(ctx, who, entry, 1, in.Reason)
		case "ordinary":
			err = h.Waitlist.Prioritise(ctx, who, entry, 0, in.Reason)
		case "remove":
			err = h.Waitlist.Remove(ctx, who, entry, in.Reason)
		}
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		web.FlashFault(c, f)
		return web.SeeOther(c, waitlistPath(e.Departure))
	}
	if problems := web.Problems(c, err); problems != nil {
		page, err := h.waitlistPage(c, e.Departure)
		if err != nil {
			return err
		}
		page.Errors, page.Failed, page.Acted, page.Reason = problems, true, int64(entry), web.Typed(c, "reason")
		return web.RenderAgain(c, office.Waitlist(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "office.waitlist.done")
	return web.SeeOther(c, waitlistPath(e.Departure))
}
