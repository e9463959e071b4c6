package mail

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// BankTransfer is an amount to be transferred.
type BankTransfer struct {
	Payee         string // as the bank knows it
	IBAN          string // "BE68 5390 0754 7034"
	Amount        money.Cents
	DueOn         civil.Date
	Communication string // "+++260/0000/10173+++"
	QR            string // content id of the picture with the same; empty for none
}

func (t BankTransfer) part(w words) Transfer {
	return Transfer{
		Facts: []Fact{
			{w.T("mail.transfer.amount"), t.Amount.Format(string(w))},
			{w.T("mail.transfer.due"), w.T("mail.transfer.by", t.DueOn)},
			{w.T("mail.transfer.iban"), t.IBAN},
			{w.T("mail.transfer.payee"), t.Payee},
			{w.T("mail.transfer.communication"), t.Communication},
		},
		QR: t.QR, QRLabel: w.T("mail.transfer.qr"),
		Advice: w.T("mail.transfer.advice"),
	}
}
