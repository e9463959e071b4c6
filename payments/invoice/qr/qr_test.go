package qr_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"joetz/payments/invoice/qr"
)

const payload = "BCD\n002\n1\nSCT\n\nJOETZ VZW\nBE68539007547034\nEUR75.00\n\n260000010173"

// A second implementation reads back what was drawn.
func decode(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	if level := result.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]; level != "M" {
		t.Errorf("error correction: got %v, want M", level)
	}
	return result.GetText()
}

func TestPNGReadsBack(t *testing.T) {
	t.Parallel()
	raw, err := qr.PNG(payload, 456)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if got := decode(t, img); got != payload {
		t.Errorf("got %q, want %q", got, payload)
	}
}

// Every pixel is the square that it lies in, or border; also where squares are one pixel, and where the size is no multiple.
func TestPNGPixels(t *testing.T) {
	t.Parallel()
	rows, err := qr.Modules(payload)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, len(rows), len(rows) + 1, 2*len(rows) + 7, 3 * len(rows), 456} {
		raw, err := qr.PNG(payload, size)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("size %d: %v", size, err)
		}
		side := max(size, len(rows))
		if got := img.Bounds().Size(); got != image.Pt(side, side) {
			t.Fatalf("size %d: got %v", size, got)
		}
		scale := side / len(rows)
		border := (side - scale*len(rows)) / 2
		for y := range side {
			for x := range side {
				dark := false
				if r, c := (y-border)/scale, (x-border)/scale; y >= border && x >= border && r < len(rows) && c < len(rows) {
					dark = rows[r][c]
				}
				if luma, _, _, _ := img.At(x, y).RGBA(); (luma == 0) != dark {
					t.Fatalf("size %d: pixel %d,%d is %v", size, x, y, luma)
				}
			}
		}
	}
}

// Runs cover exactly the dark modules, so the drawing from runs reads back too.
func TestRunsReadBack(t *testing.T) {
	t.Parallel()
	rows, err := qr.Modules(payload)
	if err != nil {
		t.Fatal(err)
	}
	const scale = 6
	img := image.NewGray(image.Rect(0, 0, len(rows)*scale, len(rows)*scale))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	for y, row := range rows {
		for _, run := range qr.Runs(row) {
			for px := run.From * scale; px < (run.From+run.Length)*scale; px++ {
				for py := y * scale; py < (y+1)*scale; py++ {
					img.SetGray(px, py, color.Gray{})
				}
			}
		}
	}
	if got := decode(t, img); got != payload {
		t.Errorf("got %q, want %q", got, payload)
	}
}

func TestTooLong(t *testing.T) {
	t.Parallel()
	if _, err := qr.Modules(strings.Repeat("é", 166)); !errors.Is(err, qr.ErrTooLong) { // 332 bytes; version 13-M holds 331
		t.Errorf("got %v, want ErrTooLong", err)
	}
	if _, err := qr.Modules(strings.Repeat("é", 165) + "e"); err != nil {
		t.Error(err)
	}
}

func BenchmarkPNG(b *testing.B) {
	for b.Loop() {
		if _, err := qr.PNG(payload, 456); err != nil {
			b.Fatal(err)
		}
	}
}
