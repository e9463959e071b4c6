package config

import (
	"fmt"
	"log/slog"
)

// Secret is a setting that prints as [redacted] wherever it is printed.
type Secret string

const redacted = "[redacted]"

// Reveal is the secret itself. Every use of it is worth a look.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format covers every verb, %q, %x and %#v too.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue is what slog writes.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is what JSON and other encoders write.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a setting.
func (s *Secret) UnmarshalText(text []byte) error { *s = Secret(text); return nil }
