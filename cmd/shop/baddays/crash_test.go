package baddays

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"joetz/payments"
	"joetz/payments/bank/bankfake"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// fragile is a town whose shop dies at a chosen commit.
type fragile struct {
	*town
	wire     *wire
	addr     string
	shop     *process
	children children
	parent   *visitor
	office   *visitor
	books    *visitor
	day      int
	balance  money.Cents
}

func newFragile(t *testing.T) *fragile {
	t.Helper()
	f := &fragile{town: newTown(t, 1, 500), addr: freePort(t), balance: 1_000_00}
	f.wire = newWire(t, f.dsn)
	f.vars[0] = "DATABASE_URL=" + f.wire.dsn()
	site := func() string { return "http://" + f.addr }
	f.parent, f.office, f.books = newVisitor(site, parentSession(0)), newVisitor(site, officeSession), newVisitor(site, accountingSession)
	f.shop = start(t, f.addr, f.vars...)
	f.settled()
	return f
}

// flow is something that people do with money.
type flow struct {
	name  string
	every int // commit in CI, from the first on
	// ready prepares one: an order, paid or not.
	ready func(*fragile) order
	// try does all that people do, from the beginning, and does it again after a crash; it ends early when the shop is gone.
	try func(*fragile, *attempt) error
	// done holds what came of it against what should.
	done func(*fragile, order)
}

// attempt is what is tried, and what was made for it the first time.
type attempt struct {
	order
	files [][]byte
}

var flows = []flow{
	{"pay", 10, ordered(true), (*fragile).pays, (*fragile).isPaidOnce},
	{"refund", 10, paid(true), (*fragile).cancels, (*fragile).isBackOnce},
	{"import", 3, ordered(false), (*fragile).imports, (*fragile).isPaidOnce},
	{"refund file", 4, paid(false), (*fragile).sendsBack, (*fragile).isBackOnce},
}

// The shop dies between any two steps of paying, refunding and importing: at each commit in turn, of its own and of the
// stand-in for Stripe, after it is there and before anybody heard of it. Then it starts again, people look and try again,
// and everything is there once. CI takes some of the commits; with SHOP_TEST_KILLS set it is each of them.
func TestDiesAtEachCommit(t *testing.T) {
	tool(t, "postgres")
	for _, w := range flows {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			f := newFragile(t)
			deaths, first, every := 0, 1, 1
			if os.Getenv("SHOP_TEST_KILLS") == "" {
				every = w.every
			}
			n := first
			for ; f.dies(w, n) && !t.Failed(); n += every {
				deaths++
			}
			if said, ok := command(t, f.vars, "fsck"); !ok {
				t.Errorf("shop fsck: %s", said)
			}
			t.Logf("died at %d commits: %d, every %d, fewer than %d", deaths, first, every, n)
			if deaths == 0 {
				t.Error("it never died")
			}
		})
	}
}

// dies lets the shop die at the nth commit of a flow, and reports whether there were so many.
func (f *fragile) dies(w flow, n int) bool {
	f.t.Helper()
	a := &attempt{order: w.ready(f)}
	f.wire.arm(n, func() { _ = f.shop.cmd.Process.Kill() })
	err := w.try(f, a)
	if err == nil {
		f.restAlive()
	}
	_, died := f.wire.disarm()
	if !died {
		if err != nil {
			f.t.Errorf("without a crash: %v", err)
		}
		f.settled()
	} else {
		<-f.shop.gone
		f.sound(fmt.Sprintf("dead at commit %d", n))
		f.hurryDead()
		f.shop = start(f.t, f.addr, f.vars...)
		if err := w.try(f, a); err != nil {
			f.t.Errorf("after a crash at commit %d: %v", n, err)
		}
		f.settled()
	}
	f.sound(fmt.Sprintf("after commit %d", n))
	w.done(f, a.order)
	return died
}

