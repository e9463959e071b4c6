package parent

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/requests"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// unread counts the requests that the office answered since the parent last looked.
func (h *Handlers) unread(c *fiber.Ctx) (n int, err error) {
	all, err := h.Requests.Of(c.UserContext(), web.Who(c).GuardianID)
	for _, r := range all {
		if r.Unread() {
			n++
		}
	}
	return n, err
}

// ShowRequests lists what the guardian asked.
func (h *Handlers) ShowRequests(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), web.Who(c).GuardianID
	all, err := h.Requests.Of(ctx, who)
	if err != nil {
		return err
	}
	orders, err := h.Bookings.FamilyOrders(ctx, who)
	if err != nil {
		return err
	}
	page := parent.RequestsPage{Page: ownPage(c, "requests.title")}
	known := booking.FamilyBookings(orders)
	for _, r := range all {
		page.Requests = append(page.Requests, requestLine(page.Page, r, known[r.Booking]))
	}
	return web.Render(c, parent.Requests(page))
}

func requestLine(p layout.Page, r requests.Request, b booking.Booking) parent.RequestLine {
	line := parent.RequestLine{Href: requests.Path(r.ID), Number: r.Number, Kind: p.T("requests.kind." + string(r.Kind)), OpenedAt: r.OpenedAt, Status: r.Status, Unread: r.Unread()}
	if b.ID != 0 {
		line.About = b.FirstName + ", " + b.Title
	}
	return line
}

type requestForm struct {
	Kind         string     `form:"kind" validate:"required,oneof=complaint undelivered leaving question"`
	Booking      int64      `form:"booking" validate:"min=0"`
	Body         string     `form:"body" validate:"max=5000"`
	Leaves       civil.Date `form:"leaves"`
	LeavesTime   string     `form:"leaves_time" validate:"max=5"`
	FetcherName  string     `form:"fetcher_name" validate:"max=100"`
	FetcherPhone string     `form:"fetcher_phone" validate:"omitempty,phone"`
	Files        web.File   `form:"files"`
	AsQuestion   bool       `form:"as_question"`
}

// ShowNewRequest asks what it is about.
func (h *Handlers) ShowNewRequest(c *fiber.Ctx) error {
	page, err := h.newRequestPage(c)
	if err != nil {
		return err
	}
	page.Kind, page.Booking = c.Query("soort"), c.Query("boeking")
	return web.Render(c, parent.NewRequest(page))
}

func (h *Handlers) newRequestPage(c *fiber.Ctx) (parent.NewRequestPage, error) {
	orders, err := h.Bookings.FamilyOrders(c.UserContext(), web.Who(c).GuardianID)
	if err != nil {
		return parent.NewRequestPage{}, err
	}
	page := parent.NewRequestPage{Page: ownPage(c, "requests.new")}
	page.Back = &layout.Link{Href: "/mijn/vragen", Text: page.T("requests.title")}
	page.Leaves = ui.DayField{Name: "leaves", Label: page.T("requests.field.leaves")}
	for _, kind := range []requests.Kind{requests.Question, requests.Leaving, requests.Complaint, requests.Undelivered} {
		page.Kinds = append(page.Kinds, ui.Option{Value: string(kind), Label: page.T("requests.kind." + string(kind)), Hint: page.T("requests.about." + string(kind))})
	}
	for _, o := range orders {
		for _, b := range o.Bookings {
			if !requests.About(b) {
				continue
			}
			if len(page.Bookings) == 0 {
				page.Bookings = append(page.Bookings, ui.Option{Value: "0", Label: page.T("requests.no_booking")})
			}
			page.Bookings = append(page.Bookings, ui.Option{Value: strconv.FormatInt(int64(b.ID), 10),
				Label: fmt.Sprintf("%s, %s, %s", b.FirstName, b.Title, page.Range(b.DepartsOn, b.EndsOn))})
		}
	}
	return page, nil
}

