package export

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"joetz/payments/books"
)

// epoch is the time of every file in an archive, so that the same books give the same bytes.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Documents writes every numbered document of a span as UBL, in one archive.
func (s *Service) Documents(ctx context.Context, w io.Writer, span books.Span) error {
	keys, err := s.Invoices.IssuedIn(ctx, span.From, span.To)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, key := range keys {
		raw, name, err := s.Invoices.UBL(ctx, key)
		if err != nil {
			return err
		}
		if err := add(z, name, raw); err != nil {
			return err
		}
	}
	return end(z)
}

// BankFiles writes the bank's files as they came, those with a statement that closed in the span.
func (s *Service) BankFiles(ctx context.Context, w io.Writer, span books.Span) error {
	keys, err := s.Bank.FilesIn(ctx, span.From, span.To)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for i, key := range keys {
		name, raw, err := s.Bank.Original(ctx, key)
		if err != nil {
			return err
		}
		if err := add(z, fmt.Sprintf("%03d-%s", i+1, safe(name)), raw); err != nil {
			return err
		}
	}
	return end(z)
}

// safe is a name that unpacks into its own folder on every system.
func safe(name string) string {
	name = path.Base(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`\/:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name))
	return strings.TrimLeft(name, ".")
}

func add(z *zip.Writer, name string, raw []byte) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch})
	if err == nil {
		_, err = f.Write(raw)
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

func end(z *zip.Writer) error {
	if err := z.Close(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
