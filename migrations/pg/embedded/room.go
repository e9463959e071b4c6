package embedded

import (
	"fmt"
	"syscall"
)

// tight is how little room makes a start fail that would have gone well.
const tight = 64 << 20

// withRoom adds to an error that the disk is full, where it is: PostgreSQL's own words for that are of what it tried just then.
func (h home) withRoom(err error) error {
	var s syscall.Statfs_t
	if syscall.Statfs(h.dir, &s) != nil {
		return err
	}
	if free := int64(s.Bavail) * int64(s.Bsize); free < tight { //nolint:unconvert // of another size on macOS
		return fmt.Errorf("only %d MB are left on the disk of %s, make room, or choose another with SHOP_DATA_DIR: %w", free>>20, h.dir, err)
	}
	return err
}
