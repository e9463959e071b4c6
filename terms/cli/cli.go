// Package cli is the command shop terms: eval, check and lint.
//
// Owns: the command's words and exit statuses: 0 all is well, 1 something disagrees or is wrong with a policy, 2 the
// command was not understood or a file could not be read.
// Tables: none. May import: terms and below, the standard library.
// Always true: it opens no file by itself; the program that runs it lends it a reader.
package cli

import (
	"bytes"
	"flag"
	"fmt"
	"io"

	"joetz/terms"
	"joetz/terms/eval"
	"joetz/terms/explain"
	"joetz/terms/lint"
)

// Command is what the verbs work with.
type Command struct {
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	ReadFile func(name string) ([]byte, error)
}

const usage = `usage: shop terms eval  [--policy FILE] [--lang nl|en]              answer JSON lines from standard input
       shop terms check [--policy FILE] [--lang nl|en] FILE.jsonl   compare the answers with each line's want
       shop terms lint  [--lang nl|en] [FILE]                       prove things about a policy, or show where they fail
Without --policy, or FILE, the terms are JOETZ's.
`

const (
	fine     = 0
	wrong    = 1
	misused  = 2
	builtIn  = "policies/joetz-2027.toml"
	noPolicy = ""
)

// Run does what the arguments after "terms" say and returns the exit status.
func (c Command) Run(args []string) int {
	if len(args) == 0 {
		return c.misuse("")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	policy := flags.String("policy", noPolicy, "")
	lang := flags.String("lang", explain.Dutch.Code(), "")
	operands, err := parseAnywhere(flags, args[1:])
	if err != nil {
		return c.misuse(err.Error())
	}
	language := explain.In(*lang)
	if language.Code() != *lang {
		return c.misuse("--lang is nl or en")
	}
	switch {
	case args[0] == "eval" && len(operands) == 0:
		return c.eval(*policy, language)
	case args[0] == "check" && len(operands) == 1:
		return c.check(*policy, language, operands[0])
	case args[0] == "lint" && len(operands) <= 1:
		if len(operands) == 1 {
			*policy = operands[0]
		}
		return c.lint(*policy, language)
	}
	return c.misuse("")
}

// parseAnywhere lets flags stand before and after the file.
func parseAnywhere(flags *flag.FlagSet, args []string) (operands []string, err error) {
	for {
		if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
			return operands, err
		}
		operands = append(operands, flags.Arg(0))
		args = flags.Args()[1:]
	}
}

func (c Command) misuse(why string) int {
	if why != "" {
		fmt.Fprintln(c.Stderr, why)
	}
	fmt.Fprint(c.Stderr, usage)
	return misused
}

// load reads the policy; without a name it is JOETZ's.
func (c Command) load(policy string) (terms.Terms, int) {
	if policy == noPolicy {
		return terms.JOETZ2027(), fine
	}
	data, err := c.ReadFile(policy)
	if err != nil {
		fmt.Fprintln(c.Stderr, err)
		return terms.Terms{}, misused
	}
	t, err := terms.Load(data, policy)
	if err != nil {
		fmt.Fprintln(c.Stderr, err)
		return terms.Terms{}, wrong
	}
	return t, fine
}

func (c Command) eval(policy string, language explain.Language) int {
	t, status := c.load(policy)
	if status != fine {
		return status
	}
	return c.report(eval.Evaluator{Terms: t, Language: language}.Run(c.Stdin, c.Stdout))
}

func (c Command) check(policy string, language explain.Language, file string) int {
	t, status := c.load(policy)
	if status != fine {
		return status
	}
	cases, err := c.ReadFile(file)
	if err != nil {
		return c.report(err)
	}
	failed, err := eval.Evaluator{Terms: t, Language: language}.Check(bytes.NewReader(cases), c.Stdout)
	if err != nil {
		return c.report(err)
	}
	if failed > 0 {
		return wrong
	}
	return fine
}

func (c Command) lint(policy string, language explain.Language) int {
	t, status := c.load(policy)
	if status != fine {
		return status
	}
	title := policy
	if title == noPolicy {
		title = builtIn
	}
	findings := lint.Run(t)
	if err := lint.Write(c.Stdout, language, title, findings); err != nil {
		return c.report(err)
	}
	if lint.Problems(findings) > 0 {
		return wrong
	}
	return fine
}

func (c Command) report(err error) int {
	if err == nil {
		return fine
	}
	fmt.Fprintln(c.Stderr, err)
	return misused
}
