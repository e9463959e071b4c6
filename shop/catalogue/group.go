package catalogue

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// The reasons why a target group stays as it is.
var (
	ErrNoGroup   error = fault.New(fault.NotFound, "catalogue.no_group")
	ErrGroupUsed error = fault.New(fault.Conflict, "catalogue.group_used")
	ErrGroupLess error = fault.Field("questions", "catalogue.group_less")
)

// Group is whom a holiday is for, with the extra questions that the fiche asks of its children.
type Group struct {
	ID        id.TargetGroup `db:"id"`
	Version   int            `db:"version"`
	Name      string         `db:"name"`     // as parents read it: "kinderen met een fysieke beperking"
	Questions []string       `db:"-"`        // ids of the questionnaire; nil = all extra questions
	Holidays  int            `db:"holidays"` // of all years
	OnSale    int            `db:"on_sale"`  // departures online whose children are not home yet
}

// Asks reports whether the group has that extra question.
func (g Group) Asks(question string) bool {
	return g.Questions == nil || slices.Contains(g.Questions, question)
}

// GroupEvent is a line of a group's history.
type GroupEvent struct {
	Changes []Change
	Who     string
	At      time.Time
}

// Groups lists the target groups by name.
func (s *Service) Groups(ctx context.Context) ([]Group, error) {
	return groups(ctx, s.DB, civil.Of(s.Now()), 0)
}

// GroupByID reads one; ErrNoGroup when there is none.
func (s *Service) GroupByID(ctx context.Context, group id.TargetGroup) (Group, error) {
	return s.group(ctx, s.DB, group)
}

func (s *Service) group(ctx context.Context, q sqlx.QueryerContext, group id.TargetGroup) (Group, error) {
	all, err := groups(ctx, q, civil.Of(s.Now()), group)
	if err == nil && len(all) == 0 {
		err = ErrNoGroup
	}
	if err != nil {
		return Group{}, err
	}
	return all[0], nil
}

// GroupQuestions are the extra questions of the group of that name: nil = all of them, also where there is no such group.
func (s *Service) GroupQuestions(ctx context.Context, name string) ([]string, error) {
	return groupQuestions(ctx, s.DB, name)
}

// GroupEvents is a group's history, newest first.
func (s *Service) GroupEvents(ctx context.Context, group id.TargetGroup) ([]GroupEvent, error) {
	return groupEvents(ctx, s.DB, group)
}

// AddGroup makes a target group. questions are ids of the questionnaire; the caller knows them. Invalid faults name name.
func (s *Service) AddGroup(ctx context.Context, by, name string, questions []string) (group id.TargetGroup, err error) {
	if name, err = groupName(name); err != nil {
		return 0, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) {
		if group, err = insertGroup(ctx, tx, name, questions, s.Now()); err != nil {
			return err
		}
		return insertGroupEvent(ctx, tx, group, groupChanges(Group{Questions: []string{}}, name, questions), by, s.Now())
	})
	return group, namedGroup(err)
}

// SaveGroup changes a group; its name changes on all its holidays. version is the one that the form was filled from:
// ErrChanged when somebody saved since. While a holiday of the group is online, questions can be added but not taken out
// (ErrGroupLess): parents answered them, and animators rely on what they answered.
func (s *Service) SaveGroup(ctx context.Context, by string, group id.TargetGroup, version int, name string, questions []string, all []string) (err error) {
	if name, err = groupName(name); err != nil {
		return err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockGroup(ctx, tx, group); err != nil {
			return err
		}
		g, err := s.group(ctx, tx, group)
		if err != nil {
			return err
		}
		if g.Version != version {
			return ErrChanged
		}
		if g.Questions == nil {
			g.Questions = all
		}
		less := slices.ContainsFunc(g.Questions, func(q string) bool { return !slices.Contains(questions, q) })
		if less && g.OnSale > 0 {
			return ErrGroupLess
		}
		changes := groupChanges(g, name, questions)
		if len(changes) == 0 {
			return nil
		}
		if err := updateGroup(ctx, tx, group, name, questions); err != nil {
			return err
		}
		return insertGroupEvent(ctx, tx, group, changes, by, s.Now())
	})
	return namedGroup(err)
}

// DeleteGroup removes a group that no holiday has; ErrGroupUsed else.
func (s *Service) DeleteGroup(ctx context.Context, by string, group id.TargetGroup) error {
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		g, err := s.group(ctx, tx, group)
		if err != nil {
			return err
		}
		if err := deleteGroup(ctx, tx, group); err != nil {
			return err
		}
		return insertGroupEvent(ctx, tx, group, []Change{{Field: "name", From: g.Name}}, by, s.Now())
	})
	if pg.Constraint(err) == "holiday_target_group_fkey" {
		return ErrGroupUsed
	}
	return err
}

func groupName(name string) (string, error) {
	switch name = strings.TrimSpace(name); {
	case name == "":
		return "", fault.Field("name", "form.required")
	case len([]rune(name)) > longestLine:
		return "", fault.Field("name", "catalogue.line_long")
	}
	return name, nil
}

func namedGroup(err error) error {
	if pg.Constraint(err) == "target_group_once" {
		return fault.Field("name", "catalogue.group_taken")
	}
	return err
}

func groupChanges(from Group, name string, questions []string) (changes []Change) {
	if from.Name != name {
		changes = append(changes, Change{Field: "name", From: from.Name, To: name})
	}
	was, is := strings.Join(from.Questions, " "), strings.Join(questions, " ")
	if was != is {
		changes = append(changes, Change{Field: "questions", From: was, To: is})
	}
	return changes
}
