package dossier

import (
	"context"
	"fmt"
	"strings"
	"time"

	"joetz/shop/worklist"
	"joetz/terms/id"
)

type bouncedRow struct {
	Guardian  id.Guardian `db:"guardian_id"`
	FirstName string      `db:"first_name"`
	LastName  string      `db:"last_name"`
	Email     string      `db:"email"`
	At        time.Time   `db:"at"`
	Total     int         `db:"total"`
}

// Bounced finds the families that no mail reaches: a source of the worklist. The next step is the telephone number.
func (s *Service) Bounced(ctx context.Context, limit int) (found worklist.Found, err error) {
	rows, err := bounced(ctx, s.DB, limit)
	for _, r := range rows {
		found.Total = r.Total
		name := strings.TrimSpace(r.FirstName + " " + r.LastName)
		if name == "" {
			name = r.Email
		}
		found.Items = append(found.Items, worklist.Item{Kind: worklist.Bounce, Key: fmt.Sprintf("guardian:%d", r.Guardian), Subject: name, Args: []any{r.Email},
			Since: r.At, Path: fmt.Sprintf("/kantoor/gezin/%d", r.Guardian)})
	}
	return found, err
}

// Bounce says why no mail reaches a family; "" when it does.
func (s *Service) Bounce(ctx context.Context, guardian id.Guardian) (string, error) {
	return bounceOf(ctx, s.DB, guardian)
}
