// Package errors has the page that says that something did not work.
//
// Owns: its markup. Tables: none.
// May import: templates/layout, templ.
// Always true: it says what the reader can do now, and names the request by which the office finds it in the log; it
// never shows what the program said.
package errors
