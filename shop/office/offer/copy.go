package offer

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office/offer"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

type copyForm struct {
	From       int     `form:"van"`
	To         int     `form:"naar"`
	Percent    string  `form:"procent" validate:"max=8"`
	Show       string  `form:"toon"`
	Departures []int64 `form:"departure"`
}

// percent reads "2,5" as 2,500 thousandths.
func (f copyForm) percent() (money.MilliPercent, error) {
	if f.Percent == "" {
		return 0, nil
	}
	p, err := money.ParsePercent(f.Percent)
	if err != nil || p < -money.Hundred/2 || p > money.Hundred/2 {
		return 0, fault.Field("procent", "catalogue.percent")
	}
	return p, nil
}

func (h *Handlers) copyPage(c *fiber.Ctx, in copyForm) (offer.CopyPage, catalogue.Season, error) {
	seasons, err := h.Catalogue.Seasons(c.UserContext())
	if err != nil {
		return offer.CopyPage{}, catalogue.Season{}, err
	}
	if len(seasons) == 0 {
		return offer.CopyPage{}, catalogue.Season{}, catalogue.ErrNoHoliday
	}
	from := seasons[0]
	for _, s := range seasons {
		if s.Year == in.From {
			from = s
		}
	}
	p := offer.CopyPage{Page: page(c, "offer.copy_title", from.Year), From: from.Year, Seasons: seasonOptions(seasons), To: web.Typed(c, "naar"), Percent: in.Percent}
	if p.To == "" {
		p.To = strconv.Itoa(from.Year + 1)
	}
	p.Back = &layout.Link{Href: seasonPath(from.Year), Text: p.T("offer.season", from.Year)}
	return p, from, nil
}

// ShowCopy asks what is copied, and shows each line as it would be.
func (h *Handlers) ShowCopy(c *fiber.Ctx) error {
	in, err := web.Form[copyForm](c)
	p, from, broken := h.copyPage(c, in)
	if broken != nil {
		return broken
	}
	if in.Show == "" && err == nil {
		return web.Render(c, offer.Copy(p))
	}
	if err == nil {
		err = h.preview(c, &p, from, in, nil)
	}
	if problems := web.Problems(c, err); problems != nil {
		p.Errors, p.Failed = problems, true
		return web.RenderAgain(c, offer.Copy(p))
	}
	if err != nil {
		return err
	}
	return web.Render(c, offer.Copy(p))
}

// preview fills in the lines; all are chosen unless some were chosen before.
func (h *Handlers) preview(c *fiber.Ctx, p *offer.CopyPage, from catalogue.Season, in copyForm, chosen map[id.Departure]bool) error {
	percent, err := in.percent()
	if err != nil {
		return err
	}
	lines, err := h.Catalogue.PlanCopy(c.UserContext(), from, in.To, percent)
	if err != nil {
		return err
	}
	p.Shown = true
	for _, l := range lines {
		row := offer.CopyRow{Key: strconv.FormatInt(int64(l.From), 10), OldCode: strings.TrimSpace(l.OldCode), Code: l.Code, Title: l.Text.Title, OldStart: l.Old.StartsOn, StartsOn: l.Plan.StartsOn, EndsOn: l.Plan.EndsOn,
			Born: p.T("public.born", l.Text.BirthYearFrom, l.Text.BirthYearTo), OnSaleAt: l.Plan.OnSaleAt, Places: l.Places, Taken: l.Taken, Chosen: chosen == nil || chosen[l.From]}
		if l.Prices != nil {
			row.Priced, row.Base = true, l.Prices.Base
			if n := len(l.Old.Prices); n > 0 {
				row.OldBase = l.Old.Prices[n-1].Base
			}
		}
		if !l.Taken {
			p.Ready++
		}
		p.Rows = append(p.Rows, row)
	}
	return nil
}

// Copy makes drafts of the chosen lines.
func (h *Handlers) Copy(c *fiber.Ctx) error {
	in, err := web.Form[copyForm](c)
	p, from, broken := h.copyPage(c, in)
	if broken != nil {
		return broken
	}
	chosen := map[id.Departure]bool{}
	for _, d := range in.Departures {
		chosen[id.Departure(d)] = true
	}
	var made catalogue.Copied
	if err == nil {
		var percent money.MilliPercent
		if percent, err = in.percent(); err == nil {
			made, err = h.Catalogue.Copy(c.UserContext(), actor(c), from, in.To, percent, chosen)
		}
	}
	if problems := web.Problems(c, err); problems != nil {
		if broken := h.preview(c, &p, from, in, chosen); broken != nil && web.Problems(c, broken) == nil {
			return broken
		}
		p.Errors, p.Failed = problems, true
		return web.RenderAgain(c, offer.Copy(p))
	}
	if err != nil {
		return err
	}
	counted(c, "offer.copied", made.Departures, strconv.Itoa(in.To))
	return web.SeeOther(c, seasonPath(in.To))
}
