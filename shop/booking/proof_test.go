package booking_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/evidence"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

func picture(t testing.TB, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))))
	return b.Bytes()
}

// staff makes the person of the office that decisions are written down with.
func (s *shop) staff() account.Identity {
	s.t.Helper()
	return account.Identity{StaffID: s.clerk(), Lang: "nl"}
}

// clerk is that person's number.
func (s *shop) clerk() id.Staff {
	s.t.Helper()
	if known, err := s.Accounts.StaffByEmail(ctx(), "kim@example.be"); err == nil {
		return known.ID
	}
	key, err := s.Accounts.CreateStaff(ctx(), account.CreateStaffInput{Name: "Kim Kantoor", Email: "kim@example.be", Roles: []account.Role{"office"}})
	must(s.t, err)
	return key
}

// claimed books one child at the VT price (108.00 of 335.00, insured) and gives its booking.
func (s *shop) claimed(leaves civil.Date) (account.Guardian, id.Order, id.Booking) {
	s.t.Helper()
	g := s.family(1)
	placed := s.book(s.departure(3, leaves), g, 1)
	o, err := s.OrderByID(ctx(), placed.Order)
	must(s.t, err)
	return g, placed.Order, o.Bookings[0].ID
}

func (s *shop) state(b id.Booking) (evidence string, charged money.Cents) {
	s.t.Helper()
	got, err := s.BookingByID(ctx(), b)
	must(s.t, err)
	return got.Evidence, got.Statement.Charged
}

func (s *shop) letters(what string) int {
	return s.count(`SELECT count(*) FROM job WHERE kind = 'booking.proof_letter' AND args->>'what' = $1`, what)
}

