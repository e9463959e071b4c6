package pg

// MigrateFiles is Migrate with other migrations than the shop's.
var MigrateFiles = migrate

// Waiting is how many wait for their turn.
func (c *Crowd[T]) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting)
}
