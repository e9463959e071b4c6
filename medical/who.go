package medical

import (
	"context"
	"fmt"
	"strings"
	"time"

	"joetz/terms/id"
)

// Opening is one time that somebody looked, or wanted to.
type Opening struct {
	At        time.Time
	Role      string // guardian, animator, lead, office
	FirstName string // of staff; "" for guardians
	Mine      bool   // the guardian who asks
	Action    string
	Outcome   string
	Topics    []string // empty = the whole fiche
	Departure id.Departure
}

const whoReadMax = 500

// WhoRead tells a guardian who looked at a child's fiches, newest first. Fault: NotFound when the guardian may not see the
// fiche.
func (s *Service) WhoRead(ctx context.Context, g id.Guardian, p id.Participant) ([]Opening, error) {
	sees, err := guardianSees(ctx, s.DB, g, p)
	if err != nil {
		return nil, fmt.Errorf("who read the fiche: %w", err)
	}
	if !sees {
		return nil, ErrNotFound
	}
	rows, err := openingsOf(ctx, s.DB, p, whoReadMax)
	if err != nil {
		return nil, fmt.Errorf("who read the fiche: %w", err)
	}
	out := make([]Opening, len(rows))
	for i, r := range rows {
		first, _, _ := strings.Cut(r.Name, " ")
		out[i] = Opening{At: r.At, Role: r.Role, FirstName: first, Mine: r.Actor == g.Actor(), Action: r.Action,
			Outcome: r.Outcome, Topics: r.TopicList, Departure: r.Departure}
	}
	return out, nil
}
