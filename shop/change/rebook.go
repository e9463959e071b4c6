package change

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/payments"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/change"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

type chooserForm struct {
	Text  string `form:"zoek" validate:"max=60"`
	Month string `form:"maand" validate:"max=7"`
	Kind  string `form:"soort" validate:"max=20"`
}

// Choose looks for another holiday.
func (h *Handlers) Choose(c *fiber.Ctx) error {
	b, frame, err := h.open(c, "change.way.rebook")
	if err != nil {
		return err
	}
	in, err := web.Form[chooserForm](c)
	if err != nil {
		in = chooserForm{} // an address changed by hand: all holidays
	}
	ctx, who := c.UserContext(), web.Who(c)
	page := change.ChooserPage{Frame: frame, Text: in.Text, Month: in.Month, Kind: in.Kind}
	open, err := h.Bookings.RebookChoices(ctx, who, b)
	if err != nil {
		if page.Blocked, err = blocked(frame.Page, err); err != nil {
			return err
		}
		return web.Render(c, change.Chooser(page))
	}
	return h.showChoices(c, b, page, open)
}

// showChoices lists the holidays among which to choose, filtered.
func (h *Handlers) showChoices(c *fiber.Ctx, b booking.Booking, page change.ChooserPage, open []catalogue.Departure) error {
	frame, in := page.Frame, page
	page.Months, page.Kinds = months(frame.Page, open), kinds(frame.Page)
	filter := catalogue.Filter{Text: in.Text, Kind: in.Kind}
	if month, err := civil.Parse(in.Month + "-01"); err == nil {
		filter.Month = month
	}
	found := filter.Apply(open)
	prices, err := h.Bookings.PricesThere(c.UserContext(), b, found)
	if err != nil {
		return err
	}
	for _, d := range found {
		price := prices[d.ID]
		page.Choices = append(page.Choices, change.Choice{
			Href: fmt.Sprintf("%s/omboeken/%d", frame.Base, d.ID), Title: d.Title, Place: d.Destination, StartsOn: d.StartsOn, EndsOn: d.EndsOn,
			Price: price, More: price - b.Price, Free: d.Free,
		})
	}
	return web.Render(c, change.Chooser(page))
}

func months(p layout.Page, all []catalogue.Departure) []ui.Option {
	options := []ui.Option{{Label: p.T("change.rebook.any_month")}}
	for _, d := range all {
		y, m, _ := d.StartsOn.YMD()
		o := ui.Option{Value: fmt.Sprintf("%04d-%02d", y, m), Label: p.T(fmt.Sprintf("calendar.month.%d", m)) + " " + strconv.Itoa(y)}
		if !slices.Contains(options, o) {
			options = append(options, o)
		}
	}
	return options
}

func kinds(p layout.Page) []ui.Option {
	options := []ui.Option{{Label: p.T("change.rebook.any_kind")}}
	for _, k := range []string{"domestic", "abroad", "flight", "inclusive"} {
		options = append(options, ui.Option{Value: k, Label: p.T("change.rebook.kind_" + k)})
	}
	return options
}

type rebookForm struct {
	Place   int64  `form:"boarding_place"`
	Note    string `form:"note" validate:"max=500"`
	Fee     int64  `form:"fee"`
	Total   int64  `form:"total"`
	Refund  int64  `form:"refund"`
	DueSoon int64  `form:"due_soon"`
	Kept    int64  `form:"kept"`

	Agreements string `form:"agreements" validate:"max=2000"` // for the animators, when care was discussed
}

// confirms are the amounts that were read.
func (f rebookForm) confirms() booking.RebookConfirmed {
	return booking.RebookConfirmed{
		Fee: money.Cents(f.Fee), Total: money.Cents(f.Total), Refund: money.Cents(f.Refund), DueSoon: money.Cents(f.DueSoon), Kept: money.Cents(f.Kept),
	}
}

// asked is the other holiday that the address names, and what was typed.
func asked(c *fiber.Ctx, b booking.Booking) (in rebookForm, ask booking.Rebook, err error) {
	departure, err := strconv.ParseInt(c.Params("departure"), 10, 64)
	if err != nil {
		return in, ask, catalogue.ErrNoDeparture
	}
	in, err = web.Form[rebookForm](c)
	return in, booking.Rebook{Booking: b.ID, Departure: id.Departure(departure), BoardingPlace: id.BoardingPlace(in.Place)}, err
}

