package booking

import (
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
)

// startAt runs a shop whose clock the test moves.
func startAt(t *testing.T, c config.Config, at time.Time) (p *program.Program, clock *atomic.Int64) {
	t.Helper()
	clock = &atomic.Int64{}
	clock.Store(at.UnixMicro())
	p, err := program.New(t.Context(), c, func() time.Time { return time.UnixMicro(clock.Load()).UTC() }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	shoptest.RunUntilEnd(t, p)
	return p, clock
}

// TestTheMorningOfTheSale: two families wait, the sale opens, the lot decides, and who had the second place books after the
// first was let in; a stranger who comes straight to the form is asked to stand in line.
func TestTheMorningOfTheSale(t *testing.T) {
	t.Parallel()
	opens := time.Date(2026, 12, 5, 11, 0, 0, 0, time.UTC)
	p, clock := startAt(t, shoptest.Config(t), opens.Add(-20*time.Minute))
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
	clock.Store(opens.UnixMicro())
	stranger := browsertest.Open(t, p.URL(), 390)
	stranger.Visit("/vakanties").Press("Het geheim van Massembre").Choose("Hoeveel kinderen", "1").Press("Boek").Sees("Aanmelden")
	first := strings.Contains(a.Visit(room).Shot("line-390").Read(), "Je bent de volgende")
	if second := strings.Contains(b.Visit(room).Shot("line-1280").Read(), "Je bent de volgende"); first == second {
		t.Errorf("of two families not exactly one is the next: %v, %v", first, second)
	}
	clock.Store(opens.Add(time.Second).UnixMicro())
	for _, tab := range []*browsertest.Tab{a, b} {
		tab.Visit(room).Sees("Jij bent aan de beurt").Press("Ga boeken").Choose("Hoeveel kinderen", "1").Press("Boek").Sees("Kind")
	}
}
