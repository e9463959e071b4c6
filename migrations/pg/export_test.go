package pg

import "time"

// MigrateFiles is Migrate with other migrations than the shop's.
var MigrateFiles = migrate

// Waiting is how many wait for their turn.
func (c *Crowd[T]) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting)
}

// Patient lets nobody open another lane while a test holds one.
func (c *Crowd[T]) Patient() { c.patience = time.Hour }
