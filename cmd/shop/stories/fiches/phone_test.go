package fiches

import (
	"fmt"
	"strings"
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
)

// answerPage answers what is asked on a page of the fiche as somebody with little to tell: no, none, and a word where one is
// needed. What is filled in already stays.
const answerPage = `() => {
	const form = document.querySelector("main form"), seen = new Set(), shown = (e) => e.offsetParent !== null;
	for (const e of form.querySelectorAll("input, select, textarea")) {
		if (!shown(e) && e.type !== "radio" && e.type !== "checkbox" || e.type === "hidden" || e.type === "file") continue;
		if (e.type === "radio" || e.type === "checkbox") {
			if (seen.has(e.name) || e.closest("[hidden]")) continue;
			seen.add(e.name);
			const group = [...form.querySelectorAll("[name='" + e.name + "']")];
			if (group.some((o) => o.checked)) continue;
			if (e.name === "consent.keep" || group.length === 1) { group[0].click(); continue; } // "yes", and what is agreed to
			(group.find((o) => o.value === "no" || o.value === "none") || group[group.length - 1]).click();
		} else if (e.tagName === "SELECT") {
			if (!e.value) e.value = e.options[e.options.length - 1].value;
		} else if (!e.value) {
			e.value = e.type === "tel" ? "0470 12 34 56" : e.inputMode === "numeric" ? "30" : "Oma Rita";
		}
	}
}`

// fillOn goes on with a fiche from where it stands, at most that many pages.
func fillOn(t *testing.T, b *browsertest.Tab, pages int) (saved int) {
	t.Helper()
	for tries := 0; saved < pages && strings.Contains(b.Path(), "/deel/"); tries++ {
		if tries > 40 {
			t.Fatalf("the fiche does not end: %s", b.Read())
		}
		before := b.Path()
		b.MustEval(answerPage)
		b.Press("Bewaren en verder")
		if cut := func(path string) string { at, _, _ := strings.Cut(path, "?"); return at }; cut(b.Path()) != cut(before) {
			saved++
		}
	}
	return saved
}

// TestTwoFichesOnAPhone: a parent fills in the fiches of two children. The first is begun on one phone, goes on another, and is
// signed by name; the second begins with what was told about the family. For next year's holiday the answers that may be kept
// are there to confirm, and nothing is taken over without a look.
func TestTwoFichesOnAPhone(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties")
	shoptest.BookTwo(t, b, "Het geheim van Massembre", "Met een overschrijving")
	children, _ := newest(t, p)
	first, second := fmt.Sprintf("/mijn/fiche/%d", children[0]), fmt.Sprintf("/mijn/fiche/%d", children[1])
	b.Visit(first).Sees("1 van 10 delen klaar").Shot("fiche-begin-390").Press("Verdergaan").Shot("fiche-contact-390")
	asksFirst := func() bool { // whether leaving this page asks first, because of what was typed
		return b.MustEval(`() => !window.dispatchEvent(new Event("beforeunload", {cancelable: true}))`).Bool()
	}
	if asksFirst() {
		t.Error("leaving the page asks before anything is typed")
	}
	if b.Fill("Naam huisarts", "Dokter Peeters"); !asksFirst() {
		t.Error("what was typed is lost without asking")
	}
	if n := fillOn(t, b, 3); n != 3 {
		t.Fatalf("%d pages saved", n)
	}
	if asksFirst() {
		t.Error("leaving the page asks though everything is saved")
	}

	other := browsertest.Open(t, p.URL(), 390)
	other.Visit("/aanmelden?next=" + first)
	shoptest.SignInParent(t, other, "mieke@example.be")
	other.Visit(first).Sees("4 van 10 delen klaar").Shot("fiche-other-phone-390").Press("Verdergaan")
	fillOn(t, other, 40)
	other.Visit(first+"/nakijken").Sees("Ik, Mieke Test, heb alles naar waarheid ingevuld", "Oma Rita").Shot("fiche-check-390")
	other.Press("Fiche ondertekenen en doorsturen").Sees("Bedankt, de fiche van Lena is ondertekend", "Ondertekend op")

	b.Visit(second).Press("Verdergaan").Sees("Dit vulde je in voor Lena. Kijk na of het ook klopt voor Mats").Shot("fiche-sibling-390")
	values := func(tab *browsertest.Tab) string {
		return tab.MustEval(`() => [...document.querySelectorAll("main input, main select, main textarea")].filter((e) => e.type !== "radio" && e.type !== "checkbox" || e.checked).map((e) => e.name + "=" + e.value).join(" ")`).Str()
	}
	if got := values(b); !strings.Contains(got, "Oma Rita") || !strings.Contains(got, "contact.gp_phone=") {
		t.Errorf("the second child's page has %s", got)
	}
	b.Press("Bewaren en verder")
	if got := values(b); strings.Contains(got, "=no") || strings.Contains(got, "=yes") {
		t.Errorf("answers about health were taken over: %s", got)
	}

	var next int64
	if err := p.DB.Get(&next, `INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id, policy_hash, trip, legal_regime,
			booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
		SELECT b.order_id, b.participant_id, l.departure_id, 'placed', b.category, b.evidence, b.photo_consent, false, l.id, b.policy_hash, b.trip, b.legal_regime, b.booked_on, d.starts_on,
			b.base_price_cents, b.price_cents, 0, b.deposit_cents, b.placed_at
		FROM booking b, price_list l JOIN departure d ON d.id = l.departure_id WHERE b.id = $1 AND l.departure_id <> b.departure_id AND d.starts_on > $2 ORDER BY l.id LIMIT 1 RETURNING id`, children[0], p.Now()); err != nil {
		t.Fatal(err)
	}
	again := fmt.Sprintf("/mijn/fiche/%d", next)
	b.Visit(again).Sees("antwoorden van de vorige keer bewaard", "0 van").Shot("fiche-next-year-390").Press("Beginnen").Sees("Dit vulde je de vorige keer in. Kijk na of het nog klopt en bewaar.")
	if got := values(b); !strings.Contains(got, "Oma Rita") {
		t.Errorf("next year's page has %s", got)
	}
	b.Press("Bewaren en verder")
	b.Visit(again).Sees("1 van")
}
