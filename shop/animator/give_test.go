package animator_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
	"joetz/shop/web/webtest"
	"joetz/terms/civil"
)

// takes fills in one medicine at breakfast and one for when it is needed, once a day.
func takes(t *testing.T, w *medicaltest.World) {
	t.Helper()
	defer func(at time.Time) { w.At = at }(w.At)
	w.At = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	text := func(s string) questionnaire.Value { return questionnaire.Value{Text: s} }
	row := func(key, name, when string) questionnaire.Row {
		return questionnaire.Row{Key: key, Cells: map[string]questionnaire.Value{"name": text(name), "reason": text("geheimereden"), "dose": text("1 tablet"), "route": text("mouth"),
			"when": {Many: []string{when}}, "storage": text("fridge"), "who": text("leader"), "prescription": text("no")}}
	}
	_, err := w.SaveTopic(w.Parent(), w.Booking, "med", questionnaire.Answers{"med.any": text("yes"), "med.nursing": text("no"),
		"med.rows":   {Rows: []questionnaire.Row{row("1", "Ochtendpil", "breakfast"), row("2", "Noodpil", "needed")}},
		"med.needed": {Rows: []questionnaire.Row{{Key: "2", Cells: map[string]questionnaire.Value{"when": text("bij kramp"), "max_per_day": text("1"), "hours_between": text("8")}}}}})
	w.Must(err)
}

func TestGiveAMedicine(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	takes(t, w)
	amber, lies := visit(t, app, "amber"), visit(t, app, "lies")
	const camp, child = "/animator/kamp/1", "/animator/kamp/1/kind/1"

	p := amber.Open(camp).WantStatus(http.StatusOK)
	p.WantText(".due", "08:00").WantText(".due", "Ochtendpil").WantText(".due-late", "Nog niet opgeschreven")
	if strings.Contains(p.Body, "Noodpil") || strings.Contains(p.Body, "geheimereden") {
		t.Error("today's list says more than what is due")
	}
	give := child + "/geef/1?m=breakfast"
	p = amber.Open(give).WantStatus(http.StatusOK)
	p.WantText(".medicine", "1 tablet").WantText(".medicine", "koel").WantText("h1", "Noa")
	p = amber.Submit(p, "main form", nil)
	p.WantStatus(http.StatusUnprocessableEntity).WantText(".summary", "Vul dit in")
	p = amber.Submit(p, "main form", url.Values{"outcome": {"given"}, "note": {"met water"}})
	p.WantText(".due-done", "Gegeven 12:00, Amber").WantNone(".due-late")

	// A second tap elsewhere, and a limit: the animator hears it, the lead may go on with a reason.
	p = amber.Submit(amber.Open(child+"/geef/2"), "main form", url.Values{"outcome": {"given"}})
	p.WantStatus(http.StatusOK)
	p = amber.Submit(amber.Open(child+"/geef/2"), "main form", url.Values{"outcome": {"given"}})
	p.WantStatus(http.StatusUnprocessableEntity).WantText(".alarm", "hoogste aantal").WantText(".alarm", "hoofdanimator").WantNone("#f-reason")
	p = lies.Submit(lies.Open(child+"/geef/2"), "main form", url.Values{"outcome": {"given"}})
	p.WantStatus(http.StatusUnprocessableEntity).Want("#f-reason")
	p = lies.Submit(p, "main form", url.Values{"outcome": {"given"}, "reason": {"kort"}})
	p.WantStatus(http.StatusUnprocessableEntity)
	p = lies.Submit(p, "main form", url.Values{"outcome": {"given"}, "reason": {"De huisarts zegt aan de telefoon dat het mag"}})
	p.WantStatus(http.StatusOK)
	lies.Open(child+"/verslag").WantText(".records", "De huisarts").WantText(".records", "hoogste aantal")

	// What a lead decided is no alarm; what nobody could stop, without signal, is one until somebody says that it was a mistake.
	amber.Open(camp).WantNone(".alarm a[href$=verslag]")
	pack, err := w.TakeAlong(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), w.Here)
	w.Must(err)
	twice := medicaltest.Noted(t, pack, w.Booking, medical.Report{Kind: medical.OfMedicine, Medicine: "1", Slot: "breakfast", Day: civil.Of(w.At), Outcome: medical.Given, At: w.At})
	_, err = w.Receive(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), pack.ID, []medical.Noted{twice})
	w.Must(err)
	amber.Open(camp).WantText(".alarm a[href$=verslag]", "Noa, Ochtendpil").WantText(".alarm", "al opgeschreven").WantText(".due", "Twee keer")

	for who, want := range map[string]int{"ander": 404, "nobody": 404} {
		if got := visit(t, app, who).Get(give).Status; got != want {
			t.Errorf("%s: %d", who, got)
		}
	}
	for _, path := range []string{child + "/geef/1", child + "/geef/1?m=noon", child + "/geef/9", "/animator/kamp/2/kind/1/geef/1"} {
		want := 404
		if path == child+"/geef/1" {
			want = 200
		}
		if got := amber.Get(path).Status; got != want {
			t.Errorf("%s: %d", path, got)
		}
	}
}

