// Package qr draws the square code that a bank's app reads.
//
// Owns: the picture. What it says comes from payments/bank.
// May import: go-qrcode.
// Always true: error correction M and no more than version 13, as the European Payments Council asks for payment codes
// (EPC069-12); four modules of white around it, without which telephones do not find it.
package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// ErrTooLong is returned for a payload that needs a denser code than banks read.
var ErrTooLong = errors.New("qr: payload does not fit version 13")

const highestVersion = 13

func encode(payload string) (*qrcode.QRCode, error) {
	code, err := qrcode.New(payload, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	if code.VersionNumber > highestVersion {
		return nil, ErrTooLong
	}
	return code, nil
}

// Modules is the code as rows of dark (true) and light squares, with its white border.
func Modules(payload string) ([][]bool, error) {
	code, err := encode(payload)
	if err != nil {
		return nil, err
	}
	return code.Bitmap(), nil
}

// PNG is the code as a picture of size by size pixels.
func PNG(payload string, size int) ([]byte, error) {
	rows, err := Modules(payload)
	if err != nil {
		return nil, err
	}
	scale := max(1, size/len(rows))
	size = max(size, len(rows))
	border := (size - scale*len(rows)) / 2
	// Two colours are one bit for each pixel, and squares compress well at any speed: every mail about money carries one.
	img := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{color.White, color.Black})
	for y, row := range rows {
		top := img.Pix[(border+y*scale)*img.Stride:]
		for _, run := range Runs(row) {
			dark := top[border+run.From*scale : border+(run.From+run.Length)*scale]
			for x := range dark {
				dark[x] = 1
			}
		}
		for line := 1; line < scale; line++ {
			copy(top[line*img.Stride:(line+1)*img.Stride], top[:img.Stride])
		}
	}
	var b bytes.Buffer
	fast := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := fast.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return b.Bytes(), nil
}

// Path is the code as the d attribute of an SVG path, in a viewBox of side by side: one rectangle per run of dark squares.
func Path(payload string) (d string, side int, err error) {
	rows, err := Modules(payload)
	if err != nil {
		return "", 0, err
	}
	var b strings.Builder
	for y, row := range rows {
		for _, run := range Runs(row) {
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", run.From, y, run.Length, run.Length)
		}
	}
	return b.String(), len(rows), nil
}

// Run is a stretch of dark squares in a row.
type Run struct{ From, Length int }

// Runs lists the dark stretches of a row. Drawn as one, they leave no hair lines between squares in print.
func Runs(row []bool) []Run {
	var runs []Run
	for x := 0; x < len(row); x++ {
		from := x
		for x < len(row) && row[x] {
			x++
		}
		if x > from {
			runs = append(runs, Run{from, x - from})
		}
	}
	return runs
}
