package money

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/books"
	"joetz/payments/online"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/seed"
	"joetz/templates/messages"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// bookkeeper tells the story of a bookkeeper's month on the demo's season, with a bank that answers.
type bookkeeper struct {
	t      *testing.T
	p      *program.Program
	b      *browsertest.Tab
	phone  *browsertest.Tab // a second bookkeeper's
	number int              // of the bank's newest statement
	sum    money.Cents
}

// debt is what one family owes of one order.
type debt struct {
	Order     id.Order    `db:"id"`
	Reference string      `db:"reference"`
	OGM       string      `db:"structured_comm"`
	Payer     string      `db:"payer_name"`
	Open      money.Cents `db:"open_cents"` // of all parts
	Asked     money.Cents `db:"asked_cents"`
	Children  int         `db:"children"`
}

// owes finds the order of a family that owes money, by the family's name and the code of the holiday without its year.
func (k *bookkeeper) owes(family, holiday string) (d debt) {
	k.t.Helper()
	err := k.p.DB.Get(&d, `
		SELECT o.id, o.reference, o.structured_comm, o.payer_name,
			(SELECT coalesce(sum(i.amount_cents - coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0)), 0)
				FROM instalment i WHERE i.order_id = o.id AND i.void_at IS NULL) AS open_cents,
			(SELECT coalesce(sum(x.open_cents), 0) FROM invoice_open x JOIN invoice v ON v.id = x.invoice_id WHERE v.order_id = o.id) AS asked_cents,
			(SELECT count(*) FROM booking b WHERE b.order_id = o.id) AS children
		FROM booking_order o WHERE o.payer_name LIKE '%' || $1 AND EXISTS (SELECT 1 FROM booking b JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id
			WHERE b.order_id = o.id AND h.code LIKE left($2, 2) || '-%' || right($2, 2))`, family, holiday)
	if err != nil || d.Open == 0 {
		k.t.Fatalf("%s, %s: %+v %v", family, holiday, d, err)
	}
	return d
}

// statement is the bank's next statement, of a day.
func (k *bookkeeper) statement(day civil.Date, transfers ...bankfake.Transfer) bankfake.Statement {
	k.number++
	st := bankfake.Statement{Account: k.p.Services.Bank.Accounts[0], BIC: "KREDBEBB", Holder: "JOETZ VZW", Date: day, Number: k.number, Opening: k.sum, Transfers: transfers}
	k.sum = st.Closing()
	return st
}

// reads uploads a file and looks at what became of it.
func (k *bookkeeper) reads(name string, data []byte, err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
	k.b.Visit("/boekhouding/bank").Upload("Bestand van de bank", name, data).Press("Lees in").Sees("Ingelezen: " + name)
}

func (k *bookkeeper) euro(c money.Cents) string {
	return strings.ReplaceAll(c.Format("nl"), "\u00a0", " ")
}

// TestBookkeepersMonth: files of the bank come in (CODA and camt), one suggestion is taken by hand, one transfer is shared
// over the orders of several children, a payment is taken back by the payer's bank, a refund above the limit needs a second
// person and leaves in a file for the bank, comes back and is promised anew, Stripe's payout arrives; the insurer's statement
// says what is owed; the month closes for good, and what the accountant takes along adds up.
func TestBookkeepersMonth(t *testing.T) {
	t.Parallel()
	p, move := shoptest.StartMoving(t, shoptest.Base(t), func(p *program.Program) { // known before any job may remind that family by mail
		p.DB.MustExec(`INSERT INTO mail_bounce (address, why, at) SELECT lower(payer_email), 'onbestelbaar', $1 FROM booking_order WHERE payer_name LIKE '%Vermeulen'`, p.Now())
	})
	k := &bookkeeper{t: t, p: p, b: browsertest.Open(t, p.URL(), 1280)}
	k.paysOnLine()
	move(p.Now().Add(73 * time.Hour)) // what was paid on line is available at Stripe
	if err := p.DB.QueryRow(`SELECT number::int, closing_cents FROM bank_statement ORDER BY closed_on DESC, id DESC LIMIT 1`).Scan(&k.number, &k.sum); err != nil {
		t.Fatal(err)
	}
	shoptest.SignInStaff(k.b, seed.SignIns[3])
	today := civil.Of(p.Now())
	k.b.Shot("accounting-1280")

	coda := k.transfersArrive(today)
	pain := k.refundAboveTheLimit()
	k.payoutAndReturns(today, pain)
	k.lettersByPost()
	k.plansAnew(today)
	k.reports(today)
	next := k.closesAMonth()
	k.exports(next, today, coda)
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}

