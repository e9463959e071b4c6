// Package mail is the outbox: messages to people, written with the business and sent afterwards.
//
// Owns: the tables mail, mail_attachment, mail_file and mail_bounce, the way to the mail server, and which answer of it ends an attempt.
// Tables: mail, mail_attachment, mail_file, mail_bounce, mail_bounce_event.
// May import: terms, migrations/pg, payments, shop/queue, templates/mail, go-mail.
// Always true: a message exists exactly when the transaction that told it to exist committed; it is sent until the server
// took it, refused it for good, or it became useless; a second sending carries the same Message-ID; no header can hold a
// line break; without a mail server nothing leaves the program.
package mail