// restAlive waits until the jobs are done, or the shop died over them.
func (f *fragile) restAlive() {
	waitFor(f.t, "the jobs", func() bool {
		select {
		case <-f.shop.gone:
			return true
		default:
		}
		f.hurryWaiting()
		return f.count(`SELECT (SELECT count(*) FROM job WHERE state = 'running' OR state = 'waiting' AND run_at <= now()) + (SELECT count(*) FROM stripefake.delivery WHERE NOT done)`) == 0
	})
}

func (f *fragile) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fragile) order(stripe bool) (o order) {
	f.t.Helper()
	child := f.children.next()
	f.must(f.hold(f.parent, f.departures[0], child))
	o, err := f.confirm(f.parent, child, stripe)
	f.must(err)
	f.get(&o.id, `SELECT b.order_id FROM booking b JOIN participant p ON p.id = b.participant_id WHERE p.first_name = $1`, child)
	f.settled()
	return o
}

// ordered is an order that nobody paid yet.
func ordered(stripe bool) func(*fragile) order {
	return func(f *fragile) order { return f.order(stripe) }
}

// paid is an order that is paid on line or by transfer.
func paid(stripe bool) func(*fragile) order {
	return func(f *fragile) order {
		a := &attempt{order: f.order(stripe)}
		if stripe {
			f.must(f.pays(a))
		} else {
			f.must(f.imports(a))
		}
		f.settled()
		return a.order
	}
}

// pays asks for a pay page, unless nothing is due any more, and presses its button.
func (f *fragile) pays(a *attempt) error {
	answer, err := f.parent.post(fmt.Sprintf("/mijn/bestelling/%d/betalen", a.id), nil)
	if err != nil || answer.status == http.StatusConflict { // nothing due: paid
		return err
	}
	if err := answer.wants("pay page", "/demo/stripe/c/pay/"); err != nil {
		return err
	}
	page := answer.to
	if answer, err = f.parent.get(page); err != nil || !strings.Contains(answer.body, "50,00") { // the rest is asked: the deposit is there
		return err
	}
	answer, err = f.parent.post(page, url.Values{"act": {"bancontact"}})
	if err != nil {
		return err
	}
	return answer.wants("paid", "") // to the shop, or to the page again, which says that it is paid
}

// cancels ends the booking as the organiser does; all of the money goes back.
func (f *fragile) cancels(a *attempt) error {
	var booking int64
	f.get(&booking, `SELECT id FROM booking WHERE order_id = $1`, a.id)
	if f.count(`SELECT count(*) FROM booking WHERE id = $1 AND status = 'cancelled'`, booking) == 1 { // they see it on its page
		return nil
	}
	path := fmt.Sprintf("/kantoor/kind/%d/annuleren", booking)
	answer, err := f.office.post(path, url.Values{"by": {"organiser"}, "note": {"gevraagd"}})
	if err != nil {
		return err
	}
	form := answer.formOf("fee")
	if form == nil {
		return fmt.Errorf("cancel: status %d, %s", answer.status, title(answer.body))
	}
	form.fields.Set("confirm", "yes")
	if answer, err = f.office.post(path, form.fields); err != nil {
		return err
	}
	return answer.wants("cancelled", "/kantoor/boeking/")
}

// statement is the bank's next file.
func (f *fragile) statement(transfers ...bankfake.Transfer) []byte {
	f.day++
	st := bankfake.Statement{Account: "BE68539007547034", Holder: "JOETZ", Date: civil.Of(time.Now()), Number: f.day, Opening: f.balance, Transfers: transfers}
	f.balance = st.Closing()
	file, err := bankfake.CODA(st)
	f.must(err)
	return file
}

func (f *fragile) bring(file []byte) error {
	answer, err := f.books.upload("/boekhouding/bank", "bestand", "x.cod", file)
	if err != nil {
		return err
	}
	return answer.wants("import", "/boekhouding/bank/bestanden/")
}

