package qr

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"sync"
)

// PNG is the code as a picture of size by size pixels, or as small as it can be drawn where that is larger.
//
// Every letter about money has one, and drawing them took a twentieth of the Go that a whole order costs, most of it in image/png:
// it looks at each pixel through an interface and tries filters. Here a pixel is one bit from the start, and the rows of a square repeat its first,
// which PNG says with a row of zeros. The format is that of https://www.w3.org/TR/png-3/.
func PNG(payload string, size int) ([]byte, error) {
	rows, err := Modules(payload)
	if err != nil {
		return nil, err
	}
	side := len(rows)
	scale := max(1, size/side)
	size = max(size, side)

	var head [13]byte
	binary.BigEndian.PutUint32(head[0:], uint32(size))
	binary.BigEndian.PutUint32(head[4:], uint32(size))
	head[8] = 1 // bit a pixel; zero: grey, deflate, the five filters, no interlacing
	pixels, err := squeeze(scanlines(rows, scale, size))
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(pixels)+64)
	out = append(out, "\x89PNG\r\n\x1a\n"...)
	out = chunk(out, "IHDR", head[:])
	out = chunk(out, "IDAT", pixels)
	return chunk(out, "IEND", nil), nil
}

const (
	filterNone = 0 // the bytes as they are
	filterUp   = 2 // the difference with the row above
)

// scanlines are the picture's rows as PNG has them: a filter, then eight pixels a byte, the first in the highest bit; 1 is white.
func scanlines(rows [][]bool, scale, size int) []byte {
	border := (size - scale*len(rows)) / 2
	width := 1 + (size+7)/8
	pix := make([]byte, size*width)
	line := func(y int) []byte { return pix[y*width:][:width] }
	fresh := func(l []byte) { // a white one
		l[0] = filterNone
		for i := range l[1:] {
			l[1+i] = 0xff
		}
	}
	for y := range size {
		line(y)[0] = filterUp // and zeros: the same as above
	}
	fresh(line(0))
	for r, row := range rows {
		l := line(border + r*scale)
		fresh(l)
		for _, run := range Runs(row) {
			from := border + run.From*scale
			for x := from; x < from+run.Length*scale; x++ {
				l[1+x/8] &^= 0x80 >> (x % 8)
			}
		}
	}
	if below := border + len(rows)*scale; below < size {
		fresh(line(below))
	}
	return pix
}

// squeezers are kept from one picture to the next: each has some 800 kB of tables.
var squeezers = sync.Pool{New: func() any {
	w, _ := zlib.NewWriterLevel(nil, zlib.BestSpeed) // the level is a valid constant
	return w
}}

func squeeze(data []byte) ([]byte, error) {
	w := squeezers.Get().(*zlib.Writer)
	defer squeezers.Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

// chunk adds a part of the file: its length, name, bytes and check sum.
func chunk(out []byte, name string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	from := len(out)
	out = append(append(out, name...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}
