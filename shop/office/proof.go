package office

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/memberprice"
	"joetz/shop/proof"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/templates/ui"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ProofsPath is where the proofs that wait for the office are listed.
const ProofsPath = "/kantoor/bewijzen"

func proofPath(b id.Booking) string { return fmt.Sprintf("%s/%d", ProofsPath, b) }

// ShowProofs lists what was handed in, and the bookings whose deadline passed.
func (h *Handlers) ShowProofs(c *fiber.Ctx) error {
	check, err := h.Proofs.ToCheck(c.UserContext())
	if err != nil {
		return err
	}
	price, err := h.Proofs.ToPrice(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, office.Proofs(office.ProofsPage{Page: staffPage(c, "office.proofs.title"), Check: proofRows(check), Price: proofRows(price)}))
}

func proofRows(lines []proof.Line) []office.ProofRow {
	rows := make([]office.ProofRow, len(lines))
	for i, l := range lines {
		rows[i] = office.ProofRow{
			Href: proofPath(l.Booking), Child: l.FirstName + " " + l.LastName, Holiday: l.Title, DepartsOn: l.DepartsOn, Category: string(l.Category),
			Since: l.Since, Until: l.Until, Files: l.Files,
		}
	}
	return rows
}

// ShowProof shows one proof beside its facts.
func (h *Handlers) ShowProof(c *fiber.Ctx) error {
	_, page, err := h.proofPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Proof(page))
}

func (h *Handlers) proofPage(c *fiber.Ctx) (proof.Case, office.ProofPage, error) {
	key, err := strconv.ParseInt(c.Params("booking"), 10, 64)
	if err != nil {
		return proof.Case{}, office.ProofPage{}, booking.ErrNoBooking
	}
	ctx := c.UserContext()
	found, err := h.Proofs.ByID(ctx, id.Booking(key))
	if err != nil {
		return found, office.ProofPage{}, err
	}
	b, o, claimed := found.Booking, found.Order, found.Claim
	p := staffPage(c, "office.proofs.title")
	p.Back = &layout.Link{Href: ProofsPath, Text: p.T("office.proofs.title")}
	page := office.ProofPage{
		Page: p, Action: proofPath(b.ID), Seen: found.Seen(), Order: orderPath(o.ID), Reference: o.Reference, Name: b.FirstName + " " + b.LastName, BornOn: b.BornOn,
		Payer: o.PayerName, Phone: o.PayerPhone, Holiday: b.Title, StartsOn: b.DepartsOn, EndsOn: b.EndsOn, Category: string(claimed.Category),
		Price: claimed.Price, Base: b.BasePrice, Until: claimed.Until, Passed: claimed.Until.Before(p.Today), State: b.Evidence, Words: claimed.Words,
		Code: claimed.Code, Corrected: claimed.Corrected(), Decide: b.Active() && b.Evidence != memberprice.Accepted,
	}
	accept, err := h.Proofs.AcceptChange(ctx, found)
	if err != nil {
		return found, page, err
	}
	page.Accept = priceChange(p, accept)
	page.Title = p.T("office.proof.title", page.Name)
	for _, f := range found.Files {
		page.Files = append(page.Files, office.ProofFile{Href: fmt.Sprintf("%s/bestand/%d", page.Action, f.ID), Picture: f.Picture(), At: f.UploadedAt})
	}
	_, because, readable := claimed.Sticker()
	page.StickerOK = readable
	for _, r := range because {
		line := booking.Reason(p.Lang, r)
		page.Sticker = append(page.Sticker, office.ReasonLine{Clause: line.Clause, Text: line.Text})
	}
	page.Reasons = []ui.Option{{Value: "", Label: p.T("office.proof.choose")}}
	for _, r := range proof.Reasons {
		page.Reasons = append(page.Reasons, ui.Option{Value: r, Label: p.T("office.proof.reasons." + r)})
	}
	if change, err := h.Proofs.BasePriceChange(ctx, found); err == nil {
		to := priceChange(p, change)
		page.ToBase = &to
	}
	return found, page, h.addQueue(c, &page, b.ID)
}

// addQueue finds the proof's place among those that wait, and its neighbours.
func (h *Handlers) addQueue(c *fiber.Ctx, page *office.ProofPage, b id.Booking) error {
	queue, err := h.Proofs.ToCheck(c.UserContext())
	if err != nil {
		return err
	}
	page.Waiting = len(queue)
	for i, line := range queue {
		if line.Booking != b {
			continue
		}
		page.Place = i + 1
		if i > 0 {
			page.Previous = proofPath(queue[i-1].Booking)
		}
		if i+1 < len(queue) {
			page.Next = proofPath(queue[i+1].Booking)
		}
	}
	return nil
}

func priceChange(p layout.Page, c booking.PriceChange) office.PriceChange {
	out := office.PriceChange{From: c.From, To: c.To, Change: c.Change(), DueOn: c.DueOn}
	for _, g := range c.Discounts {
		out.Discounts = append(out.Discounts, office.KeptExtra{Name: g.Name(p.Lang), Amount: g.Off})
	}
	return out
}

type proofForm struct {
	Decision string `form:"decision" validate:"required,oneof=accept refuse again base time"`
	Reason   string `form:"reason"`
	Words    string `form:"words" validate:"max=500"`
	Change   int64  `form:"change"`
	Seen     string `form:"seen" validate:"max=100"`
}

// DecideProof does what was decided and goes on to the next that waits.
func (h *Handlers) DecideProof(c *fiber.Ctx) error {
	found, page, err := h.proofPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[proofForm](c)
	ctx, who, b := c.UserContext(), web.Who(c), found.Booking.ID
	if err == nil {
		switch in.Decision {
		case "accept":
			err = h.Proofs.Accept(ctx, who, b, in.Seen, money.Cents(in.Change))
		case "refuse":
			err = h.Proofs.Refuse(ctx, who, b, in.Seen, in.Reason, in.Words, false)
		case "again":
			err = h.Proofs.Refuse(ctx, who, b, in.Seen, in.Reason, in.Words, true)
		case "base":
			err = h.Proofs.AskBasePrice(ctx, who, b, money.Cents(in.Change))
		case "time":
			err = h.Proofs.MoreTime(ctx, who, b, in.Seen)
		}
	}
	if problems := web.Problems(c, err); problems != nil {
		if _, page, err = h.proofPage(c); err != nil { // as it stands now: a colleague may have decided
			return err
		}
		page.Reason, page.Typed, page.Errors, page.Failed = in.Reason, in.Words, problems, true
		return web.RenderAgain(c, office.Proof(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "office.proof.done."+in.Decision)
	switch {
	case in.Decision == "refuse" && page.Passed && !page.Corrected: // the price is the next thing to decide
		return web.SeeOther(c, page.Action)
	case page.Next != "":
		return web.SeeOther(c, page.Next)
	}
	return web.SeeOther(c, ProofsPath)
}

// ShowProofFile sends one file; who looked is written down.
func (h *Handlers) ShowProofFile(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("booking"), 10, 64)
	if err != nil {
		return booking.ErrNoBooking
	}
	file, err := strconv.ParseInt(c.Params("file"), 10, 64)
	if err != nil {
		return booking.ErrNoBooking
	}
	f, err := h.Proofs.View(c.UserContext(), web.Who(c), id.Booking(key), file)
	if err != nil {
		return err
	}
	return web.SendFile(c, f.Type, fmt.Sprintf("bewijs-%d-%d.pdf", key, file), f.Data)
}
