package baddays

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// busy is a minute of the shop: families who book and pay, the bank's files, the office that cancels, accounting that
// refunds. Everybody goes on through every failure, as people do: they look again, and try again.
type busy struct {
	*town
	sites    []string // of the shops; a load balancer would know them
	turn     atomic.Int64
	answers  atomic.Int64 // that people got, all together
	children children
	over     chan struct{}
	wait     sync.WaitGroup

	mu        sync.Mutex
	confirmed []order // what buyers were told
	toPay     []order // by transfer, not on a bank statement yet
	banked    map[int64]money.Cents
	imported  int
	cancelled int
	lookedAt  int
	wrong     []string
}

func (b *busy) visitor(session string) *visitor {
	v := newVisitor(func() string { return b.sites[int(b.turn.Add(1))%len(b.sites)] }, session) // every request to another shop
	v.heard = &b.answers
	return v
}

func (b *busy) isOver() bool {
	select {
	case <-b.over:
		return true
	default:
		return false
	}
}

// complain remembers an answer that nobody should have got.
func (b *busy) complain(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong = append(b.wrong, fmt.Sprintf(format, args...))
}

// unsure tells an answer that never came, or that says that the shop cannot now, from a wrong one. Then somebody waits a
// moment, and tries again.
func (b *busy) unsure(err error) bool {
	var broken *url.Error
	if errors.As(err, &broken) || strings.Contains(err.Error(), "EOF") || strings.Contains(err.Error(), "reset") || strings.Contains(err.Error(), "status 503") {
		<-time.After(15 * time.Millisecond)
		return true
	}
	return false
}

// buyer books children one after the other: on the scarce departure while it lasts, then on the roomy one.
func (b *busy) buyer(n int) {
	v := b.visitor(parentSession(n))
	for turn := 0; !b.isOver(); turn++ {
		o, err := b.buy(v, b.departures[0], turn)
		if errors.Is(err, errSoldOut) {
			o, err = b.buy(v, b.departures[1], turn)
		}
		switch {
		case errors.Is(err, errOver):
		case err != nil:
			b.complain("buyer: %v", err)
		default:
			b.tell(o)
			b.payOnline(v, o)
		}
	}
}

var errOver = errors.New("the minute is over")

// buy goes on with the same basket until there is an answer, through every failure.
func (b *busy) buy(v *visitor, departure int64, turn int) (order, error) {
	o := order{child: b.children.next(), stripe: turn%2 == 0}
	v.setCookie("basket", "")
	for !b.isOver() {
		ready, err := b.step(v, departure, o.child)
		if ready {
			var told order
			if told, err = b.confirm(v, o.child, o.stripe); err == nil {
				return told, nil
			}
		}
		switch {
		case errors.Is(err, errPlaced): // the answer was lost, and the shop says that it stands
			return o, nil
		case err != nil && !b.unsure(err):
			return o, err
		}
	}
	return o, errOver
}

func (b *busy) tell(o order) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.confirmed = append(b.confirmed, o)
	if !o.stripe && o.id > 0 {
		b.toPay = append(b.toPay, o)
	}
}

// payOnline presses the button of the pay page; a second press where the first was lost changes nothing.
func (b *busy) payOnline(v *visitor, o order) {
	for o.pay != "" && !b.isOver() {
		a, err := v.post(o.pay, url.Values{"act": {"bancontact"}})
		if err == nil && (a.status == http.StatusSeeOther || a.status == http.StatusOK) {
			return
		}
		if err == nil && a.status == http.StatusInternalServerError { // the stand-in has lost the database too; Stripe would not
			err = fmt.Errorf("pay: status 503")
		} else if err == nil {
			err = fmt.Errorf("pay: status %d", a.status)
		}
		if !b.unsure(err) {
			b.complain("payer: %v", err)
			return
		}
	}
}

