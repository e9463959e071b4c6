package ui_test

import (
	"context"
	"flag"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"joetz/templates/htmltest"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

var book = flag.String("book", "", "write the gallery to this directory, for eyes")

func frame(user *layout.User) layout.Page {
	return layout.Page{
		Lang: "nl", Path: "/kantoor", Title: "Onderdelen", Today: civil.Must(2027, 1, 20), Now: time.Date(2027, 1, 20, 14, 18, 0, 0, civil.Brussels),
		User: user, Failed: true, RequestID: "R7K2M9Q4XA", Flash: &layout.Flash{Tone: layout.Good, Text: "Je keuzes zijn bewaard."},
		Organiser: layout.Organiser{Name: "JOETZ vzw", Brand: "JOETZ", Street: "Sint-Jansstraat 32", Postcode: "1000", City: "Brussel",
			Enterprise: "BE 0123.456.749", Email: "info@joetz.be", Phone: "02 515 04 02"},
		Back: &layout.Link{Href: "/kantoor", Text: "Terug"},
	}
}

// with renders a component around others.
func with(outer templ.Component, inner ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, join(inner...)), w)
	})
}

func join(parts ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, c := range parts {
			if err := c.Render(templ.ClearChildren(ctx), w); err != nil {
				return err
			}
		}
		return nil
	})
}

func text(html string) templ.Component { return templ.Raw(html) }

