package scene

// plane crosses the sky of a flight.
func (c *canvas) plane() {
	x, y := c.between(150, 250), c.between(24, 40)
	c.printf(`<path stroke="%s" stroke-width="2" stroke-dasharray="2 7" d="%s"/>`, white, d("M0", y+34, "Q", x*.6, y+24, x-8, y+2))
	c.printf(`<path fill="%s" transform="translate(%s %s) rotate(-14)" d="M-22-3-14-2-4-2-14-16h6L8-2h12q9 0 10 4H8L-8 14h-6l8-12h-14l-6 4h-4z"/>`, white, num(x+20), num(y))
}

// person is a small figure: hair, head, shirt. Below the hips there is always something: a boat, a board, a field.
func (c *canvas) person(x, y, s float64) {
	shirt, face, hair := one(c, coral, sunny, teal, brick, denim, plum), one(c, skin, skin2), one(c, ink, bark, amber)
	c.at(x, y, s, func() {
		c.path(shirt, "M-8 0v-12q0-7 8-7t8 7V0z")
		c.circle(face, 0, -26, 6.5)
		c.path(hair, "M-7-26a7 7 0 0 1 14 0q-4-4-8-4t-6 4z")
	})
}

// standing is a person with legs and one arm up.
func (c *canvas) standing(x, y, s float64) {
	c.at(x, y, s, func() {
		c.line(navy, 5, "M-4-16-5 0M4-16 5 0")
		c.line(skin, 3.5, "M7-30 16-42M-7-30l-6 12")
		c.person(0, -15, 1)
	})
}

func (c *canvas) sheep(x, y, s float64) {
	c.at(x, y, s, func() {
		c.line(ink, 3, "M-8 0v-8M8 0v-8")
		c.path(white, "M-14-6a8 8 0 0 1-1-14 9 9 0 0 1 15-6 9 9 0 0 1 15 6 8 8 0 0 1-1 14z")
		c.path(ink, "M12-24q10-3 12 4t-6 7-8-6z")
	})
}

func (c *canvas) cow(x, y, s float64) {
	c.at(x, y, s, func() {
		c.path(bark, "M-18 0v-14h5V0zM11 0v-14h5V0zM-9 0v-12h4V0zM3 0v-12h4V0z")
		c.path(white, "M-20-10v-16q0-6 8-6h26q8 0 8 8v12q0 4-6 4h-30q-6 0-6-2z")
		c.path(bark, "M-14-32h12q2 10-6 10t-6-10zM6-20q8-2 10 4t-8 6-2-10z")
		c.path(earth, "M18-38h12q5 0 4 7l-2 8q-5 5-10 0l-5-8z")
		c.path(rose, "M22-26q6-3 11 0-1 7-6 6t-5-6z")
		c.path(sunny, "M15-18h7v7h-7z")
	})
}

func (c *canvas) hen(x, y, s float64) {
	c.at(x, y, s, func() {
		c.line(amber, 2, "M-2 0v-6M3 0v-6")
		c.path(one(c, white, coral, sand), "M-14-20q6 4 12 2 2-8 8-8 7 0 6 9 0 12-12 12-12 0-14-15z")
		c.path(brick, "M4-26q2-5 5-1 4-3 3 3z")
		c.path(sunny, "M12-19l6 2-6 3z")
	})
}

// sail is a small boat with two sails.
func (c *canvas) sail(x, y, s float64, cloth, cloth2, hull string) {
	c.at(x, y, s, func() {
		c.path(bark, "M-1-64h3v60h-3z")
		c.path(cloth, "M4-62q26 22 28 50H4z")
		c.path(cloth2, "M-4-54v42h-24q14-18 24-42z")
		c.path(hull, "M-34-6h70q-6 16-16 16h-40q-10-4-14-16z")
	})
}

// barge is the old flat-bottomed sailing ship of the IJsselmeer.
func (c *canvas) barge(x, y, s float64) {
	c.at(x, y, s, func() {
		c.path(bark, "M-6-132h5V0h-5z")
		c.path(brick, "M0-128 34-138l44 116L0-16z")
		c.path(coral, "M0-92l52-4 12 36L0-50z")
		c.path(cream, "M-9-118V-14l-70-2q44-38 70-102z")
		c.path(sunny, "M-4-132v-12l22 5-20 7z")
		c.path(ink, "M-96-10q50 12 100 10 56 0 92-16-4 34-34 40h-116q-36-6-42-34z")
		c.path(sunny, "M-94-4q50 12 98 10 54 0 90-15l-1 5Q58 10 4 11-46 12-93 1z")
		c.path(earth, "M2-4v34q16 8 16-16z")
		c.path(cream, "M20-16h34v12H20z")
		c.path(navy, "M26-13h7v6h-7zM40-13h7v6h-7z")
		c.person(-40, -1, .8)
		c.person(-58, -4, .7)
		c.person(70, -12, .75)
	})
}

