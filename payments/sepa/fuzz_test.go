package sepa_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"joetz/payments/sepa"
)

// Whatever somebody is called, and whatever stands in the message: the file is one that a bank can read, with the same elements, or it is
// refused whole; and what Latin made stays as it is.
func FuzzRender(f *testing.F) {
	f.Add("An Peeters", "terug V1000001")
	f.Add("Zoë </Nm><Nm> O'Neill & Zn", "//a//\x00\u2028")
	f.Add("王小明", "<!--")
	f.Add(strings.Repeat("ß", 80), strings.Repeat("/ ", 100))
	f.Fuzz(func(t *testing.T, name, text string) {
		if once := sepa.Latin(name, 70); len(once) > 70 || sepa.Latin(once, 70) != once || strings.Contains(once, "//") {
			t.Errorf("%q became %q", name, once)
		}
		o := order(sepa.Pain09)
		elements := countElements(t, o)
		o.Transfers[0].Name, o.Transfers[0].Text = name, text
		if _, err := o.Render(); errors.Is(err, sepa.ErrOrder) && sepa.Latin(name, 70) == "" {
			return
		}
		if got := countElements(t, o); got != elements {
			t.Errorf("%q, %q: %d elements, want %d", name, text, got, elements)
		}
	})
}

func countElements(t *testing.T, o sepa.Order) (n int) {
	t.Helper()
	file, err := o.Render()
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(file)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return n
		}
		if err != nil {
			t.Fatalf("%v in %s", err, file)
		}
		if _, ok := token.(xml.StartElement); ok {
			n++
		}
	}
}
