package roster

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// Sheet is a table for a file: the names of its columns and its rows of string, int, money.Cents or civil.Date.
type Sheet struct {
	Columns []string
	Rows    [][]any
}

// CSV writes a sheet as a Belgian Excel opens it with a double click: UTF-8 with its mark, semicolons, decimal commas. A
// text that a spreadsheet would run as a formula gets an apostrophe before it.
func (s Sheet) CSV() []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	line := func(cells []string) {
		b.WriteString(strings.Join(cells, ";") + "\r\n")
	}
	head := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		head[i] = quote(c)
	}
	line(head)
	for _, row := range s.Rows {
		cells := make([]string, len(row))
		for i, v := range row {
			switch v := v.(type) {
			case money.Cents:
				cells[i] = decimal(v)
			case int:
				cells[i] = fmt.Sprint(v)
			case civil.Date:
				cells[i] = day(v)
			default:
				cells[i] = quote(harmless(fmt.Sprint(v)))
			}
		}
		line(cells)
	}
	return b.Bytes()
}

// harmless keeps a spreadsheet from running a text (CWE-1236): these first signs start a formula, also in their wide form
// and after spaces and what is not seen.
func harmless(text string) string {
	seen := strings.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) })
	first, _ := utf8.DecodeRuneInString(seen)
	if strings.ContainsAny(text[:min(len(text), 1)], "\t\r\n") || strings.ContainsRune("=+-@|＝＋－＠", first) {
		return "'" + text
	}
	return text
}

func quote(text string) string {
	if strings.ContainsAny(text, ";\"\r\n,'") || strings.TrimSpace(text) != text {
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}

func decimal(c money.Cents) string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d,%02d", sign, c/100, c%100)
}

// day is 05/07/2027; "" for none.
func day(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, dd := d.YMD()
	return fmt.Sprintf("%02d/%02d/%d", dd, int(m), y)
}

// Excel writes a sheet as a workbook: texts are texts, amounts are numbers with two decimals, days are days.
func (s Sheet) Excel(name string) ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // nothing was written to disk
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return nil, fmt.Errorf("roster: excel: %w", err)
	}
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return nil, fmt.Errorf("roster: excel: %w", err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, fmt.Errorf("roster: excel: %w", err)
	}
	amount, err := f.NewStyle(&excelize.Style{NumFmt: 4}) // #,##0.00
	if err != nil {
		return nil, fmt.Errorf("roster: excel: %w", err)
	}
	date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		return nil, fmt.Errorf("roster: excel: %w", err)
	}
	if err := w.SetColWidth(1, max(1, len(s.Columns)), 20); err != nil {
		return nil, fmt.Errorf("roster: excel: %w", err)
	}
	head := make([]any, len(s.Columns))
	for i, c := range s.Columns {
		head[i] = excelize.Cell{StyleID: bold, Value: c}
	}
	if err := w.SetRow("A1", head, excelize.RowOpts{}); err != nil {
		return nil, fmt.Errorf("roster: excel: %w", err)
	}
	for n, row := range s.Rows {
		cells := make([]any, len(row))
		for i, v := range row {
			switch v := v.(type) {
			case money.Cents:
				cells[i] = excelize.Cell{StyleID: amount, Value: float64(v) / 100} // a spreadsheet has no other numbers
			case civil.Date:
				if !v.IsZero() {
					cells[i] = excelize.Cell{StyleID: date, Value: v.DaysUntil(firstDay) * -1}
				}
			default:
				cells[i] = v
			}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", n+2), cells); err != nil {
			return nil, fmt.Errorf("roster: excel: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("roster: excel: %w", err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("roster: excel: %w", err)
	}
	return b.Bytes(), nil
}

// firstDay is day 0 of a spreadsheet.
var firstDay = civil.Must(1899, 12, 30)
