package command

import (
	"context"
	"fmt"

	"joetz/cmd/shop/config"
)

// showConfig prints every setting, what it is now and what it means, and then what is wrong.
func showConfig(_ context.Context, e Environment, _ []string) int {
	config.List(e.Out, e.Vars)
	if _, err := config.Read(e.Vars); err != nil {
		fmt.Fprintln(e.Err, "shop:", err)
		return misuse
	}
	return fine
}
