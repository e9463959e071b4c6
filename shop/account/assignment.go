package account

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

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

var (
	// ErrNotAssigned is the answer about a camp that somebody does not belong to, or no longer: as if there were none.
	ErrNotAssigned = fault.New(fault.NotFound, "error.not_found.text")
	// ErrNotForCamps says that somebody is no animator and no lead, or works here no longer.
	ErrNotForCamps = fault.Field("staff", "account.not_for_camps")
	// ErrNotALead says that somebody is an animator, and leads no camps.
	ErrNotALead = fault.Field("lead", "account.not_a_lead")
)

// Camps reports whether somebody can have a place at a camp.
func (p Staff) Camps() bool {
	return p.Active && (slices.Contains(p.Roles, Animator) || p.Leads())
}

// Leads reports whether somebody can lead a camp.
func (p Staff) Leads() bool { return p.Active && slices.Contains(p.Roles, Lead) }

// Assign gives somebody a place at a camp, or gives it back, or changes whether they lead it. by is 0 for the program.
// Faults: ErrNotForCamps, ErrNotALead, ErrNoSuchPerson; of a camp that does not exist too.
func (s *Service) Assign(ctx context.Context, a Assignment, by id.Staff) error {
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		person, err := staffByID(ctx, tx, a.Staff)
		switch {
		case err != nil:
			return err
		case !person.Camps():
			return ErrNotForCamps
		case a.Lead && !person.Leads():
			return ErrNotALead
		}
		kind := "animator"
		if a.Lead {
			kind = "lead"
		}
		changed, err := putAssignment(ctx, tx, a)
		if err != nil || !changed {
			return err
		}
		return insertAssignmentEvent(ctx, tx, a, kind, by, s.now())
	})
	if pg.Constraint(err) == "assignment_departure_id_fkey" {
		return ErrNoSuchPerson.With(err)
	}
	return err
}

// Unassign takes the place away. From the next request on the camp is as unknown to them as any other. ErrNotAssigned.
func (s *Service) Unassign(ctx context.Context, staff id.Staff, departure id.Departure, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := removeAssignment(ctx, tx, staff, departure, s.now()); err != nil {
			return err
		}
		return insertAssignmentEvent(ctx, tx, Assignment{Staff: staff, Departure: departure}, "removed", by, s.now())
	})
}

// TeamMember is somebody at a camp.
type TeamMember struct {
	Staff   id.Staff `db:"staff_id"`
	Name    string   `db:"name"`
	Email   string   `db:"email"`
	Lead    bool     `db:"lead"`
	Invited bool     `db:"invited"` // has not set a password yet
}

// TeamOf lists who has a place at a camp, leads first.
func (s *Service) TeamOf(ctx context.Context, departure id.Departure) ([]TeamMember, error) {
	return teamOf(ctx, s.DB, departure)
}

// AssignmentEvent is a line of the history of a camp's team.
type AssignmentEvent struct {
	Name   string    `db:"name"`
	Kind   string    `db:"kind"`    // animator, lead or removed
	ByName string    `db:"by_name"` // "" for the program
	At     time.Time `db:"at"`
}

// AssignmentEvents lists who came to a camp's team and who left it, newest first.
func (s *Service) AssignmentEvents(ctx context.Context, departure id.Departure) ([]AssignmentEvent, error) {
	return assignmentEvents(ctx, s.DB, departure)
}
