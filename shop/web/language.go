package web

import (
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"

	"joetz/templates/messages"
)

const yearOfHours = 365 * 24 * time.Hour

// accepted matches a browser's wishes with the shop's languages; immutable.
var accepted = language.NewMatcher(tags(messages.Languages))

func tags(names []string) []language.Tag {
	all := make([]language.Tag, len(names))
	for i, name := range names {
		all[i] = language.MustParse(name)
	}
	return all
}

// chooseLanguage is the reader's own choice, else what the browser asks for, else the first language.
func chooseLanguage(c *fiber.Ctx, s *server) string {
	if lang := c.Cookies(s.cookieName(languageCookie)); slices.Contains(messages.Languages, lang) {
		return lang
	}
	wish := c.Get(fiber.HeaderAcceptLanguage)
	if wish == "" || len(wish) > 200 {
		return messages.Languages[0]
	}
	wanted, _, err := language.ParseAcceptLanguage(wish)
	if err != nil {
		return messages.Languages[0]
	}
	_, index, confidence := accepted.Match(wanted...)
	if confidence == language.No {
		return messages.Languages[0]
	}
	return messages.Languages[index]
}

// languageAsked is the language that ?lang asks for. Only reading may carry it.
func languageAsked(c *fiber.Ctx) (lang string, ok bool) {
	if c.Method() != fiber.MethodGet || !c.Context().QueryArgs().Has("lang") {
		return "", false
	}
	lang = c.Query("lang")
	return lang, slices.Contains(messages.Languages, lang)
}

// keepLanguage remembers the choice and answers with the address without it, so that no link ever carries a language.
func (s *server) keepLanguage(c *fiber.Ctx, lang string) error {
	s.setCookie(c, languageCookie, lang, yearOfHours)
	query, err := url.ParseQuery(string(c.Context().QueryArgs().QueryString()))
	if err != nil {
		query = url.Values{}
	}
	query.Del("lang")
	target := c.Path()
	if encoded := query.Encode(); encoded != "" {
		target += "?" + encoded
	}
	return SeeOther(c, LocalPath(target, "/"))
}

// Language is the language of this request.
func Language(c *fiber.Ctx) string { return current(c).lang }
