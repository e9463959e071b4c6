package office

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/requests"
	"joetz/shop/watch"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms/fault"
)

const requestsShown = 200

// errAgree asks whether a child may leave early: nothing is chosen beforehand.
var errAgree = fault.Field("agree", "form.choose")

// ShowRequests lists what families asked, what is to be answered first on top.
func (h *Handlers) ShowRequests(c *fiber.Ctx) error {
	page := office.RequestsPage{Page: staffPage(c, "requests.office.title"), Show: c.Query("toon", "open")}
	status := page.Show
	if status == "all" {
		status = ""
	}
	rows, err := h.Requests.List(c.UserContext(), status, requestsShown)
	if err != nil {
		return err
	}
	for _, r := range rows {
		page.Rows = append(page.Rows, requestRow(page.Page, r.Request, r.Subject, about(r.Child, r.Title)))
	}
	return web.Render(c, office.Requests(page))
}

func about(child, title string) string {
	if child == "" {
		return ""
	}
	return child + ", " + title
}

func requestRow(p layout.Page, r requests.Request, who, about string) office.RequestRow {
	return office.RequestRow{Href: requests.OfficePath(r.ID), Number: r.Number, Kind: p.T("requests.kind." + string(r.Kind)), Who: who, About: about,
		Days: int(r.Age(p.Now).Hours() / 24), AnswerBy: r.AnswerBy, Late: r.Late(p.Today), Status: r.Status}
}

// ShowRequest is one request, to be answered.
func (h *Handlers) ShowRequest(c *fiber.Ctx) error {
	page, err := h.requestPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Request(page))
}

func (h *Handlers) requestPage(c *fiber.Ctx) (page office.RequestPage, err error) {
	ctx := c.UserContext()
	key, err := strconv.ParseInt(c.Params("request"), 10, 64)
	if err != nil {
		return page, requests.ErrNotFound
	}
	r, err := h.Requests.ForOffice(ctx, key)
	if err != nil {
		return page, err
	}
	g, err := h.Accounts.GuardianByID(ctx, r.Guardian)
	if err != nil {
		return page, err
	}
	page.Page = staffPage(c, "requests.office.title")
	page.Width = layout.Reading
	page.Back = &layout.Link{Href: "/kantoor/vragen", Text: page.T("requests.office.title")}
	page.RequestRow = requestRow(page.Page, r, g.Name(), "")
	page.Email, page.Phone, page.Action = g.Email, g.Phone, requests.OfficePath(r.ID)
	if r.Kind == requests.Erasure && r.Status != "closed" {
		page.Erase = requests.OfficePath(r.ID) + "/wissen"
	}
	if r.Kind == requests.Fiche && r.Status != "closed" {
		fate, ok, err := h.Watch.Medical.FateOf(ctx, r.Booking)
		if err != nil {
			return page, err
		}
		if ok && fate.WipedAt.IsZero() {
			page.WipeFiche = fmt.Sprintf("%s?vraag=%d", watch.FilePath(fate.Fiche), r.ID)
		}
	}
	if r.Booking != 0 {
		b, err := h.Bookings.BookingByID(ctx, r.Booking)
		if err != nil {
			return page, err
		}
		page.About, page.Order = about(b.FirstName+" "+b.LastName, b.Title), orderPath(b.Order)
	}
	if r.LeavesAt != nil {
		page.Leaving, page.Leaves, page.Fetcher, page.Agreed = true, *r.LeavesAt, r.FetcherName+", "+r.FetcherPhone, r.AgreedAt != nil
	}
	for _, m := range r.Messages {
		kind, _, _ := strings.Cut(m.Actor, ":")
		block := office.RequestMessage{Who: g.Name(), At: m.At, Body: m.Body, Ours: kind == "staff"}
		if block.Ours {
			block.Who = page.T("requests.office.us")
		}
		for _, f := range m.Files {
			block.Files = append(block.Files, layout.Link{Href: fmt.Sprintf("%s/bestand/%d", requests.OfficePath(r.ID), f.ID), Text: f.Name})
		}
		page.Messages = append(page.Messages, block)
	}
	return page, nil
}

type answerForm struct {
	Body   string `form:"body" validate:"required,max=5000"`
	InMail bool   `form:"in_mail"`
	Close  bool   `form:"close"`
	Agree  string `form:"agree" validate:"omitempty,oneof=yes no"`
}

// AnswerRequest sends an answer.
func (h *Handlers) AnswerRequest(c *fiber.Ctx) error {
	page, err := h.requestPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[answerForm](c)
	if err == nil && page.Leaving && in.Agree == "" {
		err = errAgree
	}
	if err == nil {
		key, _ := strconv.ParseInt(c.Params("request"), 10, 64) // read a moment ago
		err = h.Requests.AnswerIt(c.UserContext(), web.Who(c), key, requests.Answer{Body: in.Body, InMail: in.InMail, Close: in.Close, Agree: in.Agree == "yes"})
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed, page.Body, page.InMail, page.Close, page.Agree = problems, true, in.Body, in.InMail, in.Close, in.Agree
		return web.RenderAgain(c, office.Request(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "requests.office.sent")
	return web.SeeOther(c, "/kantoor/vragen")
}

// CloseRequest ends a request without an answer.
func (h *Handlers) CloseRequest(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("request"), 10, 64)
	if err != nil {
		return requests.ErrNotFound
	}
	if err := h.Requests.CloseIt(c.UserContext(), key); err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "requests.office.closed")
	return web.SeeOther(c, "/kantoor/vragen")
}

// ShowRequestFile sends a file that a parent added.
func (h *Handlers) ShowRequestFile(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("request"), 10, 64)
	if err != nil {
		return requests.ErrNotFound
	}
	file, err := strconv.ParseInt(c.Params("file"), 10, 64)
	if err != nil {
		return requests.ErrNotFound
	}
	f, data, err := h.Requests.OpenFile(c.UserContext(), 0, key, file)
	if err != nil {
		return err
	}
	return web.SendFile(c, f.Type, f.Name, data)
}
