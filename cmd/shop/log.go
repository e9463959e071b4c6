package main

import (
	"io"
	"log/slog"
)

// newLog writes one line per event: JSON where a machine reads it, text where a person does.
func newLog(c config, w io.Writer) *slog.Logger {
	if c.Log == "json" || c.Log == "" && c.production() {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
