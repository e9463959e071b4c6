package scene

func drawFarm(c *canvas) {
	c.heaven()
	c.ridge(c.far, 132, 20)
	c.ridge(c.mid, 150, 16)
	c.oak(338, 168, 1.1, c.tree, c.tree2)
	c.barn(c.between(120, 170), 178, 1.2)
	c.meadow(c.near, 174)
	c.line(cream, 4, "M-4 196h120M10 184v24M44 183v24M78 182v24M108 182v24M-4 188h120")
	c.sheep(c.between(250, 280), 206, 1.1)
	c.sheep(320, 198, -.8)
	c.hen(c.between(196, 220), 220, 1.1)
	c.path(c.fore, "M0 222q120-12 240-2t160-4v24H0z")
}

func drawCastle(c *canvas) {
	c.heaven()
	c.birds(c.between(60, 120), 50)
	c.ridge(c.far, 140, 22)
	c.ridge(c.mid, 160, 14)
	c.pines(c.tree, 176, 46, 70, 24, 52, 350, 382)
	c.castle(200+c.between(-20, 20), 180, 1.18, stone, slate, one(c, brick, navy, teal))
	c.meadow(c.near, 178)
	c.path(sand, "M192 180h22q4 18 30 32t40 28h-96q-24-20-10-36t14-24z")
	c.pines(c.fore, 226, 34, 52, 96, 122, 300, 324)
	c.path(c.fore, "M0 220q100-10 180 4l20 16H0zM400 218q-60-6-110 10l10 12h100z")
}

func drawForest(c *canvas) {
	c.heaven()
	c.ridge(c.far, 130, 26)
	c.wood(c.mid, 170, 50, 78, 24)
	c.wood(c.tree2, 190, 60, 92, 30)
	c.meadow(c.near, 184)
	c.tent(c.between(150, 240), 206, .9, one(c, coral, sunny))
	c.pines(c.tree, 214, 80, 120, 30, 70, 340, 376)
	c.path(c.fore, "M0 218q120-14 220 0t180-4v26H0z")
}

func drawCampfire(c *canvas) {
	c.heaven()
	c.ridge(c.far, 128, 24)
	c.wood(c.mid, 172, 60, 96, 30)
	c.wood(c.near, 186, 60, 110, 48)
	c.meadow(c.near, 182)
	c.tent(110, 206, 1, amber)
	c.tent(300, 204, -.85, coral)
	c.fire(204, 212, .9)
	c.person(160, 214, .9)
	c.person(248, 214, .9)
	c.path(c.fore, "M0 218q120-12 220-2t180-6v30H0z")
	c.pines(c.fore, 236, 120, 150, 14, 388)
}

func drawAutumnWood(c *canvas) {
	c.heaven()
	c.ridge(c.far, 132, 24)
	c.ridge(c.mid, 152, 16)
	for i, x := range []float64{28, 84, 150, 260, 318, 378} {
		c.oak(x+c.between(-10, 10), 184, c.between(1, 1.45), []string{c.tree, c.tree2, brick}[i%3], []string{amber, sunny, coral}[i%3])
	}
	c.meadow(c.near, 182)
	c.leaves(7)
	c.mushroom(92, 220, 1.1, brick)
	c.mushroom(122, 224, .7, coral)
	c.pumpkin(c.between(250, 290), 222, 1.05)
	c.path(c.fore, "M0 222q120-8 230-1t170-3v22H0z")
}

func drawTreehouse(c *canvas) {
	c.heaven()
	c.ridge(c.far, 140, 20)
	c.wood(c.mid, 182, 44, 70, 26)
	c.meadow(c.near, 188)
	c.treehouse(c.between(180, 225), 212, 1.15)
	c.oak(52, 204, 1.3, c.tree, c.tree2)
	c.oak(352, 206, 1.5, c.tree2, c.mid)
	c.path(c.fore, "M0 216q120-12 230 0t170-4v28H0z")
	c.birds(300, 56)
}

func drawCliffRiver(c *canvas) {
	c.heaven()
	c.ridge(c.far, 126, 16)
	c.ridge(c.mid, 146, 10)
	c.path(c.water, "M0 168q130-26 250-6t150-8v86H0z")
	c.path(c.deep, "M0 206q90-10 190 0t210-6v40H0z")
	c.path(stone, "M400 88q-60-10-104-6l-30 8-6 20-22 10-8 26-20 12-6 20q100 16 196 2z")
	c.path(slate, "M400 122l-44 8-16 24-30 6-14 22q60 6 104 0zM268 88l14 30-12 22 10 26-16-12 4-22-14-18z")
	c.path(c.near, "M400 78q-70-20-150 8 24 10 52 2t52 4 46-4z")
	c.house(c.between(312, 336), 84, .95, white, navy)
	c.pines(c.tree, 86, 30, 42, 276, 364, 384)
	c.line(c.foam, 2, "M150 188h34M226 202h40M330 196h30M190 220h30")
	c.path(c.near, "M0 184q70-16 128 14 34 20 20 42H0z")
	c.pines(c.tree, 192, 60, 84, 22, 50)
	c.pines(c.tree2, 206, 44, 62, 84, 8)
	c.printf(`<path stroke="%s" stroke-width="4" stroke-dasharray="1 9" d="M40 234q24-20 56-14t50-20 44-8 50-30"/>`, coral)
	c.line(brick, 6, "M242 146l14 14M256 146l-14 14")
}

