// Package worklist gathers what waits for a person of the office: one list, each item with its age and one next step.
//
// Owns: who works on an item now (claims), and the order in which items are shown.
// Tables: worklist_claim.
// May import: terms, migrations/pg, sqlx.
// Always true: an item is found anew each time from the tables of its domain and is stored nowhere, so it is gone when it
// is done; a source that fails does not hide the others; nothing about health is in an item.
//
// How a domain adds its items: a constant of Kind below; the texts worklist.kind.KIND, worklist.about.KIND and
// worklist.step.KIND in templates/messages/*/worklist.toml; a Source (one query, the most urgent first, with
// count(*) OVER () as the total) in the package that owns the rows; and one Add in cmd/shop/program/wire_worklist.go.
package worklist

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/errgroup"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Kind is a sort of work. Its texts are worklist.kind.KIND (what it is), worklist.about.KIND (what is the matter, with
// Item.Args; worklist.about.KIND_late, where there is one, once Item.Due is over) and worklist.step.KIND (the next step).
type Kind string

// The kinds, in the order of the filter.
const (
	Care       Kind = "care"       // a care question to decide
	Proof      Kind = "proof"      // a proof to check
	Approval   Kind = "approval"   // something a colleague wants a second person for
	Request    Kind = "request"    // what a family asked
	Complaint  Kind = "complaint"  // a complaint with a term
	Offer      Kind = "offer"      // a place offered from the waiting list, or one to offer
	Overdue    Kind = "overdue"    // money that is late after the free reminder
	Nonpayment Kind = "nonpayment" // a booking that may be cancelled because it is not paid
	Refund     Kind = "refund"     // money to transfer back, or that did not arrive
	Boarding   Kind = "boarding"   // a boarding place under its minimum
	Team       Kind = "team"       // a departure that leaves soon and that nobody leads
	Choice     Kind = "choice"     // families who may choose after a departure was called off
	Stuck      Kind = "stuck"      // a decision that could not be carried out for some
	Letter     Kind = "letter"     // an info letter that is not ready
	Bounce     Kind = "bounce"     // an address that no mail reaches
	Barred     Kind = "barred"     // a family wanted to book a child that is barred
	Mail       Kind = "mail"       // a mail that was given up
	Post       Kind = "post"       // the mail server takes nothing
	Job        Kind = "job"        // work of the program that was given up
	Emergency  Kind = "emergency"  // a fiche that was opened in an emergency, to look into
	Reading    Kind = "reading"    // unusual reading of fiches, or their log was tampered with
	File       Kind = "file"       // a fiche that only an open file keeps from being wiped
)

// Kinds are all kinds in the order of the filter.
var Kinds = []Kind{Care, Emergency, Reading, File, Proof, Approval, Request, Complaint, Offer, Overdue, Nonpayment, Refund, Boarding, Team, Choice, Stuck, Letter, Bounce, Mail, Post, Barred, Job}

// Item is one thing to do.
type Item struct {
	Kind    Kind
	Key     string     // names it within its kind, the same each time: "booking:12". A claim holds on to it.
	Subject string     // who or what: a child, a family, a departure
	Detail  string     // what of: a holiday, a reference. Data, not words: it is not translated.
	Day     civil.Date // of the holiday, shown behind Detail; zero: none
	Args    []any      // of the text worklist.about.KIND; money.Cents and civil.Date are written in the reader's language
	Note    string     // message key of a second line, with Args; "" for none

	Order     id.Order     // 0 when it is about no order
	Departure id.Departure // 0 when it is about no departure
	Amount    money.Cents  // what it is about; 0 when no money

	Since time.Time  // since when it waits
	Due   civil.Date // zero when nothing says when
	Path  string     // of the one next step
}

// Found is what a source found: the most urgent items, at most as many as asked, and how many there are in all.
type Found struct {
	Items []Item
	Total int
}

// Source finds the items of one kind in one query, the most urgent first, at most limit.
type Source func(ctx context.Context, limit int) (Found, error)

// Service gathers the sources.
type Service struct {
	DB  *sqlx.DB
	Now func() time.Time
	Log *slog.Logger

	sources []source
}

type source struct {
	kind Kind
	find Source
}

// Add registers the source of a kind, before the first Look. A kind may have several.
func (s *Service) Add(kind Kind, find Source) { s.sources = append(s.sources, source{kind, find}) }

const (
	perPage = 40
	perKind = 200 // of each kind in the list of all
	alone   = 800 // of a kind that is looked at by itself
)