// TestProofAfterTheDeadline: nothing comes, two reminders, the deadline passes, the office asks the base price, the family
// pays it, a good proof comes late and the difference goes back. The books are sound after each step.
func TestProofAfterTheDeadline(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	who := s.staff()
	g, order, b := s.claimed(civil.Must(2027, 7, 19))
	s.pay(order, 5000)
	c, err := s.ProofByID(ctx(), b)
	must(t, err)
	// The balance is due on 19 June, asked 30 days before on 20 May, and the proof a week before that.
	if c.Proof.Until != civil.Must(2027, 5, 13) || c.Proof.Price != 10800 || c.Proof.Category != "vt" {
		t.Fatalf("%+v", c.Proof)
	}
	for _, day := range []civil.Date{civil.Must(2027, 4, 21), civil.Must(2027, 4, 22), civil.Must(2027, 4, 23), civil.Must(2027, 5, 6), civil.Must(2027, 5, 7)} {
		s.moveTo(day)
		_, err := s.ProofDeadlines(ctx())
		must(t, err)
	}
	if n := s.letters("reminder"); n != 2 {
		t.Errorf("%d reminders", n)
	}
	s.moveTo(civil.Must(2027, 5, 13))
	if err := s.AskBasePrice(ctx(), who, b, 22700); !errors.Is(err, booking.ErrProofEarly) {
		t.Errorf("on the day itself: %v", err)
	}
	s.moveTo(civil.Must(2027, 5, 14))
	for range 2 {
		_, err := s.ProofDeadlines(ctx())
		must(t, err)
	}
	if state, charged := s.state(b); state != booking.ProofLate || charged != 13300 || s.letters("late") != 1 {
		t.Errorf("after the deadline: %s, %v, %d letters", state, charged, s.letters("late"))
	}
	lines, err := s.ProofsToPrice(ctx())
	must(t, err)
	if len(lines) != 1 || lines[0].Booking != b {
		t.Fatalf("to decide: %+v", lines)
	}
	if err := s.AskBasePrice(ctx(), who, b, 100); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("another amount: %v", err)
	}
	must(t, s.AskBasePrice(ctx(), who, b, 22700))
	if err := s.AskBasePrice(ctx(), who, b, 22700); !errors.Is(err, booking.ErrProofDecided) {
		t.Errorf("twice: %v", err)
	}
	if _, charged := s.state(b); charged != 36000 { // 335.00 and the premium of 25.00
		t.Errorf("base price: %v", charged)
	}
	got, err := s.BookingByID(ctx(), b)
	must(t, err)
	last := got.Statement.Parts[len(got.Statement.Parts)-1]
	for _, p := range got.Statement.Parts {
		if p.Kind == "supplement" {
			last = p
		}
	}
	if last.Kind != "supplement" || last.Amount != 22700 || last.DueOn != civil.Must(2027, 5, 28) || got.Category != "base" || got.Price != 33500 {
		t.Errorf("supplement %+v of %+v", last, got)
	}
	s.sound()
	s.pay(order, 31000)
	s.sound()
	// A late proof is refused once, then accepted: the difference goes back.
	must(t, s.HandInProof(ctx(), g.ID, b, booking.HandIn{Files: [][]byte{picture(t, 20)}, Code: "121/121"}))
	must(t, s.RefuseProof(ctx(), who, b, "unreadable", "", false))
	if state, charged := s.state(b); state != booking.ProofRefused || charged != 36000 {
		t.Errorf("refused: %s %v", state, charged)
	}
	must(t, s.HandInProof(ctx(), g.ID, b, booking.HandIn{Files: [][]byte{picture(t, 30)}}))
	if err := s.AcceptProof(ctx(), who, b, 0); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("accepted without the change that follows: %v", err)
	}
	must(t, s.AcceptProof(ctx(), who, b, -22700))
	if state, charged := s.state(b); state != booking.ProofAccepted || charged != 13300 {
		t.Errorf("accepted: %s %v", state, charged)
	}
	if back := s.count(`SELECT coalesce(sum(amount_cents), 0) FROM refund`); back != 22700 {
		t.Errorf("%d goes back", back)
	}
	if err := s.AcceptProof(ctx(), who, b, 0); !errors.Is(err, booking.ErrProofDecided) {
		t.Errorf("accepted twice: %v", err)
	}
	s.sound()
	s.moveTo(civil.Must(2027, 7, 15))
	n, err := s.WipeProofs(ctx())
	must(t, err)
	if files := s.count(`SELECT count(*) FROM evidence_file`); n != 1 || files != 0 {
		t.Errorf("60 days after the decision %d files of %d bookings are left", files, n)
	}
}

