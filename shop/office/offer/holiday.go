package offer

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office/offer"
	"joetz/terms/id"
)

// ShowHoliday is one holiday, whole.
func (h *Handlers) ShowHoliday(c *fiber.Ctx) error {
	p, err := h.holidayPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, offer.Holiday(p))
}

func (h *Handlers) holidayPage(c *fiber.Ctx) (offer.HolidayPage, error) {
	ctx := c.UserContext()
	o, err := h.Catalogue.OfferByID(ctx, id.Holiday(param(c, "holiday")))
	if err != nil {
		return offer.HolidayPage{}, err
	}
	photos, err := h.Catalogue.Photos(ctx, o.ID)
	if err != nil {
		return offer.HolidayPage{}, err
	}
	events, err := h.Catalogue.Events(ctx, o.ID)
	if err != nil {
		return offer.HolidayPage{}, err
	}
	path := holidayPath(o.ID)
	p := offer.HolidayPage{Page: page(c, "offer.title"), Code: o.Code, Name: o.Title, Edit: path + "/tekst", Preview: "/vakanties/" + o.Slug + "?voorbeeld=1",
		AddDate: path + "/vertrek", PhotoForm: offer.PhotoForm{Action: path + "/fotos", Full: len(photos) >= catalogue.MaxPhotos}}
	p.Page.Title = o.Title
	p.Back = &layout.Link{Href: seasonPath(o.Year), Text: p.T("offer.season", o.Year)}
	if o.Draft() {
		p.Delete = path + "/verwijderen"
	}
	for _, f := range o.Fields() {
		p.Facts = append(p.Facts, offer.Change{Label: p.T("offer.field." + f.Field), To: offer.Words(p.Page, f.Field, f.To)})
	}
	for _, d := range o.Departures {
		p.Departures = append(p.Departures, h.card(p.Page, o, d))
	}
	for i, f := range photos {
		p.Photos = append(p.Photos, offer.PhotoRow{ID: f.ID, Src: f.Path(f.Widths()[0]), Width: f.Widths()[0], Height: f.HeightOf(f.Widths()[0]), AltNL: f.AltNL, AltEN: f.AltEN,
			Action: fmt.Sprintf("%s/fotos/%d", path, f.ID), First: i == 0, Last: i == len(photos)-1})
	}
	p.Events = h.events(p.Page, events, o)
	return p, nil
}

func (h *Handlers) card(p layout.Page, o catalogue.Offer, d catalogue.Date) offer.DepartureCard {
	path := departurePath(d.ID)
	card := offer.DepartureCard{DateRow: h.row(p, o, d), Days: p.Today.DaysUntil(d.StartsOn), Edit: path + "/wijzigen", Price: path + "/prijs",
		Places: path + "/plaatsen", Limit: path + "/grenzen", Cancelled: d.Status == "cancelled", Prices: priceRows(p, d)}
	for _, b := range d.Boarding {
		card.Stops = append(card.Stops, offer.StopRow{Name: b.Name, Minimum: b.MinParticipants, Booked: b.Booked, Low: b.Low()})
	}
	for _, l := range d.Limits {
		card.Limits = append(card.Limits, offer.LimitLine{Words: offer.LimitWords(p, l.Gender, l.Years(), l.BoardingName), Used: l.Used, Places: l.Places, Full: l.Full()})
	}
	if d.Status == "draft" {
		card.Publish = fmt.Sprintf("%s/publiceren?seizoen=%d&vertrek=%d", root, o.Year, d.ID)
	}
	switch {
	case d.Status == "published" && (d.Sold > 0 || d.Held > 0):
		card.WhyNot = "offer.why_not_withdraw"
		if d.StartsOn.After(p.Today) {
			card.CallOff, card.Merge = fmt.Sprintf("/kantoor/vertrek/%d/afgelasten", d.ID), fmt.Sprintf("/kantoor/vertrek/%d/samenvoegen", d.ID)
		}
	case d.Status == "published" || d.PublishAt != nil:
		card.Withdraw = path + "/intrekken"
	}
	if !d.Seen() {
		card.Delete = path + "/verwijderen"
	}
	return card
}

func priceRows(p layout.Page, d catalogue.Date) []offer.PriceRow {
	now, priced := d.Price(p.Now)
	var out []offer.PriceRow
	for i, v := range d.Prices {
		row := offer.PriceRow{From: v.ValidFrom, Base: v.Base, Solidaris: v.Solidaris, VT: v.VT, State: "past"}
		switch {
		case priced && v.Version == now.Version:
			row.State = "now"
		case v.ValidFrom.After(p.Now):
			row.State = "coming"
			for _, later := range d.Prices[i+1:] { // a later version counts from its moment on, whatever came before
				if !later.ValidFrom.After(v.ValidFrom) {
					row.State = "never"
				}
			}
		}
		out = append(out, row)
	}
	return out
}

