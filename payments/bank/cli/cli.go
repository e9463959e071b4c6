// Package cli is the command `shop bank`, which needs no database.
//
// Owns: its arguments, its output and its exit status. No tables.
// May import: payments/bank and its readers.
// Always true: the output is one JSON document, printed also when the file is unfit; exit status 0 fit to book, 1 unfit,
// 2 not read at all.
package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"joetz/payments/bank"
	"joetz/payments/bank/reader"
)

const usage = `usage: shop bank read FILE

Reads a CODA 2.6 or camt.053 file and prints it as JSON. FILE - is standard input.
Exit status: 0 fit to book, 1 a problem makes it unfit to book, 2 the file could not be read.
`

// Run runs `shop bank ARGS` and returns its exit status.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) != 2 || args[0] != "read" {
		fmt.Fprint(stderr, usage)
		return 2
	}
	data, err := load(args[1], stdin)
	if err != nil {
		fmt.Fprintln(stderr, "shop bank read:", err)
		return 2
	}
	file := reader.Read(data)
	out := json.NewEncoder(stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(file); err != nil {
		fmt.Fprintln(stderr, "shop bank read:", err)
		return 2
	}
	if file.Unfit() {
		return 1
	}
	return 0
}

// load reads one byte more than is allowed, so that the reader can say that it is too large.
func load(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(stdin, bank.MaxFileBytes+1))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, bank.MaxFileBytes+1))
}
