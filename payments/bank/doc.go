// Package bank knows how Belgian bank money is named and described: the structured communication, the RF reference, the
// IBAN, the EPC QR text, and the statement file that its readers (coda, camt) fill in.
//
// Owns: the types OGM and IBAN, the EPC payload, the statement model File and its Problems. No tables, no files, no clock.
// May import: terms.
// Always true: an OGM has right check digits and an IBAN passed mod 97, because only their parsers make them; amounts are
// signed cents, credit positive; a File that is Unfit must not be booked, whatever could be read of it.
package bank
