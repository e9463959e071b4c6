package office

import (
	"context"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/find"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// errNoWhy asks how a colleague knows whether an address works.
var errNoWhy = fault.Field("reden", "dossier.reach.why_missing")

func guardianOf(c *fiber.Ctx) (id.Guardian, error) {
	key, err := strconv.ParseInt(c.Params("guardian"), 10, 64)
	if err != nil {
		return 0, find.ErrNoFamily
	}
	return id.Guardian(key), nil
}

// ShowFamily shows one family with all that it booked.
func (h *Handlers) ShowFamily(c *fiber.Ctx) error {
	p, err := h.familyPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Family(p))
}

func (h *Handlers) familyPage(c *fiber.Ctx) (p office.FamilyPage, err error) {
	ctx := c.UserContext()
	key, err := guardianOf(c)
	if err != nil {
		return p, err
	}
	f, err := h.Find.Family(ctx, key)
	if err != nil {
		return p, err
	}
	page := staffPage(c, "office.search.title")
	page.Title, page.Width = f.Name(), layout.Broad
	page.Back = &layout.Link{Href: "/kantoor/zoeken", Text: page.T("office.search.title")}
	p = office.FamilyPage{Page: page, Name: f.Name(), Email: f.Email, Phone: f.Phone, Address: []string{f.Street, f.PostalCode + " " + f.City},
		Language: page.T("office.family.lang." + f.Lang), Orders: foundOrders(f), Reach: familyPath(key) + "/adres", Note: familyPath(key) + "/notitie"}
	if p.Bounced, err = h.Dossier.Bounce(ctx, f.Guardian); err != nil {
		return p, err
	}
	children := make([]id.Participant, len(f.Children))
	for i, k := range f.Children {
		children[i] = k.Participant
	}
	barred, err := h.Bookings.BarredAmong(ctx, children)
	if err != nil {
		return p, err
	}
	for _, k := range f.Children {
		p.Children = append(p.Children, office.FamilyChild{Name: k.FirstName + " " + k.LastName, First: k.FirstName, BornOn: k.BornOn, Age: ageOn(k.BornOn, page.Today),
			Bar: barPath(k.Participant), Barred: barred[k.Participant]})
	}
	notes, err := h.Dossier.FamilyNotes(ctx, key)
	if err != nil {
		return p, err
	}
	p.Notes = noteRows(notes, p.Note)
	return p, h.addReach(c, &p)
}

// addReach adds what was said about the family's address.
func (h *Handlers) addReach(c *fiber.Ctx, p *office.FamilyPage) error {
	rows, err := h.reachRows(c.UserContext(), p.Page, p.Email)
	p.History = rows
	return err
}

// reachRows tells when no mail reached an address and when it was good again, newest first.
func (h *Handlers) reachRows(ctx context.Context, p layout.Page, address string) (rows []office.EventRow, err error) {
	if address == "" {
		return nil, nil
	}
	events, err := h.Outbox.BouncesOf(ctx, h.DB, address)
	if err != nil {
		return nil, err
	}
	actors := make([]string, len(events))
	for i, e := range events {
		actors[i] = e.By.Actor()
	}
	names, err := h.Dossier.Names(ctx, actors)
	if err != nil {
		return nil, err
	}
	for i, e := range events {
		row := office.EventRow{At: e.At, Who: names[actors[i]], Text: p.T("dossier.reach."+e.Kind, e.Why)}
		if e.Code != 0 {
			row.Text = p.T("dossier.reach.refused", e.Code, e.Why)
		}
		if row.Who == "" {
			row.Who = p.T("dossier.reach.server")
		}
		rows = append(rows, row)
	}
	return rows, nil
}

type reachForm struct {
	Do  string `form:"doe" validate:"required,oneof=goed terug"`
	Why string `form:"reden" validate:"max=200"`
}

// SetReach says that mail to a family comes back, or that its address works again.
func (h *Handlers) SetReach(c *fiber.Ctx) error {
	p, err := h.familyPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[reachForm](c)
	in.Why = strings.TrimSpace(in.Why)
	switch by := web.Who(c).StaffID; {
	case err != nil:
	case in.Why == "":
		err = errNoWhy
	case in.Do == "goed":
		err = h.Outbox.Reachable(c.UserContext(), h.DB, p.Email, in.Why, by)
	default:
		err = h.Outbox.Bounced(c.UserContext(), h.DB, p.Email, in.Why, by)
	}
	if problems := web.Problems(c, err); problems != nil {
		p.Errors, p.Failed, p.Why = problems, true, in.Why
		return web.RenderAgain(c, office.Family(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "dossier.reach.saved_"+in.Do)
	return web.SeeOther(c, strings.TrimSuffix(p.Reach, "/adres"))
}

// WriteFamilyNote adds a note about a family.
func (h *Handlers) WriteFamilyNote(c *fiber.Ctx) error {
	p, err := h.familyPage(c)
	if err != nil {
		return err
	}
	key, err := guardianOf(c)
	if err != nil {
		return err
	}
	in, err := web.Form[noteForm](c)
	if err == nil {
		err = h.Dossier.WriteFamily(c.UserContext(), web.Who(c).StaffID, key, in.Note, in.Pin == "yes")
	}
	if problems := web.Problems(c, err); problems != nil {
		p.Errors, p.Failed, p.NoteText = problems, true, in.Note
		return web.RenderAgain(c, office.Family(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "dossier.saved")
	return web.SeeOther(c, familyPath(key)+"#notities")
}

// PinFamilyNote keeps a note about a family on top, or lets it go.
func (h *Handlers) PinFamilyNote(c *fiber.Ctx) error {
	key, err := guardianOf(c)
	if err != nil {
		return err
	}
	return pin(c, familyPath(key), func(by id.Staff, note int64, pinned bool) error {
		return h.Dossier.PinFamily(c.UserContext(), by, key, note, pinned)
	})
}
