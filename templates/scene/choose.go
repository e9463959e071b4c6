package scene

import (
	"math/rand/v2"
	"strings"
)

// motif is one kind of picture: the words that call for it, its light, its drawing.
type motif struct {
	name    string
	words   string // beginnings of words, separated by blanks; + joins words that must both be there
	palette func(seasonOfYear, *rand.Rand) colours
	draw    func(*canvas)
}

// choose takes the motif whose words weigh most: the title counts four times, the place twice, the description once.
// Without any word, the kind of trip decides.
func choose(h Holiday) motif {
	title, place, about := fold(h.Title), fold(h.Destination), fold(h.About)
	best, weight := motif{}, 0
	for _, m := range motifs {
		w := 0
		for _, word := range strings.Fields(m.words) {
			w += 4*has(title, word) + 2*has(place, word) + has(about, word)
		}
		if w > weight {
			best, weight = m, w
		}
	}
	if weight > 0 {
		return best
	}
	fallback := "hills"
	switch {
	case h.Flight:
		fallback = "cove"
	case h.Abroad:
		fallback = "alps"
	}
	for _, m := range motifs {
		if m.name == fallback {
			return m
		}
	}
	return motifs[0]
}

// fold makes text comparable: small letters, no accents, words between blanks.
func fold(s string) string {
	s = strings.NewReplacer("é", "e", "è", "e", "ë", "e", "ï", "i", "ö", "o", "ô", "o", "ü", "u", "ê", "e").Replace(strings.ToLower(s))
	words := strings.FieldsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return " " + strings.Join(words, " ") + " "
}

func has(text, word string) int {
	for _, part := range strings.Split(word, "+") {
		if !strings.Contains(text, " "+part) {
			return 0
		}
	}
	return 1
}

// motifs in the order that breaks ties: the more particular first.
var motifs = []motif{
	{"superhero", "superheld held+cape stad+gered", always(night, dusk), drawHero},
	{"stage", "musical theater premiere podium dans muziek", always(night, dusk), drawStage},
	{"atelier", "atelier verf klei schilder knutsel", sunlight, drawAtelier},
	{"firstnight", "proefweekend eerst+huis nachtjes", always(night, dusk), drawFirstNight},
	{"treehouse", "boomhut takken", sunlight, drawTreehouse},
	{"castle", "ridder kasteel zwaard toernooi", daylight, drawCastle},
	{"farm", "boerderij dieren+verzorgen stal ponykamp", sunlight, drawFarm},
	{"wheelsport", "omnisport+wielen rolstoelbasket handbike", sunlight, drawWheelSport},
	{"wheelbeach", "golven+wielen strandrolstoel", sunlight, drawWheelBeach},
	{"sport", "omnisport sport sporten", sunlight, drawSport},
	{"talk", "parlez frans+spreken taal", sunlight, drawTalk},
	{"calmsea", "rustig autivriendelijk pictogrammen", always(morning, coralDay), drawCalmSea},
	{"harbour", "zeebonk nieuwpoort sluizen haven+vuurtoren", daylight, drawHarbour},
	{"dunes", "duinen duinenland oostduinkerke garnalen", sunlight, drawDunes},
	{"autumnwood", "herfst paddenstoel pompoen spook", always(ochre), drawAutumnWood},
	{"campfire", "wild kampvuur kamp+bouwen tweedaagse", always(night, dusk), drawCampfire},
	{"cliffriver", "massembre maas speurtocht geheim", sunlight, drawCliffRiver},
	{"bikes", "mountainbike fiets+tocht wielen+water", sunlight, drawBikes},
	{"snow", "sneeuw ski piste", always(frost, rosy), drawSnow},
	{"meadowalps", "alpenweide koeien rodelbaan tirol", always(morning, noon), drawMeadowAlps},
	{"alps", "boomgrens berg bergwandelen alpen grimentz", sunlight, drawAlps},
	{"canoe", "kano peddel", always(golden, coralDay, noon), drawCanoe},
	{"vineyard", "frans+zon bourgondie wijn vezelay dorpsfeest", always(golden), drawVineyard},
	{"gelato", "gelato ijsje rimini pizza", always(coralDay, noon), drawGelato},
	{"islands", "eilandhop pag zonsondergang boottocht", always(golden, coralDay, dusk), drawIslands},
	{"sup", "krk sup", always(noon, morning), drawSup},
	{"beach", "costa strand waterpark", always(noon), drawBeach},
	{"raft", "vlot veluwemeer zwemtocht", always(morning, noon), drawRaft},
	{"sailing", "bemanning zeilschip zeil ijsselmeer kombuis", daylight, drawSailing},
	{"british", "british engeland london cricket", always(coralDay, morning), drawBritish},
	{"kitesurf", "surfweek kitesurf windsurf ouddorp", always(noon, coralDay), drawKitesurf},
	{"cliffs", "opaalkust klif wimereux krabben fort", always(morning, noon), drawCliffs},
	{"cove", "baai mallorca snorkel grot", always(noon, golden), drawCove},
	{"gorge", "kreta kloof samaria griek", always(golden, noon), drawGorge},
	{"fjord", "fjord hut+hut trektocht noorwegen", always(morning, coralDay, dusk), drawFjord},
	{"wave", "atlantisch golven surfles peniche", always(noon, golden), drawWave},
	{"malta", "malta engels+zee", always(golden, coralDay), drawMalta},
	{"forest", "bos ardennen natuur", daylight, drawForest},
	{"hills", "groen", sunlight, drawHills},
}
