package account

import (
	"context"

	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Assignment is the place of somebody at a camp.
type Assignment struct {
	Staff     id.Staff
	Departure id.Departure
	Lead      bool
}

// ErrNotAssigned is the answer about a camp that somebody does not belong to, or no longer: as if there were none.
var ErrNotAssigned = fault.New(fault.NotFound, "error.not_found.text")

// Assign gives somebody a place at a camp, or gives it back, or changes whether they lead it.
func (s *Service) Assign(ctx context.Context, a Assignment) error {
	err := putAssignment(ctx, s.DB, a)
	switch pg.Constraint(err) {
	case "assignment_staff_id_fkey", "assignment_departure_id_fkey":
		return ErrNoSuchPerson.With(err)
	}
	return err
}

// Unassign takes the place away. From the next request on the camp is as unknown to them as any other.
func (s *Service) Unassign(ctx context.Context, staff id.Staff, departure id.Departure) error {
	return removeAssignment(ctx, s.DB, staff, departure, s.now())
}

// TeamOf lists who has a place at a camp, leads first.
func (s *Service) TeamOf(ctx context.Context, departure id.Departure) ([]TeamMember, error) {
	return teamOf(ctx, s.DB, departure)
}

// TeamMember is somebody at a camp.
type TeamMember struct {
	Staff id.Staff
	Name  string
	Lead  bool
}
