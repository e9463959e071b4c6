package medical

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// The kinds of an alert.
const (
	AlertMany    = "many"    // many fiches in a short time
	AlertNight   = "night"   // at night
	AlertOutside = "outside" // before or after the camp's own days
	AlertRefused = "refused" // refused again and again
	AlertPrints  = "prints"  // a camp printed more often than needed
	AlertChain   = "chain"   // the access log is not what was written
)

// Alert is an unusual reading that somebody of the office looks into. It never says what was read.
type Alert struct {
	ID        int64
	Kind      string
	Staff     id.Staff // 0 when it is about a camp or the log
	StaffName string
	Departure id.Departure // 0 when it is about no one camp
	Figure    int          // how many children, refusals, prints or lines
	At        time.Time
	HandledAt time.Time // zero while nobody looked into it
	Handler   string
	Note      seal.Text
	Readings  []Reading // what the person did around then; only from AlertForReview
}

// Format never gives the note, whatever the verb.
func (Alert) Format(f fmt.State, r rune) { seal.Text("").Format(f, r) }

// Reading is one line of the access log, as the office sees it in an alert: never what was read.
type Reading struct {
	At          time.Time
	Action      string
	Outcome     string
	Participant id.Participant // 0 = a whole camp
	Departure   id.Departure
}

var (
	errOwnAlert = fault.New(fault.Denied, "medical.alert_own")
	errHandled  = fault.New(fault.Conflict, "medical.alert_handled")
)

// watchBack is how far back the log is looked through each time: longer than the shop is ever down, and than a night.
const watchBack = 48 * time.Hour

// Watch looks through the newest part of the access log for unusual reading, and keeps what it finds, once. tell hears of
// each new alert in the same transaction. It may run twice, and beside itself.
func (s *Service) Watch(ctx context.Context, tell func(*sqlx.Tx, Alert) error) error {
	rules, err := s.Rules(ctx)
	if err != nil {
		return err
	}
	u, since := rules.Unusual, s.now().Add(-watchBack)
	for kind, find := range map[string]func() ([]unusualRow, error){
		AlertMany:    func() ([]unusualRow, error) { return readMany(ctx, s.DB, since, u.Many, u.ManyMinutes) },
		AlertNight:   func() ([]unusualRow, error) { return readAtNight(ctx, s.DB, since, u.Night, u.NightFrom, u.NightTo) },
		AlertOutside: func() ([]unusualRow, error) { return readOutside(ctx, s.DB, since, u.Outside) },
		AlertRefused: func() ([]unusualRow, error) { return refusedOften(ctx, s.DB, since, u.Refused) },
		AlertPrints:  func() ([]unusualRow, error) { return printedOften(ctx, s.DB, since, u.Prints) },
	} {
		rows, err := find()
		if err != nil {
			return fmt.Errorf("unusual reading, %s: %w", kind, err)
		}
		for _, r := range rows {
			row := alertRow{Kind: kind, Key: fmt.Sprintf("%s:%s:%d:%s", kind, r.Actor, r.Departure, r.Day), Departure: r.Departure, Figure: r.Figure, At: s.now()}
			if row.Staff, err = staffOf(r.Actor); err != nil {
				return err
			}
			if err := s.alert(ctx, row, tell); err != nil {
				return err
			}
		}
	}
	return nil
}

func staffOf(actor string) (id.Staff, error) {
	number, ok := strings.CutPrefix(actor, "staff:")
	if !ok {
		return 0, nil
	}
	n, err := strconv.ParseInt(number, 10, 64)
	return id.Staff(n), err
}

func (s *Service) alert(ctx context.Context, row alertRow, tell func(*sqlx.Tx, Alert) error) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		n, fresh, err := insertAlert(ctx, tx, row)
		if err != nil || !fresh {
			return err
		}
		made, _, err := alertByID(ctx, tx, n)
		if err != nil {
			return err
		}
		return tell(tx, alertOf(made))
	})
}

