package stripefake

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/jmoiron/sqlx"
)

// list answers one page of a kind, newest first.
func (c *call) list(kind string) answer {
	return c.look(func(tx *sqlx.Tx) (any, error) {
		f, e := c.filter(kind)
		if e != nil {
			return nil, e
		}
		rows, err := objects(c.r.Context(), tx, f)
		if err != nil {
			return nil, err
		}
		more := len(rows) > f.Limit
		if more {
			rows = rows[:f.Limit]
		}
		data := make([]json.RawMessage, len(rows))
		for i, row := range rows {
			at := i
			if f.Before != "" { // read backwards, answered newest first
				at = len(rows) - 1 - i
			}
			data[at] = json.RawMessage(row.Body)
		}
		return map[string]any{"object": "list", "url": c.r.URL.Path, "has_more": more, "data": data}, nil
	})
}

func (c *call) filter(kind string) (filter, *apiError) {
	p := c.form
	f := filter{Kind: kind, Limit: 10, After: or(p.text("starting_after")), Before: or(p.text("ending_before"))}
	switch kind {
	case "checkout.session", "charge":
		f.PaymentIntent = or(p.text("payment_intent"))
	case "refund", "dispute":
		f.PaymentIntent, f.Charge = or(p.text("payment_intent")), or(p.text("charge"))
	case "balance_transaction":
		f.Payout, f.Source = or(p.text("payout")), or(p.text("source"))
		f.Types = single(p.text("type"))
	case "event":
		f.Types = append(single(p.text("type")), p.list("types")...)
		f.Delivered = or(p.text("delivery_success"))
	}
	if n, given := p.number("limit"); given {
		if n < 1 || n > 100 {
			p.fail(invalid("parameter_invalid_integer", "limit", "Limits are 1 to 100."))
		}
		f.Limit = int(n)
	}
	f.From, f.To = created(p)
	return f, p.check()
}

func created(p *form) (from, to int64) {
	if at, given := p.number("created"); given {
		return at, at
	}
	from, _ = p.number("created[gte]")
	if n, given := p.number("created[gt]"); given {
		from = max(from, n+1)
	}
	to, _ = p.number("created[lte]")
	if n, given := p.number("created[lt]"); given && (to == 0 || n-1 < to) {
		to = n - 1
	}
	return from, to
}

func or(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func single(s *string) []string {
	if s == nil {
		return []string{}
	}
	return []string{*s}
}

// expand replaces ids along a path such as data.payment_intent.latest_charge by the objects that they name.
func expand(ctx context.Context, q sqlx.QueryerContext, tree map[string]any, path string) error {
	if strings.Count(strings.TrimPrefix(path, "data."), ".") > 3 {
		return invalid("", "expand", "You cannot expand more than 4 levels of a property.")
	}
	name, rest, deeper := strings.Cut(path, ".")
	child, known := tree[name]
	if !known {
		return invalid("", "expand[0]", "This property cannot be expanded ("+path+").")
	}
	if id, ok := child.(string); ok {
		object, err := bodyByID(ctx, q, id)
		if err != nil {
			return err
		}
		tree[name], child = object, object
	}
	if !deeper {
		return nil
	}
	switch child := child.(type) {
	case map[string]any:
		return expand(ctx, q, child, rest)
	case []any:
		for _, item := range child {
			if object, ok := item.(map[string]any); ok {
				if err := expand(ctx, q, object, rest); err != nil {
					return err
				}
			}
		}
	}
	return nil // null: there is nothing to expand yet
}
