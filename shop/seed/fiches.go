package seed

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"time"

	"joetz/medical"
	"joetz/terms/id"
)

// ficheAgo is how many days ago the families filled in the fiches for the camp that is on.
const ficheAgo = 30

// nothing is the fiche of a child about whom there is nothing to tell.
var nothing = url.Values{
	"contact.persons.key": {"1", "2"}, "contact.persons.1.relation": {"mother"}, "contact.persons.2.name": {"Oma Rita"}, "contact.persons.2.relation": {"grandparent"},
	"contact.persons.2.phone": {"0499 12 34 56"}, "contact.persons.2.when": {"altijd"}, "contact.gp_name": {"Dr. Hoste"}, "contact.gp_phone": {"02 555 12 12"}, "contact.fund": {"solidaris"},
	"allergy.any": {"no"}, "health.any": {"no"}, "health.recent": {"no"}, "health.tetanus": {"yes"}, "med.any": {"no"},
	"sleep.night": {"none"}, "sleep.toilet": {"no"}, "sport.swim": {"100m"}, "sport.limits": {"no"},
	"social.first": {"no"}, "social.group": {"no"}, "social.risk": {"no"},
	"consent.explicit": {"yes"}, "consent.paracetamol": {"yes"}, "consent.weight": {"34"}, "consent.firstaid": {"antiseptic", "plaster", "sting_cream", "sun_cream", "tick"},
	"consent.emergency": {"yes"}, "consent.share": {"yes"}, "consent.photo": {"yes"}, "consent.keep": {"yes"}, "consent.truth": {"yes"},
}

// fiches are what families told about a child on the camp that is on, beside nothing. Of who is not in it nobody filled in a
// fiche: the animators see that too.
var fiches = map[string]url.Values{
	"Kobe Willems": {}, "Finn Jacobs": {},
	"Stan Peeters": {"allergy.any": {"yes"}, "allergy.rows.key": {"1"}, "allergy.rows.1.kind": {"food"}, "allergy.rows.1.what": {"Pinda"}, "allergy.rows.1.severity": {"life-threatening"},
		"allergy.rows.1.reaction": {"Zijn lippen zwellen op en hij krijgt moeilijk adem, binnen vijf minuten."}, "allergy.rows.1.todo": {"Meteen de EpiPen in zijn bovenbeen. Dan 112 bellen, dan mij."},
		"allergy.pen": {"yes"}, "allergy.pen_where": {"In zijn rode heuptas. Hij kan de pen zelf zetten, maar help hem."}, "consent.other": {"Hij vraagt zelf of er noten in zitten. Neem dat ernstig."}},
	"Mil Wouters": {"food.diet": {"vegetarian"}, "food.diet_more": {"Eet wel vis."}, "sleep.night": {"sleepwalking"}, "sleep.more": {"Breng hem rustig terug naar bed, maak hem niet wakker."}},
	"Ilyas Benali": {"food.diet": {"halal"}, "health.any": {"yes"}, "health.list": {"hay_fever"}, "health.rows.key": {"hay_fever"}, "health.rows.hay_fever.often": {"bijna elke dag in het voorjaar"},
		"health.rows.hay_fever.signs": {"Rode ogen, veel niezen."}, "health.rows.hay_fever.todo": {"Handen en gezicht wassen, pilletje niet vergeten."}, "health.rows.hay_fever.call112": {"nooit nodig geweest"},
		"med.any": {"yes"}, "med.rows.key": {"1"}, "med.rows.1.name": {"Cetirizine 10 mg"}, "med.rows.1.reason": {"hooikoorts"}, "med.rows.1.dose": {"1 tablet"}, "med.rows.1.route": {"mouth"},
		"med.rows.1.when": {"breakfast"}, "med.rows.1.storage": {"room"}, "med.rows.1.who": {"supervised"}, "med.rows.1.prescription": {"no"}, "med.nursing": {"no"},
		"med.forgot": {"Geef het later op de dag."}},
	"Noor Janssens": {"health.any": {"yes"}, "health.list": {"asthma"}, "health.rows.key": {"asthma"}, "health.rows.asthma.often": {"een keer per maand"},
		"health.rows.asthma.signs": {"Ze hoest en praat in korte zinnen."}, "health.rows.asthma.todo": {"Rustig laten zitten, twee pufjes."}, "health.rows.asthma.call112": {"Als het na tien minuten niet beter is."},
		"med.any": {"yes"}, "med.rows.key": {"1"}, "med.rows.1.name": {"Ventolin 100 µg"}, "med.rows.1.reason": {"astma"}, "med.rows.1.dose": {"2 pufjes"}, "med.rows.1.route": {"inhaled"},
		"med.rows.1.when": {"evening", "needed"}, "med.rows.1.storage": {"room"}, "med.rows.1.who": {"supervised"}, "med.rows.1.prescription": {"no"}, "med.nursing": {"no"},
		"med.needed.key": {"1"}, "med.needed.1.when": {"Als ze kortademig is, of voor het sporten bij koud weer."}, "med.needed.1.max_per_day": {"4"}, "med.needed.1.hours_between": {"4"},
		"care.any": {"yes"}, "care.what": {"medical"}, "care.how": {"Haar puffer zit altijd in haar rugzak; bij koud weer twee pufjes voor het sporten."}, "care.ratio": {"checks"}, "care.call": {"yes"}},
}

