package web

import (
	"errors"
	"net/mail"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"

	"joetz/terms/civil"
)

// rules is the validator with our own rules; it holds caches only and is safe to share.
var rules = newRules()

func newRules() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("form"), ",")
		return name
	})
	v.RegisterCustomTypeFunc(func(f reflect.Value) any { return f.Interface().(civil.Date).String() }, civil.Date{})
	v.RegisterCustomTypeFunc(func(f reflect.Value) any { return len(f.Interface().(File).Bytes) }, File{})
	for tag, rule := range map[string]validator.Func{"phone": isPhone, "mail": isMail, "postcode": isPostcode} {
		if err := v.RegisterValidation(tag, rule); err != nil {
			panic(err) // an empty tag or rule: of the code
		}
	}
	return v
}

// messageOf is the text for a broken rule; the rule's parameter is its {0}. What counts letters and what counts a number
// says so differently.
var messageOf = map[string]string{
	"required":         "form.required",
	"required_if":      "form.required",
	"required_unless":  "form.required",
	"required_with":    "form.required",
	"required_without": "form.required",
	"mail":             "form.mail",
	"phone":            "form.phone",
	"postcode":         "form.postcode",
	"oneof":            "form.choose",
	"eqfield":          "form.same",
	"len":              "form.length",
	"number":           "form.digits",
	"min":              "form.too_short",
	"max":              "form.too_long",
}

// check applies the validate tags to in, and leaves out the fields that could not even be read.
func check(in any, unread formErrors) (found formErrors) {
	err := rules.Struct(in)
	var broken validator.ValidationErrors
	if !errors.As(err, &broken) {
		if err != nil {
			panic(err) // in is no struct: of the code
		}
		return formErrors{}
	}
	for _, b := range broken {
		name := formName(b.Namespace(), reflect.TypeOf(in).Elem().Name())
		if !unread.has(name) {
			key, args := ruleMessage(b)
			found.add(name, key, args...)
		}
	}
	return found
}

func ruleMessage(b validator.FieldError) (key string, args []any) {
	key, known := messageOf[b.Tag()]
	if !known {
		return "form.wrong", nil
	}
	if b.Tag() == "required" && b.Kind() == reflect.Bool {
		return "form.tick", nil
	}
	n, err := strconv.Atoi(b.Param())
	if err != nil {
		return key, nil
	}
	switch kind, tag := b.Kind(), b.Tag(); {
	case kind == reflect.String:
	case kind == reflect.Slice && tag == "min":
		key = "form.too_few"
	case kind == reflect.Slice && tag == "max":
		key = "form.too_many"
	case tag == "min":
		key = "form.too_small"
	case tag == "max":
		key = "form.too_big"
	}
	return key, []any{n}
}

// formName turns the validator's "orderForm.children[0].first_name" into the field's "children.0.first_name". A form without a name
// of its own has none in front.
func formName(namespace, form string) string {
	name := namespace
	if form != "" {
		name = strings.TrimPrefix(namespace, form+".")
	}
	return strings.NewReplacer("[", ".", "]", "").Replace(name)
}

// mailShape is what mail servers take in practice; the standard's comments and quotes are none that parents have.
var mailShape = regexp.MustCompile(`^[^\s@<>()",;:\\]+@[^\s@<>()",;:\\]+\.[^\s@<>()",;:\\.]{2,}$`)

func isMail(f validator.FieldLevel) bool {
	text := f.Field().String()
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text && len(text) <= 254 && mailShape.MatchString(text)
}

var phoneShape = regexp.MustCompile(`^\+?[0-9][0-9 ./()-]{6,22}[0-9]$`)

// isPhone takes numbers as people write them, with 8 to 15 digits. A Belgian one that lost a digit is none: nobody is reached on it.
func isPhone(f validator.FieldLevel) bool {
	text := f.Field().String()
	digits := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, strings.Replace(text, "(0)", "", 1))
	if abroad, ok := strings.CutPrefix(digits, "00"); ok || strings.HasPrefix(text, "+") {
		if ok {
			digits = abroad
		}
		if belgian, ok := strings.CutPrefix(digits, "32"); ok {
			digits = "0" + strings.TrimPrefix(belgian, "0")
		}
	}
	if !phoneShape.MatchString(text) || len(digits) < 8 || len(digits) > 15 {
		return false
	}
	switch {
	case mobile.MatchString(digits):
		return len(digits) >= 10
	case digits[0] == '0':
		return len(digits) >= 9
	}
	return true
}

// mobile is the beginning of a Belgian mobile number, as it is dialled in Belgium: ten digits in all, where others have nine.
var mobile = regexp.MustCompile(`^04[5-9]`)

var (
	postcodeShape   = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z -]{2,9}$`)
	belgianPostcode = regexp.MustCompile(`^[1-9][0-9]{3}$`)
)

// isPostcode takes four digits where the field country beside it says Belgium, and what other countries have otherwise.
func isPostcode(f validator.FieldLevel) bool {
	if c := reflect.Indirect(f.Parent()).FieldByName("Country"); c.IsValid() && c.Kind() == reflect.String && c.String() == "BE" {
		return belgianPostcode.MatchString(f.Field().String())
	}
	return postcodeShape.MatchString(f.Field().String())
}
