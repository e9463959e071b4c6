// Package upload makes a stranger's file into one that is safe to keep and to hand out: a picture is drawn anew, a PDF is
// told from what only says it is one, and from one that does more than show.
//
// Owns: the limits of uploads, the reading of a picture's turn, and what a PDF may not have in it.
// Tables: none. May import: the standard library.
// Always true: what a file is is decided by its bytes, never by its name; a picture that comes out holds pixels only (no
// place, no camera, no hidden text); nothing is decoded before its size is known; the pictures that are decoded at one time
// have at most MaxPixels together.
package upload

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png" // for image.Decode
	"sync"
)

// The limits of one upload.
const (
	MaxBytes  = 10 << 20
	MaxPixels = 40_000_000
)

// What is wrong with a file, one error per thing that its owner can do about it.
var (
	ErrEmpty   = errors.New("upload: empty")
	ErrTooBig  = errors.New("upload: too many bytes")
	ErrPixels  = errors.New("upload: too many pixels")
	ErrType    = errors.New("upload: neither JPEG, PNG nor PDF")
	ErrDamaged = errors.New("upload: damaged")
	ErrLocked  = errors.New("upload: a PDF with a password")
	ErrActive  = errors.New("upload: a PDF with a script, a program to start or a file in it")
)

// The types that come out.
const (
	JPEG = "image/jpeg"
	PDF  = "application/pdf"
)

const quality = 85

// A JPEG may come in layers, and each goes over every pixel again, also one of sixty bytes: ten megabytes of them would keep a
// processor busy for hours. Cameras and programs write a dozen.
const mostScans = 100

// scan is the mark before each layer. Among pixels it cannot stand; in a camera's notes it may, in the pictures in small.
var scan = []byte{0xff, markerSOS}

// Clean gives the file as it is to be kept, and its type.
func Clean(data []byte) (out []byte, kind string, err error) {
	switch {
	case len(data) == 0:
		return nil, "", ErrEmpty
	case len(data) > MaxBytes:
		return nil, "", ErrTooBig
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return cleanPDF(data)
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		if bytes.Count(data, scan) > mostScans {
			return nil, "", ErrDamaged
		}
		return redraw(data, turnOf(data))
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return redraw(data, upright)
	}
	return nil, "", ErrType
}

// redraw decodes a picture, turns it as its camera meant it, and encodes it anew.
func redraw(data []byte, t turn) ([]byte, string, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return nil, "", ErrDamaged
	case size.Width <= 0 || size.Height <= 0 || size.Width > MaxPixels/size.Height/deep(size.ColorModel):
		return nil, "", ErrPixels
	}
	defer enter(size.Width * size.Height * deep(size.ColorModel))()
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, "", ErrDamaged
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, t.of(onPaper(picture)), &jpeg.Options{Quality: quality}); err != nil {
		return nil, "", ErrDamaged
	}
	return out.Bytes(), JPEG, nil
}

// deep is 2 for a picture with 16 bits a colour, which takes twice the memory, and 1 for others.
func deep(m color.Model) int {
	switch m {
	case color.NRGBA64Model, color.RGBA64Model, color.Gray16Model:
		return 2
	}
	return 1
}

// A picture of some kilobytes may take 160 MB to draw, and more while a JPEG comes in layers. A quarter of MaxPixels is one
// place of the room; who needs several takes all of them before the next may take its first, so that no two wait for each other.
const places = 4

var (
	door sync.Mutex
	room = make(chan struct{}, places)
)

// enter waits until there is room for so many pixels. The caller calls leave.
func enter(pixels int) (leave func()) {
	n := min(places, 1+pixels/(MaxPixels/places))
	door.Lock()
	for range n {
		room <- struct{}{}
	}
	door.Unlock()
	return func() {
		for range n {
			<-room
		}
	}
}

// onPaper puts a picture that may be see-through on white: a JPEG cannot be.
func onPaper(picture image.Image) image.Image {
	if o, ok := picture.(interface{ Opaque() bool }); ok && o.Opaque() {
		return picture
	}
	paper := image.NewRGBA(picture.Bounds())
	draw.Draw(paper, paper.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(paper, paper.Bounds(), picture, picture.Bounds().Min, draw.Over)
	return paper
}
