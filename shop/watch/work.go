package watch

import (
	"context"
	"fmt"

	"joetz/medical"
	"joetz/shop/worklist"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// ReviewPath is where the office looks into an opening in an emergency.
func ReviewPath(override int64) string { return fmt.Sprintf("/kantoor/nood/%d", override) }

// AlertPath is where the office looks into an alert.
func AlertPath(alert int64) string { return fmt.Sprintf("/kantoor/fiches/melding/%d", alert) }

// FilePath is where the office sees what keeps a fiche.
func FilePath(fiche id.Fiche) string { return fmt.Sprintf("/kantoor/fiches/%d", fiche) }

func whoPath(b id.Booking) string { return fmt.Sprintf("/mijn/fiche/%d/wie-keek", b) }

// Emergencies finds the openings that nobody looked into yet: a source of the worklist.
func (s *Service) Emergencies(ctx context.Context, limit int) (found worklist.Found, err error) {
	all, total, err := s.Medical.OverridesToReview(ctx, limit)
	if err != nil {
		return found, err
	}
	bookings := make([]id.Booking, len(all))
	for i, o := range all {
		bookings[i] = o.Booking
	}
	children, err := childrenOf(ctx, s.DB, bookings)
	found.Total = total
	for _, o := range all {
		child := children[o.Booking]
		found.Items = append(found.Items, worklist.Item{Kind: worklist.Emergency, Key: fmt.Sprintf("override:%d", o.ID), Subject: o.ByName, Detail: child.Title,
			Args: []any{child.FirstName + " " + child.LastName, o.OpenedAt}, Departure: o.Departure, Since: o.OpenedAt,
			Due: civil.Of(o.OpenedAt).AddDays(ReviewDays), Path: ReviewPath(o.ID)})
	}
	return found, err
}

// Alerts finds the alerts about reading that nobody looked into yet: a source of the worklist. A broken log is for today.
func (s *Service) Alerts(ctx context.Context, limit int) (found worklist.Found, err error) {
	all, total, err := s.Medical.AlertsOpen(ctx, limit)
	if err != nil {
		return found, err
	}
	camps := make([]id.Departure, len(all))
	for i, a := range all {
		camps[i] = a.Departure
	}
	names, err := titles(ctx, s.DB, camps)
	found.Total = total
	for _, a := range all {
		item := worklist.Item{Kind: worklist.Reading, Key: fmt.Sprintf("alert:%d", a.ID), Subject: a.StaffName, Detail: names[a.Departure],
			Args: []any{a.Figure}, Departure: a.Departure, Since: a.At, Due: civil.Of(a.At).AddDays(ReviewDays), Path: AlertPath(a.ID)}
		item.Note = "worklist.note.reading_" + a.Kind
		if a.Kind == medical.AlertChain {
			item.Due = civil.Of(a.At)
		}
		if item.Subject == "" { // a camp, or the log itself
			item.Subject, item.Detail = item.Detail, ""
		}
		found.Items = append(found.Items, item)
	}
	return found, err
}

// Files finds the fiches that only an open file keeps from being wiped: a source of the worklist that asks whether it is
// still needed.
func (s *Service) Files(ctx context.Context, limit int) (found worklist.Found, err error) {
	plan, err := s.Plan(ctx)
	if err != nil {
		return found, err
	}
	today := civil.Of(s.Now())
	for _, p := range plan {
		if !p.Held || p.On.After(today) {
			continue
		}
		found.Total++
		if len(found.Items) < limit {
			found.Items = append(found.Items, worklist.Item{Kind: worklist.File, Key: fmt.Sprintf("fiche:%d", p.Fiche), Subject: p.Name, Detail: p.Title,
				Args: []any{p.On}, Departure: p.Departure, Since: p.On.Start(), Due: p.On.AddDays(30), Path: FilePath(p.Fiche)})
		}
	}
	return found, nil
}
