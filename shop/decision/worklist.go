package decision

import (
	"context"
	"fmt"

	"joetz/shop/worklist"
	"joetz/terms/civil"
)

// OfficePath is the office's page of a decision.
func OfficePath(decision int64) string { return fmt.Sprintf("/kantoor/besluiten/%d", decision) }

// Unanswered finds decisions with families who did not choose yet: a source of the worklist.
func (s *Service) Unanswered(ctx context.Context, limit int) (found worklist.Found, err error) {
	rows, err := openDecisions(ctx, s.DB, Asked, limit)
	for _, r := range rows {
		found.Total = r.Total
		found.Items = append(found.Items, worklist.Item{
			Kind: worklist.Choice, Key: fmt.Sprintf("decision:%d", r.ID), Subject: r.Title, Day: r.StartsOn,
			Args: []any{r.Count, civil.Of(*r.Until)}, Departure: r.Departure, Since: r.At, Due: civil.Of(*r.Until), Path: OfficePath(r.ID),
		})
	}
	return found, err
}

// Stuck finds decisions that could not be carried out for some families: a source of the worklist.
func (s *Service) Stuck(ctx context.Context, limit int) (found worklist.Found, err error) {
	rows, err := openDecisions(ctx, s.DB, Failed, limit)
	for _, r := range rows {
		found.Total = r.Total
		found.Items = append(found.Items, worklist.Item{
			Kind: worklist.Stuck, Key: fmt.Sprintf("decision:%d", r.ID), Subject: r.Title, Day: r.StartsOn,
			Args: []any{r.Count}, Departure: r.Departure, Since: r.At, Path: OfficePath(r.ID),
		})
	}
	return found, err
}
