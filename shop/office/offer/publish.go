package offer

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office/offer"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

type publishForm struct {
	Departures []int64    `form:"departure" validate:"required,min=1"`
	When       string     `form:"when" validate:"required,oneof=now at"`
	Day        civil.Date `form:"day"`
	Clock      string     `form:"clock" validate:"max=8"`
}

// ShowPublish lists a season's drafts with what each still needs.
func (h *Handlers) ShowPublish(c *fiber.Ctx) error {
	p, err := h.publishPage(c)
	if err != nil {
		return err
	}
	only := c.Query("vertrek")
	for _, r := range p.Rows {
		p.Chosen[r.Key] = !r.Blocked() && (only == "" || only == r.Key)
	}
	return web.Render(c, offer.Publish(p))
}

func (h *Handlers) publishPage(c *fiber.Ctx) (offer.PublishPage, error) {
	_, season, err := h.season(c, "seizoen")
	if err != nil {
		return offer.PublishPage{}, err
	}
	p := offer.PublishPage{Page: page(c, "offer.publish_title", season.Year), Year: season.Year, Back: seasonPath(season.Year), Chosen: map[string]bool{}, Clock: "12:00"}
	p.Page.Back = &layout.Link{Href: p.Back, Text: p.T("offer.season", season.Year)}
	offers, err := h.Catalogue.SeasonOffers(c.UserContext(), season.ID)
	if err != nil {
		return p, err
	}
	for _, r := range h.rows(p.Page, offers) {
		if r.Status == "draft" || r.Status == "planned" {
			p.Rows = append(p.Rows, r)
		}
	}
	return p, nil
}

// Publish shows the chosen drafts to everybody, now or at a moment.
func (h *Handlers) Publish(c *fiber.Ctx) error {
	in, err := web.Form[publishForm](c)
	if err == nil {
		err = h.publish(c, in)
	}
	problems := web.Problems(c, err)
	if err != nil && problems == nil {
		return err
	}
	if problems != nil {
		p, broken := h.publishPage(c)
		if broken != nil {
			return broken
		}
		for _, d := range in.Departures {
			p.Chosen[strconv.FormatInt(d, 10)] = true
		}
		p.Errors, p.Failed, p.When, p.Day, p.Clock = problems, true, in.When, web.Typed(c, "day"), web.Typed(c, "clock")
		return web.RenderAgain(c, offer.Publish(p))
	}
	counted(c, "offer.published_"+in.When, len(in.Departures))
	return web.SeeOther(c, root+"?seizoen="+c.Query("seizoen"))
}

func (h *Handlers) publish(c *fiber.Ctx, in publishForm) error {
	at := web.Now(c)
	if in.When == "at" {
		chosen, err := moment(in.Day, in.Clock, "day", "clock")
		switch {
		case err != nil:
			return err
		case chosen.IsZero():
			return fault.Field("day", "form.required")
		case !chosen.After(at):
			return fault.Field("day", "catalogue.publish_past")
		}
		at = chosen
	}
	keys := make([]id.Departure, len(in.Departures))
	for i, d := range in.Departures {
		keys[i] = id.Departure(d)
	}
	return h.Catalogue.Publish(c.UserContext(), actor(c), keys, at)
}

type whyForm struct {
	Why string `form:"why" validate:"max=500"`
}

// ShowWithdraw asks before a departure disappears from the public pages.
func (h *Handlers) ShowWithdraw(c *fiber.Ctx) error {
	_, _, p, err := h.withdrawPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, offer.Withdraw(p))
}

func (h *Handlers) withdrawPage(c *fiber.Ctx) (catalogue.Offer, catalogue.Date, offer.WithdrawPage, error) {
	o, d, err := h.Catalogue.OfferOf(c.UserContext(), id.Departure(param(c, "departure")))
	if err != nil {
		return o, d, offer.WithdrawPage{}, err
	}
	title := "offer.withdraw_published"
	if d.PublishAt != nil {
		title = "offer.withdraw_planned"
	}
	p := offer.WithdrawPage{Page: about(c, o, title), Action: c.Path(), Holiday: o.Title, Planned: d.PublishAt != nil}
	p.On = p.Range(d.StartsOn, d.EndsOn)
	return o, d, p, nil
}

// Withdraw takes a departure off the public pages, or its planned publication back.
func (h *Handlers) Withdraw(c *fiber.Ctx) error {
	o, d, p, err := h.withdrawPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[whyForm](c)
	if err == nil {
		err = h.Catalogue.Withdraw(c.UserContext(), actor(c), o.ID, d.ID, in.Why)
	}
	if problems := web.Problems(c, err); problems != nil {
		p.Errors, p.Failed, p.Why = problems, true, in.Why
		return web.RenderAgain(c, offer.Withdraw(p))
	}
	if err != nil {
		return err
	}
	return saved(c, o, "offer.saved")
}
