package web_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"

	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

type child struct {
	FirstName string     `form:"first_name" validate:"required,max=10"`
	BornOn    civil.Date `form:"born_on" validate:"required"`
}

type order struct {
	Email    string       `form:"email" validate:"required,mail"`
	Phone    string       `form:"phone" validate:"omitempty,phone"`
	Secret   string       `form:"secret,raw"`
	Count    int          `form:"count" validate:"max=9"`
	Place    id.Departure `form:"place"`
	Fee      money.Cents  `form:"fee"`
	Agreed   bool         `form:"agreed" validate:"required"`
	How      string       `form:"how" validate:"omitempty,oneof=card transfer"`
	Kinds    []string     `form:"kind" validate:"max=3,dive,max=5"`
	Children []child      `form:"children" validate:"dive"`
	Proof    web.File     `form:"proof"`
}

// submit sends the fields to a form of type T and tells what the handler got.
func submit[T any](t *testing.T, r *http.Request) (in T, problems ui.Errors, formErr error) {
	t.Helper()
	app, _ := newApp(t, nil)
	app.All("/form", func(c *fiber.Ctx) error {
		in, formErr = web.Form[T](c)
		problems = web.Problems(c, formErr)
		return nil
	})
	b := webtest.New(t, app)
	b.Do(r)
	return in, problems, formErr
}

