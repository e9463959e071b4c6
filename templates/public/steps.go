package public

import (
	"fmt"
	"strconv"
	"strings"

	"joetz/templates/layout"
	"joetz/terms/civil"
)

// The step picture is 360 wide, so that its letters keep their size on a phone.
const (
	stepsTop    = 34.0
	stepsFloor  = 150.0
	stepsLeft   = 8.0
	stepsRight  = 352.0
	leastStep   = 62.0 // a step of a few days must still hold its amount
	lowestStair = 14.0
)

// stair is one step of the picture, in its coordinates.
type stair struct {
	X, W, Y          float64
	Fee, From, Class string
}

// stairs lays the steps out: widths follow the days, but none is narrower than its amount needs; heights follow the fee.
func stairs(p layout.Page, steps []CancelStep) []stair {
	if len(steps) == 0 {
		return nil
	}
	days := make([]float64, len(steps))
	total := 0.0
	for i, s := range steps {
		days[i] = float64(s.From.DaysUntil(s.To) + 1)
		total += days[i]
	}
	room := stepsRight - stepsLeft - leastStep*float64(len(steps))
	highest := steps[len(steps)-1].Fee
	out := make([]stair, len(steps))
	x := stepsLeft
	for i, s := range steps {
		w := leastStep + room*days[i]/total
		height := lowestStair
		if highest > 0 {
			height += (stepsFloor - stepsTop - lowestStair) * float64(s.Fee) / float64(highest)
		}
		out[i] = stair{X: x, W: w, Y: stepsFloor - height, Fee: p.Money(s.Fee), From: shortDay(p, s.From),
			Class: "stair stair-" + strconv.Itoa(alarm(s.Percent))}
		x += w
	}
	return out
}

// alarm is the colour of a step: below half the price, below all of it, all of it.
func alarm(percent int) int {
	switch {
	case percent >= 100:
		return 2
	case percent >= 50:
		return 1
	}
	return 0
}

// shortDay is "5 jul", for the picture only; the table beside it has the whole date.
func shortDay(p layout.Page, d civil.Date) string {
	_, _, day := d.YMD()
	month := []rune(strings.Fields(p.DatePlain(d))[1])
	return fmt.Sprintf("%d %s", day, string(month[:min(len(month), 3)]))
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
