package command

import (
	"runtime/debug"
	"strings"
)

const (
	// garbage is how much the heap may grow between two collections, in percent of what is alive: a shop holds little (12 MB while
	// it sells), and collecting each time that doubles costs up to a tenth of the Go of an order.
	garbage = 400
	// plenty is from where memory is collected sooner, in bytes. The program itself comes on top; together they stay under
	// the 150 MB that a shop is meant for. It is no wall: what needs more, gets it, while collecting takes at most half of the processors.
	plenty = 110 << 20
)

// spendMemory trades memory for speed, unless whoever runs the shop has settled that (GOGC, GOMEMLIMIT).
func spendMemory(vars []string) {
	if !memorySettled(vars) {
		debug.SetGCPercent(garbage)
		debug.SetMemoryLimit(plenty)
	}
}

func memorySettled(vars []string) bool {
	for _, v := range vars {
		if name, value, _ := strings.Cut(v, "="); value != "" && (name == "GOGC" || name == "GOMEMLIMIT") {
			return true
		}
	}
	return false
}
