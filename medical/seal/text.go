package seal

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Text is something that only its reader may see. It prints, logs and marshals as [redacted]; string(t) is the way to it,
// and easy to search for in review.
type Text string

// String never gives the text.
func (Text) String() string { return redacted }

// GoString never gives the text.
func (Text) GoString() string { return redacted }

// Format never gives the text, whatever the verb.
func (Text) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue never gives the text.
func (Text) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText never gives the text, in JSON neither.
func (Text) MarshalText() ([]byte, error) { return []byte(redacted), nil }
