package public

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/web"
	"joetz/templates/assets"
)

// uncrawled is what nobody should find with a search engine: what asks for a sign-in anyway, and what a crawler would only wear out.
var uncrawled = []string{"/animator", "/beveiliging", "/boeken", "/boekhouding", "/demo", "/kantoor", "/medewerkers", "/mijn", "/nood", "/uitnodiging", "/wachtkamer"}

// robots tells crawlers where there is nothing for them, by the rules of RFC 9309.
func (h *Handlers) robots(c *fiber.Ctx) error {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, path := range uncrawled {
		b.WriteString("Disallow: " + path + "\n")
	}
	fmt.Fprintf(&b, "\nSitemap: %s/sitemap.xml\n", web.Site(c))
	return plain(c, b.String())
}

// securityText says whom to tell about a hole, as RFC 9116 wants it. Its end moves along: somebody always reads that address.
func (h *Handlers) securityText(c *fiber.Ctx) error {
	return plain(c, fmt.Sprintf("Contact: mailto:%s\nExpires: %s\nPreferred-Languages: nl, en\nCanonical: %s/.well-known/security.txt\n",
		web.Page(c).Organiser.Email, h.Now().UTC().AddDate(0, 6, 0).Format(time.RFC3339), web.Site(c)))
}

func plain(c *fiber.Ctx, text string) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(text)
}

type siteMap struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []siteURL `xml:"url"`
}

type siteURL struct {
	Address string `xml:"loc"`
}

// sitemap lists the pages for everybody, each holiday among them once, however many departures it has.
func (h *Handlers) sitemap(c *fiber.Ctx) error {
	now, err := h.upcoming(c.UserContext())
	if err != nil {
		return err
	}
	paths := []string{"/", "/vakanties", "/voorwaarden", "/verzekering", "/wat-als-ik-annuleer", "/privacy", "/contact"}
	for _, d := range now.departures {
		if path := "/vakanties/" + d.Slug; !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	var out siteMap
	for _, path := range paths {
		out.URLs = append(out.URLs, siteURL{web.Site(c) + path})
	}
	body, err := xml.Marshal(out)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationXMLCharsetUTF8)
	return c.SendString(xml.Header + string(body))
}

// icon serves a picture at an address that browsers try by themselves. Nothing in it changes when its bytes do, so it is kept for a day.
func icon(name string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		f, ok := assets.Lookup(name)
		if !ok {
			return web.ErrNotFound
		}
		c.Set(fiber.HeaderContentType, f.Type)
		c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
		c.Response().SetBodyRaw(f.Raw) // shared and never written to
		return nil
	}
}
