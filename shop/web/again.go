package web

import (
	"cmp"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	pages "joetz/templates/errors"
)

// secretFields are not sent back: what was typed there does not stand in a page.
var secretFields = []string{"password", "code"}

// mostAgain is up to how many letters a form comes back.
const mostAgain = 256 << 10

// sendAgain answers a form that came after its sender's session had ended: with a page that holds what was typed, to be sent
// again once they have signed in in another window. Nothing of it is kept here. answered is false for what is no form, or
// has nothing in it to lose, or something secret.
func sendAgain(c *fiber.Ctx, signIn string) (answered bool, err error) {
	kind := strings.ToLower(c.Get(fiber.HeaderContentType))
	if !strings.HasPrefix(kind, fiber.MIMEApplicationForm) && !strings.HasPrefix(kind, fiber.MIMEMultipartForm) {
		return false, nil
	}
	values, files, err := submitted(c)
	if err != nil {
		return false, nil // it cannot be read: there is nothing to send again
	}
	page := pages.AgainPage{Page: Page(c), SignIn: signIn, Action: c.OriginalURL()}
	page.Title, page.Private, page.Failed = page.T("error.again.title"), true, true
	size := 0
	for name, all := range values {
		if slices.Contains(secretFields, name) {
			return false, nil
		}
		for _, value := range all {
			page.Fields = append(page.Fields, pages.AgainField{Name: name, Value: value})
			size += len(name) + len(value)
		}
	}
	if len(page.Fields) == 0 || size > mostAgain {
		return false, nil
	}
	// Fields of one name keep their order, which is that of their rows.
	slices.SortStableFunc(page.Fields, func(a, b pages.AgainField) int { return cmp.Compare(a.Name, b.Name) })
	for _, all := range files {
		page.Files = page.Files || slices.ContainsFunc(all, func(f *multipart.FileHeader) bool { return f.Size > 0 })
	}
	current(c).personal = true // in no cache
	c.Status(http.StatusForbidden)
	return true, Render(c, pages.Again(page))
}
