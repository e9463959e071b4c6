package animator

import (
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/shop/camp"
	"joetz/shop/web"
	pages "joetz/templates/animator"
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// ShowChild shows a child's fiche.
func (h *Handlers) ShowChild(c *fiber.Ctx) error {
	d, err := key[id.Departure](c, "departure")
	if err != nil {
		return err
	}
	b, err := key[id.Booking](c, "booking")
	if err != nil {
		return err
	}
	child, files, err := h.Camps.Child(c.UserContext(), reader(c), d, b)
	if err != nil {
		return promiseFirst(c, err)
	}
	p := page(c, child.FirstName)
	p.Back = &layout.Link{Href: campPath(d), Text: p.T("animator.back_to_camp")}
	out := childPage(p, child, func(key string) (pages.Link, bool) {
		name, ok := files[key]
		return pages.Link{Href: childPath(d, b) + "/bestand/" + key, Text: name}, ok
	})
	out.Due, out.Needed = dueToday(p, d, []camp.Child{child}), ifNeeded(p, d, child)
	out.Diary, out.Records = diaryPath(d, b), len(child.Records)
	return web.Render(c, pages.Child(out))
}

// child is the child that an address names, of a camp that it names.
func (h *Handlers) child(c *fiber.Ctx) (d id.Departure, b id.Booking, child camp.Child, err error) {
	d, errCamp := key[id.Departure](c, "departure")
	b, errChild := key[id.Booking](c, "booking")
	if errors.Join(errCamp, errChild) != nil {
		return d, b, child, web.ErrNotFound
	}
	child, _, err = h.Camps.Child(c.UserContext(), reader(c), d, b)
	return d, b, child, err
}

// fileLink leads to a photo or document; false for one that does not open.
type fileLink func(key string) (pages.Link, bool)

// ShowFile sends a photo or document of a child's fiche.
func (h *Handlers) ShowFile(c *fiber.Ctx) error {
	d, errCamp := key[id.Departure](c, "departure")
	b, errChild := key[id.Booking](c, "booking")
	n, errFile := key[int64](c, "file")
	if err := errors.Join(errCamp, errChild, errFile); err != nil {
		return web.ErrNotFound
	}
	file, err := h.Camps.File(c.UserContext(), reader(c), d, b, n)
	if err != nil {
		return err
	}
	return web.SendFile(c, file.Type, file.Name, file.Data)
}

func childPage(p layout.Page, child camp.Child, link fileLink) pages.ChildPage {
	sheet := child.Sheet
	out := pages.ChildPage{Page: p, FirstName: child.FirstName, LastName: child.LastName, Age: child.Age, Birthday: child.Birthday,
		BoardingPlace: child.BoardingPlace, Leaving: leaving(p, child), Photo: photo(child), Mark: mark(sheet), Words: words(p, sheet),
		Calm: sheet.Mark() == medical.Calm, Care: care(p, sheet.Care)}
	out.Alarm, out.AlarmMark = alarm(sheet)
	out.Call, out.Doctor = callers(p, child)
	out.Urgent, out.Topics, out.No = topics(p, sheet, link)
	out.Status = status(p, sheet)
	return out
}

// alarm is what is wrong with the fiche itself.
func alarm(sheet medical.Sheet) (key string, mark pages.Mark) {
	switch {
	case sheet.State == medical.Unreadable && len(sheet.Answers) == 0:
		return "animator.alarm.unreadable", pages.Red
	case sheet.State == medical.Unreadable, len(sheet.Broken) > 0:
		return "animator.alarm.broken", pages.Red
	case sheet.State == medical.Missing:
		return "animator.alarm.missing", pages.Unknown
	case sheet.State == medical.Unsigned:
		return "animator.alarm.unsigned", pages.Unknown
	}
	return "", ""
}

func care(p layout.Page, c medical.Care) pages.Care {
	switch c.State {
	case medical.CareNone:
		return pages.Care{Key: "animator.care.none", Tone: layout.Plain}
	case medical.CareWelcome:
		return pages.Care{Key: "animator.care.welcome", Tone: layout.Info}
	case medical.CareAgreed:
		return pages.Care{Key: "animator.care.agreed", Tone: layout.Warning, Text: string(c.Agreements), Since: p.T("animator.agreed_on", civil.Of(c.AgreedAt))}
	case medical.CareUndecided:
		return pages.Care{Key: "animator.care.undecided", Tone: layout.Bad}
	case medical.CareMissing:
		return pages.Care{Key: "animator.care.missing", Tone: layout.Bad}
	}
	return pages.Care{Key: "animator.care.unreadable", Tone: layout.Bad}
}

// callers lists whom to call, first first: as the fiche says, else the parents that we know.
func callers(p layout.Page, child camp.Child) (all []pages.Caller, doctor *pages.Caller) {
	kept := child.Sheet.Kept()
	if q := question(child.Sheet, "contact.persons"); q != nil {
		for _, r := range kept[q.ID].Rows {
			all = append(all, contact(p, q, r))
		}
	}
	known := func(tel string) bool {
		return slices.ContainsFunc(all, func(c pages.Caller) bool { return c.Tel == tel })
	}
	for _, parent := range child.Parents {
		if caller := parentToCall(parent); parent.Phone != "" && !known(caller.Tel) {
			all = append(all, caller)
		}
	}
	if number, ok := kept["contact.gp_phone"]; ok { // for the lead
		doctor = &pages.Caller{Name: kept["contact.gp_name"].Text, Relation: p.T("animator.calls.doctor"), Phone: questionnaire.Spaced(number.Text)}
		doctor.Tel, _ = questionnaire.Tel(number.Text)
	}
	return all, doctor
}

func question(sheet medical.Sheet, key string) *questionnaire.Question {
	if sheet.Version == nil {
		return nil
	}
	return sheet.Version.Question(key)
}

func contact(p layout.Page, q *questionnaire.Question, r questionnaire.Row) pages.Caller {
	cell := func(field string) string { return r.Cells[field].Text }
	out := pages.Caller{Name: cell("name"), Phone: questionnaire.Spaced(cell("phone"))}
	if tel, ok := questionnaire.Tel(cell("phone")); ok {
		out.Tel = tel
	}
	for _, f := range q.Fields {
		if i := slices.IndexFunc(f.Options, func(o questionnaire.Option) bool { return o.Value == cell("relation") }); f.ID == "relation" && i >= 0 {
			out.Relation = f.Options[i].Label(p.Lang)
		}
	}
	var notes []string
	if lang := cell("lang"); lang != "" {
		notes = append(notes, p.T("animator.calls.language", lang))
	}
	if when := cell("when"); when != "" {
		notes = append(notes, p.T("animator.calls.reachable", when))
	}
	out.Note = strings.Join(notes, " ")
	return out
}

// photo is the narrower of what was chosen at the booking and in the fiche.
func photo(child camp.Child) string {
	choices := []string{child.PhotoConsent}
	if later, ok := child.Sheet.Kept()["consent.photo"]; ok {
		choices = append(choices, later.Text)
	}
	for _, narrow := range []string{"no", "group", "yes"} {
		if slices.Contains(choices, narrow) {
			return "animator.photo." + narrow
		}
	}
	return "animator.photo.no"
}

// inOrder is how a leader needs it: what is urgent first.
var inOrder = []string{"med", "allergy", "health", "food", "sleep", "sport", "social", "incl", "consent", "contact"}

// above is what the page says elsewhere: whom to call, and photos as they were chosen for this booking.
var above = []string{"contact.persons", "contact.gp_name", "contact.gp_phone", "consent.photo"}

// leading questions only ask for what follows them: "any allergies?" says nothing beside the allergies.
var leading = []string{"allergy.any", "health.any", "med.any"}

// topics are the parts of a fiche: those that raised a red mark, the others, and all questions that were answered with no.
func topics(p layout.Page, sheet medical.Sheet, link fileLink) (urgent, others []pages.Topic, no []string) {
	kept := sheet.Kept()
	for _, name := range inOrder {
		var t pages.Topic
		for _, a := range sheet.Answers {
			switch {
			case a.Question.Section != name || slices.Contains(above, a.Question.ID):
			case a.Question.Kind == questionnaire.YesNo && a.Value.Text == "no":
				no = append(no, a.Question.Label.In(p.Lang))
			case slices.Contains(leading, a.Question.ID):
			default:
				f := fact(p, sheet.Version, a.Question, kept)
				for _, key := range a.Value.AllFiles() {
					if to, ok := link(key); ok && a.Question.Kind == questionnaire.File {
						f.Files = append(f.Files, to)
					}
				}
				t.Facts = append(t.Facts, f)
			}
		}
		if len(t.Facts) == 0 {
			continue
		}
		section, _ := sheet.Version.Section(name)
		t.Title = section.Title.In(p.Lang)
		if slices.ContainsFunc(sheet.Flags, func(f questionnaire.FlagRule) bool { return f.Level == questionnaire.Red && f.Section == name }) {
			urgent = append(urgent, t)
		} else {
			others = append(others, t)
		}
	}
	return urgent, others, no
}

func fact(p layout.Page, v *questionnaire.Version, q *questionnaire.Question, kept questionnaire.Answers) pages.Fact {
	out := pages.Fact{Label: q.Label.In(p.Lang)}
	key := ""
	for _, line := range v.Lines(q, kept, p.Lang) {
		if line.Label == "" {
			out.Text = line.Text
			continue
		}
		if len(out.Rows) == 0 || line.Key != key {
			out.Rows, key = append(out.Rows, pages.Row{Name: line.Row}), line.Key
		}
		if line.Text == line.Row {
			continue // it is the row's name
		}
		last := &out.Rows[len(out.Rows)-1]
		last.Cells = append(last.Cells, pages.Cell{Label: line.Label, Text: line.Text})
	}
	return out
}

func status(p layout.Page, sheet medical.Sheet) string {
	if sheet.SignedAt.IsZero() {
		return ""
	}
	text := p.T("animator.signed", civil.Of(sheet.SignedAt))
	if sheet.ChangedAt.After(sheet.SignedAt) {
		text += " " + p.T("animator.changed", p.Instant(sheet.ChangedAt))
	}
	return text
}
