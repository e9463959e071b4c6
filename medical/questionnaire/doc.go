// Package questionnaire is the medical questionnaire as data: what is asked, when, of whom, who may see the answer, and
// what an answer may look like.
//
// Owns: versions/*.json (the questions in Dutch and English), the conditions, the answers and their checking.
// Tables: none. It does no I/O and knows no clock: dates come in as Facts.
// May import: terms and the standard library.
//
// Always true:
//   - A live version never changes: Load refuses one whose hash is not the one in versions/live.json.
//   - A condition refers only to questions before it, so that one pass in order decides what is asked.
//   - Clean keeps no answer to a question that is not asked.
//   - Answers print as [redacted].
package questionnaire
