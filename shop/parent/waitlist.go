package parent

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/waitlist"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
)

const waitlistPath = "/mijn/wachtlijst"

// ShowWaitlist lists what the family waits for.
func (h *Handlers) ShowWaitlist(c *fiber.Ctx) error {
	entries, err := h.Waitlist.EntriesOf(c.UserContext(), web.Who(c).GuardianID)
	if err != nil {
		return err
	}
	page := parent.WaitlistPage{Page: web.Page(c)}
	page.Title, page.Private = page.T("waitlist.title"), true
	page.Back = &layout.Link{Href: "/mijn", Text: page.T("parent.home.title")}
	for _, e := range entries {
		if card := waitlistCard(page.Page, e); e.EndedAt == nil {
			page.Cards = append(page.Cards, card)
		} else {
			page.Past = append(page.Past, card)
		}
	}
	return web.Render(c, parent.Waitlist(page))
}

func waitlistCard(p layout.Page, e waitlist.Entry) parent.WaitlistCard {
	card := parent.WaitlistCard{
		Href: waitlist.Path(e.ID), Holiday: e.Title, HolidayHref: "/vakanties/" + e.Slug, StartsOn: e.StartsOn, EndsOn: e.EndsOn, Names: names(p, e.Names()),
		Children: len(e.Children), AtLeast: e.AtLeast, Status: string(e.Status), Position: e.Position, JoinedAt: e.JoinedAt,
	}
	if e.Status == waitlist.Offered && e.Offer.Running(p.Now) {
		card.Offer = &parent.WaitlistOffer{Names: names(p, e.Offer.For), Places: e.Offer.Places, All: e.Offer.Places == len(e.Children), Deadline: e.Offer.Deadline}
	} else if e.Status == waitlist.Offered {
		card.Status = string(waitlist.Expired) // its job is on the way
	}
	return card
}

// names lists people as a sentence does.
func names(p layout.Page, all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return p.T("mail.and", strings.Join(all[:len(all)-1], ", "), all[len(all)-1])
}

func entryOf(c *fiber.Ctx) (id.WaitlistEntry, error) {
	key, err := strconv.ParseInt(c.Params("entry"), 10, 64)
	if err != nil {
		return 0, waitlist.ErrNoEntry
	}
	return id.WaitlistEntry(key), nil
}

