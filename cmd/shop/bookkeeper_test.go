package main

import (
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/shop/seed"
)

// TestBookkeeperReads: every page of the bookkeepers opens on the demo's season, leads to its sources, and the first month
// closes for good.
func TestBookkeeperReads(t *testing.T) {
	t.Parallel()
	p, _ := startProgram(t, testConfig(t))
	b := browsertest.Open(t, p.URL(), 1280)
	signInStaff(b, seed.SignIns[3])
	b.Visit("/boekhouding/betalingen").Sees("Betalingen", "Bank", "gestructureerde mededeling").Shot("payments-1280")
	b.Visit("/boekhouding/vooruitontvangen").Sees("Ontvangen (461)", "Samen").Shot("deferred-1280")
	b.Visit("/boekhouding/verzekeraar").Sees("Premie").Shot("insurer-1280")
	b.Visit("/boekhouding/stripe").Sees("Er wacht niets").Shot("stripe-1280")
	b.Visit("/boekhouding/terugbetalingen").Sees("klaar", "Maak het bestand voor de bank").SeesNot("BE26 1234").Shot("refunds-1280")
	b.Press("Maak het bestand voor de bank").Sees("Het bestand staat hieronder klaar", "JOETZ-TB-", "0 uitgevoerd").Shot("refunds-made-1280")
	b.Visit("/boekhouding/herinneringen").Sees("Herinneringen").Shot("reminders-1280")
	b.Press("Noteer de afspraak").Sees("Vul dit in.")
	b.Visit("/boekhouding/uitvoer").Sees("Journaal als CSV").Shot("export-1280")
	b.Visit("/boekhouding/rekeningen/400").Sees("Beginsaldo", "Factuur").Shot("account-1280")
	b.Press("Factuur V").Sees("Download als UBL")
	b.Visit("/boekhouding/afsluiten").Sees("juli 2026 afsluiten").Shot("close-1280")
	b.Press("Sluit juli 2026 af").Sees("De maand is afgesloten", "augustus 2026 afsluiten", "Bert Boekhouder").Shot("closed-1280")
	if err := sound(t, p); err != nil {
		t.Error(err)
	}
}
