package office

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/queue"
	"joetz/shop/web"
	"joetz/shop/worklist"
	"joetz/templates/layout"
	"joetz/templates/messages"
	"joetz/templates/office"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

type worklistForm struct {
	Kind string `form:"soort" validate:"max=20"`
	Show string `form:"toon" validate:"omitempty,oneof=laat mijn"`
	Page int    `form:"blad" validate:"min=0,max=1000"`
}

// ShowWorklist is the office's first page: what waits, the most urgent first.
func (h *Handlers) ShowWorklist(c *fiber.Ctx) error {
	in, err := web.Form[worklistForm](c)
	if err != nil || in.Kind != "" && !slices.Contains(worklist.Kinds, worklist.Kind(in.Kind)) {
		in = worklistForm{} // an address that somebody changed: the list as it begins
	}
	only := worklist.Only{Late: in.Show == "laat"}
	if in.Show == "mijn" {
		only.Of = web.Who(c).StaffID
	}
	board, err := h.Worklist.Look(c.UserContext(), worklist.Kind(in.Kind), only, in.Page)
	if err != nil {
		return err
	}
	p := office.WorklistPage{Page: staffPage(c, "worklist.title"), Kind: in.Kind, Hidden: board.Hidden, Start: worklistPath("", in.Show, 1)}
	p.Width = layout.Broad
	for _, n := range board.Counts {
		p.All += n.Total
		p.Counts = append(p.Counts, office.WorkCount{Kind: string(n.Kind), Count: n.Total, Href: worklistPath(string(n.Kind), in.Show, 1)})
		if n.Failed {
			p.Failed = append(p.Failed, string(n.Kind))
		}
	}
	for _, e := range board.Entries {
		p.Items = append(p.Items, workItem(p.Page, e, web.Who(c).StaffID))
	}
	p.Pages = ui.Pages{Current: board.Page, Last: board.Last, Href: func(n int) string { return worklistPath(in.Kind, in.Show, n) }}
	for _, show := range []string{"", "laat", "mijn"} {
		p.Shows = append(p.Shows, office.WorkShow{Show: show, Href: worklistPath(in.Kind, show, 1), Now: show == in.Show})
	}
	return web.Render(c, office.Worklist(p))
}

func worklistPath(kind, show string, page int) string {
	q := url.Values{}
	if show != "" {
		q.Set("toon", show)
	}
	if kind != "" {
		q.Set("soort", kind)
	}
	if page > 1 {
		q.Set("blad", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/kantoor"
	}
	return "/kantoor?" + q.Encode()
}

func workItem(p layout.Page, e worklist.Entry, me id.Staff) office.WorkItem {
	kind := string(e.Kind)
	item := office.WorkItem{
		Kind: kind, Key: e.Key, Subject: e.Subject, Detail: e.Detail, About: p.T(aboutKey(p, e.Item), e.Args...),
		Days: max(0, civil.Of(e.Since).DaysUntil(p.Today)), Due: e.Due, Late: e.Late(p.Today), Step: p.T("worklist.step." + kind), Path: e.Path,
		Taken: e.Claim.Name, Mine: e.Claim.Staff == me,
	}
	if !e.Day.IsZero() {
		item.Detail = strings.TrimPrefix(item.Detail+", "+p.DatePlain(e.Day), ", ")
	}
	if e.Note != "" {
		item.Note = p.T(e.Note, e.Args...)
	}
	if e.Claim.Name != "" {
		item.Until = p.Clock(e.Claim.At.Add(worklist.ClaimLasts))
	}
	return item
}

// aboutKey is the sentence that says what is the matter: a day that is over is not announced.
func aboutKey(p layout.Page, i worklist.Item) string {
	key := "worklist.about." + string(i.Kind)
	if late := key + "_late"; !i.Due.IsZero() && i.Due.Before(p.Today) && messages.Has(p.Lang, late) {
		return late
	}
	return key
}

type claimForm struct {
	Kind string `form:"soort" validate:"required,max=20"`
	Key  string `form:"wat" validate:"required,max=100"`
	Back string `form:"terug" validate:"max=500"`
}

// TakeItem keeps an item for this colleague.
func (h *Handlers) TakeItem(c *fiber.Ctx) error {
	in, err := web.Form[claimForm](c)
	if err != nil {
		return err
	}
	err = h.Worklist.Take(c.UserContext(), web.Who(c).StaffID, worklist.Kind(in.Kind), in.Key)
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		web.SetFlash(c, layout.Warning, f.Key)
	} else if err != nil {
		return err
	}
	return web.SeeOther(c, web.LocalPath(in.Back, "/kantoor"))
}

// ReleaseItem gives it back.
func (h *Handlers) ReleaseItem(c *fiber.Ctx) error {
	in, err := web.Form[claimForm](c)
	if err != nil {
		return err
	}
	if err := h.Worklist.Release(c.UserContext(), web.Who(c).StaffID, worklist.Kind(in.Kind), in.Key); err != nil {
		return err
	}
	return web.SeeOther(c, web.LocalPath(in.Back, "/kantoor"))
}

var errNoJob = fault.New(fault.NotFound, "worklist.unknown")

func jobOf(c *fiber.Ctx) (id.Job, error) {
	key, err := strconv.ParseInt(c.Params("job"), 10, 64)
	if err != nil {
		return 0, errNoJob
	}
	return id.Job(key), nil
}

// ShowJob shows work of the program that was given up.
func (h *Handlers) ShowJob(c *fiber.Ctx) error {
	key, err := jobOf(c)
	if err != nil {
		return err
	}
	job, ok, err := queue.DeadByID(c.UserContext(), h.DB, key)
	if err != nil {
		return err
	}
	if !ok {
		return errNoJob
	}
	p := staffPage(c, "worklist.job.title")
	p.Width = layout.Reading
	p.Back = &layout.Link{Href: "/kantoor", Text: p.T("worklist.title")}
	return web.Render(c, office.Job(office.JobPage{Page: p, Action: c.Path(), Kind: job.Kind, Attempts: job.Attempts, LastError: job.LastError}))
}

// ReviveJob lets it start again.
func (h *Handlers) ReviveJob(c *fiber.Ctx) error {
	key, err := jobOf(c)
	if err != nil {
		return err
	}
	var ok bool
	err = pg.InTx(c.UserContext(), h.DB, func(tx *sqlx.Tx) (err error) {
		ok, err = queue.ReviveTx(c.UserContext(), tx, key)
		return err
	})
	if err != nil {
		return err
	}
	if !ok {
		return errNoJob
	}
	web.SetFlash(c, layout.Good, "worklist.job.started")
	return web.SeeOther(c, "/kantoor")
}
