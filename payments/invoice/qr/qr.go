// Package qr draws the square code that a bank's app reads.
//
// Owns: the picture. What it says comes from payments/bank.
// May import: go-qrcode.
// Always true: error correction M and no more than version 13, as the European Payments Council asks for payment codes
// (EPC069-12); four modules of white around it, without which telephones do not find it.
package qr

import (
	"errors"
	"fmt"
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
