package questionnaire

import (
	"fmt"
	"strings"
)

// Audience is a group of readers that the questionnaire tells apart.
type Audience uint8

// The audiences, as medical decides who belongs to them. The parent is none of them: a parent sees every answer.
const (
	Animators Audience = iota + 1 // of the own camp, in the window
	Leads                         // lead animator or first-aider of the own camp, in the window
	CareTeam                      // staff who decide on care
	Kitchen                       // first name and diet only
)

// Sight is how much of an answer an audience gets.
type Sight uint8

// Nothing is the zero value: what nobody thought of is not shown.
const (
	Nothing     Sight = iota
	Instruction       // not the answer, but what staff wrote about it in plain words
	Whole
)

// View says who sees an answer, as the questionnaire's view codes do:
//
//	A    animators and leads       L    leads only             S   care team only
//	S>A  care team; animators and leads get the instruction    S>L  the same, leads only
//	+K   the kitchen too; K(food) only rows of that kind
type View struct {
	code     string
	kitchen  bool
	onlyKind string
}

// Code is the view code without the kitchen: A, L, S, S>A or S>L.
func (v View) Code() string { return v.code }

// KitchenKind is the only kind of row that the kitchen gets; empty = all.
func (v View) KitchenKind() string { return v.onlyKind }

// For says how much an audience gets.
func (v View) For(a Audience) Sight {
	switch a {
	case Animators:
		return map[string]Sight{"A": Whole, "S>A": Instruction}[v.code]
	case Leads:
		return map[string]Sight{"A": Whole, "L": Whole, "S>A": Instruction, "S>L": Instruction}[v.code]
	case CareTeam:
		return map[string]Sight{"S": Whole, "S>A": Whole, "S>L": Whole}[v.code]
	case Kitchen:
		if v.kitchen {
			return Whole
		}
	}
	return Nothing
}

// parseView reads a view code; note is what stands in brackets behind it, "reason: L" in "A (reason: L)".
func parseView(s string) (v View, note string, err error) {
	rest := s
	if before, inside, ok := strings.Cut(s, " ("); ok {
		rest, note = before, strings.TrimSuffix(inside, ")")
	}
	code, kitchen, plus := strings.Cut(rest, "+")
	v.code = strings.TrimSuffix(code, "(instruction)")
	switch v.code {
	case "A", "L", "S", "S>A", "S>L":
	default:
		return View{}, "", fmt.Errorf("view %q is not known", s)
	}
	if plus {
		v.kitchen = true
		if kind, ok := strings.CutPrefix(kitchen, "K("); ok {
			v.onlyKind = strings.TrimSuffix(kind, ")")
		} else if kitchen != "K" {
			return View{}, "", fmt.Errorf("view %q is not known", s)
		}
	}
	return v, note, nil
}
