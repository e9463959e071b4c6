package scene

func drawDunes(c *canvas) {
	c.heaven()
	c.sea(132)
	c.sail(c.between(270, 330), 148, .42, white, cream, brick)
	c.surf(sand, 158)
	c.path(dune, "M0 178q70-40 150-10t110 22 140-24v74H0z")
	c.kite(c.between(200, 250), 70, 1, coral, sunny)
	c.standing(c.between(196, 216), 196, 1)
	c.path(sand, "M0 206q80-40 170-8t230-14v56H0z")
	c.line(earth, 3, "M0 196q40-18 84-18M20 196v-22M48 190v-22M76 186v-20")
	c.tufts(c.tree, 214, 50, 78, 108, 322, 350, 380)
	c.tufts(c.tree2, 226, 24, 66, 336, 366)
	c.birds(90, 60)
}

func drawHarbour(c *canvas) {
	c.heaven()
	c.sea(140)
	c.birds(c.between(150, 230), 54)
	c.path(slate, "M0 196q40-14 120-10l36 10v44H0z")
	c.lighthouse(70, 190, 1.25, one(c, brick, coral))
	c.sail(c.between(190, 220), 172, .8, cream, rose, navy)
	c.sail(c.between(318, 346), 160, .55, sunny, cream, brick)
	c.line(bark, 5, "M250 240v-40M300 240v-40M350 240v-40")
	c.path(earth, "M230 196h170v9H230z")
	c.standing(276, 196, 1)
	c.line(bark, 2, "M292 154q30 0 34 40")
}

func drawCalmSea(c *canvas) {
	c.rect(c.sky, 0, 0, 400, 240)
	c.path(c.haze, "M0 56h400v90H0z")
	c.path(c.glow, "M0 96h400v60H0z")
	c.disc(c.between(190, 240), 112)
	c.rect(c.water, 0, 140, 400, 60)
	c.printf(`<path stroke="%s" stroke-width="3" d="M196 150h52M204 158h38M212 166h24M60 154h26M320 160h30"/>`, c.foam)
	c.path(c.deep, "M0 170q100-6 200 0t200 0v30H0z")
	c.path(sand, "M0 192q120-18 240-4t160-6v58H0z")
	c.house(c.between(70, 96), 196, 1.1, white, teal)
	c.path(dune, "M0 204q80-16 160 0t240 4v32H0z")
	c.tufts(c.tree2, 222, 150, 176, 340, 366)
	c.person(270, 206, 1.1)
	c.person(300, 208, .95)
	c.birds(110, 66)
}

func drawCanoe(c *canvas) {
	c.heaven()
	c.ridge(c.far, 118, 22)
	c.ridge(c.mid, 138, 14)
	c.path(c.water, "M0 156q200-16 400 0v84H0z")
	c.path(sand, "M0 158q70-10 120-2-40 12-120 14z")
	c.tent(54, 160, .5, coral)
	for i, x := range []float64{250, 286, 322, 360, 392} {
		c.oak(x, 160, .6+.1*float64(i%3), c.tree, c.tree2)
	}
	c.path(c.deep, "M0 196q60-8 120 0t140 0 140-4v48H0z")
	c.line(c.foam, 2, "M30 178h30M150 172h24M300 184h36M80 216h28M330 214h26")
	c.canoe(c.between(180, 210), 194, 1.15, one(c, brick, pine, denim))
	c.canoe(338, 176, .55, sunny)
	c.tufts(c.fore, 240, 20, 40, 62, 370, 390)
}

func drawBeach(c *canvas) {
	c.heaven()
	c.ridge(c.far, 128, 16)
	c.domes(120, 146, .5)
	c.sea(140)
	c.sail(c.between(250, 320), 156, .45, white, coral, navy)
	c.surf(sand, 172)
	c.parasol(110, 214, 1.2, coral, cream)
	c.towel(134, 220, 1, teal, white)
	c.parasol(c.between(226, 250), 206, .95, sunny, white)
	c.towel(286, 214, .9, brick, cream)
	c.palm(344, 222, 1.7)
	c.ball(190, 226, 8, white, coral)
}

