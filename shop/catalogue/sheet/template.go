package sheet

import (
	"bytes"

	"github.com/xuri/excelize/v2"
)

// Column is one column of a template.
type Column struct {
	Title   string
	Explain string
	Width   float64
	Choices []string // what a list under the cell offers; nil for free text
	Need    bool
}

// Template makes an xlsx with a sheet to fill in and one that explains its columns.
func Template(name, explained string, columns []Column, heads [3]string, examples [][]any) ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // in memory
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	if _, err := f.NewSheet(explained); err != nil {
		return nil, err
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"0F4A40"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return nil, err
	}
	wrap, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return nil, err
	}
	var titles []any
	rows := [][]any{{heads[0], heads[1], heads[2]}}
	for i, c := range columns {
		titles = append(titles, c.Title)
		need := ""
		if c.Need {
			need = "✓"
		}
		rows = append(rows, []any{c.Title, need, c.Explain})
		if err := f.SetColWidth(name, Letter(i), Letter(i), c.Width); err != nil {
			return nil, err
		}
		if len(c.Choices) > 0 {
			list := excelize.NewDataValidation(true)
			list.Sqref = Letter(i) + "2:" + Letter(i) + "1000"
			if err := list.SetDropList(c.Choices); err != nil {
				return nil, err
			}
			if err := f.AddDataValidation(name, list); err != nil {
				return nil, err
			}
		}
	}
	if err := fill(f, name, append([][]any{titles}, examples...)); err != nil {
		return nil, err
	}
	if err := fill(f, explained, rows); err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		func() error { return f.SetRowStyle(name, 1, 1, head) },
		func() error { return f.SetRowStyle(explained, 1, 1, head) },
		func() error { return f.SetColWidth(explained, "A", "A", 24) },
		func() error { return f.SetColWidth(explained, "B", "B", 12) },
		func() error { return f.SetColWidth(explained, "C", "C", 90) },
		func() error { return f.SetRowStyle(explained, 2, len(rows), wrap) },
		func() error {
			return f.SetPanes(name, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"})
		},
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func fill(f *excelize.File, name string, rows [][]any) error {
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := f.SetSheetRow(name, cell, &row); err != nil {
			return err
		}
	}
	return nil
}
