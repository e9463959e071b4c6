package online_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments/audit"
	"joetz/payments/ledger"
	"joetz/payments/online"
	"joetz/payments/stripegw"
	"joetz/payments/stripegw/stripefake"
	"joetz/terms/money"
)

var (
	paidDeposit = books{paid: 75_00, payments: 1, allocated: 75_00}
	paidAll     = books{paid: 500_00, payments: 1, allocated: 500_00}
	nothing     = books{}
)

func TestPaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method stripefake.Method
		fee    money.Cents
	}{{stripefake.Bancontact, 39}, {stripefake.Card, 138}} { // 1.5 % of 75.00 is 1.125, half a cent up, and 0.25
		t.Run(string(c.method), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			st := b.start(b.ask(false))
			b.pay(st.Attempt, c.method)
			b.holds(paidDeposit)
			if got := b.status(st.Attempt); got != online.Done {
				t.Errorf("status %s", got)
			}
			if b.thanks != 1 {
				t.Errorf("thanked %d times", b.thanks)
			}
			_, err := b.Start(t.Context(), b.ask(false))
			b.mustFail(err, online.ErrOtherAmount)
			if got := b.balances()[ledger.PaymentCosts]; got != c.fee {
				t.Errorf("costs %v, want %v", got, c.fee)
			}
			b.start(b.rest())
		})
	}
}

// The browser is back before any webhook: Stripe is asked, and asked again only after a while.
func TestStatusAsksStripe(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st := b.start(b.ask(false))
	look := func() online.State {
		t.Helper()
		s, err := b.Status(t.Context(), st.Attempt)
		b.must(err)
		return s
	}
	if s := look(); s.Status != online.Open || s.URL != st.URL {
		t.Fatalf("%+v", s)
	}
	b.pass(lookedJust)
	if s := look(); s.Status != online.Open {
		t.Fatalf("%+v", s)
	}
	b.pay(st.Attempt, stripefake.Bancontact)
	if s := look(); s.Status != online.Open {
		t.Errorf("asked again at once: %+v", s)
	}
	b.fake.Disturb(stripefake.Trouble{Status: http.StatusServiceUnavailable})
	b.pass(lookedJust)
	if s := look(); s.Status != online.Open { // Stripe does not answer: what is known is shown
		t.Errorf("%+v", s)
	}
	b.pass(lookedJust)
	if s := look(); s.Status != online.Done || s.URL != "" {
		t.Errorf("%+v", s)
	}
	b.holds(paidDeposit)
	if b.thanks != 1 {
		t.Errorf("thanked %d times", b.thanks)
	}
}

const lookedJust = 3 * time.Second

func TestDeclinedThenPaid(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st := b.start(b.ask(false))
	b.must(b.fake.Decline(t.Context(), b.page(st.Attempt), stripefake.Card))
	b.holds(nothing)
	if got := b.status(st.Attempt); got != online.Open {
		t.Fatalf("after a refusal the page is %s", got)
	}
	b.pay(st.Attempt, stripefake.Bancontact)
	b.holds(paidDeposit)
}

// Back without paying, and once more to the pay page: the same one.
func TestSamePageAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.start(b.ask(false))
	b.pass(54 * time.Minute)
	if again := b.start(b.ask(false)); again != first {
		t.Errorf("another page: %+v, %+v", first, again)
	}
	b.pass(2 * time.Minute) // nine minutes left: too few to send anybody there
	later := b.start(b.ask(false))
	if later.Attempt == first.Attempt {
		t.Error("sent to a page that is about to close")
	}
	if err := b.fake.Pay(t.Context(), b.page(first.Attempt), stripefake.Card, 0); err == nil {
		t.Error("the old page still takes money")
	}
	b.pay(later.Attempt, stripefake.Card)
	b.holds(paidDeposit)
}

