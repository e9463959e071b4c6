package web

import (
	"mime"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// SendFile sends somebody's upload so that it can do no harm in our pages: a picture is shown, all else is a download,
// nothing in it runs, and no cache keeps it.
func SendFile(c *fiber.Ctx, kind, name string, data []byte) error {
	how := "attachment"
	if kind == "image/jpeg" {
		how = "inline"
		name = strings.TrimSuffix(name, ".png")
		if !strings.HasSuffix(strings.ToLower(name), ".jpg") && !strings.HasSuffix(strings.ToLower(name), ".jpeg") {
			name += ".jpg"
		}
	}
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType(how, map[string]string{"filename": name}))
	c.Set(fiber.HeaderContentSecurityPolicy, "sandbox; default-src 'none'")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(data)
}
