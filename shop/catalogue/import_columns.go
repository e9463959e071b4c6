package catalogue

import (
	"slices"
	"strings"

	"joetz/shop/catalogue/sheet"
)

// column is one column of the office's spreadsheet.
type column struct {
	field   string // of the problem it may have, and of the history
	title   string
	explain string
	width   float64
	choices []string
	need    bool
	also    []string // other titles that people write
}

// The words of the spreadsheet are Dutch: the office works in it, whatever language its pages are read in.
var tripWords = map[string]string{"binnenland": "domestic", "bus naar het buitenland": "foreign_coach", "bus": "foreign_coach", "buitenland met bus": "foreign_coach",
	"eigen vervoer naar het buitenland": "foreign_own", "eigen vervoer": "foreign_own", "vliegtuig": "flight", "vlucht": "flight",
	"domestic": "domestic", "foreign_coach": "foreign_coach", "foreign_own": "foreign_own", "flight": "flight"}

// countryWords are what people write for a country besides its code.
var countryWords = map[string][]string{
	"BE": {"bel", "belgië", "belgie"}, "FR": {"fra", "frankrijk"}, "NL": {"nld", "nederland"}, "DE": {"deu", "duitsland"}, "IT": {"ita", "italië", "italie"},
	"ES": {"esp", "spanje"}, "AT": {"aut", "oostenrijk"}, "CH": {"che", "zwitserland"}, "LU": {"lux", "luxemburg"}, "GB": {"gbr", "uk", "verenigd koninkrijk", "engeland"},
	"CZ": {"cze", "tsjechië", "tsjechie"}, "DK": {"dnk", "denemarken"}, "GR": {"grc", "griekenland"}, "HR": {"hrv", "kroatië", "kroatie"}, "IE": {"irl", "ierland"},
	"MT": {"mlt", "malta"}, "NO": {"nor", "noorwegen"}, "PL": {"pol", "polen"}, "PT": {"prt", "portugal"}, "SE": {"swe", "zweden"}, "SI": {"svn", "slovenië", "slovenie"},
}

