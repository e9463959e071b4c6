package reconcile_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/payments/bank/bankfake"
	"joetz/payments/reconcile"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// suggestions prints what is suggested for the newest movement: "V1000001 75.00: payer amount".
func (s *shop) suggestions() (all []string) {
	s.t.Helper()
	m, err := s.svc.MovementByID(context.Background(), s.last())
	must(s.t, err)
	got, err := s.svc.CandidatesOf(context.Background(), []reconcile.Movement{m})
	must(s.t, err)
	for _, g := range got[m.ID].Orders {
		var parts, why []string
		for i, o := range g.Orders {
			parts = append(parts, o.Reference+" "+g.Parts[i].Amount.String())
		}
		for _, w := range g.Why {
			why = append(why, strings.TrimPrefix(w.Key, "bank.why."))
		}
		all = append(all, strings.Join(parts, " + ")+": "+strings.Join(why, " "))
	}
	return all
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	peeters, maes, zoe := s.order("An Peeters", "Lotte", 7500), s.order("Jan Maes", "Noor", 10000), s.order("Zoë Lefèvre", "Tuur", 7500)
	paid := s.order("Eva Willems", "Fien", 5000)
	s.bring(bankfake.Transfer{Amount: 5000, Reference: paid.OGM, Name: "WILLEMS", IBAN: "BE52001234500509"})
	second := s.orderOf(paid, "Eva Willems", "Fien", 4000)
	third := s.orderOf(paid, "Eva Willems", "Mon", 2000)
	parts := s.order("Tom Vermeulen", "Mats", 33500)
	s.inParts(parts, 5000, 14250, 14250)
	also := s.orderOf(parts, "Tom Vermeulen", "Lies", 20000)
	s.inParts(also, 7500, 12500)
	swapped := maes.OGM[:9] + maes.OGM[10:11] + maes.OGM[9:10] + maes.OGM[11:]
	if maes.OGM[9] == maes.OGM[10] {
		swapped = maes.OGM[:11] + string('0'+(maes.OGM[11]-'0'+1)%10)
	}
	for _, c := range []struct {
		name     string
		transfer bankfake.Transfer
		want     []string
	}{
		{"nothing speaks", bankfake.Transfer{Amount: 1234, Name: "X"}, nil},
		{"amount alone", bankfake.Transfer{Amount: 10000, Name: "BAKKER"}, nil},
		{"payer and amount", bankfake.Transfer{Amount: 7500, Name: "PEETERS-AN"}, []string{peeters.Reference + " 75.00: payer amount"}},
		{"accents", bankfake.Transfer{Amount: 7500, Name: "LEFEVRE ZOE"}, []string{zoe.Reference + " 75.00: payer amount"}},
		{"surname, first name", bankfake.Transfer{Amount: 3000, Name: "MAES", Text: "zakgeld noor"}, nil},
		{"surname, first name, amount", bankfake.Transfer{Amount: 10000, Name: "MAES", Text: "kamp Noor"}, []string{maes.Reference + " 100.00: surname first_name amount"}},
		{"two swapped digits", bankfake.Transfer{Amount: 2500, Text: swapped}, []string{maes.Reference + " 25.00: near"}},
		{"two of ours", bankfake.Transfer{Amount: 17500, Text: peeters.OGM + " en " + maes.OGM}, []string{peeters.Reference + " 75.00: named", maes.Reference + " 100.00: named"}},
		{"account seen before, for both together", bankfake.Transfer{Amount: 6000, Name: "GEZAMENLIJK", IBAN: "BE52001234500509"},
			[]string{second.Reference + " 40.00 + " + third.Reference + " 20.00: iban together", second.Reference + " 40.00: iban", third.Reference + " 20.00: iban"}},
		{"account seen before, one of them", bankfake.Transfer{Amount: 2000, IBAN: "BE52001234500509"},
			[]string{third.Reference + " 20.00: iban amount", second.Reference + " 20.00: iban"}},
		{"payer, any amount", bankfake.Transfer{Amount: 4321, Name: "LEFEVRE ZOE"}, []string{zoe.Reference + " 43.21: payer"}},
		{"the deposit", bankfake.Transfer{Amount: 5000, Name: "VERMEULEN TOM", Text: "kamp Mats"}, []string{parts.Reference + " 50.00: payer first_name part", also.Reference + " 50.00: payer"}},
		{"the deposit and the first part behind it", bankfake.Transfer{Amount: 19250, Name: "VERMEULEN TOM"}, []string{parts.Reference + " 192.50: payer part", also.Reference + " 192.50: payer"}},
		{"the deposits of both", bankfake.Transfer{Amount: 12500, Name: "VERMEULEN TOM"},
			[]string{parts.Reference + " 50.00 + " + also.Reference + " 75.00: payer together", also.Reference + " 125.00: payer part", parts.Reference + " 125.00: payer"}},
		{"comes back", bankfake.Transfer{Amount: 7500, Name: "PEETERS AN", Return: "AC04"}, nil},
		{"leaves", bankfake.Transfer{Amount: -7500, Name: "PEETERS AN"}, nil},
	} {
		s.bring(c.transfer)
		if d := cmp.Diff(c.want, s.suggestions()); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// inParts asks an order in parts, a month apart.
func (s *shop) inParts(o order, amounts ...money.Cents) {
	s.t.Helper()
	var plan []payments.Due
	for n, a := range amounts {
		plan = append(plan, payments.Due{Kind: []string{"deposit", "balance"}[min(n, 1)], On: civil.Must(2027, 4, 1).AddMonths(n), Amount: a})
	}
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		must(s.t, payments.LockOrderTx(ctx, tx, o.ID))
		_, err := s.pay.ReviseTx(ctx, tx, payments.Revision{Order: o.ID, Booking: o.Booking, Payer: payments.Payer{Name: "Tom", Country: "BE", Lang: "nl"}, Description: "kamp", Schedule: plan, Actor: "system"})
		return err
	})
}

