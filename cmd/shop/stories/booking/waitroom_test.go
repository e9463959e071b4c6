package booking

import (
	"strings"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
)

// TestTheMorningOfTheSale: two families wait, the sale opens, the lot decides, and who had the second place books after the
// first was let in; a stranger who comes straight to the form is asked to stand in line.
func TestTheMorningOfTheSale(t *testing.T) {
	t.Parallel()
	opens := time.Date(2026, 12, 5, 11, 0, 0, 0, time.UTC)
	before := opens.Add(-20 * time.Minute)
	clock := shoptest.NewClock(before)
	clock.Hold(before) // it stands still: a slow machine may take longer than the first family has
	p, _ := shoptest.StartOn(t, shoptest.Demo(t, before), clock.Now)
	if _, err := p.DB.Exec(`UPDATE departure SET on_sale_at = $1 WHERE holiday_id = (SELECT id FROM holiday WHERE title = 'Het geheim van Massembre')`, opens); err != nil {
		t.Fatal(err)
	}
	a, b := browsertest.Open(t, p.URL(), 390), browsertest.Open(t, p.URL(), 1280)
	for email, tab := range map[string]*browsertest.Tab{"een@example.be": a, "twee@example.be": b} {
		tab.Visit("/vakanties").Press("Het geheim van Massembre").Press("Naar de wachtkamer")
		shoptest.SignInParent(t, tab, email)
		tab.Sees("Je zit in de wachtkamer")
	}
	room := a.Path()
	a.Visit(room).Shot("room-390")
	clock.Hold(opens)
	stranger := browsertest.Open(t, p.URL(), 390)
	stranger.Visit("/vakanties").Press("Het geheim van Massembre").Choose("Hoeveel kinderen", "1").Press("Boek").Sees("Aanmelden")
	first := strings.Contains(a.Visit(room).Shot("line-390").Read(), "Je bent de volgende")
	if second := strings.Contains(b.Visit(room).Shot("line-1280").Read(), "Je bent de volgende"); first == second {
		t.Errorf("of two families not exactly one is the next: %v, %v", first, second)
	}
	clock.Hold(opens.Add(time.Second))
	for _, tab := range []*browsertest.Tab{a, b} {
		tab.Visit(room).Sees("Jij bent aan de beurt").Press("Ga boeken").Choose("Hoeveel kinderen", "1").Press("Boek").Sees("Kind")
	}
}
