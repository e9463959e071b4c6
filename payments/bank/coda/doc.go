// Package coda reads CODA 2.6, the Belgian coded statement of account (Febelfin, February 2018).
//
// Owns: the record layout and its checks. No tables.
// May import: payments/bank, terms.
// Always true: reading never fails and never panics: whatever was understood is in the File, and what was not is a Problem
// with its line. Sums are made in the file's own thousandths, so a lost thousandth is seen. Only records with detail
// number 0000 are movements; details hang under them and are never added up with them.
package coda
