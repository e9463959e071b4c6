package command

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// Environment is what a command has of the world around it.
type Environment struct {
	Vars     []string // "NAME=value"
	In       io.Reader
	Out, Err io.Writer
}

// The exit statuses: as the shell has them, with 2 for a wrong call or wrong settings.
const (
	fine   = 0
	failed = 1
	misuse = 2
)

// command is a sub-command; it answers with the exit status.
type command struct {
	name    string
	summary string
	run     func(ctx context.Context, env Environment, args []string) int
}

// commands is the table of sub-commands.
func commands() []command {
	return []command{
		{"serve", "run the shop (also without a command)", serve},
		{"migrate", "bring the database to this program's version", migrate},
		{"bank", "read FILE: print what a CODA or camt.053 file says, as JSON, without a database", readBank},
		{"terms", "eval, check FILE, lint [FILE]: ask the general terms, or prove things about them", askTerms},
		{"fsck", "recompute every balance, status and place from the rows and print what differs", checkRows},
		{"seed", "--season N [--close]: a past year of N bookings in an empty shop, to try out and to measure", seedSeason},
		{"staff", "who works for the organiser; staff help tells how to add and invite somebody", staff},
		{"fiches", "plan, tombstones, reapply: what is wiped, and wiping again after a backup was put back", fiches},
		{"keys", "make and change the keys that seal medical answers", keys},
		{"backup", "keys, or FILE: write the whole database to a sealed file", backup},
		{"restore", "put a backup into an empty database; restore -h tells how", restore},
		{"bench", "measure a shop under load, on a temporary database of its own; bench -h tells the choices", measure},
		{"doctor", "look at settings, keys, database, clock, disk, mail, Stripe and jobs, and say what to do", doctor},
		{"alive", "ask the shop that runs with these settings whether it answers: for the health check of a container", alive},
		{"sbom", "what this program is made of, as CycloneDX", listMaterials},
		{"config", "list the settings and what they are now, secrets hidden", showConfig},
	}
}

// Run does what the arguments say, serve without any, and returns the exit status.
func Run(ctx context.Context, env Environment, args []string) int {
	name := "serve"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(ctx, env, args)
		}
	}
	if name == "help" || name == "-h" || name == "--help" {
		usage(env.Out)
		return fine
	}
	fmt.Fprintf(env.Err, "shop: there is no command %q\n\n", name)
	usage(env.Err)
	return misuse
}

func usage(w io.Writer) {
	var b strings.Builder
	b.WriteString("usage: shop [command]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-9s %s\n", c.name, c.summary)
	}
	_, _ = io.WriteString(w, b.String()) // nobody is left to tell when that fails
}

// complain reports why a command cannot go on.
func complain(env Environment, err error) int {
	fmt.Fprintf(env.Err, "shop: %v\n", err)
	return failed
}
