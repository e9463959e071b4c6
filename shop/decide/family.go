package decide

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/payments"
	"joetz/shop/booking"
	"joetz/shop/decision"
	"joetz/shop/web"
	"joetz/templates/decide"
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/money"
)

type answerForm struct {
	Answer  string `form:"answer" validate:"required,oneof=choose back leave"`
	Offer   int64  `form:"offer"`
	Back    int64  `form:"back"`
	Total   int64  `form:"total"`
	Refund  int64  `form:"refund"`
	DueSoon int64  `form:"due_soon"`
}

// Family shows a family what was decided about its booking, and takes its answer.
func (h *Handlers) Family(c *fiber.Ctx) error {
	item, err := strconv.ParseInt(c.Params("item"), 10, 64)
	if err != nil {
		return decision.ErrNoDecision
	}
	ctx, who := c.UserContext(), web.Who(c)
	v, err := h.Decisions.ForFamily(ctx, who.GuardianID, item)
	if err != nil {
		return err
	}
	if get(c) {
		return web.Render(c, decide.Family(familyPage(c, v)))
	}
	f, err := web.Form[answerForm](c)
	if err == nil {
		switch f.Answer {
		case "choose":
			_, err = h.Decisions.Choose(ctx, who, reader(c), item, f.Offer, booking.RebookConfirmed{Total: money.Cents(f.Total), Refund: money.Cents(f.Refund), DueSoon: money.Cents(f.DueSoon)})
		case "back":
			err = h.Decisions.TakeBack(ctx, who, item, money.Cents(f.Back))
		case "leave":
			err = h.Decisions.Leave(ctx, who, item, money.Cents(f.Back))
		}
	}
	if err == nil {
		web.SetFlash(c, layout.Good, "decide.family.done_"+f.Answer, v.Was.FirstName)
		return web.SeeOther(c, decision.Path(item))
	}
	problems := web.Problems(c, err)
	if problems == nil {
		return err
	}
	if v, err = h.Decisions.ForFamily(ctx, who.GuardianID, item); err != nil { // as it is now
		return err
	}
	page := familyPage(c, v)
	page.Errors, page.Failed = problems, true
	return web.RenderAgain(c, decide.Family(page))
}

// reader is who moves a fiche, for the access log.
func reader(c *fiber.Ctx) medical.Reader {
	return medical.Reader{Guardian: web.Who(c).GuardianID, Role: medical.Guardian, Purpose: "rebook", Request: web.RequestID(c), IP: web.ClientIP(c).String(), Device: c.Get(fiber.HeaderUserAgent)}
}

func familyPage(c *fiber.Ctx, v decision.View) decide.FamilyPage {
	p := web.Page(c)
	i, b := v.Item, v.Was
	p.Title, p.Private, p.Width = p.T("decide.family.title_"+v.Decision.Kind), true, layout.Reading
	p.Back = &layout.Link{Href: booking.OrderPath(b.Order), Text: p.T("change.back")}
	page := decide.FamilyPage{
		Page: p, Kind: v.Decision.Kind, State: i.State, Outcome: i.Outcome, Child: b.FirstName, Holiday: b.Title, StartsOn: b.DepartsOn, EndsOn: b.EndsOn,
		Reason: v.Decision.Reason, Action: decision.Path(i.ID), Order: booking.OrderPath(b.Order), Until: v.Decision.Until, Back: v.Back,
		RefundBy: p.Today.AddDays(payments.RefundWithinDays), Paid: b.Statement.Paid, Amount: i.Amount, MayLeave: v.MayLeave, ExitUntil: i.ExitUntil, Price: v.Booking.Price,
	}
	if i.Fresh != 0 {
		page.New = &decide.Holiday{Title: v.Booking.Title, Code: v.Booking.Code, StartsOn: v.Booking.DepartsOn, EndsOn: v.Booking.EndsOn}
		page.Boarding = v.Booking.BoardingName
	}
	for _, r := range v.Rises {
		page.Rises = append(page.Rises, decide.Rise{On: r.NotifiedOn, Amount: r.Amount})
	}
	page.Total, page.Why = v.Rise.Charged, booking.Because(p.Lang, v.Why)
	page.DueOn = civil.Of(v.Decision.At).AddDays(payments.SupplementWithinDays)
	for _, o := range v.Choices {
		page.Choices = append(page.Choices, choice(p, o))
	}
	return page
}

// stays says what does not go along with a move, with the money.
func stays(p layout.Page, m booking.RebookPreview) (notes []string) {
	for _, g := range m.Along.Lost {
		notes = append(notes, p.T("change.rebook.lost", g.Name(p.Lang), p.MoneyExact(g.Off)))
	}
	for _, x := range m.Along.Dropped {
		text := "change.rebook.dropped"
		if x.SoldOut {
			text = "change.rebook.sold_out"
		}
		notes = append(notes, p.T(text, x.Name(p.Lang), p.MoneyExact(x.Price)))
	}
	return notes
}

func choice(p layout.Page, o decision.Choice) decide.Choice {
	m := o.Move
	out := decide.Choice{
		Offer: o.Offer, Title: o.To.Title, Href: "/vakanties/" + o.To.Slug, StartsOn: o.To.StartsOn, EndsOn: o.To.EndsOn, Place: o.To.Destination, Boarding: m.Boarding.Name,
		ToBase: !o.To.Prices.Has(m.Booking.Category), Price: m.Along.Gross, Premium: m.Premium, Open: m.Total() - m.Followed, Back: m.Refund, DueSoon: m.DueSoon,
	}
	for _, g := range m.Along.Discounts {
		out.Parts = append(out.Parts, decide.Part{Name: p.T("change.rebook.discount", g.Name(p.Lang)), Amount: -g.Off})
	}
	for _, x := range m.Along.Extras {
		out.Parts = append(out.Parts, decide.Part{Name: x.Is.Name(p.Lang), Amount: x.Is.Price})
	}
	if m.Along.Goodwill > 0 {
		out.Parts = append(out.Parts, decide.Part{Name: p.T("change.rebook.goodwill"), Amount: -m.Along.Goodwill})
	}
	out.Notes = stays(p, m)
	for _, x := range m.Along.Extras { // the place is held, these are not
		if x.Limited {
			out.Notes = append(out.Notes, p.T("decide.family.extra_left", x.Is.Name(p.Lang), x.Left))
		}
	}
	sent := m.Confirms()
	for _, f := range []struct {
		name   string
		amount money.Cents
	}{{"total", sent.Total}, {"refund", sent.Refund}, {"due_soon", sent.DueSoon}} {
		out.Hidden = append(out.Hidden, decide.Field{Name: f.name, Value: fmt.Sprint(int64(f.amount))})
	}
	return out
}
