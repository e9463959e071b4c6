package offer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/medical/questionnaire"
	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office/offer"
	"joetz/templates/ui"
	"joetz/terms/id"
)

const groupsPath = root + "/doelgroepen"

func groupPath(g id.TargetGroup) string { return groupsPath + "/" + strconv.FormatInt(int64(g), 10) }

// ShowGroups lists the target groups.
func (h *Handlers) ShowGroups(c *fiber.Ctx) error {
	groups, err := h.Catalogue.Groups(c.UserContext())
	if err != nil {
		return err
	}
	p := offer.GroupsPage{Page: page(c, "offer.groups_title"), New: groupsPath + "/nieuw"}
	p.Width, p.Back = layout.Reading, &layout.Link{Href: root, Text: p.T("offer.title")}
	for _, g := range groups {
		row := offer.GroupRow{Href: groupPath(g.ID), Name: g.Name, Holidays: g.Holidays}
		for _, q := range h.Questions.Extra() {
			if g.Asks(q.ID) {
				row.Questions++
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return web.Render(c, offer.Groups(p))
}

// questionOptions are the extra questions as boxes to tick, each with who sees its answer.
func (h *Handlers) questionOptions(p layout.Page) (options []ui.Option) {
	for _, q := range h.Questions.Extra() {
		options = append(options, ui.Option{Value: q.ID, Label: q.Label.In(p.Lang), Hint: p.T("offer.sees", sees(p, q.View))})
	}
	return options
}

// sees says who reads an answer, in words.
func sees(p layout.Page, v questionnaire.View) string {
	var who []string
	add := func(a questionnaire.Audience, key string) {
		switch v.For(a) {
		case questionnaire.Whole:
			who = append(who, p.T("offer.sees_"+key))
		case questionnaire.Instruction:
			who = append(who, p.T("offer.sees_agreed", p.T("offer.sees_"+key)))
		}
	}
	add(questionnaire.CareTeam, "care")
	if v.For(questionnaire.Animators) != v.For(questionnaire.Leads) {
		add(questionnaire.Leads, "leads")
	}
	add(questionnaire.Animators, "animators")
	add(questionnaire.Kitchen, "kitchen")
	if len(who) == 1 {
		return who[0]
	}
	return p.T("mail.and", strings.Join(who[:len(who)-1], ", "), who[len(who)-1])
}

func (h *Handlers) groupPage(c *fiber.Ctx) (catalogue.Group, offer.GroupForm, error) {
	p := offer.GroupForm{Page: page(c, "offer.group_new"), Action: groupsPath + "/nieuw", New: true, Chosen: map[string]bool{}}
	var g catalogue.Group
	if key := param(c, "group"); c.Params("group") != "" {
		var err error
		if g, err = h.Catalogue.GroupByID(c.UserContext(), id.TargetGroup(key)); err != nil {
			return g, p, err
		}
		p.New, p.Title, p.Name, p.Action, p.Version, p.OnSale = false, g.Name, g.Name, groupPath(g.ID), g.Version, g.OnSale
		p.Deletable = g.Holidays == 0
		for _, q := range h.Questions.Extra() {
			p.Chosen[q.ID] = g.Asks(q.ID)
		}
		events, err := h.Catalogue.GroupEvents(c.UserContext(), g.ID)
		if err != nil {
			return g, p, err
		}
		for _, e := range events {
			p.Events = append(p.Events, offer.Event{At: e.At, Who: e.Who, Kind: "group_changed", Changes: h.groupWords(p.Page, e.Changes)})
		}
	}
	p.Width, p.Back = layout.Reading, &layout.Link{Href: groupsPath, Text: p.T("offer.groups_title")}
	p.Options = h.questionOptions(p.Page)
	return g, p, nil
}

// groupWords tells a change of a group: its name, and how many questions it has.
func (h *Handlers) groupWords(p layout.Page, changes []catalogue.Change) (out []offer.Change) {
	for _, ch := range changes {
		if ch.Field == "name" {
			out = append(out, offer.Change{Label: p.T("offer.group_name"), From: ch.From, To: ch.To})
			continue
		}
		was, is := strings.Fields(ch.From), strings.Fields(ch.To)
		for _, q := range h.Questions.Extra() {
			switch before, now := slices.Contains(was, q.ID), slices.Contains(is, q.ID); {
			case now && !before:
				out = append(out, offer.Change{Label: p.T("offer.group_asks"), To: q.Label.In(p.Lang)})
			case before && !now:
				out = append(out, offer.Change{Label: p.T("offer.group_asks"), From: q.Label.In(p.Lang)})
			}
		}
	}
	return out
}

// ShowGroup is the form of a target group.
func (h *Handlers) ShowGroup(c *fiber.Ctx) error {
	_, p, err := h.groupPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, offer.GroupEdit(p))
}

type groupForm struct {
	Version   int      `form:"version"`
	Name      string   `form:"name" validate:"required"`
	Questions []string `form:"questions" validate:"max=100,dive,max=40"`
}

// SaveGroup makes or changes a target group.
func (h *Handlers) SaveGroup(c *fiber.Ctx) error {
	g, p, err := h.groupPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[groupForm](c)
	var chosen, all []string // those that the questionnaire knows, in its order
	for _, q := range h.Questions.Extra() {
		if all = append(all, q.ID); slices.Contains(in.Questions, q.ID) {
			chosen = append(chosen, q.ID)
		}
	}
	switch {
	case err != nil:
	case p.New:
		_, err = h.Catalogue.AddGroup(c.UserContext(), actor(c), in.Name, chosen)
	default:
		err = h.Catalogue.SaveGroup(c.UserContext(), actor(c), g.ID, in.Version, in.Name, chosen, all)
	}
	if problems := web.Problems(c, err); problems != nil {
		p.Errors, p.Failed, p.Name = problems, true, web.Typed(c, "name")
		for _, q := range all {
			p.Chosen[q] = slices.Contains(chosen, q)
		}
		return web.RenderAgain(c, offer.GroupEdit(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "offer.group_saved")
	return web.SeeOther(c, groupsPath)
}

// DeleteGroup removes a target group that no holiday has.
func (h *Handlers) DeleteGroup(c *fiber.Ctx) error {
	if err := h.Catalogue.DeleteGroup(c.UserContext(), actor(c), id.TargetGroup(param(c, "group"))); err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "offer.group_deleted")
	return web.SeeOther(c, groupsPath)
}

// groupOptions are the groups among which a holiday has one; its own stays, whatever it is called.
func (h *Handlers) groupOptions(c *fiber.Ctx, p layout.Page) ([]ui.Option, error) {
	groups, err := h.Catalogue.Groups(c.UserContext())
	options := []ui.Option{{Label: p.T("offer.group_everybody")}}
	for _, g := range groups {
		options = append(options, ui.Option{Value: g.Name, Label: g.Name})
	}
	return options, err
}
