// Package account knows people: who books, which children are theirs, who works for the organiser, and who makes this
// request.
//
// Owns: guardians, participants, staff, roles, assignments, sessions, sign-in codes, second factors, invitations.
// Tables: guardian, participant, guardianship, staff, staff_role, assignment, assignment_event, session, sign_in_code,
// known_browser, recovery_code, staff_invitation, sign_in_event, guardian_invitation, guardian_invitation_child,
// guardianship_event.
// May import: terms, migrations/pg, shop/throttle, shop/mail, templates/mail; argon2id, otp, go-qrcode. No HTTP.
// Always true: no token, code or password is stored as it is; what a request may do is read from the database at that
// request, so that a removed role, assignment or session ends at once; an answer about an e-mail address is the same,
// and as fast, whether anybody is known under it; every child has a guardian who manages it; of each other, guardians learn a name.
package account
