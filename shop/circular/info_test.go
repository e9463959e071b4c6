package circular_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/circular"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

var info = circular.Words{SubjectNL: "Infobrief {vakantie}", BodyNL: "Dag {naam},\n\n{kind} vertrekt op {van}.", SubjectEN: "Info letter {vakantie}", BodyEN: "Hello {naam}, {kind} leaves on {van}."}

var pdf = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")

// count is the only number of a query.
func count(t *testing.T, db *sqlx.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.Get(&n, query, args...); err != nil {
		t.Fatal(err)
	}
	return n
}

func startsOn(t *testing.T, db *sqlx.DB, d id.Departure) (day civil.Date) {
	t.Helper()
	if err := db.Get(&day, `SELECT starts_on FROM departure WHERE id = $1`, d); err != nil {
		t.Fatal(err)
	}
	return day
}

func ready(t *testing.T, s *circular.Service, d id.Departure) {
	t.Helper()
	l, err := s.Info(t.Context(), d)
	if err == nil {
		err = s.InfoReady(t.Context(), 1, d, l.ChangedAt)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The clock moves to two weeks before: not an hour earlier, each family once although two processes send, with the PDF kept
// once, and who books, or whose address is mended, afterwards gets it too.
func TestInfoLetterTwoWeeksBefore(t *testing.T) {
	t.Parallel()
	s, db, d := office(t)
	clock := now
	s.Now = func() time.Time { return clock }
	s.Outbox.Now = s.Now
	send := func() (sent int) {
		t.Helper()
		var wait sync.WaitGroup
		var mu sync.Mutex
		for range 2 {
			wait.Go(func() {
				n, err := s.SendInfo(t.Context(), circular.InfoDefaults)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				sent += n
				mu.Unlock()
			})
		}
		wait.Wait()
		return sent
	}
	if err := s.WriteInfo(t.Context(), 1, d, info, circular.InfoFile{Name: `C:\brieven\koffer.pdf`, Content: pdf}); err != nil {
		t.Fatal(err)
	}
	leaves := circular.InfoDefaults.Leaves(startsOn(t, db, d))
	clock = leaves.Add(time.Hour)
	if n := send(); n != 0 {
		t.Fatalf("%d drafts left", n)
	}
	clock = leaves.Add(-time.Minute)
	ready(t, s, d)
	if n := send(); n != 0 {
		t.Fatalf("%d letters left before their hour", n)
	}
	all, err := s.InfoFamilies(t.Context(), d)
	if err != nil || len(all) < 3 {
		t.Fatal(len(all), err)
	}
	late, bounced := all[0], all[1]
	if _, err := db.Exec(`UPDATE booking SET status = 'in_review' WHERE order_id = $1 AND departure_id = $2 AND status = 'placed'`, late.Order, d); err != nil {
		t.Fatal(err)
	}
	if err := s.Outbox.Bounced(t.Context(), db, bounced.Email, "550 unknown", 1); err != nil {
		t.Fatal(err)
	}
	clock = leaves
	if n := send(); n != len(all)-2 {
		t.Errorf("%d letters to %d families", n, len(all)-2)
	}
	if n := send(); n != 0 {
		t.Errorf("%d letters left twice", n)
	}
	clock = leaves.AddDate(0, 0, 5)
	if _, err := db.Exec(`UPDATE booking SET status = 'placed' WHERE order_id = $1 AND departure_id = $2 AND status = 'in_review'`, late.Order, d); err != nil {
		t.Fatal(err)
	}
	if n := send(); n != 1 {
		t.Errorf("%d letters to who was welcome later", n)
	}
	if err := s.Outbox.Reachable(t.Context(), db, bounced.Email, "belde: werkt weer", 1); err != nil {
		t.Fatal(err)
	}
	if n := send(); n != 1 {
		t.Errorf("%d letters to who can be reached again", n)
	}
	if mails, families := count(t, db, `SELECT count(*) FROM mail WHERE kind = 'info_letter'`), count(t, db, `SELECT count(DISTINCT order_id) FROM mail WHERE kind = 'info_letter'`); mails != len(all) || families != mails {
		t.Errorf("%d mails to %d of %d families", mails, families, len(all))
	}
	if n := count(t, db, `SELECT count(DISTINCT file_id) FROM mail_attachment`); n != 1 || count(t, db, `SELECT count(*) FROM mail_attachment WHERE name = 'koffer.pdf'`) != len(all) {
		t.Errorf("%d files for one PDF", n)
	}
	got, err := s.InfoSentTo(t.Context(), []id.Order{late.Order})
	if err != nil || len(got) != 1 || got[0].Departure != d || !got[0].At.Equal(clock) {
		t.Fatalf("%+v %v", got, err)
	}
	m, files, err := s.Outbox.ByID(t.Context(), db, got[0].Mail)
	if err != nil || len(files) != 1 || string(files[0].Content) != string(pdf) || !strings.Contains(m.Subject, "Infobrief Vakantie") {
		t.Errorf("%q %+v %v", m.Subject, files, err)
	}
}

// Only words that somebody looked at leave; a colleague's change takes the letter back to a draft; a copy is a draft as well.
func TestInfoLetterIsReadBeforeItLeaves(t *testing.T) {
	t.Parallel()
	s, db, d := office(t)
	var other id.Departure
	if err := db.Get(&other, `SELECT id FROM departure WHERE id <> $1 ORDER BY id LIMIT 1`, d); err != nil {
		t.Fatal(err)
	}
	if err := s.InfoReady(t.Context(), 1, d, now); !errors.Is(err, circular.ErrNoInfo) {
		t.Errorf("a letter that nobody wrote is ready: %v", err)
	}
	if err := s.WriteInfo(t.Context(), 1, d, info, circular.InfoFile{Content: pdf}); err != nil {
		t.Fatal(err)
	}
	seen, err := s.Info(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	s.Now = func() time.Time { return now.Add(time.Second) }
	changed := info
	changed.BodyNL = "Anders"
	if err := s.WriteInfo(t.Context(), 1, d, changed, circular.InfoFile{Keep: true}); err != nil {
		t.Fatal(err)
	}
	if err := s.InfoReady(t.Context(), 1, d, seen.ChangedAt); !errors.Is(err, circular.ErrInfoChanged) {
		t.Errorf("words that nobody saw are ready: %v", err)
	}
	ready(t, s, d)
	if err := s.WriteInfo(t.Context(), 1, d, info, circular.InfoFile{Keep: true}); err != nil {
		t.Fatal(err)
	}
	if l, err := s.Info(t.Context(), d); err != nil || l.ReadyAt != nil || l.FileName != "infobrief.pdf" {
		t.Errorf("%+v %v", l, err)
	}
	if err := s.CopyInfo(t.Context(), 1, other, d); err != nil {
		t.Fatal(err)
	}
	if l, err := s.Info(t.Context(), other); err != nil || l.ReadyAt != nil || l.Words != info || l.FileName != "infobrief.pdf" {
		t.Errorf("%+v %v", l, err)
	}
	if all, err := s.InfoSources(t.Context(), other); err != nil || len(all) != 1 || all[0].Departure != d {
		t.Errorf("%+v %v", all, err)
	}
	for _, wrong := range [][]byte{[]byte("<html>"), []byte("\xff\xd8\xff")} {
		if err := s.WriteInfo(t.Context(), 1, d, info, circular.InfoFile{Name: "x.pdf", Content: wrong}); fault.Of(err) == nil || fault.Of(err).Fields["bijlage"] == "" {
			t.Errorf("took %q: %v", wrong, err)
		}
	}
}

// Three weeks before, a departure with children and no letter that is ready asks for one.
func TestInfoLetterMissing(t *testing.T) {
	t.Parallel()
	s, db, d := office(t)
	day := startsOn(t, db, d)
	asked := func(at civil.Date) (notes []string) {
		t.Helper()
		s.Now = func() time.Time { return at.Start().Add(9 * time.Hour) }
		found, err := s.InfoMissing(circular.InfoDefaults)(t.Context(), 500)
		if err != nil || found.Total != len(found.Items) {
			t.Fatal(found.Total, err)
		}
		for _, i := range found.Items {
			if i.Departure == d {
				notes = append(notes, i.Note)
			}
		}
		return notes
	}
	if got := asked(day.AddDays(-22)); len(got) != 0 {
		t.Errorf("asked too early: %v", got)
	}
	if got := asked(day.AddDays(-21)); len(got) != 1 || got[0] != "" {
		t.Errorf("not asked: %v", got)
	}
	if err := s.WriteInfo(t.Context(), 1, d, info, circular.InfoFile{}); err != nil {
		t.Fatal(err)
	}
	if got := asked(day.AddDays(-20)); len(got) != 1 || got[0] == "" {
		t.Errorf("a draft is not told: %v", got)
	}
	ready(t, s, d)
	if got := asked(day.AddDays(-20)); len(got) != 0 {
		t.Errorf("asked although it is ready: %v", got)
	}
}
