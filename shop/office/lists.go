package office

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/circular"
	"joetz/shop/roster"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/templates/ui"
	"joetz/terms/id"
)

type departuresForm struct {
	Text  string `form:"zoek" validate:"max=60"`
	When  string `form:"wanneer" validate:"omitempty,oneof=komend voorbij alle"`
	After string `form:"na" validate:"max=300"`
}

var whens = map[string]string{"": "coming", "komend": "coming", "voorbij": "past", "alle": "all"}

// ShowDepartures lists departures with what is counted.
func (h *Handlers) ShowDepartures(c *fiber.Ctx) error {
	in, err := web.Form[departuresForm](c)
	if err != nil {
		in = departuresForm{} // an address that somebody changed: the list as it begins
	}
	rows, next, err := h.Roster.Departures(c.UserContext(), roster.DepartureFilter{When: whens[in.When], Text: in.Text, After: in.After})
	if err != nil {
		return err
	}
	p := office.DeparturesPage{Page: staffPage(c, "roster.departures.title"), When: in.When, Text: in.Text}
	for _, d := range rows {
		p.Departures = append(p.Departures, departureRow(d))
	}
	if next != "" {
		p.Next = with("/kantoor/vertrekken", url.Values{"zoek": {in.Text}, "wanneer": {in.When}, "na": {next}})
	}
	return web.Render(c, office.Departures(p))
}

