// Package errors has the pages that say that something did not work, and what can be done now.
//
// Owns: its markup. Tables: none.
// May import: templates/layout, templates/ui, templ.
// Always true: it says what the reader can do now, and names the request by which the office finds it in the log; it
// never shows what the program said.
package errors
