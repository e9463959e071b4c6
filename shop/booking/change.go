package booking

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/memberprice"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// The reasons why a booking cannot be changed.
var (
	ErrDeparted      error = fault.New(fault.Conflict, "booking.departed")       // the holiday has begun
	ErrCareFirst     error = fault.New(fault.Conflict, "booking.care_first")     // care is being discussed
	ErrAskOffice     error = fault.New(fault.Conflict, "booking.ask_office")     // the terms want the organiser to agree
	ErrTooLate       error = fault.New(fault.Conflict, "booking.too_late")       // the day for it has passed
	ErrSameDeparture error = fault.New(fault.Conflict, "booking.same_departure") // goes there already
	ErrOtherSeason   error = fault.New(fault.Conflict, "booking.other_season")   // prices of another year (edges.md 85)
	ErrNoSuchStop    error = fault.Field("boarding_place", "booking.choose_boarding_place")
)

// mayTouch reports whether that person may change the booking: staff any, a guardian one that they may change.
func (s *Service) mayTouch(ctx context.Context, who account.Identity, booking id.Booking) (Booking, error) {
	if who.StaffID != 0 {
		return s.BookingByID(ctx, booking)
	}
	return s.BookingOf(ctx, who.GuardianID, booking, ToChange)
}

// maySpend is mayTouch for what costs money: a guardian who changes but does not pay is not shown amounts.
func (s *Service) maySpend(ctx context.Context, who account.Identity, booking id.Booking) (Booking, error) {
	b, err := s.mayTouch(ctx, who, booking)
	if err != nil || who.StaffID != 0 {
		return b, err
	}
	return s.BookingOf(ctx, who.GuardianID, booking, ToPay)
}

// changeable says why a booking cannot be changed any more; nil when it can.
func (s *Service) changeable(b Booking) error {
	switch {
	case !b.Active():
		return ErrEnded
	case b.Off():
		return ErrOff
	case !s.today().Before(b.DepartsOn):
		return ErrDeparted
	}
	return nil
}

// changeTx runs f on a booking under its order's lock, with what is true then.
func (s *Service) changeTx(ctx context.Context, who account.Identity, booking id.Booking, f func(tx *sqlx.Tx, b Booking) error) error {
	b, err := s.mayTouch(ctx, who, booking)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		now, err := s.againTx(ctx, tx, b)
		if err != nil {
			return err
		}
		return asLimit(f(tx, now))
	})
}

// ChangedArgs asks a job to write to the parent of a booking that changed at no cost: boarding, renamed, transferred,
// photos or restored.
type ChangedArgs struct {
	Booking id.Booking `json:"booking"`
	What    string     `json:"what"`
	From    string     `json:"from"`
	To      string     `json:"to"`
}

// Kind names the job.
func (ChangedArgs) Kind() string { return "booking.changed" }

// changedTx notes a free change in the history and asks for its mail.
func (s *Service) changedTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking, what, from, to string) error {
	return s.changedAsTx(ctx, tx, who, b, what, map[string]string{"from": from, "to": to})
}

// changedAsTx is changedTx for a change whose history tells more than from what to what.
func (s *Service) changedAsTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking, what string, told map[string]string) error {
	detail, err := json.Marshal(told)
	if err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, Event{Order: b.Order, Booking: b.ID, Kind: what, Detail: detail, Actor: who.Actor(), At: s.Now()}); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, ChangedArgs{Booking: b.ID, What: what, From: told["from"], To: told["to"]})
}

// ChangeBoarding moves a child to another boarding place of the departure, at no cost (edges.md 84).
func (s *Service) ChangeBoarding(ctx context.Context, who account.Identity, booking id.Booking, place id.BoardingPlace) error {
	return s.changeTx(ctx, who, booking, func(tx *sqlx.Tx, b Booking) error {
		if err := s.changeable(b); err != nil {
			return err
		}
		d, err := s.Catalogue.DepartureByIDTx(ctx, tx, b.Departure)
		if err != nil {
			return err
		}
		to, ok := d.BoardingPlaceByID(place)
		if !ok {
			return ErrNoSuchStop
		}
		if to.ID == b.BoardingPlace {
			return nil
		}
		if err := setBoarding(ctx, tx, b.ID, to.ID); err != nil {
			return err
		}
		if err := s.bookingLimitsTx(ctx, tx, b.ID); err != nil {
			return err
		}
		return s.changedTx(ctx, tx, who, b, "boarding", b.BoardingName, to.Name)
	})
}