// ShowEntry is one entry: its position, or its offer with the end in words.
func (h *Handlers) ShowEntry(c *fiber.Ctx) error {
	key, err := entryOf(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	e, err := h.Waitlist.EntryOf(ctx, web.Who(c).GuardianID, key)
	if err != nil {
		return err
	}
	chance, err := h.Waitlist.ChanceOn(ctx, e.Departure)
	if err != nil {
		return err
	}
	page := parent.WaitlistEntryPage{
		Page: web.Page(c), Served: chance.Served, LastYear: chance.LastYear, Waited: chance.Waited, Hours: int(h.Waitlist.Settings.Time(web.Page(c).Today, e.StartsOn).Hours()),
		Accept: waitlist.Path(e.ID) + "/aanvaarden", Decline: waitlist.Path(e.ID) + "/weigeren", Leave: waitlist.Path(e.ID) + "/verlaten",
	}
	page.Card = waitlistCard(page.Page, e)
	if err := h.addPick(c, &page, e); err != nil {
		return err
	}
	page.Title, page.Private = page.T("waitlist.entry_title", page.Card.Names), true
	page.Back = &layout.Link{Href: waitlistPath, Text: page.T("waitlist.title")}
	return web.Render(c, parent.WaitlistEntry(page))
}

// addPick adds among whom the family chooses, where an offer has fewer places than children.
func (h *Handlers) addPick(c *fiber.Ctx, page *parent.WaitlistEntryPage, e waitlist.Entry) error {
	children, err := h.Waitlist.Pick(c.UserContext(), e)
	if err != nil || page.Card.Offer == nil || len(children) == 0 {
		return err
	}
	o := page.Card.Offer
	all := waitlist.Entry{Children: children}.Names()
	o.Names = page.T("mail.or", strings.Join(all[:len(all)-1], ", "), all[len(all)-1])
	o.Chosen = map[string]bool{}
	for _, child := range children {
		key := strconv.FormatInt(int64(child.Participant), 10)
		o.Pick = append(o.Pick, ui.Option{Value: key, Label: child.FirstName + " " + child.LastName})
		o.Chosen[key] = slices.Contains(e.Offer.Seated, child.Participant)
	}
	return nil
}

type acceptForm struct {
	Children []int64 `form:"child" validate:"max=20"`
}

// AcceptOffer opens the offer's basket: from there on it is a checkout like every other.
func (h *Handlers) AcceptOffer(c *fiber.Ctx) error {
	key, err := entryOf(c)
	if err != nil {
		return err
	}
	in, err := web.Form[acceptForm](c)
	if err != nil {
		return err
	}
	chosen := make([]id.Participant, len(in.Children))
	for i, child := range in.Children {
		chosen[i] = id.Participant(child)
	}
	token, err := h.Waitlist.Accept(c.UserContext(), web.Who(c).GuardianID, key, chosen...)
	if err != nil {
		return h.backToEntry(c, key, err)
	}
	web.SetCookie(c, basketCookie, token, basketFor)
	return web.SeeOther(c, "/boeken")
}

// DeclineOffer gives the places to the next in line.
func (h *Handlers) DeclineOffer(c *fiber.Ctx) error {
	key, err := entryOf(c)
	if err == nil {
		err = h.Waitlist.Decline(c.UserContext(), web.Who(c).GuardianID, key)
	}
	if err == nil {
		web.SetFlash(c, layout.Good, "waitlist.declined")
	}
	return h.backToEntry(c, key, err)
}

// LeaveList takes the family off a list.
func (h *Handlers) LeaveList(c *fiber.Ctx) error {
	key, err := entryOf(c)
	if err == nil {
		err = h.Waitlist.Leave(c.UserContext(), web.Who(c).GuardianID, key)
	}
	if err == nil {
		web.SetFlash(c, layout.Good, "waitlist.left")
	}
	return h.backToEntry(c, key, err)
}

// backToEntry shows where the entry stands now; what could not be done says why.
func (h *Handlers) backToEntry(c *fiber.Ctx, key id.WaitlistEntry, err error) error {
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		web.FlashFault(c, f)
		err = nil
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, waitlist.Path(key))
}

type joinForm struct {
	AtLeast  int         `form:"at_least" validate:"min=0,max=6"`
	Children []joinChild `form:"child" validate:"max=20,dive"`
}

type joinChild struct {
	ID       int64  `form:"id"`
	Take     bool   `form:"take"`
	Gender   string `form:"gender" validate:"max=1"`
	Boarding int64  `form:"boarding"`
}

// ShowJoin asks which children wait for a departure that is full.
func (h *Handlers) ShowJoin(c *fiber.Ctx) error {
	page, d, err := h.joinPage(c)
	if err != nil {
		return err
	}
	if d.Free > 0 && len(page.Full) == 0 {
		page.Waiting = 0
	}
	return web.Render(c, parent.Join(page))
}