// canoe carries two paddlers.
func (c *canvas) canoe(x, y, s float64, hull string) {
	c.at(x, y, s, func() {
		c.person(-22, 0, .9)
		c.person(18, 0, .9)
		c.line(bark, 3, "M-34-22-6 12M8-22 34 12")
		c.path(sunny, "M-8 8l8 2-3 9-8-5zM32 8l8 2-3 9-8-5z")
		c.path(hull, "M-58-12q18 10 58 10t58-10q-4 22-20 24h-76q-16-2-20-24z")
		c.line(cream, 2, "M-50-1q22 5 50 5t50-5")
	})
}

// sup is somebody standing on a board.
func (c *canvas) sup(x, y, s float64, board string) {
	c.at(x, y, s, func() {
		c.path(board, "M-44-2q44-5 88 0-6 8-44 8t-44-8z")
		c.standing(0, -2, 1)
		c.line(bark, 3, "M17-46 22 10")
	})
}

func (c *canvas) surfboard(x, base, s float64, fill, stripe string) {
	c.at(x, base, s, func() {
		c.path(fill, "M0-84c14 16 16 60 5 84H-5c-11-24-9-68 5-84z")
		c.path(stripe, "M-2-78h4V0h-4z")
	})
}

func (c *canvas) kite(x, y, s float64, a, b string) {
	c.at(x, y, s, func() {
		c.path(a, "M0-30 20 0 0 26z")
		c.path(b, "M0-30-20 0 0 26z")
		c.line(ink, 1.2, "M0 26q-10 18 2 34t-6 34")
		c.path(a, "M-8 40l10 4-8 6zM8 62l-11 3 9 6z")
	})
}

// powerKite is the bow of a kitesurfer.
func (c *canvas) powerKite(x, y, s float64, a, b string) {
	c.at(x, y, s, func() {
		c.path(a, "M-44 12q44-54 88 0-14-10-20-8-24-22-48 0-8-2-20 8z")
		c.path(b, "M-13-9q13-7 26 0l-4-7q-9-4-18 0z")
		c.line(ink, 1, "M-38 8 0 90 38 8")
	})
}

func (c *canvas) parasol(x, base, s float64, a, b string) {
	c.at(x, base, s, func() {
		c.path(cream, "M-1.5-58h3V0h-3z")
		c.path(a, "M-40-50a40 30 0 0 1 80 0z")
		c.path(b, "M-14-50q2-24 14-30 12 6 14 30z")
		c.path(b, "M-40-50a40 30 0 0 1 14-21q-6 10-4 21zM40-50a40 30 0 0 0-14-21q6 10 4 21z")
	})
}

func (c *canvas) towel(x, y, s float64, a, b string) {
	c.at(x, y, s, func() {
		c.path(a, "M-20 0-10-12h40L20 0z")
		c.path(b, "M-12 0-2-12h7L-5 0zM4 0l10-12h7L11 0z")
	})
}

func (c *canvas) gelato(x, base, s float64) {
	c.at(x, base, s, func() {
		c.path(dune, "M-30-70h60L0 0z")
		c.line(earth, 2, "M-18-68 8-20M2-68l12 22M18-68-8-20M-2-68l-12 22")
		c.circle(rose, -19, -80, 21)
		c.circle(aqua, 20, -80, 21)
		c.circle(cream, 0, -104, 22)
		c.path(rose, "M-40-80q4 18 12 8 6 12 12 0 6 8 14-2-10 4-38-6z")
		c.circle(brick, 6, -126, 7)
		c.line(bark, 2, "M6-132q2-8 9-9")
	})
}

