package scene

// tent is a ridge tent seen from its front.
func (c *canvas) tent(x, base, s float64, cloth string) {
	c.at(x, base, s, func() {
		c.path(cloth, "M0-44 40 0h-80z")
		c.path(ink, "M0-44 13 0h-26z")
		c.path(cream, "M0-44-13 0h5zM0-44 13 0H8z")
		c.line(cream, 1.5, "M0-44-52 2M0-44 52 2")
	})
}

// house has a gable, a door and lit windows.
func (c *canvas) house(x, base, s float64, wall, roof string) {
	c.at(x, base, s, func() {
		c.path(wall, "M-24 0v-32L0-52l24 20V0z")
		c.path(roof, "M-31-28 0-56l31 28-5 5L0-46l-26 23z")
		c.path(c.lit(), "M-15-24h11v11h-11zM5-24h11v11H5z")
		c.path(bark, "M-5 0v-9h10v9z")
	})
}

// lit is the colour of a window: yellow in the dark.
func (c *canvas) lit() string {
	if c.dark {
		return sunny
	}
	return cream
}

// chalet is broad, with a balcony and a low roof.
func (c *canvas) chalet(x, base, s float64) {
	roof := one(c, bark, brick, navy)
	c.at(x, base, s, func() {
		c.path(stone, "M-34 0v-14h68V0z")
		c.path(earth, "M-34-14v-20L0-50l34 16v20z")
		c.path(roof, "M-46-28 0-54l46 26-4 5L0-46l-42 23z")
		c.path(c.lit(), "M-22-32h10v9h-10zM12-32h10v9H12zM-5-36H5v11H-5z")
		c.path(cream, "M-36-19h72v3h-72z")
		c.path(bark, "M-6 0v-11H6V0z")
	})
}

// barn is red with white beams, a silo beside it.
func (c *canvas) barn(x, base, s float64) {
	c.at(x, base, s, func() {
		c.path(stone, "M46 0v-66a12 12 0 0 1 24 0V0z")
		c.path(slate, "M44-64a14 14 0 0 1 28 0z")
		c.path(brick, "M-44 0v-40l18-24h52l18 24V0z")
		c.path(bark, "M-50-38-28-68h56l22 30-5 4-20-27h-50l-20 27z")
		c.path(cream, "M-18 0v-30h36V0h-4v-26H-14V0zM-8-52H8v12H-8z")
		c.line(cream, 3, "M-14-27 14 0M14-27-14 0")
	})
}

// castle has three towers with pennants.
func (c *canvas) castle(x, base, s float64, wall, shade, flag string) {
	c.at(x, base, s, func() {
		c.path(wall, "M-56 0v-48h8v7h8v-7h8v7h8v-7h8v7h32v-7h8v7h8v-7h8v7h8v-7h8V0z")
		c.path(shade, "M-26 0v-78h8v8h8v-8h8v8h4v-8h8v8h8v-8h8V0z")
		c.path(wall, "M-72 0v-66h26V0zM46 0v-66h26V0z")
		c.path(flag, "M-76-64-59-96l17 32zM42-64 59-96l17 32z")
		c.path(ink, "M-10 0v-16a10 10 0 0 1 20 0V0zM-4-52h8v14h-8zM-62-48h6v12h-6zM56-48h6v12h-6z")
		c.path(sunny, "M0-78v-28l20 7-18 8v13z")
		c.path(coral, "M-59-96v-16l13 5-12 5zM59-96v-16l13 5-12 5z")
	})
}

// lighthouse is striped; in the dark it shines.
func (c *canvas) lighthouse(x, base, s float64, stripe string) {
	c.at(x, base, s, func() {
		if c.dark {
			c.printf(`<path fill="%s" opacity=".28" d="M0-92-190-128v58zM0-92l190-36v58z"/>`, cream)
		}
		c.path(white, "M-15 0-9-82H9L15 0z")
		c.path(stripe, "M-15 0l1.5-20h27L15 0zM-12-41l1.5-20h21l1.5 20z")
		c.path(ink, "M-13-82h26v4h-26zM-8-98H8v16H-8z")
		c.path(sunny, "M-5-96H5v12H-5z")
		c.path(stripe, "M-10-98q10-12 20 0z")
	})
}

// skyline is a row of towers with windows, some of them lit.
func (c *canvas) skyline(fill string, base, low, high float64) {
	walls, windows := "", ""
	for x := -6.0; x < 400; {
		w, h := c.between(26, 44), c.between(low, high)
		walls += d("M", x, base, "v", -h, "h", w, "v", h, "z")
		if c.r.IntN(3) == 0 {
			walls += d("M", x+w/2-4, base-h, "l4-14 4 14z")
		}
		for row := base - h + 10; row < base-24; row += 14 {
			for col := x + 6; col < x+w-7; col += 10 {
				if c.r.IntN(5) < 2 {
					windows += d("M", col, row, "h5v6h-5z")
				}
			}
		}
		x += w + c.between(0, 5)
	}
	c.path(fill, walls)
	c.path(sunny, windows)
}

// village is a few houses around a church tower.
func (c *canvas) village(x, base, s float64) {
	roof := one(c, brick, coral, navy)
	c.at(x, base, s, func() {
		c.path(sand, "M-7 0v-54H9V0z")
		c.path(roof, "M-10-53 1-86l11 33z")
		c.path(ink, "M-2-46h6v9h-6z")
		c.house(-44, 0, .8, white, roof)
		c.house(42, 0, .7, blush, roof)
		c.house(-16, 2, .55, rose, roof)
		c.house(72, 2, .6, white, roof)
	})
}

