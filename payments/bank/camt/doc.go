// Package camt reads camt.053, the ISO 20022 bank-to-customer statement, versions 02 to 08 (and later ones, with a
// warning). Reports within the day (052) and notifications (054) are read too, and refused: they repeat what a statement
// books.
//
// Owns: which elements mean what in which version. No tables.
// May import: payments/bank, terms.
// Always true: reading never fails and never panics; document types, entities of one's own and absurd depth are refused
// before they cost anything; amounts are decimal strings turned into cents, never floats; a reversal keeps the direction
// that the bank wrote.
package camt
