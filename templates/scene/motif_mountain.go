package scene

func drawAlps(c *canvas) {
	c.heaven()
	c.peaks(c.far, c.mid, white, 176, c.between(84, 100), c.between(122, 138), c.between(92, 112), c.between(118, 130), 80)
	c.printf(`<path fill="%s" opacity=".8" d="M0 150q30-16 60-4 20-18 50-4 40-14 70 4 40-14 70 0 30-14 60 0 40-14 90 2v22H0z"/>`, white)
	c.ridge(c.mid, 176, 16)
	c.chalet(c.between(250, 300), 190, .95)
	c.wood(c.tree, 196, 28, 48, 60)
	c.meadow(c.near, 192)
	c.line(sand, 4, "M60 240q30-30 90-30t120-22")
	c.pines(c.fore, 230, 60, 88, 24, 54, 366)
	c.path(c.fore, "M0 226q120-10 220 2t180-6v18H0z")
}

func drawMeadowAlps(c *canvas) {
	c.heaven()
	c.peaks(lilac, "#8f93b4", white, 150, 74, c.between(96, 108), 78, c.between(88, 104), 70)
	c.ridge(c.far, 148, 18)
	c.wood(c.tree, 160, 20, 36, 34)
	c.path(c.water, "M210 164q60-14 130 0t60 6v18q-120 10-190-24z")
	c.ridge(c.mid, 178, 10)
	c.chalet(c.between(90, 120), 188, 1.05)
	c.meadow(c.near, 190)
	c.cow(c.between(230, 260), 220, 1.2)
	c.cow(338, 208, -.85)
	flowers(c, 14)
	c.path(c.fore, "M0 228q140-8 400-2v14H0z")
}

// flowers are dots in the grass.
func flowers(c *canvas, n int) {
	for _, colour := range []string{white, sunny, coral} {
		petals := ""
		for range n / 3 {
			petals += d("M", c.between(0, 400), c.between(206, 234), "h0")
		}
		c.line(colour, c.between(3.5, 5.5), petals)
	}
}

func drawSnow(c *canvas) {
	c.heaven()
	c.peaks(c.far, "#7fa3ba", white, 168, 100, c.between(120, 136), 96, c.between(108, 124), 90)
	c.path(c.mid, "M0 150q110-40 230-4t170 0v94H0z")
	c.line(ink, 1.5, "M-4 60 404 122")
	c.gondola(c.between(70, 120), 92, .9, coral)
	c.gondola(c.between(250, 290), 122, .75, sunny)
	c.pines(c.tree, 178, 40, 62, 24, 50, 80, 356, 384)
	c.path(c.near, "M0 186q140-50 260-8t140 6v56H0z")
	c.line(c.far, 2.5, "M296 182q-60 10-80 26t-90 34M304 184q-60 12-80 28t-84 34")
	c.skier(c.between(206, 226), 206, 1.25)
	c.pines(c.tree2, 214, 50, 70, 336, 372, 20)
	c.chalet(92, 204, .7)
	c.snowfall(16)
}

func drawFjord(c *canvas) {
	c.heaven()
	c.peaks(c.far, c.mid, white, 160, 60, c.between(70, 84), 60, c.between(74, 86), 64)
	c.path(c.mid, "M0 40q40 16 60 50t60 40l30 34H0z")
	c.path(c.near, "M400 34q-50 20-70 60t-70 50l-30 22h170z")
	c.path(white, "M336 88l-4 74 6 0 4-78z")
	c.sea(160)
	c.path(c.far, "M120 160h80l-40 22z")
	c.cabin(c.between(92, 112), 190, .95, brick)
	c.cabin(c.between(150, 166), 186, .7, amber)
	c.path(c.tree, "M0 184q60-4 96 16 20 22 6 40H0z")
	c.pines(c.tree, 196, 40, 62, 18, 42, 66)
	c.sail(c.between(270, 310), 200, .6, white, cream, navy)
	c.path(c.fore, "M0 216q50-6 84 10l6 14H0z")
	c.at(46, 226, 1, func() { c.standing(0, 0, 1); c.path(coral, "M-16-34h9v18h-9z") })
}

func drawGorge(c *canvas) {
	c.heaven()
	c.path(c.water, "M120 128h170v60H120z")
	c.line(c.foam, 2, "M190 138h18M214 146h20")
	c.path(coral, "M0 24q40 4 66 34l26 10 12 34 22 8 14 30 26 14 20 34H0z")
	c.path(dune, "M0 70q30 4 52 30l24 8 14 34 26 12 22 34H0z")
	c.path(coral, "M400 34q-50 8-78 40l-22 8-14 34-24 12-16 28-24 14-14 26h192z")
	c.path(dune, "M400 84q-40 8-62 34l-20 6-14 30-26 14-20 26h142z")
	c.path(sand, "M0 196q90-24 190-12t210-2v58H0z")
	c.path(c.water, "M206 180q14 12-12 22t-4 18 2 20h54q-14-14-4-22t6-18-14-20z")
	c.path(earth, "M0 196q70-12 120 12l36 32H0zM400 190q-70-4-110 22l-30 28h140z")
	c.at(70, 102, 1.05, func() {
		c.path(white, "M-24 0v-22h48V0z")
		c.path(denim, "M-8-22q8-14 16 0zM-18-14h6v8h-6zM4-14h6V0H4z")
	})
	c.cypress(112, 140, .6, c.tree)
	c.cypress(322, 130, .7, c.tree)
	c.oak(44, 214, .8, c.tree, c.tree2)
	c.oak(352, 214, .95, c.tree, c.tree2)
	c.standing(c.between(150, 160), 220, 1.1)
	c.standing(c.between(176, 184), 214, -.9)
}