// imports brings the bank's file with the order's money, always the same one.
func (f *fragile) imports(a *attempt) error {
	if len(a.files) == 0 {
		var ogm string
		f.get(&ogm, `SELECT structured_comm FROM booking_order WHERE id = $1`, a.id)
		a.files = append(a.files, f.statement(
			bankfake.Transfer{Amount: 50_00, Name: "An Ouder", IBAN: payerIBAN(a.id), Reference: ogm}, bankfake.Transfer{Amount: 1_00, Text: "wie weet"}))
	}
	return f.bring(a.files[0])
}

// sendsBack cancels, makes a file of what goes back, and brings the bank's file on which it has left.
func (f *fragile) sendsBack(a *attempt) error {
	if err := f.cancels(a); err != nil {
		return err
	}
	const path = "/boekhouding/terugbetalingen"
	answer, err := f.books.get(path)
	if err != nil {
		return err
	}
	if form := answer.formOf("count", "total"); form != nil && form.fields.Get("count") != "0" {
		if answer, err = f.books.post(path, form.fields); err != nil {
			return err
		}
		if answer.status >= http.StatusBadRequest {
			return fmt.Errorf("refund file: status %d, %s", answer.status, title(answer.body))
		}
	}
	if len(a.files) == 0 {
		var refund int64
		if err := f.db.Get(&refund, `SELECT r.id FROM refund r JOIN refund_step s ON s.refund_id = r.id AND s.state = 'sent' WHERE r.order_id = $1`, a.id); err != nil {
			return errors.New("no refund was sent")
		}
		a.files = append(a.files, f.statement(bankfake.Transfer{Amount: -50_00, Name: "An Ouder", IBAN: payerIBAN(a.id), EndToEndID: payments.RefundEndToEnd(id.Refund(refund))}))
	}
	return f.bring(a.files[0])
}

const orderSums = `SELECT coalesce((SELECT sum(amount_cents) FROM payment WHERE order_id = $1), 0), (SELECT count(*) FROM payment WHERE order_id = $1),
	coalesce((SELECT sum(amount_cents) FROM refund WHERE order_id = $1), 0),
	(SELECT count(*) FROM refund r WHERE order_id = $1 AND EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state IN ('sent', 'done')))`

func (f *fragile) sums(o order, wantPaid, wantPayments, wantBack, wantSent int) {
	f.t.Helper()
	var paid, payments, back, sent int
	f.must(f.db.QueryRow(orderSums, o.id).Scan(&paid, &payments, &back, &sent))
	if paid != wantPaid || payments != wantPayments || back != wantBack || sent != wantSent {
		f.t.Errorf("order %d: %d in %d payments, %d back, %d sent; wanted %d in %d, %d back, %d sent", o.id, paid, payments, back, sent, wantPaid, wantPayments, wantBack, wantSent)
	}
	f.stripeAgrees()
}

// stripeAgrees holds what Stripe took and gave against what the shop knows of it.
func (f *fragile) stripeAgrees() {
	f.t.Helper()
	for what, query := range map[string]string{
		"paid": `SELECT coalesce((SELECT sum((body->>'amount_total')::bigint) FROM stripefake.object WHERE kind = 'checkout.session' AND body->>'payment_status' = 'paid'), 0)
			- coalesce((SELECT sum(amount_cents) FROM payment WHERE method = 'stripe'), 0)`,
		"given back": `SELECT coalesce((SELECT sum((body->>'amount')::bigint) FROM stripefake.object WHERE kind = 'refund'), 0)
			- coalesce((SELECT sum(amount_cents) FROM refund WHERE method = 'stripe'), 0)`,
	} {
		if apart := f.count(query); apart != 0 {
			f.t.Errorf("Stripe and the shop are %d cents apart over what was %s", apart, what)
		}
	}
}

func (f *fragile) isPaidOnce(o order) { f.t.Helper(); f.sums(o, 50_00, 1, 0, 0) }
func (f *fragile) isBackOnce(o order) { f.t.Helper(); f.sums(o, 50_00, 1, 50_00, 1) }
