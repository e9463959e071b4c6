package webtest

import (
	"compress/gzip"
	"strings"
	"testing"
)

// Zipped is a body as a client sends it with Content-Encoding: gzip.
func Zipped(t testing.TB, body string) string {
	t.Helper()
	var b strings.Builder
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
