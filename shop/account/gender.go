package account

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/fault"
	"joetz/terms/id"
)

// SetGenderTx keeps the answer for a child of that guardian: f, m or x. It is asked only where a departure has places by
// gender. Somebody else's child is ErrNoSuchPerson; another answer is an Invalid fault on the field "gender".
func (s *Service) SetGenderTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, child id.Participant, gender string) error {
	if gender != "f" && gender != "m" && gender != "x" {
		return fault.Field("gender", "account.choose_gender")
	}
	return setGender(ctx, tx, guardian, child, gender)
}
