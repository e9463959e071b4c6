package circular

import (
	"context"
	"fmt"

	"joetz/shop/worklist"
	"joetz/terms/civil"
)

// InfoMissing finds the departures that leave soon with children and without a letter that is ready: a source of the worklist.
func (s *Service) InfoMissing(settings InfoSettings) worklist.Source {
	return func(ctx context.Context, limit int) (found worklist.Found, err error) {
		today := civil.Of(s.Now())
		rows, err := infoMissing(ctx, s.DB, today, today.AddDays(settings.Warn), limit)
		for _, r := range rows {
			found.Total = r.Total
			item := worklist.Item{Kind: worklist.Letter, Key: fmt.Sprintf("departure:%d", r.Departure), Subject: r.Title, Args: []any{r.StartsOn, r.Going}, Departure: r.Departure,
				Since: r.StartsOn.AddDays(-settings.Warn).Start(), Due: r.StartsOn.AddDays(-settings.Days), Path: InfoPath(r.Departure)}
			if r.Draft {
				item.Note = "worklist.note.info_draft"
			}
			found.Items = append(found.Items, item)
		}
		return found, err
	}
}
