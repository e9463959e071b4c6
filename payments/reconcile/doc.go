// Package reconcile takes in what the bank says and finds out what each movement was for.
//
// Owns: imported files, statements and movements, and their matches. Tables: bank_file, bank_skip, bank_statement,
// bank_movement, movement_match. Reads the view order_open.
// May import: terms, migrations/pg, payments, payments/bank and below.
// Always true: a file that is unfit is not imported at all; a movement is stored and booked once, however often and in
// whichever format it arrives; every cent of it is on 550 and, until a match says what it was for, on suspense (499);
// a match is a row, undone by its opposite. Only a reference that we gave out is matched without a person; everything else
// is a suggestion with its reasons.
package reconcile
