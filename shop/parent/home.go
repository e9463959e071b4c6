package parent

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/circular"
	"joetz/shop/family"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/messages"
	"joetz/templates/parent"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// historyLines is how much of a family's history one page shows.
const historyLines = 200

// ShowHome is the family's first page.
func (h *Handlers) ShowHome(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), web.Who(c)
	view, todos, err := h.Family.View(ctx, who.GuardianID)
	if err != nil {
		return err
	}
	page := parent.HomePage{Page: web.Page(c), FirstName: view.Guardian.FirstName}
	page.Title, page.Private = page.T("parent.home.title"), true
	if basket, err := h.Bookings.Open(ctx, web.Cookie(c, basketCookie)); err == nil && basket.Status == "open" {
		page.Basket = true
	} else if page.Elsewhere, err = h.Bookings.Elsewhere(ctx, who.GuardianID); err != nil {
		return err
	}
	entries, err := h.Waitlist.EntriesOf(ctx, who.GuardianID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.EndedAt == nil {
			page.Waiting = append(page.Waiting, waitlistCard(page.Page, e))
		}
	}
	page.PayAll = dueTogether(todos, openParts(page.Page, view.Orders))
	open := map[id.Booking]int{}
	for i, t := range todos {
		line := todoLine(page.Page, t)
		open[t.Booking]++
		if i == 0 {
			page.Next = &line
		} else {
			page.Todos = append(page.Todos, line)
		}
	}
	letters, err := h.Letters.InfoSentTo(ctx, ownOrders(view.Orders))
	if err != nil {
		return err
	}
	page.Seasons = h.seasons(page.Page, view, open, letters)
	if page.Answers, err = h.unread(c); err != nil {
		return err
	}
	return web.Render(c, parent.Home(page))
}

func todoLine(p layout.Page, t family.Todo) parent.TodoLine {
	args := slices.Clone(t.Args)
	for i, a := range args {
		if amount, ok := a.(money.Cents); ok {
			args[i] = p.Money(amount)
		}
	}
	about := t.Holiday
	if t.Order != "" {
		about = p.T("parent.order.title", t.Order)
	}
	return parent.TodoLine{Text: p.T(t.Key, args...), About: about, Due: t.Due, Late: t.Late(p.Today), Href: t.Path, Pay: t.Pay}
}

// seasons groups what is booked by year; in a year what comes first stands first, and what is over or ended last.
func (h *Handlers) seasons(p layout.Page, v family.View, open map[id.Booking]int, letters []circular.InfoSent) []parent.SeasonBlock {
	var blocks []parent.SeasonBlock
	for _, o := range v.Orders {
		for _, b := range o.Bookings {
			i := slices.IndexFunc(blocks, func(s parent.SeasonBlock) bool { return s.Year == b.DepartsOn.Year() })
			if i < 0 {
				blocks, i = append(blocks, parent.SeasonBlock{Year: b.DepartsOn.Year(), Past: true}), len(blocks)
			}
			line := parent.HolidayLine{Child: b.FirstName, Holiday: b.Title, StartsOn: b.DepartsOn, EndsOn: b.EndsOn, Status: b.Status,
				Todos: open[b.ID], Href: booking.OrderPath(o.ID), Over: b.EndsOn.Before(p.Today), Shared: o.Shared}
			if got := slices.IndexFunc(letters, func(l circular.InfoSent) bool { return l.Order == o.ID && l.Departure == b.Departure }); got >= 0 {
				line.InfoHref, line.InfoOn = infoPath(letters[got]), civil.Of(letters[got].At)
			} else if info := b.DepartsOn.AddDays(-h.Info.Days); b.Status == "placed" && info.After(p.Today) {
				line.InfoOn = info
			}
			blocks[i].Past = blocks[i].Past && line.Over
			blocks[i].Holidays = append(blocks[i].Holidays, line)
		}
	}
	for _, s := range blocks {
		slices.SortStableFunc(s.Holidays, func(a, b parent.HolidayLine) int {
			if x, y := ended(a), ended(b); x != y {
				if x {
					return 1
				}
				return -1
			}
			return a.StartsOn.Compare(b.StartsOn)
		})
	}
	slices.SortFunc(blocks, func(a, b parent.SeasonBlock) int { // what is on or to come in order, then back in time
		switch {
		case a.Past != b.Past && a.Past:
			return 1
		case a.Past != b.Past:
			return -1
		case a.Past:
			return b.Year - a.Year
		}
		return a.Year - b.Year
	})
	return blocks
}

func ended(h parent.HolidayLine) bool { return h.Over || h.Status == "cancelled" }

func homeLink(p layout.Page) *layout.Link {
	return &layout.Link{Href: "/mijn", Text: p.T("parent.home.title")}
}

// ownPage is the frame of a page under /mijn.
func ownPage(c *fiber.Ctx, title string, args ...any) layout.Page {
	p := web.Page(c)
	p.Title, p.Private, p.Back = p.T(title, args...), true, homeLink(p)
	return p
}