// orderOf is another order of the same family.
func (s *shop) orderOf(family order, payer, child string, amount int) order {
	s.t.Helper()
	o := s.order(payer, child, cents(amount))
	_, err := s.db.Exec(`UPDATE booking_order SET guardian_id = (SELECT guardian_id FROM booking_order WHERE id = $1) WHERE id = $2`, family.ID, o.ID)
	must(s.t, err)
	return o
}

func TestReadsBackWhatWasImported(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	o := s.order("An Peeters", "Lotte", 7500)
	first := s.statement(bankfake.Transfer{Amount: 7500, Reference: o.OGM, Name: "PEETERS AN"}, bankfake.Transfer{Amount: 300, Text: "100%_zeker"})
	s.statement(bankfake.Transfer{Amount: 1}) // lost
	data := coda(t, first, s.statement(bankfake.Transfer{Amount: -200, Name: "AUTOCAR"}), first,
		bankfake.Statement{Account: "BE62510007547061", Date: civil.Must(2027, 3, 1), Number: 1})
	result, err := s.upload(data)
	must(t, err)

	files, err := s.svc.Files(ctx, 10)
	must(t, err)
	if len(files) != 1 || files[0].ID != result.File || files[0].Statements != 2 || files[0].Movements != 3 || files[0].Waiting != 2 || files[0].Skipped != 2 || files[0].By != "Boekhouding" {
		t.Errorf("files: %+v", files)
	}
	d, err := s.svc.FileByID(ctx, result.File)
	must(t, err)
	if len(d.Rows) != 2 || d.Rows[0].Gap || !d.Rows[1].Gap || d.Rows[0].Closing != 107800 || d.Rows[1].Waiting != 1 {
		t.Errorf("statements: %+v", d.Rows)
	}
	if len(d.Skips) != 2 || d.Skips[0].Why != reconcile.SkippedKnown || d.Skips[1].Why != reconcile.SkippedOtherAccount {
		t.Errorf("skipped: %+v", d.Skips)
	}
	if name, content, err := s.svc.Original(ctx, result.File); err != nil || name != "a.cod" || string(content) != string(data) {
		t.Errorf("the original is not what came: %v", err)
	}
	over, err := s.svc.Overview(ctx)
	want := reconcile.Overview{LastOn: civil.Must(2027, 3, 4), Balance: 107601, Before: 100000, Waiting: 2, In: 300, Out: -200, Gaps: 1}
	if d := cmp.Diff(want, over, cmp.Comparer(func(a, b civil.Date) bool { return a == b })); err != nil || d != "" {
		t.Errorf("overview: %v %s", err, d)
	}
	for _, c := range []struct {
		name   string
		filter reconcile.Filter
		total  int
	}{
		{"all", reconcile.Filter{}, 3},
		{"waiting", reconcile.Filter{Waiting: true}, 2},
		{"of a statement", reconcile.Filter{Statement: d.Rows[1].ID}, 1},
		{"by name", reconcile.Filter{Search: "peeters"}, 1},
		{"by amount", reconcile.Filter{Search: "75,00"}, 1},
		{"by reference", reconcile.Filter{Search: o.OGM}, 1},
		{"a pattern is text", reconcile.Filter{Search: "0%_z"}, 1},
		{"which matches nothing else", reconcile.Filter{Search: "%"}, 1},
		{"by day", reconcile.Filter{From: civil.Must(2027, 3, 4)}, 1},
		{"until a day", reconcile.Filter{To: civil.Must(2027, 3, 3)}, 2},
	} {
		c.filter.Limit = 1
		rows, total, err := s.svc.Movements(ctx, c.filter)
		if err != nil || total != c.total || len(rows) != 1 {
			t.Errorf("%s: %d of %d, %v; want %d", c.name, len(rows), total, err, c.total)
		}
	}
	rows, _, err := s.svc.Movements(ctx, reconcile.Filter{Search: "peeters", Limit: 10})
	must(t, err)
	if m := rows[0].Matches; len(m) != 1 || m[0].Reference != o.Reference || m[0].How != "structured" || m[0].Undone || m[0].Final || rows[0].Left != 0 {
		t.Errorf("%+v", rows[0])
	}
	if found, err := s.svc.OrderBy(ctx, " "+strings.ToLower(o.Reference)); err != nil || found.ID != o.ID || found.Open != 0 {
		t.Errorf("%+v, %v", found, err)
	}
	if found, err := s.svc.OrderBy(ctx, mustOGM(t, o.OGM).String()); err != nil || found.ID != o.ID {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := s.svc.OrderBy(ctx, "V1"); !errors.Is(err, reconcile.ErrNoOrder) {
		t.Errorf("no such order: %v", err)
	}
	if _, err := s.svc.MovementByID(ctx, id.BankMovement(999)); !errors.Is(err, reconcile.ErrNoMovement) {
		t.Errorf("no such movement: %v", err)
	}
	if _, err := s.svc.FileByID(ctx, 999); !errors.Is(err, reconcile.ErrNoFile) {
		t.Errorf("no such file: %v", err)
	}
}

func TestReadsAnEmptyBank(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	over, err := s.svc.Overview(ctx)
	if err != nil || over != (reconcile.Overview{}) {
		t.Errorf("%+v, %v", over, err)
	}
}
