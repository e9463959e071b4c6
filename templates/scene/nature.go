package scene

import "strings"

// heaven paints the sky: three bands with soft edges, a sun or moon, then clouds or stars.
func (c *canvas) heaven() {
	c.rect(c.sky, 0, 0, 400, 240)
	y := c.between(62, 80)
	c.path(c.haze, d("M0", y, "q100", c.side()*16, "200 0t200 0v180H0z"))
	c.path(c.glow, d("M0", y+38, "q100", c.side()*14, "200 0t200 0v140H0z"))
	x := one(c, 70.0, 105, 290, 330) + c.between(-12, 12)
	if c.dark {
		c.stars(14)
		c.moon(x, c.between(42, 56))
		return
	}
	c.disc(x, c.between(48, 72))
	c.cloud(c.between(10, 150), c.between(50, 84), c.between(.6, .95))
	c.cloud(c.between(210, 340), c.between(36, 66), c.between(.45, .75))
}

// disc is the sun with its halo.
func (c *canvas) disc(x, y float64) {
	c.printf(`<g fill="%s"><circle opacity=".22" cx="%s" cy="%s" r="38"/><circle cx="%[2]s" cy="%[3]s" r="%s"/></g>`, c.sun, num(x), num(y), num(c.between(19, 26)))
}

func (c *canvas) moon(x, y float64) {
	c.printf(`<path fill="%s" transform="translate(%s %s)" d="M8-22a22 22 0 1 0 14 30A18 18 0 0 1 8-22z"/>`, c.sun, num(x), num(y))
}

func (c *canvas) stars(n int) {
	var dots strings.Builder
	for range n {
		dots.WriteString(d("M", c.between(8, 392), c.between(6, 92), "h0"))
	}
	c.line(cream, 2.4, dots.String())
}

func (c *canvas) cloud(x, y, s float64) {
	c.printf(`<path fill="%s" opacity=".85" transform="translate(%s %s) scale(%s)" d="M4 0a12 12 0 0 1 3-23 19 19 0 0 1 35-7 16 16 0 0 1 26 9 11 11 0 0 1 3 21z"/>`, white, num(x), num(y), num(s))
}

// birds are a few gulls far away.
func (c *canvas) birds(x, y float64) {
	colour := ink
	if c.dark {
		colour = cream
	}
	c.line(colour, 1.8, d("M", x, y, "q5-6 9 0q5-6 9 0M", x+26, y-11, "q4-5 7 0q4-5 7 0"))
}

// ridge is land with a soft outline from left to right, its crest around y.
func (c *canvas) ridge(fill string, y, swing float64) {
	var crest strings.Builder
	crest.WriteString(d("M-9", y+c.between(-.4, .4)*swing, "Q", c.between(20, 60), y-swing*c.between(.5, 1)))
	x := c.between(90, 130)
	for x < 380 {
		crest.WriteString(d(" ", x, y+c.between(-.3, .3)*swing, "T"))
		x += c.between(95, 140)
	}
	c.path(fill, crest.String()+d("410", y, "V240H-9z"))
}

// meadow is the calm foreground: one long swell.
func (c *canvas) meadow(fill string, y float64) {
	c.path(fill, d("M0", y, "q110", c.between(-22, -8), "215-4t185", c.between(-12, 0), "V240H0z"))
}

// peaks are mountains with a lit side, a shaded side and snow.
func (c *canvas) peaks(fill, shade, snow string, base float64, heights ...float64) {
	x := -c.between(20, 50)
	for _, h := range heights {
		w := h * c.between(1.25, 1.5)
		top := base - h
		mx := x + w*c.between(.45, .55)
		c.path(fill, d("M", x, base, "L", mx, top, x+w, base, "z"))
		c.path(shade, d("M", mx, top, "L", x+w, base, "l", -w*.34, -h*.2, w*.06, -h*.25, "z"))
		if snow != "" {
			s := h * .3
			left, right := s*(mx-x)/h, s*(x+w-mx)/h
			c.path(snow, d("M", mx, top, "l", -left, s, left*.6, -s*.2, left*.4, s*.34, right*.45, -s*.4, right*.55, s*.26, "z"))
		}
		x += w * c.between(.55, .75)
	}
}

// pines are spruces side by side; each is three tiers on a trunk.
func (c *canvas) pines(fill string, base, low, high float64, xs ...float64) {
	var trees strings.Builder
	for _, x := range xs {
		h := c.between(low, high)
		w := h * .22
		if h < 38 { // too far away for tiers
			trees.WriteString(d("M", x, base-h, "l", 1.4*w, h, "h", -2.8*w, "z"))
			continue
		}
		trees.WriteString(d("M", x, base-h, "l", w*.6, h*.36, "h", -w*.25, "l", w*.45, h*.28, "h", -w*.3, "l", w*.5, h*.28, "h", -w*.8, "v", h*.08, "h", -w*.4, "v", -h*.08,
			"h", -w*.8, "l", w*.5, -h*.28, "h", -w*.3, "l", w*.45, -h*.28, "h", -w*.25, "z"))
	}
	c.path(fill, trees.String())
}

