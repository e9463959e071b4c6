package family

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/medical"
	"joetz/shop/family"
	"joetz/shop/seed"
	"joetz/terms/id"
)

// fileNumber is of what a family asked; it has the year.
var fileNumber = regexp.MustCompile(`K\d{4}-0001`)

// TestAFamilysPage: what is to do comes first; a question goes to the office and an answer comes back.
func TestAFamilysPage(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/aanmelden")
	shoptest.SignInParent(t, b, "ouder@demo.joetz.example")
	b.Visit("/mijn").Sees("Doe dit eerst").Shot("family-home-390")
	// Noor is on the way: of the booking only the choice about photos is open, and what is not is said once.
	b.Press("Noor: Zes dagen Ardennen").Sees("Zes dagen Ardennen: Noor", "geboekt op").SeesNot("Wijzig, boek om").Shot("order-going-390")
	b.Press("Kies opnieuw over foto's van Noor").Sees("Mogen we foto's van Noor tonen?")
	b.Visit(strings.TrimSuffix(b.Path(), "foto")+"wijzigen").Sees("De vakantie is al begonnen.", "Keuze over foto's").SeesNot("Een ander kind laten meegaan", "Annuleren").Shot("change-hub-going-390")
	b.Visit("/mijn/geschiedenis").Sees("Geboekt").Shot("family-history-390")
	b.Visit("/mijn/documenten").Sees("VV-").Shot("family-documents-390")
	b.Visit("/mijn/vragen/nieuw").Press("Verstuur").Sees("Vul dit in.").Shot("request-new-390")
	b.Pick("Vraag").Fill("Je bericht", "Mag de gitaar mee?").Press("Verstuur").Sees("-0001", "Wacht op ons").Shot("request-390")
	number := fileNumber.FindString(b.Read())

	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor/vragen").Shot("office-requests-1280").Press(number).Sees("Mag de gitaar mee?").Shot("office-request-1280")
	o.Fill("Je antwoord", "Zeker, er is plaats.").Press("Verstuur het antwoord").Sees("Antwoord verstuurd.")
	b.Visit("/mijn").Sees("Het kantoor antwoordde").Press("Het kantoor antwoordde").Sees("Nieuw antwoord").Press("Vraag " + number).Sees("Zeker, er is plaats.").Shot("request-answered-390")
	b.Visit("/kantoor/vragen").Sees("Deze pagina bestaat niet")
}

// TestTheOtherParentIsInvited: a parent shares one child; the other signs in with the address of the mail, sees that child
// and may not fill in what was not given; removed, the child is gone at the next request.
func TestTheOtherParentIsInvited(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/aanmelden")
	shoptest.SignInParent(t, b, "ouder@demo.joetz.example")
	b.Visit("/mijn/gezin").Sees("Warre", "Noor").Shot("family-390")
	b.Press("Nodig een andere ouder uit").Press("Verstuur de uitnodiging").Sees("Vul dit in.", "Kies voor wie je iemand uitnodigt.")
	b.Fill("E-mailadres van de andere ouder", "bram@example.be").PickIn("Voor welke kinderen", "Noor").PickIn("Wat mag de andere ouder", "Betalen").Shot("invite-390").Press("Verstuur de uitnodiging")
	b.Sees("We stuurden een uitnodiging naar bram@example.be.", "bram@example.be").Shot("family-invited-390")

	mails := browsertest.Open(t, p.URL(), 1280).Visit("/demo/mail")
	mails.Until("bram@example.be").Press("Els Janssens nodigt je uit").Press("Lees de mail zonder opmaak")
	link := regexp.MustCompile(`/uitnodiging/[A-Z0-9]+`).FindString(mails.Read())
	if link == "" {
		t.Fatalf("no link in %s", mails.Read())
	}
	b.Visit(link).Sees("voor een ander e-mailadres")
	o := browsertest.Open(t, p.URL(), 390)
	o.Visit(link)
	shoptest.SignInParent(t, o, "bram@example.be")
	o.Sees("nodigt je uit", "Noor", "Betalen").SeesNot("Warre").Shot("invited-390").Press("Aanvaard de uitnodiging")
	o.Sees("Noor", "geboekt door een andere ouder").SeesNot("Warre", "medische fiche").Shot("family-shared-390")
	o.Press("Noor: Het geheim van Massembre").Sees("Een andere ouder maakte deze boeking").SeesNot("Warre", "Medische fiche", "ouder@demo.joetz.example", "Wijzig, boek om").Shot("order-shared-390")
	order := o.Path()
	var fiche, warre int64
	if err := p.DB.Get(&fiche, `SELECT max(b.id) FROM booking b JOIN participant p ON p.id = b.participant_id WHERE p.first_name = 'Noor' AND b.status <> 'cancelled'`); err != nil {
		t.Fatal(err)
	}
	if err := p.DB.Get(&warre, `SELECT max(b.id) FROM booking b JOIN participant p ON p.id = b.participant_id WHERE p.first_name = 'Warre'`); err != nil {
		t.Fatal(err)
	}
	o.Visit("/mijn/fiche/" + strconv.FormatInt(fiche, 10)).Sees("Deze pagina bestaat niet")
	o.Visit("/mijn/reispapieren/" + strconv.FormatInt(warre, 10)).Sees("Deze pagina bestaat niet")
	o.Visit("/mijn/gezin").SeesNot("Nodig een andere ouder uit", "Pas de gegevens")

	b.Visit("/mijn/gezin").Sees("bram").Press("Wijzig bram").Press("bram verwijderen").Press("Ja, stop de toegang").Sees("De toegang is gestopt.").SeesNot("bram")
	o.Visit(order).Sees("Deze pagina bestaat niet")
	o.Visit("/mijn").Sees("Je hebt nog geen vakantie geboekt").SeesNot("Noor").Shot("family-empty-390")
	b.Visit("/mijn/geschiedenis").Sees("bram volgt Noor niet meer op")
}

