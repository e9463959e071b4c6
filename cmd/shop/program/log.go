package program

import (
	"io"
	"log/slog"

	"joetz/cmd/shop/config"
)

// NewLog writes one line per event: JSON where a machine reads it, text where a person does.
func NewLog(c config.Config, w io.Writer) *slog.Logger {
	if c.Log == "json" || c.Log == "" && c.Production() {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
