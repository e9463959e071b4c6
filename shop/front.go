package shop

import (
	"context"
	"io"

	"joetz/shop/web"
	"joetz/templates/layout"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
)

// front stands in for the catalogue until shop/public is there.
func front(c *fiber.Ctx) error {
	p := web.Page(c)
	title := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<h1>"+templ.EscapeString(p.Organiser.Name)+"</h1>")
		return err
	})
	return web.Render(c, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return layout.Base(p).Render(templ.WithChildren(ctx, title), w)
	}))
}