func (c *canvas) fire(x, y, s float64) {
	c.at(x, y, s, func() {
		c.printf(`<circle fill="%s" opacity=".25" cy="-16" r="50"/>`, sunny)
		c.line(bark, 7, "M-22 0 20-8M22 0-20-8")
		c.path(coral, "M0-54c4 14 20 18 18 36-2 14-34 14-36 0-2-12 8-14 8-24 6 2 6 8 8 10 4-6 4-14 2-22z")
		c.path(sunny, "M1-32c2 8 10 12 8 20-2 8-18 8-19 0 0-8 6-8 6-14 4 2 4 4 5 5z")
	})
}

func (c *canvas) mushroom(x, base, s float64, cap string) {
	c.at(x, base, s, func() {
		c.path(cream, "M-6 0q3-14 1-24H5q-2 10 1 24z")
		c.path(cap, "M-24-20q2-24 24-24t24 24q-24 7-48 0z")
		c.path(cream, "M-12-28a4 4 0 1 0 .1 0zM4-36a3.5 3.5 0 1 0 .1 0zM13-26a3 3 0 1 0 .1 0z")
	})
}

func (c *canvas) pumpkin(x, base, s float64) {
	c.at(x, base, s, func() {
		c.path(amber, "M0 0c-34 4-38-34-14-34 6-5 22-5 28 0 24 0 20 38-14 34z")
		c.path(coral, "M0 0c-14 2-16-36 0-36s14 38 0 36z")
		c.path(pine, "M-3-34q0-10 9-12l3 4q-6 2-6 8z")
	})
}

// wheels are a sports wheelchair with its player.
func (c *canvas) wheels(x, y, s float64) {
	c.at(x, y, s, func() {
		c.line(navy, 6, "M2-22h16l6 16")
		c.person(0, -20, 1.1)
		c.line(skin, 4, "M5-36 20-46")
		c.printf(`<circle stroke="%s" stroke-width="3.5" cx="-2" cy="-15" r="15"/>`, ink)
		c.line(slate, 1.5, "M-2-30V0M-17-15h30M-12-26 8-4M8-26-12-4")
		c.circle(ink, 24, -4, 4)
	})
}

func (c *canvas) ball(x, y, r float64, fill, seam string) {
	c.at(x, y, r/10, func() {
		c.circle(fill, 0, 0, 10)
		c.line(seam, 1.3, "M-10 0h20M0-10v20M-7-7q7 7 0 14M7-7Q0 0 7 7")
	})
}

func (c *canvas) hoop(x, base, s float64) {
	c.at(x, base, s, func() {
		c.path(slate, "M-3 0v-110h6V0z")
		c.path(white, "M-44-128h58v40h-58z")
		c.path(coral, "M-28-114h22v18h-22v-3h19v-12h-19zM-46-93h26v4h-26z")
		c.line(white, 1.6, "M-44-88l4 20h14l4-20M-37-88l2 20M-29-88l-2 20M-42-78h18")
	})
}

func (c *canvas) bike(x, y, s float64, frame string) {
	c.at(x, y, s, func() {
		c.printf(`<g stroke="%s" stroke-width="3.5"><circle cx="-26" cy="-16" r="16"/><circle cx="26" cy="-16" r="16"/></g>`, ink)
		c.line(frame, 4, "M-26-16-10-38h26L-2-16h-24M-2-16-12-44M16-38l10 22M16-38l-3-10h9")
		c.line(ink, 4, "M-18-46h12")
	})
}

// rider is a person on the bike.
func (c *canvas) rider(x, y, s float64, frame string) {
	c.bike(x, y, s, frame)
	c.at(x, y, s, func() {
		c.line(navy, 6, "M-12-48 4-34-2-16")
		c.line(skin, 4, "M0-62 14-50")
		c.at(-8, -48, 1, func() { c.person(2, 0, 1); c.path(coral, "M-7-27a9 9 0 0 1 18 0z") })
	})
}

// hero flies with a cape.
func (c *canvas) hero(x, y, s float64, suit, cape string) {
	c.at(x, y, s, func() {
		c.printf(`<g transform="rotate(-24)">`)
		c.path(cape, "M4-8C-18-16-40-6-62-14c8 10 4 16-2 24C-40 6-18 14 2 8z")
		c.path(suit, "M-34-5H6q8 0 8 5t-8 6h-40l-16 2v-4l14-3-14-2v-4z")
		c.line(skin, 5, "M12-2l24-8")
		c.circle(skin, 20, 2, 8)
		c.path(ink, "M13-3q8-8 14 2-8-2-14 4zM16 0h12v3H16z")
		c.text(`</g>`)
	})
}