func drawBikes(c *canvas) {
	c.heaven()
	c.ridge(c.far, 118, 24)
	c.ridge(c.mid, 142, 18)
	c.wood(c.tree, 160, 24, 44, 26)
	c.river(148)
	c.path(c.near, "M0 168q90-16 170 20 60 26 110 52H0z")
	c.line(sand, 9, "M-6 196q100-20 190 34")
	c.rider(96, 200, 1.15, one(c, coral, brick))
	c.canoe(318, 196, .62, sunny)
	c.path(c.fore, "M0 226q60-8 110 14H0z")
}

func drawHills(c *canvas) {
	c.heaven()
	c.birds(c.between(120, 220), 60)
	c.ridge(c.far, 124, 26)
	c.ridge(c.mid, 148, 22)
	c.village(c.between(120, 260), 168, .8)
	c.ridge(c.near, 176, 14)
	c.oak(c.between(30, 80), 204, 1.1, c.tree, c.tree2)
	c.oak(c.between(310, 370), 206, 1.4, c.tree, c.tree2)
	c.meadow(c.fore, 208)
}

func drawFirstNight(c *canvas) {
	c.heaven()
	c.ridge(c.far, 140, 22)
	c.wood(c.mid, 180, 40, 66, 26)
	c.meadow(c.near, 178)
	c.house(c.between(180, 220), 196, 1.7, cream, brick)
	c.pines(c.tree, 202, 70, 96, 60, 92, 330, 362)
	c.path(sand, "M190 198h24q6 20 44 42h-104q34-20 36-42z")
	c.path(c.fore, "M0 214q90-8 160 12l10 14H0zM400 210q-70-4-130 18l14 12h116z")
	c.at(120, 226, 1, func() {
		c.path(coral, "M-16 0v-24h32V0z")
		c.line(ink, 3, "M-7-25v-6H7v6")
		c.path(cream, "M-16-16h32v3h-32z")
	})
}

func drawAtelier(c *canvas) {
	c.rect(c.glow, 0, 0, 400, 240)
	c.path(c.haze, "M0 0h400v60q-100 30-200 14T0 78z")
	c.path(bark, "M128 14h144v126H128z")
	c.path(c.sky, "M136 22h128v110H136z")
	c.path(c.far, "M136 108q40-30 70-8t58-12v44H136z")
	c.path(c.mid, "M136 122q40-18 80-2t48-6v18H136z")
	c.circle(c.sun, 232, 50, 14)
	c.path(bark, "M197 22h5v110h-5z")
	c.bunting(8)
	c.rect(dune, 0, 176, 400, 64)
	c.rect(earth, 0, 172, 400, 7)
	c.brush(66, 186, .9, -16, coral)
	c.brush(78, 186, 1, 6, teal)
	c.brush(92, 186, .85, 22, sunny)
	c.pot(80, 218, 1.15, lagoon)
	c.pot(c.between(304, 330), 220, 1.2, one(c, coral, rose))
	c.path(white, "M150 226l16-34h84l14 34z")
	c.path(sunny, "M186 216q2-18 18-18t18 12q-10 14-36 6z")
	c.path(coral, "M222 212l10-12 12 14z")
	for i, x := range []float64{352, 370, 28, 12, 44} {
		c.crocus(x, 182+float64(i%2)*8, .95, []string{plum, lilac, sunny}[i%3])
	}
}

func drawHero(c *canvas) {
	c.heaven()
	c.printf(`<path fill="%s" opacity=".3" d="M60 240 150-10h110z"/>`, cream)
	c.skyline(c.far, 240, 60, 110)
	c.skyline(c.mid, 240, 34, 80)
	c.hero(c.between(190, 230), c.between(84, 100), 1.5, one(c, teal, denim), one(c, coral, brick))
	c.hero(c.between(300, 330), 140, .7, coral, sunny)
	c.skyline(c.fore, 240, 16, 46)
}

