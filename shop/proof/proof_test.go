package proof_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/booking"
	"joetz/shop/evidence"
	"joetz/shop/memberprice"
	"joetz/shop/proof"
	"joetz/terms/civil"
	"joetz/terms/fault"
)

func picture(t testing.TB, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))))
	return b.Bytes()
}

func (s *shop) letters(what string) int {
	return s.Count(`SELECT count(*) FROM job WHERE kind = 'booking.proof_letter' AND args->>'what' = $1`, what)
}

// TestProofAfterTheDeadline: nothing comes, two reminders, the deadline passes, the office asks the base price, the family
// pays it, a good proof comes late and the difference goes back. The books are sound after each step.
func TestProofAfterTheDeadline(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	who := s.Clerk()
	g, order, b := s.claimed(civil.Must(2027, 7, 19))
	s.Pay(order, 5000)
	c, err := s.proofs.ByID(ctx(), b)
	must(t, err)
	// The balance is due on 19 June, asked 30 days before on 20 May, and the proof a week before that.
	if c.Claim.Until != civil.Must(2027, 5, 13) || c.Claim.Price != 10800 || c.Claim.Category != "vt" {
		t.Fatalf("%+v", c.Claim)
	}
	for _, day := range []civil.Date{civil.Must(2027, 4, 21), civil.Must(2027, 4, 22), civil.Must(2027, 4, 23), civil.Must(2027, 5, 6), civil.Must(2027, 5, 7)} {
		s.Clock.MoveTo(day)
		_, err := s.proofs.Deadlines(ctx())
		must(t, err)
	}
	if n := s.letters("reminder"); n != 2 {
		t.Errorf("%d reminders", n)
	}
	s.Clock.MoveTo(civil.Must(2027, 5, 13))
	if err := s.proofs.AskBasePrice(ctx(), who, b, 22700); !errors.Is(err, proof.ErrEarly) {
		t.Errorf("on the day itself: %v", err)
	}
	s.Clock.MoveTo(civil.Must(2027, 5, 14))
	for range 2 {
		_, err := s.proofs.Deadlines(ctx())
		must(t, err)
	}
	if state, charged := s.state(b); state != memberprice.Late || charged != 13300 || s.letters("late") != 1 {
		t.Errorf("after the deadline: %s, %v, %d letters", state, charged, s.letters("late"))
	}
	lines, err := s.proofs.ToPrice(ctx())
	must(t, err)
	if len(lines) != 1 || lines[0].Booking != b {
		t.Fatalf("to decide: %+v", lines)
	}
	if err := s.proofs.AskBasePrice(ctx(), who, b, 100); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("another amount: %v", err)
	}
	must(t, s.proofs.AskBasePrice(ctx(), who, b, 22700))
	if err := s.proofs.AskBasePrice(ctx(), who, b, 22700); !errors.Is(err, proof.ErrDecided) {
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
	s.Sound()
	s.Pay(order, 31000)
	s.Sound()
	// A late proof is refused once, then accepted: the difference goes back.
	must(t, s.proofs.HandIn(ctx(), g.ID, b, proof.HandIn{Files: [][]byte{picture(t, 20)}, Code: "121/121"}))
	must(t, s.proofs.Refuse(ctx(), who, b, s.seen(b), "unreadable", "", false))
	if state, charged := s.state(b); state != memberprice.Refused || charged != 36000 {
		t.Errorf("refused: %s %v", state, charged)
	}
	must(t, s.proofs.HandIn(ctx(), g.ID, b, proof.HandIn{Files: [][]byte{picture(t, 30)}}))
	if err := s.proofs.Accept(ctx(), who, b, s.seen(b), 0); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("accepted without the change that follows: %v", err)
	}
	must(t, s.proofs.Accept(ctx(), who, b, s.seen(b), -22700))
	if state, charged := s.state(b); state != memberprice.Accepted || charged != 13300 {
		t.Errorf("accepted: %s %v", state, charged)
	}
	if back := s.Count(`SELECT coalesce(sum(amount_cents), 0) FROM refund`); back != 22700 {
		t.Errorf("%d goes back", back)
	}
	if err := s.proofs.Accept(ctx(), who, b, s.seen(b), 0); !errors.Is(err, proof.ErrDecided) {
		t.Errorf("accepted twice: %v", err)
	}
	s.Sound()
	s.Clock.MoveTo(civil.Must(2027, 7, 15))
	n, err := s.proofs.Wipe(ctx())
	must(t, err)
	if files := s.Count(`SELECT count(*) FROM evidence_file`); n != 1 || files != 0 {
		t.Errorf("60 days after the decision %d files of %d bookings are left", files, n)
	}
}

