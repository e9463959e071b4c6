// Package demo has the pages that only a shop for trying out shows: the mails that nobody received.
//
// Owns: the list of mails and the page of one mail.
// Tables: none.
// May import: terms, templates/layout, templates/ui, templ.
// Always true: a mail's own HTML is shown in a frame of its own, never as part of a page.
package demo

import (
	"strconv"
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/id"
)

// Mail is one message.
type Mail struct {
	ID      id.Mail
	To      string // "Anna Peeters <anna@example.be>"
	Subject string
	Lang    string
	At      time.Time
}

func (m Mail) href() string { return "/demo/mail/" + strconv.FormatInt(int64(m.ID), 10) }

// MailsPage lists the latest mails.
type MailsPage struct {
	layout.Page
	Mails []Mail
}

func (p MailsPage) columns() []ui.Column {
	return []ui.Column{{Label: p.T("demo.mail.subject"), Wide: true}, {Label: p.T("demo.mail.to")}, {Label: p.T("demo.mail.at")}}
}

// MailPage is one mail as its reader would see it.
type MailPage struct {
	layout.Page
	Mail  Mail
	From  string
	Files []File
}

// File is an attachment.
type File struct{ Name, Href string }
