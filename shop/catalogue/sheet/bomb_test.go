package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"joetz/shop/catalogue/sheet"
)

const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`

// pack is a workbook whose parts are as given, and plain where they are not.
func pack(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	all := map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="` + types + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":     `<workbook ` + ns + ` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="b"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="b" Type="` + types + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="c" Type="` + types + `sharedStrings" Target="sharedStrings.xml"/><Relationship Id="d" Type="` + types + `styles" Target="styles.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml": rows(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`),
		"xl/sharedStrings.xml":     texts(`<si><t>naam</t></si>`),
		"xl/styles.xml":            `<styleSheet ` + ns + `/>`,
	}
	for name, part := range parts {
		all[name] = part
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, part := range all {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, part); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func rows(inner string) string {
	return `<worksheet ` + ns + `><sheetData>` + inner + `</sheetData></worksheet>`
}
func texts(inner string) string { return `<sst ` + ns + `>` + inner + `</sst>` }

// liar is a package with a part that is larger than it says.
func liar(t *testing.T) []byte {
	t.Helper()
	part := []byte(texts(strings.Repeat(" ", 8<<20)))
	var packed, out bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(part); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&out)
	raw, err := z.CreateRaw(&zip.FileHeader{Name: "xl/sharedStrings.xml", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(part), CompressedSize64: uint64(packed.Len()), UncompressedSize64: 100})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Write(packed.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A file of some kilobytes that would be a gigabyte in memory is refused before it is. What is allocated is counted over the whole
// call, so the test runs alone.
func TestSmallFilesStaySmall(t *testing.T) {
	wide := strings.Repeat(`<c t="s"><v>0</v></c>`, 60)
	long := strings.Repeat("a", 9000)
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"a plain one":                    {pack(t, nil), nil},
		"a million shared texts":         {pack(t, map[string]string{"xl/sharedStrings.xml": texts(strings.Repeat(`<si/>`, 600_000))}), sheet.ErrTooMany},
		"a text of a million pieces":     {pack(t, map[string]string{"xl/sharedStrings.xml": texts(`<si>` + strings.Repeat(`<r><t>a</t></r>`, 600_000) + `</si>`)}), sheet.ErrTooMany},
		"a text of a book":               {pack(t, map[string]string{"xl/sharedStrings.xml": texts(`<si>` + strings.Repeat(`<r><t>`+long+`</t></r>`, 1000) + `</si>`)}), sheet.ErrTooMany},
		"more than one part may be":      {pack(t, map[string]string{"xl/sharedStrings.xml": texts(strings.Repeat(" ", 17<<20))}), sheet.ErrTooMany},
		"more than a package may be":     {pack(t, map[string]string{"a": strings.Repeat("\x00", 15<<20), "b": strings.Repeat("\x00", 15<<20), "c": strings.Repeat("\x00", 15<<20), "d": strings.Repeat("\x00", 15<<20), "e": strings.Repeat("\x00", 15<<20)}), sheet.ErrTooMany},
		"more than it says":              {liar(t), sheet.ErrDamaged},
		"a million styles":               {pack(t, map[string]string{"xl/styles.xml": `<styleSheet ` + ns + `><cellXfs>` + strings.Repeat(`<xf/>`, 600_000) + `</cellXfs></styleSheet>`}), sheet.ErrTooMany},
		"a million sheets":               {pack(t, map[string]string{"xl/workbook.xml": `<workbook ` + ns + `><sheets>` + strings.Repeat(`<sheet/>`, 600_000) + `</sheets></workbook>`}), sheet.ErrTooMany},
		"a row of a million cells":       {pack(t, map[string]string{"xl/worksheets/sheet1.xml": rows(`<row r="1">` + strings.Repeat(`<c/>`, 600_000) + `</row>`)}), sheet.ErrTooMany},
		"the last cell that Excel has":   {pack(t, map[string]string{"xl/worksheets/sheet1.xml": rows(`<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`)}), sheet.ErrTooMany},
		"one long text in every cell":    {pack(t, map[string]string{"xl/worksheets/sheet1.xml": rows(strings.Repeat(`<row>`+wide+`</row>`, 2000)), "xl/sharedStrings.xml": texts(`<si><t>` + long + `</t></si>`)}), sheet.ErrTooMany},
		"a million boxes in each other":  {pack(t, map[string]string{"xl/worksheets/sheet1.xml": strings.Repeat(`<a>`, 600_000)}), sheet.ErrTooMany},
		"another encoding":               {pack(t, map[string]string{"xl/styles.xml": `<?xml version="1.0" encoding="utf-7"?><styleSheet ` + ns + `/>`}), sheet.ErrDamaged},
		"words that stand for words":     {pack(t, map[string]string{"xl/sharedStrings.xml": `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>` + texts(`<si><t>&b;</t></si>`)}), sheet.ErrDamaged},
		"a part with thousands of names": {pack(t, map[string]string{"xl/styles.xml": `<styleSheet ` + strings.Repeat(`a="" `, 5000) + `/>`}), sheet.ErrTooMany},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := sheet.Read(c.data)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 400 {
			t.Errorf("%s: %d kB became %d MB", name, len(c.data)>>10, took)
		}
	}
}

// The largest table that is taken, as a spreadsheet program writes it.
func TestTheLargestTable(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i := range sheet.MaxRows {
		row := make([]any, sheet.MaxColumns)
		for j := range row {
			row[j] = fmt.Sprintf("cel %d, %d", i, j)
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	data, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read(data.Bytes())
	if err != nil || len(table) != sheet.MaxRows || len(table[1999]) != sheet.MaxColumns || table[1999][59] != "cel 1999, 59" {
		t.Error(len(table), err)
	}
}
