package booking

import (
	"context"
	"errors"
	"strconv"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/extra"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Identify ties a basket to the guardian who signed in. A basket that was another's loses that family's answers.
func (s *Service) Identify(ctx context.Context, token string, guardian id.Guardian) error {
	claimed, _, err := s.crowds.claims.Get(ctx, claim{string(hashToken(token)), guardian}, func(ctx context.Context, claims []claim) (map[claim]bool, error) {
		return claimCheckouts(ctx, s.DB, claims, s.Now())
	})
	if err != nil || claimed {
		return err
	}
	return s.changeCheckout(ctx, token, func(tx *sqlx.Tx, c Checkout) error {
		if c.Offered && c.Guardian != guardian {
			return ErrNoCheckout
		}
		return setCheckoutGuardian(ctx, tx, c.ID, guardian)
	})
}

// ChooseChild puts one of the guardian's children on a place of the basket, when the child's birth year fits and it does
// not go already. Invalid faults name the field "child".
func (s *Service) ChooseChild(ctx context.Context, token string, guardian id.Guardian, position int, participant id.Participant) error {
	return s.Tried(ctx, guardian, s.changeCheckout(ctx, token, func(tx *sqlx.Tx, c Checkout) error {
		child, err := s.Accounts.ChildOfTx(ctx, tx, guardian, participant)
		if err != nil {
			return ErrNotYourChild.With(err)
		}
		return s.chooseChildTx(ctx, tx, c, guardian, position, child)
	}))
}

// ChooseNewChild adds a child to the guardian's family and puts it on a place of the basket, both or neither.
func (s *Service) ChooseNewChild(ctx context.Context, token string, guardian id.Guardian, position int, in account.ChildInput) error {
	return s.Tried(ctx, guardian, s.changeCheckout(ctx, token, func(tx *sqlx.Tx, c Checkout) error {
		participant, err := s.Accounts.AddChildTx(ctx, tx, guardian, in)
		if err != nil {
			return err
		}
		child := account.Child{ID: participant, FirstName: in.FirstName, LastName: in.LastName, BornOn: in.BornOn}
		err = limitAt("born", s.chooseChildTx(ctx, tx, c, guardian, position, child))
		if errors.As(err, new(ErrLimitFull)) {
			return err
		}
		if barred := (errBarred{}); errors.As(err, &barred) {
			barred.told = fault.Field("first_name", "booking.contact_first", in.FirstName)
			return barred
		}
		if f := fault.Of(err); f != nil && f.Kind == fault.Invalid { // of a new child the birthday is what can be mended
			return fault.Field("born", f.Key, f.Args...)
		}
		return err
	}))
}

func (s *Service) chooseChildTx(ctx context.Context, tx *sqlx.Tx, c Checkout, guardian id.Guardian, position int, child account.Child) error {
	place, ok := c.child(position)
	if !ok || c.Guardian != guardian {
		return ErrNoCheckout
	}
	if c.Offered && child.ID != place.Participant {
		return fault.Field("child", "booking.offered_child")
	}
	found, err := s.Catalogue.RecentTx(ctx, tx, place.Departure)
	if err != nil {
		return err
	}
	d := found[place.Departure]
	if !d.Admits(child.BornOn) {
		return fault.Field("child", "booking.wrong_age", child.FirstName, strconv.Itoa(d.BirthYearFrom), strconv.Itoa(d.BirthYearTo))
	}
	if err := s.barredTx(ctx, tx, child, place.Departure, "child"); err != nil {
		return err
	}
	goes, err := participantGoes(ctx, tx, child.ID, place.Departure)
	if err != nil {
		return err
	}
	if goes {
		return fault.Field("child", "booking.goes_already", child.FirstName)
	}
	if err := setChildParticipant(ctx, tx, c.ID, position, child.ID); err != nil {
		return err
	}
	return limitAt("child", s.limitsTx(ctx, tx, c))
}

// Choices are a parent's answers about one child.
type Choices struct {
	Category      catalogue.Category
	BoardingPlace id.BoardingPlace
	Insured       *bool
	Care          *bool
	CareText      string // what care; goes to medical, sealed, and nowhere else
	PhotoConsent  string
	Extras        []extra.Pick
	Gender        string // f, m or x; "" where the departure does not ask
	Group         *bool  // that a holiday for a target group suits the child; asked where there is one, and kept nowhere
	Lang          string // in which the questions were asked
}

// Choose keeps the answers about one child. Every question must be answered; Invalid faults name the fields.
func (s *Service) Choose(ctx context.Context, token string, guardian id.Guardian, position int, in Choices) error {
	return s.changeCheckout(ctx, token, func(tx *sqlx.Tx, c Checkout) error {
		child, ok := c.child(position)
		if !ok || c.Guardian != guardian || child.Participant == 0 {
			return ErrNoCheckout
		}
		found, err := s.Catalogue.RecentTx(ctx, tx, child.Departure)
		if err != nil {
			return err
		}
		if err := s.checkChoices(found[child.Departure], in); err != nil {
			return err
		}
		if found[child.Departure].AsksGender() {
			if err := s.Accounts.SetGenderTx(ctx, tx, guardian, child.Participant, in.Gender); err != nil {
				return err
			}
		}
		child.Category, child.BoardingPlace, child.Insured = in.Category, in.BoardingPlace, in.Insured
		child.Care, child.PhotoConsent = in.Care, in.PhotoConsent
		if err := setChildChoices(ctx, tx, c.ID, child); err != nil {
			return err
		}
		if err := s.limitsTx(ctx, tx, c); err != nil {
			return err
		}
		if err := s.Extras.ChooseTx(ctx, tx, c.ID, position, child.Departure, in.Extras); err != nil {
			return err
		}
		return s.Medical.AnswerCareTx(ctx, tx, child.Participant, child.Departure, guardian, medical.CareAnswer{
			Needed: *in.Care, Text: seal.Text(in.CareText), Lang: in.Lang,
		})
	})
}

func (s *Service) checkChoices(d catalogue.Departure, in Choices) error {
	fields := map[string]string{}
	_, insurable := s.Insurance(d)
	if _, ok := d.Prices.Of(in.Category); !ok {
		fields["category"] = "booking.choose_category"
	}
	if _, ok := d.BoardingPlaceByID(in.BoardingPlace); !ok && len(d.BoardingPlaces) > 0 {
		fields["boarding_place"] = "booking.choose_boarding_place"
	}
	if in.Insured == nil && insurable {
		fields["insured"] = "booking.choose_insurance"
	}
	if in.Insured != nil && *in.Insured && !insurable {
		fields["insured"] = "booking.insurance_closed"
	}
	if d.AsksGender() && in.Gender != "f" && in.Gender != "m" && in.Gender != "x" {
		fields["gender"] = "account.choose_gender"
	}
	if d.TargetGroup != "" && in.Group == nil {
		fields["group"] = "booking.group_needed"
	} else if d.TargetGroup != "" && !*in.Group {
		fields["group"] = "booking.group_no"
	}
	if in.Care == nil {
		fields["care"] = "booking.answer_care"
	}
	if in.Care != nil && *in.Care && in.CareText == "" {
		fields["care_text"] = "booking.describe_care"
	}
	if in.PhotoConsent != "yes" && in.PhotoConsent != "group" && in.PhotoConsent != "no" {
		fields["photo_consent"] = "booking.choose_photo_consent"
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Key: "form.check_answers", Fields: fields}
}

// changeCheckout runs f on a locked basket whose hold still runs.
func (s *Service) changeCheckout(ctx context.Context, token string, f func(tx *sqlx.Tx, c Checkout) error) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		c, err := lockCheckout(ctx, tx, hashToken(token))
		switch {
		case err != nil:
			return err
		case c.Status == "placed":
			return ErrNoCheckout
		case !s.Now().Before(c.HeldUntil):
			return ErrHoldExpired
		}
		return f(tx, c)
	})
}

// expireTx ends a basket: its places are free, and what was answered about care is destroyed.
func (s *Service) expireTx(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout) error {
	answered, err := careAnswered(ctx, tx, checkout)
	if err != nil {
		return err
	}
	freed, err := releasePlaces(ctx, tx, checkout)
	if err != nil {
		return err
	}
	if err := expireCheckout(ctx, tx, checkout); err != nil {
		return err
	}
	for _, c := range answered {
		if err := s.Medical.DropTx(ctx, tx, c.Participant, c.Departure); err != nil {
			return err
		}
	}
	if s.Released != nil {
		if err := s.Released(ctx, tx, checkout); err != nil {
			return err
		}
	}
	return s.freedTx(ctx, tx, freed...)
}

func (c Checkout) child(position int) (Child, bool) {
	for _, child := range c.Children {
		if child.Position == position {
			return child, true
		}
	}
	return Child{}, false
}

func childByID(children []account.Child, participant id.Participant) (account.Child, bool) {
	for _, c := range children {
		if c.ID == participant {
			return c, true
		}
	}
	return account.Child{}, false
}
