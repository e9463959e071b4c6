package catalogue

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/queue"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Missing is something that a departure still needs (Blocks), or that parents would miss.
type Missing struct {
	Code   string // no_price, no_places, ...; the end of a message key
	Blocks bool
}

// Checklist is what is missing before a departure can be published, what blocks first; nil when it is ready.
func (s *Service) Checklist(o Offer, d Date) []Missing {
	now := s.Now()
	today := civil.Of(now)
	var blocks, misses []Missing
	block := func(yes bool, code string) {
		if yes {
			blocks = append(blocks, Missing{code, true})
		}
	}
	miss := func(yes bool, code string) {
		if yes {
			misses = append(misses, Missing{code, false})
		}
	}
	price, priced := d.Price(now)
	block(!priced, "no_price")
	block(d.Capacity == 0, "no_places")
	block(o.Trip == "foreign_coach" && len(d.Boarding) == 0, "no_boarding")
	block(!d.StartsOn.After(today), "past")
	block(!d.OnSaleAt.Before(d.StartsOn.Start()), "sale_after_start")
	if priced {
		miss(price.Solidaris == nil && price.VT == nil, "one_price")
		miss(s.depositTooHigh(o, d, price, today), "deposit")
	}
	miss(o.Photos == 0, "no_photo")
	miss(len(o.Included) == 0, "no_included")
	miss(len([]rune(o.Description)) < 60, "short")
	miss(o.TargetGroup != "" && !o.Inclusive, "group_without_questions")
	return append(blocks, misses...)
}

// depositTooHigh reports whether some child would have to pay everything as deposit.
func (s *Service) depositTooHigh(o Offer, d Date, p Price, today civil.Date) bool {
	trip, err := terms.ParseTrip(o.Trip)
	if err != nil || s.Terms == nil {
		return false
	}
	for _, c := range p.Categories() {
		price, _ := p.Of(c)
		q := s.Terms.Quote(terms.QuoteFacts{Trip: trip, BookedOn: today, DepartsOn: d.StartsOn, BasePrice: p.Base, Price: price, Instalments: 1})
		if price > 0 && !q.FullPayment && q.Deposit >= price {
			return true
		}
	}
	return false
}

// Ready reports whether nothing blocks.
func Ready(list []Missing) bool { return len(list) == 0 || !list[0].Blocks }

// PublishArgs is the job that publishes every draft whose moment has come.
type PublishArgs struct{}

// Kind names the job.
func (PublishArgs) Kind() string { return "catalogue.publish" }

// Publish shows departures to everybody, now (a moment that is past or zero) or at that moment: all of them or none.
func (s *Service) Publish(ctx context.Context, by string, departures []id.Departure, at time.Time) error {
	keys, err := s.holidaysOf(ctx, departures)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		for _, key := range keys { // by holiday, so that two colleagues lock in one order
			o, d, err := s.lockDepartureTx(ctx, tx, key.Holiday, key.ID)
			if err != nil {
				return err
			}
			if err := s.publishOneTx(ctx, tx, by, o, d, at); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) publishOneTx(ctx context.Context, tx *sqlx.Tx, by string, o Offer, d Date, at time.Time) error {
	switch {
	case d.Status == "cancelled":
		return ErrChanged
	case d.Status == "published":
		return nil // a colleague did it
	case !Ready(s.Checklist(o, d)):
		return ErrIncomplete
	case !at.After(s.Now()):
		return s.publishTx(ctx, tx, by, o, d)
	case !at.Before(d.StartsOn.Start()):
		return fault.Field("publish_at", "catalogue.publish_after_start")
	}
	return s.scheduleTx(ctx, tx, by, o, d, at)
}

func (s *Service) scheduleTx(ctx context.Context, tx *sqlx.Tx, by string, o Offer, d Date, at time.Time) error {
	if err := setPublishAt(ctx, tx, d.ID, &at); err != nil {
		return err
	}
	if err := queue.InsertTx(ctx, tx, PublishArgs{}, queue.At(at)); err != nil {
		return err
	}
	change := Change{Field: "publish_at", To: Instant(at)}
	if d.PublishAt != nil {
		change.From = Instant(*d.PublishAt)
	}
	return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: o.ID, Departure: d.ID, Kind: "scheduled", Changes: []Change{change}, Actor: by})
}

func (s *Service) publishTx(ctx context.Context, tx *sqlx.Tx, by string, o Offer, d Date) error {
	if err := setPublished(ctx, tx, d.ID, s.Now()); err != nil {
		return err
	}
	return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: o.ID, Departure: d.ID, Kind: "published", Actor: by})
}

// Withdraw takes a departure off the public pages again, or its planned publication back. With bookings it stays: then
// it is cancelled, with every family told.
func (s *Service) Withdraw(ctx context.Context, by string, holiday id.Holiday, departure id.Departure, why string) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		o, d, err := s.lockDepartureTx(ctx, tx, holiday, departure)
		switch {
		case err != nil:
			return err
		case d.Status == "cancelled" || d.Status == "draft" && d.PublishAt == nil:
			return ErrChanged
		case d.Sold > 0 || d.Held > 0: // who cancelled does not come, and keeps their booking's page
			return ErrBooked
		}
		kind := "withdrawn"
		if d.Status == "draft" {
			kind = "unscheduled"
		}
		if err := setDraft(ctx, tx, departure, s.Now()); err != nil {
			return err
		}
		return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: holiday, Departure: departure, Kind: kind, Why: why, Actor: by})
	})
}

// PublishDue publishes the drafts whose moment has come. What misses something by then stays a draft, and its history
// says so; the office sees it among its drafts. It may run twice.
func (s *Service) PublishDue(ctx context.Context) error {
	due, err := s.duePublications(ctx)
	if err != nil {
		return err
	}
	for _, key := range due {
		err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
			o, d, err := s.lockDepartureTx(ctx, tx, key.Holiday, key.ID)
			if err != nil {
				return err
			}
			if d.Status != "draft" || d.PublishAt == nil || d.PublishAt.After(s.Now()) {
				return nil // another process was faster, or somebody changed their mind
			}
			if !Ready(s.Checklist(o, d)) {
				if err := setPublishAt(ctx, tx, d.ID, nil); err != nil {
					return err
				}
				return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: o.ID, Departure: d.ID, Kind: "publish_failed", Actor: "system"})
			}
			return s.publishTx(ctx, tx, "system", o, d)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Rounded is a price changed by a percentage, rounded to whole euros.
func Rounded(c money.Cents, percent money.MilliPercent) money.Cents {
	changed := c + c.Percent(percent, money.HalfUp)
	return (changed + 50) / 100 * 100
}
