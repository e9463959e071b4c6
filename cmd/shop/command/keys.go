package command

import (
	"context"
	"fmt"
	"strconv"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
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
func keys(ctx context.Context, env Environment, args []string) int {
	if len(args) == 1 && args[0] == "new" {
		return printKeys(env, func() (string, error) { return seal.Generate() })
	}
	c, err := config.Read(env.Vars)
	if err != nil {
		fmt.Fprintln(env.Err, "shop:", err)
		return misuse
	}
	var key uint64
	if len(args) == 2 {
		if key, err = strconv.ParseUint(args[1], 10, 32); err != nil {
			fmt.Fprintf(env.Err, "shop keys: %q is no key's number; shop keys list has them\n", args[1])
			return misuse
		}
	}
	switch {
	case len(args) == 1 && args[0] == "list":
		return listKeys(env, c)
	case len(args) == 1 && args[0] == "add":
		return printKeys(env, func() (string, error) {
			text, added, err := seal.Add(c.Keys.Reveal())
			if err == nil {
				fmt.Fprintf(env.Err, "the new key is %d; it opens and does not seal yet\n", added)
			}
			return text, err
		})
	case len(args) == 2 && args[0] == "promote":
		return printKeys(env, func() (string, error) { return seal.Promote(c.Keys.Reveal(), uint32(key)) })
	case len(args) == 2 && args[0] == "retire":
		return retire(ctx, env, c, uint32(key))
	case len(args) == 1 && args[0] == "rewrap":
		return rewrap(ctx, env, c)
	}
	fmt.Fprint(env.Err, keysUsage)
	return misuse
}

func printKeys(env Environment, make func() (string, error)) int {
	text, err := make()
	if err != nil {
		return complain(env, err)
	}
	fmt.Fprintln(env.Out, text)
	return fine
}

func listKeys(env Environment, c config.Config) int {
	ring, err := c.Keyring()
	if err != nil {
		return complain(env, err)
	}
	for _, k := range ring.Keys() {
		state := "opens"
		if k.Primary {
			state = "opens and seals"
		}
		fmt.Fprintf(env.Out, "%-11d %s\n", k.ID, state)
	}
	return fine
}

// rewrap brings everything under the key that seals now. It may run beside the shop.
func rewrap(ctx context.Context, env Environment, c config.Config) int {
	return withServices(ctx, env, c, func(s *program.Services) error {
		changed, unreadable, err := s.Medical.Rewrap(ctx)
		if err != nil {
			return err
		}
		factors, err := s.Accounts.ResealFactors(ctx, s.Keys)
		if err != nil {
			return err
		}
		proofs, err := s.Evidence.Rewrap(ctx)
		fmt.Fprintf(env.Out, "%d fiches, %d second factors and %d proofs brought under the new key\n", changed, factors, proofs)
		if len(unreadable) > 0 {
			return fmt.Errorf("fiches that do not open with these keys: %v", unreadable)
		}
		return err
	})
}

// retire takes a key out of the keyset, once nothing lies under it any more.
func retire(ctx context.Context, env Environment, c config.Config, key uint32) int {
	return withServices(ctx, env, c, func(s *program.Services) error {
		fiches, err := s.Medical.KeysInUse(ctx)
		if err != nil {
			return err
		}
		factors, err := s.Accounts.FactorsUnder(ctx, func(sealed []byte) bool { return seal.KeyOf(sealed) == key })
		if err != nil {
			return err
		}
		proofs, err := s.Evidence.KeysInUse(ctx)
		if err != nil {
			return err
		}
		if fiches[key]+factors+proofs[key] > 0 {
			return fmt.Errorf("key %d still opens %d fiches, %d second factors and %d proofs, which would be lost: shop keys rewrap first",
				key, fiches[key], factors, proofs[key])
		}
		text, err := seal.Retire(c.Keys.Reveal(), key)
		if err == nil {
			fmt.Fprintln(env.Out, text)
		}
		return err
	})
}
