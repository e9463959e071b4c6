package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// mine makes the directory PostgreSQL's own. One with the data of another account is left to it: root would take it away from a shop
// that somebody runs without being root, and PostgreSQL reads no data but its own account's.
func (h home) mine() error {
	uid := os.Geteuid()
	if h.account != nil {
		uid = int(h.account.Uid)
	}
	dir, err := ownerOf(h.dir)
	if err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	holder, err := ownerOf(h.path("data"))
	if errors.Is(err, os.ErrPermission) { // a stranger's, to us
		holder, err = dir, nil
	}
	if err == nil && holder != uid {
		return fmt.Errorf("data directory %s belongs to the account %s: run the shop as that account, or choose another directory with SHOP_DATA_DIR", h.dir, nameOf(holder))
	}
	if syscall.Access(h.dir, writable) == syscall.EROFS {
		return fmt.Errorf("data directory %s is on a file system that can only be read: choose another with SHOP_DATA_DIR, or set DATABASE_URL to a server elsewhere", h.dir)
	}
	if h.account == nil || dir == uid {
		return nil
	}
	if err := os.Chown(h.dir, int(h.account.Uid), int(h.account.Gid)); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	return nil
}

const writable = 2 // W_OK

func ownerOf(path string) (uid int, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return os.Geteuid(), nil
	}
	return int(s.Uid), nil
}

func nameOf(uid int) string {
	number := strconv.Itoa(uid)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return "number " + number
}
