package stripefake

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForm(t *testing.T) {
	t.Parallel()
	f, e := parseForm("a=1&line_items[1][q]=2&line_items[0][q]=1&line_items[10][q]=3&expand[]=x&expand[]=y.z&metadata[k]=v&metadata[empty]=")
	if e != nil {
		t.Fatal(e)
	}
	if d := cmp.Diff([]string{"0", "1", "10"}, f.keys("line_items")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"x", "y.z"}, f.list("expand")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(metadata{"k": "v"}, f.metadata("metadata")); d != "" {
		t.Error(d)
	}
	if n, ok := f.number("a"); n != 1 || !ok {
		t.Errorf("a = %d, %v", n, ok)
	}
	if e := f.check(); e == nil || e.Code != "parameter_unknown" || e.Param != "line_items[0][q]" {
		t.Errorf("unread parameter: %v", e)
	}
}

func TestFormFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, code, param string }{
		{"", "parameter_missing", "n"},
		{"n=", "parameter_missing", "n"},
		{"n=1.5", "parameter_invalid_integer", "n"},
		{"n=1&m=2", "parameter_unknown", "m"},
	} {
		f, e := parseForm(c.text)
		if e != nil {
			t.Fatal(e)
		}
		f.need("n")
		f.number("n")
		if e := f.check(); e == nil || e.Code != c.code || e.Param != c.param {
			t.Errorf("%q: %v, want %s on %s", c.text, e, c.code, c.param)
		}
	}
}

func FuzzForm(f *testing.F) {
	f.Add("line_items[0][price_data][unit_amount]=7500&expand[]=a&metadata[x]]=1&[=]&a[[b]=c")
	f.Fuzz(func(t *testing.T, text string) {
		p, e := parseForm(text)
		if e != nil {
			return
		}
		p.list("expand")
		p.metadata("metadata")
		p.number("limit")
		again, e := parseForm(p.canonical())
		if e != nil || again.canonical() != p.canonical() {
			t.Errorf("canonical form of %q is not stable: %v", text, e)
		}
	})
}
