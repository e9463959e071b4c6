package family

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// sticker draws what a phone takes a picture of.
func sticker(t *testing.T) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, 900, 500))
	draw.Draw(p, p.Bounds(), image.NewUniform(color.RGBA{250, 240, 205, 255}), image.Point{}, draw.Src)
	for y := 80; y < 420; y += 90 {
		draw.Draw(p, image.Rect(60, y, 840-y, y+40), image.NewUniform(color.RGBA{40, 60, 90, 255}), image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestProofRefusedAfterTheDeadline: a family chooses the VT price and uploads a proof; the office refuses it after the
// deadline and asks the base price; a better proof comes late, is accepted, and the difference is credited. The books are
// sound after each step.
func TestProofRefusedAfterTheDeadline(t *testing.T) {
	t.Parallel()
	p, move := shoptest.StartMoving(t, shoptest.Base(t))
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties")
	shoptest.BookTwo(t, b, "Het geheim van Massembre", "Met een overschrijving")
	b.Sees("Gelukt, je boeking is binnen", "Nog te doen: bezorg het bewijs voor Lena")
	var booked id.Booking
	var until civil.Date
	if err := p.DB.QueryRow(`SELECT b.id, p.until FROM booking b JOIN proof p ON p.booking_id = b.id ORDER BY b.id DESC LIMIT 1`).Scan(&booked, &until); err != nil {
		t.Fatal(err)
	}
	b.Press("Bewijs bezorgen voor Lena").Sees("We wachten op je bewijs", "€ 227,00 hoger").Shot("proof-390")
	b.Upload("Foto of pdf van je bewijs", "foto.heic", append([]byte("\x00\x00\x00\x18ftypheic"), make([]byte, 64)...)).Press("Bewijs versturen")
	b.Sees("HEIC-foto").Shot("proof-error-390")
	b.Upload("Foto of pdf van je bewijs", "klever.jpg", sticker(t)).Fill("Code op het klevertje", "110/110").Press("Bewijs versturen")
	b.Sees("We hebben je bewijs en kijken het na", "Bestand 1: foto").Shot("proof-received-390")

	move(until.AddDays(1).Start().Add(10 * time.Hour))
	if _, err := p.Services.Proofs.Deadlines(t.Context()); err != nil {
		t.Fatal(err)
	}
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor/bewijzen").Sees("Lena Test").Shot("proofs-1280")
	o.Press("Lena Test").Sees("VT-prijs", "110/110", "voorbij", "Aanvaarden").Shot("proof-1280")
	o.Press("Weigeren").Sees("Kies waarom het bewijs niet in orde is.")
	o.Choose("Waarom niet in orde?", "Geen verhoogde tegemoetkoming").Press("Weigeren").Sees("De ouder krijgt een mail met de reden", "Basisprijs vragen", "€ 227,00").Shot("proof-base-1280")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
	o.Press("Basisprijs vragen").Sees("De basisprijs geldt nu")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}

	b = browsertest.Open(t, p.URL(), 390) // another phone: whether the first is still signed in depends on how long ago that was
	b.Visit("/mijn/bewijs/" + fmt.Sprint(booked))
	shoptest.SignInParent(t, b, "mieke@example.be")
	b.Sees("Nu geldt de basisprijs", "geen verhoogde tegemoetkoming").Shot("proof-corrected-390")
	b.Upload("Foto of pdf van je bewijs", "klever.jpg", sticker(t)).Fill("Code op het klevertje", "121/121").Press("Bewijs versturen")
	b.Sees("We hebben je bewijs en kijken het na")
	o.Visit("/kantoor/bewijzen/"+fmt.Sprint(booked)).Sees("121/121", "€ 227,00 terug").Press("Aanvaarden").Sees("Het bewijs is aanvaard")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
	got, err := p.Services.Bookings.BookingByID(t.Context(), booked)
	if err != nil {
		t.Fatal(err)
	}
	if got.Evidence != "accepted" || got.Price != 10800 || got.Statement.Charged != 13300 {
		t.Errorf("in the end: %s, %v, charged %v", got.Evidence, got.Price, got.Statement.Charged)
	}
	b.Visit("/mijn/bestelling/" + fmt.Sprint(got.Order)).Sees("bewijs in orde").Shot("proof-order-390")
	mails := browsertest.Open(t, p.URL(), 1280).Visit("/demo/mail")
	mails.Until("Het bewijs voor Lena is in orde").Sees("De basisprijs geldt voor Lena", "Het bewijs voor Lena is niet in orde").Shot("proof-mails-1280")
	mails.Press("De basisprijs geldt voor Lena").Shot("proof-mail-1280")
}
