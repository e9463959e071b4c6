package parent

import (
	"cmp"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/fiche"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/id"
)

func dayOf(t time.Time) civil.Date { return civil.Of(t) }

// topicNumber is which topic the address asks for, from 0.
func topicNumber(c *fiber.Ctx, form medical.Form) (int, error) {
	n, err := strconv.Atoi(c.Params("number"))
	if err != nil || n < 1 || n > len(form.Topics) {
		return 0, booking.ErrNoBooking
	}
	return n - 1, nil
}

// ShowTopic shows the form of one topic, with what was saved, or else with what we know already.
func (h *Handlers) ShowTopic(c *fiber.Ctx) error {
	form, b, err := h.ficheOf(c)
	if err != nil {
		return err
	}
	n, err := topicNumber(c, form)
	if err != nil {
		return err
	}
	if form.Closed {
		return web.SeeOther(c, checkPath(b.ID))
	}
	answers := form.Answers()
	var from offer
	if topic := form.Topics[n]; !topic.Saved {
		if answers, from, err = h.offer(c, form, b, topic.ID); err != nil {
			return err
		}
	}
	v := topicView{page: topicPage(c, form, b, n), form: form, booking: b, answers: answers, blank: c.Query("nog")}
	if v.names, err = h.Medical.FileNames(c.UserContext(), form.Sheet); err != nil {
		return err
	}
	v.page.Offered, v.page.Sibling, v.page.More = from.before, from.sibling, c.Query("meer") != ""
	return web.Render(c, fiche.Topic(v.build(form.Topics[n].ID)))
}

func topicPage(c *fiber.Ctx, form medical.Form, b booking.Booking, n int) fiche.TopicPage {
	p := fichePage(c, "fiche.tab_part", n+1, len(form.Topics))
	p.Back = &layout.Link{Href: FichePath(b.ID), Text: p.T("fiche.back")}
	topic := form.Topics[n]
	return fiche.TopicPage{Page: p, Action: topicPath(b.ID, n+1), Heading: topic.Title.In(p.Lang), Why: topic.Why.In(p.Lang),
		FirstName: b.FirstName, Number: n + 1, Of: len(form.Topics), Seen: topic.Revision, Return: c.Query("terug") != ""}
}

// offer is where the answers on a page come from that was never saved.
type offer struct {
	before  bool   // from last year
	sibling string // from this other child's fiche
}

// offer fills a topic that was never saved with last year's answers, and where there are none with what was told about the
// family for another child, or with what we know of the guardian and the booking, so that nothing is asked twice. Nothing of it
// is kept before the page is saved.
func (h *Handlers) offer(c *fiber.Ctx, form medical.Form, b booking.Booking, topic string) (questionnaire.Answers, offer, error) {
	answers := questionnaire.Answers{}
	for key, value := range form.Answers() {
		answers[key] = value
	}
	previous, err := h.Medical.Previous(c.UserContext(), guardianReader(c), b.ID)
	if err != nil {
		return nil, offer{}, err
	}
	offered := false
	for key, value := range previous {
		if q := form.Version.Question(key); q != nil && q.Section == topic {
			answers[key], offered = value, true
		}
	}
	if offered {
		return answers, offer{before: true}, nil
	}
	family, sibling, err := h.Medical.OfSibling(c.UserContext(), guardianReader(c), b.ID, topic)
	if err != nil {
		return nil, offer{}, err
	}
	if len(family) > 0 {
		child, err := h.Accounts.ChildOf(c.UserContext(), web.Who(c).GuardianID, sibling)
		maps.Copy(answers, family)
		return answers, offer{sibling: child.FirstName}, err
	}
	switch topic {
	case "contact":
		g, err := h.Accounts.GuardianByID(c.UserContext(), web.Who(c).GuardianID)
		if err != nil {
			return nil, offer{}, err
		}
		answers["contact.persons"] = questionnaire.Value{Rows: []questionnaire.Row{{Key: "1", Cells: map[string]questionnaire.Value{
			"name": {Text: strings.TrimSpace(g.FirstName + " " + g.LastName)}, "phone": {Text: g.Phone}}}}}
	case "consent":
		answers["consent.photo"] = questionnaire.Value{Text: b.PhotoConsent}
	}
	return answers, offer{}, nil
}

