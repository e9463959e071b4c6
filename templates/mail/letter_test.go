package mail_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"joetz/templates/mail"
	"joetz/templates/messages"
	"joetz/terms/civil"
)

var head = mail.Letterhead{Brand: "JOETZ", Name: "JOETZ vzw", Address: "Sint-Jansstraat 32, 1000 Brussel",
	Enterprise: "BE 0123.456.749", Email: "info@joetz.be", Phone: "02 515 04 02", Site: "https://boeken.example.be"}

var toPay = mail.BankTransfer{Payee: "JOETZ vzw", IBAN: "BE68 5390 0754 7034", Amount: 15000, DueOn: civil.Must(2027, 2, 15),
	Communication: "+++260/0000/10173+++", QR: "qr"}

type content interface {
	Letter(head mail.Letterhead, lang string) mail.Letter
}

// samples has each letter at its fullest.
func samples() map[string]content {
	first, last := civil.Must(2027, 7, 5), civil.Must(2027, 7, 9)
	children := []mail.Child{
		{FirstName: "Lotte", Holiday: "Strandjutters in Bredene", From: first, To: last, Boarding: "Gent-Sint-Pieters", Category: "vt",
			Price: 10750, Extras: 1200, Premium: 1075, ProofUntil: civil.Must(2027, 5, 20), FicheUntil: civil.Must(2027, 6, 15)},
		{FirstName: "Milan", Holiday: "Strandjutters in Bredene", From: first, To: last, Boarding: "Gent-Sint-Pieters", Category: "base",
			Price: 21500, FicheUntil: civil.Must(2027, 6, 15)},
	}
	schedule := []mail.Due{{Kind: "deposit", On: civil.Must(2027, 2, 15), Amount: 15000}, {Kind: "balance", On: civil.Must(2027, 6, 5), Amount: 18325}}
	confirmed := mail.BookingConfirmed{FirstName: "Inès", Reference: "J-1000017", Children: children, Total: 33325, Schedule: schedule,
		Pay: &toPay, TermsVersion: "joetz-2027", Path: "/mijn/boekingen/J-1000017", TermsPath: "/voorwaarden/joetz-2027"}
	online, review := confirmed, confirmed
	online.Pay, online.Paid = nil, 15000
	review.Children = []mail.Child{children[0], children[1]}
	review.Children[0].InReview, review.Pay, review.Schedule = true, nil, nil
	confirmed.Invoiced = true
	cancelled := mail.BookingCancelled{FirstName: "Inès", Reference: "J-1000017", Child: "Milan", Holiday: "Strandjutters in Bredene",
		From: first, To: last, On: civil.Must(2027, 6, 20), Fee: 10750, Premium: 2150, Costs: 500, Paid: 24150, Insured: true,
		Reasons: []string{"Je annuleerde 15 dagen voor het vertrek. Tussen 30 en 15 dagen voor het vertrek blijft 50 % van de prijs verschuldigd."},
		Refund:  mail.Refund{Amount: 10750, Method: "transfer", DueOn: civil.Must(2027, 7, 4)}, Path: "/mijn/boekingen/J-1000017"}
	owing := cancelled
	owing.Refund, owing.Paid, owing.Outstanding, owing.By, owing.Papers = mail.Refund{}, 5000, &toPay, "nonpayment", 2
	unfit := mail.BookingCancelled{FirstName: "Inès", Reference: "J-1000017", Child: "Milan", Holiday: "Strandjutters in Bredene", From: first, To: last,
		On: civil.Must(2027, 6, 20), By: "care_refused", Reasons: []string{"We kunnen de zorg die nodig is niet geven."}, Path: "/mijn/boekingen/J-1000017"}
	unfitPaid := unfit
	unfitPaid.Paid, unfitPaid.Refund = 10750, mail.Refund{Amount: 10750, Method: "transfer", DueOn: civil.Must(2027, 7, 4)}
	payment := mail.PaymentReceived{FirstName: "Inès", Reference: "J-1000017", Amount: 15000, On: civil.Must(2027, 2, 11), Method: "transfer",
		Open: 18325, Next: &schedule[1], Path: "/mijn/boekingen/J-1000017"}
	whole, credit := payment, payment
	whole.Open, whole.Next, whole.Method = 0, nil, "stripe"
	credit.Open, credit.Credit = 0, 500
	proof := func(what string, change func(*mail.Proof)) mail.Proof {
		p := mail.Proof{What: what, FirstName: "Inès", Reference: "J-1000017", Child: "Lotte", Holiday: "Strandjutters in Bredene", From: first, To: last,
			Category: "vt", Until: civil.Must(2027, 5, 20), Clause: "Tegemoetkomingen in de prijzen", ClauseWords: "mits de deelnemers de nodige bewijsstukken voorleggen",
			Path: "/mijn/bewijs/17"}
		change(&p)
		return p
	}
	return map[string]content{
		"proof-reminder": proof("reminder", func(*mail.Proof) {}), "proof-again": proof("again", func(p *mail.Proof) { p.Words = "Bel ons gerust." }),
		"proof-late":    proof("late", func(p *mail.Proof) { p.Old, p.New = 10750, 33500 }),
		"proof-refused": proof("refused", func(p *mail.Proof) { p.Reason, p.Words = "unreadable", "De foto is te donker." }),
		"proof-base": proof("base", func(p *mail.Proof) {
			p.Old, p.New, p.Schedule, p.Pay, p.Papers, p.Reason = 10750, 33500, schedule, &toPay, 1, "expired"
		}),
		"proof-accepted": proof("accepted", func(p *mail.Proof) { p.Old, p.New, p.Refund, p.Papers, p.Schedule = 33500, 10750, 22750, 1, schedule }),
		"sign-in":        mail.SignInCode{Code: "482 913", Until: time.Date(2027, 2, 1, 9, 15, 0, 0, time.UTC)},
		"invitation":     mail.Invitation{Name: "Cis Claes", Link: "https://boeken.example.be/medewerkers/uitnodiging/ABC", Until: time.Date(2027, 2, 8, 9, 15, 0, 0, time.UTC)},
		"confirmed":      confirmed, "confirmed-online": online, "confirmed-review": review,
		"payment": payment, "payment-whole": whole, "payment-credit": credit,
		"cancelled": cancelled, "cancelled-owing": owing,
		"cancelled-unfit": unfit, "cancelled-unfit-paid": unfitPaid,
		"guardian-invited": mail.Notice{Kind: "guardian_invited", Args: []any{"Inès Peeters", "Lotte en Milan", first}, Path: "/uitnodiging/ABC"},
	}
}

