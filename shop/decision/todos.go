package decision

import (
	"context"

	"joetz/shop/family"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Todos is a family's Source: decisions that wait for its answer, and those after which it may still leave for free.
func (s *Service) Todos(ctx context.Context, v family.View) (todos []family.Todo, err error) {
	var keys []id.Booking
	for _, o := range v.Orders {
		for _, b := range o.Bookings {
			if !o.Shared && b.Active() && v.Today.Before(b.DepartsOn) {
				keys = append(keys, b.ID)
			}
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	links, err := s.Links(ctx, keys...)
	if err != nil {
		return nil, err
	}
	for _, b := range v.Coming() {
		l, ok := links[b.ID]
		if !ok || !l.Choose && !l.MayLeave {
			continue
		}
		todo := family.Todo{Kind: "decision", Key: "decide.family.todo_leave", Args: []any{b.FirstName}, Holiday: b.Title, Due: l.Until, Path: l.Path, Booking: b.ID}
		if l.Choose {
			d, err := s.byID(ctx, l.Decision)
			if err != nil {
				return nil, err
			}
			todo.Key, todo.Due = "decide.family.todo_choose", civil.Of(*d.Until).AddDays(-1)
		}
		todos = append(todos, todo)
	}
	return todos, nil
}
