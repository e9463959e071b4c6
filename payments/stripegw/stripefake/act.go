package stripefake

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
)

// act is one change of state: everything that it reads, writes and tells commits together.
type act struct {
	f          *Fake
	ctx        context.Context
	tx         *sqlx.Tx
	now        time.Time
	requestID  string
	key        string
	delay      time.Duration // the webhooks of this act come that much later
	pagesURL   string
	deliveries int
}

// do runs a change of state in a transaction of its own and wakes the sender of webhooks.
func (f *Fake) do(ctx context.Context, change func(a *act) error) error {
	var told int
	err := pg.InTx(ctx, f.db, func(tx *sqlx.Tx) error {
		a := &act{f: f, ctx: ctx, tx: tx, now: f.now()}
		err := change(a)
		told = a.deliveries
		return err
	})
	if err == nil && told > 0 {
		f.nudge()
	}
	return err
}

func (f *Fake) nudge() {
	select {
	case f.wake <- struct{}{}:
	default: // the sender knows already
	}
}

// kept is an object with what the API does not show of it.
type kept[T any] struct {
	row  objectRow
	Body T
}

// load reads and locks an object; *apiError "No such ..." when there is none of that kind.
func load[T any](a *act, kind, id string) (kept[T], error) {
	row, found, err := objectByID(a.ctx, a.tx, id)
	if err != nil {
		return kept[T]{}, err
	}
	if !found || row.Kind != kind {
		return kept[T]{}, missing(kind, id)
	}
	return open[T](row)
}

func open[T any](row objectRow) (kept[T], error) {
	k := kept[T]{row: row}
	if err := json.Unmarshal([]byte(row.Body), &k.Body); err != nil {
		return k, fmt.Errorf("stripefake: %s: %w", row.ID, err)
	}
	return k, nil
}

// fresh is an object that does not exist yet; save makes it exist.
func fresh[T any](a *act, kind, id string, body T) kept[T] {
	return kept[T]{row: objectRow{ID: id, Kind: kind, Created: a.now.Unix(), Extra: "{}"}, Body: body}
}

func save[T any](a *act, k kept[T]) error {
	body, err := json.Marshal(k.Body)
	if err != nil {
		return fmt.Errorf("stripefake: %s: %w", k.row.ID, err)
	}
	k.row.Body = string(body)
	return saveObject(a.ctx, a.tx, k.row)
}

// emit makes an event about an object as it is now, and the webhooks for it.
func (a *act) emit(kind string, object any) error {
	id := newID("evt")
	e := event{
		ID: id, Object: "event", APIVersion: apiVersion, Created: a.now.Unix(), Data: map[string]any{"object": object},
		PendingWebhooks: 1, Request: map[string]any{"id": orNull(a.requestID), "idempotency_key": orNull(a.key)}, Type: kind,
	}
	if err := save(a, fresh(a, "event", id, e)); err != nil {
		return err
	}
	mode := a.f.currentMode()
	if mode.Drop {
		return nil
	}
	due := a.now.Add(a.delay + mode.Delay).Unix()
	for range max(1, mode.Copies) {
		if err := insertDelivery(a.ctx, a.tx, id, due, mode.Reverse); err != nil {
			return err
		}
		a.deliveries++
	}
	return nil
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func ptr[T any](v T) *T { return &v }
