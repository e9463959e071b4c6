package catalogue

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/catalogue/sheet"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

func itoa(n int) string      { return strconv.Itoa(n) }
func twoDigits(n int) string { return fmt.Sprintf("%02d", n%100) }

// ErrNoImport is returned when there is no such upload, or it is another colleague's season that was removed.
var ErrNoImport error = fault.New(fault.NotFound, "catalogue.no_import")

// CellProblem is one cell that has to change before the file can be taken, or that deserves a look (Warn).
type CellProblem struct {
	Row    int    // as the spreadsheet counts, from 1
	Letter string // of the column; "" when the column is missing
	Column string // its title
	Read   string // what stood there, shortened
	Key    string // message key
	Warn   bool

	column int // from 0
}

// ImportLine is one row: a departure, with the text of its holiday.
type ImportLine struct {
	Row    int
	Act    string // new, update or departure: a date more for a holiday that exists or stands on another row
	Text   Text
	Plan   Plan
	Prices *Prices
	Places int

	holiday   Offer // the draft that it updates; zero for a new one
	departure Date
}

// Import is a spreadsheet that waits for its confirmation.
type Import struct {
	ID          int64      `db:"id"`
	Season      id.Season  `db:"season_id"`
	Year        int        `db:"year"`
	FileName    string     `db:"file_name"`
	At          time.Time  `db:"at"`
	ConfirmedAt *time.Time `db:"confirmed_at"`
	Lines       []ImportLine
	Problems    []CellProblem
	Mark        string `db:"-"` // of what the lines do to what is there: another one, and the catalogue changed since
	table       sheet.Table
}

// Ready reports whether the file can be taken as it is.
func (m Import) Ready() bool {
	return len(m.Lines) > 0 && m.ConfirmedAt == nil && !slices.ContainsFunc(m.Problems, func(p CellProblem) bool { return !p.Warn })
}

// sheetProblem is what somebody reads about a file that is refused as a whole.
func sheetProblem(err error) error {
	for known, key := range map[error]string{
		sheet.ErrEmpty: "catalogue.sheet_empty", sheet.ErrTooBig: "catalogue.sheet_big", sheet.ErrTooMany: "catalogue.sheet_many",
		sheet.ErrType: "catalogue.sheet_type", sheet.ErrDamaged: "catalogue.sheet_damaged", sheet.ErrOldExcel: "catalogue.sheet_old",
	} {
		if errors.Is(err, known) {
			return fault.Field("file", key)
		}
	}
	return err
}

// Upload reads a spreadsheet and keeps what it says until somebody confirms it. Nothing of the catalogue changes.
func (s *Service) Upload(ctx context.Context, staff id.Staff, season id.Season, name string, data []byte) (key int64, err error) {
	table, err := sheet.Read(data)
	if err != nil {
		return 0, sheetProblem(err)
	}
	if len(table) < 2 {
		return 0, fault.Field("file", "catalogue.sheet_empty")
	}
	if at, _ := headings(table[0]); len(at) < 3 {
		return 0, fault.Field("file", "catalogue.sheet_columns")
	}
	return key, pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) {
		key, err = insertImport(ctx, tx, staff, season, name, table, s.Now())
		return err
	})
}

// ImportByID is an upload as it would be taken now: what is there already may have changed since.
func (s *Service) ImportByID(ctx context.Context, key int64) (Import, error) {
	m, err := s.readImport(ctx, s.DB, key, false)
	if err != nil {
		return Import{}, err
	}
	offers, err := s.Offers(ctx, m.Season)
	if err != nil {
		return Import{}, err
	}
	codes, err := s.codes(ctx)
	if err != nil {
		return Import{}, err
	}
	m.plan(offers, codes)
	return m, nil
}

// rowReader reads the cells of one row and notes what is wrong with them.
type rowReader struct {
	m   *Import
	at  map[string]int
	row int // from 0
}

func (r rowReader) cell(field string) string {
	i, ok := r.at[field]
	if !ok || i >= len(r.m.table[r.row]) {
		return ""
	}
	return r.m.table[r.row][i]
}

