package main

import (
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/shop/seed"
)

// TestAFamilysPage: what is to do comes first; a question goes to the office and an answer comes back.
func TestAFamilysPage(t *testing.T) {
	t.Parallel()
	p, _ := startProgram(t, testConfig(t))
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/aanmelden")
	signInParent(t, b, "ouder@demo.joetz.example")
	b.Visit("/mijn").Sees("Dit is het eerste").Shot("family-home-390")
	b.Visit("/mijn/geschiedenis").Sees("Geboekt").Shot("family-history-390")
	b.Visit("/mijn/documenten").Sees("VV-").Shot("family-documents-390")
	b.Visit("/mijn/vragen/nieuw").Press("Verstuur").Sees("Vul dit in.").Shot("request-new-390")
	b.Pick("Vraag").Fill("Je bericht", "Mag de gitaar mee?").Press("Verstuur").Sees("K2026-0001", "Wacht op ons").Shot("request-390")

	o := browsertest.Open(t, p.URL(), 1280)
	signInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor/vragen").Shot("office-requests-1280").Press("K2026-0001").Sees("Mag de gitaar mee?").Shot("office-request-1280")
	o.Fill("Je antwoord", "Zeker, er is plaats.").Press("Verstuur het antwoord").Sees("Antwoord verstuurd.")
	b.Visit("/mijn").Sees("Het kantoor antwoordde").Press("Het kantoor antwoordde").Sees("Nieuw antwoord").Press("Vraag K2026-0001").Sees("Zeker, er is plaats.").Shot("request-answered-390")
	b.Visit("/kantoor/vragen").Sees("Deze pagina bestaat niet")
}
