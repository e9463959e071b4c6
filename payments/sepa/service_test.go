package sepa_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/audit"
	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/paymentstest"
	"joetz/payments/reconcile"
	"joetz/payments/sepa"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// desk is a shop with a bank, two colleagues and one family whose child is cancelled.
type desk struct {
	*sepa.Service
	t          *testing.T
	now        time.Time
	bank       *reconcile.Service
	rita, omar id.Staff
	told       int
	number     int
	balance    money.Cents
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2027, 3, 10, 9, 0, 0, 0, time.UTC), balance: 1000_00}
	clock := func() time.Time { return d.now }
	db := pgtest.New(t)
	pay := paymentstest.New(clock)
	d.Service = &sepa.Service{DB: db, Now: clock, Payments: pay, Version: sepa.Pain09, Limit: 500_00, Debtor: order(sepa.Pain09).Debtor,
		Changed: func(context.Context, *sqlx.Tx, id.Order) error { d.told++; return nil }}
	d.bank = &reconcile.Service{DB: db, Payments: pay, Accounts: []bank.IBAN{ours}, Now: clock}
	d.rita, d.omar = paymentstest.Staff(t, db, "Rita"), paymentstest.Staff(t, db, "Omar")
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) bring(transfers ...bankfake.Transfer) {
	d.t.Helper()
	d.number++
	st := bankfake.Statement{Account: ours, Holder: "JOETZ VZW", Date: civil.Must(2027, 3, 10).AddDays(d.number), Number: d.number, Opening: d.balance, Transfers: transfers}
	d.balance = st.Closing()
	file, err := bankfake.CODA(st)
	d.must(err)
	_, err = d.bank.Import(d.t.Context(), reconcile.Upload{Name: "a.cod", Data: file, By: d.rita})
	d.must(err)
	d.sound()
}

func (d *desk) sound() {
	d.t.Helper()
	found, err := audit.Run(d.t.Context(), d.DB, d.now)
	d.must(err)
	for _, x := range found {
		d.t.Error(x)
	}
}

// cancelled is an order that was paid by a transfer from that account, and cancelled for nothing.
func (d *desk) cancelled(amount money.Cents, iban bank.IBAN) id.Order {
	d.t.Helper()
	o := paymentstest.NewOrder(d.t, d.DB, d.Payments, "An Peeters", "Lotte", amount)
	d.bring(bankfake.Transfer{Amount: amount, Reference: o.OGM, Name: "A. PEETERS", IBAN: iban})
	d.must(pg.InTx(d.t.Context(), d.DB, func(tx *sqlx.Tx) error {
		d.must(payments.LockOrderTx(d.t.Context(), tx, o.ID))
		_, err := paymentstest.CloseTx(d.t.Context(), tx, d.Payments, payments.Closing{Order: o.ID, Booking: o.Booking, Payer: payments.Payer{Name: "An Peeters", Country: "BE", Lang: "nl"}, Description: "kamp", Actor: "system"})
		return err
	}))
	return o.ID
}

func (d *desk) only() sepa.Waiting {
	d.t.Helper()
	all, err := d.Waiting(d.t.Context())
	d.must(err)
	if len(all) != 1 {
		d.t.Fatalf("%d refunds wait: %+v", len(all), all)
	}
	return all[0]
}

const family = bank.IBAN("BE62510007547061")

