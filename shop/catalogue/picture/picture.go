// Package picture makes a photo that somebody uploaded ready for pages: drawn anew, upright, without EXIF, in a few widths.
//
// Owns: the widths, and how large a file of each may be.
// Tables: none. May import: medical/upload, which knows what is safe; x/image.
// Always true: what comes out holds pixels only and is never wider than what came in; at most one photo is decoded at a time,
// since one can take 160 MB.
package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"

	"joetz/medical/upload"
)

// Card is the width for lists, Page the one for a holiday's page and Wide the one for large screens.
const (
	Card = 400
	Page = 800
	Wide = 1600
)

// limits are how many bytes a width may take; quality goes down until it fits or looks bad.
var limits = []struct{ width, bytes int }{{Card, 14 << 10}, {Page, 70 << 10}, {Wide, 260 << 10}}

// Smallest is the narrowest photo that is taken: a smaller one would look torn on a page.
const Smallest = 600

// ErrNarrow is returned for a photo that is too small for a page; see medical/upload for the others.
var ErrNarrow = errors.New("picture: too narrow")

// Size is a photo in one width.
type Size struct {
	Width, Height int
	JPEG          []byte
}

// Photo is a photo ready for pages, narrowest size first.
type Photo struct {
	Hash  string // of its pixels
	Sizes []Size
}

var one = make(chan struct{}, 1)

// Make reads a JPEG or PNG, told by its bytes.
func Make(data []byte) (Photo, error) {
	one <- struct{}{}
	defer func() { <-one }()
	clean, kind, err := upload.Clean(data)
	if err != nil {
		return Photo{}, err
	}
	if kind != upload.JPEG {
		return Photo{}, upload.ErrType // a PDF is no photo
	}
	source, err := jpeg.Decode(bytes.NewReader(clean))
	if err != nil {
		return Photo{}, upload.ErrDamaged
	}
	if source.Bounds().Dx() < Smallest {
		return Photo{}, ErrNarrow
	}
	var out Photo
	hash := sha256.New()
	for _, l := range limits {
		if l.width > source.Bounds().Dx() && len(out.Sizes) > 0 && out.Sizes[len(out.Sizes)-1].Width == source.Bounds().Dx() {
			break
		}
		size, err := scaled(source, min(l.width, source.Bounds().Dx()), l.bytes)
		if err != nil {
			return Photo{}, err
		}
		_, _ = hash.Write(size.JPEG) // never fails
		out.Sizes = append(out.Sizes, size)
	}
	out.Hash = hex.EncodeToString(hash.Sum(nil))[:24]
	return out, nil
}

func scaled(source image.Image, width, limit int) (Size, error) {
	b := source.Bounds()
	height := max(1, (b.Dy()*width+b.Dx()/2)/b.Dx())
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.BiLinear.Scale(small, small.Bounds(), source, b, draw.Src, nil)
	var file bytes.Buffer
	for _, quality := range []int{82, 74, 66, 58, 50} {
		file.Reset()
		if err := jpeg.Encode(&file, small, &jpeg.Options{Quality: quality}); err != nil {
			return Size{}, upload.ErrDamaged
		}
		if file.Len() <= limit {
			break
		}
	}
	return Size{width, height, file.Bytes()}, nil
}