// Entry is an item and who works on it.
type Entry struct {
	Item
	Claim Claim // zero when nobody does
}

// Count says how many items of a kind there are.
type Count struct {
	Kind   Kind
	Total  int
	Failed bool // its source could not say
}

// Board is one page of the list.
type Board struct {
	Counts     []Count // of the kinds that have a source
	Entries    []Entry
	Total      int // of what is shown, on all pages
	Hidden     int // of Total, what is beyond the last page: the least urgent
	Page, Last int
}

// patience is when an item without a day of its own becomes urgent: an answer within the week.
const patience = 5

// urgency is the day that orders items.
func (i Item) urgency() civil.Date {
	if !i.Due.IsZero() {
		return i.Due
	}
	return civil.Of(i.Since).AddDays(patience)
}

// Late reports whether the item should have been done before today.
func (i Item) Late(today civil.Date) bool { return i.urgency().Before(today) }

// Only leaves out what somebody does not look for now; the zero Only leaves out nothing.
type Only struct {
	Late bool     // what should have been done before today
	Of   id.Staff // what this colleague took
}

// Look gathers one page: of one kind, or of all with kind "", without what only leaves out. The most urgent come first. The counts
// stay those of everything.
func (s *Service) Look(ctx context.Context, kind Kind, only Only, page int) (Board, error) {
	found := make([]Found, len(s.sources))
	failed := make([]bool, len(s.sources))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4) // of the pool's connections
	for i, src := range s.sources {
		limit := perKind
		switch {
		case kind != "" && kind != src.kind:
			limit = 1 // only to count
		case kind != "" || only != (Only{}):
			limit = alone
		}
		group.Go(func() (err error) {
			if found[i], err = src.find(ctx, limit); err != nil && ctx.Err() == nil {
				failed[i] = true
				s.Log.ErrorContext(ctx, "worklist: a source failed", "kind", src.kind, "error", err)
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return Board{}, err
	}
	return s.board(context.WithoutCancel(ctx), kind, only, page, found, failed)
}

func (s *Service) board(ctx context.Context, kind Kind, only Only, page int, found []Found, failed []bool) (Board, error) {
	var b Board
	var items []Item
	for i, src := range s.sources {
		at := slices.IndexFunc(b.Counts, func(c Count) bool { return c.Kind == src.kind })
		if at < 0 {
			at, b.Counts = len(b.Counts), append(b.Counts, Count{Kind: src.kind})
		}
		b.Counts[at].Total += found[i].Total
		b.Counts[at].Failed = b.Counts[at].Failed || failed[i]
		if kind == "" || kind == src.kind {
			b.Total += found[i].Total
			items = append(items, found[i].Items...)
		}
	}
	slices.SortStableFunc(b.Counts, func(a, c Count) int { return slices.Index(Kinds, a.Kind) - slices.Index(Kinds, c.Kind) })
	slices.SortStableFunc(items, func(a, c Item) int {
		return cmp.Or(a.urgency().Compare(c.urgency()), a.Since.Compare(c.Since), cmp.Compare(a.Key, c.Key))
	})
	if only != (Only{}) {
		var err error
		if items, err = s.sift(ctx, only, items); err != nil {
			return Board{}, err
		}
		b.Total = len(items)
	}
	b.Hidden = max(0, b.Total-len(items))
	b.Last = max(1, (len(items)+perPage-1)/perPage)
	b.Page = min(max(1, page), b.Last)
	shown := items[(b.Page-1)*perPage : min(len(items), b.Page*perPage)]
	claims, err := claimsOn(ctx, s.DB, shown, s.Now().Add(-ClaimLasts))
	if err != nil {
		return Board{}, err
	}
	for _, item := range shown {
		b.Entries = append(b.Entries, Entry{Item: item, Claim: claims[claimKey{item.Kind, item.Key}]})
	}
	return b, nil
}

func (s *Service) sift(ctx context.Context, only Only, items []Item) ([]Item, error) {
	today := civil.Of(s.Now())
	if only.Late {
		items = slices.DeleteFunc(items, func(i Item) bool { return !i.Late(today) })
	}
	if only.Of == 0 {
		return items, nil
	}
	claims, err := claimsOn(ctx, s.DB, items, s.Now().Add(-ClaimLasts))
	return slices.DeleteFunc(items, func(i Item) bool { return claims[claimKey{i.Kind, i.Key}].Staff != only.Of }), err
}
