package discount_test

import (
	"slices"
	"testing"

	"joetz/terms/discount"
	"joetz/terms/money"
)

func TestTheBestCombinationWins(t *testing.T) {
	t.Parallel()
	base := discount.Category{Name: "base", Price: 33500, Base: true}
	solidaris := discount.Category{Name: "solidaris", Price: 21500}
	vt := discount.Category{Name: "vt", Price: 10800, Single: true}
	sibling := discount.Rule{ID: 1, Percent: 500, Members: true} // 5 %
	early := discount.Rule{ID: 2, Amount: 2000, Members: true}   // 20.00
	code := discount.Rule{ID: 3, Percent: 1500, Alone: true}     // 15 %, base price only, with nothing else
	first, second := discount.Rule{ID: 4, Amount: 1000, Group: "code"}, discount.Rule{ID: 5, Amount: 1500, Group: "code"}
	for name, c := range map[string]struct {
		rules      []discount.Rule
		categories []discount.Category
		category   string
		net        money.Cents
		applied    []int64
		left       []int64
	}{
		"none":                        {nil, []discount.Category{base}, "base", 33500, nil, nil},
		"two go together":             {[]discount.Rule{sibling, early}, []discount.Category{base}, "base", 29825, []int64{1, 2}, nil},              // 16.75 + 20.00
		"one alone is better":         {[]discount.Rule{sibling, early, code}, []discount.Category{base}, "base", 28475, []int64{3}, []int64{1, 2}}, // 50.25 > 36.75
		"not on a member's price":     {[]discount.Rule{early, code}, []discount.Category{solidaris}, "solidaris", 19500, []int64{2}, nil},
		"one of a group":              {[]discount.Rule{first, second}, []discount.Category{base}, "base", 32000, []int64{5}, []int64{4}},
		"VT stands alone":             {[]discount.Rule{sibling, early}, []discount.Category{vt}, "vt", 10800, nil, []int64{1, 2}},
		"the best single price":       {[]discount.Rule{{ID: 6, Amount: 25000}}, []discount.Category{vt, base}, "base", 8500, []int64{6}, nil},
		"the claimed one at a tie":    {[]discount.Rule{{ID: 6, Amount: 22700}}, []discount.Category{vt, base}, "vt", 10800, nil, nil},
		"rounded up for the customer": {[]discount.Rule{{ID: 7, Percent: 333}}, []discount.Category{{Name: "base", Price: 9999, Base: true}}, "base", 9666, []int64{7}, nil}, // 332.97 -> 3.33
		"never below zero":            {[]discount.Rule{{ID: 8, Amount: 99999}, {ID: 9, Amount: 1}}, []discount.Category{base}, "base", 0, []int64{8}, []int64{9}},
	} {
		got := discount.Best(c.rules, c.categories...)
		var applied []int64
		var off money.Cents
		for _, a := range got.Applied {
			applied = append(applied, a.ID)
			off += a.Amount
		}
		if got.Category != c.category || got.Net != c.net || !slices.Equal(applied, c.applied) || !slices.Equal(got.Left, c.left) || got.Gross-off != got.Net {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