var (
	tags      = regexp.MustCompile(`(?s)<title>.*?</title>|<[^>]*>`)
	spaces    = regexp.MustCompile(`[\s\x{a0}]+`)
	unfilled  = regexp.MustCompile(`\{\d\}|\[mail\.[a-z_.]*\]|%!`)
	ornaments = regexp.MustCompile(`^[-* ]+|^\d+\. |[:,()-]+`)
)

// Every text and amount of the one rendering is in the other: who reads plain text misses nothing.
func TestBothRenderingsSayTheSame(t *testing.T) {
	t.Parallel()
	for name, c := range samples() {
		for _, lang := range messages.Languages {
			l := c.Letter(head, lang)
			r, err := mail.Render(t.Context(), head, l)
			if err != nil {
				t.Fatal(err)
			}
			html := flat(tags.ReplaceAllString(unescape(r.HTML), " "))
			for _, line := range strings.Split(r.Text, "\n") {
				if strings.Contains(line, "https://") && !strings.Contains(line, " ") { // a button: the address is in its link
					if !strings.Contains(r.HTML, `href="`+line+`"`) {
						t.Errorf("%s/%s: no link to %s", name, lang, line)
					}
					continue
				}
				for _, piece := range strings.Split(flat(line), " ") {
					if !strings.Contains(strings.ToLower(html), strings.ToLower(piece)) {
						t.Errorf("%s/%s: HTML lacks %q of %q", name, lang, piece, line)
					}
				}
			}
			if found := unfilled.FindString(r.HTML + r.Text + r.Subject); found != "" {
				t.Errorf("%s/%s: %q is not filled in", name, lang, found)
			}
			if strings.ContainsAny(r.Subject, "\r\n") || len([]rune(r.Subject)) > 70 || r.Subject == "" {
				t.Errorf("%s/%s: subject %q", name, lang, r.Subject)
			}
		}
	}
}

