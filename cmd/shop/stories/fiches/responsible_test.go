package fiches

import (
	"strings"
	"testing"
	"time"

	"joetz/cmd/shop/command"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
	"joetz/shop/seed"
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// letter is the newest mail of a kind, with how many of it there are.
func letter(t *testing.T, p *program.Program, kind string) (text string, n int) {
	t.Helper()
	var all []struct {
		To      string `db:"to_address"`
		Subject string `db:"subject"`
		Body    string `db:"body_text"`
	}
	if err := p.DB.Select(&all, `SELECT to_address, subject, body_text FROM mail WHERE kind = $1 ORDER BY id DESC`, kind); err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return "", 0
	}
	return all[0].To + "\n" + all[0].Subject + "\n" + all[0].Body, len(all)
}

// says wants one mail of a kind that holds these words, and none about anybody's health or name.
func says(t *testing.T, p *program.Program, kind string, words ...string) {
	t.Helper()
	text, n := letter(t, p, kind)
	if n != 1 {
		t.Errorf("%d mails of %s, want 1", n, kind)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not say %q:\n%s", kind, w, text)
		}
	}
	for _, w := range []string{"Moussa", "Pinda", "Cetirizine", "Pictogrammen"} {
		if strings.Contains(text, w) {
			t.Errorf("%s says %q", kind, w)
		}
	}
}

// TestResponsibleIsTold: whoever is responsible for medical data gets one mail for unusual reading, each morning one about
// children who leave undecided, and one when the access log is not what was written; then the doctor is not content either.
func TestResponsibleIsTold(t *testing.T) {
	t.Parallel()
	c := shoptest.Demo(t, shoptest.Base(t))
	c.PrivacyEmail = "privacy@example.be"
	p := shoptest.Make(t, c, shoptest.NewClock(shoptest.Base(t)).Now) // not running: its jobs are called by hand
	d, child := prescribe(t, p)
	var staff int64
	if err := p.DB.Get(&staff, `SELECT id FROM staff WHERE email = $1`, seed.SignIns[2].Email); err != nil {
		t.Fatal(err)
	}
	ctx, watch := t.Context(), p.Services.Watch

	// Nobody leaves undecided: no mail. Then one child does, and it is told each day that it stays so.
	tell := func() {
		t.Helper()
		n, err := p.Services.Bookings.CareDeparting(ctx)
		if err == nil {
			err = watch.TellDeparting(ctx, n)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	before, err := p.Services.Bookings.CareDeparting(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if tell(); before != 0 {
		t.Errorf("%d leave undecided in the demo", before)
	}
	if _, n := letter(t, p, "notice_care_departing"); n != 0 {
		t.Errorf("%d mails about nobody", n)
	}
	parent := medical.Reader{Role: medical.Guardian}
	if err := p.DB.Get(&parent.Guardian, `SELECT o.guardian_id FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE b.id = $1`, child); err != nil {
		t.Fatal(err)
	}
	soon := civil.Of(p.Now()).AddDays(2)
	p.DB.MustExec(`UPDATE departure SET starts_on = $2, ends_on = $3 WHERE id = $1`, d, soon, soon.AddDays(4))
	p.DB.MustExec(`UPDATE booking SET departs_on = $2 WHERE id = $1`, child, soon)
	v, care := p.Services.Medical.Questions.Current(), questionnaire.Answers{}
	for q, value := range medicaltest.Everything(v, func(string) string { return "Pictogrammen" }) {
		if v.Question(q).Section == "care" {
			care[q] = value
		}
	}
	// The demo's child is welcome with agreements from before: the parent says no, and then yes anew.
	if _, err := p.Services.Bookings.SaveFiche(ctx, parent, child, medical.Page{Topic: "care", Lang: "nl", Seen: medical.AnyRevision}, questionnaire.Answers{"care.any": {Text: "no"}}); err != nil {
		t.Fatal(err)
	}
	if saved, err := p.Services.Bookings.SaveFiche(ctx, parent, child, medical.Page{Topic: "care", Lang: "nl", Seen: medical.AnyRevision}, care); err != nil || saved.Review != medical.ReviewAsked {
		t.Fatal(saved.Review, err)
	}
	tell()
	says(t, p, "notice_care_departing", "privacy@example.be", "Beslis vandaag", "/kantoor?soort=care")

	// An animator who asks for what is not theirs again and again is a mail, once.
	reader := medical.Reader{Staff: id.Staff(staff), Role: medical.Lead}
	for range 60 {
		if _, err := p.Services.Medical.Read(ctx, reader, child); err == nil {
			t.Fatal("an animator reads as the lead")
		}
	}
	for range 2 {
		if err := watch.Look(ctx); err != nil {
			t.Fatal(err)
		}
	}
	today := messages.Date("nl", civil.Of(p.Now())) + " om "
	says(t, p, "notice_alert_reading", "privacy@example.be", "opvallend gelezen", today, seed.SignIns[2].Name+": 60", "/kantoor/fiches/melding/")

	// The log is whole; then a line is changed behind the program's back.
	if _, broken, err := watch.Check(ctx); err != nil || len(broken) > 0 {
		t.Fatal(broken, err)
	}
	tool := func() string {
		var out strings.Builder
		vars := []string{"DATABASE_URL=" + c.DatabaseURL.Reveal(), "SHOP_DATA_DIR=" + c.DataDir, "SHOP_KEYS=" + c.Keys.Reveal(), "SHOP_NOW=" + p.Now().Format(time.RFC3339)}
		command.Run(ctx, command.Environment{Vars: vars, Out: &out, Err: &out}, []string{"doctor"})
		return out.String()
	}
	if said := tool(); !strings.Contains(said, "ok    fiche log") {
		t.Errorf("the doctor of a whole log:\n%s", said)
	}
	p.DB.MustExec(`ALTER TABLE fiche_access DISABLE TRIGGER USER; UPDATE fiche_access SET purpose = 'anders' WHERE seq = 3; ALTER TABLE fiche_access ENABLE TRIGGER USER`)
	for range 2 {
		if _, broken, err := watch.Check(ctx); err != nil || len(broken) != 1 || broken[0].Seq != 3 {
			t.Fatal(broken, err)
		}
	}
	says(t, p, "notice_alert_chain", "privacy@example.be", "Dringend", "1 plaatsen", today, "Verwittig vandaag nog", "/kantoor/fiches/melding/")
	if said := tool(); !strings.Contains(said, "bad   fiche log") || !strings.Contains(said, "line 3") {
		t.Errorf("the doctor of a broken log:\n%s", said)
	}
}
