package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
)

// What a table of MaxRows by MaxColumns has, with room: two elements a cell, texts as long as a letter. Without these limits a file of
// 24 kB takes more than a gigabyte once its parts are trees in memory.
const (
	mostParts    = 2000
	mostInTable  = 500_000 // elements of a sheet, or of the texts that its cells share
	mostInPart   = 100_000 // elements of any other part: styles, for one
	mostDeep     = 64
	mostText     = 64 << 10 // of one cell
	mostCells    = 20 * MaxColumns
	mostTexts    = 16 << 20 // of all cells
	mostUnpacked = unpacked / 4
)

var errEncoding = errors.New("sheet: a part is not UTF-8")

// defuse refuses a package that is small on disk and large in memory, before anything of it is kept. It reads each part as the one who
// keeps it will, word by word, and stops at the first that is too much.
func defuse(data []byte) error {
	pack, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return ErrDamaged
	}
	if len(pack.File) > mostParts {
		return ErrTooMany
	}
	var all uint64
	for _, f := range pack.File {
		if all += min(f.UncompressedSize64, unpacked+1); f.UncompressedSize64 > mostUnpacked || all > unpacked {
			return ErrTooMany // what it says to people: its bytes on disk are few
		}
		part, err := f.Open()
		if err != nil {
			return ErrDamaged
		}
		said := &io.LimitedReader{R: part, N: int64(f.UncompressedSize64) + 1} // at most 16 MB, see above
		if err = weigh(said); err == nil {
			_, _ = io.Copy(io.Discard, said) // what is damaged is found by who reads it in earnest
		}
		_ = part.Close() // only read
		if err == nil && said.N == 0 {
			err = ErrDamaged // more than it says of itself
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// weigh counts what a part becomes in memory. A part that is no XML, or stops being it, is a picture or will be refused as damaged.
func weigh(part io.Reader) error {
	words := xml.NewDecoder(part)
	words.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errEncoding }
	most, elements, deep, cells, text := mostInPart, 0, 0, 0, 0
	for {
		word, err := words.RawToken()
		switch {
		case errors.Is(err, errEncoding):
			return ErrDamaged
		case err != nil:
			return nil
		}
		switch w := word.(type) {
		case xml.StartElement:
			if elements++; elements == 1 && (w.Name.Local == "worksheet" || w.Name.Local == "sst") {
				most = mostInTable
			}
			deep++
			switch w.Name.Local {
			case "row":
				cells = 0
			case "c":
				cells++
				text = 0
			case "si":
				text = 0
			}
			if elements > most || deep > mostDeep || cells > mostCells || len(w.Attr) > mostDeep {
				return ErrTooMany
			}
		case xml.EndElement:
			deep--
		case xml.CharData:
			if text += len(w); text > mostText && most == mostInTable {
				return ErrTooMany
			}
		}
	}
}
