package animator

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/shop/web"
	pages "joetz/templates/animator"
	"joetz/templates/ui"
)

const promisePath = "/animator/belofte"

// promiseFirst sends a reader who did not promise yet to the promise, and back to the page afterwards.
func promiseFirst(c *fiber.Ctx, err error) error {
	if !errors.Is(err, medical.ErrPromise) {
		return err
	}
	if c.Method() != fiber.MethodGet {
		return web.SeeOther(c, promisePath)
	}
	return web.SeeOther(c, promisePath+"?next="+url.QueryEscape(c.OriginalURL()))
}

// ShowPromise asks for the promise of confidentiality.
func (h *Handlers) ShowPromise(c *fiber.Ctx) error {
	return web.Render(c, pages.Promise(promisePage(c, c.Query("next"))))
}

func promisePage(c *fiber.Ctx, next string) pages.PromisePage {
	p := page(c, "")
	p.Title = p.T("animator.promise.title")
	return pages.PromisePage{Page: p, Next: web.LocalPath(next, "/animator")}
}

type promiseForm struct {
	Next    string `form:"next"`
	Promise bool   `form:"promise"`
}

// Promise keeps the promise.
func (h *Handlers) Promise(c *fiber.Ctx) error {
	in, err := web.Form[promiseForm](c)
	if err != nil {
		return err
	}
	if !in.Promise {
		again := promisePage(c, in.Next)
		again.Errors, again.Failed = ui.Errors{{Field: "promise", Text: again.T("animator.promise.needed")}}, true
		return web.RenderAgain(c, pages.Promise(again))
	}
	if err := h.Camps.Promise(c.UserContext(), reader(c)); err != nil {
		return err
	}
	return web.SeeOther(c, web.LocalPath(in.Next, "/animator"))
}
