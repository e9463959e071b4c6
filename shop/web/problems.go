package web

import (
	"errors"
	"maps"
	"slices"

	"github.com/gofiber/fiber/v2"

	"joetz/templates/messages"
	"joetz/templates/ui"
	"joetz/terms/fault"
)

// formError is one field that has to change: its name, and a message key with arguments.
type formError struct {
	field, key string
	args       []any
}

// formErrors are the fields that have to change, in the order of the form.
type formErrors struct{ list []formError }

func (e *formErrors) add(field, key string, args ...any) {
	if !e.has(field) { // the first thing to mend is enough
		e.list = append(e.list, formError{field, key, args})
	}
}

func (e *formErrors) has(field string) bool {
	return slices.ContainsFunc(e.list, func(f formError) bool { return f.field == field })
}

// inOrder sorts by the order of the form, so that the summary reads as the page does; nil when there is nothing.
func (e formErrors) inOrder(names []string) error {
	if len(e.list) == 0 {
		return nil
	}
	slices.SortStableFunc(e.list, func(a, b formError) int {
		return slices.Index(names, a.field) - slices.Index(names, b.field)
	})
	return &e
}

var errForm = fault.New(fault.Invalid, "form.invalid")

// Error is for the log: names of fields and rules, never what was typed.
func (e *formErrors) Error() string {
	text := errForm.Key
	for _, f := range e.list {
		text += " " + f.field + "=" + f.key
	}
	return text
}

// Unwrap makes it a Fault of kind Invalid for everybody else.
func (e *formErrors) Unwrap() error {
	f := *errForm
	f.Fields = make(map[string]string, len(e.list))
	for _, p := range e.list {
		f.Fields[p.field] = p.key
	}
	return &f
}

// Problems is what the reader has to mend on the form, in words; nil when err is of no kind that showing the form again
// could mend. Beside Invalid that is Conflict, Expired and TooMany: what was typed stays, and the summary says why.
func Problems(c *fiber.Ctx, err error) ui.Errors {
	lang := Language(c)
	var form *formErrors
	if errors.As(err, &form) {
		out := make(ui.Errors, 0, len(form.list))
		for _, p := range form.list {
			out = append(out, ui.FieldError{Field: p.field, Text: messages.T(lang, p.key, p.args...)})
		}
		return out
	}
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	switch f.Kind {
	case fault.Invalid, fault.Conflict, fault.Expired, fault.TooMany:
	default:
		return nil
	}
	if f.Kind == fault.TooMany {
		current(c).throttled = f
	}
	if len(f.Fields) == 0 {
		return ui.Errors{{Text: messages.T(lang, f.Key, f.Args...)}}
	}
	out := make(ui.Errors, 0, len(f.Fields))
	fields, order := slices.Sorted(maps.Keys(f.Fields)), current(c).fields
	slices.SortStableFunc(fields, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	for _, field := range fields {
		out = append(out, ui.FieldError{Field: field, Text: messages.T(lang, f.Fields[field], f.Args...)})
	}
	return out
}
