package medical

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Kind is what a record is about.
type Kind string

// The kinds.
const (
	OfMedicine Kind = "medicine"
	FirstAid   Kind = "first_aid"
	Incident   Kind = "incident" // first aid with a file: the fiche is not wiped before the office lets it go
	Addendum   Kind = "addendum" // to another record
	Handover   Kind = "handover" // at the end of the camp: which medicines went home, and with whom
)

// How giving a medicine went.
const (
	Given    = "given"
	NotTaken = "refused"
	Missed   = "missed"
	Absent   = "absent"
	Vomited  = "vomited" // given, and it came out again
	Mistake  = "mistake" // of an addendum: the record that it corrects does not count
)

// Outcomes are how giving a medicine may go.
var Outcomes = []string{Given, NotTaken, Missed, Absent, Vomited}

// Record is one thing that was given or done at camp. It never changes: an addendum corrects it.
type Record struct {
	Client     string // its id, made where it was written down
	Kind       Kind
	Medicine   string // key
	Name       seal.Text
	Amount     seal.Text
	Slot       string // "" when it was not planned
	Day        civil.Date
	Outcome    string
	Note       seal.Text
	Reason     seal.Text // why a limit was overridden, by a lead
	Broken     Limits    // that it was given against, known or, without signal, not
	Corrects   string    // of an addendum
	Offline    bool      // written down without signal
	At         time.Time // when it happened, on the clock of who wrote it down
	Noted      time.Time // when it was written down, where that was later; zero = at once
	ReceivedAt time.Time
	By         id.Staff
	ByName     string // first name of who wrote it down
	Mistaken   bool   // an addendum says that it does not count
}

// Format never gives a record, whatever the verb.
func (Record) Format(f fmt.State, r rune) { seal.Text("").Format(f, r) }

// counts reports whether the record is of a medicine and stands.
func (r Record) counts() bool { return r.Kind == OfMedicine && !r.Mistaken }

// Report is what somebody at camp writes down. Client, At and Noted are of the phone when it had no signal; empty = here and
// now. At before Noted is a late entry: the limits are guarded for the moment at which it was given.
type Report struct {
	Client   string     `json:"client"`
	Kind     Kind       `json:"kind"`
	Medicine string     `json:"medicine"`
	Slot     string     `json:"slot"`
	Day      civil.Date `json:"day"`
	Outcome  string     `json:"outcome"`
	Note     string     `json:"note"`
	Reason   string     `json:"reason"`
	Corrects string     `json:"corrects"`
	At       time.Time  `json:"at"`    // when it happened
	Noted    time.Time  `json:"noted"` // when it was written down
	Happened bool       `json:"-"`     // of a late entry that breaks a limit: it was given all the same
	Offline  bool       `json:"-"`
}

// Format never gives a report, whatever the verb.
func (Report) Format(f fmt.State, r rune) { seal.Text("").Format(f, r) }

const (
	noteMax   = 2000
	reasonMin = 15
	clockSlip = 10 * time.Minute // that a phone's clock may be ahead
	lateMost  = 48 * time.Hour   // that something may be written down after it happened
)

// LimitFault is the fault of a report that breaks a limit; its Limits say which.
type LimitFault struct {
	*fault.Fault
	Limits Limits
	Lead   bool // a lead may override it with a reason
	Past   bool // it is a late entry: it may be written down as something that happened
}

// Unwrap is the fault.
func (l LimitFault) Unwrap() error { return l.Fault }

var errLimit = fault.New(fault.Conflict, "medical.limit_broken")

// Write writes down what was given or done for the child of a booking. The same Client is written down once; the second
// time is no fault. Faults: as Read; Invalid on note, outcome, reason, clock; LimitFault for a medicine that would be given
// against the fiche, unless a lead gives a reason. What has happened, without signal or before it is written down, cannot be
// forbidden any more: it is written down with what it broke, a late entry once its writer says that it is so.
func (s *Service) Write(ctx context.Context, r Reader, b id.Booking, in Report) (out Record, err error) {
	if in, err = s.tidy(in); err != nil {
		return out, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		subject, ok, err := subjectOf(ctx, tx, b)
		if err != nil || !ok {
			return notFoundOr(err)
		}
		g, err := s.grantFor(ctx, tx, r, subject)
		if err != nil {
			return err
		}
		if g.none() || r.Role != Animator && r.Role != Lead {
			return g.refusal()
		}
		out, err = s.writeTx(ctx, tx, r, g, subject, in)
		return err
	})
	return out, err
}