// clerk imports a bank file as soon as somebody has to pay by transfer. Each file is sent until it is taken in.
func (b *busy) clerk() {
	v := b.visitor(accountingSession)
	day, opening := civil.Of(time.Now()), money.Cents(100_000_00)
	for number := 1; !b.isOver() && number < 900; number++ {
		b.mu.Lock()
		batch := b.toPay[:min(len(b.toPay), 5)]
		b.toPay = b.toPay[len(batch):]
		b.mu.Unlock()
		if len(batch) == 0 {
			number--
			select {
			case <-b.over:
			case <-time.After(20 * time.Millisecond):
			}
			continue
		}
		st := bankfake.Statement{Account: "BE68539007547034", Holder: "JOETZ", Date: day, Number: number, Opening: opening}
		for _, o := range batch {
			st.Transfers = append(st.Transfers, bankfake.Transfer{Amount: 335_00, Name: "Ouder", IBAN: payerIBAN(o.id), Reference: b.reference(o)})
		}
		opening = st.Closing()
		file, err := bankfake.CODA(st)
		if err != nil {
			b.complain("coda: %v", err)
			return
		}
		b.bring(v, number, file, st)
	}
}

func (b *busy) bring(v *visitor, number int, file []byte, st bankfake.Statement) {
	for begun := time.Now(); ; { // also after the end: what was begun must come in
		a, err := v.upload("/boekhouding/bank", "bestand", fmt.Sprintf("%03d.cod", number), file)
		if err == nil {
			err = a.wants("import", "/boekhouding/bank/bestanden/")
		}
		if err == nil {
			b.mu.Lock()
			b.imported++
			for _, t := range st.Transfers {
				b.banked[ogmNumber(t.Reference)] += t.Amount
			}
			b.mu.Unlock()
			return
		}
		if !b.unsure(err) {
			b.complain("clerk: %v", err)
			return
		}
		if time.Since(begun) > patience {
			b.complain("clerk: no shop took file %d: %v", number, err)
			return
		}
	}
}

// reference is the structured communication of an order, as it stands on the family's page. Whoever reads it asks until
// the database answers: it may be away just now.
func (b *busy) reference(o order) (ogm string) {
	for begun := time.Now(); ; <-time.After(20 * time.Millisecond) {
		err := b.db.Get(&ogm, `SELECT structured_comm FROM booking_order WHERE id = $1`, o.id)
		if err == nil {
			return ogm
		}
		if errors.Is(err, sql.ErrNoRows) || time.Since(begun) > patience {
			b.complain("order %d was confirmed and is not there: %v", o.id, err)
			return ""
		}
	}
}

func ogmNumber(digits string) int64 {
	n, _ := strconv.ParseInt(digits, 10, 64)
	return n
}

// payerIBAN is an account of its own for each order, with right check digits.
func payerIBAN(n int64) bank.IBAN {
	base := fmt.Sprintf("%010d", 5390_000000+n%1000000)
	whole, _ := strconv.ParseInt(base, 10, 64)
	check := whole % 97
	if check == 0 {
		check = 97
	}
	bban := fmt.Sprintf("%s%02d", base, check)
	rest := int64(0)
	for _, c := range bban + "111400" { // BE00
		rest = (rest*10 + int64(c-'0')) % 97
	}
	return bank.IBAN(fmt.Sprintf("BE%02d%s", 98-rest, bban))
}

// office cancels a booking of the roomy departure now and then, as the family asks.
func (b *busy) office() {
	v := b.visitor(officeSession)
	for !b.isOver() {
		var booking int64
		err := b.db.Get(&booking, `SELECT b.id FROM booking b JOIN payment p ON p.order_id = b.order_id WHERE b.departure_id = $1 AND b.status = 'placed' ORDER BY b.id LIMIT 1`, b.departures[1])
		if err != nil {
			select {
			case <-b.over:
			case <-time.After(20 * time.Millisecond):
			}
			continue
		}
		path := fmt.Sprintf("/kantoor/kind/%d/annuleren", booking)
		a, err := v.post(path, url.Values{"by": {[]string{"customer", "organiser"}[booking%2]}, "note": {"gevraagd"}})
		if err == nil {
			f := a.formOf("fee")
			if f == nil {
				err = fmt.Errorf("cancel: status %d, %s", a.status, title(a.body))
			} else if f.fields.Set("confirm", "yes"); true {
				if a, err = v.post(path, f.fields); err == nil {
					err = a.wants("cancelled", "/kantoor/boeking/")
				}
			}
		}
		switch {
		case err == nil:
			b.mu.Lock()
			b.cancelled++
			b.mu.Unlock()
		case b.unsure(err), strings.Contains(err.Error(), "status 409"), strings.Contains(err.Error(), "status 422"): // done already, the answer was lost; or a payment came between
		default:
			b.complain("office: %v", err)
		}
		b.batch(b.visitor(accountingSession))
	}
}

