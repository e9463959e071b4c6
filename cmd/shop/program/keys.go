package program

import "context"

// Sealed counts the rows that are sealed, and those of them that lie under keys that the settings do not name: none of these opens.
func (s *Services) Sealed(ctx context.Context) (rows, shut int, err error) {
	use, err := s.Medical.KeysInUse(ctx)
	if err != nil {
		return 0, 0, err
	}
	known := map[uint32]bool{}
	for _, key := range s.Medical.Keys.Keys() {
		known[key.ID] = true
	}
	for key, n := range use {
		rows += n
		if !known[key] {
			shut += n
		}
	}
	return rows, shut, nil
}

// lookAtKeys tells the log, once at the start, that the shop has other keys than those before it: what it seals under them, the others
// cannot read. It goes on, since what was sealed under a key that is lost must not keep it shut for ever.
func (p *Program) lookAtKeys(ctx context.Context) error {
	rows, shut, err := p.Services.Sealed(ctx)
	if shut > 0 {
		p.log.Error("medical answers lie under keys that are not in SHOP_KEYS and do not open: put back the keyset under which they were written",
			"rows", rows, "shut", shut)
	}
	if ctx.Err() != nil {
		return nil // it stops already
	}
	return err
}