// Rename corrects a child's name, at no cost. The name is the child's, so it changes on all its bookings.
func (s *Service) Rename(ctx context.Context, who account.Identity, booking id.Booking, first, last string) error {
	return s.changeTx(ctx, who, booking, func(tx *sqlx.Tx, b Booking) error {
		if err := s.changeable(b); err != nil {
			return err
		}
		if first == b.FirstName && last == b.LastName {
			return nil
		}
		guardian := who.GuardianID
		if who.StaffID != 0 {
			o, err := orderByID(ctx, tx, b.Order)
			if err != nil {
				return err
			}
			guardian = o.Guardian
		}
		in := account.ChildInput{FirstName: first, LastName: last, BornOn: b.BornOn}
		if err := s.Accounts.UpdateChildTx(ctx, tx, guardian, b.Participant, in); err != nil {
			return err
		}
		return s.changedTx(ctx, tx, who, b, "renamed", b.FirstName+" "+b.LastName, first+" "+last)
	})
}

// TransferUntilDays is how many days before the departure another child may still take the place (law on package travel,
// art. 9; edges.md 73). JOETZ allows it on every holiday.
const TransferUntilDays = 7

// Transfer gives a child's place to another child of the same family, at no cost. The fiche stays with the child that
// answered it and is shredded with the place; the price stays, and its proof is asked anew of the other child. Consent to
// photos is one child's and never another's: photos is the answer about the child that goes now, one of PhotoChoices.
func (s *Service) Transfer(ctx context.Context, who account.Identity, booking id.Booking, to id.Participant, photos string) error {
	if !slices.Contains(PhotoChoices, photos) {
		return ErrNoPhotoChoice
	}
	err := s.changeTx(ctx, who, booking, func(tx *sqlx.Tx, b Booking) error {
		if err := s.transferable(b); err != nil {
			return err
		}
		o, err := orderByID(ctx, tx, b.Order)
		if err != nil {
			return err
		}
		child, err := s.Accounts.ChildOfTx(ctx, tx, o.Guardian, to)
		if err != nil {
			return ErrNotYourChild.With(err)
		}
		if err := s.BarredTx(ctx, tx, who, child, b.Departure, "child"); err != nil {
			return err
		}
		d, err := s.Catalogue.DepartureByIDTx(ctx, tx, b.Departure)
		if err != nil {
			return err
		}
		goes, err := participantGoes(ctx, tx, to, b.Departure)
		switch {
		case err != nil:
			return err
		case !d.Admits(child.BornOn):
			return wrongAge("child", child.FirstName, d)
		case goes:
			return fault.Field("child", "booking.goes_already", child.FirstName)
		}
		evidence := "not_needed"
		if b.Category != "base" {
			evidence = "awaited"
		}
		if err := setParticipant(ctx, tx, b.ID, to, evidence, photos); err != nil {
			return err
		}
		if err := s.bookingLimitsTx(ctx, tx, b.ID); err != nil {
			return limitAt("child", err)
		}
		if evidence == "awaited" { // what was handed in is another child's
			if _, err := s.Evidence.WipeTx(ctx, tx, b.ID); err != nil {
				return err
			}
			if err := memberprice.AnewTx(ctx, tx, b.ID, memberprice.Until(s.today(), b.DepartsOn, civil.Date{})); err != nil {
				return err
			}
		}
		told := map[string]string{"from": b.FirstName, "to": child.FirstName, "photos": photos}
		if err := s.changedAsTx(ctx, tx, who, b, "transferred", told); err != nil {
			return err
		}
		return s.Medical.DropTx(ctx, tx, b.Participant, b.Departure)
	})
	return s.Tried(ctx, who.GuardianID, err)
}

// transferable says why another child cannot take the place; nil when it can.
func (s *Service) transferable(b Booking) error {
	switch err := s.changeable(b); {
	case err != nil:
		return err
	case b.Status == "in_review":
		return ErrCareFirst
	case s.today().DaysUntil(b.DepartsOn) < TransferUntilDays:
		return ErrTooLate
	}
	return nil
}
