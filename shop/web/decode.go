package web

import (
	"encoding"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"joetz/terms/civil"
	"joetz/terms/money"
)

const (
	maxRows = 20   // of a repeated part of a form: children of one order
	maxText = 1000 // characters of a text without a max rule
)

// File is an upload, whole. The reader of a File decides what it may be by its bytes, never by its name.
type File struct {
	Name  string // text without folders, to show; "" when the browser gave none
	Type  string // by its first bytes
	Bytes []byte
}

// decoder turns the fields of a form into a struct and notes what could not be read.
type decoder struct {
	values url.Values
	files  map[string][]*multipart.FileHeader
	errors formErrors
	order  []string // names as they were read, which is the order of the form
}

func (d *decoder) fill(into any) { d.structure("", reflect.ValueOf(into).Elem()) }

func (d *decoder) structure(prefix string, v reflect.Value) {
	t := v.Type()
	for i := range t.NumField() {
		name, option, _ := strings.Cut(t.Field(i).Tag.Get("form"), ",")
		if name == "" {
			continue
		}
		d.field(prefix+name, option, t.Field(i).Tag.Get("validate"), v.Field(i))
	}
}

var textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()

func (d *decoder) field(name, option, rules string, v reflect.Value) {
	d.order = append(d.order, name)
	switch value := v.Addr().Interface().(type) {
	case *civil.Date:
		*value = d.date(name)
		return
	case *money.Cents:
		*value = d.cents(name)
		return
	case *File:
		*value = d.file(name)
		return
	}
	switch {
	case v.Kind() == reflect.Slice:
		d.slice(name, option, rules, v)
	case v.Kind() == reflect.Struct && !v.Addr().Type().Implements(textUnmarshaler):
		d.structure(name+".", v)
	default:
		if text, ok := d.one(name); ok {
			d.scalar(name, option, rules, text, v)
		}
	}
}

// one is the single value of a field. The same name twice is nothing that our pages send.
func (d *decoder) one(name string) (string, bool) {
	given := d.values[name]
	if len(given) > 1 {
		d.errors.add(name, "form.twice")
		return "", false
	}
	if len(given) == 0 {
		return "", false
	}
	return given[0], true
}

func (d *decoder) scalar(name, option, rules, text string, v reflect.Value) {
	raw := option == "raw"
	text, ok := clean(text, raw)
	if !ok {
		d.errors.add(name, "form.characters")
		return
	}
	if u, is := v.Addr().Interface().(encoding.TextUnmarshaler); is {
		if u.UnmarshalText([]byte(text)) != nil {
			d.errors.add(name, "form.choose")
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		if !strings.Contains(rules, "max=") && utf8.RuneCountInString(text) > maxText {
			d.errors.add(name, "form.too_long", maxText)
		}
	case reflect.Bool:
		v.SetBool(text != "" && text != "no" && text != "false" && text != "0")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		switch {
		case text == "":
		case err != nil || v.OverflowInt(n):
			d.errors.add(name, "form.number")
		default:
			v.SetInt(n)
		}
	default:
		panic("web: a form field cannot be a " + v.Type().String()) // of the code, not of the reader
	}
}

func (d *decoder) slice(name, option, rules string, v reflect.Value) {
	element := v.Type().Elem()
	if element.Kind() == reflect.Struct && element != reflect.TypeFor[civil.Date]() {
		for i := range maxRows {
			prefix := name + "." + strconv.Itoa(i) + "."
			if !d.has(prefix) {
				break
			}
			row := reflect.New(element).Elem()
			d.structure(prefix, row)
			v.Set(reflect.Append(v, row))
		}
		return
	}
	for i, text := range d.values[name] {
		if i == 2000 { // more ticks than any page of ours has: the drafts of a large season
			d.errors.add(name, "form.twice")
			return
		}
		item := reflect.New(element).Elem()
		d.scalar(name, option, rules, text, item)
		v.Set(reflect.Append(v, item))
	}
}

func (d *decoder) has(prefix string) bool {
	for name := range d.values {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// date reads one field as the browser's date picker sends it, or the three parts that people type.
func (d *decoder) date(name string) civil.Date {
	if text, ok := d.one(name); ok && strings.TrimSpace(text) != "" {
		date, err := civil.Parse(strings.TrimSpace(text))
		if err != nil {
			d.errors.add(name, "form.date")
		}
		return date
	}
	var parts [3]string
	for i, part := range [3]string{"-year", "-month", "-day"} {
		text, _ := d.one(name + part)
		parts[i] = strings.TrimSpace(text)
	}
	if parts == [3]string{} {
		return civil.Date{}
	}
	date, ok := dateOf(parts[0], parts[1], parts[2])
	if !ok {
		d.errors.add(name, "form.date")
	}
	return date
}

func (d *decoder) cents(name string) money.Cents {
	text, ok := d.one(name)
	if text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "€")); !ok || text == "" {
		return 0
	}
	amount, err := money.Parse(text)
	if err != nil {
		d.errors.add(name, "form.amount")
	}
	return amount
}

func (d *decoder) file(name string) File {
	given := d.files[name]
	if len(given) == 0 || given[0].Size == 0 && given[0].Filename == "" {
		return File{}
	}
	if len(given) > 1 {
		d.errors.add(name, "form.twice")
		return File{}
	}
	opened, err := given[0].Open()
	if err != nil {
		d.errors.add(name, "form.file")
		return File{}
	}
	defer opened.Close()
	bytes, err := io.ReadAll(opened)
	switch {
	case err != nil:
		d.errors.add(name, "form.file")
	case len(bytes) == 0:
		d.errors.add(name, "form.file_empty")
	}
	return File{Name: fileName(given[0].Filename), Type: http.DetectContentType(bytes), Bytes: bytes}
}

// fileName is the name that a browser gave a file as text that can be stored and shown: without folders and control characters, at most
// 200 characters long.
func fileName(given string) string {
	name := given[strings.LastIndexAny(given, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) { // among these: from right to left, by which fdp.exe reads as exe.pdf
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if letters := []rune(name); len(letters) > 200 {
		name = string(letters[len(letters)-200:]) // its end tells the kind
	}
	return name
}

// clean makes text fit for the database: valid UTF-8, no control characters but line ends and tabs.
func clean(text string, raw bool) (string, bool) {
	if !utf8.ValidString(text) {
		return "", false
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return "", false
	}
	if raw {
		return text, true
	}
	return strings.TrimSpace(text), true
}
