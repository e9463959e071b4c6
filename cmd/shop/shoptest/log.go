package shoptest

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"joetz/cmd/shop/program"
)

// kept is the log of a shop, down to what is for debugging.
type kept struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds a line.
func (k *kept) Write(b []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.text.Write(b)
}

func (k *kept) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(k, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// private is what no line of a log may hold, by its shape.
var private = map[string]*regexp.Regexp{
	"an e-mail address":     regexp.MustCompile(`[A-Za-z0-9._+-]+(@|%40)[A-Za-z0-9-]+\.[A-Za-z]{2,}`),
	"a bank account":        regexp.MustCompile(`\b[A-Z]{2}\d{2}( ?\d{4}){3}`),
	"a national number":     regexp.MustCompile(`\b\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}\b`),
	"a session or a link":   regexp.MustCompile(`\b[A-Z2-7]{26,}\b`),
	"a cookie":              regexp.MustCompile(`\b(sid|flash|mee-\d+)=[^ "]`),
	"a secret":              regexp.MustCompile(`\b(sk|rk|whsec)_[A-Za-z0-9]`),
	"a password in an URL":  regexp.MustCompile(`://[^ /"]*:[^ /"]+@`),
	"an address with a key": regexp.MustCompile(`/uitnodiging/[A-Za-z0-9]`),
}

// Told finds the lines of a log that say something about a person, names among them.
func Told(text string, names []string) (lines []string) {
	var there []string // of many names few or none: the lines are looked through for those only
	for _, name := range names {
		if strings.Contains(text, name) {
			there = append(there, name)
		}
	}
	for line := range strings.Lines(text) {
		for what, shape := range private {
			if shape.MatchString(line) {
				lines = append(lines, what+": "+line)
			}
		}
		for _, name := range there {
			if strings.Contains(line, name) {
				lines = append(lines, "a name: "+line)
			}
		}
	}
	return lines
}

// quiet fails the test when the log of the shop says who anybody is. It is asked while the database is there; who stopped the shop
// before has no names to compare with.
func (k *kept) quiet(t testing.TB, p *program.Program) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var names []string
	_ = p.DB.SelectContext(ctx, &names, `
		SELECT n FROM (SELECT trim(first_name || ' ' || last_name) AS n FROM guardian UNION SELECT first_name || ' ' || last_name FROM participant
			UNION SELECT name FROM staff) AS people WHERE n LIKE '_% _%'`)
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, line := range Told(k.text.String(), names) {
		t.Errorf("the log holds %s", line)
	}
}
