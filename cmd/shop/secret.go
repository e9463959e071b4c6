package main

import (
	"fmt"
	"log/slog"
)

// secret is a setting that prints as [redacted] wherever it is printed.
type secret string

const redacted = "[redacted]"

// reveal is the secret itself. Every use of it is worth a look.
func (s secret) reveal() string { return string(s) }

func (s secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format covers every verb, %q, %x and %#v too.
func (s secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue is what slog writes.
func (s secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is what JSON and other encoders write.
func (s secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil } //nolint:unparam // encoding.TextMarshaler

// UnmarshalText reads a setting.
func (s *secret) UnmarshalText(text []byte) error { *s = secret(text); return nil } //nolint:unparam // encoding.TextUnmarshaler
