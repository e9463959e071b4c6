package watch

import (
	"context"

	"joetz/medical"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Planned is a fiche that will be wiped, with whose it is.
type Planned struct {
	medical.Planned
	Name     string
	Title    string
	StartsOn civil.Date
	EndsOn   civil.Date
	Files    []string // the numbers of what holds it
}

// Plan lists what will be wiped when and why, soonest first.
func (s *Service) Plan(ctx context.Context) ([]Planned, error) {
	plan, err := s.Medical.WipePlan(ctx)
	if err != nil {
		return nil, err
	}
	holds, err := s.Medical.HoldsOpen(ctx)
	if err != nil {
		return nil, err
	}
	files := map[id.Fiche][]string{}
	for _, h := range holds {
		files[h.Fiche] = append(files[h.Fiche], h.Reference)
	}
	keys := make([]ficheKey, len(plan))
	for i, p := range plan {
		keys[i] = ficheKey{p.Participant, p.Departure}
	}
	names, err := fiches(ctx, s.DB, keys)
	out := make([]Planned, len(plan))
	for i, p := range plan {
		out[i] = planned(p, names[keys[i]])
		out[i].Files = files[p.Fiche]
	}
	return out, err
}

func planned(p medical.Planned, n ficheRow) Planned {
	return Planned{Planned: p, Name: n.FirstName + " " + n.LastName, Title: n.Title, StartsOn: n.StartsOn, EndsOn: n.EndsOn}
}

// File is what keeps one fiche, with whose it is. Faults: NotFound.
func (s *Service) File(ctx context.Context, f id.Fiche) (Planned, []medical.Hold, error) {
	file, err := s.Medical.FileOf(ctx, f)
	if err != nil {
		return Planned{}, nil, err
	}
	key := ficheKey{file.Participant, file.Departure}
	names, err := fiches(ctx, s.DB, []ficheKey{key})
	return planned(file.Planned, names[key]), file.Holds, err
}

// Review is an opening in an emergency with whose fiche it was.
type Review struct {
	medical.Override
	Child string
	Title string
	Order id.Order
}

// Review gives an opening for who looks into it. Faults: NotFound.
func (s *Service) Review(ctx context.Context, r medical.Reader, n int64) (Review, error) {
	o, err := s.Medical.OverrideForReview(ctx, r, n)
	if err != nil {
		return Review{}, err
	}
	child, _, err := childOf(ctx, s.DB, o.Booking)
	return Review{o, child.FirstName + " " + child.LastName, child.Title, child.Order}, err
}

// Reading is a line of an alert, with whose fiche it was.
type Reading struct {
	medical.Reading
	Child string // "" = a whole camp
	Title string
}

// Alert gives an alert with what the person did around then. Faults: NotFound.
func (s *Service) Alert(ctx context.Context, n int64) (medical.Alert, []Reading, error) {
	a, err := s.Medical.AlertForReview(ctx, n)
	if err != nil {
		return a, nil, err
	}
	keys, camps := make([]ficheKey, len(a.Readings)), make([]id.Departure, len(a.Readings))
	for i, r := range a.Readings {
		keys[i], camps[i] = ficheKey{r.Participant, r.Departure}, r.Departure
	}
	names, err := fiches(ctx, s.DB, keys)
	if err != nil {
		return a, nil, err
	}
	camp, err := titles(ctx, s.DB, append(camps, a.Departure))
	out := make([]Reading, len(a.Readings))
	for i, r := range a.Readings {
		child := names[keys[i]]
		out[i] = Reading{r, child.FirstName, camp[r.Departure]}
	}
	return a, out, err
}
