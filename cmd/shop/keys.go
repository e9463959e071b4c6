package main

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"

	"joetz/medical/seal"
)

const keysUsage = `usage: shop keys new | list | add | promote ID | retire ID | rewrap

The keys in SHOP_KEYS seal medical answers. Whoever loses them loses every answer: keep a copy apart from the backups.
new, add, promote and retire print the whole new SHOP_KEYS; they change nothing by themselves. To change the key:
  1. shop keys add, and give the result to every shop;
  2. shop keys promote ID, and give the result to every shop;
  3. shop keys rewrap, until it has nothing left to do;
  4. shop keys retire ID of the old key, and give the result to every shop.
`

// keys makes and changes the keyset.
func keys(ctx context.Context, env environment, args []string) int {
	if len(args) == 1 && args[0] == "new" {
		return printKeys(env, func() (string, error) { return seal.Generate() })
	}
	c, err := readConfig(env.vars)
	if err != nil {
		fmt.Fprintln(env.err, "shop:", err)
		return misuse
	}
	var key uint64
	if len(args) == 2 {
		if key, err = strconv.ParseUint(args[1], 10, 32); err != nil {
			fmt.Fprintf(env.err, "shop keys: %q is no key's number; shop keys list has them\n", args[1])
			return misuse
		}
	}
	switch {
	case len(args) == 1 && args[0] == "list":
		return listKeys(env, c)
	case len(args) == 1 && args[0] == "add":
		return printKeys(env, func() (string, error) {
			text, added, err := seal.Add(c.Keys.reveal())
			if err == nil {
				fmt.Fprintf(env.err, "the new key is %d; it opens and does not seal yet\n", added)
			}
			return text, err
		})
	case len(args) == 2 && args[0] == "promote":
		return printKeys(env, func() (string, error) { return seal.Promote(c.Keys.reveal(), uint32(key)) })
	case len(args) == 2 && args[0] == "retire":
		return retire(ctx, env, c, uint32(key))
	case len(args) == 1 && args[0] == "rewrap":
		return rewrap(ctx, env, c)
	}
	fmt.Fprint(env.err, keysUsage)
	return misuse
}

func printKeys(env environment, make func() (string, error)) int {
	text, err := make()
	if err != nil {
		return complain(env, err)
	}
	fmt.Fprintln(env.out, text)
	return fine
}

func listKeys(env environment, c config) int {
	ring, err := c.keyring()
	if err != nil {
		return complain(env, err)
	}
	for _, k := range ring.Keys() {
		state := "opens"
		if k.Primary {
			state = "opens and seals"
		}
		fmt.Fprintf(env.out, "%-11d %s\n", k.ID, state)
	}
	return fine
}

// rewrap brings everything under the key that seals now. It may run beside the shop.
func rewrap(ctx context.Context, env environment, c config) int {
	return withServices(ctx, env, c, func(s *services, _ *slog.Logger) error {
		changed, unreadable, err := s.medical.Rewrap(ctx)
		if err != nil {
			return err
		}
		factors, err := s.accounts.ResealFactors(ctx, s.keys)
		if err != nil {
			return err
		}
		proofs, err := s.evidence.Rewrap(ctx)
		fmt.Fprintf(env.out, "%d fiches, %d second factors and %d proofs brought under the new key\n", changed, factors, proofs)
		if len(unreadable) > 0 {
			return fmt.Errorf("fiches that do not open with these keys: %v", unreadable)
		}
		return err
	})
}

// retire takes a key out of the keyset, once nothing lies under it any more.
func retire(ctx context.Context, env environment, c config, key uint32) int {
	return withServices(ctx, env, c, func(s *services, _ *slog.Logger) error {
		fiches, err := s.medical.KeysInUse(ctx)
		if err != nil {
			return err
		}
		factors, err := s.accounts.FactorsUnder(ctx, func(sealed []byte) bool { return seal.KeyOf(sealed) == key })
		if err != nil {
			return err
		}
		proofs, err := s.evidence.KeysInUse(ctx)
		if err != nil {
			return err
		}
		if fiches[key]+factors+proofs[key] > 0 {
			return fmt.Errorf("key %d still opens %d fiches, %d second factors and %d proofs, which would be lost: shop keys rewrap first",
				key, fiches[key], factors, proofs[key])
		}
		text, err := seal.Retire(c.Keys.reveal(), key)
		if err == nil {
			fmt.Fprintln(env.out, text)
		}
		return err
	})
}

// keyring is the keyset of the settings; a shop for trying out makes its own.
func (c config) keyring() (*seal.Keyring, error) {
	return seal.Load(seal.Source{Keys: c.Keys.reveal(), DataDir: c.DataDir, Production: c.production()})
}