// What is written down later has its own hour, today or yesterday; against a limit it is written down once somebody says that it
// was given already. What was due yesterday and nobody wrote down stays on the list.
func TestGivenEarlier(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	takes(t, w)
	amber := visit(t, app, "amber")
	const camp, child = "/animator/kamp/1", "/animator/kamp/1/kind/1"
	send := func(path string, more url.Values) *webtest.Page {
		in := url.Values{"outcome": {"given"}}
		maps.Copy(in, more)
		return amber.Submit(amber.Open(path), "main form", in)
	}
	send(child+"/geef/2", url.Values{"clock": {"23:00"}}).WantStatus(422).WantText(".summary", "moet nog komen")
	send(child+"/geef/2", url.Values{"clock": {"25:00"}}).WantStatus(422).WantText(".summary", "zoals 21:30")
	send(child+"/geef/2", url.Values{"on": {"2027-07-05"}}).WantStatus(422).WantText(".summary", "hoe laat het gisteren was")
	send(child+"/geef/2", url.Values{"on": {"2027-07-04"}, "clock": {"21:00"}}).WantStatus(422).WantText(".summary", "te lang geleden")
	send(child+"/geef/2", url.Values{"on": {"2027-07-05"}, "clock": {"23:00"}}).WantStatus(200)
	amber.Open(child+"/geef/2").WantText(".records", "5 juli").WantText(".records", "23:00").WantText(".records", "opgeschreven")

	p := send(child+"/geef/2", url.Values{"clock": {"09:30"}})
	p.WantStatus(422).WantText(".alarm", "hoogste aantal").Want("#f-happened").WantNone("#f-reason")
	amber.Submit(p, "main form", url.Values{"happened": {"yes"}}).WantStatus(200).WantText(".alarm a[href$=verslag]", "Noa, Noodpil")
	send(child+"/geef/2", nil).WantStatus(422).WantNone("#f-happened") // now: it can still be left

	w.At = medicaltest.First.AddDays(2).Start().Add(30 * time.Minute) // past midnight
	p = amber.Open(camp).WantText(".due-late", "Gisteren").WantText(".alarm", "meer dan een uur te laat")
	amber.Submit(amber.Open(p.Attr(".due-late a", "href")), "main form", url.Values{"outcome": {"given"}}).WantStatus(422).WantText(".summary", "hoe laat")
	p = amber.Submit(amber.Open(p.Attr(".due-late a", "href")), "main form", url.Values{"outcome": {"given"}, "clock": {"08:10"}}).WantStatus(200)
	p.WantNone(".due-late")
	for _, d := range []string{"2027-07-05", "2027-07-08", "gisteren"} {
		if got := amber.Get(child + "/geef/1?m=breakfast&d=" + d).Status; got != 404 {
			t.Errorf("a dose of %s: %d", d, got)
		}
	}
}

func TestDiaryPage(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	takes(t, w)
	amber := visit(t, app, "amber")
	const path = "/animator/kamp/1/kind/1/verslag"
	p := amber.Submit(amber.Open(path), "main form", url.Values{"kind": {"incident"}})
	p.WantStatus(http.StatusUnprocessableEntity)
	p = amber.Submit(p, "main form", url.Values{"kind": {"incident"}, "note": {"Gevallen van de schommel"}})
	p.WantText(".record-loud", "Gevallen van de schommel").WantText(".record-loud", "Amber")
	p = amber.Open(p.Attr(".records a", "href"))
	p = amber.Submit(p, "main form", url.Values{"note": {"Dokter zegt: niets gebroken"}})
	if got := p.Count(".records > li"); got != 2 {
		t.Errorf("%d records", got)
	}
	if n := w.Insert(`SELECT count(*) FROM fiche_hold WHERE released_at IS NULL`); n != 1 {
		t.Errorf("%d holds", n)
	}
	rec, err := w.Write(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), w.Booking, medical.Report{Kind: medical.OfMedicine, Medicine: "1", Slot: "breakfast", Outcome: medical.Given})
	w.Must(err)
	p = amber.Open(path + "?bij=" + rec.Client).Want("#f-mistake")
	amber.Submit(p, "main form", url.Values{"mistake": {"yes"}, "note": {"Verkeerd kind"}}).WantText(".record-mistaken", "Vergissing")
	amber.Open("/animator/kamp/1").WantNone(".due-done")
	if got := amber.Get(path + "?bij=zomaar").Status; got != 404 {
		t.Errorf("an addendum to nothing: %d", got)
	}
}

func TestPromiseComesFirst(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	w.FillIn()
	w.Exec(`ALTER TABLE fiche_promise DISABLE TRIGGER USER`)
	w.Exec(`DELETE FROM fiche_promise`)
	w.Exec(`ALTER TABLE fiche_promise ENABLE TRIGGER USER`)
	amber := visit(t, app, "amber")
	const child = "/animator/kamp/1/kind/1"
	p := amber.Open(child)
	p.WantText("h1", "belofte")
	if strings.Contains(p.Body, "Noa") {
		t.Error("the promise page names the child")
	}
	p = amber.Submit(p, "main form", nil)
	p.WantStatus(http.StatusUnprocessableEntity).WantText(".summary", "vinkje")
	amber.Submit(p, "main form", url.Values{"promise": {"yes"}}).WantText("h1", "Noa")
}
