package medical

import (
	"context"

	"joetz/medical/questionnaire"
	"joetz/terms/id"
)

// kitchenTopics hold what a cook may know.
var kitchenTopics = []string{"allergy", "food", "incl"}

// Kitchen gives what the kitchen of a camp may know of every child: diet, food allergies, how food has to be made. The
// reader is an animator or lead of the camp, who gives the list to the cook; nothing else of a fiche is in it. Faults: as
// Camp.
func (s *Service) Kitchen(ctx context.Context, r Reader, d id.Departure) ([]Sheet, error) {
	c, err := s.readCamp(ctx, r, d, actionKitchen, kitchenTopics, everyTopic)
	if err != nil {
		return nil, err
	}
	out := make([]Sheet, len(c.subjects))
	for i, subject := range c.subjects {
		out[i] = s.assemble(grant{audience: questionnaire.Kitchen}, subject, kitchenTopics, c.byChild[subject.Participant])
	}
	return out, nil
}

// Print gives every child of a camp for paper, to its lead only, and the number of this print. Each one is logged: paper
// that lies about can be told from paper that was destroyed. Faults: as Camp.
func (s *Service) Print(ctx context.Context, r Reader, d id.Departure) (children []ChildDay, number int, err error) {
	if r.Role != Lead {
		r.Role = Lead // who does not lead it is refused, and that is logged
	}
	if children, err = s.days(ctx, r, d, s.today(), actionPrint, nil); err != nil {
		return nil, 0, err
	}
	if number, err = countPrints(ctx, s.DB, d); err != nil {
		return nil, 0, ErrUnavailable.With(err)
	}
	return children, number, nil
}