// SaveTopic keeps a page and leads on: to the same page when it has more to ask or to mend, else to the next one.
func (h *Handlers) SaveTopic(c *fiber.Ctx) error {
	form, b, err := h.ficheOf(c)
	if err != nil {
		return err
	}
	n, err := topicNumber(c, form)
	if err != nil {
		return err
	}
	typed, err := web.Values(c)
	if err != nil {
		return err
	}
	topic := form.Topics[n].ID
	answers := form.Version.Decode(topic, typed)
	gone := cmp.Or(typed.Get("weg-zeker"), typed.Get("weg"))
	if typed.Has("weg-niet") || typed.Has("weg") && filled(answers, gone) {
		return h.topicSure(c, topic, answers, typed.Get("weg"))
	}
	answers = without(answers, gone)
	seen, _ := strconv.Atoi(typed.Get("stand")) // a page without it was made before anything was saved
	saved, err := h.Bookings.SaveFiche(c.UserContext(), guardianReader(c), b.ID, medical.Page{Topic: topic, Lang: web.Language(c), Seen: seen}, answers)
	if errors.Is(err, medical.ErrMeanwhile) {
		return h.topicMeanwhile(c, topic, answers, web.Problems(c, err))
	}
	if err == nil {
		err = h.changeFiles(c, form, b.ID, topic, typed.Get("bestand-weg"))
	}
	if problems := web.Problems(c, err); problems != nil {
		return h.topicAgain(c, topic, answers, nil, problems)
	}
	if err != nil {
		return err
	}
	here := topicPath(b.ID, n+1)
	switch {
	case typed.Get("nog") != "":
		question := typed.Get("nog")
		fresh := questionnaire.Name(question, questionnaire.NextKey(saved.Answers[question].Rows), "")
		return web.SeeOther(c, here+again(typed, "nog", question)+"#rij-"+fresh)
	case typed.Get("bestand-weg") != "":
		return web.SeeOther(c, here+again(typed, "", ""))
	case gone != "":
		question, _, _ := cutLast(gone)
		return web.SeeOther(c, here+again(typed, "", "")+"#f-"+question)
	}
	unseen := func(question string) bool {
		return saved.Fresh[question] && !slices.Contains(typed["gezien"], question)
	}
	var mend []questionnaire.Problem // what the reader saw and has to mend; the rest is asked first
	for _, problem := range saved.Problems {
		if !problem.Later && !unseen(problem.Question) {
			mend = append(mend, problem)
		}
	}
	switch {
	case len(mend) > 0:
		return h.topicAgain(c, topic, answers, mend, nil)
	case slices.ContainsFunc(form.Version.Questions, func(q *questionnaire.Question) bool {
		return q.Section == topic && q.Kind != questionnaire.File && unseen(q.ID) && saved.Answers[q.ID].Empty()
	}):
		return web.SeeOther(c, here+again(typed, "meer", "1"))
	case typed.Get("terug") != "":
		return web.SeeOther(c, checkPath(b.ID))
	}
	return web.SeeOther(c, h.after(c, b, n))
}

// topicAgain shows a page again with what was typed, and what to mend.
func (h *Handlers) topicAgain(c *fiber.Ctx, topic string, typed questionnaire.Answers, mend []questionnaire.Problem, problems ui.Errors) error {
	v, err := h.typedView(c, topic, typed)
	if err != nil {
		return err
	}
	v.problems, v.page.Errors = mend, problems
	return web.RenderAgain(c, fiche.Topic(v.build(topic)))
}

// topicMeanwhile shows a page that somebody else saved since it was shown: what was typed here, and above it the answers that
// saving it again would replace.
func (h *Handlers) topicMeanwhile(c *fiber.Ctx, topic string, typed questionnaire.Answers, problems ui.Errors) error {
	v, err := h.typedView(c, topic, typed)
	if err != nil {
		return err
	}
	v.page.Errors = problems
	cleaned := v.form.Version.Clean(v.form.Facts, v.answers) // as it would be kept
	for _, q := range v.form.Version.Questions {
		if q.Section != topic || q.Kind == questionnaire.File {
			continue
		}
		theirs := factOf(v.page.Page, v.form.Version, q, v.booking, v.form.Answers())
		if mine := factOf(v.page.Page, v.form.Version, q, v.booking, cleaned); !slices.Equal(mine.Lines, theirs.Lines) {
			v.page.Meanwhile = append(v.page.Meanwhile, theirs)
		}
	}
	return web.RenderAgain(c, fiche.Topic(v.build(topic)))
}

// topicSure shows a page again with what was typed, and asks whether this row is to go; "" asks nothing. Nothing is kept before
// that is answered.
func (h *Handlers) topicSure(c *fiber.Ctx, topic string, typed questionnaire.Answers, row string) error {
	v, err := h.typedView(c, topic, typed)
	if err != nil {
		return err
	}
	v.sure, v.page.Failed = row, false
	return web.Render(c, fiche.Topic(v.build(topic)))
}

// typedView is a topic as the fiche is now, with what was typed on its page in place of what is kept.
func (h *Handlers) typedView(c *fiber.Ctx, topic string, typed questionnaire.Answers) (v topicView, err error) {
	form, b, err := h.ficheOf(c)
	if err != nil {
		return v, err
	}
	n := slices.IndexFunc(form.Topics, func(t medical.Topic) bool { return t.ID == topic })
	if n < 0 { // nothing of it is asked any more
		return v, booking.ErrNoBooking
	}
	v = topicView{page: topicPage(c, form, b, n), form: form, booking: b, answers: merge(form, topic, typed)}
	v.names, err = h.Medical.FileNames(c.UserContext(), form.Sheet)
	v.page.Failed, v.page.Return = true, web.Typed(c, "terug") != ""
	return v, err
}

