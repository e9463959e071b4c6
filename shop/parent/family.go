package parent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/templates/layout"
	mailtext "joetz/templates/mail"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

func childPath(child id.Participant) string { return fmt.Sprintf("/mijn/gezin/kind/%d", child) }

func adultPath(child id.Participant, adult id.Guardian) string {
	return fmt.Sprintf("%s/ouder/%d", childPath(child), adult)
}

// rightNames are what a guardian may do, by the names of the form.
func rightNames(r account.Rights) map[string]bool {
	return map[string]bool{"fiche": r.SeesFiche, "pays": r.Pays, "changes": r.Changes, "manages": r.Manages}
}

func rightsOf(names []string) account.Rights {
	has := func(name string) bool { return slices.Contains(names, name) }
	return account.Rights{SeesFiche: has("fiche"), Pays: has("pays"), Changes: has("changes"), Manages: has("manages")}
}

func rightWords(p layout.Page, r account.Rights) (words []string) {
	has := rightNames(r)
	for _, name := range parent.RightNames {
		if has[name] {
			words = append(words, p.T("family.right."+name+".label"))
		}
	}
	return words
}

// ShowFamily lists the children and who acts for them.
func (h *Handlers) ShowFamily(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), web.Who(c).GuardianID
	children, err := h.Accounts.ChildrenOf(ctx, who)
	if err != nil {
		return err
	}
	ties, err := h.Accounts.TiesOf(ctx, who)
	if err != nil {
		return err
	}
	invitations, err := h.Accounts.GuardianInvitations(ctx, who)
	if err != nil {
		return err
	}
	page := parent.FamilyPage{Page: ownPage(c, "family.links.family")}
	for _, child := range children {
		block := childBlock(page.Page, child, ties[child.ID], who)
		page.Manages = page.Manages || block.Manages
		page.Children = append(page.Children, block)
	}
	for _, i := range invitations {
		path := fmt.Sprintf("/mijn/gezin/uitnodiging/%d/", i.ID)
		page.Invitations = append(page.Invitations, parent.InvitationLine{Email: i.Email, Children: firstNames(page.Page, i.Children), Until: i.ExpiresAt,
			Over: i.Over(page.Now), Resend: path + "opnieuw", Revoke: path + "intrekken"})
	}
	return web.Render(c, parent.Family(page))
}

func childBlock(p layout.Page, child account.Child, ties []account.Tie, me id.Guardian) parent.ChildBlock {
	block := parent.ChildBlock{Name: child.Name(), First: child.FirstName, BornOn: child.BornOn}
	managing := 0
	for _, t := range ties {
		if t.Rights.Manages {
			managing++
		}
		if t.Guardian == me {
			block.Manages = t.Rights.Manages
			if t.Rights.Changes {
				block.Edit = childPath(child.ID)
			}
		}
	}
	for _, t := range ties {
		line := parent.AdultLine{Name: t.Name, Me: t.Guardian == me, Rights: rightWords(p, t.Rights)}
		if block.Manages && t.Guardian != me {
			line.Href = adultPath(child.ID, t.Guardian)
		}
		block.Adults = append(block.Adults, line)
	}
	if managing > 1 || !block.Manages {
		block.Leave = adultPath(child.ID, me) + "/weg"
	}
	return block
}

func firstNames(p layout.Page, children []account.Child) string {
	names := make([]string, len(children))
	for i, child := range children {
		names[i] = child.FirstName
	}
	return mailtext.Names(p.Lang, names)
}

type inviteForm struct {
	Email    string   `form:"email" validate:"required,mail"`
	Children []string `form:"children" validate:"max=30,dive,max=20"`
	Rights   []string `form:"rights" validate:"max=10,dive,max=20"`
}

// ShowInvite invites another adult. What is asked most is ticked by nobody: each right is given on purpose.
func (h *Handlers) ShowInvite(c *fiber.Ctx) error {
	page, err := h.invitePage(c)
	if err != nil {
		return err
	}
	return web.Render(c, parent.Invite(page))
}

func (h *Handlers) invitePage(c *fiber.Ctx) (parent.InvitePage, error) {
	ctx, who := c.UserContext(), web.Who(c).GuardianID
	page := parent.InvitePage{Page: ownPage(c, "family.page.invite"), Chosen: map[string]bool{}, Rights: map[string]bool{}}
	page.Back = familyLink(page.Page)
	children, err := h.Accounts.ChildrenOf(ctx, who)
	if err != nil {
		return page, err
	}
	rights, err := h.Accounts.RightsOf(ctx, who)
	if err != nil {
		return page, err
	}
	for _, child := range children {
		if rights[child.ID].Manages {
			page.Children = append(page.Children, ui.Option{Value: strconv.FormatInt(int64(child.ID), 10), Label: child.Name()})
		}
	}
	if len(page.Children) == 0 {
		return page, account.ErrNotManaging
	}
	return page, nil
}

