package waitlist

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/mail"
	letters "joetz/templates/mail"
	"joetz/terms/id"
)

// Path is the address of an entry's page for its family.
func Path(entry id.WaitlistEntry) string { return fmt.Sprintf("/mijn/wachtlijst/%d", entry) }

// LetterArgs asks a job to write to a family about its entry.
type LetterArgs struct {
	Entry id.WaitlistEntry `json:"entry"`
	Offer id.WaitlistOffer `json:"offer"` // 0 when it is about none
	What  string           `json:"what"`  // joined, offer, reminder, expired, taken or closed
}

// Kind names the job.
func (LetterArgs) Kind() string { return "waitlist.letter" }

// Write writes a letter, once. An offer that was answered meanwhile is not announced or reminded of any more.
func (s *Service) Write(ctx context.Context, a LetterArgs) error {
	e, err := s.EntryByID(ctx, a.Entry)
	if err != nil {
		return err
	}
	in := letters.Waitlist{
		What: a.What, FirstName: e.FirstName, Children: e.Names(), Holiday: e.Title, From: e.StartsOn, To: e.EndsOn, Position: e.Position,
		Path: Path(e.ID), HolidayPath: "/vakanties/" + e.Slug,
	}
	announces := a.What == "offer" || a.What == "reminder"
	if o := e.Offer; o != nil && o.ID == a.Offer {
		in.Deadline = o.Deadline
		if len(o.For) > 0 {
			in.Children = o.For
		}
		if announces && !o.Running(s.Now()) {
			return nil
		}
		among, err := s.Pick(ctx, e)
		if err != nil {
			return err
		}
		if announces && len(among) > 0 {
			in.Places, in.Children = o.Places, Entry{Children: among}.Names()
		}
	}
	if a.What == "joined" && e.Position == 0 {
		return nil // an offer was made at once: that letter says it
	}
	m, err := s.Outbox.Waitlist(ctx, mail.Address{Name: e.FirstName + " " + e.LastName, Email: e.Email}, e.Lang, in)
	if err != nil {
		return err
	}
	if announces {
		m.Until = in.Deadline
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if first, err := mailed(ctx, tx, a, s.Now()); err != nil || !first {
			return err
		}
		_, err := s.Outbox.EnqueueTx(ctx, tx, m)
		return err
	})
}
