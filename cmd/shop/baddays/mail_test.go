package baddays

import (
	"io"
	"net"
	"net/http"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// postbox is a mail server that keeps what it takes.
type postbox struct {
	mu   sync.Mutex
	took []letter
}

type letter struct{ to, id, subject string }

// open lets the postbox take mail at an address.
func (p *postbox) open(t *testing.T, addr string) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(p)
	srv.Domain = "mail.test"
	go func() { _ = srv.Serve(l) }() // until it is closed
	t.Cleanup(func() { _ = srv.Close() })
}

// NewSession is what the server calls.
func (p *postbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &delivery{box: p}, nil }

type delivery struct {
	box *postbox
	to  string
}

func (d *delivery) Mail(string, *smtp.MailOptions) error      { return nil }
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error { d.to = to; return nil }
func (d *delivery) Reset()                                    {}
func (d *delivery) Logout() error                             { return nil }
func (d *delivery) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, m.Body); err != nil {
		return err
	}
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	d.box.took = append(d.box.took, letter{d.to, m.Header.Get("Message-Id"), m.Header.Get("Subject")})
	return nil
}

// at is the setting by which a shop's clock stands at a moment.
func at(t time.Time) string { return "SHOP_NOW=" + t.Format(time.RFC3339) }

// The mail server is down for a day. The office is told after an hour; once it is back all letters leave, each once, and
// to each family in the order in which things happened.
func TestMailServerDownForADay(t *testing.T) {
	t.Parallel()
	tool(t, "postgres")
	w := newTown(t, 3, 20)
	addr := freePort(t)
	w.vars = append(w.vars, "SMTP_URL=smtp://"+addr+"?starttls=never")
	shop := start(t, "127.0.0.1:0", w.vars...)
	names := children{}
	for n := range 3 {
		v := newVisitor(shop.url, parentSession(n))
		for range 2 {
			child := names.next()
			if err := w.hold(v, w.departures[0], child); err != nil {
				t.Fatal(err)
			}
			if _, err := w.confirm(v, child, n == 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	tried := func() bool {
		w.db.MustExec(`UPDATE job SET run_at = '-infinity' WHERE kind = 'mail.send' AND state = 'waiting' AND attempts < 2`)
		return w.count(`SELECT count(*) FROM mail`) >= 6 && w.count(`SELECT count(*) FROM (SELECT order_id, min(attempts) FILTER (WHERE id = first) AS n FROM (SELECT *, min(id) OVER (PARTITION BY order_id) AS first FROM mail) m GROUP BY order_id) o WHERE coalesce(n, 0) = 0`) == 0
	}
	waitFor(t, "the letters to be tried", tried)
	shop.kill()

	later := time.Now()
	shop = start(t, "127.0.0.1:0", append(w.vars, at(later.Add(3*time.Hour)))...)
	w.db.MustExec(`UPDATE session SET seen_at = now() + interval '3 hours', expires_at = now() + interval '20 days'`)
	if a, err := newVisitor(shop.url, officeSession).get("/kantoor"); err != nil || a.status != http.StatusOK || !strings.Contains(a.body, "Mailserver weg") {
		t.Errorf("the office is not told: %v %d %s", err, a.status, title(a.body))
	}
	shop.kill()

	box := &postbox{}
	box.open(t, addr)
	w.hurryDead()
	shop = start(t, "127.0.0.1:0", append(w.vars, at(later.Add(25*time.Hour)))...)
	waitFor(t, "the letters to leave", func() bool {
		w.db.MustExec(`UPDATE job SET run_at = '-infinity' WHERE kind = 'mail.send' AND state = 'waiting'`) // their turn comes within half a minute
		return w.count(`SELECT count(*) FROM mail WHERE sent_at IS NULL`) == 0 && w.count(`SELECT count(*) FROM job WHERE kind = 'mail.send' AND state <> 'done'`) == 0
	})
	if n := w.count(`SELECT count(*) FROM mail WHERE dead_at IS NOT NULL`); n > 0 {
		t.Errorf("%d letters were given up", n)
	}
	box.mu.Lock()
	defer box.mu.Unlock()
	// While the box is ours nothing arrives, and nothing that did not arrive is written down as sent.
	if all := w.count(`SELECT count(*) FROM mail WHERE sent_at IS NOT NULL`); len(box.took) < all || all < 6 {
		t.Errorf("%d letters arrived, %d were sent", len(box.took), all)
	}
	last, seen := map[string]int{}, map[string]bool{}
	for _, l := range box.took {
		if seen[l.id] {
			t.Errorf("%s arrived twice", l.subject)
		}
		seen[l.id] = true
		key, _, _ := strings.Cut(strings.Trim(l.id, "<>"), "@")
		var m struct {
			ID    int    `db:"id"`
			Order string `db:"o"`
		}
		w.get(&m, `SELECT id, to_address || ' ' || coalesce(order_id, 0) AS o FROM mail WHERE message_key::text = $1`, key)
		if m.ID < last[m.Order] {
			t.Errorf("%s arrived after a later letter", l.subject)
		}
		last[m.Order] = m.ID
	}
	if a, err := newVisitor(shop.url, officeSession).get("/kantoor"); err != nil || strings.Contains(a.body, "Mailserver weg") {
		t.Errorf("the office is still told: %v", err)
	}
}
