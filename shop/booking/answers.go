package booking

import (
	"cmp"
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/seal"
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

// answering is what a family answers about one child.
type answering struct {
	changing
	position int
	in       Choices
	child    Child // with the answers
}

// Choose keeps the answers about one child. Every question must be answered; Invalid faults name the fields.
func (s *Service) Choose(ctx context.Context, token string, guardian id.Guardian, position int, in Choices) error {
	_, err := s.ChooseNext(ctx, token, guardian, position, in)
	return err
}

// ChooseNext is Choose; more tells that the basket has a place after this one.
func (s *Service) ChooseNext(ctx context.Context, token string, guardian id.Guardian, position int, in Choices) (more bool, err error) {
	a := &answering{changing: newChange(token, guardian), position: position, in: in}
	err = s.crowd().answering.InTx(ctx, s.DB, a, s.answerTx)
	return err == nil && position < len(a.basket.Children), err
}

// answerTx keeps the answers of each, or notes why not.
func (s *Service) answerTx(ctx context.Context, tx *sqlx.Tx, all []*answering) error {
	open, err := openTx(ctx, tx, all, s.Now())
	if err != nil {
		return err
	}
	wanted := departuresOf(basketsOf(open))
	departures, err := s.Catalogue.RecentTx(ctx, tx, wanted...)
	if err != nil {
		return err
	}
	if open = each(open, func(a *answering) error { return s.answered(a, departures) }); len(open) == 0 {
		return nil
	}
	slices.SortFunc(open, func(a, b *answering) int { return cmp.Compare(a.child.Participant, b.child.Participant) }) // the lock order
	for _, a := range open {
		if departures[a.child.Departure].AsksGender() {
			if err := s.Accounts.SetGenderTx(ctx, tx, a.guardian, a.child.Participant, a.in.Gender); err != nil {
				return err
			}
		}
	}
	if err := setChildChoices(ctx, tx, open); err != nil {
		return err
	}
	limited, err := lockLimits(ctx, tx, wanted...)
	if err != nil {
		return err
	}
	if err := none(open, func(a *answering) error { return s.withinTx(ctx, tx, a.basket, limited) }); err != nil {
		return err
	}
	lines, care := make([]extra.Line, len(open)), make([]medical.CareFor, len(open))
	for i, a := range open {
		lines[i] = extra.Line{Checkout: a.basket.ID, Position: a.position, Departure: a.child.Departure, Picks: a.in.Extras}
		care[i] = medical.CareFor{Participant: a.child.Participant, Departure: a.child.Departure, By: a.guardian,
			CareAnswer: medical.CareAnswer{Needed: *a.in.Care, Text: seal.Text(a.in.CareText), Lang: a.in.Lang}}
	}
	if err := s.Extras.ChooseTx(ctx, tx, lines...); err != nil {
		return err
	}
	return s.Medical.AnswerCareTx(ctx, tx, care...)
}

// answered puts the answers on the child's line, when they are whole.
func (s *Service) answered(a *answering, departures map[id.Departure]catalogue.Departure) error {
	child, ok := a.basket.child(a.position)
	if !ok || child.Participant == 0 {
		return ErrNoCheckout
	}
	if err := s.checkChoices(departures[child.Departure], a.in); err != nil {
		return err
	}
	child.Category, child.BoardingPlace, child.Insured = a.in.Category, a.in.BoardingPlace, a.in.Insured
	child.Care, child.PhotoConsent = a.in.Care, a.in.PhotoConsent
	a.child = child
	return nil
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
	if !slices.Contains(PhotoChoices, in.PhotoConsent) {
		fields["photo_consent"] = "booking.choose_photo_consent"
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Key: "form.check_answers", Fields: fields}
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