// batch makes a file of the refunds by transfer that are ready.
func (b *busy) batch(v *visitor) {
	a, err := v.get("/boekhouding/terugbetalingen")
	if err != nil {
		b.unsure(err)
		return
	}
	f := a.formOf("count", "total")
	if f == nil || f.fields.Get("count") == "0" {
		return
	}
	if a, err = v.post("/boekhouding/terugbetalingen", f.fields); err != nil {
		b.unsure(err)
	} else if a.status >= 500 && a.status != http.StatusServiceUnavailable {
		b.complain("refunds: status %d", a.status)
	}
}

// readers look at what everybody may see.
func (b *busy) reader() {
	v := b.visitor("")
	for !b.isOver() {
		a, err := v.get("/vakanties")
		switch {
		case err != nil:
			b.unsure(err)
		case a.status != http.StatusOK && a.status != http.StatusServiceUnavailable:
			b.complain("reader: status %d", a.status)
		default:
			b.mu.Lock()
			b.lookedAt++
			b.mu.Unlock()
			select {
			case <-b.over:
			case <-time.After(15 * time.Millisecond):
			}
		}
	}
}

// kept holds what people were told against the rows.
func (b *busy) kept(when string) {
	b.t.Helper()
	b.mu.Lock()
	told := append([]order(nil), b.confirmed...)
	b.mu.Unlock()
	for _, o := range told {
		n := b.count(`SELECT count(*) FROM booking b JOIN participant p ON p.id = b.participant_id WHERE p.first_name = $1 AND ($2 = 0 OR b.order_id = $2)`, o.child, o.id)
		if n != 1 {
			b.t.Errorf("%s: %s was confirmed (order %d) and has %d bookings", when, o.child, o.id, n)
		}
	}
}

const buyers = 8

// kills is how many moments there are; in CI as many as fit in a few seconds, and some in any case.
func kills() (least, most int) {
	if n, err := strconv.Atoi(os.Getenv("SHOP_TEST_KILLS")); err == nil && n > 0 {
		return n, n
	}
	if testing.Short() {
		return 3, 3
	}
	return 5, 100
}

// killFor is how long CI kills, once it has killed the least number of times.
const killFor = 8 * time.Second

