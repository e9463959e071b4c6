// Command shop is the whole shop: the web server and, as sub-commands, what operators do at a prompt.
//
// Owns: the process: its arguments, signals and exit status. config/ has the settings, program/ what is wired to what, command/
// the sub-commands; browsertest/, shoptest/ and stories/ test them as people use them, baddays/ when things fail, bench/ measures.
// Tables: none.
// May import: cmd/shop/command.
// Always true: nothing is decided here; a second Ctrl-C ends what the first one could not.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"joetz/cmd/shop/command"
)

func main() {
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		restore() // a second Ctrl-C ends it at once
	}()
	os.Exit(command.Run(ctx, command.Environment{Vars: os.Environ(), In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, os.Args[1:]))
}
