// Package scene draws a picture for each holiday until the office uploads a photo: flat shapes, few colours, like a
// screen-printed poster.
//
// Owns: the motifs, their parts and palettes, and the choice of one of them for a holiday.
// Tables: none.
// May import: terms, templ.
// Always true: the same holiday always gives the same picture; a picture needs no id, style or script of the page around
// it, and weighs less than 4.8 kB, a third of that compressed.
package scene

import (
	"hash/fnv"
	"html"
	"math/rand/v2"
	"time"

	"github.com/a-h/templ"

	"joetz/terms/civil"
)

// Holiday is what a picture is made from.
type Holiday struct {
	Code        string // its seed
	Title       string
	Destination string
	About       string // accommodation and description
	Abroad      bool
	Flight      bool
	StartsOn    civil.Date
}

// Picture is the drawing as a part of a page. With a title it is an image with that name; without, it is decoration.
func Picture(h Holiday, title string) templ.Component { return templ.Raw(Draw(h, title)) }

// Draw is the drawing as SVG.
func Draw(h Holiday, title string) string {
	f := fnv.New64a()
	_, _ = f.Write([]byte(h.Code)) // a hash takes everything
	c := &canvas{r: rand.New(rand.NewPCG(f.Sum64(), 7))}
	m := choose(h)
	c.colours = m.palette(season(h.StartsOn), c.r)
	c.text(`<svg class="scene" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 240" preserveAspectRatio="xMidYMid slice" fill="none" stroke-linecap="round"`)
	if title == "" {
		c.text(` aria-hidden="true">`)
	} else {
		c.text(` role="img"><title>` + html.EscapeString(title) + `</title>`)
	}
	m.draw(c)
	if h.Flight {
		c.plane()
	}
	c.text(`</svg>`)
	return c.b.String()
}

type seasonOfYear uint8

const (
	spring seasonOfYear = iota
	summer
	autumn
	winter
)

func season(d civil.Date) seasonOfYear {
	_, m, _ := d.YMD()
	switch m {
	case time.March, time.April, time.May:
		return spring
	case time.September, time.October, time.November:
		return autumn
	case time.December, time.January, time.February:
		return winter
	}
	return summer
}
