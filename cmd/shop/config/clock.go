package config

import "time"

// Clock is the shop's time: the real one, or one that SHOP_NOW set to another moment at the start and goes on from there. It
// counts microseconds, as the database does, so that a time that was stored and read is the same time.
func (c Config) Clock() (func() time.Time, error) {
	var moved time.Duration
	if c.Now != "" {
		at, err := time.Parse(time.RFC3339, c.Now)
		if err != nil {
			return nil, err
		}
		moved = time.Until(at)
	}
	return func() time.Time { return time.Now().Add(moved).Truncate(time.Microsecond) }, nil
}
