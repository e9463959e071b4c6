package public_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/shop/catalogue"
	"joetz/terms/id"
)

// get asks for a path, with the tag that a browser has kept.
func get(t *testing.T, app *fiber.App, path, tag string) (status int, tagged, kept string, body []byte) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), fiber.MethodGet, path, nil)
	if tag != "" {
		r.Header.Set(fiber.HeaderIfNoneMatch, tag)
	}
	res, err := app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if body, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get(fiber.HeaderETag), res.Header.Get(fiber.HeaderCacheControl), body
}

// addPhotos gives every holiday a photo: of one upload, copied as a season's photos are.
func addPhotos(t *testing.T, db *sqlx.DB) catalogue.Photo {
	t.Helper()
	s := &catalogue.Service{DB: db, Now: func() time.Time { return today }}
	picture := image.NewRGBA(image.Rect(0, 0, 640, 400))
	for y := range 400 {
		for x := range 640 {
			picture.Set(x, y, color.RGBA{uint8(x / 3), 90, uint8(y / 2), 255})
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture, nil); err != nil {
		t.Fatal(err)
	}
	var first id.Holiday
	if err := db.Get(&first, `SELECT min(id) FROM holiday`); err != nil {
		t.Fatal(err)
	}
	if err := s.AddPhoto(t.Context(), "system", first, file.Bytes(), "Spelende kinderen in het bos", "Children who play in the woods"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO holiday_photo (holiday_id, position, hash, width, height, alt_nl, alt_en, added_at)
		SELECT h.id, 1, p.hash, p.width, p.height, p.alt_nl, p.alt_en, p.added_at FROM holiday h, holiday_photo p WHERE h.id <> p.holiday_id`); err != nil {
		t.Fatal(err)
	}
	all, err := s.Photos(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// TestPhotoIsFetchedOnce: a browser that has a photo gets no bytes again; a photo that is not there is kept by nobody.
func TestPhotoIsFetchedOnce(t *testing.T) {
	t.Parallel()
	_, db, app := open(t)
	photo := addPhotos(t, db)
	path := photo.Path(photo.Widths()[0])
	status, tag, kept, body := get(t, app, path, "")
	if status != fiber.StatusOK || tag == "" || !strings.Contains(kept, "immutable") || len(body) < 500 || len(body) > 14<<10 {
		t.Fatalf("%d %q %q, %d bytes", status, tag, kept, len(body))
	}
	if status, _, _, body := get(t, app, path, tag); status != fiber.StatusNotModified || len(body) != 0 {
		t.Errorf("again: %d, %d bytes", status, len(body))
	}
	for _, none := range []string{"/foto/" + strings.Repeat("0", 24) + "-400.jpg", "/foto/" + photo.Hash + "-401.jpg", "/foto/..%2f..%2fetc-400.jpg"} {
		if status, tag, kept, _ := get(t, app, none, ""); status != fiber.StatusNotFound || tag != "" || strings.Contains(kept, "immutable") {
			t.Errorf("%s: %d %q %q", none, status, tag, kept)
		}
	}
}

// TestListIsLight: the page with all holidays, each with a photo, as a phone gets it; photos below the first come when they
// are scrolled to.
func TestListIsLight(t *testing.T) {
	t.Parallel()
	for _, n := range []int{37, 200} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			_, db, app := open(t)
			for i := 38; i <= n; i++ { // as last season's, once more under another code
				if _, err := db.Exec(`
					WITH h AS (INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to)
						SELECT season_id, 'EX-27-' || $1, slug || '-' || $1, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to
						FROM holiday ORDER BY id OFFSET $1::int % 37 LIMIT 1 RETURNING id),
					d AS (INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) SELECT id, '2027-07-05', '2027-07-10', '2026-10-01' FROM h RETURNING id),
					p AS (INSERT INTO price_list (departure_id, version, base_cents, valid_from) SELECT id, 1, 20000, '2026-01-01' FROM d)
					INSERT INTO place (departure_id, number) SELECT d.id, g FROM d, generate_series(1, 20) g`, i); err != nil {
					t.Fatal(err)
				}
			}
			addPhotos(t, db)
			status, _, _, body := get(t, app, "/vakanties", "")
			if cards := bytes.Count(body, []byte("/foto/")); status != fiber.StatusOK || cards < n {
				t.Fatalf("%d, %d photos", status, cards)
			}
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			if _, err := z.Write(body); err != nil {
				t.Fatal(err)
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			eager := bytes.Count(body, []byte("<img")) - bytes.Count(body, []byte(`loading="lazy"`))
			t.Logf("%d holidays: %d bytes, %d packed, %d photos at once", n, len(body), packed.Len(), eager)
			if packed.Len() > 60<<10 || eager > 2 {
				t.Errorf("%d bytes packed, %d photos at once", packed.Len(), eager)
			}
		})
	}
}