// TestAFamilyTakesItsDataAndIsForgotten: everything in one file, after signing in anew; the office carries the erasure out
// once nothing is booked any more.
func TestAFamilyTakesItsDataAndIsForgotten(t *testing.T) {
	t.Parallel()
	p, move := shoptest.StartMoving(t, shoptest.Base(t))
	d := browsertest.Open(t, p.URL(), 390)
	d.Visit("/aanmelden")
	shoptest.SignInParent(t, d, "ouder@demo.joetz.example")
	move(p.Now().Add(time.Hour)) // signed in too long ago to take everything along
	d.Visit("/mijn/gegevens").Sees("Meld je eerst opnieuw aan").SeesNot("Download mijn gegevens").Press("Meld je opnieuw aan")
	shoptest.SignInParent(t, d, "ouder@demo.joetz.example")
	checkDownload(t, d.Visit("/mijn/gegevens"))

	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/aanmelden")
	shoptest.SignInParent(t, b, "nieuw@example.be")
	b.Visit("/mijn/gegevens").Sees("Facturen en betalingen").Shot("data-390")
	var guardian id.Guardian
	if err := p.DB.Get(&guardian, `SELECT id FROM guardian WHERE email = 'ouder@demo.joetz.example'`); err != nil {
		t.Fatal(err)
	}
	file, err := p.Family().Zip(t.Context(), guardian, family.Export{Reader: medical.Reader{Guardian: guardian, Role: medical.Guardian, Request: "test"}, Lang: "nl"})
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	fiches := 0
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "fiches/") {
			fiches++
		}
	}
	var logged int
	if err := p.DB.Get(&logged, `SELECT count(*) FROM fiche_access WHERE action = 'export' AND actor = $1 AND outcome = 'allowed'`, fmt.Sprintf("guardian:%d", guardian)); err != nil || fiches == 0 || logged < fiches {
		t.Errorf("%d fiches exported, %d lines in the log, %v", fiches, logged, err)
	}
	if plan, err := p.Family().PlanErase(t.Context(), guardian); err != nil || !plan.Blocked {
		t.Errorf("a family that still goes on holiday is forgotten: %+v %v", plan, err)
	}

	b.Fill("Wil je er iets bij zeggen", "Tot ziens").Press("Vraag om te wissen").Sees("Er is een probleem", "Zet hier een vinkje")
	if said := b.MustElement("[name=body]").MustText(); said != "Tot ziens" {
		t.Errorf("what was typed about wiping: %q", said)
	}
	b.Pick("Ik begrijp").Press("Vraag om te wissen").Sees("-0001")
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor/vragen").Press(fileNumber.FindString(b.Read())).Press("Voer het wissen uit").Shot("erase-1280")
	o.Press("Wis nu").Sees("Er is een probleem").Pick("Ik heb dit nagekeken").Press("Wis nu").Sees("De gegevens zijn gewist.")
	b.Visit("/mijn").Sees("Aanmelden").SeesNot("Mijn vakanties")
	var left int
	if err := p.DB.Get(&left, `SELECT count(*) FROM guardian WHERE email = 'nieuw@example.be'`); err != nil || left != 0 {
		t.Errorf("%d left, %v", left, err)
	}
	// What still waits to be sent is emptied in the moment that it leaves.
	if err := p.DB.Get(&left, `SELECT count(*) FROM mail WHERE to_address = 'nieuw@example.be' AND NOT forget`); err != nil || left != 0 {
		t.Errorf("%d mails left, %v", left, err)
	}
	move(p.Now().AddDate(3, 0, 0))
	if err := p.Family().ForgetOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.DB.Get(&left, `SELECT count(*) FROM mail WHERE created_at < $1 AND sent_at IS NOT NULL AND concat(to_name, subject, body_text, body_html) <> ''`, p.Now().AddDate(-2, 0, 0)); err != nil || left != 0 {
		t.Errorf("%d old mails still say something, %v", left, err)
	}
}

// checkDownload clicks for the file with everything: it has the family's data, its fiches, and every invoice as a PDF.
func checkDownload(t *testing.T, d *browsertest.Tab) {
	t.Helper()
	dir := t.TempDir()
	done := d.Browser().WaitDownload(dir)
	d.Tap("Download mijn gegevens")
	info := done()
	if info == nil {
		t.Fatal("nothing came")
	}
	z, err := zip.OpenReader(filepath.Join(dir, info.GUID))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	kinds := map[string]int{}
	for _, f := range z.File {
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		head := make([]byte, 5)
		_, _ = io.ReadFull(content, head) // a file shorter than that is no PDF
		_ = content.Close()
		if ext := filepath.Ext(f.Name); ext != ".pdf" || string(head) == "%PDF-" {
			kinds[ext]++
		}
	}
	if !strings.HasPrefix(info.SuggestedFilename, "joetz-gegevens-") || kinds[".pdf"] == 0 || kinds[".json"]+kinds[".txt"]+kinds[".html"]+kinds[".csv"] == 0 {
		t.Errorf("%s holds %v", info.SuggestedFilename, kinds)
	}
}
