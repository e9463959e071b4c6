package fiches

import (
	"strconv"
	"strings"
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
)

// TestAnimatorReadsTheirOwnCamp: an animator of the camp that is on opens the list and a child's fiche, and nobody else's.
func TestAnimatorReadsTheirOwnCamp(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	a := browsertest.Open(t, p.URL(), 390)
	shoptest.SignInStaff(a, seed.SignIns[2])
	a.Sees("Jouw belofte").SeesNot("Moussa").Press("Verder").Sees("Zet hier een vinkje").Pick("Dat beloof ik").Shot("promise-390").Press("Verder")
	a.Sees("Zes dagen Ardennen", "Moussa", "Nora").Shot("camp-390")
	a.Press("Moussa").Sees("notenallergie", "112", "070 245 245", "0474 55 66 77").Shot("fiche-390")
	var other int64
	if err := p.DB.Get(&other, `SELECT b.id FROM booking b WHERE b.departure_id NOT IN (SELECT departure_id FROM assignment) AND b.status <> 'cancelled' LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	path := a.Path()
	a.Visit(path[:strings.LastIndex(path, "/")+1] + strconv.FormatInt(other, 10)).Sees("Deze pagina bestaat niet")
	a.Visit("/kantoor").Sees("Deze pagina bestaat niet")
	if _, err := p.DB.Exec(`UPDATE assignment SET removed_at = now()`); err != nil {
		t.Fatal(err)
	}
	a.Visit(path).Sees("Deze pagina bestaat niet").SeesNot("notenallergie") // at the very next request
}
