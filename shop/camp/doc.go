// Package camp is a departure as its animators see it: which camps are mine, who is coming, whom to call.
//
// Owns: no table; it reads the views camp, camp_assignment, camp_child, camp_parent and camp_leaving, and asks medical for the rest.
// May import: terms, migrations/pg, medical.
// Always true: every method asks the database whether the animator belongs to the camp now; a camp that is not theirs,
// not yet, or no longer, is not found. What medical refuses is not found either.
package camp
