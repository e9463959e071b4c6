package fiches

import (
	"strconv"
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
	"joetz/terms/civil"
)

// TestAChildLeavesEarly: a parent arranges it beforehand on the family's page, the office agrees, and the animators of the camp
// see when, and whose identity card they must look at; not before the office agreed.
func TestAChildLeavesEarly(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	a := browsertest.Open(t, p.URL(), 390)
	shoptest.SignInStaff(a, seed.SignIns[2])
	a.Press("Verder").Pick("Dat beloof ik").Press("Verder").Press("Noor")
	child := a.Path()

	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/aanmelden")
	shoptest.SignInParent(t, b, seed.SignIns[0].Email)
	b.Visit("/mijn/vragen/nieuw").Pick("Vroeger vertrekken").Choose("Over welke boeking?", "Noor, Zes dagen Ardennen").Fill("Je bericht", "Haar grootmoeder trouwt.").Press("Verstuur")
	b.Sees("Vul dit in.").Shot("leaving-errors-390") // nobody fetches her yet; what was typed is kept
	year, month, day := civil.Of(p.Now()).AddDays(1).YMD()
	b.Fill("Dag", strconv.Itoa(day)).Fill("Maand", strconv.Itoa(int(month))).Fill("Jaar", strconv.Itoa(year))
	b.Fill("Hoe laat?", "14:30").Fill("Wie haalt je kind op?", "Rita Mertens").Fill("Telefoonnummer van wie ophaalt", "0499 11 22 33").Press("Verstuur")
	b.Sees("Nog niet bevestigd").Shot("leaving-asked-390")
	asked := b.Path()
	a.Visit(child).SeesNot("Rita Mertens")

	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor/vragen").Press("K20").Sees("Rita Mertens", "Haar grootmoeder trouwt.").Pick("Ja, akkoord").Fill("Je antwoord", "Geen probleem.").Press("Verstuur het antwoord").Shot("leaving-agreed-1280")
	b.Visit(asked).Sees("Het kantoor is akkoord", "Geen probleem.")
	a.Visit(child).Sees("Vertrekt vroeger", "14:30", "Rita Mertens", "0499 11 22 33", "identiteitskaart").Shot("leaving-seen-390")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}