// changeFiles keeps what was uploaded with a page and removes what its reader wants gone ("med.label.41").
func (h *Handlers) changeFiles(c *fiber.Ctx, form medical.Form, b id.Booking, topic, remove string) error {
	ctx, r, lang := c.UserContext(), guardianReader(c), web.Language(c)
	if question, key, ok := cutLast(remove); ok {
		file, err := strconv.ParseInt(key, 10, 64)
		if err != nil {
			return booking.ErrNoBooking
		}
		return h.Medical.RemoveFile(ctx, r, b, question, file, lang)
	}
	given, err := web.Files(c)
	if err != nil {
		return err
	}
	for name, file := range given {
		question, row, ok := fileField(form.Version, topic, name)
		if !ok {
			continue
		}
		if err := h.Medical.AddFile(ctx, r, b, question, row, file.Name, lang, file.Bytes); err != nil {
			return err
		}
	}
	return nil
}

// fileField tells which question, and which row of it, a field for a file is about: "med.label.2.file", "med.helper.file".
func fileField(v *questionnaire.Version, topic, name string) (question, row string, ok bool) {
	for _, q := range v.Questions {
		if q.Section != topic || q.Kind != questionnaire.File {
			continue
		}
		rest, about := strings.CutPrefix(name, q.ID+".")
		if rest, isFile := strings.CutSuffix(rest, "file"); about && isFile {
			return q.ID, strings.TrimSuffix(rest, "."), true
		}
	}
	return "", "", false
}

// ShowFile sends a photo or document of a fiche.
func (h *Handlers) ShowFile(c *fiber.Ctx) error {
	booked, errBooking := strconv.ParseInt(c.Params("booking"), 10, 64)
	key, errFile := strconv.ParseInt(c.Params("file"), 10, 64)
	if errBooking != nil || errFile != nil {
		return booking.ErrNoBooking
	}
	file, err := h.Medical.ReadFile(c.UserContext(), guardianReader(c), id.Booking(booked), key)
	if err != nil {
		return err
	}
	return web.SendFile(c, file.Type, file.Name, file.Data)
}

// after is the next page that is not done, beginning with the one behind this; the page to look through when all are.
func (h *Handlers) after(c *fiber.Ctx, b booking.Booking, n int) string {
	form, err := h.Medical.Form(c.UserContext(), guardianReader(c), b.ID)
	if err != nil {
		return FichePath(b.ID)
	}
	for i := range form.Topics {
		if next := (n + 1 + i) % len(form.Topics); !form.Topics[next].Done() {
			return topicPath(b.ID, next+1)
		}
	}
	return checkPath(b.ID)
}

// again is the query of the same page: what it is for, and that it came from the page with all answers.
func again(typed url.Values, name, value string) string {
	q := url.Values{}
	if name != "" {
		q.Set(name, value)
	}
	if typed.Get("terug") != "" {
		q.Set("terug", "1")
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// without takes a row out of what was typed: "med.rows.2".
func without(a questionnaire.Answers, row string) questionnaire.Answers {
	if question, key, ok := cutLast(row); ok {
		value := a[question]
		value.Rows = questionnaire.Without(value.Rows, key)
		a[question] = value
	}
	return a
}

// filled reports whether something was typed in a row.
func filled(a questionnaire.Answers, row string) bool {
	question, key, _ := cutLast(row)
	r, _ := a[question].Row(key)
	for _, cell := range r.Cells {
		if !cell.Empty() {
			return true
		}
	}
	return false
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// merge puts what was typed on one page among the saved answers of the others.
func merge(form medical.Form, topic string, typed questionnaire.Answers) questionnaire.Answers {
	out := questionnaire.Answers{}
	for key, value := range form.Answers() {
		if q := form.Version.Question(key); q.Section != topic || q.Kind == questionnaire.File {
			out[key] = value
		}
	}
	for key, value := range typed {
		out[key] = value
	}
	return out
}

// errorsOf puts problems into words: each says which question it is about, so that it makes sense in the summary.
func errorsOf(p layout.Page, v *questionnaire.Version, b booking.Booking, problems []questionnaire.Problem) ui.Errors {
	var out ui.Errors
	for _, problem := range problems {
		q := v.Question(problem.Question)
		label := labelOf(p, q, b)
		for _, f := range q.Fields {
			if f.ID == problem.Field {
				label = f.Label.In(p.Lang)
			}
		}
		if problem.Field == "more" {
			label = q.More.In(p.Lang)
		}
		if !strings.HasSuffix(label, "?") && !strings.HasSuffix(label, ".") {
			label += ":"
		}
		out = append(out, ui.FieldError{Field: problem.Name(), Text: p.T("fiche.problem", label, p.T(problem.Key, problem.Args...))})
	}
	return out
}

// labelOf is the question in the page's language, with the holiday's name where it has a place for it.
func labelOf(p layout.Page, q *questionnaire.Question, b booking.Booking) string {
	return strings.NewReplacer("[vakantie]", b.Title, "[holiday]", b.Title).Replace(q.Label.In(p.Lang))
}
