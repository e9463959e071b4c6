package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// Figure is one line of the table. Times are milliseconds, Rate is per second; what was not measured is 0 and left out.
type Figure struct {
	Name   string  `json:"name"`
	Rate   float64 `json:"rate,omitempty"`
	Count  int     `json:"count,omitempty"`
	P50    float64 `json:"p50_ms,omitempty"`
	P99    float64 `json:"p99_ms,omitempty"`
	Errors int     `json:"errors"`
	Shop   float64 `json:"shop_cpu_ms,omitempty"`       // processor time of shop and clients, each
	Base   float64 `json:"postgresql_cpu_ms,omitempty"` // of PostgreSQL, each
	Bytes  int     `json:"bytes,omitempty"`
	Note   string  `json:"note,omitempty"`
	Target string  `json:"target,omitempty"` // what it is held to
}

func figure(name, target string, s sample) Figure {
	f := Figure{Name: name, Target: target, Rate: s.perSecond(), Count: len(s.waits), Errors: s.errors,
		P50: millis(percentile(s.waits, 0.5)), P99: millis(percentile(s.waits, 0.99))}
	if f.Count > 0 {
		f.Shop, f.Base = millis(s.used.shop)/float64(f.Count), millis(s.used.database)/float64(f.Count)
	}
	if s.first != nil {
		f.Note = s.first.Error()
	}
	return f
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Report is everything that a run measured.
type Report struct {
	Machine string   `json:"machine"`
	Figures []Figure `json:"figures"`
}

// Print writes the table for people.
func (r Report) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%-40s %8s %8s %9s %9s %9s %9s %6s\n", r.Machine, "", "per s", "count", "p50 ms", "p99 ms", "shop cpu", "pg cpu", "errors")
	for _, f := range r.Figures {
		fmt.Fprintf(&b, "%-40s %8s %8s %9s %9s %9s %9s %6d", f.Name, blank(f.Rate, "%.0f"), blank(float64(f.Count), "%.0f"), blank(f.P50, "%.2f"),
			blank(f.P99, "%.2f"), blank(f.Shop, "%.3f"), blank(f.Base, "%.3f"), f.Errors)
		for _, extra := range []string{f.Note, f.Target} {
			if extra != "" {
				b.WriteString("  " + extra)
			}
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func blank(v float64, format string) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf(format, v)
}

// JSON writes the report for machines.
func (r Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