// A refund goes to the account that paid, once, leaves the books when the bank shows it, and comes back as a new promise.
func TestRefundGoesOutAndComesBack(t *testing.T) {
	t.Parallel()
	d, ctx := newDesk(t), t.Context()
	order := d.cancelled(335_00, family)
	w := d.only()
	if w.State != sepa.Ready || w.IBAN != family || w.Amount != 335_00 {
		t.Fatalf("%+v", w)
	}
	if _, err := d.Make(ctx, 1, 334_99, d.rita); !errors.Is(err, sepa.ErrOutdated) {
		t.Errorf("another total: %v", err)
	}
	batch, err := d.Make(ctx, 1, 335_00, d.rita)
	d.must(err)
	if _, err := d.Make(ctx, 0, 0, d.rita); !errors.Is(err, sepa.ErrNobodyReady) {
		t.Errorf("made twice: %v", err)
	}
	name, content, err := d.File(ctx, batch)
	d.must(err)
	if name == "" || len(content) == 0 {
		t.Errorf("file %q of %d bytes", name, len(content))
	}
	d.sound()
	end := payments.RefundEndToEnd(w.Refund)
	d.bring(bankfake.Transfer{Amount: -335_00, EndToEndID: end})
	d.bring(bankfake.Transfer{Amount: 335_00, EndToEndID: end, Return: "AC04"})
	all, err := d.Batches(ctx, 10)
	d.must(err)
	if len(all) != 1 || all[0].Done != 1 || all[0].Failed != 1 || all[0].Total != 335_00 {
		t.Errorf("%+v", all)
	}
	if w = d.only(); w.State != sepa.Failed {
		t.Fatalf("%+v", w)
	}
	waiting := func() int {
		t.Helper()
		rows, err := d.Payments.WaitingRefunds(ctx, d.DB, 10)
		d.must(err)
		return len(rows)
	}
	if n := waiting(); n != 1 {
		t.Errorf("%d refunds wait for somebody, want the one that came back", n)
	}
	d.must(d.Retry(ctx, w.Refund, d.rita))
	if n := waiting(); n != 1 {
		t.Errorf("%d refunds wait for somebody, want only the new promise", n)
	}
	if err := d.Retry(ctx, w.Refund, d.omar); !errors.Is(err, payments.ErrRetried) {
		t.Errorf("promised twice: %v", err)
	}
	d.must(d.SetAccount(ctx, sepa.Account{Order: order, IBAN: "NL91 ABNA 0417 1643 00", Holder: "An Peeters", Reason: "rekening opgeheven", By: d.rita}))
	if w = d.only(); w.State != sepa.Cooling || d.told != 1 {
		t.Fatalf("told %d: %+v", d.told, w)
	}
	d.now = d.now.Add(sepa.CoolDown)
	if w = d.only(); w.State != sepa.Ready || w.IBAN != "NL91ABNA0417164300" {
		t.Fatalf("%+v", w)
	}
	_, err = d.Make(ctx, 1, 335_00, d.rita)
	d.must(err)
	d.bring(bankfake.Transfer{Amount: -335_00, EndToEndID: payments.RefundEndToEnd(w.Refund)})
	if all, err := d.Waiting(ctx); err != nil || len(all) != 0 {
		t.Errorf("%v: %+v", err, all)
	}
}

// Above the limit a second person agrees, with the account that they saw.
func TestSecondPerson(t *testing.T) {
	t.Parallel()
	d, ctx := newDesk(t), t.Context()
	order := d.cancelled(500_01, family)
	w := d.only()
	if w.State != sepa.Unagreed {
		t.Fatalf("%+v", w)
	}
	d.must(d.Approve(ctx, w.Refund, w.Account, d.omar))
	if w = d.only(); w.State != sepa.Ready || w.Approver != "Omar" {
		t.Fatalf("%+v", w)
	}
	if _, err := d.Make(ctx, 1, 500_01, d.omar); !errors.Is(err, sepa.ErrSamePerson) {
		t.Errorf("alone: %v", err)
	}
	agreed := d.now
	d.now = agreed.Add(-time.Minute) // another process, whose clock is behind
	d.must(d.SetAccount(ctx, sepa.Account{Order: order, IBAN: "NL91ABNA0417164300", Holder: "Wie Anders", Reason: "gebeld", By: d.rita}))
	d.now = agreed.Add(sepa.CoolDown)
	if w = d.only(); w.State != sepa.Unagreed {
		t.Fatalf("agreed with another account: %+v", w)
	}
	if err := d.Approve(ctx, w.Refund, 0, d.omar); !errors.Is(err, sepa.ErrOutdated) || d.only().State != sepa.Unagreed {
		t.Fatalf("their page still showed the account that paid: %v", err)
	}
	d.now = agreed.Add(-time.Hour) // a clock that is far behind: it is this account all the same
	d.must(d.Approve(ctx, w.Refund, w.Account, d.omar))
	d.now = agreed.Add(sepa.CoolDown)
	_, err := d.Make(ctx, 1, 500_01, d.rita)
	d.must(err)
	d.sound()
	if err := d.Approve(ctx, w.Refund, w.Account, d.rita); !errors.Is(err, sepa.ErrNotWaiting) {
		t.Errorf("agreed after it was sent: %v", err)
	}
}

