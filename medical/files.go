package medical

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/medical/upload"
	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// maxFiles is how many photos and documents a fiche may have.
const maxFiles = 10

// File is a photo or document, opened.
type File struct {
	Name string
	Type string // upload.JPEG or upload.PDF
	Data []byte
}

// String never gives the file.
func (File) String() string { return seal.Text("").String() }

// Format never gives the file, whatever the verb.
func (File) Format(f fmt.State, r rune) { seal.Text("").Format(f, r) }

// fileHead is what is sealed in front of a file.
type fileHead struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func filePlace(f int64) seal.Place { return seal.Place{Table: "fiche_upload", ID: f, Column: "file"} }

var uploadFaults = map[error]string{
	upload.ErrEmpty: "medical.upload_empty", upload.ErrTooBig: "medical.upload_big", upload.ErrPixels: "medical.upload_pixels",
	upload.ErrType: "medical.upload_type", upload.ErrDamaged: "medical.upload_damaged", upload.ErrLocked: "medical.upload_locked",
	upload.ErrActive: "medical.upload_active",
}

func uploadFault(field string, err error) error {
	for known, key := range uploadFaults {
		if errors.Is(err, known) {
			return fault.Field(field, key)
		}
	}
	return err
}

// AddFile cleans and seals a photo or document and ties it to a question, to a row of it when row is not empty. Faults:
// NotFound; Invalid on the field of that name; Conflict once the camp has begun.
func (s *Service) AddFile(ctx context.Context, r Reader, b id.Booking, question, row, name, lang string, data []byte) error {
	field := questionnaire.Name(question, row, "file")
	clean, kind, err := upload.Clean(data) // before the transaction: it may take a second
	if err != nil {
		return uploadFault(field, err)
	}
	return s.changeFiles(ctx, r, b, question, lang, func(tx *sqlx.Tx, asked questionnaire.Asked, f id.Fiche, key *seal.Key, v questionnaire.Value) (questionnaire.Value, error) {
		if (asked.Per == "") != (row == "") || row != "" && !slices.Contains(asked.Keys, row) {
			return v, ErrNotFound
		}
		n, err := countFiles(ctx, tx, f)
		if err != nil {
			return v, err
		}
		if n >= maxFiles {
			return v, fault.Field(field, "medical.upload_many", maxFiles)
		}
		file, err := s.keepFile(ctx, tx, f, key, r, fileHead{cut(name, 100), kind}, clean)
		return v.WithFile(row, strconv.FormatInt(file, 10)), err
	})
}

func (s *Service) keepFile(ctx context.Context, tx *sqlx.Tx, f id.Fiche, key *seal.Key, r Reader, h fileHead, data []byte) (int64, error) {
	file, err := nextFile(ctx, tx)
	if err != nil {
		return 0, err
	}
	first, err := json.Marshal(h)
	if err != nil {
		return 0, err
	}
	sealed, err := key.Seal(slices.Concat(first, []byte("\n"), data), filePlace(file))
	if err != nil {
		return 0, err
	}
	return file, insertFile(ctx, tx, file, f, sealed, r.actor(), s.now())
}

// RemoveFile takes a photo or document away for good.
func (s *Service) RemoveFile(ctx context.Context, r Reader, b id.Booking, question string, file int64, lang string) error {
	return s.changeFiles(ctx, r, b, question, lang, func(tx *sqlx.Tx, _ questionnaire.Asked, f id.Fiche, _ *seal.Key, v questionnaire.Value) (questionnaire.Value, error) {
		return v.WithoutFile(strconv.FormatInt(file, 10)), deleteFile(ctx, tx, f, file)
	})
}