func TestNothingToPay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	empty := b.ask(false)
	empty.Lines = nil
	_, err := b.Start(t.Context(), empty)
	b.mustFail(err, online.ErrNothingToPay)
	vague := b.ask(false)
	vague.Instalments = nil
	_, err = b.Start(t.Context(), vague)
	b.mustFail(err, online.ErrNothingToPay)
}

func TestExpired(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st := b.start(b.ask(false))
	b.pass(2 * time.Hour)
	b.must(b.fake.Tick(t.Context()))
	b.holds(nothing)
	if got := b.status(st.Attempt); got != online.Expired {
		t.Errorf("status %s", got)
	}
	again := b.start(b.ask(false))
	b.pay(again.Attempt, stripefake.Bancontact)
	b.holds(paidDeposit)
}

// Time ran out while the parent was at the bank. The money is there, so it is recorded.
func TestExpiredThenPaid(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st := b.start(b.ask(false))
	b.pass(2 * time.Hour)
	b.must(b.fake.Tick(t.Context()))
	b.work()
	b.must(b.fake.PayExpired(t.Context(), b.page(st.Attempt), stripefake.Bancontact))
	b.holds(paidDeposit)
	if got := b.status(st.Attempt); got != online.Done {
		t.Errorf("status %s", got)
	}
}

// The same, after the parent had paid on a second page: both are recorded, the second is the family's credit.
func TestPaidTwice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.start(b.ask(true))
	b.pass(2 * time.Hour)
	b.must(b.fake.Tick(t.Context()))
	b.work()
	second := b.start(b.ask(true))
	b.pay(second.Attempt, stripefake.Bancontact)
	b.must(b.fake.PayExpired(t.Context(), b.page(first.Attempt), stripefake.Card))
	b.holds(books{paid: 1000_00, payments: 2, allocated: 500_00})
}

func TestBadWeather(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]stripefake.Mode{
		"twice": {Copies: 2}, "reversed": {Reverse: true}, "twice and reversed": {Copies: 3, Reverse: true}, "late": {Delay: time.Hour},
		"lost": {Drop: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.fake.Behave(mode)
			st := b.start(b.ask(false))
			b.must(b.fake.Decline(t.Context(), b.page(st.Attempt), stripefake.Card))
			b.pay(st.Attempt, stripefake.Card)
			b.work()
			b.holds(paidDeposit)
			b.pass(2 * time.Hour)
			b.holds(paidDeposit)
			if b.thanks != 1 {
				t.Errorf("thanked %d times", b.thanks)
			}
		})
	}
}

// No webhook and no event list: the sweeper asks by itself.
func TestSweepFindsMoney(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.fake.Behave(stripefake.Mode{Drop: true})
	st := b.start(b.ask(false))
	b.pay(st.Attempt, stripefake.Bancontact)
	b.must(b.Sweep(t.Context()))
	if got := b.status(st.Attempt); got != online.Open {
		t.Errorf("asked before its time: %s", got)
	}
	b.pass(3 * time.Minute)
	b.must(b.Sweep(t.Context()))
	if got := b.status(st.Attempt); got != online.Done {
		t.Errorf("status %s", got)
	}
	b.holds(paidDeposit)
}

