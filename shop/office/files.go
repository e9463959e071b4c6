package office

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/roster"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms/id"
)

// column is a column of a file: its name's key and its value.
type column struct {
	key   string
	value func(p layout.Page, r roster.Row) any
}

// columnsFor are the columns that a purpose needs, and no others: who drives a coach needs no prices.
var columnsFor = map[string][]column{
	"bus": {
		{"roster.file.last_name", func(_ layout.Page, r roster.Row) any { return r.LastName }},
		{"roster.file.first_name", func(_ layout.Page, r roster.Row) any { return r.FirstName }},
		{"roster.file.boarding", func(_ layout.Page, r roster.Row) any { return r.BoardingAt }},
		{"roster.file.parent", func(_ layout.Page, r roster.Row) any { return r.Payer }},
		{"roster.file.phone", func(_ layout.Page, r roster.Row) any { return r.Phone }},
	},
	"begeleiding": {
		{"roster.file.last_name", func(_ layout.Page, r roster.Row) any { return r.LastName }},
		{"roster.file.first_name", func(_ layout.Page, r roster.Row) any { return r.FirstName }},
		{"roster.file.born", func(_ layout.Page, r roster.Row) any { return r.BornOn }},
		{"roster.file.photo", func(p layout.Page, r roster.Row) any { return p.T("checkout.photo." + r.Photo) }},
		{"roster.file.parent", func(_ layout.Page, r roster.Row) any { return r.Payer }},
		{"roster.file.phone", func(_ layout.Page, r roster.Row) any { return r.Phone }},
	},
	"betaling": {
		{"roster.file.reference", func(_ layout.Page, r roster.Row) any { return r.Reference }},
		{"roster.file.last_name", func(_ layout.Page, r roster.Row) any { return r.LastName }},
		{"roster.file.first_name", func(_ layout.Page, r roster.Row) any { return r.FirstName }},
		{"roster.file.code", func(_ layout.Page, r roster.Row) any { return r.Code }},
		{"roster.file.departs", func(_ layout.Page, r roster.Row) any { return r.DepartsOn }},
		{"roster.file.category", func(p layout.Page, r roster.Row) any { return p.T("roster.category." + r.Category) }},
		{"roster.file.status", func(p layout.Page, r roster.Row) any { return p.T("office.status." + r.Status) }},
		{"roster.file.charged", func(_ layout.Page, r roster.Row) any { return r.Charged }},
		{"roster.file.paid", func(_ layout.Page, r roster.Row) any { return r.Paid }},
		{"roster.file.open", func(_ layout.Page, r roster.Row) any { return r.Charged - r.Paid }},
		{"roster.file.next", func(_ layout.Page, r roster.Row) any { return r.NextDue }},
	},
	"adressen": {
		{"roster.file.parent", func(_ layout.Page, r roster.Row) any { return r.Payer }},
		{"roster.file.email", func(_ layout.Page, r roster.Row) any { return r.Email }},
		{"roster.file.language", func(p layout.Page, r roster.Row) any { return p.T("office.family.lang." + r.Lang) }},
		{"roster.file.first_name", func(_ layout.Page, r roster.Row) any { return r.FirstName }},
		{"roster.file.code", func(_ layout.Page, r roster.Row) any { return r.Code }},
	},
}

// DownloadBookings is the list of bookings as a file.
func (h *Handlers) DownloadBookings(c *fiber.Ctx) error {
	return h.download(c, roster.Departure{}, "boekingen")
}

// DownloadDeparture is the list of who goes on a departure as a file.
func (h *Handlers) DownloadDeparture(c *fiber.Ctx) error {
	key, err := departureOf(c)
	if err != nil {
		return err
	}
	d, err := h.Roster.Departure(c.UserContext(), key)
	if err != nil {
		return err
	}
	return h.download(c, d, d.Code+"-"+d.StartsOn.String())
}

func (h *Handlers) download(c *fiber.Ctx, d roster.Departure, name string) error {
	in := bookingsFilter(c)
	if in.Purpose == "" {
		in.Purpose = "begeleiding"
	}
	rows, err := h.Roster.All(c.UserContext(), in.filter(d.ID))
	if err != nil {
		return err
	}
	p, columns := web.Page(c), columnsFor[in.Purpose]
	sheet := roster.Sheet{}
	for _, col := range columns {
		sheet.Columns = append(sheet.Columns, p.T(col.key))
	}
	for _, r := range rows {
		cells := make([]any, len(columns))
		for i, col := range columns {
			cells[i] = col.value(p, r)
		}
		sheet.Rows = append(sheet.Rows, cells)
	}
	return h.sendList(c, sheet, name+"-"+in.Purpose, in.Format, roster.Taken{Purpose: in.Purpose, Departure: d.ID})
}

// DownloadFamilies is the list of families as a file.
func (h *Handlers) DownloadFamilies(c *fiber.Ctx) error {
	in := familiesFilter(c)
	rows, err := h.Roster.AllFamilies(c.UserContext(), roster.FamilyFilter{Name: in.Name, Lang: in.Lang})
	if err != nil {
		return err
	}
	p, sheet := web.Page(c), roster.Sheet{}
	for _, key := range []string{"last_name", "first_name", "email", "phone", "street", "postal_code", "city", "language"} {
		sheet.Columns = append(sheet.Columns, p.T("roster.file."+key))
	}
	for _, f := range rows {
		sheet.Rows = append(sheet.Rows, []any{f.LastName, f.FirstName, f.Email, f.Phone, f.Street, f.PostalCode, f.City, p.T("office.family.lang." + f.Lang)})
	}
	return h.sendList(c, sheet, "gezinnen", in.Format, roster.Taken{Purpose: roster.Families})
}

// sendList sends a list of people and writes down who took it; asking only for its head takes nothing along.
func (h *Handlers) sendList(c *fiber.Ctx, sheet roster.Sheet, name, format string, taken roster.Taken) error {
	if c.Method() == fiber.MethodGet {
		taken.By, taken.Rows = web.Who(c).StaffID, len(sheet.Rows)
		if err := h.Roster.Take(c.UserContext(), taken); err != nil {
			return err
		}
	}
	return sendSheet(c, sheet, name, format)
}

// takenLines tell who took a list along, newest first.
func (h *Handlers) takenLines(c *fiber.Ctx, departure id.Departure, families bool) ([]office.TakenLine, error) {
	all, err := h.Roster.LastTaken(c.UserContext(), departure, families)
	var lines []office.TakenLine
	for _, t := range all {
		lines = append(lines, office.TakenLine{At: t.At, Name: t.Name, Purpose: t.Purpose, Rows: t.Rows})
	}
	return lines, err
}

func sendSheet(c *fiber.Ctx, sheet roster.Sheet, name, format string) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	if format != "xlsx" {
		c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
		c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="%s.csv"`, name))
		return c.Send(sheet.CSV())
	}
	book, err := sheet.Excel("JOETZ")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="%s.xlsx"`, name))
	return c.Send(book)
}
