package fiches

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/command"
	"joetz/cmd/shop/config"
	"joetz/cmd/shop/shoptest"
	"joetz/migrations/pg/pgtest"
	"joetz/shop/seed"
)

// TestEmergencyAndWiping: an animator opens one fiche in an emergency; the parent hears of it, and the office looks into it.
// An incident holds the fiche until its file is closed; the family asks to wipe it, and the office does. A backup from before
// that is put back at once, and on its pages nothing can be read either.
func TestEmergencyAndWiping(t *testing.T) {
	t.Parallel()
	c := shoptest.Config(t)
	c.Tombstones = filepath.Join(t.TempDir(), "wiped")
	clock := shoptest.NewClock(shoptest.Base(t))
	p, stop := shoptest.StartOn(t, c, clock.Now)
	_, child := prescribe(t, p)
	var family struct{ Email, Last string }
	if err := p.DB.QueryRow(`SELECT g.email, p.last_name FROM booking b JOIN booking_order o ON o.id = b.order_id JOIN guardian g ON g.id = o.guardian_id
		JOIN participant p ON p.id = b.participant_id WHERE b.id = $1`, child).Scan(&family.Email, &family.Last); err != nil {
		t.Fatal(err)
	}
	fiche := fmt.Sprintf("/mijn/fiche/%d", child)

	a := browsertest.Open(t, p.URL(), 390)
	shoptest.SignInStaff(a, seed.SignIns[2])
	a.Visit("/nood").Fill("Voornaam", "Moussa").Fill("Familienaam", "Niemand").Fill("Wat is er", "Hij is gevallen en antwoordt niet").Press("Open de fiche").Sees("geen kind met die naam")
	a.Fill("Familienaam", family.Last).Fill("Wat is er", "gevallen").Press("Open de fiche").Sees("minstens 15 tekens").Shot("emergency-ask-390")
	a.Fill("Wat is er", "Hij is gevallen en antwoordt niet").Press("Open de fiche").Sees("Geopend bij nood, tot", "Pinda", "EpiPen en 112", "112").Shot("emergency-390")
	opened := a.Path()
	a.Press("Sluit de fiche").Sees("De fiche is gesloten")
	a.Visit(opened).Sees("weer dicht").SeesNot("Pinda").Shot("emergency-over-390")
	a.Visit("/animator").Pick("Dat beloof ik").Press("Verder")
	a.Visit("/nood").Fill("Voornaam", "Moussa").Fill("Familienaam", family.Last).Fill("Wat is er", "Hij heeft weer hoofdpijn").Press("Open de fiche").Sees("Dit kind is van jouw kamp", "Pinda").SeesNot("Geopend bij nood")
	a.Visit("/animator").Press("Moussa").Press("Verslag").Pick("Ongeval of incident").Fill("Wat is er gebeurd", "Gevallen van de trap.").Press("Schrijf op")

	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor?soort=emergency").Sees("Opende bij nood de fiche van Moussa").Shot("emergency-work-1280").Press("Kijk na")
	o.Sees("Hij is gevallen en antwoordt niet").Press("Bewaar").Sees("Vul dit in").Pick("Nee").Press("Bewaar").Sees("minstens 15 tekens")
	o.Pick("Ja, het was nodig").Press("Bewaar").Sees("Dit is nagekeken").Shot("emergency-reviewed-1280")
	o.Visit("/demo/mail").Sees("Iemand opende de fiche van Moussa bij nood").SeesNot("antwoordt niet", "Pinda")
	o.Visit("/kantoor/fiches?toon=held").Sees("Moussa", "incident-").Shot("fiches-held-1280").Press("Moussa")
	o.Sees("ongeval of incident op kamp", "Sluit dat eerst").Fill("Waarom mag", "De dokter en de ouder vonden het in orde.").Press("Sluit het dossier").Sees("Het dossier is gesloten").Shot("fiche-file-1280")

	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/aanmelden?next=" + fiche)
	shoptest.SignInParent(t, b, family.Email)
	b.Visit(fiche + "/wie-keek").Sees("opende de fiche in nood").Shot("who-read-390")
	b.Visit(fiche).Press("Deze fiche laten wissen").Sees("nog ingeschreven").Pick("Ik weet wat dit betekent").Shot("ask-wipe-390").Press("Vraag om te wissen").Sees("Fiche wissen")

	key, file := filepath.Join(t.TempDir(), "key"), filepath.Join(t.TempDir(), "backup")
	tool := func(dsn string, more []string, args ...string) string {
		t.Helper()
		var out, errs strings.Builder
		env := command.Environment{Vars: append([]string{"DATABASE_URL=" + dsn, "SHOP_DATA_DIR=" + c.DataDir, "SHOP_NOW=" + p.Now().Format(time.RFC3339)}, more...), In: strings.NewReader(""), Out: &out, Err: &errs}
		if status := command.Run(t.Context(), env, args); status != 0 {
			t.Fatalf("shop %v: %d %s", args, status, errs.String())
		}
		return out.String()
	}
	pair := tool(c.DatabaseURL.Reveal(), nil, "backup", "keys")
	if err := os.WriteFile(key, []byte(pair), 0o600); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(pair, "\n")
	tool(c.DatabaseURL.Reveal(), []string{"SHOP_BACKUP_RECIPIENTS=" + first[strings.Index(first, "age1"):]}, "backup", file)

	o.Visit("/kantoor?soort=request").Press("Antwoord").Press("Bekijk en wis de fiche").Sees("Het kamp is bezig").Press("Wis de fiche").Sees("Zet hier een vinkje").Pick("Het gezin vroeg dit").Press("Wis de fiche").Sees("Gesloten")
	b.Visit(fiche).Sees("gewist op").SeesNot("Pinda", "Nog te doen").Shot("wiped-390")
	if list, err := os.ReadFile(c.Tombstones); err != nil || !strings.Contains(string(list), "erasure") {
		t.Errorf("the wipe is not on the list outside the database: %s %v", list, err)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	again := c
	again.DatabaseURL, again.Tombstones = config.Secret(pgtest.EmptyDSN(t)), ""
	if said := tool(again.DatabaseURL.Reveal(), nil, "restore", "-key", key, "-tombstones", c.Tombstones, file); !strings.HasPrefix(said, "1 of ") {
		t.Errorf("restore said %q", said)
	}
	q, _ := shoptest.StartOn(t, again, clock.Now)
	b = browsertest.Open(t, q.URL(), 390)
	b.Visit("/aanmelden?next=" + fiche)
	shoptest.SignInParent(t, b, family.Email)
	b.Visit(fiche).Sees("gewist op").Visit(fiche+"/nakijken").SeesNot("Pinda", "Cetirizine").Shot("wiped-restored-390")
}
