package fiches

import (
	"encoding/json"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
	"joetz/shop/seed"
	"joetz/terms/id"
)

// BenchmarkPocket opens a camp of 200 whole fiches on a phone, from the tap on "Open" until the list has been laid out: one fiche
// on which every question is answered, 200 times. key-ms is the work on the PIN; page-ms is the whole. It is Chromium
// without a screen, on this machine: a phone is slower.
func BenchmarkPocket(b *testing.B) {
	p, _ := shoptest.Start(b)
	var row struct {
		Booking   id.Booking   `db:"booking_id"`
		Departure id.Departure `db:"departure_id"`
		Guardian  id.Guardian  `db:"guardian_id"`
	}
	if err := p.DB.Get(&row, `SELECT c.booking_id, c.departure_id, g.guardian_id FROM camp_child c JOIN camp_parent g USING (participant_id)
		WHERE c.first_name = 'Moussa' ORDER BY g.guardian_id LIMIT 1`); err != nil {
		b.Fatal(err)
	}
	early := *p.Services.Medical
	early.Now = func() time.Time { return p.Now().AddDate(0, 0, -30) }
	v := early.Questions.Current()
	all := medicaltest.Everything(v, func(about string) string {
		return "Een antwoord van gewone lengte op " + about + ", met wat uitleg erbij."
	})
	for _, s := range v.Sections {
		typed := questionnaire.Answers{}
		for id, value := range all {
			if v.Question(id).Section == s.ID {
				typed[id] = value
			}
		}
		if _, err := medicaltest.SaveTopic(b.Context(), &early, medical.Reader{Guardian: row.Guardian, Role: medical.Guardian}, row.Booking, s.ID, typed); err != nil {
			b.Fatal(err)
		}
	}
	a := browsertest.Open(b, p.URL(), 390)
	shoptest.SignInStaff(a, seed.SignIns[2])
	a.Pick("Dat beloof ik").Press("Verder").Press("Neem de fiches mee")
	a.MustEval(`() => { const real = window.fetch; window.fetch = async (...args) => { // one child, 200 times
		const answer = await real(...args);
		if (!String(args[0]).endsWith("/meenemen") || !answer.ok) return answer;
		const camp = await answer.json(), whole = camp.children.reduce((a, c) => JSON.stringify(c).length > JSON.stringify(a).length ? c : a);
		camp.children = Array.from({ length: 200 }, (_, i) => ({ ...structuredClone(whole), booking: whole.booking * 1000 + i }));
		return new Response(JSON.stringify(camp), { headers: { "Content-Type": "application/json" } }); }; }`)
	a.Fill("Kies een PIN", "482913").Fill("Nog eens", "482913").Tap("Neem mee").Awaits("De fiches staan op dit toestel.")
	var key, page float64
	for b.Loop() {
		a.Visit("/animator/zonder-signaal").Awaits("PIN voor").Fill("PIN", "482913")
		said := a.MustEval(`() => new Promise((resolve) => {
			const view = document.getElementById("pocket-view"), began = performance.now();
			new MutationObserver((_, o) => { if (!view.firstChild) return; o.disconnect(); view.getBoundingClientRect();
				const page = performance.now() - began, rows = view.querySelectorAll("li").length, pocket = document.getElementById("pocket");
				const told = () => pocket.dataset.times ? resolve({ page, rows, key: Number(pocket.dataset.times.split(" ")[0]) }) : setTimeout(told, 5);
				told(); }).observe(view, { childList: true });
			document.querySelector("#pocket-pin [type=submit]").click(); })`)
		var one struct {
			Page, Key float64
			Rows      int
		}
		if err := json.Unmarshal([]byte(said.JSON("", "")), &one); err != nil || one.Rows < 200 {
			b.Fatal(one, err)
		}
		b.Logf("key %.0f ms, page %.0f ms", one.Key, one.Page)
		key, page = key+one.Key, page+one.Page
	}
	b.ReportMetric(key/float64(b.N), "key-ms")
	b.ReportMetric(page/float64(b.N), "page-ms")
}