// hillTown is a southern town that climbs to its basilica.
func (c *canvas) hillTown(x, base, s float64) {
	c.at(x, base, s, func() {
		c.path(cream, "M-70 0v-18h22v-14h20v-12h18v-16h12v-26h14v26h14v12h16v14h18v16h20V0z")
		c.path(coral, "M-74-18l14-9 14 9zM-50-32l12-9 12 9zM-2-86l9-16 9 16zM14-60l8-8 14 8zM28-48l10-8 12 8zM44-34l10-8 12 8zM62-18l10-8 14 8z")
		c.path(earth, "M4-78h5v10H4zM-62-12h5v7h-5zM-40-26h5v7h-5zM20-40h5v7h-5zM36-24h5v7h-5zM-14-22h6v9h-6zM52-10h5v7h-5z")
	})
}

// domes are the roofs of an island town in the south.
func (c *canvas) domes(x, base, s float64) {
	c.at(x, base, s, func() {
		c.path(sand, "M-130 0v-34h26v-12h24v16h22v-24h24v14h14v-30h46v28h16v-14h22v20h20v-16h24v22h22V0z")
		c.path(dune, "M-20-70q23-44 46 0z")
		c.path(dune, "M1-90h4v-14H1zM-58-54q12-20 24 0zM62-56q11-18 22 0z")
		c.path(bark, "M-122-26h5v9h-5zM-96-36h5v9h-5zM-72-22h5v9h-5zM-48-44h5v9h-5zM-4-58h6v12h-6zM18-58h6v12h-6zM48-30h5v9h-5zM70-42h5v9h-5zM92-24h5v9h-5zM112-34h5v9h-5z")
		c.path(teal, "M-110-26h5v9h-5zM-84-36h5v9h-5zM4-30h8v14H4zM36-30h5v9h-5zM104-24h5v9h-5z")
	})
}

// bigBen stands beside a bridge and a red bus.
func (c *canvas) bigBen(x, base, s float64) {
	c.at(x, base, s, func() {
		c.path(dune, "M-13 0v-96h26V0z")
		c.path(earth, "M-13-74h26v3h-26zM-13-102h26v8h-26zM-13 0v-66h4V0zM9 0v-66h4V0z")
		c.circle(white, 0, -84, 9.5)
		c.line(ink, 1.8, "M0-84v-6M0-84l4 3")
		c.path(navy, "M-14-102 0-136l14 34z")
	})
}

func (c *canvas) redBus(x, base, s float64) {
	c.at(x, base, s, func() {
		c.path(brick, "M-38 0v-44q0-5 5-5h66q5 0 5 5V0z")
		c.path(aqua, "M-32-42h12v12h-12zM-16-42h12v12h-12zM0-42h12v12H0zM16-42h12v12H16zM-32-22h12v11h-12zM-16-22h12v11h-12zM0-22h12v11H0z")
		c.path(cream, "M-38-27h76v3h-76z")
		c.path(ink, "M18-22h14V0H18zM-32 0a9 9 0 0 1 18 0zM8 0a9 9 0 0 1 18 0z")
		c.circle(stone, -23, 0, 4)
		c.circle(stone, 17, 0, 4)
	})
}

// treehouse sits in a big oak with a ladder.
func (c *canvas) treehouse(x, base, s float64) {
	c.at(x, base, s, func() {
		c.path(bark, "M-12 0q8-50 2-104h20q-6 54 4 104zM-6-88-44-112l4-6 36 22zM6-88l40-26-3-6L6-98z")
		c.path(c.tree, "M-70-104c-14-22 8-44 30-38 6-26 46-32 62-12 24-10 50 8 44 30 14 12 0 32-18 28-20 14-88 14-118-8z")
		c.path(c.tree2, "M-44-124c4-20 26-26 38-18-16 2-22 10-24 22-4 6-14 4-14-4z")
		c.path(sand, "M-32-52v-30h56v30z")
		c.path(brick, "M-40-80-4-104l36 24-4 5H-36z")
		c.path(ink, "M-22-74h13v14h-13z")
		c.path(sunny, "M0-74h14v22H0z")
		c.path(earth, "M-42-52h80v6h-80z")
		c.line(earth, 3, "M20-46 26 0M32-46 38 0M22-36h12M23-24h12M25-12h12")
	})
}

// fort is a round tower in the sea.
func (c *canvas) fort(x, base, s float64) {
	c.at(x, base, s, func() {
		c.path(slate, "M-40 0q-4-30 0-40h80q4 10 0 40z")
		c.path(stone, "M-44-40v-12h10v6h10v-6h10v6h10v-6h10v6H6v-6h10v6h10v-6h10v6h8v6z")
		c.path(ink, "M-26-28h8v9h-8zM-4-28h8v9h-8zM18-28h8v9h-8z")
	})
}

// cabin is red and stands on stilts at the water.
func (c *canvas) cabin(x, base, s float64, wall string) {
	c.at(x, base, s, func() {
		c.line(bark, 3, "M-20 10v-14M0 10v-14M20 10v-14")
		c.path(wall, "M-26-2v-24L0-42l26 16v24z")
		c.path(ink, "M-32-22 0-45l32 23-3 4L0-37l-29 19z")
		c.path(white, "M-16-22h10v10h-10zM6-22h10v10H6z")
		c.path(c.lit(), "M-14-20h6v6h-6zM8-20h6v6H8z")
	})
}

const blush = "#f7dcc6"
