package export

import (
	"context"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"joetz/payments/books"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Excel writes a workbook of a span: the journal, and every account with where it stood, moved and stands.
func (s *Service) Excel(ctx context.Context, w io.Writer, span books.Span) (err error) {
	lines, err := s.lines(ctx, span)
	if err != nil {
		return err
	}
	totals, err := s.Books.Accounts(ctx, span)
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer func() {
		if end := f.Close(); err == nil {
			err = end
		}
	}()
	amounts, err := f.NewStyle(&excelize.Style{NumFmt: 4}) // #,##0.00
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	day := "dd/mm/yyyy"
	days, err := f.NewStyle(&excelize.Style{CustomNumFmt: &day})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := f.SetSheetName("Sheet1", "Journaal"); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := sheet(f, "Journaal", Columns, len(lines), func(i int) []any {
		l, text := lines[i], record(lines[i])
		row := make([]any, len(text))
		for n, t := range text {
			row[n] = t
		}
		row[0], row[1], row[2], row[13] = date(days, l.On), l.Entry, l.Line, date(days, l.HappenedOn)
		if row[12] = nil; l.Booking != 0 {
			row[12] = int64(l.Booking)
		}
		row[10], row[11] = euros(amounts, max(0, l.Amount)), euros(amounts, max(0, -l.Amount))
		return row
	}); err != nil {
		return err
	}
	if _, err := f.NewSheet("Rekeningen"); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := sheet(f, "Rekeningen", []string{"rekening", "naam", "begin", "debet", "credit", "einde"}, len(totals), func(i int) []any {
		a := totals[i]
		return []any{a.Code, Plain(a.Name), euros(amounts, a.Opening), euros(amounts, a.Debit), euros(amounts, a.Credit), euros(amounts, a.Closing())}
	}); err != nil {
		return err
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// euros is an amount as a number cell: cents over a hundred have two decimals, which a float64 of this size keeps.
func euros(style int, c money.Cents) any {
	return excelize.Cell{StyleID: style, Value: float64(c) / 100}
}

// dayZero is day 0 of a spreadsheet.
var dayZero = civil.Must(1899, 12, 30)

// date is a day as a date cell, empty for the zero day.
func date(style int, d civil.Date) any {
	if d.IsZero() {
		return nil
	}
	return excelize.Cell{StyleID: style, Value: dayZero.DaysUntil(d)}
}

// sheet streams rows under a head that stays in sight.
func sheet(f *excelize.File, name string, head []string, n int, row func(i int) []any) error {
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	first := make([]any, len(head))
	for i, h := range head {
		first[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := w.SetColWidth(1, len(head), 16); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := w.SetRow("A1", first); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	for i := range n {
		if err := w.SetRow(fmt.Sprint("A", i+2), row(i)); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
