package upload_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"joetz/medical/upload"
)

// corner draws a picture of 64 by 32 whose top left quarter is red and the rest white.
func corner() *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, 64, 32))
	for y := range 32 {
		for x := range 64 {
			c := color.RGBA{255, 255, 255, 255}
			if x < 32 && y < 16 {
				c = color.RGBA{255, 0, 0, 255}
			}
			p.Set(x, y, c)
		}
	}
	return p
}

func encode(t testing.TB, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// withEXIF puts an EXIF block with that orientation, and a secret, behind the start of a JPEG.
func withEXIF(data []byte, orientation uint16, order byteOrder) []byte {
	tiff := []byte("MM\x00*")
	if order == byteOrder(binary.LittleEndian) {
		tiff = []byte("II*\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	entry := func(tag, kind uint16, value uint16) {
		tiff = order.AppendUint16(tiff, tag)
		tiff = order.AppendUint16(tiff, kind)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, value)
		tiff = append(tiff, 0, 0)
	}
	entry(0x010f, 2, 0)
	entry(0x0112, 3, orientation)
	tiff = append(tiff, "GPS kanariewoord"...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, data[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	out = append(out, body...)
	return append(out, data[2:]...)
}

func isRed(c color.Color) bool { r, g, _, _ := c.RGBA(); return r > 0xb000 && g < 0x5000 }

// Where the red corner is to be seen, from the definition of the EXIF tag: value n says where row 0 and column 0 of the
// stored picture are (1 top left, 2 top right, 3 bottom right, 4 bottom left; 5 to 8 the same with rows and columns
// exchanged: left top, right top, right bottom, left bottom).
func TestPicturesStandUpright(t *testing.T) {
	t.Parallel()
	for value, want := range map[uint16]struct {
		wide, left, top bool
	}{
		1: {true, true, true}, 2: {true, false, true}, 3: {true, false, false}, 4: {true, true, false},
		5: {false, true, true}, 6: {false, false, true}, 7: {false, false, false}, 8: {false, true, false},
		0: {true, true, true}, 9: {true, true, true},
	} {
		for _, order := range []byteOrder{binary.BigEndian, binary.LittleEndian} {
			out, kind, err := upload.Clean(withEXIF(encode(t, corner()), value, order))
			if err != nil || kind != upload.JPEG {
				t.Fatalf("%d: %v %v", value, kind, err)
			}
			p, err := jpeg.Decode(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			b := p.Bounds()
			if wide := b.Dx() == 64 && b.Dy() == 32; wide != want.wide || !wide && (b.Dx() != 32 || b.Dy() != 64) {
				t.Errorf("%d: %v", value, b)
			}
			for _, left := range []bool{true, false} {
				for _, top := range []bool{true, false} {
					x, y := b.Dx()*3/4, b.Dy()*3/4
					if left {
						x = b.Dx() / 4
					}
					if top {
						y = b.Dy() / 4
					}
					if got := isRed(p.At(x, y)); got != (left == want.left && top == want.top) {
						t.Errorf("%d: red at left %v top %v: %v", value, left, top, got)
					}
				}
			}
			if bytes.Contains(out, []byte("kanariewoord")) || bytes.Contains(out, []byte("Exif")) {
				t.Errorf("%d: the camera's notes are kept", value)
			}
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	good := encode(t, corner())
	says := func(p image.Image, side uint32) []byte { // a PNG that says it is so many pixels square
		var b bytes.Buffer
		if err := png.Encode(&b, p); err != nil {
			t.Fatal(err)
		}
		data := b.Bytes()
		binary.BigEndian.PutUint32(data[16:], side)
		binary.BigEndian.PutUint32(data[20:], side)
		binary.BigEndian.PutUint32(data[29:], crc(data[12:29]))
		return data
	}
	pdf := func(trailer string) []byte { return []byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\n" + trailer) }
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":          {nil, upload.ErrEmpty},
		"too big":        {append([]byte("%PDF-"), make([]byte, upload.MaxBytes)...), upload.ErrTooBig},
		"HEIC":           {[]byte("\x00\x00\x00\x18ftypheic"), upload.ErrType},
		"HTML":           {[]byte("<html><script>alert(1)</script>"), upload.ErrType},
		"SVG":            {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), upload.ErrType},
		"GIF":            {[]byte("GIF89a"), upload.ErrType},
		"half a picture": {good[:len(good)/2], upload.ErrDamaged},
		"only a start":   {good[:3], upload.ErrDamaged},
		"WebP":           {[]byte("RIFF\x24\x00\x00\x00WEBPVP8 "), upload.ErrType},
		"XML":            {[]byte(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`), upload.ErrType},
		"bomb":           {says(corner(), 60_000), upload.ErrPixels},
		"a picture of few pixels, each of eight bytes": {says(image.NewNRGBA64(image.Rect(0, 0, 8, 8)), 5_000), upload.ErrPixels},
		"the same with four":                           {says(image.NewNRGBA(image.Rect(0, 0, 8, 8)), 5_000), upload.ErrDamaged}, // taken, then found to have an end too early
		"half a PDF":                                   {pdf(""), upload.ErrDamaged},
		"locked PDF":                                   {pdf("trailer <</Encrypt 5 0 R>>\n%%EOF"), upload.ErrLocked},
	} {
		if out, kind, err := upload.Clean(c.data); !errors.Is(err, c.want) || out != nil || kind != "" {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if out, kind, err := upload.Clean(pdf("trailer <<>>\n%%EOF\n")); err != nil || kind != upload.PDF || len(out) == 0 {
		t.Errorf("a PDF: %v %v", kind, err)
	}
}

func TestSeeThroughIsOnWhite(t *testing.T) {
	t.Parallel()
	p := image.NewNRGBA(image.Rect(0, 0, 16, 16)) // all of it see-through
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	out, _, err := upload.Clean(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	got, err := jpeg.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, bl, _ := got.At(8, 8).RGBA(); r < 0xf000 || g < 0xf000 || bl < 0xf000 {
		t.Errorf("see-through came out as %v", got.At(8, 8))
	}
}

func crc(data []byte) uint32 {
	c := ^uint32(0)
	for _, b := range data {
		c ^= uint32(b)
		for range 8 {
			if c&1 == 1 {
				c = c>>1 ^ 0xedb88320
			} else {
				c >>= 1
			}
		}
	}
	return ^c
}

func FuzzClean(f *testing.F) {
	f.Add(encode(f, corner()))
	f.Add(withEXIF(encode(f, corner()), 6, binary.BigEndian))
	f.Add([]byte("%PDF-1.4 %%EOF"))
	f.Add(packed(f, "/Type/ObjStm/Filter/FlateDecode", "<</S/J#61vaScript>>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		out, kind, err := upload.Clean(data)
		if (err == nil) != (kind != "") || err != nil && out != nil {
			t.Fatalf("%q %v", kind, err)
		}
	})
}