// with is an address with a query, without the parts that are empty.
func with(path string, q url.Values) string {
	for k, v := range q {
		if len(v) == 0 || v[0] == "" {
			delete(q, k)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func departureRow(d roster.Departure) office.DepartureRow {
	row := office.DepartureRow{
		Href: departurePath(d.ID), Code: d.Code, Title: d.Title, StartsOn: d.StartsOn, EndsOn: d.EndsOn, Status: d.Status, Places: d.Places, Going: d.Going,
		InReview: d.InReview, Held: d.Held, Free: d.Free(), Proofs: d.Proofs, Unsigned: d.Unsigned, Waiting: d.Waiting, Paid: d.PaidPercent(),
	}
	for _, b := range d.Boardings {
		row.Boardings = append(row.Boardings, office.BoardingRow{Name: b.Name, Count: b.Count, Minimum: b.Minimum})
	}
	return row
}

// bookingsForm is the filter of a list of bookings, as it stands in the address.
type bookingsForm struct {
	Show     string  `form:"toon" validate:"omitempty,oneof=komt zorg geannuleerd alle te-laat"`
	Category string  `form:"prijs" validate:"omitempty,oneof=base solidaris vt"`
	Evidence string  `form:"bewijs" validate:"omitempty,oneof=awaited accepted refused"`
	Boarding int64   `form:"opstap" validate:"min=0"`
	Sort     string  `form:"volgorde" validate:"omitempty,oneof=nieuwste vertrek naam"`
	After    string  `form:"na" validate:"max=300"`
	Picked   []int64 `form:"kies" validate:"max=200"`
	Purpose  string  `form:"doel" validate:"omitempty,oneof=bus begeleiding betaling adressen"`
	Format   string  `form:"vorm" validate:"omitempty,oneof=csv xlsx"`
}

func (f bookingsForm) filter(d id.Departure) roster.Filter {
	out := roster.Filter{Departure: d, Category: f.Category, Evidence: f.Evidence, Boarding: id.BoardingPlace(f.Boarding), After: f.After}
	switch f.Show {
	case "", "komt":
		out.Status = "going"
	case "zorg":
		out.Status = "in_review"
	case "geannuleerd":
		out.Status = "cancelled"
	case "te-laat":
		out.Status, out.Late = "going", true
	}
	switch f.Sort {
	case "vertrek":
		out.Sort = roster.ByDeparts
	case "naam":
		out.Sort = roster.ByName
	case "nieuwste":
		out.Sort = roster.ByPlaced
	default:
		if out.Sort = roster.ByPlaced; d != 0 {
			out.Sort = roster.ByName
		}
	}
	return out
}

func (f bookingsForm) query() url.Values {
	q := url.Values{"toon": {f.Show}, "prijs": {f.Category}, "bewijs": {f.Evidence}, "volgorde": {f.Sort}}
	if f.Boarding > 0 {
		q.Set("opstap", strconv.FormatInt(f.Boarding, 10))
	}
	return q
}

func bookingsFilter(c *fiber.Ctx) bookingsForm {
	in, err := web.Form[bookingsForm](c)
	if err != nil {
		return bookingsForm{} // an address that somebody changed: the list as it begins
	}
	return in
}

// ShowBookings lists bookings of all departures.
func (h *Handlers) ShowBookings(c *fiber.Ctx) error {
	in := bookingsFilter(c)
	list, err := h.bookingList(c, in, "/kantoor/boekingen", roster.Departure{})
	if err != nil {
		return err
	}
	return web.Render(c, office.Bookings(office.BookingsPage{Page: staffPage(c, "roster.bookings.title"), List: list}))
}

func departureOf(c *fiber.Ctx) (id.Departure, error) {
	key, err := strconv.ParseInt(c.Params("departure"), 10, 64)
	if err != nil {
		return 0, roster.ErrNoDeparture
	}
	return id.Departure(key), nil
}

// ShowDeparture shows one departure and who goes.
func (h *Handlers) ShowDeparture(c *fiber.Ctx) error {
	key, err := departureOf(c)
	if err != nil {
		return err
	}
	d, err := h.Roster.Departure(c.UserContext(), key)
	if err != nil {
		return err
	}
	in := bookingsFilter(c)
	list, err := h.bookingList(c, in, departurePath(key), d)
	if err != nil {
		return err
	}
	p := office.DeparturePage{Page: staffPage(c, "roster.departures.title"), Departure: departureRow(d), List: list}
	p.Title, p.Mail, p.Letter, p.Team = d.Title, departurePath(key)+"/mail", circular.InfoPath(key), teamPath(key)
	p.Back = &layout.Link{Href: "/kantoor/vertrekken", Text: p.T("roster.departures.title")}
	return web.Render(c, office.Departure(p))
}

func (h *Handlers) bookingList(c *fiber.Ctx, in bookingsForm, path string, d roster.Departure) (office.BookingList, error) {
	page, err := h.Roster.Bookings(c.UserContext(), in.filter(d.ID))
	if err != nil {
		return office.BookingList{}, err
	}
	p := web.Page(c)
	l := office.BookingList{Action: path, Total: page.Total, Many: page.Many, One: d.ID != 0}
	l.Filters, l.Options = listFilters(p, in, d)
	shown := map[string]bool{}
	for _, r := range page.Rows {
		l.Rows = append(l.Rows, listRow(p, r))
		shown[orderKey(r.Order)] = true
	}
	l.Pick, l.After, l.Picked = path+"/mail", page.Next, map[string]bool{}
	for name, value := range in.query() {
		if value[0] != "" {
			l.Hidden = append(l.Hidden, layout.Link{Text: name, Href: value[0]})
		}
	}
	for _, order := range uniqueOrders(in.Picked) {
		if key := orderKey(order); shown[key] {
			l.Picked[key] = true
		} else {
			l.Kept = append(l.Kept, key)
		}
	}
	if l.Taken, err = h.takenLines(c, d.ID, false); err != nil {
		return l, err
	}
	for _, purpose := range []string{"bus", "begeleiding", "betaling", "adressen"} {
		file := office.FileLink{Purpose: purpose}
		for _, format := range []string{"csv", "xlsx"} {
			q := in.query()
			q.Set("doel", purpose)
			q.Set("vorm", format)
			if href := with(path+"/bestand", q); format == "csv" {
				file.CSV = href
			} else {
				file.Excel = href
			}
		}
		l.Files = append(l.Files, file)
	}
	return l, nil
}

func orderKey(o id.Order) string { return strconv.FormatInt(int64(o), 10) }

// uniqueOrders are the orders that somebody ticked: two children of one order are one family.
func uniqueOrders(ticked []int64) []id.Order {
	orders := []id.Order{}
	for _, key := range ticked {
		if o := id.Order(key); !slices.Contains(orders, o) {
			orders = append(orders, o)
		}
	}
	return orders
}

func listFilters(p layout.Page, in bookingsForm, d roster.Departure) (fields []ui.Field, options [][]ui.Option) {
	add := func(name, label, value, key string, values ...string) {
		list := make([]ui.Option, len(values))
		for i, v := range values {
			list[i] = ui.Option{Value: v, Label: p.T("roster." + key + "." + v)}
			if v == "" {
				list[i].Label = p.T("roster.any")
			}
		}
		fields, options = append(fields, ui.Field{Name: name, Label: p.T(label), Value: value}), append(options, list)
	}
	add("toon", "roster.show.label", in.Show, "show", "komt", "zorg", "te-laat", "geannuleerd", "alle")
	add("prijs", "office.booking.category", in.Category, "category", "", "base", "solidaris", "vt")
	add("bewijs", "roster.proof.label", in.Evidence, "proof", "", "awaited", "accepted", "refused")
	if len(d.Boardings) > 0 {
		list := []ui.Option{{Value: "", Label: p.T("roster.any")}}
		for _, b := range d.Boardings {
			list = append(list, ui.Option{Value: strconv.FormatInt(int64(b.ID), 10), Label: b.Name})
		}
		value := ""
		if in.Boarding > 0 {
			value = strconv.FormatInt(in.Boarding, 10)
		}
		fields, options = append(fields, ui.Field{Name: "opstap", Label: p.T("office.booking.boarding"), Value: value}), append(options, list)
	}
	sort := in.Sort
	if sort == "" {
		if sort = "nieuwste"; d.ID != 0 {
			sort = "naam"
		}
	}
	add("volgorde", "roster.sort.label", sort, "sort", "nieuwste", "vertrek", "naam")
	return fields, options
}

func listRow(p layout.Page, r roster.Row) office.ListRow {
	row := office.ListRow{
		Order: orderKey(r.Order), Href: orderPath(r.Order), Name: r.FirstName + " " + r.LastName, Age: ageOn(r.BornOn, r.DepartsOn), Reference: r.Reference, Holiday: r.Title,
		DepartsOn: r.DepartsOn, Status: r.Status, Category: p.T("roster.category." + r.Category), Boarding: r.BoardingAt,
		Open: r.Open(), Late: r.Open() > 0 && !r.NextDue.IsZero() && r.NextDue.Before(p.Today),
	}
	if r.Status == "cancelled" {
		return row
	}
	if r.Status == "in_review" {
		row.Todo = append(row.Todo, p.T("roster.todo.care"))
	}
	if r.Evidence == "awaited" || r.Evidence == "refused" {
		row.Todo = append(row.Todo, p.T("roster.todo.proof"))
	}
	if !r.Signed {
		row.Todo = append(row.Todo, p.T("roster.todo.fiche"))
	}
	return row
}

type familiesForm struct {
	Name   string `form:"naam" validate:"max=60"`
	Lang   string `form:"taal" validate:"omitempty,oneof=nl en"`
	After  string `form:"na" validate:"max=300"`
	Format string `form:"vorm" validate:"omitempty,oneof=csv xlsx"`

	Picked []int64 `form:"gezin" validate:"max=400"` // ticked, also on pages before
}

func familiesFilter(c *fiber.Ctx) familiesForm {
	in, err := web.Form[familiesForm](c)
	if err != nil {
		return familiesForm{}
	}
	return in
}

// ShowFamilies lists families by name.
func (h *Handlers) ShowFamilies(c *fiber.Ctx) error {
	in := familiesFilter(c)
	rows, next, err := h.Roster.Families(c.UserContext(), roster.FamilyFilter{Name: in.Name, Lang: in.Lang, After: in.After})
	if err != nil {
		return err
	}
	p := office.FamiliesPage{Page: staffPage(c, "roster.families.title"), Name: in.Name, Language: in.Lang}
	query := func(key, value string) url.Values {
		return url.Values{"naam": {in.Name}, "taal": {in.Lang}, key: {value}}
	}
	p.CSV, p.Excel = with("/kantoor/gezinnen/bestand", query("vorm", "csv")), with("/kantoor/gezinnen/bestand", query("vorm", "xlsx"))
	if p.Taken, err = h.takenLines(c, 0, true); err != nil {
		return err
	}
	p.After, p.Picked = next, map[string]bool{}
	shown := map[int64]bool{}
	for _, f := range rows {
		shown[int64(f.Guardian)] = true
	}
	for _, key := range in.Picked {
		if text := strconv.FormatInt(key, 10); shown[key] {
			p.Picked[text] = true
		} else if !slices.Contains(p.Kept, text) {
			p.Kept = append(p.Kept, text)
		}
	}
	for _, f := range rows {
		name := f.FirstName + " " + f.LastName
		if f.LastName == "" {
			name = f.Email
		}
		p.Families = append(p.Families, office.FamilyRow{Key: strconv.FormatInt(int64(f.Guardian), 10), Href: familyPath(f.Guardian), Name: name, Email: f.Email, Phone: f.Phone, City: f.City, Children: f.Children, Bookings: f.Bookings})
	}
	return web.Render(c, office.Families(p))
}
