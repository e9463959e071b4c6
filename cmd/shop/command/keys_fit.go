package command

import (
	"context"
	"fmt"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
)

// keysFit tells whether the keyset is the one under which this database was written: a backup that was put back beside other keys
// looks whole and opens no fiche.
func keysFit(ctx context.Context, s *program.Services, _ config.Config) finding {
	rows, shut, err := s.Sealed(ctx)
	if err != nil {
		return finding{"fiche keys", bad, fmt.Sprintf("could not be asked: %v", err)}
	}
	if shut > 0 {
		return finding{"fiche keys", bad, fmt.Sprintf("%d of %d sealed rows lie under keys that are not in SHOP_KEYS, and do not open: put back the keyset that was in use when they were written (outside production keys.json in the data directory)", shut, rows)}
	}
	return finding{"fiche keys", healthy, fmt.Sprintf("all %d sealed rows lie under keys of this keyset", rows)}
}
