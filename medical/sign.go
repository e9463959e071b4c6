package medical

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/questionnaire"
	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// signatureSection holds what was signed; no topic of the questionnaire has that name.
const signatureSection = "signature"

// signature proves what a guardian signed: which questions in which words, which answers, when and from where.
type signature struct {
	Questionnaire string            `json:"questionnaire"` // hash of the version
	Answers       string            `json:"answers"`       // hash of the answers
	Statements    map[string]string `json:"statements"`    // the texts that were agreed to
	Lang          string            `json:"lang"`
	By            string            `json:"by"`
	At            time.Time         `json:"at"`
	IP            string            `json:"ip"`
	Device        string            `json:"device"`
	SecondStep    bool              `json:"second_step"` // signed in again by code shortly before
}

// Signing is how a fiche is signed.
type Signing struct {
	Lang       string
	SecondStep bool // signed in again by code shortly before
	Seen       int  // the form's Revision that was looked through; AnyRevision when nobody looked
}

// Sign signs the fiche as it was looked through. Faults: NotFound; Conflict when something is still missing, when it was
// changed since it was looked through, or when the camp has begun.
func (s *Service) Sign(ctx context.Context, r Reader, b id.Booking, in Signing) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		subject, row, key, kept, err := s.ownTx(ctx, tx, r, b)
		if err != nil {
			return err
		}
		saved, err := revisions(ctx, tx, subject.Participant, subject.Departure)
		if err != nil {
			return err
		}
		v := s.Questions.Version(row.Questionnaire)
		sheet := Sheet{Version: v}
		for id, value := range kept {
			sheet.Answers = append(sheet.Answers, Answer{v.Question(id), value})
		}
		form := s.form(sheet, subject, saved)
		if in.Seen != AnyRevision && in.Seen != form.Revision {
			return errChanged
		}
		if !form.Complete() {
			return errIncomplete
		}
		at := s.now()
		sig := signature{Questionnaire: v.Hash, Answers: hashOf(v, kept), Statements: statements(v, kept, in.Lang), Lang: in.Lang,
			By: r.actor(), At: at, IP: r.IP, Device: r.Device, SecondStep: in.SecondStep}
		raw, err := json.Marshal(sig)
		if err != nil {
			return fmt.Errorf("sign fiche %d: %w", row.ID, err)
		}
		d := document{head: head{Questionnaire: v.Number, Lang: in.Lang, By: r.actor(), At: at, Marks: []string{}, Text: string(raw)}}
		if err := s.saveTx(ctx, tx, row.ID, key, signatureSection, d); err != nil {
			return err
		}
		var keepUntil civil.Date
		if kept["consent.keep"].Text == "yes" {
			rules, err := s.rules(ctx, tx)
			if err != nil {
				return err
			}
			keepUntil = s.today().AddMonths(rules.KeepMonths)
		}
		if err := signFiche(ctx, tx, row.ID, r.Guardian, at, keepUntil); err != nil {
			return err
		}
		l := s.lineOf(r, "sign", allowed, nil)
		l.Participant, l.Departure, l.Fiche = subject.Participant, subject.Departure, row.ID
		return s.recordTx(ctx, tx, l)
	})
}

// hashOf is over every answer in the questionnaire's order.
func hashOf(v *questionnaire.Version, a questionnaire.Answers) string {
	h := sha256.New()
	for _, q := range v.Questions {
		if value, ok := a[q.ID]; ok {
			fmt.Fprintf(h, "%s=%s\n", q.ID, value.Encode())
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func statements(v *questionnaire.Version, a questionnaire.Answers, lang string) map[string]string {
	out := map[string]string{}
	for _, q := range v.Questions {
		if _, ok := a[q.ID]; ok && q.Kind == questionnaire.Sign {
			out[q.ID] = q.Label.In(lang)
		}
	}
	return out
}