// Rebook compares two holidays on one screen, and does it.
func (h *Handlers) Rebook(c *fiber.Ctx) error {
	b, frame, err := h.open(c, "change.way.rebook")
	if err != nil {
		return err
	}
	in, ask, err := asked(c, b)
	if err != nil {
		return err
	}
	ctx, who := c.UserContext(), web.Who(c)
	ask.Note = in.Note
	var problems ui.Errors
	if c.Method() == fiber.MethodPost {
		_, err = h.Bookings.Rebook(ctx, who, reader(c), ask, in.confirms())
		if err == nil {
			web.SetFlash(c, layout.Good, "change.rebook.done", b.FirstName)
			return web.SeeOther(c, orderPath(who, b))
		}
		if problems = web.Problems(c, err); problems == nil {
			return err
		}
	}
	v, err := h.Bookings.PreviewRebook(ctx, who, ask)
	if err != nil {
		return err
	}
	frame.Errors, frame.Failed = problems, problems != nil
	page := h.rebookPage(frame, v, in)
	page.TermsName = h.Bookings.TermsVersion(ctx, b.PolicyHash)
	if problems != nil {
		return web.RenderAgain(c, change.Rebook(page))
	}
	return web.Render(c, change.Rebook(page))
}

func (h *Handlers) rebookPage(frame change.Frame, v booking.RebookPreview, in rebookForm) change.RebookPage {
	b, d := v.Booking, v.To
	page := change.RebookPage{
		Frame: frame, To: change.Card{Child: b.FirstName, Holiday: d.Title, StartsOn: d.StartsOn, EndsOn: d.EndsOn},
		Action: fmt.Sprintf("%s/omboeken/%d", frame.Base, d.ID), Options: boardings(d), Boarding: chosenPlace(in.Place, b, d),
		WasPrice: b.Price, Price: v.Price, ToBase: !d.Prices.Has(b.Category), Cheaper: v.Category != b.Category && d.Prices.Has(b.Category),
		Premium: v.Premium, Fee: v.Outcome.Fee, Total: v.Total(), Paid: v.Paid, FeeOpen: v.FeeOpen,
		Refund: v.Refund, RefundBy: frame.Today.AddDays(payments.RefundWithinDays), DueSoon: v.DueSoon, Because: because(frame.Lang, v.Because),
		Note: in.Note, Gross: v.Along.Gross, Kept: v.Along.Kept, Goodwill: v.Along.Goodwill, Discounts: parts(frame.Lang, v.Along.Discounts), Lost: parts(frame.Lang, v.Along.Lost),
	}
	for _, x := range v.Along.Extras {
		page.Extras = append(page.Extras, change.ExtraAlong{Name: x.Is.Name(frame.Lang), Was: x.Was.Price, Is: x.Is.Price})
	}
	for _, x := range v.Along.Dropped {
		page.Dropped = append(page.Dropped, change.DroppedExtra{Name: x.Name(frame.Lang), Back: x.Price - x.Kept, Kept: x.Kept, SoldOut: x.SoldOut})
	}
	dues := slices.Clone(v.Schedule)
	slices.SortStableFunc(dues, func(a, b payments.Due) int { return a.On.Compare(b.On) })
	left := v.Followed
	for _, due := range dues {
		paid := min(left, due.Amount)
		left -= paid
		page.Schedule = append(page.Schedule, change.DueLine{Kind: due.Kind, On: due.On, Amount: due.Amount, Paid: paid})
	}
	return page
}

func parts(lang string, all []booking.Granted) (out []change.Part) {
	for _, g := range all {
		out = append(out, change.Part{Name: g.Name(lang), Amount: g.Off})
	}
	return out
}

// chosenPlace is the boarding place to show as chosen: what was typed, or the one of the same name.
func chosenPlace(typed int64, b booking.Booking, d catalogue.Departure) string {
	if typed != 0 {
		return fmt.Sprint(typed)
	}
	for _, place := range d.BoardingPlaces {
		if place.Name == b.BoardingName {
			return fmt.Sprint(int64(place.ID))
		}
	}
	return ""
}
