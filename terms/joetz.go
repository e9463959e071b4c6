package terms

import _ "embed"

//go:embed policies/joetz-2027.toml
var joetz2027 []byte

// JOETZ2027 are the terms of JOETZ vzw for bookings from the autumn of 2026 on: the file policies/joetz-2027.toml.
func JOETZ2027() Terms {
	t, err := Load(joetz2027, "policies/joetz-2027.toml")
	if err != nil {
		panic(err) // cannot happen: a test loads it
	}
	return t
}
