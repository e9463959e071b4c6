package office

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/templates/ui"
	"joetz/terms/id"
)

func teamPath(d id.Departure) string { return departurePath(d) + "/begeleiders" }

// ShowTeam shows who goes along with a departure as animator or lead.
func (h *Handlers) ShowTeam(c *fiber.Ctx) error {
	_, page, err := h.teamPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Team(page))
}

func (h *Handlers) teamPage(c *fiber.Ctx) (id.Departure, office.TeamPage, error) {
	key, err := departureOf(c)
	if err != nil {
		return 0, office.TeamPage{}, err
	}
	ctx := c.UserContext()
	d, err := h.Roster.Departure(ctx, key)
	if err != nil {
		return key, office.TeamPage{}, err
	}
	page := office.TeamPage{Page: staffPage(c, "team.title"), Action: teamPath(key), Holiday: d.Title, StartsOn: d.StartsOn, EndsOn: d.EndsOn}
	page.Title, page.Width = page.T("team.title", d.Title), layout.Reading
	page.Back = &layout.Link{Href: departurePath(key), Text: d.Title}
	team, err := h.Accounts.TeamOf(ctx, key)
	if err != nil {
		return key, page, err
	}
	everybody, err := h.Accounts.AllStaff(ctx)
	if err != nil {
		return key, page, err
	}
	for _, m := range team {
		may := slices.ContainsFunc(everybody, func(p account.Staff) bool { return p.ID == m.Staff && p.Leads() })
		page.Rows = append(page.Rows, office.TeamRow{Staff: int64(m.Staff), Name: m.Name, Email: m.Email, Lead: m.Lead, MayLead: may, Invited: m.Invited})
	}
	page.Others = others(page.Page, everybody, team)
	events, err := h.Accounts.AssignmentEvents(ctx, key)
	for _, e := range events {
		line := office.TeamEvent{At: e.At, Who: e.ByName, Text: page.T("team.event."+e.Kind, e.Name)}
		if line.Who == "" {
			line.Who = page.T("team.by_program")
		}
		page.Events = append(page.Events, line)
	}
	return key, page, err
}

// others are those who can be added to a team, after an empty choice; none when there is nobody.
func others(p layout.Page, everybody []account.Staff, team []account.TeamMember) []ui.Option {
	var all []ui.Option
	for _, one := range everybody {
		if !one.Camps() || slices.ContainsFunc(team, func(m account.TeamMember) bool { return m.Staff == one.ID }) {
			continue
		}
		label := one.Name
		if one.Leads() {
			label = p.T("team.who_leads", one.Name)
		}
		all = append(all, ui.Option{Value: strconv.FormatInt(int64(one.ID), 10), Label: label})
	}
	if len(all) == 0 {
		return nil
	}
	return append([]ui.Option{{Label: p.T("team.choose")}}, all...)
}

type joinTeamForm struct {
	Staff int64  `form:"staff" validate:"required"`
	Lead  string `form:"lead" validate:"omitempty,oneof=yes"`
}

// JoinTeam gives somebody a place at the camp.
func (h *Handlers) JoinTeam(c *fiber.Ctx) error {
	key, page, err := h.teamPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[joinTeamForm](c)
	if err == nil {
		err = h.Accounts.Assign(c.UserContext(), account.Assignment{Staff: id.Staff(in.Staff), Departure: key, Lead: in.Lead == "yes"}, web.Who(c).StaffID)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed, page.Staff, page.Lead = problems, true, web.Typed(c, "staff"), in.Lead
		return web.RenderAgain(c, office.Team(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "team.added")
	return web.SeeOther(c, page.Action)
}

// ChangeTeam makes somebody of the team its lead, an animator again, or takes their place away.
func (h *Handlers) ChangeTeam(c *fiber.Ctx) error {
	key, page, err := h.teamPage(c)
	if err != nil {
		return err
	}
	member, err := strconv.ParseInt(c.Params("staff"), 10, 64)
	if err != nil {
		return account.ErrNotAssigned
	}
	in, err := web.Form[struct {
		Act string `form:"act" validate:"required,oneof=lead animator remove"`
	}](c)
	if err == nil {
		staff, by := id.Staff(member), web.Who(c).StaffID
		if in.Act == "remove" {
			err = h.Accounts.Unassign(c.UserContext(), staff, key, by)
		} else {
			err = h.Accounts.Assign(c.UserContext(), account.Assignment{Staff: staff, Departure: key, Lead: in.Act == "lead"}, by)
		}
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, office.Team(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "team.changed")
	return web.SeeOther(c, page.Action)
}