type holidayForm struct {
	Version       int    `form:"version"`
	Code          string `form:"code" validate:"required"`
	Title         string `form:"title" validate:"required"`
	Description   string `form:"description" validate:"required,max=4000"`
	BirthYearFrom int    `form:"birth_year_from" validate:"required"`
	BirthYearTo   int    `form:"birth_year_to" validate:"required"`
	Trip          string `form:"trip" validate:"required"`
	LegalRegime   string `form:"legal_regime" validate:"required"`
	Country       string `form:"country" validate:"required"`
	Destination   string `form:"destination" validate:"required"`
	Accommodation string `form:"accommodation" validate:"required"`
	Transport     string `form:"transport" validate:"required"`
	Included      string `form:"included" validate:"max=4000"`
	NotIncluded   string `form:"not_included" validate:"max=4000"`
	TargetGroup   string `form:"target_group"`
	Inclusive     string `form:"inclusive" validate:"omitempty,oneof=yes no"`
	Why           string `form:"why" validate:"max=500"`
}

func (f holidayForm) text() catalogue.Text {
	return catalogue.Text{Code: f.Code, Title: f.Title, Description: f.Description, Trip: f.Trip, LegalRegime: f.LegalRegime, Country: f.Country,
		Destination: f.Destination, Accommodation: f.Accommodation, Transport: f.Transport, Included: catalogue.Lines(f.Included),
		NotIncluded: catalogue.Lines(f.NotIncluded), TargetGroup: f.TargetGroup, Inclusive: f.Inclusive == "yes", BirthYearFrom: f.BirthYearFrom, BirthYearTo: f.BirthYearTo}
}

func values(t catalogue.Text) map[string]string {
	out := map[string]string{}
	for _, f := range t.Fields() {
		out[f.Field] = f.To
	}
	return out
}

func typedText(c *fiber.Ctx) map[string]string {
	out := map[string]string{}
	for _, f := range (catalogue.Text{}).Fields() {
		out[f.Field] = web.Typed(c, f.Field)
	}
	return out
}

// ShowNew asks for a new holiday.
func (h *Handlers) ShowNew(c *fiber.Ctx) error {
	p, _, err := h.newPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, offer.Text(p))
}

func (h *Handlers) newPage(c *fiber.Ctx) (offer.HolidayForm, catalogue.Season, error) {
	_, season, err := h.season(c, "seizoen")
	if err != nil {
		return offer.HolidayForm{}, season, err
	}
	if season.ID == 0 {
		return offer.HolidayForm{}, season, catalogue.ErrNoHoliday
	}
	p := offer.HolidayForm{Page: page(c, "offer.new_title", season.Year), New: true, Action: c.OriginalURL(), Countries: catalogue.CountryCodes, Values: map[string]string{"country": "BE", "inclusive": "no"}}
	p.Width = layout.Reading
	p.Back = &layout.Link{Href: seasonPath(season.Year), Text: p.T("offer.season", season.Year)}
	p.Groups, err = h.groupOptions(c, p.Page)
	return p, season, err
}

