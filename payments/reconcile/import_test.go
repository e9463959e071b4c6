package reconcile_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/ledger"
	"joetz/payments/reconcile"
	"joetz/terms/civil"
	"joetz/terms/money"
)

func TestMatchesWhatItKnowsAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	a, b, c, d := s.order("An Peeters", "Lotte", 7500), s.order("Jan Maes", "Noor", 10000), s.order("Eva Willems", "Tuur", 9000), s.order("Piet van Dijk", "Fien", 5000)
	got := s.bring(
		bankfake.Transfer{Amount: 7500, Reference: a.OGM, Name: "PEETERS AN", IBAN: "BE96001234500105"},
		bankfake.Transfer{Amount: 10000, Text: "voorschot kamp " + mustOGM(t, b.OGM).String()},
		bankfake.Transfer{Amount: 4000, Text: "kamp Tuur, bestelling " + c.Reference},
		bankfake.Transfer{Amount: 5000, Text: "kamp Fien"},                                                      // nothing of ours in it
		bankfake.Transfer{Amount: 7500, Reference: "260000010173"},                                              // right check digits, not ours
		bankfake.Transfer{Amount: 12500, Text: a.OGM + " en " + d.OGM + ", zie " + a.Reference},                 // two orders: a person decides
		bankfake.Transfer{Amount: 2000, Text: "terug " + a.OGM, Return: "AC04", EndToEndID: "JOETZ-TERUG-99"},   // comes back, is no payment
		bankfake.Transfer{Amount: -3000, Text: "factuur bus " + a.OGM, Name: "AUTOCAR NV", EndToEndID: "E2E-1"}, // leaves
	)
	want := []string{"structured " + a.Reference + " 75.00", "text " + b.Reference + " 100.00", "order_number " + c.Reference + " 40.00",
		"- 50.00", "- 75.00", "- 125.00", "- 20.00", "- -30.00"}
	if d := cmp.Diff(want, s.matches()); d != "" {
		t.Error(d)
	}
	if got.Matched != 3 || got.Placed != 21500 || got.Suspended != 5 || got.Waiting != 30000 {
		t.Errorf("%+v", got)
	}
	for _, o := range []struct {
		order order
		want  int
	}{{a, 0}, {b, 0}, {c, 5000}, {d, 5000}} {
		if open := s.open(o.order); int(open) != o.want {
			t.Errorf("order %s: %v open, want %d cents", o.order.Reference, open, o.want)
		}
	}
}

func mustOGM(t *testing.T, digits string) bank.OGM {
	t.Helper()
	ogm, err := bank.ParseOGM(digits)
	must(t, err)
	return ogm
}

// Too much, twice, or for an order that is paid: the money is the order's all the same, and waits there as credit.
func TestPartialDoubleAndOverpayment(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.order("An Peeters", "Lotte", 7500)
	for i, step := range []struct{ pays, open, credit int }{{2500, 5000, 0}, {5000, 0, 0}, {5000, 0, 5000}, {1, 0, 5001}} {
		s.bring(bankfake.Transfer{Amount: cents(step.pays), Reference: o.OGM})
		credit, err := s.pay.CreditOf(t.Context(), s.db, o.ID)
		if open := s.open(o); err != nil || int(open) != step.open || int(credit) != step.credit {
			t.Errorf("step %d: %v open, %v credit, %v", i, open, credit, err)
		}
	}
}

func TestCostsAndPayouts(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.payouts = []reconcile.Payout{{ID: "po_1", Amount: 17438}, {ID: "po_2", Amount: 17438}, {ID: "po_3", Amount: 500}}
	for _, p := range s.payouts {
		_, err := s.db.Exec(`INSERT INTO stripe_payout (id, amount_cents, status, automatic, reconciled, failure, descriptor, arrives_on, made_at, changed_at)
			VALUES ($1, $2, 'paid', true, true, '', '', '2027-03-02', now(), now())`, p.ID, p.Amount)
		must(t, err)
	}
	stripe := bankfake.Transfer{Amount: 17438, Name: "STRIPE PAYMENTS EUROPE LTD", Text: "STRIPE PAYOUT", EndToEndID: "po_2"}
	other := stripe
	other.EndToEndID = ""
	s.bring(stripe, other, other, bankfake.Transfer{Amount: 500, Name: "An Peeters"})
	want := []string{"payout 5801 174.38", "payout 5801 174.38", "- 174.38", "- 5.00"}
	if d := cmp.Diff(want, s.matches()); d != "" {
		t.Error(d)
	}
	var arrived []string
	must(t, s.db.Select(&arrived, `SELECT payout_id FROM movement_match WHERE payout_id IS NOT NULL ORDER BY movement_id`))
	if !slices.Equal(arrived, []string{"po_2", "po_1"}) || s.balanceOf(ledger.PayoutTransit) != -2*17438 {
		t.Errorf("arrived %v, 5801 %v", arrived, s.balanceOf(ledger.PayoutTransit))
	}
	s.bring(stripe) // both are here already
	if got := s.matches(); got[len(got)-1] != "- 174.38" {
		t.Errorf("a third one: %v", got)
	}

	costs := bytes.Replace(coda(t, s.statement(bankfake.Transfer{Amount: -1250, Text: "KOSTEN REKENING"})), []byte("00101000"), []byte("33537000"), 1)
	if _, err := s.upload(costs); err != nil {
		t.Fatal(err)
	}
	s.check()
	if got := s.balanceOf(ledger.PaymentCosts); got != 1250 {
		t.Errorf("657 holds %v", got)
	}
}