// transfersArrive is the first file: one transfer by its communication, one that a person must recognise, one for the
// orders of several children.
func (k *bookkeeper) transfersArrive(today civil.Date) (file []byte) {
	t, b := k.t, k.b
	whole, words, one, two := k.owes("Yilmaz", "BU-04"), k.owes("Vermeulen", "BI-03"), k.owes("Janssens", "BU-10"), k.owes("Janssens", "BI-06")
	shared := one.Asked + 100_00
	file, err := bankfake.CODA(k.statement(today.AddDays(-1),
		bankfake.Transfer{Amount: whole.Open, Name: whole.Payer, IBAN: "BE96001234500105", BIC: "GEBABEBB", Reference: whole.OGM},
		bankfake.Transfer{Amount: words.Asked, Name: "VERMEULEN TOM", IBAN: "BE30001234500711", BIC: "GEBABEBB", Text: "voorschot kamp Jules"},
		bankfake.Transfer{Amount: shared, Name: "OMA JANSSENS", IBAN: "NL91ABNA0417164300", Text: "voor de kampen van Noor en Warre"}))
	k.reads("coda-van-gisteren.cod", file, err)
	b.Sees("2 bewegingen").Shot("bank-1280")

	b.Visit("/boekhouding/bank/wachtend").Sees("VERMEULEN TOM", "De naam is die van Tom Vermeulen.", "OMA JANSSENS").Shot("waiting-1280")
	b.Press("Ja, koppel " + k.euro(words.Asked)).Sees("Gekoppeld").SeesNot("VERMEULEN TOM")
	b.Press("Kies zelf").Shot("movement-1280").Press("Verdeel over meer boekingen")
	fill := func(row int, label, value string) {
		t.Helper()
		el, err := b.Timeout(time.Minute).Element(fmt.Sprintf(`[id="f-part.%d.%s"]`, row, label))
		if err == nil {
			if err = el.SelectAllText(); err == nil {
				err = el.Input(value)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	fill(0, "order", one.Reference)
	fill(0, "amount", "50")
	fill(1, "order", two.Reference)
	fill(1, "amount", typedCents(shared)) // more than there is
	b.Press("Koppel").Sees("Zoveel staat er niet meer zonder bestemming")
	fill(0, "amount", typedCents(one.Asked))
	fill(1, "amount", "100,00")
	b.Shot("split-1280").Press("Koppel").Sees("Gekoppeld", "Alles heeft een bestemming", one.Reference, two.Reference)
	for d, paid := range map[debt]money.Cents{whole: whole.Open, words: words.Asked, one: one.Asked, two: 100_00} {
		var left money.Cents
		if err := k.p.DB.Get(&left, `SELECT coalesce(sum(i.amount_cents - coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0)), 0)
			FROM instalment i WHERE i.order_id = $1 AND i.void_at IS NULL`, d.Order); err != nil || left != d.Open-paid {
			t.Errorf("%s: %v open, want %v (%v)", d.Reference, left, d.Open-paid, err)
		}
	}
	return file
}

func typedCents(c money.Cents) string { return strings.Replace(c.String(), ".", ",", 1) }

// payment is one transfer of a file for the bank.
type payment struct {
	EndToEnd string `xml:"PmtId>EndToEndId"`
	Amount   string `xml:"Amt>InstdAmt"`
	IBAN     string `xml:"CdtrAcct>Id>IBAN"`
	Name     string `xml:"Cdtr>Nm"`
}

// refundAboveTheLimit sends money back that one person may not send alone. It returns what the file for the bank pays.
func (k *bookkeeper) refundAboveTheLimit() (paid []payment) {
	t, p, b := k.t, k.p, k.b
	order := k.orderOf("Yilmaz", "BU-04")
	o, err := p.Services.Bookings.OrderByID(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	in := booking.Cancel{Booking: o.Bookings[1].ID, By: terms.ByOrganiser, Note: "begeleider viel uit"}
	preview, err := p.Services.Bookings.PreviewCancel(t.Context(), in)
	if err != nil || preview.Outcome.Refund <= program.RefundLimit {
		t.Fatalf("%+v %v", preview.Outcome, err)
	}
	out := preview.Outcome
	office, err := p.Services.Accounts.StaffByEmail(t.Context(), seed.SignIns[1].Email)
	if err != nil {
		t.Fatal(err)
	}
	who := account.Identity{StaffID: office.ID, Name: office.Name, Lang: "nl", Roles: office.Roles}
	if _, err := p.Services.Bookings.Cancel(t.Context(), who, in, booking.Confirmed{Fee: out.Fee, Premium: out.Premium, Refund: out.Refund, Outstanding: out.Outstanding}); err != nil {
		t.Fatal(err)
	}
	if err := p.Services.Accounts.SetRoles(t.Context(), office.ID, []account.Role{account.Office, account.Accounting}, office.ID); err != nil {
		t.Fatal(err)
	}
	b.Visit("/boekhouding/terugbetalingen").Sees("tweede persoon nodig", k.euro(out.Refund)).SeesNot("BE96 0012").Shot("refunds-1280")
	second := browsertest.Open(t, p.URL(), 390)
	k.phone = second
	shoptest.SignInStaff(second, seed.SignIns[1])
	second.Visit("/boekhouding/terugbetalingen").Shot("refunds-390").Press("Akkoord, ik heb bedrag en rekening nagekeken").Sees("Je akkoord is genoteerd")
	second.Press("Maak het bestand voor de bank").Sees("Laat een collega het bestand maken")
	b.Visit("/boekhouding/terugbetalingen").Sees("Akkoord van Katelijne Kantoor").Press("Maak het bestand voor de bank").Sees("Het bestand staat hieronder klaar", "0 uitgevoerd").Shot("refunds-made-1280")

	path := k.href("JOETZ-TB-")
	var file struct {
		Count string    `xml:"CstmrCdtTrfInitn>GrpHdr>NbOfTxs"`
		Sum   string    `xml:"CstmrCdtTrfInitn>GrpHdr>CtrlSum"`
		From  string    `xml:"CstmrCdtTrfInitn>PmtInf>DbtrAcct>Id>IBAN"`
		Pay   []payment `xml:"CstmrCdtTrfInitn>PmtInf>CdtTrfTxInf"`
	}
	if err := xml.Unmarshal(shoptest.Fetched(t, b, path), &file); err != nil {
		t.Fatal(err)
	}
	var sum money.Cents
	large := false
	for _, x := range file.Pay {
		c, err := money.Parse(x.Amount)
		if err != nil {
			t.Fatal(err)
		}
		sum += c
		large = large || c == out.Refund && x.IBAN == "BE96001234500105"
	}
	if file.Sum != sum.String() || file.Count != fmt.Sprint(len(file.Pay)) || file.From != p.Services.Bank.Accounts[0].Plain() || !large {
		t.Fatalf("the file for the bank: %+v", file)
	}
	return file.Pay
}

func (k *bookkeeper) orderOf(family, holiday string) (order id.Order) {
	k.t.Helper()
	err := k.p.DB.Get(&order, `SELECT o.id FROM booking_order o JOIN booking b ON b.order_id = o.id JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id
		WHERE o.payer_name LIKE '%' || $1 AND h.code LIKE left($2, 2) || '-%' || right($2, 2) LIMIT 1`, family, holiday)
	if err != nil {
		k.t.Fatal(err)
	}
	return order
}

// href is where the link of that text leads.
func (k *bookkeeper) href(text string) string {
	k.t.Helper()
	el, err := k.b.ElementR("main a", text)
	if err != nil {
		k.t.Fatal(err)
	}
	path, err := el.Attribute("href")
	if err != nil {
		k.t.Fatal(err)
	}
	return *path
}

// payoutAndReturns is the second file, a camt: Stripe pays out, our refunds leave and one comes back, and a payer's bank
// takes a payment back.
func (k *bookkeeper) payoutAndReturns(today civil.Date, paid []payment) {
	t, p, b := k.t, k.p, k.b
	payout, amount := k.stripePaysOut()
	back := k.orderOf("Vermeulen", "BI-03")
	var taken money.Cents
	if err := p.DB.Get(&taken, `SELECT amount_cents FROM payment WHERE order_id = $1`, back); err != nil {
		t.Fatal(err)
	}
	lines := []bankfake.Transfer{{Amount: amount, Name: "STRIPE TECHNOLOGY EUROPE", IBAN: "IE29AIBK93115212345678", Text: "STRIPE PAYOUT"}}
	for _, x := range paid {
		c, _ := money.Parse(x.Amount)
		iban, err := bank.ParseIBAN(x.IBAN)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, bankfake.Transfer{Amount: -c, Name: x.Name, IBAN: iban, EndToEndID: x.EndToEnd})
	}
	first, _ := money.Parse(paid[0].Amount)
	lines = append(lines, bankfake.Transfer{Amount: first, Name: paid[0].Name, IBAN: bank.IBAN(paid[0].IBAN), EndToEndID: paid[0].EndToEnd, Return: "AC04"},
		bankfake.Transfer{Amount: -taken, Name: "VERMEULEN TOM", IBAN: "BE30001234500711", Text: "voorschot kamp Jules", Return: "MD06"})
	data, err := bankfake.CAMT(k.statement(today, lines...))
	k.reads("camt-van-vandaag.xml", data, err)
	b.Visit("/boekhouding/bank").Upload("Bestand van de bank", "camt-van-vandaag.xml", data).Press("Lees in").Sees("Dit bestand was al ingelezen. Er is niets geboekt.")
	b.Visit("/boekhouding/bank/wachtend").Sees("VERMEULEN TOM").SeesNot("STRIPE").Press("Kies zelf").Shot("take-back-1280")
	b.Pick("Betaling van VERMEULEN TOM").Fill("Waarom?", "betwist bij de bank").Press("Ja, deze betaling").Sees("De boeking staat weer open")
	b.Visit("/boekhouding/betalingen").Sees("VERMEULEN TOM").Shot("payments-1280")
	b.Visit("/boekhouding/stripe").Sees("Er wacht niets", payout).Shot("stripe-1280").Press(payout).Sees("Waaruit deze uitbetaling bestaat", k.euro(amount)).Shot("payout-1280")
	b.Visit("/boekhouding/rekeningen/5801").Sees("Eindsaldo € 0,00")
	k.settlesAFinding(payout)

	b.Visit("/boekhouding/terugbetalingen").Sees("teruggekomen", fmt.Sprintf("%d uitgevoerd, 1 teruggekomen", len(paid))).Shot("refund-came-back-1280")
	b.Press("Betaal opnieuw terug").Sees("De terugbetaling staat opnieuw klaar")
}

// settlesAFinding is what the shop found at Stripe and does not decide by itself: it leads to its source, says what to do, and
// is closed with a note.
func (k *bookkeeper) settlesAFinding(payout string) {
	b := k.b
	if _, err := k.p.DB.Exec(`INSERT INTO stripe_finding (code, object_id, amount_cents, detail, found_at) VALUES ('payout_difference', $1, 1, 'nagespeeld', $2)`, payout, k.p.Now()); err != nil {
		k.t.Fatal(err)
	}
	b.Visit("/boekhouding/stripe").Sees("niet gelijk aan de som", "Open de uitbetaling en vergelijk").Shot("finding-1280")
	b.Press("Bekijk de uitbetaling").Sees("Waaruit deze uitbetaling bestaat").Visit("/boekhouding/stripe").Press("Handel af").Sees("Vul dit in.")
	b.Fill("Wat deed je ermee?", "Stripe gebeld, was hun afronding").Press("Handel af").Sees("Afgehandeld", "Er wacht niets")
}

// paysOnLine lets a family pay its deposit at Stripe.
func (k *bookkeeper) paysOnLine() {
	t, p := k.t, k.p
	order := k.orderOf("Willems", "BU-06")
	var deposit struct {
		ID   id.Instalment `db:"id"`
		Open money.Cents   `db:"amount_cents"`
	}
	if err := p.DB.Get(&deposit, `SELECT id, amount_cents FROM instalment WHERE order_id = $1 AND kind = 'deposit' AND void_at IS NULL`, order); err != nil {
		t.Fatal(err)
	}
	started, err := p.Services.Online.Start(t.Context(), online.StartInput{
		Order: order, Instalments: []id.Instalment{deposit.ID}, Lines: []online.Line{{Name: "Voorschot", Amount: deposit.Open}}, Reference: "V", Description: "Voorschot", Lang: "nl",
		SuccessURL: p.URL() + "/betaling/{attempt}", CancelURL: p.URL() + "/betaling/{attempt}",
	})
	if err != nil {
		t.Fatal(err)
	}
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.PostForm(started.URL, url.Values{"act": {"bancontact"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	shoptest.WaitFor(t, "the payment", func(ctx context.Context) (paid bool, err error) {
		err = p.DB.GetContext(ctx, &paid, `SELECT EXISTS (SELECT 1 FROM payment WHERE method = 'stripe')`)
		return paid, err
	})
}

// stripePaysOut lets Stripe pay out what it holds.
func (k *bookkeeper) stripePaysOut() (payout string, amount money.Cents) {
	t, p := k.t, k.p
	if _, err := p.StandIn.PayOut(t.Context()); err != nil { // unless it did by itself
		t.Fatal(err)
	}
	k.b.Visit("/boekhouding/rekeningen/5801").Until("Uitbetaling van Stripe")
	if err := p.DB.QueryRow(`SELECT id, amount_cents FROM stripe_payout`).Scan(&payout, &amount); err != nil {
		t.Fatal(err)
	}
	return payout, amount
}

// lettersByPost reminds a family whose mails come back: the letter is printed, and its days run once it is with the post.
func (k *bookkeeper) lettersByPost() {
	t, p, b := k.t, k.p, k.b
	if _, err := p.Services.Dunning.Remind(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Visit("/boekhouding").Sees("1 brief wacht op de post").Press("1 brief wacht op de post").Sees("Brieven met de post", "Tom Vermeulen", "wacht op de post")
	b.Press("Maak 1 brief").Sees("De brieven staan hieronder", "nog niet gepost").Shot("letters-1280")
	k.phone.Visit("/boekhouding/herinneringen").Shot("letters-390")
	if paper := shoptest.Fetched(t, b, k.href("1 brief")); !bytes.HasPrefix(paper, []byte("%PDF-")) {
		t.Errorf("no letter: %.20q", paper)
	} else if dir := os.Getenv("SHOP_TEST_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "letters.pdf"), paper, 0o600); err != nil {
			t.Error(err)
		}
	}
	b.Press("Ze zijn op de post").Sees("De dagen van de gezinnen lopen", "gepost op", "met de post, betalen tot en met").SeesNot("1 brief wacht")
}

// plansAnew agrees with a family on other dates and amounts, and changes what the QR code says.
func (k *bookkeeper) plansAnew(today civil.Date) {
	t, b := k.t, k.b
	d := k.owes("Janssens", "BI-06")
	b.Visit(fmt.Sprintf("/boekhouding/bestellingen/%d", d.Order)).Press("Betaalplan").Sees("Nu nog te betalen: " + k.euro(d.Open)).Shot("plan-1280")
	fill := func(row int, on civil.Date, amount string) {
		t.Helper()
		script := "(id, value) => { document.getElementById(id).value = value }"
		for id, value := range map[string]string{fmt.Sprintf("f-part.%d.on", row): on.String(), fmt.Sprintf("f-part.%d.amount", row): amount} {
			if on.IsZero() && strings.HasSuffix(id, "on") {
				value = ""
			}
			if _, err := b.Eval(script, id, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	rows := len(k.all(`input[name$=".amount"]`))
	for i := range rows {
		fill(i, civil.Date{}, "")
	}
	fill(0, today.AddDays(40), "100")
	fill(1, today.AddDays(70), typedCents(d.Open))
	b.Press("Leg dit plan vast").Sees("De delen zijn samen niet wat er open staat", "Vul dit in").Fill("Wat spraken jullie af", "Minder werk, belde op dinsdag")
	fill(1, today.AddDays(70), typedCents(d.Open-100_00))
	b.Press("Leg dit plan vast").Sees("Het plan ligt vast", "Vroegere afspraken", "Minder werk", "Geen herinneringen tot en met").Shot("plan-done-1280")
	k.phone.Visit(fmt.Sprintf("/kantoor/boeking/%d/betaalplan", d.Order)).Sees("Minder werk").Shot("plan-390")
	b.Visit("/demo/mail").Until("Je nieuwe betaalplan voor boeking " + d.Reference)

	b.Visit("/boekhouding").Press("Instellingen").Sees("worden nooit gevraagd").Pick("001").Pick("Als vrije tekst").Press("Bewaar de QR-code").Sees("Nieuwe codes zien er nu zo uit").Shot("settings-1280")
	b.Fill("Tot en met 150", "20,01").Press("Bewaar de kosten").Sees("Dit is meer dan de wet toelaat")
	k.phone.Visit("/boekhouding/instellingen").Shot("settings-390").Visit("/boekhouding").Shot("accounting-390").Visit("/boekhouding/stripe").Shot("stripe-390").Visit("/boekhouding/vooruitontvangen").Shot("deferred-390").
		Visit("/boekhouding/afsluiten").Shot("close-390").Visit("/boekhouding/bank").Shot("bank-390").Visit("/boekhouding/facturen").Shot("invoices-390").Visit("/boekhouding/rekeningen/400").Shot("account-390")
}

// all finds elements that the page has now.
func (k *bookkeeper) all(selector string) rod.Elements {
	k.t.Helper()
	found, err := k.b.Elements(selector)
	if err != nil {
		k.t.Fatal(err)
	}
	return found
}

// reports are the pages that a bookkeeper reads.
func (k *bookkeeper) reports(today civil.Date) {
	b := k.b
	b.Visit("/boekhouding/vooruitontvangen").Sees("Ontvangen (461)", "Samen").Shot("deferred-1280")
	year := fmt.Sprintf("?van=%v&tot=%v", today.AddDays(-365), today) // in January this year has little to show
	_, owed, err := k.p.Services.Books.PremiumsIn(k.t.Context(), books.Span{From: today.AddDays(-365), To: today})
	if err != nil || owed <= 0 {
		k.t.Fatal(owed, err)
	}
	b.Visit("/boekhouding/verzekeraar"+year).Sees("Premie", "Te betalen aan de verzekeraar", k.euro(owed)).Shot("insurer-1280")
	b.Visit("/boekhouding/rekeningen/400"+year).Sees("Beginsaldo", "Factuur").Shot("account-1280").Press("Factuur V").Sees("Download als UBL")
	b.Visit("/boekhouding/herinneringen").Sees("Herinneringen").Shot("reminders-1280").Press("Noteer de afspraak").Sees("Vul dit in.")
	k.pausesReminders(today)
}

// pausesReminders is an agreement that two bookkeepers note for one family: the second learns of the first's, and replaces it.
func (k *bookkeeper) pausesReminders(today civil.Date) {
	order, err := k.p.Services.Bookings.OrderByID(k.t.Context(), k.orderOf("Yilmaz", "BU-04"))
	if err != nil {
		k.t.Fatal(err)
	}
	note := func(tab *browsertest.Tab, until civil.Date, why string) {
		k.t.Helper()
		tab.Fill("Nummer van de boeking", order.Reference).Fill("Wat spraken jullie af?", why)
		if _, err := tab.Eval(`value => { document.getElementById("f-until").value = value }`, until.String()); err != nil {
			k.t.Fatal(err)
		}
		tab.Press("Noteer de afspraak")
	}
	k.phone.Visit("/boekhouding/herinneringen")
	note(k.b, today.AddDays(30), "betaalt na het loon")
	k.b.Sees("De afspraak is genoteerd", "Afspraken die lopen", "betaalt na het loon").Shot("pause-1280")
	note(k.phone, today.AddDays(60), "ligt in het ziekenhuis")
	k.phone.Sees("loopt al een afspraak", "betaalt na het loon").Shot("pause-390").Press("Noteer de afspraak").Sees("De afspraak is genoteerd", "ligt in het ziekenhuis").SeesNot("betaalt na het loon")
	k.b.Visit("/boekhouding/herinneringen").Press("Wijzig: ").Sees("Afspraak met een gezin")
	note(k.b, today, "is genezen")
	k.b.Sees("De afspraak is genoteerd").SeesNot("ligt in het ziekenhuis")
}

// closesAMonth closes the first month. What still comes in of it stands in the next month, and nothing can change it.
func (k *bookkeeper) closesAMonth() (closed civil.Date) {
	t, p, b := k.t, k.p, k.b
	_, until, over, err := p.Services.Books.Months(t.Context())
	if err != nil || !over {
		t.Fatal(until, over, err)
	}
	month := messages.Month("nl", until)
	b.Visit("/boekhouding/afsluiten").Sees(month + " afsluiten").Shot("close-1280")
	b.Press("Sluit "+month+" af").Sees("De maand is afgesloten", messages.Month("nl", until.AddDays(1))+" afsluiten", "Bert Boekhouder").Shot("closed-1280")
	if _, err := p.DB.Exec(`INSERT INTO entry (event, source_system, source_id, booked_on, recorded_at) VALUES ('test', 'test', 'late', $1, now())`, until); err == nil || !strings.Contains(err.Error(), "entry_period_open") && !strings.Contains(err.Error(), "was closed up to") {
		t.Errorf("a closed month took an entry: %v", err)
	}
	k.number, k.sum = 900, 0
	late, err := bankfake.CODA(k.statement(until.AddDays(-2), bankfake.Transfer{Amount: 12_34, Name: "LAATKOMER", IBAN: "BE30001234500711", Text: "te laat gezien"}))
	k.reads("laatkomer.cod", late, err)
	b.Visit(fmt.Sprintf("/boekhouding/rekeningen/499?van=%v&tot=%v", until.AddDays(1), until.AddDays(1))).Sees("van "+messages.Date("nl", until.AddDays(-2)), "€ 12,34").Shot("late-1280")
	return until
}

// exports is what the accountant takes along: it adds up, and the bank's files are as they came.
func (k *bookkeeper) exports(closed, today civil.Date, coda []byte) {
	t, b := k.t, k.b
	span := fmt.Sprintf("?van=%v&tot=%v", closed.AddDays(-30), today)
	b.Visit("/boekhouding/uitvoer" + span).Sees("Journaal als CSV").Shot("export-1280")
	rows, err := shoptest.Download(t, b, "/boekhouding/uitvoer/journaal.csv"+span).ReadAll()
	if err != nil || len(rows) < 50 {
		t.Fatal(len(rows), err)
	}
	var debit, credit money.Cents
	for _, row := range rows[1:] {
		for at, into := range map[int]*money.Cents{10: &debit, 11: &credit} {
			if row[at] == "" {
				continue
			}
			c, err := money.Parse(row[at])
			if err != nil {
				t.Fatal(row, err)
			}
			*into += c
		}
	}
	if debit != credit || debit == 0 {
		t.Errorf("the journal: debit %v, credit %v", debit, credit)
	}
	documents := unzipped(t, shoptest.Fetched(t, b, "/boekhouding/uitvoer/ubl.zip"+span))
	if len(documents) < 20 {
		t.Errorf("%d documents", len(documents))
	}
	for name, raw := range documents {
		var doc struct {
			ID string `xml:"ID"`
		}
		if err := xml.Unmarshal(raw, &doc); err != nil || !strings.Contains(name, doc.ID) || doc.ID == "" {
			t.Errorf("%s is %q: %v", name, doc.ID, err)
		}
	}
	found := false
	for name, raw := range unzipped(t, shoptest.Fetched(t, b, "/boekhouding/uitvoer/bankbestanden.zip"+span)) {
		found = found || strings.HasSuffix(name, "-coda-van-gisteren.cod") && bytes.Equal(raw, coda)
	}
	if !found {
		t.Error("the bank's file did not come back as it went in")
	}
}

func unzipped(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
	}
	return files
}
