package scene

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// canvas collects the shapes of one picture, 400 by 240, from back to front.
type canvas struct {
	b strings.Builder
	r *rand.Rand
	colours
}

func (c *canvas) text(s string) { c.b.WriteString(s) }

func (c *canvas) printf(format string, args ...any) { fmt.Fprintf(&c.b, format, args...) }

// path fills an outline.
func (c *canvas) path(fill, d string) { c.printf(`<path fill="%s" d="%s"/>`, fill, d) }

// line strokes an outline; the picture itself says that ends are round and nothing is filled.
func (c *canvas) line(colour string, width float64, d string) {
	c.printf(`<path stroke="%s" stroke-width="%s" d="%s"/>`, colour, num(width), d)
}

func (c *canvas) circle(fill string, x, y, r float64) {
	c.printf(`<circle fill="%s" cx="%s" cy="%s" r="%s"/>`, fill, num(x), num(y), num(r))
}

func (c *canvas) rect(fill string, x, y, w, h float64) {
	c.printf(`<path fill="%s" d="M%s %sh%sv%sh-%sz"/>`, fill, num(x), num(y), num(w), num(h), num(w))
}

// at draws with the origin moved to x, y and everything s times as large; a negative s mirrors left and right.
func (c *canvas) at(x, y, s float64, draw func()) {
	scale := num(s)
	if s < 0 {
		scale += " " + num(-s)
	}
	c.printf(`<g transform="translate(%s %s) scale(%s)">`, num(x), num(y), scale)
	draw()
	c.text(`</g>`)
}

// num writes a coordinate: whole from ten on, since a picture is 400 wide; small ones, and scales, keep decimals.
func num(v float64) string {
	places := 0
	switch {
	case v > -3 && v < 3:
		places = 2
	case v > -10 && v < 10:
		places = 1
	}
	s := strconv.FormatFloat(v, 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// d writes path data: commands as strings, coordinates as numbers, with no more blanks than needed.
func d(parts ...any) string {
	var b strings.Builder
	afterNumber := false
	for _, part := range parts {
		var text string
		switch part := part.(type) {
		case string:
			if afterNumber && part != "" && part[0] >= '0' && part[0] <= '9' {
				b.WriteByte(' ')
			}
			b.WriteString(part)
			afterNumber = len(part) > 0 && part[len(part)-1] >= '0' && part[len(part)-1] <= '9'
			continue
		case int:
			text = strconv.Itoa(part)
		case float64:
			text = num(part)
		}
		if afterNumber && text[0] != '-' {
			b.WriteByte(' ')
		}
		b.WriteString(text)
		afterNumber = true
	}
	return b.String()
}

// between is a number of the seed, lo <= n < hi.
func (c *canvas) between(lo, hi float64) float64 { return lo + c.r.Float64()*(hi-lo) }

// one picks by the seed.
func one[T any](c *canvas, from ...T) T { return from[c.r.IntN(len(from))] }

// side is -1 or 1: which way something looks.
func (c *canvas) side() float64 { return one(c, -1.0, 1.0) }