func (r rowReader) problem(field, key string, warn bool) {
	read := []rune(r.cell(field))
	if len(read) > 60 {
		read = append(read[:57], '.', '.', '.')
	}
	p := CellProblem{Row: r.row + 1, Column: titleOf(field), Read: string(read), Key: key, Warn: warn}
	if i, ok := r.at[field]; ok {
		p.Letter, p.column = sheet.Letter(i), i
	}
	r.m.Problems = append(r.m.Problems, p)
}

// text reads words. What begins as a formula is none: a spreadsheet that opens our lists would run it.
func (r rowReader) text(field string) string {
	text := r.cell(field)
	switch {
	case strings.ContainsAny(firstOf(text), "=@+-"):
		r.problem(field, "catalogue.cell_formula", false)
		return ""
	case failedShape.MatchString(text):
		r.problem(field, "catalogue.cell_failed", false)
		return ""
	}
	return text
}

// failedShape is what a formula leaves that could not be computed.
var failedShape = regexp.MustCompile(`^#(N/A|N/B|REF!|VERW!|VALUE!|WAARDE!|DIV/0!|DEEL/0!|NAME\?|NAAM\?|NUM!|GETAL!|NULL!|LEEG!)$`)

func firstOf(text string) string { return text[:min(1, len(text))] }

// list reads one thing per part. People write a dash or a dot before each.
func (r rowReader) list(field string) []string {
	all := parts(r.cell(field))
	for i, part := range all {
		for _, bullet := range []string{"- ", "– ", "• ", "* "} {
			part = strings.TrimSpace(strings.TrimPrefix(part, bullet))
		}
		all[i] = part
		if strings.ContainsAny(firstOf(part), "=@+-") {
			r.problem(field, "catalogue.cell_formula", false)
			return nil
		}
		if failedShape.MatchString(part) {
			r.problem(field, "catalogue.cell_failed", false)
			return nil
		}
	}
	return all
}

func (r rowReader) number(field string, need bool) int {
	text := r.cell(field)
	if text == "" {
		if need {
			r.problem(field, "form.required", false)
		}
		return 0
	}
	n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || n != float64(int(n)) || n < 0 || n > 1_000_000 {
		r.problem(field, "form.number", false)
		return 0
	}
	return int(n)
}

func (r rowReader) yes(field string, need bool) bool {
	switch strings.ToLower(r.cell(field)) {
	case "ja", "j", "x", "1", "yes", "true", "waar":
		return true
	case "nee", "n", "0", "no", "false", "onwaar":
		return false
	case "":
		if need {
			r.problem(field, "catalogue.cell_yes_no", false)
		}
		return false
	}
	r.problem(field, "catalogue.cell_yes_no", false)
	return false
}

func (r rowReader) day(field string) civil.Date {
	text := r.cell(field)
	if text == "" {
		r.problem(field, "form.required", false)
		return civil.Date{}
	}
	d, ok := sheet.Day(text)
	if !ok {
		r.problem(field, "catalogue.cell_date", false)
		return civil.Date{} // not what could be read of it
	}
	return d
}

// country reads a code of two letters, of three, or the Dutch name.
func (r rowReader) country() string {
	text := r.text("country")
	code := strings.ToUpper(text)
	for _, c := range CountryCodes {
		if code == c || slices.Contains(countryWords[c], strings.ToLower(text)) {
			return c
		}
	}
	if text != "" {
		r.problem("country", "catalogue.cell_country", false)
	}
	return code
}

func (r rowReader) moment(field string) time.Time {
	text := r.cell(field)
	if text == "" {
		r.problem(field, "form.required", false)
		return time.Time{}
	}
	t, ok := sheet.Moment(text)
	if !ok {
		r.problem(field, "catalogue.cell_moment", false)
	} else if t.Hour() == 0 && t.Minute() == 0 {
		r.problem(field, "catalogue.cell_midnight", true)
	}
	return t
}