func TestProofIsHandedIn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	who := s.Clerk()
	g, _, b := s.claimed(civil.Must(2027, 7, 19))
	stranger := s.Family(2)
	file := picture(t, 20)
	if err := s.proofs.HandIn(ctx(), stranger.ID, b, proof.HandIn{Files: [][]byte{file}}); !errors.Is(err, booking.ErrNoBooking) {
		t.Fatalf("another family: %v", err)
	}
	heic := append([]byte("\x00\x00\x00\x18ftypheic"), make([]byte, 100)...)
	for field, in := range map[string]proof.HandIn{
		"files": {Files: [][]byte{heic}}, "code": {Files: [][]byte{file}, Code: "12"},
	} {
		if f := fault.Of(s.proofs.HandIn(ctx(), g.ID, b, in)); f == nil || f.Fields[field] == "" {
			t.Errorf("%s: %+v", field, f)
		}
	}
	if f := fault.Of(s.proofs.HandIn(ctx(), g.ID, b, proof.HandIn{Code: "121/121"})); f == nil || f.Fields["files"] == "" {
		t.Errorf("no file at all: %+v", f)
	}
	for range 2 { // a double click
		must(t, s.proofs.HandIn(ctx(), g.ID, b, proof.HandIn{Files: [][]byte{file}, Code: "121/121"}))
	}
	c, err := s.proofs.Of(ctx(), g.ID, b)
	must(t, err)
	if c.Booking.Evidence != memberprice.Received || len(c.Files) != 1 || c.Claim.Code != "121/121" {
		t.Fatalf("%+v", c.Claim)
	}
	if result, _, ok := c.Claim.Sticker(); !ok || result != "yes" {
		t.Errorf("sticker: %v", result)
	}
	first := c.Files[0].ID
	for range 2 {
		f, err := s.proofs.View(ctx(), who, b, first)
		must(t, err)
		if _, err := png.Decode(bytes.NewReader(f.Data)); err == nil || f.Type != "image/jpeg" {
			t.Errorf("a picture is drawn anew: %s", f.Type)
		}
	}
	if n := s.Count(`SELECT count(*) FROM booking_event WHERE kind = 'proof_viewed'`); n != 1 {
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
	if _, err := s.proofs.View(ctx(), who, b, first+1); err == nil {
		t.Error("a copied row opens")
	}
	must(t, pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error { return s.Evidence.RemoveTx(ctx(), tx, b, first+1) }))
	must(t, s.proofs.Withdraw(ctx(), g.ID, b, first))
	if state, _ := s.state(b); state != memberprice.Awaited {
		t.Errorf("taken back: %s", state)
	}
	if err := s.proofs.Withdraw(ctx(), g.ID, b, first); !errors.Is(err, proof.ErrDecided) {
		t.Errorf("twice: %v", err)
	}
	if f := fault.Of(s.proofs.Refuse(ctx(), who, b, s.seen(b), "other", "", false)); f == nil || f.Fields["words"] == "" {
		t.Errorf("refused without a word: %+v", f)
	}
	must(t, s.proofs.Accept(ctx(), who, b, s.seen(b), 0)) // seen at the desk
	if err := s.proofs.HandIn(ctx(), g.ID, b, proof.HandIn{Files: [][]byte{file}}); !errors.Is(err, proof.ErrDecided) {
		t.Errorf("after the decision: %v", err)
	}
	s.Sound()
}

