package upload_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"strings"
	"testing"

	"joetz/medical/upload"
)

// layers is a JPEG of side by side pixels, grey, that comes in so many layers of nothing: each is one refinement of one
// coefficient of every block, in words of 32,767 blocks.
func layers(side uint16, number int) []byte {
	var b bytes.Buffer
	segment := func(marker byte, body ...byte) {
		b.Write([]byte{0xff, marker})
		b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(body)+2)))
		b.Write(body)
	}
	b.Write([]byte{0xff, 0xd8})
	segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)
	frame := binary.BigEndian.AppendUint16([]byte{8}, side)
	frame = append(binary.BigEndian.AppendUint16(frame, side), 1, 1, 0x11, 0)
	segment(0xc2, frame...)
	// One word of one bit: the run of 2^14 blocks and more that hold nothing.
	segment(0xc4, append([]byte{0x10, 1}, append(make([]byte, 15), 0xe0)...)...)
	segment(0xc4, append([]byte{0x00, 1}, append(make([]byte, 15), 0)...)...)
	blocks := (int(side) + 7) / 8 * ((int(side) + 7) / 8)
	for range number {
		segment(0xda, 1, 1, 0x00, 1, 63, 0)
		for left := blocks; left > 0; left -= 32767 {
			b.Write([]byte{0x7f, 0x00, 0x7f, 0x00}) // stuffing of ones: whatever they say, they end soon
		}
	}
	b.Write([]byte{0xff, 0xd9})
	return b.Bytes()
}

// A small file costs little, whatever it says. What is allocated is counted over the whole call, so the test runs alone.
func TestSmallFilesStaySmall(t *testing.T) {
	good := encode(t, corner())
	chunk := func(kind string, body []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		named := append([]byte(kind), body...)
		return binary.BigEndian.AppendUint32(append(out, named...), crc(named))
	}
	head := func(width, height uint32, depth, colour byte) []byte {
		return chunk("IHDR", append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height), depth, colour, 0, 0, 0))
	}
	png := func(chunks ...[]byte) []byte { return append([]byte("\x89PNG\r\n\x1a\n"), bytes.Join(chunks, nil)...) }
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"fifty layers":                          {layers(1000, 50), nil},
		"a thousand layers":                     {layers(2000, 1000), upload.ErrDamaged},
		"a line of two thousand million pixels": {png(head(1<<31-1, 1, 1, 0), chunk("IEND", nil)), upload.ErrPixels},
		"no height":                             {png(head(1000, 0, 8, 2), chunk("IEND", nil)), upload.ErrDamaged},
		"more than any number":                  {png(head(1<<32-1, 1<<32-1, 8, 2), chunk("IEND", nil)), upload.ErrDamaged},
		"a hundred thousand empty chunks":       {png(head(8, 8, 8, 2), bytes.Repeat(chunk("IDAT", nil), 100_000)), upload.ErrDamaged},
		"a chunk without end":                   {png(head(8, 8, 8, 2), []byte("\x7f\xff\xff\xffIDAT")), upload.ErrDamaged},
		"a JPEG of 65,535 by 65,535":            {layers(65_535, 1), upload.ErrPixels},
		"notes of a megabyte":                   {append(append(append([]byte{}, good[:2]...), bytes.Repeat([]byte("\xff\xe1\xff\xff"+strings.Repeat("a", 65533)), 16)...), good[2:]...), nil},
		"a web page behind a picture":           {append(append([]byte{}, good...), "<html><script>alert(1)</script>"...), nil},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		out, _, err := upload.Clean(c.data)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 40 {
			t.Errorf("%s: %d kB became %d MB", name, len(c.data)>>10, took)
		}
		if bytes.Contains(out, []byte("script")) || bytes.Contains(out, []byte("aaaa")) {
			t.Errorf("%s: what is no pixel was kept", name)
		}
	}
}
