package medical

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/id"
)

// Reader is who wants to read, as what, and from where. Exactly one of Guardian and Staff is set, as the role wants it.
type Reader struct {
	Guardian id.Guardian
	Staff    id.Staff
	Role     Role
	Purpose  string // why; office must say
	Request  string // the request's id, for finding it in the shop's own log
	IP       string
	Device   string
	Override int64 // the opening in an emergency by which this is read; 0 = none
}

// actor is the reader in the log.
func (r Reader) actor() string {
	if r.Role == Guardian {
		return r.Guardian.Actor()
	}
	return r.Staff.Actor()
}

// What is logged.
const (
	actionView   = "view"
	actionList   = "list"
	actionDecide = "decide"
	actionMove   = "move"
	actionWipe   = "wipe"

	actionRecord  = "record"  // something given or done at camp was written down
	actionOffline = "offline" // a camp's fiches were taken along on a phone
	actionPrint   = "print"
	actionKitchen = "kitchen"
	actionLog     = "log" // somebody read what was given and done

	actionOverride = "override" // a fiche was opened in an emergency, closed again, or looked into afterwards

	allowed    = "allowed"
	refused    = "refused"
	unreadable = "unreadable"
)

// line is one line of the access log. It never holds an answer, nor which questions were answered.
type line struct {
	Seq         int64          `db:"seq"`
	At          time.Time      `db:"at"`
	Actor       string         `db:"actor"`
	Role        string         `db:"role"`
	Action      string         `db:"action"`
	Outcome     string         `db:"outcome"`
	Participant id.Participant `db:"participant_id"`
	Departure   id.Departure   `db:"departure_id"`
	Fiche       id.Fiche       `db:"fiche_id"`
	Topics      []string       `db:"-"`
	Purpose     string         `db:"purpose"`
	Request     string         `db:"request"`
	IP          string         `db:"ip"`
	Device      string         `db:"device"`
	Prev        []byte         `db:"prev"`
	MAC         []byte         `db:"mac"`
}

// signed is what the signature is over: every column and the signature before, in this order for ever.
func (l line) signed() ([]byte, error) {
	return json.Marshal([]any{l.Seq, l.At.UTC().Format(time.RFC3339Nano), l.Actor, l.Role, l.Action, l.Outcome,
		l.Participant, l.Departure, l.Fiche, l.Topics, l.Purpose, l.Request, l.IP, l.Device, hex.EncodeToString(l.Prev)})
}

func (s *Service) lineOf(r Reader, action, outcome string, topics []string) line {
	if topics == nil {
		topics = []string{}
	}
	return line{At: s.now(), Actor: r.actor(), Role: r.Role.String(), Action: action, Outcome: outcome, Topics: topics,
		Purpose: cut(r.Purpose, 500), Request: cut(r.Request, 100), IP: cut(r.IP, 100), Device: cut(r.Device, 200)}
}

func cut(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return string(bytes.ToValidUTF8([]byte(s), nil))
}

// record writes a line and commits it. Only then may anything be shown.
func (s *Service) record(ctx context.Context, l line) error {
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return s.recordTx(ctx, tx, l) })
	if err != nil {
		return ErrUnavailable.With(fmt.Errorf("access log: %w", err))
	}
	return nil
}

// recordTx writes a line in the caller's transaction. It waits for whoever writes one now, so it comes last.
func (s *Service) recordTx(ctx context.Context, tx *sqlx.Tx, l line) error {
	if err := lockLog(ctx, tx); err != nil {
		return err
	}
	last, err := lastLine(ctx, tx)
	if err != nil {
		return err
	}
	l.Seq, l.Prev = last.Seq+1, append([]byte{}, last.MAC...) // the first line follows nothing: empty, not NULL
	text, err := l.signed()
	if err != nil {
		return err
	}
	if l.MAC, err = s.Keys.MAC(text); err != nil {
		return err
	}
	return insertLine(ctx, tx, l)
}

// Head is the end of the access log. Kept elsewhere (the nightly mail), it shows when lines were cut off the end.
type Head struct {
	Seq int64
	MAC []byte
}

// Broken is a place where the access log is not what was written.
type Broken struct {
	Seq int64
	Why string // "changed", "missing", "order"
}

const verifyBatch = 1000

// Verify reads the whole access log and lists where it was tampered with. known is an earlier head, or the zero Head.
func (s *Service) Verify(ctx context.Context, known Head) (head Head, broken []Broken, err error) {
	for {
		lines, err := linesAfter(ctx, s.DB, head.Seq, verifyBatch)
		if err != nil {
			return head, broken, fmt.Errorf("verify the access log: %w", err)
		}
		for _, l := range lines {
			if why := s.tampered(head, l); why != "" {
				broken = append(broken, Broken{l.Seq, why})
			}
			head = Head{l.Seq, l.MAC}
			if l.Seq == known.Seq && !bytes.Equal(l.MAC, known.MAC) {
				broken = append(broken, Broken{l.Seq, "changed"})
			}
		}
		if len(lines) < verifyBatch {
			break
		}
	}
	if head.Seq < known.Seq {
		broken = append(broken, Broken{head.Seq + 1, "missing"})
	}
	return head, broken, nil
}

func (s *Service) tampered(before Head, l line) string {
	text, err := l.signed()
	switch {
	case err != nil || !s.Keys.CheckMAC(l.MAC, text):
		return "changed"
	case l.Seq != before.Seq+1:
		return "missing"
	case !bytes.Equal(l.Prev, before.MAC):
		return "order"
	}
	return ""
}