func formRequest(values url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/form", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestFormReadsEverything(t *testing.T) {
	t.Parallel()
	got, problems, err := submit[order](t, formRequest(url.Values{
		"email": {"  an@example.be "}, "phone": {"0470 12 34 56"}, "secret": {" spaces kept "}, "count": {"7"}, "place": {"12"},
		"fee": {"€ 1.234,50"}, "agreed": {"yes"}, "how": {"card"}, "kind": {"sea", "sun"}, "hidden": {"x"}, "unknown": {"x"},
		"children.0.first_name": {"Lou"}, "children.0.born_on-day": {"5"}, "children.0.born_on-month": {"juli"}, "children.0.born_on-year": {"2016"},
		"children.1.first_name": {"Mo"}, "children.1.born_on": {"2018-02-28"},
	}))
	if err != nil {
		t.Fatal(err, problems)
	}
	want := order{
		Email: "an@example.be", Phone: "0470 12 34 56", Secret: " spaces kept ", Count: 7, Place: 12, Fee: 123450, Agreed: true,
		How: "card", Kinds: []string{"sea", "sun"},
		Children: []child{{"Lou", civil.Must(2016, 7, 5)}, {"Mo", civil.Must(2018, 2, 28)}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(order{}), cmp.Comparer(func(a, b civil.Date) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestFormNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	got, problems, err := submit[order](t, formRequest(url.Values{
		"email": {"an@"}, "phone": {"12"}, "count": {"veel"}, "fee": {"1,2,3"}, "how": {"cash"}, "kind": {"a", "b", "c", "d"},
		"children.0.first_name": {"Maximiliaan-Alexander"}, "children.0.born_on-day": {"31"}, "children.0.born_on-month": {"4"}, "children.0.born_on-year": {"2016"},
		"children.1.first_name": {""}, "children.1.born_on-year": {"16"},
	}))
	want := ui.Errors{
		{Field: "email", Text: "Vul een e-mailadres in, zoals naam@voorbeeld.be."},
		{Field: "phone", Text: "Vul een telefoonnummer in, zoals 0470 12 34 56."},
		{Field: "count", Text: "Vul een getal in, zonder komma."},
		{Field: "fee", Text: "Vul een bedrag in, zoals 12,50."},
		{Field: "agreed", Text: "Zet hier een vinkje."},
		{Field: "how", Text: "Kies een van de antwoorden."},
		{Field: "kind", Text: "Vul hoogstens 3 tekens in."},
		{Field: "children.0.first_name", Text: "Vul hoogstens 10 tekens in."},
		{Field: "children.0.born_on", Text: "Vul een datum in die bestaat, zoals 5 7 2016."},
		{Field: "children.1.first_name", Text: "Vul dit in."},
		{Field: "children.1.born_on", Text: "Vul een datum in die bestaat, zoals 5 7 2016."},
	}
	want[6].Text = "Kies er hoogstens 3."
	if diff := cmp.Diff(want, problems); diff != "" {
		t.Error(diff)
	}
	if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || f.Fields["children.1.first_name"] != "form.required" {
		t.Errorf("fault %v", f)
	}
	if got.Email != "an@" || got.Children[0].FirstName != "Maximiliaan-Alexander" {
		t.Errorf("what was typed is lost: %+v", got)
	}
	for _, typed := range []string{"an@", "veel", "Maximiliaan"} {
		if strings.Contains(err.Error(), typed) {
			t.Errorf("the error for the log holds what was typed: %v", err)
		}
	}
}

// A form whose struct has no name, as short ones are written, names its fields too.
func TestAFormWithoutAName(t *testing.T) {
	t.Parallel()
	_, problems, _ := submit[struct {
		First string `form:"first_name" validate:"required"`
		Last  string `form:"last_name" validate:"required"`
		Payer struct {
			City string `form:"city" validate:"required"`
		} `form:"payer"`
		Children []struct {
			Name string `form:"name" validate:"required"`
		} `form:"children" validate:"dive"`
	}](t, formRequest(url.Values{"children.0.name": {""}}))
	want := ui.Errors{{Field: "first_name", Text: "Vul dit in."}, {Field: "last_name", Text: "Vul dit in."}, {Field: "payer.city", Text: "Vul dit in."}, {Field: "children.0.name", Text: "Vul dit in."}}
	if diff := cmp.Diff(want, problems); diff != "" {
		t.Error(diff)
	}
}

func TestFormRefusesWhatNoPageSends(t *testing.T) {
	t.Parallel()
	type one struct {
		Text string `form:"text"`
	}
	for name, c := range map[string]struct{ body, field string }{
		"twice":          {"text=a&text=b", "text"},
		"NUL":            {"text=a%00b", "text"},
		"escape":         {"text=%1b[31m", "text"},
		"not UTF-8":      {"text=%ff", "text"},
		"a whole book":   {"text=" + strings.Repeat("x", 1001), "text"},
		"accents are ok": {"text=Zo%C3%AB%0D%0Aregel", ""},
	} {
		r := httptest.NewRequest(http.MethodPost, "/form", strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		got, problems, _ := submit[one](t, r)
		switch {
		case c.field == "" && (problems != nil || got.Text != "Zoë\nregel"):
			t.Errorf("%s: %q %v", name, got.Text, problems)
		case c.field != "" && (len(problems) != 1 || problems[0].Field != c.field):
			t.Errorf("%s: problems %v", name, problems)
		}
	}
}

func TestMailAddresses(t *testing.T) {
	t.Parallel()
	type one struct {
		Mail string `form:"mail" validate:"mail"`
	}
	for address, good := range map[string]bool{
		"an@example.be": true, "an.de-smet+kamp@mail.example.co.uk": true, "an@münchen.example": true, "AN@EXAMPLE.BE": true,
		"": false, "an": false, "an@example": false, "an@@example.be": false, "an@example.be, bo@example.be": false,
		"An <an@example.be>": false, "an@example.be\r\nBcc: x@example.be": false, `"a b"@example.be`: false, "an@exam ple.be": false,
		strings.Repeat("a", 250) + "@example.be": false,
	} {
		_, problems, _ := submit[one](t, formRequest(url.Values{"mail": {address}}))
		if got := problems == nil; got != good {
			t.Errorf("%q: accepted %v, want %v", address, got, good)
		}
	}
}

func TestTelephoneNumbers(t *testing.T) {
	t.Parallel()
	type one struct {
		Phone string `form:"phone" validate:"phone"`
	}
	for number, good := range map[string]bool{
		"0470 12 34 56": true, "0470/12.34.56": true, "+32 (0)470 12 34 56": true, "+32470123456": true, "0032 470 12 34 56": true,
		"02 555 12 12": true, "04 223 45 67": true, "09/223.45.67": true, "+32 2 555 12 12": true,
		"06 12345678": true, "+31 6 12345678": true, "+352 621 123 456": true, "621 123 456": true, "0151 23456789": true,
		"0470 12 34 5": false, "0470 12 34": false, "+32 470 12 34 5": false, "0032 470 12 34": false, "02 555 12 1": false, "bel mama": false,
	} {
		_, problems, _ := submit[one](t, formRequest(url.Values{"phone": {number}}))
		if got := problems == nil; got != good {
			t.Errorf("%q: accepted %v, want %v", number, got, good)
		}
	}
}

func TestPostalCodes(t *testing.T) {
	t.Parallel()
	type address struct {
		Code    string `form:"code" validate:"postcode"`
		Country string `form:"country"`
	}
	for _, c := range []struct {
		country, code string
		good          bool
	}{
		{"BE", "9000", true}, {"BE", "900", false}, {"BE", "90000", false}, {"BE", "0900", false}, {"BE", "B-9000", false},
		{"NL", "1234 AB", true}, {"LU", "1234", true}, {"FR", "59000", true}, {"", "1000", true}, {"NL", "1", false},
	} {
		_, problems, _ := submit[address](t, formRequest(url.Values{"code": {c.code}, "country": {c.country}}))
		if got := problems == nil; got != c.good {
			t.Errorf("%s %q: accepted %v, want %v", c.country, c.code, got, c.good)
		}
	}
}

func TestFormReadsTheQueryOfAGet(t *testing.T) {
	t.Parallel()
	type filter struct {
		Year int    `form:"year"`
		Kind string `form:"kind"`
	}
	got, _, err := submit[filter](t, httptest.NewRequest(http.MethodGet, "/form?year=2016&kind=zee&kind2=x", nil))
	if want := (filter{2016, "zee"}); err != nil || got != want {
		t.Errorf("got %+v %v, want %+v", got, err, want)
	}
}

func TestUpload(t *testing.T) {
	t.Parallel()
	type upload struct {
		Note string   `form:"note"`
		File web.File `form:"file" validate:"required"`
	}
	send := func(name string, content []byte) (upload, ui.Errors) {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(content)
		_ = w.WriteField("note", "hallo")
		_ = w.Close()
		r := httptest.NewRequest(http.MethodPost, "/form", &body)
		r.Header.Set("Content-Type", w.FormDataContentType())
		in, problems, _ := submit[upload](t, r)
		return in, problems
	}
	got, problems := send("label.exe", []byte("%PDF-1.7 the bytes decide"))
	if problems != nil || got.File.Type != "application/pdf" || got.File.Name != "label.exe" || got.Note != "hallo" {
		t.Errorf("got %+v %v", got, problems)
	}
	if _, problems := send("", nil); problems.For("file") == "" {
		t.Errorf("a missing file: %v", problems)
	}
	if _, problems := send("empty.pdf", nil); problems.For("file") != "Dat bestand is leeg. Kies een ander." {
		t.Errorf("an empty file: %v", problems)
	}
}

func TestProblemsOfAService(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want ui.Errors
	}{
		"nothing":  {nil, nil},
		"internal": {errors.New("x"), nil},
		"missing":  {fault.New(fault.NotFound, "error.not_found.text"), nil},
		"whole":    {fault.New(fault.TooMany, "error.too_many.text", 4), ui.Errors{{Text: "Je probeerde dit te vaak na elkaar. Probeer het opnieuw over 4 min."}}},
		"a field":  {fault.Field("code", "form.too_short", 6), ui.Errors{{Field: "code", Text: "Vul minstens 6 tekens in."}}},
	} {
		app, _ := newApp(t, nil)
		var got ui.Errors
		app.Get("/x", func(ctx *fiber.Ctx) error { got = web.Problems(ctx, c.err); return nil })
		webtest.New(t, app).Get("/x")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
