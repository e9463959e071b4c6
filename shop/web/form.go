package web

import (
	"mime/multipart"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Form reads what was typed into a T and checks it. T is a struct whose fields carry
//
//	form:"name"            the field's name; ",raw" keeps spaces (passwords)
//	validate:"required"    rules of go-playground/validator, and phone, text, day (see rules.go)
//
// (dive for the elements of a slice), of type string, bool (a tick box), a whole number, civil.Date (name, or name-day, name-month, name-year), money.Cents,
// File, a nested struct (name.field), or a slice of these (name repeated; structs as name.0.field). Text is trimmed, its
// line ends are \n, and without a max rule it may be 1,000 characters long.
//
// The T is returned also with an error, so that the page can be shown again with what was typed. The error is then of
// kind Invalid and names the fields: Problems reads it. Of a GET it reads the query.
func Form[T any](c *fiber.Ctx) (T, error) {
	var in T
	values, files, err := submitted(c)
	if err != nil {
		return in, err
	}
	current(c).typed = values
	d := decoder{values: values, files: files}
	d.fill(&in)
	current(c).fields = d.order
	d.errors.list = append(d.errors.list, check(&in, d.errors).list...)
	return in, d.errors.inOrder(d.order)
}

// Typed is the text as it was typed in that field, for what could not be read as a number or a date.
func Typed(c *fiber.Ctx, name string) string { return current(c).typed.Get(name) }

// TypedUnder reports whether the form has a field whose name begins with prefix.
func TypedUnder(c *fiber.Ctx, prefix string) bool {
	for name := range current(c).typed {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// submitted collects the fields of the form, or of the query of a GET.
func submitted(c *fiber.Ctx) (url.Values, map[string][]*multipart.FileHeader, error) {
	values := url.Values{}
	read := func(args *fasthttp.Args) {
		for k, v := range args.All() {
			values.Add(string(k), string(v))
		}
	}
	switch kind := strings.ToLower(c.Get(fiber.HeaderContentType)); {
	case c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead:
		read(c.Context().QueryArgs())
	case strings.HasPrefix(kind, fiber.MIMEMultipartForm):
		form, err := c.MultipartForm()
		if err != nil {
			return nil, nil, errUnreadable.With(err)
		}
		return form.Value, form.File, nil
	default:
		read(c.Context().PostArgs())
	}
	return values, nil, nil
}

// Values is the form as it was typed, for forms whose fields are not known when the program is written. What it gives is
// unchecked.
func Values(c *fiber.Ctx) (url.Values, error) {
	values, _, err := submitted(c)
	current(c).typed = values
	return values, err
}

// Files are the uploads of a form, each whole, by the name of its field; a field without one is not there.
func Files(c *fiber.Ctx) (map[string]File, error) {
	_, given, err := submitted(c)
	if err != nil {
		return nil, err
	}
	d := decoder{files: given}
	out := map[string]File{}
	for name := range given {
		if f := d.file(name); f.Name != "" || len(f.Bytes) > 0 {
			out[name] = f
		}
	}
	return out, nil
}
