package upload_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strings"
	"testing"

	"joetz/medical/upload"
)

// packed is a PDF whose objects are in a stream, as programs have packed them since PDF 1.5.
func packed(t testing.TB, about, objects string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(objects)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, "%%PDF-1.5\n1 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n%%%%EOF\n", about, b.Len(), b.Bytes())
}

// A PDF that acts is refused, however its objects are written; one that only shows is kept as it is.
func TestAPDFOnlyShows(t *testing.T) {
	t.Parallel()
	const objects = "/Type/ObjStm/N 1/First 4/Filter/FlateDecode"
	plain := func(body string) []byte { return []byte("%PDF-1.4\n1 0 obj\n" + body + "\nendobj\n%%EOF\n") }
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"a script":                        {plain("<</S/JavaScript/JS(app.alert(1))>>"), upload.ErrActive},
		"a script, its name in hex":       {plain("<</S /J#61v#61#53cript /JS (x)>>"), upload.ErrActive},
		"a program":                       {plain("<</OpenAction<</S/Launch/F(cmd.exe)>>>>"), upload.ErrActive},
		"a file":                          {plain("<</Type/EmbeddedFile>>"), upload.ErrActive},
		"the list of files":               {plain("<</Names<</EmbeddedFiles 3 0 R>>>>"), upload.ErrActive},
		"a form with scripts":             {plain("<</AcroForm<</XFA 3 0 R>>>>"), upload.ErrActive},
		"a script, packed":                {packed(t, objects, "1 0 <</S/JavaScript/JS(x)>>"), upload.ErrActive},
		"a script, packed behind much":    {packed(t, objects, strings.Repeat("<</A 1>> ", 40_000)+"<</S/JavaScript>>"), upload.ErrActive},
		"a script over the edge":          {packed(t, objects, strings.Repeat(" ", 33_144)+"/JavaScript "), upload.ErrActive},
		"packed, the kind in hex":         {packed(t, "/Type/Obj#53tm/Filter/FlateDecode", "<</S/Launch>>"), upload.ErrActive},
		"packed in a way nobody packs in": {bytes.Replace(packed(t, objects, "x"), []byte("stream\nx"), []byte("stream\n78"), 1), upload.ErrDamaged},
		"much of nothing, packed":         {packed(t, objects, strings.Repeat(" ", 100<<20)), upload.ErrDamaged},
		"objects that only show, packed":  {packed(t, objects, "1 0 <</Type/Page/Contents 4 0 R>>"), nil},
		"a picture that has such a word":  {packed(t, "/Subtype/Image/Filter/FlateDecode", "/JavaScript "), nil},
		"a name that begins so":           {plain("<</LaunchPad 1/Filename(a)/JS2 3>>"), nil},
		"a word in a sentence":            {plain("(Launch of JavaScript)"), nil},
	} {
		out, _, err := upload.Clean(c.data)
		if !errors.Is(err, c.want) || err == nil && !bytes.Equal(out, c.data) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
