package office

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/circular"
	"joetz/shop/roster"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
)

type infoForm struct {
	Do        string   `form:"doe" validate:"required,oneof=bewaar klaar kopieer"`
	Version   string   `form:"versie" validate:"max=40"`
	From      int64    `form:"van" validate:"min=0"`
	SubjectNL string   `form:"subject_nl" validate:"max=150"`
	BodyNL    string   `form:"body_nl" validate:"max=10000"`
	SubjectEN string   `form:"subject_en" validate:"max=150"`
	BodyEN    string   `form:"body_en" validate:"max=10000"`
	Without   string   `form:"zonder"`
	File      web.File `form:"bijlage"`
}

func (f infoForm) words() circular.Words {
	return circular.Words{SubjectNL: f.SubjectNL, BodyNL: f.BodyNL, SubjectEN: f.SubjectEN, BodyEN: f.BodyEN}
}

func infoFile(d id.Departure) string { return circular.InfoPath(d) + "/bijlage" }

// ShowInfo shows the info letter of a departure, as one family reads it.
func (h *Handlers) ShowInfo(c *fiber.Ctx) error {
	d, err := h.departure(c)
	if err != nil {
		return err
	}
	p, err := h.infoPage(c, d)
	if err != nil {
		return err
	}
	return web.Render(c, office.Info(p))
}

// infoPage is the letter as it is kept.
func (h *Handlers) infoPage(c *fiber.Ctx, d roster.Departure) (office.InfoPage, error) {
	ctx := c.UserContext()
	p := office.InfoPage{Page: staffPage(c, "roster.letter"), Departure: holidayOn(d.Title, d.StartsOn), Action: circular.InfoPath(d.ID), Places: circular.Places}
	p.Width = layout.Broad
	p.Back = &layout.Link{Href: departurePath(d.ID), Text: d.Title}
	p.LeavesOn, p.Gone = d.StartsOn.AddDays(-h.Info.Days), !p.Now.Before(h.Info.Leaves(d.StartsOn))
	sources, err := h.Circulars.InfoSources(ctx, d.ID)
	if err != nil {
		return p, err
	}
	for _, s := range sources {
		p.Sources = append(p.Sources, ui.Option{Value: strconv.FormatInt(int64(s.Departure), 10), Label: s.Title + ", " + p.DatePlain(s.StartsOn)})
	}
	l, err := h.Circulars.Info(ctx, d.ID)
	if errors.Is(err, circular.ErrNoInfo) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.Written, p.Ready, p.By, p.At, p.Version = true, l.ReadyAt != nil, l.By, l.ChangedAt, l.ChangedAt.UTC().Format(time.RFC3339Nano)
	if p.Ready {
		p.By = l.ReadyBy
	}
	p.Sent, p.Waiting = l.Sent, l.Waiting
	p.SubjectNL, p.BodyNL, p.SubjectEN, p.BodyEN = l.SubjectNL, l.BodyNL, l.SubjectEN, l.BodyEN
	if l.File != 0 {
		p.FileName, p.FileHref = l.FileName, infoFile(d.ID)
	}
	return p, h.infoAsRead(c, &p, d, l)
}

// infoAsRead shows the letter as the family reads it whose number is in the address.
func (h *Handlers) infoAsRead(c *fiber.Ctx, p *office.InfoPage, d roster.Departure, l circular.Info) error {
	all, err := h.Circulars.InfoFamilies(c.UserContext(), d.ID)
	if err != nil {
		return err
	}
	var get []circular.Family
	for _, f := range all {
		if f.LeftOut == "" {
			get = append(get, f)
		} else {
			p.LeftOut = append(p.LeftOut, office.LeftOut{Href: orderPath(f.Order), Name: f.Name, Why: f.LeftOut})
		}
	}
	if p.Count = len(get); p.Count == 0 {
		return nil
	}
	n, _ := strconv.Atoi(c.Query("gezin")) // nothing, or no number: the first
	p.Number = min(max(1, n), p.Count)
	f := get[p.Number-1]
	r, err := h.Circulars.PreviewInfo(c.UserContext(), l, f)
	if err != nil {
		return err
	}
	_, text, _ := strings.Cut(r.Text, "\n\n") // without the title, which is the subject
	p.Name, p.Email, p.Subject, p.Text = f.Name, f.Email, r.Subject, strings.TrimSpace(text)
	if p.Number > 1 {
		p.Previous = fmt.Sprintf("%s?gezin=%d#voorbeeld", p.Action, p.Number-1)
	}
	if p.Number < p.Count {
		p.Next = fmt.Sprintf("%s?gezin=%d#voorbeeld", p.Action, p.Number+1)
	}
	return nil
}

// SaveInfo keeps the letter as a draft, copies another's, or says that it is ready.
func (h *Handlers) SaveInfo(c *fiber.Ctx) error {
	d, err := h.departure(c)
	if err != nil {
		return err
	}
	in, err := web.Form[infoForm](c)
	by, said := web.Who(c).StaffID, ""
	switch {
	case err != nil:
	case in.Do == "klaar":
		seen, wrong := time.Parse(time.RFC3339Nano, in.Version)
		if err, said = circular.ErrInfoChanged, "circular.info.is_ready"; wrong == nil {
			err = h.Circulars.InfoReady(c.UserContext(), by, d.ID, seen)
		}
	case in.Do == "kopieer":
		err, said = h.Circulars.CopyInfo(c.UserContext(), by, d.ID, id.Departure(in.From)), "circular.info.copied"
	default:
		file := circular.InfoFile{Keep: in.Without != "yes", Name: in.File.Name, Content: in.File.Bytes}
		err, said = h.Circulars.WriteInfo(c.UserContext(), by, d.ID, in.words(), file), "circular.info.saved"
	}
	f := fault.Of(err)
	if problems := web.Problems(c, err); problems != nil || f != nil && f.Kind == fault.Conflict {
		p, err := h.infoPage(c, d)
		if err != nil {
			return err
		}
		if in.Do == "bewaar" { // what was typed stays
			p.SubjectNL, p.BodyNL, p.SubjectEN, p.BodyEN = in.SubjectNL, in.BodyNL, in.SubjectEN, in.BodyEN
		}
		p.Errors, p.Failed = problems, true
		return web.RenderAgain(c, office.Info(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, said)
	return web.SeeOther(c, circular.InfoPath(d.ID))
}

// ShowInfoFile is the PDF that goes with the letter.
func (h *Handlers) ShowInfoFile(c *fiber.Ctx) error {
	key, err := departureOf(c)
	if err != nil {
		return err
	}
	f, err := h.Circulars.InfoPDF(c.UserContext(), key)
	if err != nil {
		return err
	}
	return web.SendFile(c, f.Type, f.Name, f.Content)
}