func alertOf(r alertRow) Alert {
	return Alert{ID: r.ID, Kind: r.Kind, Staff: r.Staff, StaffName: r.StaffName, Departure: r.Departure, Figure: r.Figure, At: r.At,
		HandledAt: r.HandledAt.Time, Handler: r.Handler}
}

// Check reads the whole access log for signs of tampering, against its end as it was found before, and keeps what it found.
// A log that is not what was written is an alert, once for each first place.
func (s *Service) Check(ctx context.Context, tell func(*sqlx.Tx, Alert) error) (Head, []Broken, error) {
	before, _, err := longestVerified(ctx, s.DB)
	if err != nil {
		return Head{}, nil, fmt.Errorf("verify the access log: %w", err)
	}
	head, broken, err := s.Verify(ctx, Head{before.Lines, before.MAC})
	if err != nil {
		return head, broken, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return insertVerified(ctx, tx, s.now(), head, broken) })
	if err != nil || len(broken) == 0 {
		return head, broken, err
	}
	first := broken[0]
	return head, broken, s.alert(ctx, alertRow{Kind: AlertChain, Key: fmt.Sprintf("%s:%d:%s", AlertChain, first.Seq, first.Why), Figure: len(broken), At: s.now()}, tell)
}

// Verified is what the newest reading of the whole access log found.
type Verified struct {
	At     time.Time // zero when it was never read
	Lines  int64
	Broken int
	First  int64 // the first place that is not what was written
}

// LastVerified tells what the newest reading of the log found.
func (s *Service) LastVerified(ctx context.Context) (Verified, error) {
	row, _, err := lastVerified(ctx, s.DB)
	return Verified{At: row.At, Lines: row.Lines, Broken: row.Broken, First: row.First.Int64}, err
}

// AlertsOpen lists the alerts that nobody looked into yet, a broken log first, and how many there are.
func (s *Service) AlertsOpen(ctx context.Context, limit int) (all []Alert, total int, err error) {
	rows, err := alertsOpen(ctx, s.DB, limit)
	for _, row := range rows {
		all, total = append(all, alertOf(row)), row.Total
	}
	return all, total, err
}

const readingsMost = 300

// AlertForReview gives one alert with what the person did from two days before to an hour after it was found. The page may be
// seen by who holds the office role; that is the caller's to ask. Faults: NotFound.
func (s *Service) AlertForReview(ctx context.Context, n int64) (Alert, error) {
	row, ok, err := alertByID(ctx, s.DB, n)
	if err != nil || !ok {
		return Alert{}, notFoundOr(err)
	}
	out := alertOf(row)
	texts, err := s.notes(ctx, s.DB, row.Note)
	if err != nil {
		return out, err
	}
	out.Note = texts[row.Note]
	if row.Kind == AlertChain {
		return out, nil
	}
	actor, from := "", row.At.AddDate(-1, 0, 0) // prints: all of the camp
	if row.Staff != 0 {
		actor, from = row.Staff.Actor(), row.At.Add(-watchBack)
	}
	lines, err := readingsOf(ctx, s.DB, actor, row.Departure, from, row.At.Add(time.Hour), readingsMost)
	for _, l := range lines {
		out.Readings = append(out.Readings, Reading(l))
	}
	return out, err
}

// HandleAlert keeps that somebody of the office looked into it, and what they found. Faults: Invalid on note; Denied for an
// alert about oneself; Conflict when it was done.
func (s *Service) HandleAlert(ctx context.Context, r Reader, n int64, note string) error {
	note, err := checkedNote("note", note, true)
	if err != nil {
		return err
	}
	a, err := s.AlertForReview(ctx, n)
	switch {
	case err != nil:
		return err
	case a.Staff == r.Staff:
		return errOwnAlert
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		written, err := s.noteTx(ctx, tx, 0, r.Staff, note)
		if err != nil {
			return err
		}
		if done, err := handleAlert(ctx, tx, n, r.Staff, written, s.now()); err != nil || !done {
			return firstOf(err, errHandled)
		}
		return nil
	})
}

// firstOf is err, or else what it means that nothing was changed.
func firstOf(err, nothing error) error {
	if err != nil {
		return err
	}
	return nothing
}