// AddHoliday makes a holiday.
func (h *Handlers) AddHoliday(c *fiber.Ctx) error {
	p, season, err := h.newPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[holidayForm](c)
	var made id.Holiday
	if err == nil {
		made, err = h.Catalogue.AddHoliday(c.UserContext(), actor(c), season, in.text())
	}
	if problems := web.Problems(c, err); problems != nil {
		p.Errors, p.Failed, p.Values = problems, true, typedText(c)
		return web.RenderAgain(c, offer.Text(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "offer.added")
	return web.SeeOther(c, holidayPath(made))
}

// ShowText is the form of a holiday's text, filled with what is saved, or with an earlier text.
func (h *Handlers) ShowText(c *fiber.Ctx) error {
	o, p, err := h.textPage(c)
	if err != nil {
		return err
	}
	if back, err := strconv.ParseInt(c.Query("terug"), 10, 64); err == nil {
		e, err := h.Catalogue.EventByID(c.UserContext(), o.ID, back)
		if err != nil {
			return err
		}
		p.Restore = true
		p.Values = values(o.Back(e.Changes))
		p.Why = p.T("offer.restore_why", p.Instant(e.At))
	}
	return web.Render(c, offer.Text(p))
}

func (h *Handlers) textPage(c *fiber.Ctx) (catalogue.Offer, offer.HolidayForm, error) {
	o, err := h.Catalogue.OfferByID(c.UserContext(), id.Holiday(param(c, "holiday")))
	if err != nil {
		return o, offer.HolidayForm{}, err
	}
	p := offer.HolidayForm{Page: about(c, o, "offer.edit_title", o.Title), Action: holidayPath(o.ID) + "/tekst", Version: o.Version, Countries: catalogue.CountryCodes, Values: values(o.Text), Booked: o.Booked(),
		Locked: map[string]bool{"code": !o.Draft()}}
	if p.Booked {
		for _, f := range []string{"trip", "legal_regime", "country"} {
			p.Locked[f] = true
		}
	}
	p.Groups, err = h.groupOptions(c, p.Page)
	return o, p, err
}

// SaveText changes a holiday's text.
func (h *Handlers) SaveText(c *fiber.Ctx) error {
	in, err := web.Form[holidayForm](c)
	if err == nil {
		err = h.Catalogue.SaveHoliday(c.UserContext(), actor(c), id.Holiday(param(c, "holiday")), in.Version, in.text(), in.Why)
	}
	problems := web.Problems(c, err)
	if err != nil && problems == nil {
		return err
	}
	if problems == nil {
		web.SetFlash(c, layout.Good, "offer.saved")
		return web.SeeOther(c, holidayPath(id.Holiday(param(c, "holiday"))))
	}
	o, p, broken := h.textPage(c)
	if broken != nil {
		return broken
	}
	p.Values, p.Why, p.Errors, p.Failed = typedText(c), in.Why, problems, true
	if errors.Is(err, catalogue.ErrChanged) || in.Version != o.Version {
		p.Theirs = map[string]string{}
		for _, change := range in.text().Diff(o.Text) {
			p.Theirs[change.Field] = change.To
		}
	}
	return web.RenderAgain(c, offer.Text(p))
}

// DeleteHoliday removes a draft.
func (h *Handlers) DeleteHoliday(c *fiber.Ctx) error {
	o, err := h.Catalogue.OfferByID(c.UserContext(), id.Holiday(param(c, "holiday")))
	if err != nil {
		return err
	}
	if err := h.Catalogue.DeleteHoliday(c.UserContext(), actor(c), o.ID); err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "offer.deleted")
	return web.SeeOther(c, seasonPath(o.Year))
}

type photoForm struct {
	Photo web.File `form:"photo" validate:"required"`
	AltNL string   `form:"alt_nl" validate:"required,max=160"`
	AltEN string   `form:"alt_en" validate:"required,max=160"`
}

// AddPhoto takes an upload.
func (h *Handlers) AddPhoto(c *fiber.Ctx) error {
	holiday := id.Holiday(param(c, "holiday"))
	in, err := web.Form[photoForm](c)
	if err == nil {
		err = h.Catalogue.AddPhoto(c.UserContext(), actor(c), holiday, in.Photo.Bytes, in.AltNL, in.AltEN)
	}
	if problems := web.Problems(c, err); problems != nil {
		p, broken := h.holidayPage(c)
		if broken != nil {
			return broken
		}
		p.Failed, p.PhotoForm.Errors, p.PhotoForm.AltNL, p.PhotoForm.AltEN = true, problems, web.Typed(c, "alt_nl"), web.Typed(c, "alt_en")
		return web.RenderAgain(c, offer.Holiday(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "offer.photo_added")
	return web.SeeOther(c, holidayPath(holiday)+"#fotos")
}

type photoActForm struct {
	Act   string `form:"act" validate:"required"`
	AltNL string `form:"alt_nl" validate:"max=160"`
	AltEN string `form:"alt_en" validate:"max=160"`
}

// ChangePhoto describes, moves or removes a photo.
func (h *Handlers) ChangePhoto(c *fiber.Ctx) error {
	holiday := id.Holiday(param(c, "holiday"))
	in, err := web.Form[photoActForm](c)
	if err == nil {
		err = h.Catalogue.ChangePhoto(c.UserContext(), actor(c), holiday, param(c, "photo"), catalogue.PhotoAct(in.Act), in.AltNL, in.AltEN)
	}
	if problems := web.Problems(c, err); problems != nil {
		p, broken := h.holidayPage(c)
		if broken != nil {
			return broken
		}
		p.Failed = true
		for i := range p.Photos {
			if f := &p.Photos[i]; f.ID == param(c, "photo") {
				f.Errors, f.AltNL, f.AltEN = problems, web.Typed(c, "alt_nl"), web.Typed(c, "alt_en")
			}
		}
		return web.RenderAgain(c, offer.Holiday(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "offer.saved")
	return web.SeeOther(c, holidayPath(holiday)+"#fotos")
}
