// Command shop is the whole shop: the web server and, as sub-commands, what operators do at a prompt.
//
// Owns: settings, wiring, start and stop, the real clock. Everything else is called with what is decided here.
// Tables: none.
// May import: everything of ours.
// Always true: nothing is constructed from a setting that was not checked; no secret is printed; a stop lets every
// request and job that began end, and leaves no process behind.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		restore() // a second Ctrl-C ends it at once
	}()
	os.Exit(run(ctx, environment{vars: os.Environ(), in: os.Stdin, out: os.Stdout, err: os.Stderr}, os.Args[1:]))
}