var columns = []column{
	{field: "code", title: "Code", explain: "De code uit de brochure, zoals BI-28-01. Hoofdletters, cijfers en streepjes. Meerdere vertrekken van dezelfde vakantie: herhaal de code op elke rij.", width: 12, need: true},
	{field: "title", title: "Titel", explain: "De naam van de vakantie.", width: 36, need: true},
	{field: "description", title: "Omschrijving", explain: "Wat ouders lezen: wat doen de kinderen, en waar.", width: 50, need: true, also: []string{"beschrijving"}},
	{field: "trip", title: "Soort reis", explain: "Binnenland, Bus naar het buitenland, Eigen vervoer naar het buitenland, of Vliegtuig. Hiervan hangen voorschot en annuleringskosten af.", width: 26, need: true, also: []string{"soort"}, choices: []string{"Binnenland", "Bus naar het buitenland", "Eigen vervoer naar het buitenland", "Vliegtuig"}},
	{field: "legal_regime", title: "Pakketreis", explain: "Ja als de pakketreiswet geldt (meestal in het buitenland), anders Nee.", width: 11, need: true, choices: []string{"Ja", "Nee"}},
	{field: "country", title: "Land", explain: "De landcode of de naam: BE, FR, Italië ...", width: 7, need: true, also: []string{"landcode"}},
	{field: "destination", title: "Bestemming", explain: "Gemeente of streek.", width: 22, need: true},
	{field: "accommodation", title: "Verblijf", explain: "Waar ze slapen: jeugdverblijf, tent, hotel ...", width: 24, need: true},
	{field: "transport", title: "Vervoer", explain: "Hoe ze er geraken, in een zin.", width: 30, need: true},
	{field: "included", title: "Inbegrepen", explain: "Wat in de prijs zit. Zet | tussen twee zaken, of een nieuwe regel.", width: 36},
	{field: "not_included", title: "Niet inbegrepen", explain: "Wat ouders zelf betalen. Zet | tussen twee zaken, of een nieuwe regel.", width: 26},
	{field: "target_group", title: "Doelgroep", explain: "Alleen voor een vakantie die niet voor iedereen is: voor wie dan wel.", width: 22},
	{field: "inclusive", title: "Extra vragen", explain: "Ja als ouders de extra vragen voor doelgroepvakanties krijgen in de medische fiche.", width: 12, choices: []string{"Ja", "Nee"}},
	{field: "birth_year_from", title: "Geboren vanaf", explain: "Het geboortejaar van de oudste kinderen, zoals 2016.", width: 10, need: true, also: []string{"geboren van", "geboortejaar van"}},
	{field: "birth_year_to", title: "Geboren tot en met", explain: "Het geboortejaar van de jongste kinderen, zoals 2019.", width: 10, need: true, also: []string{"geboren tot", "geboortejaar tot"}},
	{field: "starts_on", title: "Vertrek", explain: "De eerste dag, zoals 5/7/2028. Eerst de dag, dan de maand.", width: 12, need: true, also: []string{"van"}},
	{field: "ends_on", title: "Terug", explain: "De laatste dag, zoals 9/7/2028.", width: 12, need: true, also: []string{"tot", "terugkeer"}},
	{field: "on_sale_at", title: "Te boeken vanaf", explain: "Dag en uur vanaf wanneer ouders boeken, zoals 3/12/2027 12:00.", width: 17, need: true},
	{field: "base", title: "Basisprijs", explain: "In euro, zoals 215 of 215,50.", width: 10, need: true, also: []string{"prijs"}},
	{field: "solidaris", title: "Prijs Solidaris", explain: "Leeg als die prijs niet bestaat.", width: 10, also: []string{"solidaris"}},
	{field: "vt", title: "Prijs VT", explain: "Prijs voor verhoogde tegemoetkoming. Leeg als die prijs niet bestaat.", width: 10, also: []string{"vt", "vt-prijs"}},
	{field: "places", title: "Plaatsen", explain: "Hoeveel kinderen meekunnen.", width: 9, need: true, also: []string{"capaciteit"}},
	{field: "boarding", title: "Opstapplaatsen", explain: "Alleen met een bus: Gent (8) | Hasselt (10). Het getal is vanaf hoeveel kinderen de plaats doorgaat; zonder getal is dat 8.", width: 36},
}

// titleOf is the column's title in the spreadsheet.
func titleOf(field string) string {
	for _, c := range columns {
		if c.field == field {
			return c.title
		}
	}
	return field
}

// ImportTemplate is the spreadsheet to fill in, with its columns explained.
func ImportTemplate(year int) ([]byte, error) {
	out := make([]sheet.Column, len(columns))
	for i, c := range columns {
		out[i] = sheet.Column{Title: c.title, Explain: c.explain, Width: c.width, Choices: c.choices, Need: c.need}
	}
	y := year - 2000
	example := []any{"VB-" + twoDigits(y) + "-01", "Voorbeeld: week aan zee", "Vijf dagen spelen, zwemmen en ravotten aan zee. Verwijder deze rij voor je inleest.", "Binnenland", "Nee", "BE", "Oostduinkerke",
		"jeugdverblijf", "Eigen vervoer naar het vakantiecentrum", "volpension | begeleiding | alle activiteiten", "zakgeld", "", "Nee",
		year - 11, year - 8, "5/7/" + itoa(year), "9/7/" + itoa(year), "3/12/" + itoa(year-1) + " 12:00", 215, 135, 68, 24, ""}
	return sheet.Template("Vakanties", "Uitleg", out, [3]string{"Kolom", "Nodig", "Wat je invult"}, [][]any{example})
}

// headings finds which column of the table holds which field. What is not known is left, and said.
func headings(row []string) (at map[string]int, unknown []int) {
	at = map[string]int{}
	for i, title := range row {
		title = strings.ToLower(strings.Join(strings.Fields(title), " "))
		if title == "" {
			continue
		}
		found := slices.IndexFunc(columns, func(c column) bool {
			return strings.ToLower(c.title) == title || c.field == title || slices.Contains(c.also, title)
		})
		if found < 0 {
			unknown = append(unknown, i)
			continue
		}
		if _, twice := at[columns[found].field]; twice {
			unknown = append(unknown, i)
			continue
		}
		at[columns[found].field] = i
	}
	return at, unknown
}
