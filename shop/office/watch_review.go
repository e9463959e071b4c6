package office

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms/fault"
)

// ShowOverride shows that a fiche was opened in an emergency, and why.
func (h *Handlers) ShowOverride(c *fiber.Ctx) error {
	page, _, err := h.overridePage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Override(page))
}

func (h *Handlers) overridePage(c *fiber.Ctx) (page office.OverridePage, n int64, err error) {
	if n, err = number(c, "override"); err != nil {
		return page, 0, err
	}
	o, err := h.Watch.Review(c.UserContext(), reader(c), n)
	if err != nil {
		return page, 0, err
	}
	p := watchPage(c, "watch.override.title")
	page = office.OverridePage{Page: p, Action: c.Path(), Who: o.ByName, Role: p.T("watch.role." + o.Role), Child: o.Child, Holiday: o.Title, Order: orderPath(o.Order),
		At: o.OpenedAt, Until: o.EndsAt, Reason: string(o.Reason), Own: o.By == web.Who(c).StaffID, ReviewedAt: o.ReviewedAt, Reviewer: o.Reviewer, Justified: o.Justified, Said: string(o.Note)}
	if !o.ClosedAt.IsZero() {
		page.Until = o.ClosedAt
	}
	return page, n, nil
}

type overrideForm struct {
	Justified string `form:"justified" validate:"required,oneof=yes no"`
	Note      string `form:"note" validate:"max=2000"`
}

// ReviewOverride keeps what a colleague thinks of it.
func (h *Handlers) ReviewOverride(c *fiber.Ctx) error {
	page, n, err := h.overridePage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[overrideForm](c)
	if err == nil {
		err = h.Watch.Medical.ReviewOverride(c.UserContext(), reader(c), n, in.Justified == "yes", in.Note)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed, page.Verdict, page.Note = problems, true, in.Justified, in.Note
		return web.RenderAgain(c, office.Override(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "watch.override.kept")
	return web.SeeOther(c, "/kantoor")
}

// ShowAlert shows an unusual reading.
func (h *Handlers) ShowAlert(c *fiber.Ctx) error {
	page, _, err := h.alertPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Alert(page))
}

func (h *Handlers) alertPage(c *fiber.Ctx) (page office.AlertPage, n int64, err error) {
	if n, err = number(c, "alert"); err != nil {
		return page, 0, err
	}
	a, lines, err := h.Watch.Alert(c.UserContext(), n)
	if err != nil {
		return page, 0, err
	}
	p := watchPage(c, "watch.alert.title")
	page = office.AlertPage{Page: p, Action: c.Path(), Kind: a.Kind, Who: a.StaffName, Figure: a.Figure, At: a.At, Own: a.Staff != 0 && a.Staff == web.Who(c).StaffID,
		HandledAt: a.HandledAt, Handler: a.Handler, Said: string(a.Note)}
	for _, l := range slices.Backward(lines) {
		page.Lines = append(page.Lines, office.AlertLine{At: l.At, What: p.T("watch.action." + l.Action), Refused: l.Outcome == "refused", Child: l.Child, Holiday: l.Title})
	}
	return page, n, nil
}

type alertForm struct {
	Note string `form:"note" validate:"required,max=2000"`
}

// HandleAlert keeps what somebody of the office found out about it.
func (h *Handlers) HandleAlert(c *fiber.Ctx) error {
	page, n, err := h.alertPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[alertForm](c)
	if err == nil {
		err = h.Watch.Medical.HandleAlert(c.UserContext(), reader(c), n, in.Note)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed, page.Note = problems, true, in.Note
		return web.RenderAgain(c, office.Alert(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "watch.alert.kept")
	return web.SeeOther(c, "/kantoor")
}

// ShowFicheSettings shows how long fiches are kept and what reading is unusual.
func (h *Handlers) ShowFicheSettings(c *fiber.Ctx) error {
	page, err := h.ficheSettingsPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.FicheSettings(page))
}

func (h *Handlers) ficheSettingsPage(c *fiber.Ctx) (page office.FicheSettingsPage, err error) {
	page.Page, page.Action = watchPage(c, "watch.settings.title"), c.Path()
	all, err := h.Watch.Medical.Adjustable(c.UserContext())
	if err != nil {
		return page, err
	}
	for _, s := range all {
		page.Settings = append(page.Settings, office.FicheSetting{Name: s.Name, Value: strconv.Itoa(s.Value), Least: s.Least, Most: s.Most, Standard: s.Standard})
	}
	changes, err := h.Watch.Medical.SettingChanges(c.UserContext())
	for _, s := range changes {
		page.Changes = append(page.Changes, office.SettingChange{Name: s.Name, Value: s.Value, At: s.At, By: s.By})
	}
	return page, err
}

// SaveFicheSettings changes them.
func (h *Handlers) SaveFicheSettings(c *fiber.Ctx) error {
	page, err := h.ficheSettingsPage(c)
	if err != nil {
		return err
	}
	typed, err := web.Values(c)
	if err != nil {
		return err
	}
	values := map[string]int{}
	for i, s := range page.Settings {
		page.Settings[i].Value = strings.TrimSpace(typed.Get(s.Name))
		if values[s.Name], err = strconv.Atoi(page.Settings[i].Value); err != nil {
			err = fault.Field(s.Name, "medical.setting_bounds", s.Least, s.Most)
			break
		}
	}
	if err == nil {
		err = h.Watch.Medical.SetRules(c.UserContext(), web.Who(c).StaffID, values)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, office.FicheSettings(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "watch.settings.saved")
	return web.SeeOther(c, c.Path())
}
