package fiches

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
	"joetz/shop/seed"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// prescribe lets Moussa's parents fill in, weeks before, a medicine for the evening and one for when it is needed.
func prescribe(t *testing.T, p *program.Program) (d id.Departure, b id.Booking) {
	t.Helper()
	ctx := t.Context()
	var row struct {
		Booking   id.Booking   `db:"booking_id"`
		Departure id.Departure `db:"departure_id"`
		Guardian  id.Guardian  `db:"guardian_id"`
	}
	if err := p.DB.Get(&row, `SELECT c.booking_id, c.departure_id, g.guardian_id FROM camp_child c JOIN camp_parent g USING (participant_id)
		WHERE c.first_name = 'Moussa' ORDER BY g.guardian_id LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	early := *p.Services.Medical
	early.Now = func() time.Time { return p.Now().AddDate(0, 0, -30) }
	text := func(s string) questionnaire.Value { return questionnaire.Value{Text: s} }
	med := func(key, name, when, from string) questionnaire.Row {
		return questionnaire.Row{Key: key, Cells: map[string]questionnaire.Value{"from": text(from), "name": text(name), "reason": text("hooikoorts"), "dose": text("1 tablet"), "route": text("mouth"),
			"when": {Many: []string{when}}, "storage": text("room"), "who": text("leader"), "prescription": text("no")}}
	}
	r := medical.Reader{Guardian: row.Guardian, Role: medical.Guardian}
	for topic, a := range map[string]questionnaire.Answers{
		"med": {"med.any": text("yes"), "med.nursing": text("no"), "med.rows": {Rows: []questionnaire.Row{med("1", "Cetirizine", "evening", civil.Of(p.Now()).String()), med("2", "Reispil", "needed", "")}},
			"med.needed": {Rows: []questionnaire.Row{{Key: "2", Cells: map[string]questionnaire.Value{"when": text("in de bus"), "max_per_day": text("1"), "hours_between": text("8")}}}}},
		"allergy": {"allergy.any": text("yes"), "allergy.rows": {Rows: []questionnaire.Row{{Key: "1", Cells: map[string]questionnaire.Value{"kind": text("food"), "what": text("Pinda"),
			"severity": text("life-threatening"), "reaction": text("zwelt op"), "todo": text("EpiPen en 112")}}}}, "allergy.pen": text("yes"), "allergy.pen_where": text("In de heuptas")},
	} {
		if _, err := medicaltest.SaveTopic(ctx, &early, r, row.Booking, topic, a); err != nil {
			t.Fatal(err)
		}
	}
	return row.Departure, row.Booking
}

// records is how much the demo's animator wrote down.
func records(t *testing.T, p *program.Program) (n int) {
	t.Helper()
	if err := p.DB.Get(&n, `SELECT count(*) FROM fiche_record r JOIN staff s ON s.id = r.staff_id WHERE s.email = $1`, seed.SignIns[2].Email); err != nil {
		t.Fatal(err)
	}
	return n
}

// writtenLater is when the latest thing happened that was written down an hour or more afterwards.
func writtenLater(t *testing.T, p *program.Program) (at time.Time) {
	t.Helper()
	if err := p.DB.Get(&at, `SELECT max(happened_at) FROM fiche_record WHERE happened_at < received_at - interval '1 hour'`); err != nil {
		t.Fatal(err)
	}
	return at
}

// TestFicheWithoutSignal: an animator takes the fiches along, finds an allergy with the network off, gives a medicine,
// comes back and it is written down once; is removed, and the phone is empty at the next contact.
func TestFicheWithoutSignal(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	d, moussa := prescribe(t, p)
	p.DB.MustExec(`INSERT INTO family_request (number, kind, guardian_id, booking_id, status, opened_at, waiting_since, answer_by, leaves_at, fetcher_name, fetcher_phone, agreed_at, agreed_by)
		SELECT 'K9', 'leaving', o.guardian_id, b.id, 'answered', t, t, b.departs_on, t + interval '1 day', 'Rita Mertens', '0499 11 22 33', t, (SELECT min(id) FROM staff)
		FROM (SELECT $2::timestamptz AS t) moment, booking b JOIN booking_order o ON o.id = b.order_id WHERE b.id = $1`, moussa, p.Now())
	air := newAirwaves(t, p.URL())
	a := browsertest.Open(t, air.site(), 390)
	shoptest.SignInStaff(a, seed.SignIns[2])
	a.Pick("Dat beloof ik").Press("Verder").Sees("Geneesmiddelen vandaag", "Cetirizine").Shot("today-390")
	camp := a.Path()
	a.Sees("Neem de fiches nu mee op dit toestel").Press("Neem de fiches mee").Shot("take-390")
	a.MustElement(`head > link[rel="manifest"]`) // browsers install nothing from a link in the body
	a.Fill("Kies een PIN", "482913").Fill("Nog eens", "482914").Tap("Neem mee").Awaits("niet gelijk").Shot("take-wrong-390")
	a.MustElement(`.field-bad #f-again[aria-invalid="true"][aria-describedby="f-again-error"]:focus`) // beside the field that is wrong
	a.Fill("Kies een PIN", "482913").Fill("Nog eens", "482913").Tap("Neem mee").Awaits("De fiches staan op dit toestel.")
	if a.MustHas(".field-bad") {
		t.Error("a PIN that was mended is still called wrong")
	}
	a.Visit(camp).Sees("Neem de fiches mee").SeesNot("Neem de fiches nu mee op dit toestel") // now a tool among the others

	air.lose()
	a.Visit(camp).Awaits("Zonder signaal").SeesNot("Moussa", "Pinda").Shot("locked-390")
	a.Fill("PIN", "000000").Tap("Open").Awaits("Je kan nog 4 keer proberen").SeesNot("Moussa")
	a.Fill("PIN", "482913").Tap("Open").Awaits("Moussa").Shot("offline-390")
	if times, err := a.MustElement("#pocket").Attribute("data-times"); err == nil && times != nil {
		t.Logf("PIN to key and key to page, in milliseconds: %s", *times)
	}
	if phone := a.MustEval(`() => [...document.querySelectorAll("#pocket-view .dial")].every((d) => d.dataset.phone.length > 8)`).Bool(); !phone {
		t.Error("the printed list has signs of a phone without its number")
	}
	a.Sees("Vertrekt vroeger", "Rita Mertens (0499 11 22 33)")
	a.Tap("Moussa").Awaits("Pinda").Sees("Vertrekt vroeger", "Rita Mertens", "identiteitskaart", "EpiPen en 112", "In de heuptas", "Adrenalinepen", "0474 55 66 77").SeesNot("hooikoorts").Shot("offline-child-390")
	// The phone's back button goes back one step, and forward again; a full memory keeps nothing, and says so.
	a.Tap("18:00").Awaits("Hoe ging het?")
	a.MustEval(`() => history.back()`)
	a.Awaits("Eerste hulp opschrijven").Sees("Pinda")
	a.MustEval(`() => history.back()`)
	a.Awaits("Alle kinderen")
	a.MustEval(`() => history.forward()`)
	a.Awaits("Pinda").Tap("Eerste hulp opschrijven").Awaits("Wat is er gebeurd")
	a.MustEval(`() => { const put = IDBObjectStore.prototype.put; window.room = () => { IDBObjectStore.prototype.put = put; };
		IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); }; }`)
	a.Fill("Wat is er gebeurd", "Schaafwond").Tap("Schrijf op").Awaits("Niet bewaard")
	a.MustEval(`() => { window.room(); history.back(); }`)
	a.Awaits("Pinda").SeesNot("Schaafwond", "wacht op signaal")
	a.Tap("18:00").Awaits("Hoe ging het?").Pick("Gegeven").Shot("offline-give-390").Tap("Schrijf op").Awaits("1 melding wacht op signaal")
	a.Tap("Geef Reispil").Awaits("in de bus").Pick("Gegeven").Tap("Was het vroeger dan nu?").Choose("Welke dag?", "Gisteren").Tap("Schrijf op").Awaits("hoe laat het gisteren was").Shot("offline-earlier-390")
	shoptest.SetField(t, a, "pocket-clock", "23:15")
	yesterday, err := civil.Parse(a.MustEval(`() => document.getElementById("pocket-on").value`).Str())
	if err != nil {
		t.Fatal(err)
	}
	a.Tap("Schrijf op").Awaits("2 meldingen wachten")
	a.Tap("Geef Reispil").Awaits("Geef het niet").Pick("Gegeven").Tap("Schrijf op").Awaits("Overleg met de hoofdanimator").Shot("offline-limit-390")
	if n := records(t, p); n != 0 {
		t.Fatalf("%d records reached the shop without signal", n)
	}
	// Closed and opened again, still without signal: what was noted is still there.
	a.Visit(camp).Fill("PIN", "482913").Tap("Open").Awaits("2 meldingen wachten").Tap("Moussa").Awaits("Gegeven, Cetirizine")
	shoptest.WaitFor(t, "both openings to be noted on the phone", func(context.Context) (bool, error) { // a page that is left notes no more
		return strings.Count(a.Stored(), `"quiet":true`) == 2, nil
	})

	air.find()
	a.Visit(camp).Sees("Zes dagen Ardennen")
	a.Until("Gegeven")
	a.Visit(camp).Sees("Moussa")
	if n := records(t, p); n != 2 {
		t.Errorf("%d records, want 2", n)
	}
	given, _ := medical.Moment(yesterday, "23:15")
	if at := writtenLater(t, p); !at.Equal(given) {
		t.Errorf("given at %s, want %s", at, given)
	}
	var log int
	if err := p.DB.Get(&log, `SELECT count(*) FROM fiche_access WHERE action = 'offline' AND purpose LIKE 'opened on the phone at %'`); err != nil || log != 2 {
		t.Errorf("%d openings on the phone are in the log, want 2: %v", log, err)
	}

	// Taken off the team by the office: the next contact empties the phone, and without signal nothing opens.
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit(fmt.Sprintf("/kantoor/vertrek/%d", d)).Press("Begeleiding").Sees("Amber Animator").Shot("team-1280").Press("Neem Amber Animator weg")
	o.Sees("Lies Leider", "Amber Animator gaat niet meer mee", "Katelijne Kantoor").SeesNot("Neem Amber Animator weg")
	a.Visit(camp).Sees("Deze pagina bestaat niet")
	a.Visit("/animator").Awaits("van dit toestel gewist")
	air.lose()
	a.Visit(camp).Awaits("staan geen fiches").SeesNot("Moussa")
	if left := a.Stored(); strings.Contains(left, "wrapped") {
		t.Errorf("the phone still keeps %s", left)
	}
	o.Choose("Wie gaat mee?", "Amber Animator").Pick("Leidt dit kamp").Press("Laat meegaan").Sees("Deze animator is geen hoofdanimator")
	o.Pick("Leidt dit kamp").Press("Laat meegaan").Sees("Toegevoegd aan de begeleiding")
	air.find()
	a.Visit(camp).Sees("Zes dagen Ardennen")
}

// asBefore lets the page wrap a key as it was done before packs said how: all rounds in one lane.
func asBefore(a *browsertest.Tab) {
	a.MustEval(`() => { const s = crypto.subtle, derive = s.deriveKey.bind(s), bits = s.deriveBits.bind(s); let base;
		s.deriveBits = (how, key, ...rest) => { base = key; return bits(how, key, ...rest); };
		s.deriveKey = (how, key, ...rest) => how.name === "HKDF" ? derive({ name: "PBKDF2", hash: "SHA-256", salt: how.salt, iterations: 600000 }, base, ...rest) : derive(how, key, ...rest); }`)
}

// saysNothing takes from a pack how its PIN is worked on.
func saysNothing(a *browsertest.Tab, d id.Departure) {
	a.MustEval(`(camp) => new Promise((resolve, reject) => { const r = indexedDB.open("camp"); r.onsuccess = () => {
		const tx = r.result.transaction("pack", "readwrite"), s = tx.objectStore("pack"), got = s.get(camp);
		got.onsuccess = () => { if (!got.result.work) return reject(new Error("the pack says no work")); delete got.result.work; s.put(got.result, camp); };
		tx.oncomplete = () => { r.result.close(); resolve(true); }; }; })`, fmt.Sprint(d))
}

// TestThePhoneLocksAndEmpties: two camps on one phone, each under its own PIN and lease, and one of them from a day on which a PIN was worked on
// otherwise. Out of sight for two minutes it locks;
// with its clock turned back it opens nothing; when the lease of one camp is over that camp goes, and the other stays until five
// wrong PINs, also across closing the page. The end of a camp takes its pack, signing out takes all, and so does being stopped.
func TestThePhoneLocksAndEmpties(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	d, _ := prescribe(t, p)
	var other int64
	if err := p.DB.Get(&other, `SELECT departure_id FROM booking WHERE status = 'placed' AND departure_id <> $1 ORDER BY departure_id LIMIT 1`, d); err != nil {
		t.Fatal(err)
	}
	p.DB.MustExec(`UPDATE departure o SET starts_on = d.starts_on, ends_on = d.ends_on FROM departure d WHERE d.id = $1 AND o.id = $2`, d, other)
	p.DB.MustExec(`INSERT INTO assignment (staff_id, departure_id, lead) SELECT id, $1, false FROM staff WHERE email = $2`, other, seed.SignIns[2].Email)
	a := browsertest.Open(t, p.URL(), 390)
	shoptest.SignInStaff(a, seed.SignIns[2])
	a.Visit("/animator/belofte").Pick("Dat beloof ik").Press("Verder")
	for _, camp := range []int64{int64(d), other} {
		pin := map[int64]string{int64(d): "482913", other: "739164"}[camp]
		a.Visit(fmt.Sprintf("/animator/kamp/%d/meenemen", camp))
		if camp == int64(d) {
			asBefore(a)
		}
		a.Fill("Kies een PIN", pin).Fill("Nog eens", pin).Tap("Neem mee").Awaits("De fiches staan op dit toestel.")
	}
	open := func() *browsertest.Tab { // Moussa's camp, by its name when the other one is in hand
		a.Visit("/animator/zonder-signaal").Awaits("PIN voor")
		if !strings.Contains(a.Read(), "PIN voor Zes dagen Ardennen") {
			a.Tap("Zes dagen Ardennen").Awaits("PIN voor Zes dagen Ardennen")
		}
		return a
	}
	saysNothing(a, d)
	open().Shot("two-camps-390").Fill("PIN", "739164").Tap("Open").Awaits("nog 4 keer")
	a.Fill("PIN", "482913").Tap("Open").Awaits("Moussa")
	sight := func(hidden bool, later int) {
		t.Helper()
		a.MustEval(`(hidden, later) => { const real = Date.now; Date.now = () => real() + later * 1000; Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
			document.dispatchEvent(new Event("visibilitychange")); }`, hidden, later)
	}
	sight(true, 0)
	sight(false, 110)
	a.Sees("Moussa")
	sight(true, 0)
	sight(false, 121)
	a.Awaits("PIN voor").SeesNot("Moussa")

	open().MustEval(`() => { const real = Date.now; Date.now = () => real() - 360000; window.dispatchEvent(new Event("online")); }`)
	a.Awaits("De klok van dit toestel staat verkeerd").SeesNot("Moussa")
	// The lease ends as the browser ends it, in the moment in which the right PIN is given: the page looks for itself too, sooner or later.
	open().Fill("PIN", "482913").MustEval(fmt.Sprintf(`() => { document.cookie = "mee-%d=; Max-Age=0; Path=/animator; SameSite=Strict";
		[...document.querySelectorAll("main button")].find((b) => b.textContent.trim() === "Open").click(); }`, d))
	a.Awaits("De tijd is om").SeesNot("Moussa")
	if left := a.Stored(); strings.Count(left, "wrapped") != 1 || strings.Contains(left, "Zes dagen") {
		t.Errorf("the phone keeps %s", left)
	}

	a.Visit("/animator/zonder-signaal")
	for _, left := range []string{"4", "3"} {
		a.Awaits("PIN voor").Fill("PIN", "111111").Tap("Open").Awaits("nog " + left + " keer")
	}
	a.Visit("/animator/zonder-signaal")
	for _, left := range []string{"2", "1"} {
		a.Awaits("PIN voor").Fill("PIN", "111111").Tap("Open").Awaits("nog " + left + " keer")
	}
	a.Fill("PIN", "111111").Tap("Open").Awaits("van dit toestel gewist")
	if left := a.Stored(); strings.Contains(left, "wrapped") {
		t.Errorf("the phone still keeps %s", left)
	}

	// Both again. The end of one camp takes its pack at the next contact; signing out takes the other, and both leases.
	for _, camp := range []int64{int64(d), other} {
		a.Visit(fmt.Sprintf("/animator/kamp/%d/meenemen", camp)).Fill("Kies een PIN", "482913").Fill("Nog eens", "482913").Tap("Neem mee").Awaits("De fiches staan op dit toestel.")
	}
	p.DB.MustExec(`UPDATE departure SET starts_on = starts_on - 60, ends_on = ends_on - 60 WHERE id = $1`, other)
	a.Visit("/animator/zonder-signaal").Awaits("van dit toestel gewist")
	if left := a.Stored(); strings.Count(left, "wrapped") != 1 || !strings.Contains(left, "Zes dagen") {
		t.Errorf("after the end of one camp the phone keeps %s", left)
	}
	a.Visit("/animator").Press("Afmelden").Visit("/vakanties")
	if left := a.Stored(); strings.Contains(left, "wrapped") {
		t.Errorf("after signing out the phone keeps %s", left)
	}
	for _, c := range a.MustCookies(p.URL() + "/animator") {
		if strings.HasPrefix(c.Name, "mee-") {
			t.Errorf("after signing out the phone keeps the lease %s", c.Name)
		}
	}

	// A session that ended leaves what the phone has; who is stopped loses it, signed in or not.
	shoptest.SignInStaff(a, seed.SignIns[2])
	a.Visit(fmt.Sprintf("/animator/kamp/%d/meenemen", d)).Fill("Kies een PIN", "482913").Fill("Nog eens", "482913").Tap("Neem mee").Awaits("De fiches staan op dit toestel.")
	p.DB.MustExec(`DELETE FROM session`)
	open().Fill("PIN", "482913").Tap("Open").Awaits("Moussa")
	p.DB.MustExec(`UPDATE staff SET active = false WHERE email = $1`, seed.SignIns[2].Email)
	a.Visit("/animator/zonder-signaal").Awaits("van dit toestel gewist")
	if left := a.Stored(); strings.Contains(left, "wrapped") {
		t.Errorf("the phone of who was stopped keeps %s", left)
	}
}