// wood is a row of spruces across the picture.
func (c *canvas) wood(fill string, base, low, high, gap float64) {
	var xs []float64
	for x := c.between(-10, 10); x < 410; x += gap * c.between(.7, 1.3) {
		xs = append(xs, x)
	}
	c.pines(fill, base, low, high, xs...)
}

// oak is a tree with a round crown of two greens.
func (c *canvas) oak(x, base, s float64, crown, light string) {
	c.at(x, base, s, func() {
		c.path(bark, "M-4 0l2-30h4l2 30z")
		c.path(crown, "M0-28c-22 2-30-12-24-24 0-14 12-20 22-18 14-6 28 4 26 18 8 14-4 26-24 24z")
		c.path(light, "M-16-50c2-12 14-16 22-13-8 3-14 6-16 16-2 4-7 2-6-3z")
	})
}

// cypress is slim and southern.
func (c *canvas) cypress(x, base, s float64, fill string) {
	c.at(x, base, s, func() { c.path(fill, "M0-70c8 14 10 40 6 62H2v8h-4v-8h-4c-4-22-2-48 6-62z") })
}

// stonePine is the umbrella of the south.
func (c *canvas) stonePine(x, base, s float64) {
	c.at(x, base, s, func() {
		c.line(bark, 5, "M0 0c2-20-4-30 4-52M2-34l14-14")
		c.path(c.tree, "M-30-50c2-14 18-20 34-20s34 8 36 20c-12 6-56 6-70 0z")
	})
}

// palm bows to one side.
func (c *canvas) palm(x, base, s float64) {
	c.at(x, base, s, func() {
		c.line(earth, 5, "M0 0C2-26 8-44 16-60")
		c.path(c.tree, "M16-60c-14-10-28-6-34 6 12-6 24-6 34-6zm0 0c-6-14-18-18-30-12 12 0 22 4 30 12zm0 0c4-14 16-18 28-12-12 0-20 4-28 12zm0 0c14-8 28-4 34 8-12-6-24-8-34-8zm0 0c-6 8-8 18-4 28 2-12 2-18 4-28z")
	})
}

// tufts are blades of beach grass.
func (c *canvas) tufts(colour string, y float64, xs ...float64) {
	var blades strings.Builder
	for _, x := range xs {
		blades.WriteString(d("M", x, y+c.between(-5, 5), "q-2-14-10-20m10 20q0-16-1-26m1 26q2-12 10-18"))
	}
	c.line(colour, 2.2, blades.String())
}

// sea fills the picture below y, with rows of small waves.
func (c *canvas) sea(y float64) {
	c.rect(c.water, 0, y, 400, 240-y)
	c.path(c.deep, d("M0", y+34, "q50-9 100 0t100 0 100 0 100 0V240H0z"))
	var crests strings.Builder
	for i := range 5 {
		crests.WriteString(d("M", c.between(10, 360), y+12+float64(i)*14+c.between(-3, 3), "q7-5 14 0t14 0"))
	}
	c.line(c.foam, 2, crests.String())
}

// surf is the edge of the sea on a beach of that colour.
func (c *canvas) surf(fill string, y float64) {
	c.path(c.foam, d("M0", y, "q60-16 130-4t140 2 130-8V240H0z"))
	c.path(fill, d("M0", y+7, "q60-16 130-4t140 2 130-8V240H0z"))
}

// river winds from the middle distance to the lower edge.
func (c *canvas) river(y float64) {
	m := c.between(170, 230)
	c.path(c.water, d("M", m, y, "c60 12-120 26-60 44S", m-40, y+64, m-110, "240h290c30-40-70-36-100-58s50-28-20-", 186-y, "z"))
	c.line(c.foam, 2, d("M", m-36, y+56, "h26M", m, y+70, "h34M", m-60, y+80, "h22"))
}

// snowfall is slow and thin.
func (c *canvas) snowfall(n int) {
	for range 2 {
		var flakes strings.Builder
		for range n / 2 {
			flakes.WriteString(d("M", c.between(0, 400), c.between(0, 200), "h0"))
		}
		c.line(white, c.between(3, 5), flakes.String())
	}
}

// leaves drift down.
func (c *canvas) leaves(n int) {
	for range n {
		c.printf(`<path fill="%s" transform="translate(%s %s) rotate(%s)" d="M0 0q6-8 14-4-2 8-14 4z"/>`, one(c, coral, sunny, brick, amber), num(c.between(10, 390)), num(c.between(20, 170)), num(c.between(0, 180)))
	}
}
