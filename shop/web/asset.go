package web

import (
	"github.com/gofiber/fiber/v2"

	"joetz/templates/assets"
)

// asset serves a style sheet, script or icon. Its address changes with its bytes, so it is kept for a year.
func asset(c *fiber.Ctx) error {
	f, ok := assets.Lookup(c.Params("*"))
	if !ok {
		return ErrNotFound
	}
	return SendAsset(c, f)
}

// SendAsset answers with what an address names that changes with its bytes.
func SendAsset(c *fiber.Ctx, f *assets.File) error {
	body, encoding := f.Body(c.Get(fiber.HeaderAcceptEncoding))
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderCacheControl, assets.CacheControl)
	c.Vary(fiber.HeaderAcceptEncoding)
	if encoding != "" {
		c.Set(fiber.HeaderContentEncoding, encoding)
	}
	c.Response().SetBodyRaw(body) // shared and never written to
	return nil
}
