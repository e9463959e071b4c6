// Package medical keeps what parents tell about their child's health, and decides who reads it.
//
// Owns: the fiche of a participant on a departure, its sealed answers and its key, the care review, what was given and
// done at camp, the promise of those who read, the access log with the alerts found in it, openings in an emergency, what
// the organiser decides about reading and keeping.
// Tables: fiche, fiche_key, fiche_section, fiche_summary, fiche_upload, fiche_hold, fiche_record, fiche_note,
// fiche_promise, fiche_bundle, fiche_tombstone, fiche_override, fiche_alert, fiche_setting, fiche_verified, care_review,
// fiche_access. It reads the views fiche_booking, fiche_departure, fiche_participant, fiche_guardian, fiche_staff,
// fiche_staff_name, fiche_assignment, fiche_taken_off and fiche_wanted, which say what it has to know of others.
// May import: terms, migrations/pg, medical/questionnaire, medical/seal, medical/upload. It knows a booking only by its id.
//
// Always true:
//   - An answer is opened in one place (open), after one decision (Settings.decide) and after one line in the access log
//     that is committed. What cannot be logged is not shown.
//   - Who may not see a fiche hears "not found", and the refusal is logged.
//   - What is missing, unreadable or wiped says so: the zero value of every state is the loud one, so that nothing ever
//     looks like "nothing to report" by mistake.
//   - Answers leave this package only as types that print as [redacted].
//   - What a phone takes along follows OFFLINE.md, which also tells its limits.
//   - A fiche is wiped WipeAfter days after the camp (Settings; the organiser sets it, fiche_setting keeps who did) unless a
//     hold keeps it or its guardian let us keep it for KeepMonths; at once when the family asks. Its key goes first: without
//     it nothing of the fiche opens. The tombstone stands outside the database too, and wipes it again after a restore.
//   - A page of the form replaces only what its reader saw, and a signature is of what its reader saw (Revision).
//   - Order of locks: fiche row, then the access log; nothing else is locked after the log.
package medical