func cents(n int) money.Cents { return money.Cents(n) }

func TestTheSameFileTwiceIsHarmless(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.order("An Peeters", "Lotte", 7500)
	first := s.statement(bankfake.Transfer{Amount: 7500, Reference: o.OGM}, bankfake.Transfer{Amount: 7500, Text: "?"})
	data := coda(t, first)
	result, err := s.upload(data)
	must(t, err)
	before := s.matches()
	for name, again := range map[string][]byte{
		"the same bytes":         data,
		"other line ends":        bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")),
		"marked as a duplicate":  bytes.Replace(data, []byte("00005 "), []byte("00005D"), 1),
		"as camt":                camt(first, first.Date),
		"with the next one":      coda(t, first, s.statement()),
		"of a month, as camt":    camt(month(first, s.statement()), first.Date),
		"under another number":   bytes.ReplaceAll(data, []byte("001\r\n"), []byte("009\r\n")),
		"with an other-day name": bytes.Replace(data, []byte("Zichtrekening"), []byte("Rekening     "), 1),
	} {
		got, err := s.upload(again)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "the same bytes" {
			if !got.Repeated || got.File != result.File {
				t.Errorf("%s: %+v", name, got)
			}
		} else if got.Repeated || got.Statements[0].Skipped != reconcile.SkippedKnown {
			t.Errorf("%s: %+v", name, got)
		}
		s.check()
		if d := cmp.Diff(before, s.matches()); d != "" {
			t.Fatalf("%s: %s", name, d)
		}
	}
}

// month joins statements that follow each other into one, as a bank's monthly file does.
func month(statements ...bankfake.Statement) bankfake.Statement {
	all := statements[0]
	for _, s := range statements[1:] {
		all.Transfers = append(slices.Clip(all.Transfers), s.Transfers...)
		all.Date, all.Number = s.Date, s.Number+100
	}
	return all
}

