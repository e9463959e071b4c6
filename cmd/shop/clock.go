package main

import "time"

// clock is the shop's time: the real one, or one that was set to another moment at the start and goes on from there. It
// counts microseconds, as the database does, so that a time that was stored and read is the same time.
func clock(start string) (func() time.Time, error) {
	var moved time.Duration
	if start != "" {
		at, err := time.Parse(time.RFC3339, start)
		if err != nil {
			return nil, err
		}
		moved = time.Until(at)
	}
	return func() time.Time { return time.Now().Add(moved).Truncate(time.Microsecond) }, nil
}
