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
// It is written here and not by image/png, which asks for the colour of each of 200,000 pixels: every letter about money has
// one, and drawing them was a fifth of what an order costs the shop. One bit is a pixel; of the rows of a square only the
// first is written, the others say "as above" (PNG specification, 9.2: filter 2).
func PNG(payload string, size int) ([]byte, error) {
	rows, err := Modules(payload)
	if err != nil {
		return nil, err
	}
	side := len(rows)
	scale := max(1, size/side)
	size = max(size, side)
	border := (size - scale*side) / 2

	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n")
	header := binary.BigEndian.AppendUint32(nil, uint32(size))                          //nolint:gosec // some hundreds
	header = append(binary.BigEndian.AppendUint32(header, uint32(size)), 1, 0, 0, 0, 0) //nolint:gosec // 1 bit, grey, no interlacing
	chunk(&out, "IHDR", header)
	var data bytes.Buffer
	z := compressors.Get().(*zlib.Writer) //nolint:forcetypeassert // New makes nothing else
	defer compressors.Put(z)
	z.Reset(&data)
	const whole, above = 0, 2 // filters
	line, same := make([]byte, 1+(size+7)/8), make([]byte, 1+(size+7)/8)
	same[0] = above
	for y := range size {
		row := (y - border + scale) / scale // from 1: 0 and what comes after the last are border
		fresh := y == 0 || y >= border && (y-border)%scale == 0
		write := same
		if fresh {
			line[0] = whole
			for i := 1; i < len(line); i++ {
				line[i] = 0xff
			}
			if row >= 1 && row <= side {
				darken(line[1:], rows[row-1], border, scale)
			}
			write = line
		}
		if _, err := z.Write(write); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	chunk(&out, "IDAT", data.Bytes())
	chunk(&out, "IEND", nil)
	return out.Bytes(), nil
}

var compressors = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

// darken clears the bits of a row's dark squares.
func darken(bits []byte, row []bool, border, scale int) {
	for _, run := range Runs(row) {
		for x := border + run.From*scale; x < border+(run.From+run.Length)*scale; x++ {
			bits[x/8] &^= 0x80 >> (x % 8)
		}
	}
}

// chunk writes a part of a PNG file: length, name, data and their check sum.
func chunk(out *bytes.Buffer, name string, data []byte) {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(data))) //nolint:gosec // some kilobytes
	out.Write(n[:])
	sum := crc32.NewIEEE()
	for _, part := range [][]byte{[]byte(name), data} {
		out.Write(part)
		_, _ = sum.Write(part) // a hash never fails
	}
	binary.BigEndian.PutUint32(n[:], sum.Sum32())
	out.Write(n[:])
}
