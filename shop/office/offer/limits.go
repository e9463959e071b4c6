package offer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office/offer"
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
)

type limitForm struct {
	Gender   string `form:"gender" validate:"omitempty,oneof=f m"`
	From     string `form:"from" validate:"max=4"`
	To       string `form:"to" validate:"max=4"`
	Boarding int64  `form:"boarding"`
	Places   string `form:"places" validate:"max=3"`
}

type limitsForm struct {
	Was    string      `form:"was" validate:"max=4000"` // the limits that the form showed
	Limits []limitForm `form:"limits"`
	Reason string      `form:"reason" validate:"max=500"`
	More   string      `form:"more"`
}

// mostLimits is how many limits one departure can have.
const mostLimits = 20

// ShowLimits asks how many of each kind may come.
func (h *Handlers) ShowLimits(c *fiber.Ctx) error {
	_, _, p, err := h.limitsPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, offer.Limits(p))
}

func (h *Handlers) limitsPage(c *fiber.Ctx) (catalogue.Offer, catalogue.Date, offer.LimitsForm, error) {
	o, d, frame, err := h.departure(c, "offer.limits_title")
	if err != nil {
		return o, d, offer.LimitsForm{}, err
	}
	p := offer.LimitsForm{Page: frame, Action: c.Path(), Holiday: o.Title, Capacity: d.Capacity, Was: catalogue.LimitsText(d.Limits)}
	if p.Unknown, err = h.Bookings.GenderUnknown(c.UserContext(), d.ID); err != nil {
		return o, d, p, err
	}
	if p.Events, err = h.capacityEvents(c, p.Page, d); err != nil {
		return o, d, p, err
	}
	for _, l := range d.Limits {
		p.Rows = append(p.Rows, limitRow(l))
	}
	p.Rows = spareLimits(p.Rows, 2)
	p.Boarding = []ui.Option{{Label: p.T("offer.limit_everywhere")}}
	for _, b := range d.Boarding {
		p.Boarding = append(p.Boarding, ui.Option{Value: strconv.FormatInt(int64(b.ID), 10), Label: b.Name})
	}
	p.On = p.Range(d.StartsOn, d.EndsOn)
	return o, d, p, nil
}

// limitRow is a limit that exists, with what is used of it.
func limitRow(l catalogue.Limit) offer.LimitRow {
	r := offer.LimitRow{Gender: l.Gender, Places: strconv.Itoa(l.Places), Used: l.Used, Saved: true}
	if l.BirthYearFrom != 0 {
		r.From, r.To = strconv.Itoa(l.BirthYearFrom), strconv.Itoa(l.BirthYearTo)
	}
	if l.BoardingPlace != 0 {
		r.Boarding = strconv.FormatInt(int64(l.BoardingPlace), 10)
	}
	return r
}

func spareLimits(rows []offer.LimitRow, n int) []offer.LimitRow {
	for len(rows) < mostLimits && n > 0 {
		rows = append(rows, offer.LimitRow{})
		n--
	}
	return rows
}

// rows are the limits as they were typed.
func (f limitsForm) rows(saved []offer.LimitRow) []offer.LimitRow {
	var out []offer.LimitRow
	for i, l := range f.Limits {
		r := offer.LimitRow{Gender: l.Gender, From: l.From, To: l.To, Places: l.Places}
		if l.Boarding != 0 {
			r.Boarding = strconv.FormatInt(l.Boarding, 10)
		}
		if i < len(saved) && saved[i].Saved && saved[i].Gender == r.Gender && saved[i].From == r.From && saved[i].To == r.To && saved[i].Boarding == r.Boarding {
			r.Saved, r.Used = true, saved[i].Used
		}
		out = append(out, r)
	}
	return out
}