var clientID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// NewClient makes an id for a report, a UUID by chance. A form carries one, so that sending it twice keeps it once.
func NewClient() string {
	var b [16]byte
	rand.Read(b[:]) // never fails since Go 1.24
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (s *Service) tidy(in Report) (Report, error) {
	in.Note, in.Reason = strings.TrimSpace(in.Note), strings.TrimSpace(in.Reason)
	now := s.now()
	if in.At.IsZero() {
		in.At = now
	}
	if in.Client == "" {
		in.Client = NewClient()
	}
	if in.Noted.IsZero() {
		in.Noted = in.At
		if !in.Offline {
			in.Noted = now
		}
	}
	in.At, in.Noted = in.At.UTC().Truncate(time.Microsecond), in.Noted.UTC().Truncate(time.Microsecond)
	if in.Day.IsZero() {
		in.Day = civil.Of(in.At)
	}
	switch {
	case !clientID.MatchString(in.Client):
		return in, ErrNotFound
	case !slices.Contains([]Kind{OfMedicine, FirstAid, Incident, Addendum, Handover}, in.Kind):
		return in, ErrNotFound
	case in.Kind == OfMedicine && !slices.Contains(Outcomes, in.Outcome):
		return in, fault.Field("outcome", "medical.outcome_needed")
	case in.Kind != OfMedicine && in.Note == "":
		return in, fault.Field("note", "medical.note_needed")
	case utf8.RuneCountInString(in.Note) > noteMax || utf8.RuneCountInString(in.Reason) > noteMax:
		return in, fault.Field("note", "medical.care_text_long", noteMax)
	case in.At.After(now.Add(clockSlip)) && !in.Offline:
		return in, fault.Field("clock", "medical.time_ahead")
	case in.At.Before(in.Noted.Add(-lateMost)):
		return in, fault.Field("clock", "medical.time_old")
	}
	if in.Noted.After(now.Add(clockSlip)) {
		in.Noted = now // a phone whose clock is ahead: what it reports has happened
	}
	if in.At.After(in.Noted) {
		in.At = in.Noted
	}
	if in.Kind != OfMedicine && (in.Kind != Addendum || in.Outcome != Mistake) {
		in.Outcome = ""
	}
	return in, nil
}

// writeTx decides nothing about who may: its caller did.
func (s *Service) writeTx(ctx context.Context, tx *sqlx.Tx, r Reader, g grant, subject subjectRow, in Report) (Record, error) {
	parent, err := anyGuardian(ctx, tx, subject.Participant)
	if err != nil {
		return Record{}, err
	}
	row, key, err := s.ficheTx(ctx, tx, subject.Participant, subject.Departure, parent, s.now())
	if err != nil {
		return Record{}, err
	}
	all, err := s.open(ctx, tx, []ficheRow{row}, everyTopic)
	if err != nil {
		return Record{}, err
	}
	o := all[row.ID]
	earlier, err := s.recordsOf(ctx, tx, map[id.Participant]*opened{subject.Participant: o})
	if err != nil {
		return Record{}, err
	}
	records := earlier[row.ID]
	if i := slices.IndexFunc(records, func(old Record) bool { return old.Client == in.Client }); i >= 0 {
		return records[i], nil
	}
	rec := Record{Client: in.Client, Kind: in.Kind, Outcome: in.Outcome, Note: seal.Text(in.Note), Corrects: in.Corrects, Day: in.Day,
		Offline: in.Offline, At: in.At, ReceivedAt: s.now(), By: r.Staff}
	if in.late() {
		rec.Noted = in.Noted
	}
	switch in.Kind {
	case OfMedicine:
		if err := s.planned(&rec, in, r, s.assemble(g, subject, nil, o), subject.campRow, records); err != nil {
			return Record{}, err
		}
	case Addendum:
		if !slices.ContainsFunc(records, func(old Record) bool { return old.Client == in.Corrects && old.Kind != Addendum }) {
			return Record{}, ErrNotFound
		}
	}
	return rec, s.keepRecord(ctx, tx, r, subject, row.ID, key, rec)
}

// planned fills in what the fiche says about the medicine, and guards its limits.
func (s *Service) planned(rec *Record, in Report, r Reader, sheet Sheet, camp campRow, records []Record) error {
	medicines := medicinesOf(sheet, camp)
	i := slices.IndexFunc(medicines, func(m Medicine) bool { return m.Key == in.Medicine })
	if i < 0 && !in.Offline {
		return ErrNotFound
	}
	rec.Medicine = cut(in.Medicine, 100)
	if i < 0 { // the parent took it off the fiche while the phone had no signal
		rec.Slot, rec.Broken = cut(in.Slot, 20), Limits{LimitPeriod}
		return nil
	}
	m := medicines[i]
	if in.Slot != "" && !slices.Contains(m.Slots, in.Slot) {
		if !in.Offline {
			return ErrNotFound
		}
		in.Slot = ""
	}
	rec.Name, rec.Amount, rec.Slot = m.Name, m.Amount, in.Slot
	if in.Outcome == Given {
		rec.Broken = m.limits(in.Slot, in.Day, in.At, records)
	} else if in.Slot != "" && slices.Contains(m.limits(in.Slot, in.Day, in.At, records), LimitTwice) {
		rec.Broken = Limits{LimitTwice}
	}
	switch {
	case len(rec.Broken) == 0:
	case r.Role == Lead && utf8.RuneCountInString(in.Reason) >= reasonMin:
		rec.Reason = seal.Text(in.Reason)
	case in.Offline, in.Happened && in.late():
	default:
		return LimitFault{errLimit, rec.Broken, r.Role == Lead, in.late()}
	}
	return nil
}

// late reports whether it was written down after it happened. A minute is the time that writing takes.
func (r Report) late() bool { return r.Noted.Sub(r.At) > time.Minute }

// sealedRecord is a record as it is sealed.
type sealedRecord struct {
	Kind     Kind       `json:"kind"`
	Medicine string     `json:"medicine,omitempty"`
	Name     string     `json:"name,omitempty"`
	Amount   string     `json:"amount,omitempty"`
	Slot     string     `json:"slot,omitempty"`
	Day      civil.Date `json:"day"`
	Outcome  string     `json:"outcome,omitempty"`
	Note     string     `json:"note,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Broken   Limits     `json:"broken,omitempty"`
	Corrects string     `json:"corrects,omitempty"`
	Offline  bool       `json:"offline,omitempty"`
	Noted    time.Time  `json:"noted,omitzero"`
}

func recordPlace(n int64) seal.Place {
	return seal.Place{Table: "fiche_record", ID: n, Column: "sealed"}
}

func (s *Service) keepRecord(ctx context.Context, tx *sqlx.Tx, r Reader, subject subjectRow, f id.Fiche, key *seal.Key, rec Record) error {
	n, err := nextRecord(ctx, tx)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(sealedRecord{rec.Kind, rec.Medicine, string(rec.Name), string(rec.Amount), rec.Slot, rec.Day, rec.Outcome,
		string(rec.Note), string(rec.Reason), rec.Broken, rec.Corrects, rec.Offline, rec.Noted})
	if err != nil {
		return errors.New("medical: cannot write a record") // the cause may quote it
	}
	sealed, err := key.Seal(raw, recordPlace(n))
	if err != nil {
		return err
	}
	if err := insertRecord(ctx, tx, n, f, sealed, rec); err != nil {
		if pg.Constraint(err) == "fiche_record_once" {
			return ErrNotFound // another child's, or another camp's: nobody is told
		}
		return err
	}
	if rec.Kind == Incident {
		if err := holdFiche(ctx, tx, f, r.Staff, incidentReference(n), 0, s.now()); err != nil {
			return err
		}
	}
	l := s.lineOf(r, actionRecord, allowed, nil)
	l.Participant, l.Departure, l.Fiche = subject.Participant, subject.Departure, f
	return s.recordTx(ctx, tx, l)
}

// recordsOf opens the records of fiches, newest first. One that does not open is an unreadable one, and counts for
// nothing that would make giving look safe: it stands in the list with its time and who wrote it.
func (s *Service) recordsOf(ctx context.Context, q sqlx.QueryerContext, fiches map[id.Participant]*opened) (map[id.Fiche][]Record, error) {
	ids := make([]id.Fiche, 0, len(fiches))
	byID := make(map[id.Fiche]*opened, len(fiches))
	for _, o := range fiches {
		ids = append(ids, o.row.ID)
		byID[o.row.ID] = o
	}
	rows, err := recordRows(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := map[id.Fiche][]Record{}
	for _, row := range rows {
		first, _, _ := strings.Cut(row.StaffName, " ")
		rec := Record{Client: row.Client, At: row.HappenedAt, ReceivedAt: row.ReceivedAt, By: row.Staff, ByName: first}
		if key := byID[row.Fiche].key; key != nil {
			rec.fill(key, row)
		}
		out[row.Fiche] = append(out[row.Fiche], rec)
	}
	for _, records := range out {
		for _, r := range records {
			if r.Kind != Addendum || r.Outcome != Mistake {
				continue
			}
			if i := slices.IndexFunc(records, func(old Record) bool { return old.Client == r.Corrects }); i >= 0 {
				records[i].Mistaken = true
			}
		}
	}
	return out, nil
}

func (r *Record) fill(key *seal.Key, row recordRow) {
	raw, err := key.Open(row.Sealed, recordPlace(row.ID))
	var d sealedRecord
	if err != nil || json.Unmarshal(raw, &d) != nil {
		return
	}
	r.Kind, r.Medicine, r.Name, r.Amount, r.Slot, r.Day, r.Outcome = d.Kind, d.Medicine, seal.Text(d.Name), seal.Text(d.Amount), d.Slot, d.Day, d.Outcome
	r.Note, r.Reason, r.Broken, r.Corrects, r.Offline = seal.Text(d.Note), seal.Text(d.Reason), d.Broken, d.Corrects, d.Offline
	r.Noted = d.Noted
}

// Diary gives what was given and done for a child, newest first: to animators and leads as they may read the fiche, to
// the guardian once the camp is over. Faults: as Read.
func (s *Service) Diary(ctx context.Context, r Reader, b id.Booking) (records []Record, over bool, err error) {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil {
		return nil, false, ErrUnavailable.With(err)
	}
	if !ok {
		return nil, false, ErrNotFound
	}
	g, err := s.grantFor(ctx, s.DB, r, subject)
	if err != nil {
		return nil, false, ErrUnavailable.With(err)
	}
	l := s.lineOf(r, actionLog, allowed, nil)
	l.Participant, l.Departure = subject.Participant, subject.Departure
	if g.none() || r.Role == Office {
		l.Outcome = refused
	}
	if err := s.record(ctx, l); err != nil {
		return nil, false, err
	}
	if l.Outcome == refused {
		return nil, false, g.refusal()
	}
	over = s.today().After(subject.EndsOn)
	if r.Role == Guardian && !over {
		return nil, false, nil
	}
	row, ok, err := ficheOf(ctx, s.DB, subject.Participant, subject.Departure)
	if err != nil || !ok {
		return nil, over, err
	}
	all, err := s.open(ctx, s.DB, []ficheRow{row}, noTopic)
	if err != nil {
		return nil, over, ErrUnavailable.With(err)
	}
	found, err := s.recordsOf(ctx, s.DB, map[id.Participant]*opened{subject.Participant: all[row.ID]})
	return found[row.ID], over, err
}