func TestProofFilesAreCounted(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	g, _, b := s.claimed(civil.Must(2027, 7, 19))
	var all sync.WaitGroup
	for i := range 9 {
		all.Go(func() {
			err := s.proofs.HandIn(ctx(), g.ID, b, proof.HandIn{Files: [][]byte{picture(t, 10+i)}})
			if f := fault.Of(err); err != nil && (f == nil || !strings.HasPrefix(f.Fields[evidence.Field], "evidence.many")) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := s.Count(`SELECT count(*) FROM evidence_file`); n != evidence.MaxFiles {
		t.Errorf("%d files", n)
	}
}

// Two colleagues decide at the same time: one of the two counts, and the price moves once.
func TestTwoDecideAboutOneProof(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	who := s.Clerk()
	_, order, b := s.claimed(civil.Must(2027, 7, 19))
	s.Pay(order, 5000)
	s.Clock.MoveTo(civil.Must(2027, 5, 20))
	_, err := s.proofs.Deadlines(ctx())
	must(t, err)
	seen := s.seen(b)
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			var err error
			if i%2 == 0 {
				err = s.proofs.AskBasePrice(ctx(), who, b, 22700)
			} else {
				err = s.proofs.Accept(ctx(), who, b, seen, 0)
			}
			if err != nil && !errors.Is(err, proof.ErrDecided) && !errors.Is(err, proof.ErrChanged) && !errors.Is(err, booking.ErrOutdated) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	state, charged := s.state(b)
	if good := state == memberprice.Accepted && charged == 13300 || state == memberprice.Late && charged == 36000; !good {
		t.Errorf("%s at %v", state, charged)
	}
	s.Sound()
}

// A button that is pressed twice, or by two colleagues, sends one letter: the second did not see what is decided by now.
func TestADecisionPressedTwiceSendsOneLetter(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	who := s.Clerk()
	g, _, b := s.claimed(civil.Must(2027, 7, 19))
	must(t, s.proofs.HandIn(ctx(), g.ID, b, proof.HandIn{Files: [][]byte{picture(t, 20)}}))
	twice := func(name, what string, press func(seen string) error) {
		t.Helper()
		s.Clock.Move(time.Minute)
		seen, before := s.seen(b), s.Count(`SELECT count(*) FROM job WHERE kind = 'booking.proof_letter' AND args->>'what' = $1`, what)
		var errs [2]error
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = press(seen) })
		}
		all.Wait()
		if !errors.Is(errors.Join(errs[:]...), proof.ErrChanged) || errs[0] != nil && errs[1] != nil {
			t.Errorf("%s: %v", name, errs)
		}
		if n := s.Count(`SELECT count(*) FROM job WHERE kind = 'booking.proof_letter' AND args->>'what' = $1`, what); n != before+1 {
			t.Errorf("%s: %d letters", name, n-before)
		}
	}
	refuse := func(again bool) func(string) error {
		return func(seen string) error { return s.proofs.Refuse(ctx(), who, b, seen, "unreadable", "", again) }
	}
	twice("asked once more", "again", refuse(true))
	twice("asked once more, nothing came", "again", refuse(true)) // the same state and day as before it
	twice("refused", "refused", refuse(false))
	before := s.seen(b)
	must(t, s.proofs.HandIn(ctx(), g.ID, b, proof.HandIn{Files: [][]byte{picture(t, 30)}}))
	if err := refuse(false)(before); !errors.Is(err, proof.ErrChanged) { // a page of before the better picture
		t.Errorf("refused unseen: %v", err)
	}
	must(t, refuse(false)(s.seen(b)))
	s.Clock.MoveTo(civil.Must(2027, 5, 20))
	_, err := s.proofs.Deadlines(ctx())
	must(t, err)
	twice("more time", "again", func(seen string) error { return s.proofs.MoreTime(ctx(), who, b, seen) })
}