// Agreements of before the account was kept with them count for the account of their time.
func TestOldAgreements(t *testing.T) {
	t.Parallel()
	d, ctx := newDesk(t), t.Context()
	order := d.cancelled(500_01, family)
	agree := func() {
		_, err := d.DB.Exec(`INSERT INTO refund_approval (refund_id, staff_id, at) VALUES ($1, $2, $3)`, d.only().Refund, d.omar, d.now)
		d.must(err)
	}
	agree()
	if w := d.only(); w.State != sepa.Ready || w.Approver != "Omar" {
		t.Fatalf("%+v", w)
	}
	d.now = d.now.Add(time.Minute)
	d.must(d.SetAccount(ctx, sepa.Account{Order: order, IBAN: "NL91ABNA0417164300", Holder: "Wie Anders", Reason: "gebeld", By: d.rita}))
	d.now = d.now.Add(sepa.CoolDown)
	if w := d.only(); w.State != sepa.Unagreed {
		t.Fatalf("agreed with another account: %+v", w)
	}
	agree()
	if w := d.only(); w.State != sepa.Ready {
		t.Errorf("%+v", w)
	}
}

func TestAccountsAreChecked(t *testing.T) {
	t.Parallel()
	d, ctx := newDesk(t), t.Context()
	order := d.cancelled(100_00, "")
	if w := d.only(); w.State != sepa.NoAccount {
		t.Errorf("%+v", w)
	}
	good := sepa.Account{Order: order, IBAN: string(family), Holder: "An", Reason: "gebeld", By: d.rita}
	for name, c := range map[string]struct {
		spoil func(a *sepa.Account)
		want  error
	}{
		"a typing error":   {func(a *sepa.Account) { a.IBAN = "BE62510007547062" }, sepa.ErrIBAN},
		"our own":          {func(a *sepa.Account) { a.IBAN = string(ours) }, sepa.ErrIBAN},
		"outside the zone": {func(a *sepa.Account) { a.IBAN = "TR330006100519786457841326" }, sepa.ErrIBAN},
		"no reason":        {func(a *sepa.Account) { a.Reason = "" }, sepa.ErrReason},
		"nobody":           {func(a *sepa.Account) { a.Holder = " " }, sepa.ErrHolder},
		"no order":         {func(a *sepa.Account) { a.Order = 99 }, payments.ErrNoOrder},
	} {
		a := good
		c.spoil(&a)
		if err := d.SetAccount(ctx, a); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if d.told != 0 {
		t.Errorf("told %d times of nothing", d.told)
	}
}

// Two colleagues press at once: one file.
func TestOneFileForTwoWhoPressAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.cancelled(100_00, family)
	var made atomic.Int32
	var group sync.WaitGroup
	for _, by := range []id.Staff{d.rita, d.omar, d.rita} {
		group.Go(func() {
			switch _, err := d.Make(context.Background(), 1, 100_00, by); {
			case err == nil:
				made.Add(1)
			case !errors.Is(err, sepa.ErrNobodyReady):
				t.Error(err)
			}
		})
	}
	group.Wait()
	if made.Load() != 1 {
		t.Errorf("%d files", made.Load())
	}
	d.sound()
}