// fillIn fills in and signs the fiche of a child, page by page, as its parent does.
func (t *telling) fillIn(ctx context.Context, order id.Order, f *family) error {
	o, err := t.Bookings.OrderByID(ctx, order)
	if err != nil {
		return err
	}
	r, service := medical.Reader{Guardian: o.Guardian, Role: medical.Guardian}, t.Bookings.Medical
	for _, b := range o.Bookings {
		told, ok := fiches[b.FirstName+" "+b.LastName]
		if !ok || b.Status != "placed" {
			continue
		}
		typed := maps.Clone(nothing)
		maps.Copy(typed, url.Values{"contact.persons.1.name": {f.first + " " + f.last}, "contact.persons.1.phone": {f.phone}})
		maps.Copy(typed, told)
		form, err := service.Form(ctx, r, b.ID)
		if err != nil {
			return err
		}
		for _, topic := range form.Topics {
			if topic.Done() {
				continue // care, which was asked before payment
			}
			page := medical.Page{Topic: topic.ID, Lang: "nl", Seen: topic.Revision}
			saved, err := t.Bookings.SaveFiche(ctx, r, b.ID, page, form.Version.Decode(topic.ID, typed))
			if err == nil && len(saved.Problems) > 0 {
				err = fmt.Errorf("%s %s", saved.Problems[0].Name(), saved.Problems[0].Key)
			}
			if err != nil {
				return fmt.Errorf("seed: fiche of %s: %w", b.FirstName, err)
			}
		}
		if err := service.Sign(ctx, r, b.ID, medical.Signing{Lang: "nl", SecondStep: true, Seen: medical.AnyRevision}); err != nil {
			return fmt.Errorf("seed: fiche of %s: %w", b.FirstName, err)
		}
	}
	return nil
}

// atCamp lets the lead write down what the children took on one of the days that the camp has had, each at its hour.
func (t *telling) atCamp(ctx context.Context, ago int) error {
	r, service := medical.Reader{Staff: t.lead, Role: medical.Lead}, t.Bookings.Medical
	day, first := t.today.AddDays(-ago), t.today.AddDays(-2)
	t.Clock.at(day.Start().Add(arrival)) // nobody reads at night
	if err := service.Promise(ctx, r); err != nil {
		return err
	}
	children, err := service.Day(ctx, r, t.camp, day)
	if err != nil {
		return err
	}
	for _, child := range children {
		for _, dose := range child.Doses {
			if day == first && dose.At.Before(day.Start().Add(arrival)) {
				continue // the parents gave it
			}
			t.Clock.at(dose.At.Add(10 * time.Minute))
			report := medical.Report{Kind: medical.OfMedicine, Medicine: dose.Medicine.Key, Slot: dose.Slot, Day: day, Outcome: medical.Given}
			if _, err := service.Write(ctx, r, child.Sheet.Booking, report); err != nil {
				return fmt.Errorf("seed: %s at camp: %w", dose.Slot, err)
			}
		}
	}
	return nil
}

// arrival is how long after midnight the children of the camp arrive.
const arrival = 14 * time.Hour