// camt writes a statement the other way, its movements all of one day.
func camt(s bankfake.Statement, bookedOn civil.Date) []byte {
	amount := func(tag string, c money.Cents) string {
		ind := "CRDT"
		if c < 0 {
			c, ind = -c, "DBIT"
		}
		return fmt.Sprintf(`<%s>%v</%s><CdtDbtInd>%s</CdtDbtInd>`, tag+` Ccy="EUR"`, c, tag, ind)
	}
	bal := func(kind string, c money.Cents) string {
		return fmt.Sprintf(`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp>%s<Dt><Dt>%v</Dt></Dt></Bal>`, kind, amount("Amt", c), s.Date)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S-%v</Id><Acct><Id><IBAN>%s</IBAN></Id><Ccy>EUR</Ccy></Acct>%s%s`,
		s.Date, s.Account.Plain(), bal("OPBD", s.Opening), bal("CLBD", s.Closing()))
	for i, t := range s.Transfers {
		fmt.Fprintf(&b, `<Ntry>%s<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%v</Dt></BookgDt><AcctSvcrRef>C%d</AcctSvcrRef><NtryDtls><TxDtls>`+
			`<RltdPties><Dbtr><Pty><Nm>%s</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>%s%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`,
			amount("Amt", t.Amount), bookedOn, i, t.Name, t.Reference, t.Text)
	}
	b.WriteString(`</Stmt></BkToCstmrStmt></Document>`)
	return []byte(b.String())
}

// Several statements on one day, without references of the bank, all alike: each goes on where the last ended, so each is
// new money; read in again, each is known.
func TestTheSameAgainIsNewWhereTheBalanceGoesOn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	var files [][]byte
	for i, amount := range []money.Cents{7500, 7500, -7500, 7500} {
		st := s.statement(bankfake.Transfer{Amount: amount, Name: "PEETERS AN", Text: "kamp"})
		st.Date = civil.Must(2027, 3, 2)
		data := regexp.MustCompile(`DEMO\d{13}`).ReplaceAll(coda(t, st), []byte("                 "))
		files = append(files, data)
		got, err := s.upload(files[i])
		must(t, err)
		if got.Statements[0].Skipped != "" || got.Statements[0].Suspended != 1 {
			t.Errorf("statement %d: %+v", i+1, got.Statements[0])
		}
		s.check()
	}
	for i, data := range files {
		got, err := s.upload(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
		must(t, err)
		if got.Statements[0].Skipped != reconcile.SkippedKnown {
			t.Errorf("statement %d again: %+v", i+1, got.Statements[0])
		}
	}
	s.check()
	if s.balanceOf(ledger.Bank) != 15000 {
		t.Errorf("550 %v", s.balanceOf(ledger.Bank))
	}
}

func TestRefusesWhatItCannotBook(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	first := s.statement(bankfake.Transfer{Amount: 7500, Text: "a"}, bankfake.Transfer{Amount: 100, Text: "b"})
	if _, err := s.upload(coda(t, first)); err != nil {
		t.Fatal(err)
	}
	changed := first
	changed.Transfers = []bankfake.Transfer{{Amount: 7500, Text: "a"}, {Amount: 99, Text: "b"}, {Amount: 1, Text: "c"}}
	overlap := month(first, s.statement(bankfake.Transfer{Amount: 5, Text: "new"}))
	overlapping := camt(overlap, first.Date)
	foreign := first
	foreign.Account = "NL91ABNA0417164300"
	dollars := bytes.ReplaceAll(coda(t, s.statement(bankfake.Transfer{Amount: 5})), []byte("EUR"), []byte("USD"))
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"changed", coda(t, changed), reconcile.ProblemChanged},
		{"partly known", overlapping, reconcile.ProblemOverlap},
		{"another account", coda(t, foreign), reconcile.ProblemNotOurs},
		{"other money", dollars, reconcile.ProblemForeign},
		{"unfit", bytes.Replace(coda(t, s.statement(bankfake.Transfer{Amount: 5})), []byte("9               000005"), []byte("9               000007"), 1), bank.ProblemTrailerCount},
		{"no bank file", []byte("hello"), bank.ProblemUnknownFormat},
	} {
		_, err := s.upload(c.data)
		var refusal *reconcile.Refusal
		if !errors.Is(err, reconcile.ErrRefused) || !errors.As(err, &refusal) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var codes []string
		for _, p := range refusal.Problems {
			if p.Unfit {
				codes = append(codes, p.Code)
			}
		}
		if !slices.Equal(codes, []string{c.want}) {
			t.Errorf("%s: %v, want %s", c.name, codes, c.want)
		}
	}
	s.check()
	if files := s.cents(`SELECT count(*) FROM bank_file`); files != 1 {
		t.Errorf("%d files are kept", files)
	}
}

// An account that is not ours is left out and said so; the rest of the file counts.
func TestLeavesOutOtherAccounts(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	other := bankfake.Statement{Account: "BE62510007547061", Date: civil.Must(2027, 3, 1), Number: 1, Transfers: []bankfake.Transfer{{Amount: 5}}}
	got, err := s.upload(coda(t, other, s.statement(bankfake.Transfer{Amount: 7500})))
	must(t, err)
	s.check()
	if got.Statements[0].Skipped != reconcile.SkippedOtherAccount || got.Statements[1].Suspended != 1 {
		t.Errorf("%+v", got)
	}
}

func TestManyUploadTheSameAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.order("An Peeters", "Lotte", 7500)
	st := s.statement(bankfake.Transfer{Amount: 7500, Reference: o.OGM})
	files := [][]byte{coda(t, st), bytes.ReplaceAll(coda(t, st), []byte("\r\n"), []byte("\n"))}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if _, err := s.upload(files[i%2]); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.check()
	if d := cmp.Diff([]string{"structured " + o.Reference + " 75.00"}, s.matches()); d != "" {
		t.Error(d)
	}
}

// Whatever fails half-way, nothing of the file stays, and the next try brings all of it.
func TestAnImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.order("An Peeters", "Lotte", 7500)
	data := coda(t, s.statement(bankfake.Transfer{Amount: 7500, Reference: o.OGM}, bankfake.Transfer{Amount: 100, Text: "?"}))
	_, err := s.db.Exec(`CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$`)
	must(t, err)
	for _, table := range []string{"bank_statement", "bank_movement", "payment", "posting", "allocation", "movement_match"} {
		_, err := s.db.Exec(`CREATE TRIGGER fails BEFORE INSERT ON ` + table + ` FOR EACH ROW EXECUTE FUNCTION fails()`)
		must(t, err)
		if _, err := s.upload(data); err == nil {
			t.Errorf("%s fails, and the import does not", table)
		}
		_, err = s.db.Exec(`DROP TRIGGER fails ON ` + table)
		must(t, err)
		s.check()
		if n := s.cents(`SELECT (SELECT count(*) FROM bank_file) + (SELECT count(*) FROM bank_movement) + (SELECT count(*) FROM payment)`); n != 0 {
			t.Errorf("%s fails, and %d rows stay", table, n)
		}
	}
	result, err := s.upload(data)
	must(t, err)
	s.check()
	if result.Repeated || result.Statements[0].Matched != 1 {
		t.Errorf("%+v", result)
	}
}
