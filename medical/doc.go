// Package medical keeps what parents tell about their child's health, and decides who reads it.
//
// Owns: the fiche of a participant on a departure, its sealed answers and its key, the care review, what was given and
// done at camp, the promise of those who read, the access log.
// Tables: fiche, fiche_key, fiche_section, fiche_upload, fiche_hold, fiche_record, fiche_promise, fiche_bundle,
// fiche_tombstone, care_review, fiche_access. It reads the views fiche_booking,
// fiche_guardian, fiche_staff, fiche_assignment and fiche_wanted, which say what it has to know of others.
// May import: terms, migrations/pg, medical/questionnaire, medical/seal. It knows a booking only by its id.
//
// Always true:
//   - An answer is opened in one place (open), after one decision (Settings.decide) and after one line in the access log
//     that is committed. What cannot be logged is not shown.
//   - Who may not see a fiche hears "not found", and the refusal is logged.
//   - What is missing, unreadable or wiped says so: the zero value of every state is the loud one, so that nothing ever
//     looks like "nothing to report" by mistake.
//   - Answers leave this package only as types that print as [redacted].
//   - What a phone takes along follows OFFLINE.md, which also tells its limits.
//   - Order of locks: fiche row, then the access log; nothing else is locked after the log.
package medical
