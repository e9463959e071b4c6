package upload

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
)

// turn is how a camera held a picture: the values of the EXIF tag Orientation.
type turn uint16

const upright turn = 1

// of gives the picture as it is to be looked at.
func (t turn) of(p image.Image) image.Image {
	if t <= upright || t > 8 {
		return p
	}
	return turned{p, t}
}

// turned is a view on a picture, so that no second copy of forty million pixels is made.
type turned struct {
	image.Image
	turn turn
}

// Bounds swaps the sides when the picture lies on one.
func (v turned) Bounds() image.Rectangle {
	b := v.Image.Bounds()
	if v.turn >= 5 {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

// At looks up the pixel in the picture as it was taken.
func (v turned) At(x, y int) color.Color {
	b := v.Image.Bounds()
	right, bottom := b.Dx()-1, b.Dy()-1
	switch v.turn {
	case 2: // mirrored
		x = right - x
	case 3: // upside down
		x, y = right-x, bottom-y
	case 4: // upside down and mirrored
		y = bottom - y
	case 5: // on its left side, mirrored
		x, y = y, x
	case 6: // turned to the left: look at it turned to the right
		x, y = y, bottom-x
	case 7:
		x, y = right-y, bottom-x
	case 8:
		x, y = right-y, x
	}
	return v.Image.At(b.Min.X+x, b.Min.Y+y)
}

const (
	markerSOS       = 0xda // the pixels begin
	markerAPP1      = 0xe1 // EXIF is in one of these
	tagOrientation  = 0x0112
	longestFirstIFD = 512
)

// turnOf reads the EXIF orientation of a JPEG. What it does not understand is upright.
func turnOf(data []byte) turn {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, length := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == markerSOS || length < 2 || at+2+length > len(data) {
			return upright
		}
		body := data[at+4 : at+2+length]
		if exif, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && marker == markerAPP1 {
			return orientation(exif)
		}
		at += 2 + length
	}
	return upright
}

// orientation looks the tag up in a TIFF header's first directory.
func orientation(tiff []byte) turn {
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	offset := int(order.Uint32(tiff[4:]))
	if offset < 8 || offset+2 > len(tiff) {
		return upright
	}
	entries := int(order.Uint16(tiff[offset:]))
	for i := range min(entries, longestFirstIFD) {
		at := offset + 2 + 12*i
		if at+12 > len(tiff) {
			return upright
		}
		if order.Uint16(tiff[at:]) == tagOrientation {
			return turn(order.Uint16(tiff[at+8:]))
		}
	}
	return upright
}