func drawGelato(c *canvas) {
	c.heaven()
	c.sea(136)
	c.surf(sand, 166)
	for i := range 5 {
		c.parasol(24+float64(i)*46, 196+float64(i%2)*4, .72, []string{coral, teal}[i%2], cream)
	}
	for i := range 4 {
		c.parasol(c.between(0, 10)+float64(i)*58, 222, .95, []string{sunny, brick}[i%2], white)
	}
	c.gelato(c.between(296, 316), 234, 1.3)
}

func drawIslands(c *canvas) {
	c.heaven()
	c.path(c.far, "M-10 142q50-34 110-20t70 20zM230 142q50-46 100-28t90 28z")
	c.sea(140)
	c.path(c.mid, "M120 158q40-34 90-22t50 22z")
	c.stonePine(180, 142, .6)
	c.stonePine(212, 144, .5)
	c.sail(c.between(270, 310), 184, 1, cream, coral, navy)
	c.sail(c.between(76, 100), 166, .45, white, sunny, brick)
	c.path(dune, "M0 204q60-24 120-4t70 40H0z")
	c.path(c.tree, "M0 198q40-24 96-4-30 6-50 4t-46 10z")
	c.stonePine(44, 204, 1.2)
	c.path(c.fore, "M0 226q60-12 120 14H0z")
}

func drawSup(c *canvas) {
	c.heaven()
	c.path(c.far, "M0 140q60-50 130-30t80 30zM260 140q40-30 140-40v40z")
	c.sea(138)
	c.path(stone, "M400 130q-50 0-70 20t-10 30l80 10z")
	c.path(c.tree, "M400 118q-40-6-62 14 20 2 30-2t32 4z")
	c.stonePine(366, 132, .9)
	c.sup(c.between(140, 170), 192, 1.25, coral)
	c.sup(c.between(250, 276), 172, -.75, sunny)
	c.path(sand, "M0 214q70-16 140 4t90 22H0z")
	c.fish(210, 222, 1, sunny)
	c.fish(250, 230, -.8, rose)
	c.stonePine(28, 222, 1.25)
}

func drawRaft(c *canvas) {
	c.heaven()
	c.ridge(c.far, 132, 8)
	c.wood(c.tree2, 146, 14, 28, 30)
	c.at(330, 146, .8, func() { // a windmill on the far bank
		c.path(earth, "M-10 0l4-40H6l4 40z")
		c.path(bark, "M-8-40Q0-52 8-40z")
		c.line(bark, 3, "M-26-62 26-24M-26-24 26-62")
		c.line(cream, 5, "M-22-56l14 10M22-30 8-40M-20-26-8-37M20-60 8-50")
	})
	c.sea(146)
	c.raft(c.between(170, 210), 190, 1.1)
	c.person(320, 196, .8)
	c.path(coral, "M312 196h16v-8h-16z")
	c.canoe(66, 172, .5, brick)
	c.tufts(c.tree, 236, 16, 34, 52, 74, 330, 352, 376)
	c.tufts(c.fore, 242, 24, 44, 366, 390)
	c.birds(110, 70)
}

func drawSailing(c *canvas) {
	c.heaven()
	c.ridge(c.far, 138, 5)
	c.village(58, 142, .42)
	c.sea(140)
	c.sail(c.between(318, 350), 156, .45, cream, white, brick)
	c.barge(c.between(180, 206), 194, .98)
	c.path(c.deep, "M0 216q50-10 100 0t100 0 100 0 100 0v24H0z")
	c.line(c.foam, 2.5, "M70 220q14-8 28 0t28 0M240 218q14-8 28 0t28 0")
	c.birds(c.between(60, 100), 70)
}

