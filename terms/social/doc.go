// Package social decides who is entitled to the social tariff of Iedereen Verdient Vakantie (not the same as JOETZ's own
// VT price, which is for members of Solidaris only).
//
// Owns: rules.toml (evidence, parties, poverty criteria) and tables/ (incomes, one file per year).
// Tables: none. May import: terms, the standard library, go-toml.
// Always true: no number of the brochure stands in Go; a limit is compared in whole cents, never divided; every answer
// carries the brochure's own words.
package social