func drawStage(c *canvas) {
	c.rect(navy, 0, 0, 400, 240)
	c.path(c.mid, "M60 20h280v160H60z")
	c.skyline(plum, 170, 20, 70)
	c.printf(`<g fill="%s" opacity=".25"><path d="M110 0 60 200h120zM290 0l-70 200h130z"/></g>`, cream)
	c.path(earth, "M0 178h400v62H0z")
	c.path(bark, "M0 178h400v7H0zM0 208h400v3H0z")
	c.printf(`<g fill="%s" opacity=".5"><ellipse cx="120" cy="200" rx="62" ry="13"/><ellipse cx="286" cy="200" rx="66" ry="13"/></g>`, cream)
	c.standing(112, 202, 1.5)
	c.standing(280, 202, -1.5)
	c.standing(200, 194, 1.2)
	c.note(c.between(150, 166), 96, .9, sunny)
	c.note(c.between(232, 250), 78, .7, cream)
	c.path(brick, "M0 0h400v34q-25 22-50 0-25 22-50 0-25 22-50 0-25 22-50 0-25 22-50 0-25 22-50 0-25 22-50 0-25 22-50 0z")
	c.path(brick, "M0 20h62q-4 90-34 130 10 50 14 90H0zM400 20h-62q4 90 34 130-10 50-14 90h42z")
	c.path("#8f3320", "M22 20h14q0 90-22 130v90H6v-96q18-50 16-124zM378 20h-14q0 90 22 130v90h8v-96q-18-50-16-124z")
	c.path(sunny, "M0 146h34l-4 8H0zM400 146h-34l4 8h30z")
}

func drawSport(c *canvas) {
	c.heaven()
	c.ridge(c.far, 128, 18)
	c.ridge(c.mid, 146, 12)
	c.village(c.between(60, 110), 158, .6)
	c.wood(c.tree, 166, 20, 34, 52)
	c.path(c.near, "M0 160h400v80H0z")
	c.line(cream, 3, "M-4 184h408M200 160v80")
	c.printf(`<ellipse stroke="%s" stroke-width="3" cx="200" cy="206" rx="64" ry="17"/>`, cream)
	c.hoop(348, 200, .9)
	c.line(white, 4, "M22 208v-50h66v50")
	c.line(white, 1.2, "M22 170h66M22 182h66M22 194h66M38 158v50M55 158v50M72 158v50")
	c.standing(c.between(140, 160), 220, 1.25)
	c.standing(c.between(236, 262), 214, -1.25)
	c.ball(c.between(190, 210), 104, 11, coral, ink)
	c.ball(110, 218, 9, white, ink)
	for i, x := range []float64{300, 322, 312} {
		c.printf(`<ellipse fill="%s" cx="%s" cy="%s" rx="8" ry="10.5"/>`, []string{sunny, coral, lilac}[i], num(x), num(224-float64(i%3/2)*10))
	}
}

func drawWheelSport(c *canvas) {
	c.rect(c.haze, 0, 0, 400, 240)
	c.path(c.glow, "M0 0h400v40L0 90z")
	c.path(c.sky, "M30 24h80v54H30zM130 24h80v54h-80zM230 24h80v54h-80z")
	c.path(c.far, "M30 66q40-16 80-4v16H30zM130 64q40-14 80 2v12h-80zM230 62q40-6 80 6v10h-80z")
	c.rect(dune, 0, 150, 400, 90)
	c.rect(earth, 0, 146, 400, 5)
	c.line(white, 4, "M-4 178h408M120 150q-30 60 40 92")
	c.printf(`<ellipse stroke="%s" stroke-width="4" cx="270" cy="206" rx="80" ry="20"/>`, coral)
	c.hoop(352, 190, 1.1)
	c.wheels(c.between(110, 130), 214, 1.5)
	c.wheels(c.between(236, 256), 204, 1.35)
	c.ball(c.between(186, 200), 96, 14, coral, ink)
	c.bunting(-8)
}

func drawTalk(c *canvas) {
	c.rect(c.sky, 0, 0, 400, 240)
	c.path(c.haze, d("M0 70q100", c.side()*16, "200 0t200 0v180H0z"))
	c.path(c.glow, "M0 108q100 14 200 0t200 0v140H0z")
	c.disc(c.between(330, 360), 44)
	c.ridge(c.far, 140, 20)
	c.village(c.between(180, 220), 172, .95)
	c.ridge(c.mid, 168, 14)
	c.bubble(94, 72, 1.15, white, coral)
	c.bubble(270, 56, -.95, sunny, bark)
	c.meadow(c.near, 184)
	c.standing(84, 218, 1.45)
	c.standing(310, 218, -1.45)
	c.ball(c.between(190, 220), 212, 9, white, ink)
	c.path(c.fore, "M0 220q120-10 220-1t180-4v25H0z")
}

func drawVineyard(c *canvas) {
	c.heaven()
	c.ridge(c.far, 130, 18)
	c.path(c.mid, "M60 170q60-52 140-52t150 52z")
	c.hillTown(200+c.between(-24, 24), 126, .8)
	c.ridge(c.near, 164, 8)
	rows := ""
	for i := range 9 {
		x := float64(i) * 50
		rows += d("M", 200+(x-200)*.34, 168, "L", -60+(x-200)*1.7+260, "240")
	}
	c.line(c.fore, 9, rows)
	c.cypress(46, 186, 1.25, c.fore)
	c.cypress(72, 190, .95, c.fore)
	c.cypress(356, 188, 1.15, c.fore)
	c.at(318, 232, 1, func() {
		for _, x := range []float64{-26, 0, 26, 52} {
			c.line(c.tree, 3, d("M", x, "8v-36"))
			c.circle(sunny, x, -32, 12)
			c.circle(bark, x, -32, 5.5)
		}
	})
}
