package catalogue_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
	"time"

	"joetz/shop/catalogue"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// drawing is a picture of that size, another one for each shade.
func drawing(width, height int, shade uint8) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			out.Set(x, y, color.RGBA{uint8(x / 5), shade, uint8(y / 3), 255})
		}
	}
	return out
}

// withEXIF is a JPEG that tells where it was made.
func withEXIF(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		t.Fatal(err)
	}
	secret := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00"), []byte("GPS 51.2194 4.4025 telefoon van Ann")...)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(secret) + 2)}, secret...)
	return append(append([]byte{0xff, 0xd8}, segment...), out.Bytes()[2:]...)
}

func pngOf(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPhotosOfAHoliday(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	o, _ := w.draft("ZE-28-01")
	add := func(data []byte) error { return w.AddPhoto(ctx, by, o.ID, data, "Zee", "Sea") }
	photos := func() []catalogue.Photo {
		t.Helper()
		all, err := w.Photos(ctx, o.ID)
		w.ok(err)
		return all
	}
	w.ok(add(withEXIF(t, drawing(1000, 600, 1))))
	w.ok(add(pngOf(t, drawing(800, 600, 2))))
	first := photos()[0]
	for _, width := range first.Widths() {
		file, err := w.Picture(ctx, first.Hash, width)
		w.ok(err)
		if bytes.Contains(file, []byte("Exif")) || bytes.Contains(file, []byte("telefoon")) {
			t.Errorf("%d pixels wide it tells where it was made", width)
		}
		if p, err := jpeg.DecodeConfig(bytes.NewReader(file)); err != nil || p.Width != width || p.Height != first.HeightOf(width) {
			t.Errorf("%d: %+v %v", width, p, err)
		}
	}
	for key, data := range map[string][]byte{
		"catalogue.photo_twice": withEXIF(t, drawing(1000, 600, 1)), "catalogue.photo_narrow": pngOf(t, drawing(599, 400, 3)),
		"catalogue.photo_type": []byte("GIF89a"), "form.required": nil, "catalogue.photo_damaged": pngOf(t, drawing(800, 600, 4))[:2000],
	} {
		if err := add(data); fault.Of(err) == nil || fault.Of(err).Fields["photo"] != key {
			t.Errorf("want %s: %v", key, err)
		}
	}
	for i := range uint8(catalogue.MaxPhotos - 2) {
		w.ok(add(pngOf(t, drawing(640, 400, 100+i))))
	}
	if err := add(pngOf(t, drawing(640, 400, 200))); fault.Of(err) == nil || fault.Of(err).Fields["photo"] != "catalogue.photo_many" {
		t.Errorf("one too many: %v", err)
	}

	// The last becomes the first, and the first goes: nothing of what it showed stays.
	all := photos()
	last := all[len(all)-1]
	w.ok(w.ChangePhoto(ctx, by, o.ID, last.ID, catalogue.Cover, "", ""))
	if now := photos(); now[0].ID != last.ID || now[1].ID != first.ID {
		t.Errorf("order: %+v", now)
	}
	w.ok(w.ChangePhoto(ctx, by, o.ID, last.ID, catalogue.Later, "", ""))
	w.ok(w.ChangePhoto(ctx, by, o.ID, first.ID, catalogue.Remove, "", ""))
	if _, err := w.Picture(ctx, first.Hash, first.Widths()[0]); !errors.Is(err, catalogue.ErrNoPhoto) {
		t.Errorf("still there: %v", err)
	}
	var kept int
	w.ok(w.db.Get(&kept, `SELECT count(*) FROM holiday_photo_size WHERE photo_id = $1`, first.ID))
	if now := photos(); kept != 0 || len(now) != catalogue.MaxPhotos-1 || now[0].ID != last.ID {
		t.Errorf("%d files kept, %+v", kept, now)
	}
	if err := w.ChangePhoto(ctx, by, o.ID+1, last.ID, catalogue.Remove, "", ""); err == nil {
		t.Error("removed through another holiday")
	}
	w.ok(add(withEXIF(t, drawing(1000, 600, 1)))) // it may come back as a new upload
}

// TestADraftThatLostSomethingIsNotPublished: between planning and its moment the price went away.
func TestADraftThatLostSomethingIsNotPublished(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	o, d := w.draft("ZE-28-01")
	_, other := w.draft("ZE-28-02")
	at := w.Now().Add(48 * time.Hour)
	w.ok(w.Publish(ctx, by, []id.Departure{d.ID, other.ID}, at))
	w.exec(`DELETE FROM place WHERE departure_id = $1`, d.ID)
	w.at(at)
	w.ok(w.PublishDue(ctx))
	w.ok(w.PublishDue(ctx))
	_, d = w.offer(o.ID)
	up, err := w.Upcoming(ctx)
	w.ok(err)
	events, err := w.Events(ctx, o.ID)
	w.ok(err)
	if d.Status != "draft" || d.PublishAt != nil || len(up) != 1 || up[0].ID != other.ID || events[0].Kind != "publish_failed" {
		t.Errorf("%+v, online %d, history %+v", d, len(up), events[0])
	}
}