func drawKitesurf(c *canvas) {
	c.heaven()
	c.sea(134)
	c.powerKite(c.between(96, 120), 52, 1, coral, sunny)
	c.powerKite(c.between(348, 360), 34, .55, teal, cream)
	c.standing(c.between(104, 114), 168, .9)
	c.path(coral, "M88 166q22-5 44 0-22 7-44 0z")
	c.at(252, 178, 1.1, func() { // a windsurfer
		c.path(sunny, "M-36 0q36-5 72 0-6 7-36 7T-36 0z")
		c.path(white, "M4-70q34 26 22 62L4-6z")
		c.path(teal, "M4-40l26 2q2 14-4 30L4-10z")
		c.line(bark, 2.5, "M3-72V0")
		c.standing(-12, 0, .9)
	})
	c.surf(sand, 198)
	c.surfboard(334, 226, .9, cream, coral)
	c.surfboard(358, 228, .95, aqua, navy)
	c.tent(56, 226, .7, amber)
}

func drawCliffs(c *canvas) {
	c.heaven()
	c.sea(136)
	c.fort(c.between(90, 130), 150, .7)
	c.path(white, "M400 64q-70-4-110 4l-16 22-12 4-8 40-20 10-4 36h170z")
	c.path("#d8cdb0", "M400 116l-50 6-14 26-30 6-8 26h102zM312 70l10 40-14 24 4-30-10-18zM362 72l6 34-10 16z")
	c.path(c.near, "M400 56q-90-10-138 16 34 8 60 1t78 3z")
	c.birds(170, 60)
	c.lighthouse(346, 66, .45, brick)
	c.surf(dune, 180)
	c.at(190, 220, 1, func() { // a crab in a rock pool
		c.path(aqua, "M-50 8q0-16 50-16T50 8q0 10-50 10T-50 8z")
		c.path(coral, "M-20 0q4-14 20-14T20 0q-6 10-20 10T-20 0z")
		c.line(coral, 4, "M-18-4-30-14M18-4l12-10M-16 6l-10 6M16 6l10 6")
		c.circle(ink, -6, -8, 2)
		c.circle(ink, 6, -8, 2)
	})
	c.standing(c.between(84, 104), 222, 1.1)
	c.path(slate, "M290 240q6-24 34-22t40 22z")
}

func drawCove(c *canvas) {
	c.heaven()
	c.path(c.far, "M0 130q80-30 150 0z")
	c.sea(130)
	c.path(lagoon, "M80 190q60-30 150-18t110 68H40z")
	c.path(dune, "M0 96q50-6 76 18l14 26 24 8 10 30-40 30-84 6z")
	c.path(earth, "M0 150q40 0 60 24t50 10l4 2-30 22-84 6z")
	c.path(c.tree, "M0 100q40-20 80 8 4 10-10 8-30-12-70 2z")
	c.path(dune, "M400 84q-50 0-74 30l-10 34-26 12-8 26 50 30 68 4z")
	c.path(ink, "M330 170q0-28 18-28t18 30z")
	c.path(c.tree, "M400 86q-46-10-80 26 20 4 40-8t40-4z")
	c.stonePine(48, 100, .8)
	c.stonePine(368, 88, .75)
	c.person(c.between(196, 214), 182, .85)
	c.path(sunny, "M190 176q12 6 26 0v6h-26z")
	for range 5 {
		c.fish(c.between(120, 290), c.between(200, 232), c.side()*c.between(.6, 1), one(c, sunny, coral, white))
	}
	c.path(sand, "M0 226q40-10 70 14H0z")
}

func drawWave(c *canvas) {
	c.heaven()
	c.rect(c.deep, 0, 140, 400, 100)
	c.path(c.water, "M0 164q60 6 96-22 46-62 122-66 66 0 88 46-30-14-50 4-24 24 10 40 60 18 134-8v82H0z")
	c.path(c.deep, "M118 176q20-56 90-74-40 34-30 74zM150 178q6-34 46-58-14 28-8 58z")
	c.path(c.foam, "M96 142q46-62 122-66 66 0 88 46-12-6-22-4 2 10-8 14-6-10-14-8-2 14-12 16-2-12-10-10 0-18 14-26-18-18-52-16-58 6-106 54z")
	c.line(c.foam, 3, "M20 186q30-10 60 0M300 204q30-8 60 0M120 216q24-8 48 0M240 222q24-8 48 0")
	c.at(c.between(182, 196), 178, 1.05, func() {
		c.path(coral, "M-40 2Q0-7 36-13 12 9-40 2z")
		c.standing(0, -4, 1)
	})
	c.path(sand, "M0 226q90-18 170 2l20 12H0z")
	c.surfboard(38, 238, .95, sunny, brick)
	c.surfboard(62, 240, 1.05, cream, teal)
	c.birds(60, 70)
}