// ShowHistory tells what happened to bookings and children.
func (h *Handlers) ShowHistory(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), web.Who(c).GuardianID
	page := parent.HistoryPage{Page: ownPage(c, "family.history.title")}
	orders, err := h.Bookings.FamilyOrders(ctx, who)
	if err != nil {
		return err
	}
	events, err := h.Bookings.FamilyEvents(ctx, orders, historyLines)
	if err != nil {
		return err
	}
	more, err := h.Accounts.FamilyEvents(ctx, who, historyLines)
	if err != nil {
		return err
	}
	known, me := booking.FamilyBookings(orders), account.Identity{GuardianID: who}.Actor()
	references := map[id.Order]string{}
	for _, o := range orders {
		references[o.ID] = o.Reference
	}
	for _, e := range events {
		page.Lines = append(page.Lines, parent.HistoryLine{At: e.At, Text: eventText(page.Page, e, known[e.Booking], references[e.Order]),
			Who: actorName(page.Page, e.Actor, me), Href: booking.OrderPath(e.Order)})
	}
	for _, e := range more {
		page.Lines = append(page.Lines, parent.HistoryLine{At: e.At, Text: page.T("family.child."+e.Kind, e.Child, e.Who), Who: actorName(page.Page, e.Actor, me)})
	}
	slices.SortStableFunc(page.Lines, func(a, b parent.HistoryLine) int { return b.At.Compare(a.At) })
	page.Lines = page.Lines[:min(len(page.Lines), historyLines)]
	return web.Render(c, parent.History(page))
}

// eventText is an event of a booking in words; one that this page has no words for is still a line.
func eventText(p layout.Page, e booking.Event, b booking.Booking, reference string) string {
	var detail struct {
		Amount money.Cents `json:"amount"`
	}
	_ = json.Unmarshal(e.Detail, &detail) // an event without detail has none to show
	about := reference
	if b.ID != 0 {
		about = b.FirstName + ", " + b.Title
	}
	key := "family.event." + e.Kind
	if !messages.Has(p.Lang, key) {
		key = "family.event.other"
	}
	return p.T(key, about, p.Money(detail.Amount))
}

func actorName(p layout.Page, actor, me string) string {
	kind, _, _ := strings.Cut(actor, ":")
	if actor == me {
		kind = "me"
	}
	return p.T("family.who." + kind)
}

// ShowDocuments lists the documents of the orders that the guardian placed.
func (h *Handlers) ShowDocuments(c *fiber.Ctx) error {
	ctx := c.UserContext()
	orders, err := h.Bookings.FamilyOrders(ctx, web.Who(c).GuardianID)
	if err != nil {
		return err
	}
	page := parent.DocumentsPage{Page: ownPage(c, "family.documents.title")}
	for _, o := range orders {
		if o.Shared {
			continue
		}
		documents, err := h.Invoices.OfOrder(ctx, h.DB, o.ID)
		if err != nil {
			return err
		}
		for _, d := range documents {
			line := parent.DocumentLine{InvoiceLine: parent.InvoiceLine{Number: d.Number, Kind: d.Kind, On: d.IssuedOn, Total: d.Total}, Reference: o.Reference, OrderHref: booking.OrderPath(o.ID)}
			if d.Number != "" {
				line.Href = fmt.Sprintf("%s/factuur/%d", booking.OrderPath(o.ID), d.ID)
			}
			page.Documents = append(page.Documents, line)
		}
	}
	if page.Letters, err = h.infoLines(ctx, orders); err != nil {
		return err
	}
	slices.SortStableFunc(page.Documents, func(a, b parent.DocumentLine) int { return b.On.Compare(a.On) })
	return web.Render(c, parent.Documents(page))
}

// ShowPapers lists what a child needs to travel.
func (h *Handlers) ShowPapers(c *fiber.Ctx) error {
	key, err := bookingKey(c)
	if err != nil {
		return err
	}
	b, papers, err := h.Family.Papers(c.UserContext(), web.Who(c).GuardianID, key)
	if err != nil {
		return err
	}
	page := parent.PapersPage{Page: ownPage(c, "family.papers.title", b.FirstName), Child: b.FirstName, Holiday: b.Title, Action: family.PapersPath(b.ID)}
	for _, paper := range papers {
		page.Papers = append(page.Papers, parent.PaperLine{Key: paper.Key, Name: page.T("family.paper." + paper.Key + ".name"),
			About: page.T("family.paper." + paper.Key + ".about"), Until: paper.Until, Ready: paper.Ready})
	}
	return web.Render(c, parent.Papers(page))
}

type papersForm struct {
	Papers []string `form:"paper" validate:"max=20,dive,max=40"`
}

// SavePapers keeps which papers are ready.
func (h *Handlers) SavePapers(c *fiber.Ctx) error {
	key, err := bookingKey(c)
	if err != nil {
		return err
	}
	in, err := web.Form[papersForm](c)
	if err != nil {
		return err
	}
	if err := h.Family.TickPapers(c.UserContext(), web.Who(c).GuardianID, key, in.Papers); err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "family.papers.saved")
	return web.SeeOther(c, "/mijn")
}

func bookingKey(c *fiber.Ctx) (id.Booking, error) {
	key, err := strconv.ParseInt(c.Params("booking"), 10, 64)
	if err != nil {
		return 0, booking.ErrNoBooking
	}
	return id.Booking(key), nil
}
