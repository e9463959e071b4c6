package export

import (
	"context"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"joetz/payments/books"
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
	if err := f.SetSheetName("Sheet1", "Journaal"); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := sheet(f, "Journaal", Columns, len(lines), func(i int) []any {
		l, text := lines[i], record(lines[i])
		row := make([]any, len(text))
		for n, t := range text {
			row[n] = t
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

// sheet streams rows under a head.
func sheet(f *excelize.File, name string, head []string, n int, row func(i int) []any) error {
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	first := make([]any, len(head))
	for i, h := range head {
		first[i] = h
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