// changeFiles changes the answer to a question that asks for files, as the guardian who fills in the fiche.
func (s *Service) changeFiles(ctx context.Context, r Reader, b id.Booking, question, lang string,
	change func(tx *sqlx.Tx, asked questionnaire.Asked, f id.Fiche, key *seal.Key, v questionnaire.Value) (questionnaire.Value, error)) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		subject, row, key, kept, err := s.ownTx(ctx, tx, r, b)
		if err != nil {
			return err
		}
		v, facts := s.Questions.Version(row.Questionnaire), factsOf(subject, s.today())
		asked, _ := v.Ask(facts, kept)
		i := slices.IndexFunc(asked, func(q questionnaire.Asked) bool { return q.ID == question && q.Kind == questionnaire.File })
		if i < 0 {
			return ErrNotFound
		}
		next := questionnaire.Answers{}
		for id, value := range kept {
			next[id] = value
		}
		if next[question], err = change(tx, asked[i], row.ID, key, kept[question]); err != nil {
			return err
		}
		return s.saveChanged(ctx, tx, v, facts, row.ID, key, asked[i].Section, lang, r, kept, v.Clean(facts, next))
	})
}

// ReadFile opens a photo or document for somebody who may see the question that it answers. Faults: as Read.
func (s *Service) ReadFile(ctx context.Context, r Reader, b id.Booking, file int64) (File, error) {
	sheet, err := s.Read(ctx, r, b)
	if err != nil {
		return File{}, err
	}
	i := slices.IndexFunc(sheet.Answers, func(a Answer) bool {
		return a.Question.Kind == questionnaire.File && slices.Contains(a.Value.AllFiles(), strconv.FormatInt(file, 10))
	})
	if i < 0 {
		return File{}, ErrNotFound
	}
	row, ok, err := ficheOf(ctx, s.DB, sheet.Participant, sheet.Departure)
	if err != nil || !ok {
		return File{}, notFoundOr(err)
	}
	key, err := s.Keys.Key(row.Wrapped, keyPlace(row.ID))
	if err != nil {
		return File{}, ErrUnavailable.With(err)
	}
	return s.openFile(ctx, row.ID, key, file)
}

func (s *Service) openFile(ctx context.Context, f id.Fiche, key *seal.Key, file int64) (File, error) {
	sealed, ok, err := fileOf(ctx, s.DB, f, file)
	if err != nil || !ok {
		return File{}, notFoundOr(err)
	}
	raw, err := key.Open(sealed, filePlace(file))
	if err != nil {
		return File{}, ErrUnavailable.With(fmt.Errorf("file %d of fiche %d: %w", file, f, err))
	}
	first, data, _ := bytes.Cut(raw, []byte("\n"))
	var h fileHead
	if json.Unmarshal(first, &h) != nil {
		return File{}, ErrUnavailable
	}
	return File{h.Name, h.Type, data}, nil
}

// FileNames gives the names of the files of a sheet, by id, for a page that links to them. What does not open has no name.
func (s *Service) FileNames(ctx context.Context, sheet Sheet) (map[string]string, error) {
	out := map[string]string{}
	var wanted []int64
	for _, a := range sheet.Answers {
		if a.Question.Kind == questionnaire.File {
			for _, f := range a.Value.AllFiles() {
				if n, err := strconv.ParseInt(f, 10, 64); err == nil {
					wanted = append(wanted, n)
				}
			}
		}
	}
	if len(wanted) == 0 {
		return out, nil
	}
	row, ok, err := ficheOf(ctx, s.DB, sheet.Participant, sheet.Departure)
	if err != nil || !ok {
		return out, err
	}
	key, err := s.Keys.Key(row.Wrapped, keyPlace(row.ID))
	if err != nil {
		return out, nil
	}
	for _, n := range wanted {
		if f, err := s.openFile(ctx, row.ID, key, n); err == nil {
			out[strconv.FormatInt(n, 10)] = f.Name
		}
	}
	return out, nil
}

// dropOrphans removes files that no answer names any more, when their question or row went.
func dropOrphans(ctx context.Context, tx *sqlx.Tx, v *questionnaire.Version, f id.Fiche, before, after questionnaire.Answers) error {
	for question, value := range before {
		if v.Question(question).Kind != questionnaire.File {
			continue
		}
		for _, file := range value.AllFiles() {
			if slices.Contains(after[question].AllFiles(), file) {
				continue
			}
			n, err := strconv.ParseInt(file, 10, 64)
			if err != nil {
				continue // not one of ours
			}
			if err := deleteFile(ctx, tx, f, n); err != nil {
				return err
			}
		}
	}
	return nil
}