// SendRequest opens a request.
func (h *Handlers) SendRequest(c *fiber.Ctx) error {
	page, err := h.newRequestPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[requestForm](c)
	var opened requests.Request
	if err == nil {
		opened, err = h.openRequest(c, in)
	}
	if errors.Is(err, requests.ErrLateComplaint) || errors.Is(err, requests.ErrLateService) {
		page.AsQuestion = true
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		page.Kind, page.Booking, page.Body = in.Kind, strconv.FormatInt(in.Booking, 10), in.Body
		page.LeavesTime, page.FetcherName, page.FetcherTel = in.LeavesTime, in.FetcherName, in.FetcherPhone
		page.Leaves.Day, page.Leaves.Month, page.Leaves.Year = web.Typed(c, "leaves-day"), web.Typed(c, "leaves-month"), web.Typed(c, "leaves-year")
		page.Leaves.Error = problems.For("leaves")
		return web.RenderAgain(c, parent.NewRequest(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "requests.sent", opened.Number)
	return web.SeeOther(c, requests.Path(opened.ID))
}

func (h *Handlers) openRequest(c *fiber.Ctx, in requestForm) (requests.Request, error) {
	ask := requests.New{Kind: requests.Kind(in.Kind), Booking: id.Booking(in.Booking), Body: in.Body, Files: uploads(in.Files)}
	if in.AsQuestion {
		ask.Kind = requests.Question
	}
	if ask.Kind == requests.Leaving {
		ask.FetcherName, ask.FetcherPhone = in.FetcherName, in.FetcherPhone
		if !in.Leaves.IsZero() {
			at, err := time.Parse("15:04", in.LeavesTime)
			if err != nil {
				return requests.Request{}, fault.Field("leaves_time", "requests.bad_time")
			}
			day := in.Leaves.Start()
			y, m, d := in.Leaves.YMD()
			ask.LeavesAt = time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, day.Location())
		}
	}
	return h.Requests.Open(c.UserContext(), web.Who(c).GuardianID, ask)
}

func uploads(f web.File) []requests.Upload {
	if len(f.Bytes) == 0 {
		return nil
	}
	return []requests.Upload{{Name: f.Name, Bytes: f.Bytes}}
}

// ShowRequest is one request with what was written.
func (h *Handlers) ShowRequest(c *fiber.Ctx) error {
	page, err := h.requestPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, parent.Request(page))
}

func (h *Handlers) requestPage(c *fiber.Ctx) (page parent.RequestPage, err error) {
	ctx, who := c.UserContext(), web.Who(c).GuardianID
	key, err := strconv.ParseInt(c.Params("request"), 10, 64)
	if err != nil {
		return page, requests.ErrNotFound
	}
	r, err := h.Requests.One(ctx, who, key)
	if err != nil {
		return page, err
	}
	var b booking.Booking
	if r.Booking != 0 {
		if b, err = h.Bookings.BookingByID(ctx, r.Booking); err != nil {
			return page, err
		}
	}
	page.Page = ownPage(c, "requests.tab", r.Number)
	page.Back = &layout.Link{Href: "/mijn/vragen", Text: page.T("requests.title")}
	page.RequestLine, page.AnswerBy, page.Action = requestLine(page.Page, r, b), r.AnswerBy, requests.Path(r.ID)
	page.Unread = false
	page.MayReply = r.Status != "closed"
	if r.Status == "closed" && r.Kind != requests.Erasure {
		page.Until = h.Requests.Reopens(r, b)
		page.MayReply = !page.Today.After(page.Until)
	}
	if r.LeavesAt != nil {
		page.Leaves, page.Fetcher, page.Agreed = *r.LeavesAt, r.FetcherName+", "+r.FetcherPhone, r.AgreedAt != nil
	}
	me := web.Who(c).Actor()
	for _, m := range r.Messages {
		block := parent.MessageBlock{Who: actorName(page.Page, m.Actor, me), At: m.At, Body: m.Body, Mine: m.Actor == me}
		for _, f := range m.Files {
			block.Files = append(block.Files, layout.Link{Href: fmt.Sprintf("%s/bestand/%d", requests.Path(r.ID), f.ID), Text: f.Name})
		}
		page.Messages = append(page.Messages, block)
	}
	return page, nil
}

type replyForm struct {
	Body  string   `form:"body" validate:"required,max=5000"`
	Files web.File `form:"files"`
}

// Reply adds what the parent writes further.
func (h *Handlers) Reply(c *fiber.Ctx) error {
	page, err := h.requestPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[replyForm](c)
	if err == nil {
		key, _ := strconv.ParseInt(c.Params("request"), 10, 64) // read a moment ago
		err = h.Requests.Reply(c.UserContext(), web.Who(c).GuardianID, key, in.Body, uploads(in.Files))
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed, page.Body = problems, true, in.Body
		return web.RenderAgain(c, parent.Request(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "requests.replied")
	return web.SeeOther(c, page.Action)
}

// ShowRequestFile sends a file of the guardian's own request.
func (h *Handlers) ShowRequestFile(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("request"), 10, 64)
	if err != nil {
		return requests.ErrNotFound
	}
	file, err := strconv.ParseInt(c.Params("file"), 10, 64)
	if err != nil {
		return requests.ErrNotFound
	}
	f, data, err := h.Requests.OpenFile(c.UserContext(), web.Who(c).GuardianID, key, file)
	if err != nil {
		return err
	}
	return web.SendFile(c, f.Type, f.Name, data)
}
