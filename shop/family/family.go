// Package family gathers one family: its children, what is booked, and what is still to do.
//
// Owns: what a family still has to do, and which papers a trip needs. Tables: travel_paper.
// May import: terms, migrations/pg, sqlx, medical, payments, shop/account, shop/booking, shop/memberprice, shop/dossier, shop/mail.
// Always true: it shows a guardian only what account, booking and medical show that guardian; it opens no medical answer.
//
// To add a to-do, write a Source (it gets the whole View, so it needs one query at most, for all bookings at once) and
// append it to Service.Sources in cmd/shop/program/wire_family.go. Key and Args are a text of the source's own area: what to do, in
// a few words, with the child's first name. Path is where it is done.
package family

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/dossier"
	"joetz/shop/mail"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Service answers the family's pages.
type Service struct {
	DB       *sqlx.DB
	Accounts *account.Service
	Bookings *booking.Service
	Medical  *medical.Service
	Dossier  *dossier.Service
	Outbox   *mail.Outbox
	Now      func() time.Time
	Sources  []Source // of other domains; the family's own come first
}

// View is a family as one guardian sees it now.
type View struct {
	Guardian account.Guardian
	Children []account.Child
	Rights   map[id.Participant]account.Rights
	Orders   []booking.Order // newest first; Shared ones hold only the bookings of shared children
	Today    civil.Date
	Now      time.Time
}

// Coming lists the bookings of children who still go, by departure.
func (v View) Coming() []booking.Booking {
	var all []booking.Booking
	for _, o := range v.Orders {
		for _, b := range o.Bookings {
			if b.Active() && !b.EndsOn.Before(v.Today) {
				all = append(all, b)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b booking.Booking) int { return a.DepartsOn.Compare(b.DepartsOn) })
	return all
}

// Todo is one thing that a family still has to do.
type Todo struct {
	Kind    string // pay, proof, fiche, papers, ...: for the sign beside it
	Key     string // message key of what to do
	Args    []any
	Holiday string // for which holiday; "" when it is about none
	Order   string // its number, where Text names the holiday; "" else
	Due     civil.Date
	Path    string
	Pay     money.Cents // what a pay button pays; it is sent to Path
	Booking id.Booking
}

// Late reports whether its day has passed.
func (t Todo) Late(today civil.Date) bool { return !t.Due.IsZero() && t.Due.Before(today) }

// Source lists what a family still has to do in one domain.
type Source func(ctx context.Context, v View) ([]Todo, error)

// View reads a family; what is to do comes with it, what is due first on top.
func (s *Service) View(ctx context.Context, guardian id.Guardian) (v View, todos []Todo, err error) {
	v = View{Now: s.Now(), Today: civil.Of(s.Now())}
	if v.Guardian, err = s.Accounts.GuardianByID(ctx, guardian); err != nil {
		return v, nil, err
	}
	if v.Children, err = s.Accounts.ChildrenOf(ctx, guardian); err != nil {
		return v, nil, err
	}
	if v.Rights, err = s.Accounts.RightsOf(ctx, guardian); err != nil {
		return v, nil, err
	}
	if v.Orders, err = s.Bookings.FamilyOrders(ctx, guardian); err != nil {
		return v, nil, err
	}
	for _, source := range append([]Source{dues, s.proofs, s.fiches, s.papers}, s.Sources...) {
		more, err := source(ctx, v)
		if err != nil {
			return v, nil, err
		}
		todos = append(todos, more...)
	}
	slices.SortStableFunc(todos, func(a, b Todo) int { return cmp.Or(whenDue(a).Compare(whenDue(b)), cmp.Compare(a.Kind, b.Kind)) })
	return v, todos, nil
}

// whenDue puts what has no day last.
func whenDue(t Todo) civil.Date {
	if t.Due.IsZero() {
		return civil.Must(9999, 12, 31)
	}
	return t.Due
}

// mayPay reports whether the guardian pays for a booking: it is their order, or they pay for the child.
func (v View) mayPay(o booking.Order, b booking.Booking) bool {
	return o.Guardian == v.Guardian.ID || v.Rights[b.Participant].Pays
}
