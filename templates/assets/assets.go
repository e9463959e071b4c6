// Package assets holds what a browser fetches beside a page: two style sheets, two scripts, the site's icon.
//
// Owns: css/*.css (joined in the order of their names into app.css, and into desk.css what only signed-in people see) and files/*.
// Tables: none.
// May import: the standard library, andybalholm/brotli.
// Always true: a file's address holds a hash of its bytes, so that it may be cached for ever; nothing is fetched from
// another host; a file is compressed once, when it is first asked for.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

//go:embed css/*.css files/*
var embedded embed.FS

// Prefix is where the server hangs the assets.
const Prefix = "/assets/"

// CacheControl goes with every file found by Lookup: its address changes whenever its bytes do.
const CacheControl = "public, max-age=31536000, immutable"

// File is one asset in the encodings that browsers accept.
type File struct {
	Name string // app.css
	Hash string // of the bytes, as it stands in the address
	URL  string // /assets/HASH/app.css
	Type string // content type
	Raw  []byte

	brotli func() []byte
	gzip   func() []byte
}

// desk lists the sheets of pages behind a sign-in. A visitor on a slow phone does not wait for them.
var desk = []string{"60-accounting.css", "60-camp.css", "60-proof.css", "65-family.css", "65-fiche.css", "70-offer.css", "70-office.css"}

// table is every asset by name; made once, read only after that.
var table = mustLoad(embedded)

func mustLoad(fsys fs.FS) map[string]*File {
	files := map[string]*File{}
	styles, err := fs.Glob(fsys, "css/*.css")
	if err != nil {
		panic(err) // a bad pattern, not a missing file
	}
	slices.Sort(styles)
	var all, signedIn bytes.Buffer
	for _, name := range styles {
		if slices.Contains(desk, path.Base(name)) {
			signedIn.Write(mustRead(fsys, name))
		} else {
			all.Write(mustRead(fsys, name))
		}
	}
	files["app.css"], files["desk.css"] = New("app.css", squeeze(all.Bytes())), New("desk.css", squeeze(signedIn.Bytes()))
	others, err := fs.Glob(fsys, "files/*")
	if err != nil {
		panic(err)
	}
	for _, name := range others {
		base := path.Base(name)
		raw := mustRead(fsys, name)
		if base == "app.js" {
			raw = squeezeScript(raw)
		}
		files[base] = New(base, raw)
	}
	return files
}

func mustRead(fsys fs.FS, name string) []byte {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		panic(err) // cannot happen: the file is compiled in
	}
	return raw
}

// New makes a file that is served like the embedded ones but under an address of the caller's: a drawing, for one.
func New(name string, raw []byte) *File {
	sum := sha256.Sum256(raw)
	hash := hex.EncodeToString(sum[:5])
	return &File{
		Name: name,
		Hash: hash,
		URL:  Prefix + hash + "/" + name,
		Type: contentType(name),
		Raw:  raw,
		brotli: sync.OnceValue(func() []byte {
			return compress(raw, func(b *bytes.Buffer) writer { return brotli.NewWriterLevel(b, 11) })
		}),
		gzip: sync.OnceValue(func() []byte {
			return compress(raw, func(b *bytes.Buffer) writer {
				w, _ := gzip.NewWriterLevel(b, gzip.BestCompression) // the level is a valid constant
				return w
			})
		}),
	}
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/vnd.microsoft.icon"
	case ".webmanifest":
		return "application/manifest+json"
	}
	return "text/plain; charset=utf-8"
}

type writer interface {
	Write([]byte) (int, error)
	Close() error
}

func compress(raw []byte, open func(*bytes.Buffer) writer) []byte {
	var b bytes.Buffer
	w := open(&b)
	_, _ = w.Write(raw) // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// squeeze drops the comments and the indentation of our own style sheets; strings in them hold neither.
func squeeze(css []byte) []byte {
	var out bytes.Buffer
	for {
		before, rest, found := bytes.Cut(css, []byte("/*"))
		out.Write(before)
		if !found {
			break
		}
		_, css, _ = bytes.Cut(rest, []byte("*/"))
	}
	var lines []string
	for line := range strings.Lines(out.String()) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// squeezeScript drops the lines of comment and the indentation of app.js, which has no text that goes on over lines.
func squeezeScript(js []byte) []byte {
	var lines []string
	for line := range strings.Lines(string(js)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			lines = append(lines, line)
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// URL is the address of an asset. An unknown name gives an address that is not found.
func URL(name string) string {
	if f, ok := table[name]; ok {
		return f.URL
	}
	return Prefix + "unknown/" + name
}

// Lookup finds the file of an address below Prefix ("HASH/app.css"). An old hash finds the file of today: a page that
// was opened before an update keeps its looks. ok is false for an unknown name.
func Lookup(address string) (f *File, ok bool) {
	f, ok = table[path.Base(address)]
	return f, ok
}

// Body picks the smallest encoding that the Accept-Encoding header allows; encoding is "" for the plain bytes.
func (f *File) Body(acceptEncoding string) (body []byte, encoding string) {
	if len(f.Raw) < 500 || strings.HasPrefix(f.Type, "image/png") {
		return f.Raw, ""
	}
	if strings.Contains(acceptEncoding, "br") {
		return f.brotli(), "br"
	}
	if strings.Contains(acceptEncoding, "gzip") {
		return f.gzip(), "gzip"
	}
	return f.Raw, ""
}

// Names lists all assets, for tests.
func Names() []string {
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
