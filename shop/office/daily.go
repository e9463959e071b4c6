package office

import (
	"joetz/shop/circular"
	"joetz/shop/dossier"
	"joetz/shop/find"
	"joetz/shop/mail"
	"joetz/shop/roster"
)

// Daily is what the pages of the office's daily work stand on.
type Daily struct {
	Find   *find.Service
	Roster *roster.Service

	Circulars *circular.Service
	Info      circular.InfoSettings
	Dossier   *dossier.Service
	Outbox    *mail.Outbox
}
