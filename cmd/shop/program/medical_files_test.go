package program_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"joetz/cmd/shop/shoptest"
	"joetz/medical/seal/sealtest"
	"joetz/shop/account"
	"joetz/shop/web/webtest"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// files lets accounting make what leaves the shop as a file: money that goes back by the bank, and reminders for the post. The
// families in them have words in their fiches.
func (h *house) files(t *testing.T) {
	t.Helper()
	now := shoptest.Base(t)
	h.at.Store(&now)
	refunded := h.one(t, `SELECT min(b.id) FROM booking b JOIN refund r ON r.order_id = b.order_id WHERE b.status = 'placed' AND b.departs_on > $1`, civil.Of(now))
	reminded := h.one(t, `SELECT min(b.id) FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE b.status = 'placed' AND o.payer_name LIKE '%Vermeulen'`)
	for _, booking := range []int64{refunded, reminded} {
		h.tell(t, id.Booking(booking))
	}
	today := civil.Of(now)
	h.DB.MustExec(`INSERT INTO mail_bounce (address, why, at) SELECT lower(o.payer_email), 'onbestelbaar', $2 FROM booking_order o JOIN booking b ON b.order_id = o.id WHERE b.id = $1`, reminded, now)
	h.DB.MustExec(`
		INSERT INTO bank_statement (file_id, account, identity, content, fingerprint, number, first_on, closed_on, opening_cents, closing_cents, movements)
		SELECT file_id, account, 'today', sha256('today'), sha256('today'), '999', $1, $1, closing_cents, closing_cents, 0
		FROM bank_statement ORDER BY closed_on DESC, id DESC LIMIT 1`, today)
	if _, err := h.Services.Dunning.Remind(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := webtest.New(t, h.app)
	b.SetCookie("sid", "accounting")
	made := func(page, form string, link *regexp.Regexp, words ...string) {
		t.Helper()
		p := b.Submit(b.Open(page), form, nil)
		at := link.FindString(p.Body)
		if at == "" {
			t.Errorf("%s made nothing: %d %s", form, p.Status, p.Text("main"))
			return
		}
		file := b.Do(httptest.NewRequest(http.MethodGet, at, nil))
		content := file.Body + unpacked([]byte(file.Body))
		for _, w := range words {
			if file.Status != http.StatusOK || !strings.Contains(content, w) {
				t.Errorf("%s: %d, and no %q in it: the search proves little", at, file.Status, w)
			}
		}
		sealtest.Absent(t, at, []byte(content), "kanarie")
	}
	made("/boekhouding/terugbetalingen", `form[action="/boekhouding/terugbetalingen"]`, regexp.MustCompile(`/boekhouding/terugbetalingen/bestanden/\d+`), "<CstmrCdtTrfInitn>", "Maes")
	made("/boekhouding/herinneringen", `form[action="/boekhouding/herinneringen/brieven"]`, regexp.MustCompile(`/boekhouding/herinneringen/brieven/\d+`), "%PDF")
}

// tell types a word of its own into every field of another child's fiche.
func (h *house) tell(t *testing.T, b id.Booking) {
	t.Helper()
	h.booking = b
	order := h.one(t, `SELECT order_id FROM booking WHERE id = $1`, b)
	h.people["mother"] = account.Identity{GuardianID: id.Guardian(h.one(t, `SELECT guardian_id FROM booking_order WHERE id = $1`, order)), Email: "m@example.be", Name: "M",
		Roles: []account.Role{account.Parent}}
	if err := h.DB.QueryRow(`SELECT d.starts_on, d.ends_on FROM departure d JOIN booking b ON b.departure_id = d.id WHERE b.id = $1`, b).Scan(&h.from, &h.to); err != nil {
		t.Fatal(fmt.Errorf("the camp of booking %d: %w", b, err))
	}
	h.fillIn(t)
}
