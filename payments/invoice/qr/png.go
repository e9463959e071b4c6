package qr

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"sync"
)

// PNG is the code as a picture of size by size pixels, or as small as it can be drawn where that is larger.
//
// Every letter about money has one, and the library's own picture took a fifth of what an order costs the shop: with two
// colours a pixel is one bit, and the rows of a square are copies of its first.
func PNG(payload string, size int) ([]byte, error) {
	rows, err := Modules(payload)
	if err != nil {
		return nil, err
	}
	side := len(rows)
	scale := max(1, size/side)
	size = max(size, side)
	border := (size - scale*side) / 2

	img := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{color.White, color.Black})
	line := func(y int) []byte { return img.Pix[y*img.Stride:][:size] }
	for r, row := range rows {
		first := border + r*scale
		for _, run := range Runs(row) {
			for x := range run.Length * scale {
				line(first)[border+run.From*scale+x] = 1
			}
		}
		for y := 1; y < scale; y++ {
			copy(line(first+y), line(first))
		}
	}
	var out bytes.Buffer
	err = encoder.Encode(&out, img)
	return out.Bytes(), err
}

var encoder = png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &buffers{}}

// buffers keeps the encoder's buffers from one picture to the next: a compressor has some 800 kB of tables.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() *png.EncoderBuffer {
	kept, _ := b.pool.Get().(*png.EncoderBuffer)
	return kept // nil: the encoder makes one
}

func (b *buffers) Put(used *png.EncoderBuffer) { b.pool.Put(used) }