func flat(s string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(ornaments.ReplaceAllString(s, " "), " "))
}

func unescape(s string) string {
	return strings.NewReplacer("&amp;", "&", "&#39;", "'", "&#34;", `"`, "&nbsp;", " ", "&lt;", "<", "&gt;", ">").Replace(s)
}

// A mail loads nothing from outside, runs nothing, and its style needs no style sheet.
func TestLettersTravelAlone(t *testing.T) {
	t.Parallel()
	for name, c := range samples() {
		r, err := mail.Render(t.Context(), head, c.Letter(head, "nl"))
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", "<link", "<style", "src=\"http", "url("} {
			if strings.Contains(r.HTML, bad) {
				t.Errorf("%s: has %q", name, bad)
			}
		}
		if n := len(r.HTML); n > 100_000 { // Gmail cuts off at 102 kB
			t.Errorf("%s: %d bytes", name, n)
		}
	}
}

func TestNamesAreEscaped(t *testing.T) {
	t.Parallel()
	c := samples()["cancelled"].(mail.BookingCancelled)
	c.Child = `<img src=x onerror=alert(1)>`
	r, err := mail.Render(t.Context(), head, c.Letter(head, "nl"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(r.HTML, "<img src=x") {
		t.Error("a name became markup")
	}
}

// A letter promises no file that is not there, and asks for no money that is not asked.
func TestLettersSayWhatIsSo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sample      string
		says, hides []string
	}{
		{"confirmed", []string{"De factuur zit als pdf", "Zo betaal je het eerste bedrag", "+++260/0000/10173+++"}, []string{"nog niets te betalen", "online te betalen"}},
		{"confirmed-online", []string{"We hebben al €\u00a0150,00 ontvangen"}, []string{"De factuur zit als pdf", "Zo betaal je"}},
		{"confirmed-review", []string{"Zolang houden we de plaats voor Lotte", "Je hoeft nu nog niets te betalen."}, []string{"De factuur zit als pdf", "online te betalen", "Zo betaal je"}},
		{"cancelled", []string{"Je krijgt terug: €\u00a0107,50", "de rekening waarvan je betaalde", "annulatieverzekering"}, []string{"als pdf", "Nog te betalen"}},
		{"cancelled-owing", []string{"Nog te betalen: €\u00a0150,00", "ook niet na onze herinnering", "De documenten daarover"}, []string{"Je krijgt terug"}},
		{"cancelled-unfit", []string{"Tot onze spijt", "Dit kost je niets."}, []string{"zorg", "0,00", "Annuleringskost", "Wat dat kost"}},
		{"cancelled-unfit-paid", []string{"Tot onze spijt", "Je krijgt terug: €\u00a0107,50"}, []string{"zorg", "Dit kost je niets"}},
		{"payment-whole", []string{"Alles is betaald", "online betaald op 11 februari 2027"}, []string{"Er blijft nog"}},
		{"payment-credit", []string{"Je betaalde €\u00a05,00 te veel"}, []string{"Alles is betaald"}},
	} {
		r, err := mail.Render(t.Context(), head, samples()[c.sample].Letter(head, "nl"))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ToLower(r.Text)
		for _, want := range c.says {
			if !strings.Contains(text, strings.ToLower(want)) {
				t.Errorf("%s does not say %q:\n%s", c.sample, want, r.Text)
			}
		}
		for _, wrong := range c.hides {
			if strings.Contains(text, strings.ToLower(wrong)) {
				t.Errorf("%s says %q", c.sample, wrong)
			}
		}
	}
}

// A booking in review asks no money yet: its mail must not say "what you pay". One that asks some does.
func TestInReviewNothingIsToBePaid(t *testing.T) {
	t.Parallel()
	all := samples()
	for name, want := range map[string]bool{"confirmed": true, "confirmed-online": true, "confirmed-review": false} {
		r, err := mail.Render(t.Context(), head, all[name].Letter(head, "nl"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(strings.ToLower(r.Text), strings.ToLower(messages.T("nl", "mail.confirmed.price"))); got != want {
			t.Errorf("%s says what you pay: %v, want %v", name, got, want)
		}
	}
}
