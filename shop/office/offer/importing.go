package offer

import (
	"fmt"
	"path"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office/offer"
	"joetz/terms/fault"
)

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// ShowImport asks for a spreadsheet.
func (h *Handlers) ShowImport(c *fiber.Ctx) error {
	_, p, err := h.importPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, offer.Import(p))
}

func (h *Handlers) importPage(c *fiber.Ctx) ([]catalogue.Season, offer.ImportPage, error) {
	seasons, season, err := h.season(c, "seizoen")
	if err != nil {
		return nil, offer.ImportPage{}, err
	}
	if season.ID == 0 {
		return nil, offer.ImportPage{}, catalogue.ErrNoHoliday
	}
	p := offer.ImportPage{Page: page(c, "offer.import_title"), Year: season.Year, Seasons: seasonOptions(seasons)}
	p.Width = layout.Reading
	p.Back = &layout.Link{Href: seasonPath(season.Year), Text: p.T("offer.season", season.Year)}
	return seasons, p, nil
}

// Template is the spreadsheet to fill in.
func (h *Handlers) Template(c *fiber.Ctx) error {
	_, season, err := h.season(c, "seizoen")
	if err != nil {
		return err
	}
	file, err := catalogue.ImportTemplate(max(season.Year, web.Now(c).Year()))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, xlsx)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="vakanties-%d.xlsx"`, season.Year))
	return c.Send(file)
}

type uploadForm struct {
	Season int      `form:"season" validate:"required"`
	File   web.File `form:"file" validate:"required"`
}

// Upload reads a spreadsheet and shows what it would do.
func (h *Handlers) Upload(c *fiber.Ctx) error {
	seasons, p, err := h.importPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[uploadForm](c)
	var key int64
	if err == nil {
		err = fault.Field("season", "form.choose")
		for _, s := range seasons {
			if s.Year == in.Season {
				key, err = h.Catalogue.Upload(c.UserContext(), web.Who(c).StaffID, s.ID, fileName(in.File.Name), in.File.Bytes)
			}
		}
	}
	if problems := web.Problems(c, err); problems != nil {
		p.Errors, p.Failed = problems, true
		if in.Season != 0 {
			p.Year = in.Season
		}
		return web.RenderAgain(c, offer.Import(p))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, fmt.Sprintf("%s/invoer/%d", root, key))
}

// fileName is the last part of what the browser called it, cut to what fits on a line.
func fileName(name string) string {
	r := []rune(path.Base(name))
	return string(r[:min(len(r), 80)])
}

// ShowPreview shows an upload as it was understood.
func (h *Handlers) ShowPreview(c *fiber.Ctx) error {
	m, err := h.Catalogue.ImportByID(c.UserContext(), param(c, "import"))
	if err != nil {
		return err
	}
	return web.Render(c, offer.Preview(previewPage(c, m)))
}

func previewPage(c *fiber.Ctx, m catalogue.Import) offer.ImportPreview {
	p := offer.ImportPreview{Page: page(c, "offer.import_title"), Action: fmt.Sprintf("%s/invoer/%d", root, m.ID), Year: m.Year, FileName: m.FileName, Mark: m.Mark,
		Done: m.ConfirmedAt != nil, Ready: m.Ready(), Counts: map[string]int{"new": 0, "departure": 0, "update": 0}}
	p.Back = &layout.Link{Href: root + "/invoer?seizoen=" + strconv.Itoa(m.Year), Text: p.T("offer.import_title")}
	bad := map[int]bool{}
	for _, problem := range m.Problems {
		column := problem.Column
		if problem.Letter != "" {
			column = problem.Letter + " " + column
		}
		p.Problems = append(p.Problems, offer.CellProblem{Row: problem.Row, Column: column, Read: problem.Read, Text: p.T(problem.Key), Warn: problem.Warn})
		if problem.Warn {
			p.Warnings++
		} else {
			p.Mistakes++
			bad[problem.Row] = true
		}
	}
	for _, l := range m.Lines {
		p.Counts[l.Act]++
		row := offer.ImportRow{Row: l.Row, Act: l.Act, Code: l.Text.Code, Title: l.Text.Title, StartsOn: l.Plan.StartsOn, EndsOn: l.Plan.EndsOn, Places: l.Places, Bad: bad[l.Row]}
		if l.Prices != nil {
			row.Base = l.Prices.Base
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

type confirmForm struct {
	Mark string `form:"mark" validate:"max=64"` // of the preview that was read
}

// Confirm takes an upload.
func (h *Handlers) Confirm(c *fiber.Ctx) error {
	m, err := h.Catalogue.ImportByID(c.UserContext(), param(c, "import"))
	if err != nil {
		return err
	}
	in, err := web.Form[confirmForm](c)
	lines := 0
	if err == nil {
		lines, err = h.Catalogue.Confirm(c.UserContext(), actor(c), m.ID, in.Mark)
	}
	if problems := web.Problems(c, err); problems != nil {
		web.SetFlash(c, layout.Warning, "offer.import_refused") // the preview, read anew, shows why
		return web.SeeOther(c, c.Path())
	}
	if err != nil {
		return err
	}
	counted(c, "offer.imported", lines)
	return web.SeeOther(c, seasonPath(m.Year))
}