func TestProofIsHandedIn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	who := s.staff()
	g, _, b := s.claimed(civil.Must(2027, 7, 19))
	stranger := s.family(2)
	file := picture(t, 20)
	if err := s.HandInProof(ctx(), stranger.ID, b, booking.HandIn{Files: [][]byte{file}}); !errors.Is(err, booking.ErrNoBooking) {
		t.Fatalf("another family: %v", err)
	}
	heic := append([]byte("\x00\x00\x00\x18ftypheic"), make([]byte, 100)...)
	for field, in := range map[string]booking.HandIn{
		"files": {Files: [][]byte{heic}}, "code": {Files: [][]byte{file}, Code: "12"},
	} {
		if f := fault.Of(s.HandInProof(ctx(), g.ID, b, in)); f == nil || f.Fields[field] == "" {
			t.Errorf("%s: %+v", field, f)
		}
	}
	if f := fault.Of(s.HandInProof(ctx(), g.ID, b, booking.HandIn{Code: "121/121"})); f == nil || f.Fields["files"] == "" {
		t.Errorf("no file at all: %+v", f)
	}
	for range 2 { // a double click
		must(t, s.HandInProof(ctx(), g.ID, b, booking.HandIn{Files: [][]byte{file}, Code: "121/121"}))
	}
	c, err := s.ProofOf(ctx(), g.ID, b)
	must(t, err)
	if c.Booking.Evidence != booking.ProofReceived || len(c.Proof.Files) != 1 || c.Proof.Code != "121/121" {
		t.Fatalf("%+v", c.Proof)
	}
	if result, _, ok := c.Proof.Sticker(); !ok || result != "yes" {
		t.Errorf("sticker: %v", result)
	}
	first := c.Proof.Files[0].ID
	for range 2 {
		f, err := s.ViewProof(ctx(), who, b, first)
		must(t, err)
		if _, err := png.Decode(bytes.NewReader(f.Data)); err == nil || f.Type != "image/jpeg" {
			t.Errorf("a picture is drawn anew: %s", f.Type)
		}
	}
	if n := s.count(`SELECT count(*) FROM booking_event WHERE kind = 'proof_viewed'`); n != 1 {
		t.Errorf("%d lines about one look", n)
	}
	var stored []byte
	must(t, s.DB.Get(&stored, `SELECT sealed FROM evidence_file`))
	if bytes.Contains(stored, []byte("JFIF")) {
		t.Error("the picture is stored in the clear")
	}
	// Sealed for its own row: moved to another booking's row it does not open.
	must(t, pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
		_, err := tx.Exec(`INSERT INTO evidence_file (booking_id, data_key, sealed, type, bytes, sha256, uploaded_at, uploaded_by)
			SELECT booking_id, data_key, sealed, type, bytes, '\x00', uploaded_at, uploaded_by FROM evidence_file`)
		return err
	}))
	if _, err := s.ViewProof(ctx(), who, b, first+1); err == nil {
		t.Error("a copied row opens")
	}
	must(t, pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error { return s.Evidence.RemoveTx(ctx(), tx, b, first+1) }))
	must(t, s.WithdrawProofFile(ctx(), g.ID, b, first))
	if state, _ := s.state(b); state != booking.ProofAwaited {
		t.Errorf("taken back: %s", state)
	}
	if err := s.WithdrawProofFile(ctx(), g.ID, b, first); !errors.Is(err, booking.ErrProofDecided) {
		t.Errorf("twice: %v", err)
	}
	if f := fault.Of(s.RefuseProof(ctx(), who, b, "other", "", false)); f == nil || f.Fields["words"] == "" {
		t.Errorf("refused without a word: %+v", f)
	}
	must(t, s.AcceptProof(ctx(), who, b, 0)) // seen at the desk
	if err := s.HandInProof(ctx(), g.ID, b, booking.HandIn{Files: [][]byte{file}}); !errors.Is(err, booking.ErrProofDecided) {
		t.Errorf("after the decision: %v", err)
	}
	s.sound()
}

func TestProofFilesAreCounted(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	g, _, b := s.claimed(civil.Must(2027, 7, 19))
	var all sync.WaitGroup
	for i := range 9 {
		all.Go(func() {
			err := s.HandInProof(ctx(), g.ID, b, booking.HandIn{Files: [][]byte{picture(t, 10+i)}})
			if f := fault.Of(err); err != nil && (f == nil || !strings.HasPrefix(f.Fields[evidence.Field], "evidence.many")) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := s.count(`SELECT count(*) FROM evidence_file`); n != evidence.MaxFiles {
		t.Errorf("%d files", n)
	}
}

// Two colleagues decide at the same time: one of the two counts, and the price moves once.
func TestTwoDecideAboutOneProof(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	who := s.staff()
	_, order, b := s.claimed(civil.Must(2027, 7, 19))
	s.pay(order, 5000)
	s.moveTo(civil.Must(2027, 5, 20))
	_, err := s.ProofDeadlines(ctx())
	must(t, err)
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			var err error
			if i%2 == 0 {
				err = s.AskBasePrice(ctx(), who, b, 22700)
			} else {
				err = s.AcceptProof(ctx(), who, b, 0)
			}
			if err != nil && !errors.Is(err, booking.ErrProofDecided) && !errors.Is(err, booking.ErrOutdated) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	state, charged := s.state(b)
	if good := state == booking.ProofAccepted && charged == 13300 || state == booking.ProofLate && charged == 36000; !good {
		t.Errorf("%s at %v", state, charged)
	}
	s.sound()
}
