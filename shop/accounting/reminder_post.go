package accounting

import (
	"mime"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// batchesOfLetters is how many batches the page shows.
const batchesOfLetters = 10

// addLetters adds what waits for the post, and whom costs may be asked of.
func (h *Handlers) addLetters(c *fiber.Ctx, p *accounting.RemindersPage) error {
	ctx := c.UserContext()
	waiting, err := h.Dunning.LettersToPost(ctx)
	if err != nil {
		return err
	}
	p.Posted = p.Today.String()
	for _, l := range waiting {
		row := accounting.LetterRow{Payer: l.Payer, Reference: l.Reference, Href: orderPath(l.Order), Stage: p.T("dunning.stage." + l.Stage), Open: l.Open, DueOn: l.DueOn}
		if l.Why == "" {
			p.Ready++
		} else {
			row.Why = p.T("dunning.reason." + l.Why)
		}
		p.Letters = append(p.Letters, row)
	}
	made, err := h.Dunning.Batches(ctx, batchesOfLetters)
	if err != nil {
		return err
	}
	for _, b := range made {
		p.Batches = append(p.Batches, accounting.LetterBatch{ID: b.ID, State: b.State, On: b.PostedOn, At: b.At, By: b.By, Letters: b.Letters, Paid: b.Paid})
	}
	costs, err := h.Dunning.CostsToAsk(ctx)
	for _, x := range costs {
		p.Costs = append(p.Costs, accounting.LateCosts{Order: int64(x.Order), Payer: x.Payer, Reference: x.Reference, Href: orderPath(x.Order), DueOn: x.DueOn, Until: x.Until, Open: x.Open, Costs: x.Costs})
	}
	return err
}

// answerReminders goes back to the page, or shows it again with what is wrong.
func (h *Handlers) answerReminders(c *fiber.Ctx, err error, done string, typed func(p *accounting.RemindersPage)) error {
	if problems := web.Problems(c, err); problems != nil {
		p, pageErr := h.remindersPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.Errors, p.Failed, p.Path = problems, true, remindersPath
		typed(&p)
		return web.RenderAgain(c, accounting.Reminders(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, done)
	return web.SeeOther(c, remindersPath)
}

// PrintLetters makes the batch of letters that somebody saw.
func (h *Handlers) PrintLetters(c *fiber.Ctx) error {
	in, err := web.Form[struct {
		Count  int        `form:"count" validate:"min=0"`
		Posted civil.Date `form:"posted" validate:"required"`
	}](c)
	if err == nil {
		_, err = h.Dunning.PrintLetters(c.UserContext(), web.Who(c), in.Posted, in.Count)
	}
	return h.answerReminders(c, err, "dunning.post.made", func(p *accounting.RemindersPage) { p.Posted = web.Typed(c, "posted") })
}

func batchKey(c *fiber.Ctx) int64 {
	key, _ := strconv.ParseInt(c.Params("batch"), 10, 64)
	return key
}

// DownloadLetters is a batch to print.
func (h *Handlers) DownloadLetters(c *fiber.Ctx) error {
	name, content, err := h.Dunning.BatchFile(c.UserContext(), batchKey(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("inline", map[string]string{"filename": name}))
	return c.Send(content)
}

// EndLetters says that a batch was posted, or that it was not.
func (h *Handlers) EndLetters(c *fiber.Ctx) error {
	in, err := web.Form[struct {
		Day civil.Date `form:"day"`
		Act string     `form:"doe" validate:"required,oneof=gepost niet"`
	}](c)
	done := "dunning.post.posted_flash"
	switch {
	case err != nil:
	case in.Act == "niet":
		done, err = "dunning.post.dropped_flash", h.Dunning.BatchDropped(c.UserContext(), web.Who(c), batchKey(c))
	default:
		err = h.Dunning.BatchPosted(c.UserContext(), web.Who(c), batchKey(c), in.Day)
	}
	return h.answerReminders(c, err, done, func(*accounting.RemindersPage) {})
}

// AskCosts asks an order the costs that somebody saw.
func (h *Handlers) AskCosts(c *fiber.Ctx) error {
	in, err := web.Form[struct {
		Order int64      `form:"order" validate:"min=1"`
		Due   civil.Date `form:"due" validate:"required"`
		Costs string     `form:"costs" validate:"required,max=20"`
	}](c)
	if err == nil {
		costs, wrong := money.Parse(in.Costs)
		if wrong != nil {
			return fault.New(fault.Invalid, "form.invalid").With(wrong)
		}
		err = h.Dunning.AskCosts(c.UserContext(), web.Who(c), id.Order(in.Order), in.Due, costs)
	}
	return h.answerReminders(c, err, "dunning.costs.asked", func(*accounting.RemindersPage) {})
}
