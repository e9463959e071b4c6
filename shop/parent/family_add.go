package parent

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
)

// ShowAddChild asks for a child that is in no booking yet: who takes over a place must be in the family first.
func (h *Handlers) ShowAddChild(c *fiber.Ctx) error {
	return web.Render(c, parent.EditChild(addChildPage(c)))
}

func addChildPage(c *fiber.Ctx) parent.EditChildPage {
	page := parent.EditChildPage{Page: ownPage(c, "family.page.add"), Action: "/mijn/gezin/nieuw"}
	page.Back, page.Return = familyLink(page.Page), web.LocalPath(web.Typed(c, "terug"), web.LocalPath(c.Query("terug"), ""))
	page.Born = ui.DayField{Name: "born", Label: page.T("checkout.child.born")}
	return page
}

// AddChild keeps it, and goes back to where the child was wanted.
func (h *Handlers) AddChild(c *fiber.Ctx) error {
	in, err := web.Form[newChildForm](c)
	page := addChildPage(c) // after the form was read: it says where to go back to
	if err == nil {
		child := account.ChildInput{FirstName: strings.TrimSpace(in.FirstName), LastName: strings.TrimSpace(in.LastName), BornOn: in.Born}
		_, err = h.Accounts.AddChild(c.UserContext(), web.Who(c).GuardianID, child)
	}
	if problems := web.Problems(c, err); problems != nil {
		return editChildAgain(c, page, problems)
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "family.page.added", strings.TrimSpace(in.FirstName))
	return web.SeeOther(c, web.LocalPath(page.Return, "/mijn/gezin"))
}

// editChildAgain shows the form of a child as it was typed, with what is wrong.
func editChildAgain(c *fiber.Ctx, page parent.EditChildPage, problems ui.Errors) error {
	page.Errors, page.Failed, page.FirstName, page.LastName = problems, true, web.Typed(c, "first_name"), web.Typed(c, "last_name")
	page.Born.Day, page.Born.Month, page.Born.Year = web.Typed(c, "born-day"), web.Typed(c, "born-month"), web.Typed(c, "born-year")
	for i, e := range page.Errors {
		if e.Field == "born_on" { // the service's name of it
			page.Errors[i].Field = "born"
		}
	}
	page.Born.Error = page.Errors.For("born")
	return web.RenderAgain(c, parent.EditChild(page))
}