func familyLink(p layout.Page) *layout.Link {
	return &layout.Link{Href: "/mijn/gezin", Text: p.T("family.links.family")}
}

// SendInvite mails the invitation.
func (h *Handlers) SendInvite(c *fiber.Ctx) error {
	page, err := h.invitePage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[inviteForm](c)
	if err == nil {
		invite := account.CoInvite{Email: in.Email, Rights: rightsOf(in.Rights)}
		for _, child := range in.Children {
			key, err := strconv.ParseInt(child, 10, 64)
			if err != nil {
				return account.ErrNoSuchPerson
			}
			invite.Children = append(invite.Children, id.Participant(key))
		}
		err = h.Accounts.InviteGuardian(c.UserContext(), web.Who(c).GuardianID, invite)
	}
	if problems := web.Problems(c, err); problems != nil {
		if len(in.Children) == 0 && problems.For("children") == "" { // what the address hid until now: all is said at once
			problems = append(problems, problem(page.Page, "children", "account.invite_nobody"))
		}
		page.Errors, page.Failed, page.Email = problems, true, in.Email
		for _, child := range in.Children {
			page.Chosen[child] = true
		}
		for _, r := range in.Rights {
			page.Rights[r] = true
		}
		return web.RenderAgain(c, parent.Invite(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "family.invite.sent", in.Email)
	return web.SeeOther(c, "/mijn/gezin")
}

// ResendInvite mails a new link.
func (h *Handlers) ResendInvite(c *fiber.Ctx) error {
	return h.onInvite(c, "family.invite.resent", h.Accounts.ResendGuardianInvitation)
}

// RevokeInvite takes an invitation back.
func (h *Handlers) RevokeInvite(c *fiber.Ctx) error {
	return h.onInvite(c, "family.invite.revoked", h.Accounts.RevokeGuardianInvitation)
}

// ShowAdult changes what another adult may do for a child.
func (h *Handlers) ShowAdult(c *fiber.Ctx) error {
	page, _, _, err := h.adultPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, parent.Adult(page))
}

// adultPage reads the child and the adult of the address: another family's are not found.
func (h *Handlers) adultPage(c *fiber.Ctx) (page parent.AdultPage, child account.Child, tie account.Tie, err error) {
	who := web.Who(c).GuardianID
	if child, err = h.childOf(c); err != nil {
		return page, child, tie, err
	}
	adult, err := strconv.ParseInt(c.Params("adult"), 10, 64)
	if err != nil {
		return page, child, tie, account.ErrNoSuchPerson
	}
	ties, err := h.Accounts.TiesOf(c.UserContext(), who)
	if err != nil {
		return page, child, tie, err
	}
	i := slices.IndexFunc(ties[child.ID], func(t account.Tie) bool { return t.Guardian == id.Guardian(adult) })
	if i < 0 {
		return page, child, tie, account.ErrNoSuchPerson
	}
	tie = ties[child.ID][i]
	page = parent.AdultPage{Page: ownPage(c, "family.adult.title", tie.Name, child.FirstName), Name: tie.Name, Child: child.FirstName, Rights: rightNames(tie.Rights),
		Action: adultPath(child.ID, tie.Guardian), Remove: adultPath(child.ID, tie.Guardian) + "/weg"}
	page.Back = familyLink(page.Page)
	return page, child, tie, nil
}

func (h *Handlers) childOf(c *fiber.Ctx) (account.Child, error) {
	key, err := strconv.ParseInt(c.Params("child"), 10, 64)
	if err != nil {
		return account.Child{}, account.ErrNoSuchPerson
	}
	return h.Accounts.ChildOf(c.UserContext(), web.Who(c).GuardianID, id.Participant(key))
}

type rightsForm struct {
	Rights []string `form:"rights" validate:"max=10,dive,max=20"`
}

// SaveAdult keeps what another adult may do.
func (h *Handlers) SaveAdult(c *fiber.Ctx) error {
	page, child, tie, err := h.adultPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[rightsForm](c)
	if err == nil {
		err = h.Accounts.SetRights(c.UserContext(), web.Who(c).GuardianID, child.ID, tie.Guardian, rightsOf(in.Rights))
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, parent.Adult(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "family.adult.saved")
	return web.SeeOther(c, "/mijn/gezin")
}

// ShowLeave asks again before somebody stops acting for a child.
func (h *Handlers) ShowLeave(c *fiber.Ctx) error {
	page, _, _, err := h.leavePage(c)
	if err != nil {
		return err
	}
	return web.Render(c, parent.Leave(page))
}

func (h *Handlers) leavePage(c *fiber.Ctx) (page parent.LeavePage, child account.Child, tie account.Tie, err error) {
	adult, child, tie, err := h.adultPage(c)
	if err != nil {
		return page, child, tie, err
	}
	page = parent.LeavePage{Page: adult.Page, Name: tie.Name, Child: child.FirstName, Action: adult.Remove}
	if tie.Guardian == web.Who(c).GuardianID {
		page.Name = ""
	}
	return page, child, tie, nil
}

// LeaveChild ends that somebody acts for a child.
func (h *Handlers) LeaveChild(c *fiber.Ctx) error {
	page, child, tie, err := h.leavePage(c)
	if err != nil {
		return err
	}
	err = h.Accounts.RemoveGuardian(c.UserContext(), web.Who(c).GuardianID, child.ID, tie.Guardian)
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, parent.Leave(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "family.leave.done")
	return web.SeeOther(c, "/mijn/gezin")
}

type editChildForm struct {
	FirstName string `form:"first_name" validate:"required,max=80"`
	LastName  string `form:"last_name" validate:"required,max=80"`
}

type bornForm struct {
	Born civil.Date `form:"born" validate:"required"`
}

// ShowEditChild corrects a child's details.
func (h *Handlers) ShowEditChild(c *fiber.Ctx) error {
	page, _, err := h.editChildPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, parent.EditChild(page))
}

func (h *Handlers) editChildPage(c *fiber.Ctx) (page parent.EditChildPage, child account.Child, err error) {
	if child, err = h.childOf(c); err != nil {
		return page, child, err
	}
	page = parent.EditChildPage{Page: ownPage(c, "family.edit.title"), FirstName: child.FirstName, LastName: child.LastName, Action: childPath(child.ID)}
	page.Back = familyLink(page.Page)
	page.Born = ui.DayField{Name: "born", Label: page.T("checkout.child.born")}
	page.Born.Day, page.Born.Month, page.Born.Year = ui.DayParts(child.BornOn)
	booked, err := h.Family.Booked(c.UserContext(), web.Who(c).GuardianID, child.ID)
	if booked {
		page.BornFixed = child.BornOn
	}
	return page, child, err
}

// SaveEditChild keeps a child's corrected details.
func (h *Handlers) SaveEditChild(c *fiber.Ctx) error {
	page, child, err := h.editChildPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[editChildForm](c)
	born := child.BornOn
	if page.BornFixed.IsZero() && err == nil {
		var day bornForm
		if day, err = web.Form[bornForm](c); err == nil {
			born = day.Born
		}
	}
	if err == nil {
		err = h.Family.Correct(c.UserContext(), web.Who(c).GuardianID, child.ID, strings.TrimSpace(in.FirstName), strings.TrimSpace(in.LastName), born)
	}
	if problems := web.Problems(c, err); problems != nil {
		return editChildAgain(c, page, problems)
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "family.adult.saved")
	return web.SeeOther(c, "/mijn/gezin")
}

// ShowInvited asks who followed the link to accept.
func (h *Handlers) ShowInvited(c *fiber.Ctx) error {
	page := parent.InvitedPage{Page: web.Page(c), Action: c.Path()}
	page.Title, page.Private = page.T("family.invited.tab"), true
	inv, err := h.Accounts.GuardianInvited(c.UserContext(), c.Params("token"), web.Who(c).GuardianID)
	if problem := invitationProblem(page.Page, err); problem != "" {
		page.Problem = problem
		return web.RenderAgain(c, parent.Invited(page))
	}
	if err != nil {
		return err
	}
	page.Inviter, page.Children, page.Rights = inv.Inviter, firstNames(page.Page, inv.Children), rightWords(page.Page, inv.Rights)
	return web.Render(c, parent.Invited(page))
}

func invitationProblem(p layout.Page, err error) string {
	if errors.Is(err, account.ErrFamilyInvitationOver) || errors.Is(err, account.ErrOtherAddress) {
		return p.T(fault.Of(err).Key)
	}
	return ""
}

// AcceptInvited makes who followed the link a guardian.
func (h *Handlers) AcceptInvited(c *fiber.Ctx) error {
	page := parent.InvitedPage{Page: web.Page(c)}
	err := h.Accounts.AcceptGuardianInvitation(c.UserContext(), c.Params("token"), web.Who(c).GuardianID)
	if page.Problem = invitationProblem(page.Page, err); page.Problem != "" {
		page.Title, page.Private = page.T("family.invited.tab"), true
		return web.RenderAgain(c, parent.Invited(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "family.invited.done")
	return web.SeeOther(c, "/mijn")
}

// onInvite does something with an invitation of the guardian's own.
func (h *Handlers) onInvite(c *fiber.Ctx, done string, do func(ctx context.Context, by id.Guardian, invitation int64) error) error {
	key, err := strconv.ParseInt(c.Params("invitation"), 10, 64)
	if err != nil {
		return account.ErrNoSuchPerson
	}
	err = do(c.UserContext(), web.Who(c).GuardianID, key)
	if fault.Of(err) != nil && fault.Of(err).Kind == fault.Invalid { // too many today
		web.SetFlash(c, layout.Warning, fault.Of(err).Key)
		return web.SeeOther(c, "/mijn/gezin")
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, done)
	return web.SeeOther(c, "/mijn/gezin")
}
