package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"joetz/medical"
	"joetz/shop/queue"
)

// tombstoneArgs keeps the list of wiped fiches in a file outside the database, so that a backup that is put back cannot
// bring them to life.
type tombstoneArgs struct{}

// Kind names the job.
func (tombstoneArgs) Kind() string { return "medical.tombstones" }

// ReadTombstones reads a list, one line of JSON each. A list that cannot be read whole is an error: half of it would leave
// the other half alive.
func ReadTombstones(in io.Reader) (all []medical.Tombstone, err error) {
	lines := json.NewDecoder(in)
	for n := 1; ; n++ {
		var t medical.Tombstone
		switch err := lines.Decode(&t); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil || t.Fiche <= 0 || t.WipedAt.IsZero():
			return nil, fmt.Errorf("line %d is no tombstone", n)
		}
		all = append(all, t)
	}
}

// TombstonesIn reads the list in a file; no file is an empty list.
func TombstonesIn(path string) ([]medical.Tombstone, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list of wiped fiches: %w", err)
	}
	all, err := ReadTombstones(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("list of wiped fiches %s: %w", path, err)
	}
	return all, nil
}

// reapplyTombstones wipes again, before a page is served, what the list says was wiped: the database may be an older one that was put
// back. A list that does not read keeps the shop from starting.
func reapplyTombstones(ctx context.Context, s *medical.Service, path string) (wiped int, err error) {
	if path == "" {
		return 0, nil
	}
	all, err := TombstonesIn(path)
	if err != nil {
		return 0, err
	}
	if wiped, err = s.Reapply(ctx, all); err != nil {
		return wiped, err
	}
	return wiped, keepTombstones(ctx, s, path)
}

// keepTombstones adds to the list what was wiped since, and never takes a line away: an older database knows fewer.
func keepTombstones(ctx context.Context, s *medical.Service, path string) error {
	if path == "" {
		return nil
	}
	unlock, err := lockTombstones(path)
	if err != nil {
		return err
	}
	defer unlock()
	all, err := TombstonesIn(path)
	if err != nil {
		return err
	}
	type one struct {
		fiche int64
		at    int64
	}
	known := make(map[one]bool, len(all))
	for _, t := range all {
		known[one{int64(t.Fiche), t.WipedAt.UnixMicro()}] = true
	}
	now, err := s.Tombstones(ctx, time.Time{})
	if err != nil {
		return err
	}
	before := len(all)
	for _, t := range now {
		if !known[one{int64(t.Fiche), t.WipedAt.UnixMicro()}] {
			all = append(all, t)
		}
	}
	if len(all) == before && before > 0 {
		return nil
	}
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	for _, t := range all {
		if err := lines.Encode(t); err != nil {
			return fmt.Errorf("list of wiped fiches: %w", err)
		}
	}
	return replaceFile(path, out.Bytes())
}

// bury adds one tombstone to the list and sees it on the disk before it returns: then the wipe may be committed.
func bury(path string, t medical.Tombstone) (err error) {
	unlock, err := lockTombstones(path)
	if err != nil {
		return err
	}
	defer unlock()
	raw, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("list of wiped fiches: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("list of wiped fiches: %w", err)
	}
	_, err = f.Write(append(raw, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("list of wiped fiches: %w", err)
	}
	return nil
}

// lockTombstones lets one process at a time change the list: replacing it while another adds a line would lose that line.
func lockTombstones(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("list of wiped fiches: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, fmt.Errorf("list of wiped fiches: %w", errors.Join(err, f.Close()))
	}
	return func() { _ = f.Close() }, nil // closing unlocks
}

// replaceFile puts a new file in the place of the old one, whole or not at all.
func replaceFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tombstones-*")
	if err != nil {
		return fmt.Errorf("list of wiped fiches: %w", err)
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("list of wiped fiches: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

// tombstoneJobs keeps the list up to date.
func (p *Program) tombstoneJobs(work *queue.Runner) {
	queue.Handle(work, func(ctx context.Context, _ tombstoneArgs) error {
		return keepTombstones(ctx, p.Services.Medical, p.cfg.Tombstones)
	})
	if p.cfg.Tombstones != "" {
		work.Every(queue.Each(time.Minute), tombstoneArgs{})
	}
}