func (r rowReader) cents(field string, need bool) *money.Cents {
	text := r.cell(field)
	if text == "" {
		if need {
			r.problem(field, "form.required", false)
		}
		return nil
	}
	if twoAmounts.MatchString(text) {
		r.problem(field, "catalogue.cell_two_amounts", false)
		return nil
	}
	c, ok := amount(text)
	if !ok {
		r.problem(field, "form.amount", false)
		return nil
	}
	return &c
}

// twoAmounts is 1.095, which is a thousand and more when a person typed it, and one euro and more when a spreadsheet stored it.
var twoAmounts = regexp.MustCompile(`^\d{1,3}[.,]\d{3}$`)

// amount reads an amount as people type it, or as a spreadsheet stores it: 215.49999999999997 is 215.50.
func amount(text string) (money.Cents, bool) {
	if c, err := money.Parse(text); err == nil {
		return c, c >= 0
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f < 0 || f > 100_000 {
		return 0, false
	}
	c, err := money.Parse(strconv.FormatFloat(f, 'f', 2, 64))
	return c, err == nil
}

var boardingShape = regexp.MustCompile(`^(.*?)\s*(?:\((\d{1,3})\))?$`)

func (r rowReader) boarding() []BoardingPlace {
	var out []BoardingPlace
	for _, part := range r.list("boarding") {
		m := boardingShape.FindStringSubmatch(part)
		minimum := DefaultMinimum
		if m[2] != "" {
			minimum, _ = strconv.Atoi(m[2]) // three digits at most
		}
		if m[1] == "" {
			r.problem("boarding", "catalogue.cell_boarding", false)
			continue
		}
		out = append(out, BoardingPlace{Name: m[1], MinParticipants: minimum})
	}
	return out
}

func parts(text string) []string { return Lines(strings.ReplaceAll(text, "|", "\n")) }

// line reads one row. ok is false for an empty one.
func (r rowReader) line() (ImportLine, bool) {
	if !slices.ContainsFunc(r.m.table[r.row], func(c string) bool { return c != "" }) {
		return ImportLine{}, false
	}
	before := len(r.m.Problems)
	trip, known := tripWords[strings.ToLower(r.cell("trip"))]
	if !known {
		r.problem("trip", "catalogue.cell_trip", false)
	}
	l := ImportLine{Row: r.row + 1, Places: r.number("places", true)}
	l.Text = Text{
		Code: strings.ToUpper(r.text("code")), Title: r.text("title"), Description: r.text("description"), Trip: trip, LegalRegime: "none",
		Country: r.country(), Destination: r.text("destination"), Accommodation: r.text("accommodation"), Transport: r.text("transport"),
		Included: r.list("included"), NotIncluded: r.list("not_included"), TargetGroup: r.text("target_group"), Inclusive: r.yes("inclusive", false),
		BirthYearFrom: r.number("birth_year_from", true), BirthYearTo: r.number("birth_year_to", true),
	}
	if r.yes("legal_regime", true) {
		l.Text.LegalRegime = "package"
	}
	l.Plan = Plan{StartsOn: r.day("starts_on"), EndsOn: r.day("ends_on"), OnSaleAt: r.moment("on_sale_at"), Boarding: r.boarding()}
	l.Prices = &Prices{Solidaris: r.cents("solidaris", false), VT: r.cents("vt", false)}
	if base := r.cents("base", true); base != nil {
		l.Prices.Base = *base
	}
	// What could be read is held against the rules of the forms; what could not was said already.
	said := map[string]bool{}
	for _, p := range r.m.Problems[before:] {
		said[p.Column] = said[p.Column] || !p.Warn
	}
	if said[titleOf("starts_on")] { // the other days are held against it
		said[titleOf("ends_on")], said[titleOf("on_sale_at")] = true, true
	}
	r.rules(l.Text.check(r.m.Year), said)
	r.rules(l.Plan.check(r.m.Year), said)
	if !said[titleOf("base")] { // the others are held against it
		r.rules(l.Prices.check(), said)
	}
	if l.Places > maxPlaces && !said[titleOf("places")] {
		r.problem("places", "catalogue.places", false)
	}
	if l.Text.Trip == "foreign_coach" && len(l.Plan.Boarding) == 0 {
		r.problem("boarding", "catalogue.cell_no_boarding", true)
	}
	return l, true
}

func (r rowReader) rules(err error, said map[string]bool) {
	f := fault.Of(err)
	if f == nil {
		return
	}
	for _, field := range slices.Sorted(maps.Keys(f.Fields)) {
		if !said[titleOf(field)] {
			r.problem(field, f.Fields[field], false)
		}
	}
}

// plan reads the table against what is there already.
func (m *Import) plan(offers []Offer, codes map[string]bool) {
	at, unknown := headings(m.table[0])
	for _, i := range unknown {
		m.Problems = append(m.Problems, CellProblem{Row: 1, Letter: sheet.Letter(i), Column: m.table[0][i], Read: m.table[0][i], Key: "catalogue.cell_column", Warn: true})
	}
	for _, c := range columns {
		if _, ok := at[c.field]; !ok && c.need {
			m.Problems = append(m.Problems, CellProblem{Row: 1, Column: c.title, Key: "catalogue.cell_missing"})
		}
	}
	if slices.ContainsFunc(m.Problems, func(p CellProblem) bool { return !p.Warn }) {
		return // every row would say the same again
	}
	first := map[string]ImportLine{}
	dates := map[string]int{}
	for i := 1; i < len(m.table); i++ {
		r := rowReader{m, at, i}
		l, ok := r.line()
		if !ok {
			continue
		}
		r.place(&l, offers, codes, first, dates)
		m.Lines = append(m.Lines, l)
	}
	slices.SortStableFunc(m.Problems, func(a, b CellProblem) int { return cmp.Or(a.Row-b.Row, a.column-b.column) })
	m.Mark = m.mark()
}

// mark is a digest of what each row does, to which version of what.
func (m Import) mark() string {
	sum := sha256.New()
	for _, l := range m.Lines {
		_, _ = fmt.Fprintln(sum, l.Row, l.Act, l.holiday.ID, l.holiday.Version, l.departure.ID, l.departure.Version, l.departure.Capacity) // never fails
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

// place finds out what a row does: a new holiday, another date, or an update of a draft.
func (r rowReader) place(l *ImportLine, offers []Offer, codes map[string]bool, first map[string]ImportLine, dates map[string]int) {
	code := l.Text.Code
	l.Act = "new"
	if earlier, ok := first[code]; ok {
		l.Act = "departure"
		if diff := earlier.Text.Diff(l.Text); len(diff) > 0 {
			r.problem(diff[0].Field, "catalogue.cell_differs", false)
		}
	} else {
		first[code] = *l
	}
	key := code + " " + l.Plan.StartsOn.String()
	if _, twice := dates[key]; twice && code != "" && !l.Plan.StartsOn.IsZero() {
		r.problem("starts_on", "catalogue.starts_twice", false)
	}
	dates[key] = l.Row
	i := slices.IndexFunc(offers, func(o Offer) bool { return o.Code == code })
	switch {
	case i < 0 && codes[code]:
		r.problem("code", "catalogue.cell_other_season", false)
	case i >= 0 && !offers[i].Draft():
		r.problem("code", "catalogue.cell_published", false)
	case i >= 0:
		l.holiday = offers[i]
		j := slices.IndexFunc(offers[i].Departures, func(d Date) bool { return d.StartsOn == l.Plan.StartsOn })
		if j < 0 {
			l.Act = "departure"
			return
		}
		l.Act, l.departure = "update", offers[i].Departures[j]
		for _, limit := range l.departure.Limits {
			if limit.BoardingPlace != 0 && !slices.ContainsFunc(l.Plan.Boarding, func(b BoardingPlace) bool { return strings.EqualFold(b.Name, limit.BoardingName) }) {
				r.problem("boarding", "catalogue.cell_limit", false)
				return
			}
		}
	}
}
