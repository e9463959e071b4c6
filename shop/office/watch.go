package office

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/requests"
	"joetz/shop/watch"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
)

const fichesPath = "/kantoor/fiches"

func number(c *fiber.Ctx, name string) (int64, error) {
	n, err := strconv.ParseInt(c.Params(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, web.ErrNotFound
	}
	return n, nil
}

func watchPage(c *fiber.Ctx, title string) layout.Page {
	p := staffPage(c, title)
	p.Width, p.Back = layout.Reading, &layout.Link{Href: fichesPath, Text: p.T("watch.fiches.title")}
	return p
}

const fichesOnPage = 50

type fichesForm struct {
	Show string `form:"toon" validate:"omitempty,oneof=soon held all"`
	Page int    `form:"blad" validate:"min=0,max=1000"`
}

// ShowFiches lists what will be wiped, when and why. Nothing of what is in a fiche is on it.
func (h *Handlers) ShowFiches(c *fiber.Ctx) error {
	in, err := web.Form[fichesForm](c)
	if err != nil {
		in = fichesForm{}
	}
	plan, err := h.Watch.Plan(c.UserContext())
	if err != nil {
		return err
	}
	checked, err := h.Watch.Medical.LastVerified(c.UserContext())
	if err != nil {
		return err
	}
	p := office.FichesPage{Page: staffPage(c, "watch.fiches.title"), Show: in.Show, Checked: checked.At, Lines: int(checked.Lines), Broken: checked.Broken}
	p.Width = layout.Broad
	if p.Show == "" {
		p.Show = "soon"
	}
	soon := p.Today.AddDays(30)
	var shown []watch.Planned
	for _, one := range plan {
		late := !one.On.After(soon)
		if one.Held {
			p.Held++
		} else if late {
			p.Soon++
		}
		if p.Show == "all" || p.Show == "held" && one.Held || p.Show == "soon" && late && !one.Held {
			shown = append(shown, one)
		}
	}
	p.All = len(plan)
	last := max(1, (len(shown)+fichesOnPage-1)/fichesOnPage)
	current := min(max(1, in.Page), last)
	for _, one := range shown[(current-1)*fichesOnPage : min(len(shown), current*fichesOnPage)] {
		p.Rows = append(p.Rows, ficheLine(one))
	}
	p.Pages = ui.Pages{Current: current, Last: last, Href: func(n int) string { return fichesPath + "?toon=" + p.Show + "&blad=" + strconv.Itoa(n) }}
	return web.Render(c, office.Fiches(p))
}

func ficheLine(one watch.Planned) office.FicheLine {
	return office.FicheLine{Href: watch.FilePath(one.Fiche), Name: one.Name, Title: one.Title, From: one.StartsOn, To: one.EndsOn, On: one.On,
		Because: one.Because, Keep: one.KeepUntil, Held: one.Held, Files: one.Files}
}

// ShowFicheFile shows what keeps one fiche.
func (h *Handlers) ShowFicheFile(c *fiber.Ctx) error {
	page, err := h.ficheFilePage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.FicheFile(page))
}

func (h *Handlers) ficheFilePage(c *fiber.Ctx) (page office.FicheFilePage, err error) {
	n, err := number(c, "fiche")
	if err != nil {
		return page, err
	}
	one, holds, err := h.Watch.File(c.UserContext(), id.Fiche(n))
	if err != nil {
		return page, err
	}
	page = office.FicheFilePage{Page: watchPage(c, "watch.fiches.title"), FicheLine: ficheLine(one), Request: c.Query("vraag"), Started: !web.Page(c).Today.Before(one.StartsOn),
		Over: web.Page(c).Today.After(one.EndsOn)}
	page.Page.Title = page.T("watch.file.tab")
	for _, hold := range holds {
		page.Holds = append(page.Holds, office.HoldLine{ID: hold.ID, Reference: hold.Reference, Incident: hold.Incident, At: hold.PlacedAt, By: hold.PlacedBy, Why: string(hold.Why),
			ReleasedAt: hold.ReleasedAt, ReleasedBy: hold.ReleasedBy, WhyReleased: string(hold.WhyReleased)})
	}
	return page, nil
}

// ficheAgain shows the page again with what was wrong, beside its form.
func (h *Handlers) ficheAgain(c *fiber.Ctx, err error, form int64, typed office.HoldTyped) error {
	page, errPage := h.ficheFilePage(c)
	if errPage != nil {
		return errPage
	}
	problems := web.Problems(c, err)
	if problems == nil {
		return err
	}
	page.Errors, page.Failed, page.Wrong, page.Typed, page.Request = problems, true, form, typed, web.Typed(c, "request")
	return web.RenderAgain(c, office.FicheFile(page))
}

type holdForm struct {
	Reference string `form:"reference" validate:"max=60"`
	Reason    string `form:"reason" validate:"max=2000"`
	Request   string `form:"request" validate:"max=20"`
}

// HoldFiche keeps a fiche for a file.
func (h *Handlers) HoldFiche(c *fiber.Ctx) error {
	n, err := number(c, "fiche")
	if err != nil {
		return err
	}
	in, err := web.Form[holdForm](c)
	if err == nil {
		err = h.Watch.Medical.Hold(c.UserContext(), reader(c), id.Fiche(n), in.Reference, in.Reason)
	}
	if err != nil {
		return h.ficheAgain(c, err, 0, office.HoldTyped{Reference: in.Reference, Reason: in.Reason})
	}
	web.SetFlash(c, layout.Good, "watch.file.held_done")
	return web.SeeOther(c, watch.FilePath(id.Fiche(n)))
}

// ReleaseFiche closes a file that held a fiche.
func (h *Handlers) ReleaseFiche(c *fiber.Ctx) error {
	n, errFiche := number(c, "fiche")
	hold, errHold := number(c, "hold")
	if err := errors.Join(errFiche, errHold); err != nil {
		return web.ErrNotFound
	}
	in, err := web.Form[holdForm](c)
	if err == nil {
		err = h.Watch.Medical.ReleaseHold(c.UserContext(), reader(c), hold, in.Reason)
	}
	if err != nil {
		return h.ficheAgain(c, err, hold, office.HoldTyped{Reason: in.Reason})
	}
	web.SetFlash(c, layout.Good, "watch.file.released")
	return web.SeeOther(c, watch.FilePath(id.Fiche(n)))
}

type wipeForm struct {
	Sure    bool   `form:"sure" validate:"required"`
	Request string `form:"request" validate:"max=20"`
}

// WipeFiche wipes one fiche because the family asked for it, and answers their request.
func (h *Handlers) WipeFiche(c *fiber.Ctx) error {
	n, err := number(c, "fiche")
	if err != nil {
		return err
	}
	in, err := web.Form[wipeForm](c)
	if err == nil {
		err = h.Watch.Medical.EraseOne(c.UserContext(), reader(c), id.Fiche(n))
	}
	if err != nil {
		return h.ficheAgain(c, err, -1, office.HoldTyped{})
	}
	web.SetFlash(c, layout.Good, "watch.file.wiped")
	if request, err := strconv.ParseInt(in.Request, 10, 64); err == nil {
		answer := requests.Answer{Body: web.Page(c).T("watch.file.wiped_answer"), Close: true}
		if err := h.Requests.AnswerIt(c.UserContext(), web.Who(c), request, answer); err != nil && fault.Of(err) == nil {
			return err
		}
		return web.SeeOther(c, requests.OfficePath(request))
	}
	return web.SeeOther(c, fichesPath)
}