// The process is killed at random moments of a busy minute. Each time the rows are sound as they lie there, every buyer
// who saw a confirmation has a booking, and the next process goes on. SHOP_TEST_KILLS=100 kills a hundred times;
// SHOP_TEST_SEED repeats the moments of an earlier run.
func TestKilledAtAnyMoment(t *testing.T) {
	tool(t, "postgres")
	seed, err := strconv.ParseUint(os.Getenv("SHOP_TEST_SEED"), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("SHOP_TEST_SEED=%d", seed)
	moments := rand.New(rand.NewPCG(seed, 0))
	least, most := kills()
	b := &busy{town: newTown(t, buyers, 30, 3000), over: make(chan struct{}), banked: map[int64]money.Cents{}}
	addr := freePort(t)
	b.sites = []string{"http://" + addr}
	shop := start(t, addr, b.vars...)
	for n := range buyers {
		b.wait.Go(func() { b.buyer(n) })
	}
	b.wait.Go(b.clerk)
	b.wait.Go(b.office)
	b.wait.Go(b.reader)
	done, begun := 0, time.Now()
	for ; done < most && (done < least || time.Since(begun) < killFor) && !t.Failed(); done++ {
		b.moment(moments)
		shop.kill()
		when := fmt.Sprintf("kill %d", done+1)
		b.sound(when)
		b.kept(when)
		b.hurryDead()
		shop = start(t, addr, b.vars...)
	}
	b.rest()
	b.lastPlaces()
	b.settled()
	b.end(done, shop)
}

// rest ends the minute, once enough happened in it for what it proves, however slow or fast the machine is.
func (b *busy) rest() {
	b.t.Helper()
	waitFor(b.t, "all sorts of things to happen", func() bool {
		b.mu.Lock()
		confirmed, imported := len(b.confirmed), b.imported
		b.mu.Unlock()
		return confirmed >= 30 && imported > 0 && b.count(`SELECT count(*) FROM payment WHERE method = 'stripe'`) > 0
	})
	close(b.over)
	b.wait.Wait()
}

// moment waits for a random one: some number of answers, and some milliseconds into the next.
func (b *busy) moment(moments *rand.Rand) {
	last := b.answers.Load() + moments.Int64N(120)
	within := time.Duration(moments.Int64N(int64(15 * time.Millisecond)))
	waitFor(b.t, "the minute to go on", func() bool { return b.answers.Load() >= last })
	<-time.After(within)
}

// lastPlaces lets the baskets that were left behind run out, as their ten minutes would, and sells what they held.
func (b *busy) lastPlaces() {
	b.t.Helper()
	b.db.MustExec(`UPDATE checkout SET held_until = now() WHERE status = 'open'`)
	b.db.MustExec(`UPDATE place SET held_until = now() WHERE booking_id IS NULL AND held_until > now()`)
	v := b.visitor(parentSession(0))
	for {
		child := b.children.next()
		err := b.hold(v, b.departures[0], child)
		if errors.Is(err, errSoldOut) {
			return
		}
		if err != nil {
			b.t.Fatal(err)
		}
		o, err := b.confirm(v, child, false)
		if err != nil {
			b.t.Fatal(err)
		}
		b.tell(o)
	}
}

func (b *busy) end(done int, shops ...*process) {
	t := b.t
	b.sound("at the end")
	b.exact("at the end")
	b.kept("at the end")
	if free := b.count(`SELECT count(*) FROM place WHERE departure_id = $1 AND booking_id IS NULL`, b.departures[0]); free != 0 {
		t.Errorf("%d scarce places are left", free)
	}
	for ogm, sum := range b.banked {
		if got := b.count(`SELECT coalesce(sum(p.amount_cents), 0) FROM payment p JOIN booking_order o ON o.id = p.order_id WHERE o.structured_comm::bigint = $1 AND p.method = 'transfer'`, ogm); money.Cents(got) != sum {
			t.Errorf("order %d: the bank brought %v and %d is recorded", ogm, sum, got)
		}
	}
	taken := b.count(`SELECT coalesce(sum((body->>'amount_total')::bigint), 0) FROM stripefake.object WHERE kind = 'checkout.session' AND body->>'payment_status' = 'paid'`)
	if got := b.count(`SELECT coalesce(sum(amount_cents), 0) FROM payment WHERE method = 'stripe'`); got != taken {
		t.Errorf("Stripe took %d and %d is recorded", taken, got)
	}
	back := b.count(`SELECT coalesce(sum((body->>'amount')::bigint), 0) FROM stripefake.object WHERE kind = 'refund' AND body->>'status' <> 'failed'`)
	if got := b.count(`SELECT coalesce(sum(amount_cents), 0) FROM refund WHERE method = 'stripe'`); got != back {
		t.Errorf("Stripe gave %d back and %d is recorded", back, got)
	}
	for _, said := range b.wrong {
		t.Error(said)
	}
	if said, ok := command(t, b.vars, "fsck"); !ok {
		t.Errorf("shop fsck: %s", said)
	}
	if n := b.count(`SELECT count(*) FROM (SELECT 1 FROM mail WHERE order_id IS NOT NULL GROUP BY kind, order_id, subject, body_text HAVING count(*) > 1) twice`); n > 0 {
		t.Errorf("%d letters were written twice", n)
	}
	if n := b.count(`SELECT count(*) FROM (SELECT order_id FROM booking GROUP BY order_id) o WHERE NOT EXISTS (SELECT 1 FROM mail m WHERE m.order_id = o.order_id)`); n > 0 {
		t.Errorf("%d orders have no letter", n)
	}
	for _, shop := range shops {
		if strings.Contains(shop.whole(), "panic") {
			t.Errorf("a shop panicked: %s", shop.said())
		}
	}
	t.Logf("%d times: %d confirmations, %d bank files, %d cancellations, %d readings; Stripe took %d and gave %d back", done, len(b.confirmed), b.imported, b.cancelled, b.lookedAt, taken, back)
	if len(b.confirmed) < 20 || b.imported == 0 || taken == 0 {
		t.Error("the minute was not busy")
	}
}