func drawBritish(c *canvas) {
	c.heaven()
	c.birds(c.between(40, 90), 56)
	c.ridge(c.far, 140, 12)
	c.path(dune, "M0 176v-40h30v-10h16v10h40v-14h14v14h60v40zM210 176v-36h40v-8h14v8h60v-14h14v14h62v36z")
	c.path(earth, "M0 136h158v4H0zM210 140h190v4H210zM14 150h7v12h-7zM34 150h7v12h-7zM54 150h7v12h-7zM74 150h7v12h-7zM94 150h7v12h-7zM230 154h7v12h-7zM250 154h7v12h-7zM272 154h7v12h-7zM300 154h7v12h-7zM322 154h7v12h-7zM350 154h7v12h-7zM374 154h7v12h-7z")
	c.bigBen(184, 178, 1.15)
	c.meadow(c.near, 178)
	c.redBus(c.between(290, 316), 208, 1.05)
	c.path(slate, "M0 208h400v7H0z")
	c.path(c.fore, "M0 214h400v26H0z")
	c.standing(84, 230, 1.25)
	c.line(sand, 5, "M98 186l10-20")
	c.line(cream, 3, "M40 230v-24M46 230v-24M52 230v-24")
	c.oak(24, 206, .9, c.tree, c.tree2)
}

func drawMalta(c *canvas) {
	c.heaven()
	c.domes(c.between(190, 220), 150, 1.15)
	c.path(dune, "M0 148h400v14H0z")
	c.sea(156)
	for i, x := range []float64{c.between(90, 110), c.between(250, 280)} {
		c.at(x, 196+float64(i)*10, 1.2-float64(i)*.2, func() { // a luzzu with its eyes
			c.path(denim, "M-50-18q6 14 10 12h76q6-2 14-16 0 26-16 30h-66q-14-2-18-26z")
			c.path(sunny, "M-48-9q4 5 10 5h76q6-1 10-9v6q-4 8-12 8h-74q-8 0-10-10z")
			c.path(brick, "M-42 4h78l-6 4h-66z")
			c.circle(white, 38, -8, 3.4)
			c.circle(ink, 38.5, -8, 1.5)
			c.person(-8, -8, .8)
		})
	}
	c.bubble(c.between(316, 336), 70, -.72, white, coral)
	c.path(c.deep, "M0 222q50-8 100 0t100 0 100 0 100 0v18H0z")
}

func drawWheelBeach(c *canvas) {
	c.heaven()
	c.sea(136)
	c.surf(sand, 166)
	c.kite(c.between(90, 120), 62, 1.05, teal, cream)
	c.kite(c.between(250, 290), 48, .8, coral, sunny)
	c.at(150, 212, 1.5, func() { // a beach wheelchair with balloon tyres
		c.line(denim, 4, "M-16-34q2 18 8 22h20l12 10")
		c.person(-2, -14, 1)
		c.line(navy, 6, "M4-15h10l8 10")
		c.line(skin, 3.5, "M4-26 18-38")
		c.path(sunny, "M-8-9a9 9 0 1 0 .1 0zM24-6a6 6 0 1 0 .1 0z")
		c.path(amber, "M-8-3a3 3 0 1 0 .1 0zM24-2a2 2 0 1 0 .1 0z")
	})
	c.standing(c.between(250, 266), 214, 1.3)
	c.path(dune, "M0 228q90-14 190 0t210-6v18H0z")
	c.tufts(c.tree, 236, 330, 356, 382)
	c.parasol(348, 204, .9, brick, cream)
}
