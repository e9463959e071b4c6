package qualitylabel_test

import (
	"errors"
	"testing"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
	"joetz/terms/qualitylabel"
)

// The notes' own cases: 1000 pays the second row, 2000 the third.
func TestCost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		participants int
		year         qualitylabel.Year
		total        money.Cents
	}{
		{0, qualitylabel.First, 635_00}, {480, qualitylabel.First, 635_00}, {480, qualitylabel.Later, 385_00}, {480, qualitylabel.Reaudit, 635_00},
		{500, qualitylabel.First, 635_00}, {501, qualitylabel.First, 825_00}, {501, qualitylabel.Later, 575_00},
		{1000, qualitylabel.First, 825_00}, {1000, qualitylabel.Later, 575_00}, {1001, qualitylabel.First, 1020_00}, {1001, qualitylabel.Later, 770_00},
		{2000, qualitylabel.First, 1020_00}, {2000, qualitylabel.Later, 770_00}, {2001, qualitylabel.First, 1375_00}, {2001, qualitylabel.Later, 1125_00},
	} {
		got, err := qualitylabel.Latest.Cost(c.participants, c.year)
		if err != nil || got.Total != c.total || got.Annual+got.Licence+got.Audit != got.Total {
			t.Errorf("%d in year %d: got %+v %v, want %v", c.participants, c.year, got, err, c.total)
		}
	}
	var p terms.Problem
	if _, err := qualitylabel.Latest.Cost(-1, qualitylabel.First); !errors.As(err, &p) || p.Code != qualitylabel.Negative {
		t.Errorf("got %v", err)
	}
}

// Applied on 20 April 2027: on site in 2027, 2030 and 2033, papers in between; a day after 1 May is for the next year.
func TestCycle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		applied civil.Date
		year    int
		want    bool
	}{
		{civil.Must(2027, 4, 20), 2026, false}, {civil.Must(2027, 4, 20), 2027, true}, {civil.Must(2027, 4, 20), 2028, false},
		{civil.Must(2027, 4, 20), 2029, false}, {civil.Must(2027, 4, 20), 2030, true}, {civil.Must(2027, 4, 20), 2033, true},
		{civil.Must(2027, 5, 1), 2027, true}, {civil.Must(2027, 5, 2), 2027, false}, {civil.Must(2027, 5, 2), 2028, true},
	} {
		if got := qualitylabel.Latest.OnSite(c.applied, c.year); got != c.want {
			t.Errorf("applied %v, %d: got %v, want %v", c.applied, c.year, got, c.want)
		}
	}
}