func (h *Handlers) joinPage(c *fiber.Ctx) (page parent.JoinPage, d catalogue.Departure, err error) {
	ctx := c.UserContext()
	key, err := strconv.ParseInt(c.Params("departure"), 10, 64)
	if err != nil {
		return page, d, catalogue.ErrNoDeparture
	}
	found, err := h.Catalogue.Recent(ctx, id.Departure(key))
	if err != nil {
		return page, d, err
	}
	d, ok := found[id.Departure(key)]
	if !ok || d.Status == "draft" {
		return page, d, catalogue.ErrNoDeparture
	}
	family, err := h.Accounts.ChildrenOf(ctx, web.Who(c).GuardianID)
	if err != nil {
		return page, d, err
	}
	page = parent.JoinPage{Page: web.Page(c), Trip: tripOf(d), Action: waitlistPath + "/nieuw/" + c.Params("departure"), AsksGender: d.AsksGender(), AtLeast: "0"}
	page.Title, page.Private, page.AddAction = page.T("waitlist.join.title"), true, page.Action+"/kind"
	page.Back = &layout.Link{Href: "/vakanties/" + d.Slug, Text: d.Title}
	page.Born = ui.DayField{Name: "born", Label: page.T("checkout.child.born"), Hint: page.T("checkout.child.born_hint", d.BirthYearFrom, d.BirthYearTo)}
	if waitlist.AsksBoarding(d) {
		page.Boarding = append([]ui.Option{{Value: "0", Label: page.T("waitlist.join.choose")}}, boardingOptions(d)...)
	}
	for _, l := range d.Limits {
		if l.Full() {
			key, args := l.Words()
			page.Full = append(page.Full, page.T(key, args...))
		}
	}
	eligible := 0
	for _, person := range family {
		child := parent.WaitlistChild{ID: strconv.FormatInt(int64(person.ID), 10), Name: person.Name(), Hint: page.T("checkout.child.born_in", page.DatePlain(person.BornOn)), Gender: person.Gender}
		if child.Disabled = !d.Admits(person.BornOn); child.Disabled {
			child.Hint = page.T("checkout.child.wrong_age")
		} else {
			eligible++
		}
		page.Children = append(page.Children, child)
	}
	if eligible == 1 || c.Query("kind") != "" {
		for i := range page.Children {
			if !page.Children[i].Disabled {
				page.Children[i].Taken = "yes"
			}
		}
	}
	page.AddOpen = len(family) == 0 || c.Query("kind") != "" || strings.HasSuffix(c.Path(), "/kind")
	lists, err := h.Waitlist.Lists(ctx)
	for _, l := range lists {
		if l.Departure == d.ID {
			page.Waiting = l.Families
		}
	}
	return page, d, err
}

// JoinList puts the family on the list.
func (h *Handlers) JoinList(c *fiber.Ctx) error {
	page, d, err := h.joinPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[joinForm](c)
	ask := waitlist.JoinInput{Departure: d.ID, AtLeast: in.AtLeast}
	for _, child := range in.Children {
		for i := range page.Children {
			if page.Children[i].ID == strconv.FormatInt(child.ID, 10) {
				page.Children[i].Gender, page.Children[i].Boarding = child.Gender, strconv.FormatInt(child.Boarding, 10)
				page.Children[i].Taken = map[bool]string{true: "yes"}[child.Take]
			}
		}
		if child.Take {
			ask.Children = append(ask.Children, waitlist.JoinChild{Participant: id.Participant(child.ID), Gender: child.Gender, BoardingPlace: id.BoardingPlace(child.Boarding)})
		}
	}
	if ask.AtLeast == 0 {
		ask.AtLeast = max(1, len(ask.Children))
	}
	page.AtLeast = strconv.Itoa(in.AtLeast)
	var entry id.WaitlistEntry
	if err == nil {
		entry, err = h.Waitlist.Join(c.UserContext(), web.Who(c).GuardianID, ask)
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		web.SetFlash(c, layout.Warning, f.Key)
		if f.Key == "waitlist.on_list" {
			return web.SeeOther(c, waitlistPath)
		}
		return web.SeeOther(c, page.Trip.Href)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors = problems
		return web.RenderAgain(c, parent.Join(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "waitlist.joined")
	return web.SeeOther(c, waitlist.Path(entry))
}

// AddWaitingChild adds a child to the family, ready to be ticked.
func (h *Handlers) AddWaitingChild(c *fiber.Ctx) error {
	page, d, err := h.joinPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[newChildForm](c)
	page.FirstName, page.LastName = in.FirstName, in.LastName
	page.Born.Day, page.Born.Month, page.Born.Year = web.Typed(c, "born-day"), web.Typed(c, "born-month"), web.Typed(c, "born-year")
	if err == nil && !d.Admits(in.Born) { // of a new child the birthday is what can be mended
		err = fault.Field("born", "booking.wrong_age", in.FirstName, strconv.Itoa(d.BirthYearFrom), strconv.Itoa(d.BirthYearTo))
	}
	if err == nil {
		_, err = h.Accounts.AddChild(c.UserContext(), web.Who(c).GuardianID, account.ChildInput{FirstName: in.FirstName, LastName: in.LastName, BornOn: in.Born})
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Born.Error = problems, problems.For("born")
		return web.RenderAgain(c, parent.Join(page))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, page.Action+"?kind=nieuw")
}
