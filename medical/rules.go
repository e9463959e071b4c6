package medical

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Setting is one number that the organiser decides, while the shop is open.
type Setting struct {
	Name     string
	Value    int
	Least    int
	Most     int
	Standard int // of the program
}

// adjustable names the settings that may be changed, and within what. A fiche stays for a month at least, since a family may
// complain that long; it is not kept longer than the parents were told when they signed.
var adjustable = []struct {
	name        string
	least, most int
	at          func(*Settings) *int
}{
	{"wipe_after", 31, 60, func(s *Settings) *int { return &s.WipeAfter }},
	{"keep_months", 0, 12, func(s *Settings) *int { return &s.KeepMonths }},
	{"override_minutes", 10, 240, func(s *Settings) *int { return &s.OverrideMinutes }},
	{"many", 5, 500, func(s *Settings) *int { return &s.Unusual.Many }},
	{"many_minutes", 1, 120, func(s *Settings) *int { return &s.Unusual.ManyMinutes }},
	{"night", 0, 100, func(s *Settings) *int { return &s.Unusual.Night }},
	{"night_from", 20, 23, func(s *Settings) *int { return &s.Unusual.NightFrom }},
	{"night_to", 4, 9, func(s *Settings) *int { return &s.Unusual.NightTo }},
	{"outside", 0, 500, func(s *Settings) *int { return &s.Unusual.Outside }},
	{"refused", 0, 100, func(s *Settings) *int { return &s.Unusual.Refused }},
	{"prints", 0, 20, func(s *Settings) *int { return &s.Unusual.Prints }},
}

// rules are the settings as the organiser set them. A number that is out of its bounds does not count.
func (s *Service) rules(ctx context.Context, q sqlx.QueryerContext) (Settings, error) {
	out := s.Settings
	set, err := settingsNow(ctx, q)
	if err != nil {
		return out, fmt.Errorf("settings of fiches: %w", err)
	}
	for _, a := range adjustable {
		if v, ok := set[a.name]; ok && v >= a.least && v <= a.most {
			*a.at(&out) = v
		}
	}
	return out, nil
}

// Rules are the settings as the organiser set them.
func (s *Service) Rules(ctx context.Context) (Settings, error) { return s.rules(ctx, s.DB) }

// Adjustable lists what the organiser decides, as it is now.
func (s *Service) Adjustable(ctx context.Context) ([]Setting, error) {
	now, err := s.Rules(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Setting, len(adjustable))
	for i, a := range adjustable {
		standard := s.Settings
		out[i] = Setting{Name: a.name, Value: *a.at(&now), Least: a.least, Most: a.most, Standard: *a.at(&standard)}
	}
	return out, nil
}

// SetRules changes settings, and keeps who did. What is as it was leaves no trace. Faults: Invalid on a name whose number
// is out of its bounds.
func (s *Service) SetRules(ctx context.Context, by id.Staff, values map[string]int) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		now, err := s.rules(ctx, tx)
		if err != nil {
			return err
		}
		for _, a := range adjustable {
			v, given := values[a.name]
			switch {
			case !given || v == *a.at(&now):
				continue
			case v < a.least || v > a.most:
				return fault.Field(a.name, "medical.setting_bounds", a.least, a.most)
			}
			if err := insertSetting(ctx, tx, a.name, v, by, s.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// SettingChange is one change, newest first.
type SettingChange struct {
	Name  string
	Value int
	At    time.Time
	By    string
}

// SettingChanges lists the newest changes.
func (s *Service) SettingChanges(ctx context.Context) ([]SettingChange, error) {
	rows, err := settingChanges(ctx, s.DB, 30)
	out := make([]SettingChange, len(rows))
	for i, r := range rows {
		out[i] = SettingChange(r)
	}
	return out, err
}