// limits reads the rows; an empty one is none, and one birth year is from and to.
func (f limitsForm) limits(d catalogue.Date) ([]catalogue.Limit, error) {
	var out []catalogue.Limit
	wrong := map[string]string{}
	number := func(i int, field, text string, least, most int, key string) int {
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			wrong["limits."+strconv.Itoa(i)+"."+field] = key
		}
		return n
	}
	for i, l := range f.Limits {
		if l == (limitForm{}) {
			continue
		}
		limit := catalogue.Limit{Gender: l.Gender, BoardingPlace: id.BoardingPlace(l.Boarding)}
		if l.From == "" {
			l.From = l.To
		}
		if l.To == "" {
			l.To = l.From
		}
		if l.From != "" {
			year := d.StartsOn.Year()
			limit.BirthYearFrom = number(i, "from", l.From, year-25, year-3, "catalogue.birth_year")
			limit.BirthYearTo = number(i, "to", l.To, year-25, year-3, "catalogue.birth_year")
			if limit.BirthYearTo < limit.BirthYearFrom && len(wrong) == 0 {
				wrong["limits."+strconv.Itoa(i)+".to"] = "catalogue.birth_years_turned"
			}
		}
		if limit.Gender == "" && l.From == "" && l.Boarding == 0 {
			wrong["limits."+strconv.Itoa(i)+".gender"] = "catalogue.limit_of_nobody"
		}
		if l.Boarding != 0 && !slices.ContainsFunc(d.Boarding, func(b catalogue.Boarding) bool { return int64(b.ID) == l.Boarding }) {
			wrong["limits."+strconv.Itoa(i)+".boarding"] = "form.choose"
		}
		limit.Places = number(i, "places", l.Places, 0, booking.MostPlaces, "catalogue.places")
		out = append(out, limit)
	}
	if len(wrong) > 0 {
		err := fault.New(fault.Invalid, "form.invalid")
		err.Fields = wrong
		return nil, err
	}
	return out, nil
}

// SaveLimits replaces a departure's limits.
func (h *Handlers) SaveLimits(c *fiber.Ctx) error {
	o, d, p, err := h.limitsPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[limitsForm](c)
	if len(in.Limits) > mostLimits {
		in.Limits = in.Limits[:mostLimits]
	}
	if in.More != "" {
		p.Rows, p.Why, p.Was = spareLimits(in.rows(p.Rows), 3), in.Reason, in.Was
		return web.Render(c, offer.Limits(p))
	}
	if err == nil {
		err = h.setLimits(c, d, in)
	}
	if problems := web.Problems(c, err); problems != nil {
		if in.Was != p.Was {
			p.Theirs = p.Rows // what a colleague saved meanwhile
		}
		p.Errors, p.Failed, p.Rows, p.Why = problems, true, in.rows(p.Rows), in.Reason
		return web.RenderAgain(c, offer.Limits(p))
	}
	if err != nil {
		return err
	}
	return saved(c, o, "offer.saved")
}

func (h *Handlers) setLimits(c *fiber.Ctx, d catalogue.Date, in limitsForm) error {
	limits, err := in.limits(d)
	switch {
	case err != nil:
		return err
	case in.Was != catalogue.LimitsText(d.Limits):
		return catalogue.ErrChanged
	case in.Was == catalogue.LimitsText(limits):
		return nil
	}
	return h.Bookings.SetLimits(c.UserContext(), web.Who(c), d.ID, in.Was, limits, in.Reason)
}

// capacityEvents is the history of a departure's places and limits, in words.
func (h *Handlers) capacityEvents(c *fiber.Ctx, p layout.Page, d catalogue.Date) ([]offer.Event, error) {
	all, err := h.Bookings.CapacityEvents(c.UserContext(), d.ID)
	if err != nil {
		return nil, err
	}
	var out []offer.Event
	for _, e := range all {
		row := offer.Event{At: e.At, Who: e.Who, Kind: "capacity_" + e.Kind, Why: e.Reason}
		if row.Who == "" {
			row.Who = p.T("offer.by_itself")
		}
		var detail struct {
			Places   int `json:"places"`
			Capacity int `json:"capacity"`
			Limits   []struct {
				Gender   string `json:"gender"`
				Years    string `json:"years"`
				Boarding string `json:"boarding_place"`
				Places   int    `json:"places"`
			} `json:"limits"`
		}
		if err := json.Unmarshal(e.Detail, &detail); err != nil {
			return nil, fmt.Errorf("offer: capacity event: %w", err)
		}
		switch e.Kind {
		case "added":
			row.Changes = []offer.Change{{Label: p.T("offer.field.places"), From: strconv.Itoa(detail.Capacity - detail.Places), To: strconv.Itoa(detail.Capacity)}}
		case "removed":
			row.Changes = []offer.Change{{Label: p.T("offer.field.places"), From: strconv.Itoa(detail.Capacity + detail.Places), To: strconv.Itoa(detail.Capacity)}}
		}
		for _, l := range detail.Limits {
			row.Changes = append(row.Changes, offer.Change{Label: offer.LimitWords(p, l.Gender, l.Years, l.Boarding), To: strconv.Itoa(l.Places)})
		}
		out = append(out, row)
	}
	return out, nil
}
