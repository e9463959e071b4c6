// Package explain turns reasons into sentences.
//
// Owns: nl.toml and en.toml, the sentences; the writing of amounts, dates and counts in them.
// Tables: none. May import: terms, the standard library, go-toml.
// Always true: no sentence is put together in Go: each is one entry of the catalogue, whole. A test holds the languages
// to the same keys and the same arguments.
package explain

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

//go:embed nl.toml
var dutch []byte

//go:embed en.toml
var english []byte

// Language is a reader's language.
type Language struct {
	code      string
	catalogue catalogue
}

type catalogue struct {
	Months []string          `toml:"months"`
	Words  map[string]string `toml:"words"`
	Text   map[string]string `toml:"text"`
	Errors map[string]string `toml:"errors"`
}

// The languages, Dutch first.
var (
	Dutch   = must("nl", dutch)
	English = must("en", english)
)

func must(code string, data []byte) Language {
	l := Language{code: code}
	if err := toml.Unmarshal(data, &l.catalogue); err != nil {
		panic(err) // cannot happen: a test reads both
	}
	return l
}

// In is the language with that code; Dutch for any other code.
func In(code string) Language {
	if code == English.code {
		return English
	}
	return Dutch
}

// Code is "nl" or "en".
func (l Language) Code() string { return l.code }

// Sentence writes the reason.
func (l Language) Sentence(r terms.Reason) string { return l.fill(l.catalogue.Text[r.Key], r.Args) }

// Problem writes what is wrong with facts.
func (l Language) Problem(p terms.Problem) string {
	return l.fill(l.catalogue.Errors[string(p.Code)], []terms.Arg{terms.Text("field", p.Field)})
}

// Date writes a date for people: 28 februari 2027.
func (l Language) Date(d civil.Date) string {
	year, month, day := d.YMD()
	if d.IsZero() {
		return ""
	}
	return strconv.Itoa(day) + "\u00a0" + l.catalogue.Months[month-1] + " " + strconv.Itoa(year)
}

// fill puts the arguments into the template. An argument that is not given leaves its name, so that a test sees it.
func (l Language) fill(template string, args []terms.Arg) string {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(template, "{")
		b.WriteString(before)
		if !open {
			return b.String()
		}
		field, after, _ := strings.Cut(rest, "}")
		b.WriteString(l.argument(field, args))
		template = after
	}
}

func (l Language) argument(field string, args []terms.Arg) string {
	name, forms, _ := strings.Cut(field, ":")
	for _, a := range args {
		switch {
		case a.Name != name:
		case a.Kind == terms.ArgCount && forms != "":
			return count(a.N, strings.Split(forms, "|"))
		default:
			return l.write(a)
		}
	}
	return "{" + name + "}"
}

// count is the form for that number, with the number where # stands: the last form for many, the one before it for one; of three the
// first is for none.
func count(n int64, forms []string) string {
	at := len(forms) - 1
	switch {
	case n == 0 && at == 2:
		at = 0
	case n == 1 && at > 0:
		at--
	}
	return strings.Replace(forms[at], "#", strconv.FormatInt(n, 10), 1)
}

func (l Language) write(a terms.Arg) string {
	switch a.Kind {
	case terms.ArgMoney:
		return money.Cents(a.N).Format(l.code)
	case terms.ArgDate:
		return l.Date(a.Date)
	case terms.ArgPercent:
		return l.percent(a.N)
	case terms.ArgWord:
		if word, ok := l.catalogue.Words[a.Word]; ok {
			return word
		}
	case terms.ArgCount:
		return strconv.FormatInt(a.N, 10)
	}
	return a.Word
}

func (l Language) percent(thousandths int64) string {
	s := strings.TrimRight(fmt.Sprintf("%d.%03d", thousandths/1000, thousandths%1000), "0")
	s = strings.TrimSuffix(s, ".")
	if l.code == "nl" {
		return strings.Replace(s, ".", ",", 1) + "\u00a0%"
	}
	return s + "%"
}
