package animator

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/shop/watch"
	"joetz/shop/web"
	pages "joetz/templates/animator"
	"joetz/templates/layout"
	"joetz/terms/fault"
	"joetz/terms/id"
)

func overridePath(n int64) string { return watch.OverridePath + "/" + strconv.FormatInt(n, 10) }

// ShowEmergency asks which fiche, and why.
func (h *Handlers) ShowEmergency(c *fiber.Ctx) error {
	out, err := h.emergencyPage(c, c.Query("boeking"))
	if err != nil {
		return err
	}
	return web.Render(c, pages.Emergency(out))
}

// emergencyPage names the child when the address says which; else it asks for both names.
func (h *Handlers) emergencyPage(c *fiber.Ctx, booking string) (pages.EmergencyPage, error) {
	p := page(c, "")
	p.Title, p.Width = p.T("animator.emergency.title"), layout.Reading
	out := pages.EmergencyPage{Page: p, Action: watch.OverridePath}
	if booking == "" {
		return out, nil
	}
	n, err := strconv.ParseInt(booking, 10, 64)
	if err != nil {
		return out, web.ErrNotFound
	}
	child, err := h.Watch.Child(c.UserContext(), reader(c), id.Booking(n))
	if err != nil {
		return out, err
	}
	out.Chosen = emergencyChild(child)
	return out, nil
}

func emergencyChild(f watch.Found) *pages.EmergencyChild {
	return &pages.EmergencyChild{Booking: int64(f.Booking), Name: f.FirstName + " " + f.LastName, Camp: f.Title}
}

type emergencyForm struct {
	Booking string `form:"booking" validate:"max=20"`
	First   string `form:"first_name" validate:"max=100"`
	Last    string `form:"last_name" validate:"max=100"`
	Reason  string `form:"reason" validate:"max=2000"`
}

// OpenEmergency opens one fiche. The parents and the responsible hear of it at once.
func (h *Handlers) OpenEmergency(c *fiber.Ctx) error {
	in, err := web.Form[emergencyForm](c)
	if err != nil {
		return err
	}
	out, err := h.emergencyPage(c, in.Booking)
	if errors.Is(err, medical.ErrNotFound) { // it is refused where refusals are logged
		n, _ := strconv.ParseInt(in.Booking, 10, 64) // emergencyPage read it
		_, err = h.Watch.Open(c.UserContext(), reader(c), id.Booking(n), in.Reason)
	}
	if err != nil {
		return err
	}
	out.First, out.Last, out.Reason = in.First, in.Last, in.Reason
	if out.Chosen == nil {
		found, err := h.Watch.Find(c.UserContext(), reader(c), in.First, in.Last)
		if err != nil {
			return err
		}
		switch len(found) {
		case 0:
			out.Errors, out.Failed = web.Problems(c, watch.ErrNobody), true
			return web.RenderAgain(c, pages.Emergency(out))
		case 1:
			out.Chosen = emergencyChild(found[0])
		default: // of one name on two camps: whoever opens one has to say which
			for _, f := range found {
				out.Children = append(out.Children, *emergencyChild(f))
			}
			out.Errors, out.Failed = web.Problems(c, errWhich), true
			return web.RenderAgain(c, pages.Emergency(out))
		}
	}
	own, may, err := h.Watch.Medical.ReadsAnyway(c.UserContext(), reader(c), id.Booking(out.Chosen.Booking))
	if err != nil {
		return err
	}
	if may { // nobody is told of what is theirs to read
		web.SetFlash(c, layout.Info, "animator.emergency.own")
		return web.SeeOther(c, childPath(own, id.Booking(out.Chosen.Booking)))
	}
	o, err := h.Watch.Open(c.UserContext(), reader(c), id.Booking(out.Chosen.Booking), in.Reason)
	if problems := web.Problems(c, err); problems != nil {
		out.Errors, out.Failed = problems, true
		return web.RenderAgain(c, pages.Emergency(out))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, overridePath(o.ID))
}

var errWhich = fault.Field("booking", "animator.emergency.which")

// ShowOpened shows the one fiche, under a red banner, until its time is over.
func (h *Handlers) ShowOpened(c *fiber.Ctx) error {
	n, err := key[int64](c, "override")
	if err != nil {
		return err
	}
	child, files, o, err := h.Camps.Emergency(c.UserContext(), reader(c), n)
	if errors.Is(err, medical.ErrNotFound) { // over, closed, or never one's own
		p := page(c, "")
		p.Title, p.Width = p.T("animator.emergency.title"), layout.Reading
		return web.Render(c.Status(fiber.StatusNotFound), pages.EmergencyOver(pages.EmergencyPage{Page: p, Action: watch.OverridePath}))
	}
	if err != nil {
		return err
	}
	p := page(c, child.FirstName)
	out := childPage(p, child, func(key string) (pages.Link, bool) {
		name, ok := files[key]
		return pages.Link{Href: overridePath(n) + "/bestand/" + key, Text: name}, ok
	})
	out.Emergency = &pages.Opened{Until: p.Clock(o.EndsAt), Close: overridePath(n) + "/sluiten"}
	for _, r := range child.Records {
		line := recordLine(p, o.Departure, o.Booking, r)
		line.Href = ""
		out.Given = append(out.Given, line)
	}
	return web.Render(c, pages.Child(out))
}

// CloseOpened ends it before its time.
func (h *Handlers) CloseOpened(c *fiber.Ctx) error {
	n, err := key[int64](c, "override")
	if err != nil {
		return err
	}
	if err := h.Watch.Medical.CloseOverride(c.UserContext(), reader(c), n); err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "animator.emergency.closed")
	return web.SeeOther(c, watch.OverridePath)
}

// ShowOpenedFile sends a photo or document of that fiche.
func (h *Handlers) ShowOpenedFile(c *fiber.Ctx) error {
	n, errOverride := key[int64](c, "override")
	f, errFile := key[int64](c, "file")
	if errors.Join(errOverride, errFile) != nil {
		return web.ErrNotFound
	}
	file, err := h.Watch.Medical.ReadOverrideFile(c.UserContext(), reader(c), n, f)
	if err != nil {
		return err
	}
	return web.SendFile(c, file.Type, file.Name, file.Data)
}
