package office

import (
	"strings"
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
)

// TestMondayMorning: a colleague of the office decides on care from the worklist, finds a family by a fragment, writes a
// note, mails a departure after looking at the letter, and sees all of it in the history. The list of the departure as a
// file has who goes. Accounting and animators see none of these pages.
func TestMondayMorning(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Sees("Te doen", "Zorgvraag", "Fatou Diallo").Press("Ik neem dit").Sees("Jij bent hiermee bezig").Shot("monday-worklist-1280")
	o.Press("Beslis over zorg").Press("Welkom: boeking gaat door").Sees("De boeking gaat door")
	o.Visit("/kantoor?soort=care").SeesNot("Fatou Diallo")

	o.Visit("/kantoor/zoeken?zoek=iallo").Sees("Diallo", "1 gezin gevonden").Shot("monday-search-1280")
	o.Press("V1").Sees("Fatou Diallo", "Nieuwe notitie")
	o.Press("Bewaar de notitie").Sees("Schrijf iets in de notitie")
	o.Fill("Nieuwe notitie", "Belt liefst na 17 uur").Press("Bewaar de notitie").Sees("Belt liefst na 17 uur", "Katelijne Kantoor", "Zorg besproken").Shot("monday-order-1280")
	order := o.Path()

	// Down a long list its head stays in sight, and the arrow goes from a row to the next.
	o.Visit("/kantoor/gezinnen")
	list, err := o.Eval(`() => {
		const rows = document.querySelectorAll(".table tbody tr"), first = rows[0].querySelector("a");
		rows[rows.length - 1].scrollIntoView({ block: "end" });
		const head = document.querySelector(".table thead th").getBoundingClientRect(), scrolled = scrollY > 300;
		first.focus();
		first.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
		return rows.length + " rows, scrolled " + scrolled + ", head " + (head.top >= 0 && head.bottom < innerHeight) + ", second " + rows[1].contains(document.activeElement);
	}`)
	if err != nil || !strings.HasSuffix(list.Value.Str(), " rows, scrolled true, head true, second true") {
		t.Errorf("a long list: %v %v", list, err)
	}

	o.Visit("/kantoor/vertrekken").Press("Duinenland").Sees("Fatou Diallo").Shot("monday-departure-1280")
	departure := o.Path()
	o.Press("Mail deze gezinnen")
	letter := o.Path() // a session that ends while somebody writes costs no words
	o.Fill("Onderwerp", "Een lang verhaal").Fill("Tekst", "Dag {naam}")
	p.DB.MustExec(`UPDATE session SET seen_at = seen_at - interval '1 day' WHERE staff_id IS NOT NULL`)
	o.Press("Bekijk de brief").Sees("Je bent niet meer aangemeld", "Er is niets verloren")
	p.DB.MustExec(`UPDATE session SET seen_at = seen_at + interval '1 day' WHERE staff_id IS NOT NULL`)
	o.Press("Verstuur opnieuw").Sees("Een lang verhaal").Visit(letter)
	o.Fill("Onderwerp", "Pak de koffer").Fill("Tekst", "Dag {naam}, {kinderen} vertrekt").Press("Bekijk de brief").Sees("De plaats {kinderen} kennen we niet")
	o.Fill("Tekst", "Dag {naam}, {kind} vertrekt op {van}.").Press("Bekijk de brief").Sees("Zo leest", "Pak de koffer").Shot("monday-letter-1280")
	o.Press("Stuur een test naar mij").Sees("De test is onderweg")
	o.Press("Verstuur naar").Until("Wacht nog 0").Shot("monday-sent-1280")
	o.Visit(order).Until("Mail: Pak de koffer").Press("Mail: Pak de koffer").Sees("Fatou vertrekt op")

	file := shoptest.Download(t, o, strings.SplitN(departure, "?", 2)[0]+"/bestand?doel=bus&vorm=csv")
	rows, err := file.ReadAll()
	if err != nil || len(rows) < 2 || len(rows[0]) != 5 {
		t.Fatalf("%v %v", rows, err)
	}
	o.Visit(strings.SplitN(departure, "?", 2)[0]).Tap("Bewaar deze lijst als bestand").Awaits("Katelijne Kantoor, Voor de bus")
	found := false
	for _, r := range rows {
		found = found || r[0] == "Diallo" && r[1] == "Fatou"
	}
	if !found {
		t.Errorf("the file does not have Fatou Diallo: %v", rows)
	}
	for _, who := range []seed.SignIn{seed.SignIns[2], seed.SignIns[3]} {
		other := browsertest.Open(t, p.URL(), 1280)
		shoptest.SignInStaff(other, who)
		for _, path := range []string{"/kantoor", "/kantoor/zoeken?zoek=iallo", departure, order, departure + "/bestand"} {
			other.Visit(path).Sees("Deze pagina bestaat niet")
		}
	}
}