// gallery has every part once, in the states that it has.
func gallery(p layout.Page) templ.Component {
	errors := ui.Errors{{Field: "email", Text: "Vul je e-mailadres in"}, {Field: "born", Text: "Vul de geboortedatum in"}, {Field: "photo", Text: "Kies ja of nee"}, {Text: "De plaatsen zijn intussen weg"}}
	price := []ui.Option{
		{Value: "base", Label: "Basisprijs", Side: p.Money(47500), Hint: "Voor iedereen"},
		{Value: "solidaris", Label: "Solidarisprijs", Side: p.Money(35500), Hint: "Voor leden van Solidaris. Je bezorgt het bewijs later."},
		{Value: "vt", Label: "VT-prijs", Side: p.Money(20500), Disabled: true},
	}
	yesNo := []ui.Option{{Value: "yes", Label: "Ja"}, {Value: "no", Label: "Nee"}}
	day, month, year := ui.DayParts(civil.Must(2018, 3, 7))
	columns := []ui.Column{{Label: "Boeking"}, {Label: "Kind"}, {Label: "Vertrek"}, {Label: "Stand"}, {Label: "Open", Number: true}}
	row := func(code, name, when string, tone layout.Tone, state, open string) templ.Component {
		return join(text("<tr>"), with(ui.Head(columns[0]), text(`<a href="/kantoor">`+code+"</a>")), with(ui.Cell(columns[1]), text(name)),
			with(ui.Cell(columns[2]), text(when)), with(ui.Cell(columns[3]), ui.Badge(tone, state)), with(ui.Cell(columns[4]), ui.Amount(open)), text("</tr>"))
	}
	return with(layout.Base(p), join(
		text("<h1>Onderdelen</h1>"),
		ui.ErrorSummary(p, errors),
		ui.Steps(p, []ui.Step{{Label: "Kinderen", Href: "/boeken/kind/1"}, {Label: "Keuzes", Href: "/boeken/kind/1/keuzes"}, {Label: "Jouw gegevens"}, {Label: "Betalen"}}, 2),
		ui.Hold(p, 2, time.Date(2027, 1, 20, 14, 32, 0, 0, civil.Brussels)),
		text(`<form method="post" action="/boeken"><h2>Vragen</h2>`),
		ui.Input(p, ui.Field{Name: "email", Label: "E-mailadres", Hint: "We sturen je een code.", Type: "email", Autocomplete: "email", Value: "an@", Error: errors.For("email")}),
		ui.Input(p, ui.Field{Name: "phone", Label: "Telefoonnummer", Type: "tel", Autocomplete: "tel", Chars: 20, Optional: true}),
		ui.Input(p, ui.Field{Name: "amount", Label: "Bedrag", InputMode: "decimal", Chars: 10, Suffix: "€", Value: "32,50"}),
		ui.Day(p, ui.DayField{Name: "born", Label: "Geboortedatum van je kind", Hint: "Bijvoorbeeld 7 maart 2018", Day: day, Month: month, Year: year, Error: errors.For("born"), Birth: true}),
		ui.Radios(p, ui.Field{Name: "category", Label: "Welke prijs geldt voor Noa?", Value: "solidaris"}, price),
		ui.Radios(p, ui.Field{Name: "photo", Label: "Mogen we foto's van Noa gebruiken?", Hint: "Je kan later van gedacht veranderen.", Error: errors.For("photo")}, yesNo),
		with(ui.When("photo", "yes"), ui.Textarea(p, ui.Field{Name: "note", Label: "Wil je er iets bij zeggen?", Lines: 3, Optional: true})),
		ui.Select(p, ui.Field{Name: "boarding", Label: "Waar stapt Noa op?"}, []ui.Option{{Label: "Kies een plaats"}, {Value: "1", Label: "Gent (Flanders Expo)"}}),
		ui.Checkboxes(p, ui.Field{Name: "days", Label: "Welke dagen?"}, []ui.Option{{Value: "1", Label: "Maandag"}, {Value: "2", Label: "Dinsdag"}}, map[string]bool{"2": true}),
		ui.Checkbox(p, ui.Field{Name: "accept", Label: "Ik ga akkoord met de algemene voorwaarden", Error: "Ga akkoord om te boeken"}),
		ui.Input(p, ui.Field{Name: "proof", Label: "Bewijs van lidmaatschap", Type: "file", Accept: "image/*,application/pdf"}),
		text(`<div class="buttons">`), ui.Submit("Verder"), ui.LinkButton("/vakanties", "Een andere vakantie", ui.Second), ui.SubmitAs("Annuleer deze boeking", "act", "cancel", ui.Danger), ui.LinkButton("/", "Stop", ui.Quiet), ui.PrintButton(p), text("</div></form>"),
		text("<h2>Tonen</h2>"),
		with(ui.Notice(p, layout.Info), text("<p>De infobrief komt twee weken voor het vertrek.</p>")), with(ui.Notice(p, layout.Warning), text("<p>Er ontbreekt nog een bewijs.</p>")),
		with(ui.Notice(p, layout.Bad), text("<p>De betaling is niet gelukt.</p>")), with(ui.Notice(p, layout.Plain), text("<p>Gewoon een bericht.</p>")),
		text("<p>"), ui.Badge(layout.Good, "Betaald"), ui.Badge(layout.Warning, "Voorschot open"), ui.Badge(layout.Bad, "Te laat"), ui.Badge(layout.Info, "Onderweg"), ui.Badge(layout.Plain, "Geannuleerd"), text("</p>"),
		ui.Tasks(p, []ui.Task{{Label: "Gegevens", Href: "/mijn/1", State: ui.Done}, {Label: "Gezondheid", Href: "/mijn/2", Note: "Graag voor 19 juni 2027"}, {Label: "Ondertekenen", Href: "/mijn/3", State: ui.NotYet}}),
		with(ui.List(), with(ui.Item("Naam"), text("Noa Peeters")), with(ui.Item("Prijs"), text(p.MoneyExact(35500)))),
		with(ui.Table("Boekingen van vandaag", columns), row("B-1042", "Noa Peeters", "19 juli", layout.Good, "Betaald", "€ 0,00"), row("B-1043", "Lars De Smet", "2 augustus", layout.Warning, "Voorschot open", "€ 50,00"), row("B-1044", "Yasmine El Amrani", "3 juli", layout.Bad, "Te laat", "€ 1.125,00")),
		ui.Pagination(p, ui.Pages{Current: 5, Last: 12, Href: func(int) string { return "/kantoor" }}),
		with(ui.Empty("Nog geen boekingen"), ui.LinkButton("/vakanties", "Bekijk alle vakanties", ui.Second)),
	))
}

func TestGallery(t *testing.T) {
	t.Parallel()
	for name, user := range map[string]*layout.User{"visitor": nil, "parent": {Name: "An Peeters", Role: layout.Parent}, "office": {Name: "Katrien Van den Broeck", Role: layout.Office}} {
		var b strings.Builder
		if err := gallery(frame(user)).Render(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		htmltest.Page(t, b.String())
		htmltest.Keep(t, *book, "ui-"+name+".html", b.String())
	}
}

func TestNothingIsPreselected(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	p := frame(nil)
	options := []ui.Option{{Value: "", Label: "Leeg"}, {Value: "x", Label: "X"}}
	if err := ui.Radios(p, ui.Field{Name: "a", Label: "A"}, options[1:]).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "checked") {
		t.Error(b.String())
	}
}
