package ui

import "github.com/a-h/templ"

// The classes of a field, made once: templ puts a class together from parts anew at each use, with two maps for each, and a form has many
// fields.
var (
	field, fieldBad     = class("field"), class("field field-bad")
	choices, choicesBad = class("field choices"), class("field choices field-bad")
)

func class(names string) templ.Attributer {
	return templ.OrderedAttributes{{Key: "class", Value: names}}
}

// fieldClass is the class of one question, with what is wrong with its answer; "" when nothing is.
func fieldClass(wrong string) templ.Attributer {
	if wrong != "" {
		return fieldBad
	}
	return field
}

// choicesClass is fieldClass of a question whose answers are ticked.
func choicesClass(wrong string) templ.Attributer {
	if wrong != "" {
		return choicesBad
	}
	return choices
}