// Many workers on the same news at once.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.fake.Behave(stripefake.Mode{Copies: 2})
	st := b.start(b.ask(true))
	b.pay(st.Attempt, stripefake.Card)
	if _, err := b.fake.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	var events []string
	b.must(b.DB.Select(&events, `SELECT id FROM stripe_event`))
	var all sync.WaitGroup
	for range 3 {
		for _, e := range events {
			all.Go(func() {
				if err := b.Work(t.Context(), e); err != nil {
					t.Error(err)
				}
			})
		}
		all.Go(func() {
			if _, err := b.Status(t.Context(), st.Attempt); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	b.holds(paidAll)
	if b.thanks != 1 {
		t.Errorf("thanked %d times", b.thanks)
	}
}

// A worker that read the page long ago applies what it read after another one has recorded the money.
func TestOvertakenNews(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st := b.start(b.ask(false))
	old, err := b.Gateway.Session(t.Context(), b.page(st.Attempt))
	b.must(err)
	b.pay(st.Attempt, stripefake.Card)
	b.work()
	if got, err := b.Settle(t.Context(), old); err != nil || got != online.Done {
		t.Errorf("old news: %s, %v", got, err)
	}
	b.holds(paidDeposit)
}

// An event that is done is not worked on again.
func TestEventOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st := b.start(b.ask(false))
	b.pay(st.Attempt, stripefake.Card)
	b.work()
	var event string
	b.must(b.DB.Get(&event, `SELECT id FROM stripe_event WHERE type = 'checkout.session.completed'`))
	b.fake.Disturb(stripefake.Trouble{Status: http.StatusInternalServerError})
	b.must(b.Work(t.Context(), event))
	b.must(b.Work(t.Context(), "evt_unknown"))
}

func TestTwoTabs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	urls := make([]string, 8)
	var all sync.WaitGroup
	for i := range urls {
		all.Go(func() {
			st, err := b.Start(t.Context(), b.ask(false))
			if err != nil && !stripegw.Retryable(err) { // Stripe is answering another tab at this instant
				t.Error(err)
			}
			urls[i] = st.URL
		})
	}
	all.Wait()
	st := b.start(b.ask(false))
	for _, u := range urls {
		if u != "" && u != st.URL {
			t.Errorf("two pages: %s, %s", u, st.URL)
		}
	}
	var attempts, sessions int
	b.must(b.DB.Get(&attempts, `SELECT count(*) FROM payment_attempt`))
	b.must(b.DB.Get(&sessions, `SELECT count(*) FROM stripefake.object WHERE kind = 'checkout.session'`))
	if attempts != 1 || sessions != 1 {
		t.Errorf("%d attempts, %d pages", attempts, sessions)
	}
	b.pay(st.Attempt, stripefake.Bancontact)
	b.holds(paidDeposit)
}

// Two tabs that want different things of one instalment: the later question closes the earlier page.
func TestOtherQuestion(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	deposit := b.start(b.ask(false))
	everything := b.start(b.ask(true))
	if err := b.fake.Pay(t.Context(), b.page(deposit.Attempt), stripefake.Card, 0); err == nil {
		t.Error("both pages take money")
	}
	if got := b.status(deposit.Attempt); got != online.Expired {
		t.Errorf("first attempt %s", got)
	}
	b.pay(everything.Attempt, stripefake.Card)
	b.holds(paidAll)
}

// The same instalment and another amount is another question.
func TestOtherAmount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.start(b.ask(false))
	part := b.ask(false)
	part.Lines[0].Amount = 50_00
	second := b.start(part)
	if second.Attempt == first.Attempt {
		t.Error("sent to a page that asks for another amount")
	}
	b.pay(second.Attempt, stripefake.Card)
	b.holds(books{paid: 50_00, payments: 1, allocated: 50_00})
}

// The first tab was paid, nobody has heard of it, and the second tab asks for more.
func TestOtherQuestionAfterPayment(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	deposit := b.start(b.ask(false))
	b.pay(deposit.Attempt, stripefake.Bancontact)
	_, err := b.Start(t.Context(), b.ask(true))
	b.mustFail(err, online.ErrJustPaid)
	b.holds(paidDeposit)
}

func TestBankThinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		yes    bool
		status online.Status
		books  books
	}{{true, online.Done, paidDeposit}, {false, online.Failed, nothing}} {
		b := newBench(t)
		st := b.start(b.ask(false))
		b.must(b.fake.PayLater(t.Context(), b.page(st.Attempt), stripefake.Bancontact, 10*time.Minute, c.yes))
		b.holds(nothing)
		if got := b.status(st.Attempt); got != online.Processing {
			t.Errorf("status %s", got)
		}
		_, err := b.Start(t.Context(), b.ask(true))
		b.mustFail(err, online.ErrBeingPaid)
		b.pass(10 * time.Minute)
		b.must(b.fake.Tick(t.Context()))
		b.holds(c.books)
		if got := b.status(st.Attempt); got != c.status {
			t.Errorf("status %s, want %s", got, c.status)
		}
	}
}

// A transfer arrives while the pay page is open: the page closes, so that nobody pays twice.
func TestTransferArrives(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st := b.start(b.ask(false))
	b.transfer(75_00)
	b.tx(func(tx *sqlx.Tx) error { return b.ExpireTx(t.Context(), tx, b.order, b.order+1) })
	b.work()
	if got := b.status(st.Attempt); got != online.Expired {
		t.Errorf("status %s", got)
	}
	if err := b.fake.Pay(t.Context(), b.page(st.Attempt), stripefake.Card, 0); err == nil {
		t.Error("the page still takes money")
	}
	b.holds(books{allocated: 75_00})
}

// The same, and nobody thought of closing the page: the sweeper does.
func TestTransferArrivesUnnoticed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.transfer(75_00)
	_, err := b.Start(t.Context(), b.ask(true)) // the page still showed the old amount
	b.mustFail(err, online.ErrOtherAmount)
	st := b.start(b.rest())
	b.must(b.Sweep(t.Context()))
	if got := b.status(st.Attempt); got != online.Open {
		t.Fatalf("closed a page that asks for what is open: %s", got)
	}
	b.transfer(1_00)
	b.must(b.Sweep(t.Context()))
	if got := b.status(st.Attempt); got != online.Expired {
		t.Errorf("status %s", got)
	}
	b.holds(books{allocated: 76_00})
}

// Stripe puts the money on the balance later than it says that it has it: the fee is booked when it is known.
func TestFeeComesLater(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st := b.start(b.ask(false))
	b.pay(st.Attempt, stripefake.Bancontact)
	b.DB.MustExec(`UPDATE stripefake.object SET kind = 'not yet' WHERE kind = 'balance_transaction'`)
	b.DB.MustExec(`UPDATE stripefake.object SET body = body || jsonb_build_object('balance_transaction', null, 'later', body->'balance_transaction') WHERE kind = 'charge'`)
	b.DB.MustExec(`UPDATE stripefake.object SET body = body - 'later', extra = jsonb_build_object('later', body->'later') WHERE kind = 'charge'`)
	b.work()
	if got := b.status(st.Attempt); got != online.Done {
		t.Fatalf("status %s", got)
	}
	differences, err := audit.Run(t.Context(), b.DB, b.now(), audit.Books, audit.Bank)
	b.must(err)
	if got := b.balances(); got[ledger.StripeBalance] != 75_00 || got[ledger.PaymentCosts] != 0 || len(differences) > 0 {
		t.Errorf("balances %v, %v", got, differences)
	}
	b.DB.MustExec(`UPDATE stripefake.object SET body = body || jsonb_build_object('balance_transaction', extra->'later') WHERE kind = 'charge'`)
	b.DB.MustExec(`UPDATE stripefake.object SET kind = 'balance_transaction' WHERE kind = 'not yet'`)
	b.holds(paidDeposit)
	b.holds(paidDeposit)
	if got := b.balances()[ledger.PaymentCosts]; got != 39 {
		t.Errorf("costs %v", got)
	}
}

// ... and the parent was faster: the money is recorded, and what is too much is the family's.
func TestTransferArrivesTooLate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st := b.start(b.ask(true))
	b.pay(st.Attempt, stripefake.Card)
	b.transfer(75_00)
	b.tx(func(tx *sqlx.Tx) error { return b.ExpireTx(t.Context(), tx, b.order, b.order+1) })
	b.holds(paidAll)
}