func (c *canvas) fish(x, y, s float64, fill string) {
	c.at(x, y, s, func() {
		c.path(fill, "M-14 0q12-13 26 0-14 13-26 0zM-12 0l-11-8v16z")
		c.circle(ink, 5, -2, 1.6)
	})
}

// bubble is a speech bubble with a line of talk.
func (c *canvas) bubble(x, y, s float64, fill, talk string) {
	c.at(x, y, s, func() {
		c.path(fill, "M-40-24q0-14 14-14h52q14 0 14 14v16q0 14-14 14H-6l-16 16 2-16h-6q-14 0-14-14z")
		c.line(talk, 4, "M-24-24h34M-24-12h46M-24 0h20")
	})
}

func (c *canvas) note(x, y, s float64, fill string) {
	c.at(x, y, s, func() {
		c.path(fill, "M-12 0a7 5.5 0 1 1-4-5v-30L12-42v32a7 5.5 0 1 1-4-5v-18l-20 5z")
	})
}

// skier comes down with both poles.
func (c *canvas) skier(x, y, s float64) {
	c.at(x, y, s, func() {
		c.line(ink, 3.5, "M-30-6 34 14M-26-13 38 7")
		c.line(navy, 7, "M0-22 8-10 2 0")
		c.line(c.tree, 2, "M14-30l22 34M-8-30l-16 18")
		c.path(coral, "M-8-20q0-20 10-24l8 4q4 12-2 22z")
		c.circle(skin, 8, -49, 7)
		c.path(sunny, "M0-50a8 8 0 0 1 16-2l-4 2z")
	})
}

// gondola hangs from a cable.
func (c *canvas) gondola(x, y, s float64, fill string) {
	c.at(x, y, s, func() {
		c.path(ink, "M-1-20h3v12h-3z")
		c.path(fill, "M-16-8h32q4 0 4 6v14q0 6-6 6h-28q-6 0-6-6V-2q0-6 4-6z")
		c.path(aqua, "M-14-3H-2v9h-12zM2-3h12v9H2z")
	})
}

// raft of planks and barrels.
func (c *canvas) raft(x, y, s float64) {
	c.at(x, y, s, func() {
		c.path(denim, "M-54 0a9 9 0 0 1 18 0v10h-18zM-10 0a9 9 0 0 1 18 0v10h-18zM36 0a9 9 0 0 1 18 0v10H36z")
		c.person(-30, -5, .9)
		c.person(2, -5, .9)
		c.person(30, -5, .85)
		c.path(bark, "M12-70h4v66h-4z")
		c.path(coral, "M16-70l28 9-28 10z")
		c.path(earth, "M-62-7H62v8H-62z")
	})
}

// bunting hangs over the picture.
func (c *canvas) bunting(y float64) {
	c.line(ink, 1.2, d("M-5", y, "Q200", y+34, "405", y))
	for i := range 11 {
		t := (float64(i) + .5) / 11
		x, dy := t*400, 68*t*(1-t)
		c.path([]string{coral, sunny, teal, cream}[i%4], d("M", x-11, y+dy, "h22l-11 22z"))
	}
}

// grain of a wooden board, for the workshop.
func (c *canvas) pot(x, base, s float64, paint string) {
	c.at(x, base, s, func() {
		c.path(stone, "M-22 0v-34h44V0z")
		c.path(paint, "M-22-34h44v10q-5 8-8 0-4 14-9 0-6 6-10 0-8 12-17-2z")
		c.path(slate, "M-24-38h48v5h-48z")
	})
}

func (c *canvas) brush(x, base, s, turn float64, paint string) {
	c.printf(`<g transform="translate(%s %s) rotate(%s) scale(%s)">`, num(x), num(base), num(turn), num(s))
	c.path(amber, "M-3-60h6L2 0h-4z")
	c.path(slate, "M-5-70H5v12H-5z")
	c.path(paint, "M-6-70Q-8-88 1-96 9-86 6-70z")
	c.text(`</g>`)
}

func (c *canvas) crocus(x, base, s float64, fill string) {
	c.at(x, base, s, func() {
		c.line(leaf, 3, "M0 0v-18M0 0q-8-6-10-18M0 0q8-6 10-16")
		c.path(fill, "M0-16c-14-4-12-22-8-28 4 4 6 6 8 12 2-6 4-8 8-12 4 6 6 24-8 28z")
		c.path(sunny, "M-2-36h4v8h-4z")
	})
}
