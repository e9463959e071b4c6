// Package sheet reads a table that somebody made in a spreadsheet program, and writes one to fill in.
//
// Owns: the forms of files: xlsx, and CSV as Excel and others write it (semicolon, comma or tab; UTF-8 with or without mark,
// UTF-16, Windows-1252).
// Tables: none. May import: terms/civil, excelize, x/text.
// Always true: only values come out, never a formula: of a cell with one the value that the program computed last; nothing is
// unpacked beyond its limit.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// The limits of a file.
const (
	MaxBytes   = 5 << 20
	MaxRows    = 2000
	MaxColumns = 60
	maxCell    = 10_000 // bytes
	unpacked   = 64 << 20
)

// What is wrong with a file as a whole.
var (
	ErrEmpty    = errors.New("sheet: empty")
	ErrTooBig   = errors.New("sheet: too many bytes")
	ErrTooMany  = errors.New("sheet: too many rows or columns")
	ErrType     = errors.New("sheet: neither xlsx nor CSV")
	ErrDamaged  = errors.New("sheet: cannot be read")
	ErrOldExcel = errors.New("sheet: xls, not xlsx")
)

// Table is the first sheet of a file, a row per line; rows may differ in length.
type Table [][]string

// Read tells the kind of file by its bytes. Numbers and dates of an xlsx come as they are stored: 46574 for a date.
func Read(data []byte) (Table, error) {
	switch {
	case len(data) == 0:
		return nil, ErrEmpty
	case len(data) > MaxBytes:
		return nil, ErrTooBig
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readXLSX(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, ErrOldExcel
	}
	return readCSV(data)
}

func readXLSX(data []byte) (Table, error) {
	if err := defuse(data); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: unpacked, UnzipXMLSizeLimit: mostUnpacked})
	if err != nil {
		return nil, ErrDamaged
	}
	defer func() { _ = f.Close() }() // only temporary files
	names := f.GetSheetList()
	if len(names) == 0 {
		return nil, ErrEmpty
	}
	rows, err := f.Rows(names[0])
	if err != nil {
		return nil, ErrDamaged
	}
	defer func() { _ = rows.Close() }()
	var out Table
	texts := 0
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return nil, ErrDamaged
		}
		out = append(out, cells)
		for _, text := range cells {
			texts += len(text)
		}
		if len(out) > MaxRows || len(cells) > mostCells || texts > mostTexts {
			return nil, ErrTooMany
		}
	}
	if rows.Error() != nil {
		return nil, ErrDamaged
	}
	return tidy(out)
}

func readCSV(data []byte) (Table, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
	var out Table
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, ErrDamaged
		}
		// A line without anything is skipped by the reader; row numbers count it, as the reader's spreadsheet does.
		if line, _ := r.FieldPos(0); line > len(out)+1 && line <= MaxRows && !quotedLines(out) {
			for len(out)+1 < line {
				out = append(out, nil)
			}
		}
		out = append(out, cells)
		if len(out) > MaxRows {
			return nil, ErrTooMany
		}
	}
	return tidy(out)
}

// quotedLines reports whether some cell has a line end, after which lines and rows are no longer the same.
func quotedLines(t Table) bool {
	for _, row := range t {
		for _, cell := range row {
			if strings.Contains(cell, "\n") {
				return true
			}
		}
	}
	return false
}

// decode makes UTF-8 of what the program wrote.
func decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", ErrDamaged
		}
		data = out
	}
	if !utf8.Valid(data) {
		out, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return "", ErrDamaged
		}
		data = out
	}
	if bytes.IndexByte(data, 0) >= 0 || bytes.HasPrefix(data, []byte("%PDF")) || bytes.ContainsRune(data, '\x01') {
		return "", ErrType // a picture, a program
	}
	return string(data), nil
}

// separator is the one that the first line has most of.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best, most := ';', 0
	for _, r := range ";,\t" {
		if n := strings.Count(first, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

// tidy trims cells and takes away what is empty at the end.
func tidy(t Table) (Table, error) {
	for i, row := range t {
		for j := range row {
			row[j] = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(row[j], "\r\n", "\n"), "\u00a0", " "))
			if len(row[j]) > maxCell {
				row[j] = strings.ToValidUTF8(row[j][:maxCell], "")
			}
		}
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		if len(row) > MaxColumns {
			return nil, ErrTooMany
		}
		t[i] = row
	}
	for len(t) > 0 && len(t[len(t)-1]) == 0 {
		t = t[:len(t)-1]
	}
	if len(t) == 0 {
		return nil, ErrEmpty
	}
	return t, nil
}

// Letter is how a spreadsheet names its column i, from 0: A, B, ... Z, AA.
func Letter(i int) string {
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return "?" // beyond any sheet
	}
	return name
}
