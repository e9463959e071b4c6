package catalogue

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"joetz/medical/upload"
	"joetz/migrations/pg"
	"joetz/shop/catalogue/picture"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// ErrNoPhoto is returned when there is no such photo.
var ErrNoPhoto error = fault.New(fault.NotFound, "catalogue.no_photo")

// MaxPhotos is how many photos one holiday has at most.
const MaxPhotos = 8

const longestAlt = 160

// Photo is a photo of a holiday. Its widths are those of package picture, no wider than Width.
type Photo struct {
	ID       int64      `db:"id"`
	Holiday  id.Holiday `db:"holiday_id"`
	Position int        `db:"position"`
	Hash     string     `db:"hash"`
	Width    int        `db:"width"`
	Height   int        `db:"height"`
	AltNL    string     `db:"alt_nl"`
	AltEN    string     `db:"alt_en"`
}

// Alt says what is to be seen, in that language.
func (p Photo) Alt(lang string) string {
	if lang == "en" {
		return p.AltEN
	}
	return p.AltNL
}

// Widths are the widths in which the photo exists.
func (p Photo) Widths() []int {
	var out []int
	for _, w := range []int{picture.Card, picture.Page, picture.Wide} {
		if w = min(w, p.Width); !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// Path is where the photo is fetched in that width; it changes with its pixels.
func (p Photo) Path(width int) string { return "/foto/" + p.Hash + "-" + strconv.Itoa(width) + ".jpg" }

// HeightOf is the photo's height in that width.
func (p Photo) HeightOf(width int) int {
	if p.Width == 0 {
		return 0
	}
	return max(1, (p.Height*width+p.Width/2)/p.Width)
}

// photoProblem is what somebody reads about a photo that is refused.
func photoProblem(err error) error {
	for known, key := range map[error]string{
		upload.ErrEmpty: "form.required", upload.ErrTooBig: "catalogue.photo_big", upload.ErrPixels: "catalogue.photo_pixels",
		upload.ErrType: "catalogue.photo_type", upload.ErrDamaged: "catalogue.photo_damaged", upload.ErrLocked: "catalogue.photo_type", upload.ErrActive: "catalogue.photo_type",
		picture.ErrNarrow: "catalogue.photo_narrow",
	} {
		if errors.Is(err, known) {
			return fault.Field("photo", key)
		}
	}
	return err
}

func checkAlt(nl, en string) error {
	w := wrong{}
	w.check(nl != "", "alt_nl", "form.required")
	w.check(en != "", "alt_en", "form.required")
	w.check(len(nl) <= longestAlt, "alt_nl", "catalogue.alt_long")
	w.check(len(en) <= longestAlt, "alt_en", "catalogue.alt_long")
	return w.err()
}

// AddPhoto takes an upload as the holiday's last photo.
func (s *Service) AddPhoto(ctx context.Context, by string, holiday id.Holiday, data []byte, altNL, altEN string) error {
	if err := checkAlt(altNL, altEN); err != nil {
		return err
	}
	made, err := picture.Make(data)
	if err != nil {
		return photoProblem(err)
	}
	widest := made.Sizes[len(made.Sizes)-1]
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		o, all, err := s.lockPhotosTx(ctx, tx, holiday)
		if err != nil {
			return err
		}
		if len(all) >= MaxPhotos {
			return fault.Field("photo", "catalogue.photo_many")
		}
		if slices.ContainsFunc(all, func(p Photo) bool { return p.Hash == made.Hash }) {
			return fault.Field("photo", "catalogue.photo_twice")
		}
		p := Photo{Holiday: holiday, Position: len(all) + 1, Hash: made.Hash, Width: widest.Width, Height: widest.Height, AltNL: altNL, AltEN: altEN}
		key, err := insertPhoto(ctx, tx, p, s.Now())
		if err != nil {
			return err
		}
		for _, size := range made.Sizes {
			if err := insertSize(ctx, tx, key, size.Width, size.Height, size.JPEG); err != nil {
				return err
			}
		}
		return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: holiday, Kind: "photo_added", Actor: by, Changes: []Change{{Field: "alt_nl", To: altNL}}})
	})
}

// PhotoAct is what can be done with a photo.
type PhotoAct string

// The acts. Cover moves the photo to the front.
const (
	Describe PhotoAct = "describe"
	Cover    PhotoAct = "cover"
	Earlier  PhotoAct = "earlier"
	Later    PhotoAct = "later"
	Remove   PhotoAct = "remove"
)

// ChangePhoto describes, moves or removes one of the holiday's photos.
func (s *Service) ChangePhoto(ctx context.Context, by string, holiday id.Holiday, photo int64, act PhotoAct, altNL, altEN string) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		o, all, err := s.lockPhotosTx(ctx, tx, holiday)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(p Photo) bool { return p.ID == photo })
		if at < 0 {
			return ErrNoPhoto
		}
		p, to := all[at], at
		e := Event{Season: o.Season, Holiday: holiday, Actor: by, Kind: "photo_moved", Changes: []Change{{Field: "alt_nl", To: p.AltNL}}}
		switch act {
		case Describe:
			if err := checkAlt(altNL, altEN); err != nil {
				return err
			}
			e.Kind, e.Changes = "photo_described", []Change{{Field: "alt_nl", From: p.AltNL, To: altNL}, {Field: "alt_en", From: p.AltEN, To: altEN}}
			err = setAlt(ctx, tx, photo, altNL, altEN)
		case Remove:
			e.Kind, e.Changes = "photo_removed", []Change{{Field: "alt_nl", From: p.AltNL}}
			err = removePhoto(ctx, tx, photo, s.Now())
		case Cover:
			to = 0
		case Earlier:
			to = max(0, at-1)
		case Later:
			to = min(len(all)-1, at+1)
		default:
			return ErrNoPhoto
		}
		if err != nil {
			return err
		}
		if to != at {
			all = slices.Insert(slices.Delete(all, at, at+1), to, p)
			for i, q := range all {
				if err := setPosition(ctx, tx, q.ID, i+1); err != nil {
					return err
				}
			}
		} else if e.Kind == "photo_moved" {
			return nil
		}
		return s.eventTx(ctx, tx, e)
	})
}
