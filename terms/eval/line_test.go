package eval_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"joetz/terms"
	"joetz/terms/eval"
	"joetz/terms/explain"
)

const goodQuote = `"op":"quote","in":{"trip":"domestic","booked_on":"2026-12-01","departs_on":"2027-08-05","base_price":33500,"price":33500,"extras":0,"insurance":false,"instalments":1}`

// with changes one value of a good quote.
func with(from, to string) string {
	return "{\"id\":\"x\"," + strings.Replace(goodQuote, from, to, 1) + "}"
}

func TestLinesThatHaveNoAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ line, id, code, field string }{
		"empty":                   {``, `null`, "malformed", "line"},
		"spaces":                  {`   `, `null`, "malformed", "line"},
		"no JSON":                 {`quote`, `null`, "malformed", "line"},
		"a list":                  {`[]`, `null`, "malformed", "line"},
		"a text":                  {`"x"`, `null`, "malformed", "line"},
		"null":                    {`null`, `null`, "malformed", "line"},
		"two objects":             {`{} {}`, `null`, "malformed", "line"},
		"cut off":                 {`{"id":"x",` + goodQuote, `null`, "malformed", "line"},
		"no UTF-8":                {"{\"id\":\"\xff\"}", `null`, "malformed", "line"},
		"too deep":                {strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000), `null`, "malformed", "line"},
		"no op":                   {`{"id":"x","in":{}}`, `"x"`, "invalid", "op"},
		"op is a number":          {`{"id":"x","op":1,"in":{}}`, `"x"`, "invalid", "op"},
		"unknown op":              {`{"id":"x","op":"quotes","in":{}}`, `"x"`, "invalid", "op"},
		"no in":                   {`{"id":"x","op":"quote"}`, `"x"`, "invalid", "in"},
		"in is a list":            {`{"id":"x","op":"quote","in":[]}`, `"x"`, "invalid", "in"},
		"id is a number":          {`{"id":7,"op":"quotes","in":{}}`, `7`, "invalid", "op"},
		"id is an object":         {`{"id":{},"op":"quotes","in":{}}`, `null`, "invalid", "op"},
		"op twice":                {`{"id":"x","op":"uitpas","op":"quote","in":{}}`, `"x"`, "invalid", "op"},
		"a missing field":         {with(`"extras":0,`, ``), `"x"`, "invalid", "extras"},
		"a field in capitals":     {with(`"extras"`, `"Extras"`), `"x"`, "invalid", "extras"},
		"a field of null":         {with(`"extras":0`, `"extras":null`), `"x"`, "invalid", "extras"},
		"a field twice":           {with(`"extras":0`, `"extras":0,"extras":100`), `"x"`, "invalid", "extras"},
		"a number as a text":      {with(`"price":33500,"extras"`, `"price":"33500","extras"`), `"x"`, "invalid", "price"},
		"a fraction":              {with(`"extras":0`, `"extras":0.5`), `"x"`, "invalid", "extras"},
		"a whole fraction":        {with(`"extras":0`, `"extras":1.0`), `"x"`, "invalid", "extras"},
		"an exponent":             {with(`"extras":0`, `"extras":1e2`), `"x"`, "invalid", "extras"},
		"beyond int64":            {with(`"extras":0`, `"extras":99999999999999999999`), `"x"`, "invalid", "extras"},
		"beyond exact JSON":       {with(`"extras":0`, `"extras":9007199254740992`), `"x"`, "invalid", "extras"},
		"a negative amount":       {with(`"extras":0`, `"extras":-1`), `"x"`, "invalid", "extras"},
		"price above base price":  {with(`"price":33500,"extras"`, `"price":33501,"extras"`), `"x"`, "invalid", "price"},
		"a text as a boolean":     {with(`"insurance":false`, `"insurance":"false"`), `"x"`, "invalid", "insurance"},
		"a number as a boolean":   {with(`"insurance":false`, `"insurance":0`), `"x"`, "invalid", "insurance"},
		"an unknown trip":         {with(`"domestic"`, `"Domestic"`), `"x"`, "invalid", "trip"},
		"an impossible date":      {with(`2026-12-01`, `2026-11-31`), `"x"`, "invalid", "booked_on"},
		"an American date":        {with(`2026-12-01`, `12/01/2026`), `"x"`, "invalid", "booked_on"},
		"a date with an hour":     {with(`2026-12-01`, `2026-12-01T10:00:00Z`), `"x"`, "invalid", "booked_on"},
		"a date of another age":   {with(`2027-08-05`, `9999-12-31`), `"x"`, "invalid", "departs_on"},
		"invalid before departed": {with(`"booked_on":"2026-12-01","departs_on":"2027-08-05","base_price":33500`, `"booked_on":"2028-12-01","departs_on":"2027-08-05","base_price":1`), `"x"`, "invalid", "price"},
		"departed":                {with(`2026-12-01`, `2027-08-06`), `"x"`, "departed", "booked_on"},
		"insurance closed":        {with(`"2026-12-01","departs_on":"2027-08-05","base_price":33500,"price":33500,"extras":0,"insurance":false,"instalments":1`, `"2027-07-06","departs_on":"2027-08-05","base_price":33500,"price":33500,"extras":0,"insurance":true,"instalments":9`), `"x"`, "insurance_closed", "insurance"},
		"no instalments":          {with(`"instalments":1`, `"instalments":0`), `"x"`, "instalments_range", "instalments"},
		"negative instalments":    {with(`"instalments":1`, `"instalments":-1`), `"x"`, "instalments_range", "instalments"},
		"too many instalments":    {with(`"instalments":1`, `"instalments":4`), `"x"`, "instalments_range", "instalments"},
		"instalments too late":    {strings.Replace(with(`"2026-12-01"`, `"2027-05-22"`), `"instalments":1`, `"instalments":2`, 1), `"x"`, "instalments_too_late", "instalments"},
		"cancelled before booked": {`{"id":"x","op":"cancel","in":{"trip":"flight","booked_on":"2027-01-02","departs_on":"2027-07-01","on":"2027-01-01","by":"customer","base_price":1,"price":1,"insurance":false,"deposit_paid":false,"claim":false,"paid":0,"costs":0}}`, `"x"`, "before_booking", "on"},
		"cancelled by nobody":     {`{"id":"x","op":"cancel","in":{"trip":"flight","booked_on":"2027-01-02","departs_on":"2027-07-01","on":"2027-01-03","by":"somebody","base_price":1,"price":1,"insurance":false,"deposit_paid":false,"claim":false,"paid":0,"costs":0}}`, `"x"`, "invalid", "by"},
		"a new trip of nonsense":  {`{"id":"x","op":"rebook","in":{"trip":"flight","booked_on":"2027-01-02","departs_on":"2027-07-01","on":"2027-01-03","price":1,"new":{"trip":"boat","departs_on":"2027-07-01","price":1}}}`, `"x"`, "invalid", "new.trip"},
		"a new trip of nothing":   {`{"id":"x","op":"rebook","in":{"trip":"flight","booked_on":"2027-01-02","departs_on":"2027-07-01","on":"2027-01-03","price":1,"new":7}}`, `"x"`, "invalid", "new"},
		"rebooked after leaving":  {`{"id":"x","op":"rebook","in":{"trip":"flight","booked_on":"2027-01-02","departs_on":"2027-07-01","on":"2027-07-02","price":1,"new":{"trip":"flight","departs_on":"2027-08-01","price":1}}}`, `"x"`, "departed", "on"},
		"rebooked to the past":    {`{"id":"x","op":"rebook","in":{"trip":"flight","booked_on":"2027-01-02","departs_on":"2027-07-01","on":"2027-03-02","price":1,"new":{"trip":"flight","departs_on":"2027-03-01","price":1}}}`, `"x"`, "departed", "new.departs_on"},
		"rises are no list":       {`{"id":"x","op":"price_rise","in":{"legal_regime":"none","price_at_booking":1,"departs_on":"2027-07-01","rises":{}}}`, `"x"`, "invalid", "rises"},
		"a rise is no object":     {`{"id":"x","op":"price_rise","in":{"legal_regime":"none","price_at_booking":1,"departs_on":"2027-07-01","rises":[1]}}`, `"x"`, "invalid", "rises[0]"},
		"a rise without a day":    {`{"id":"x","op":"price_rise","in":{"legal_regime":"none","price_at_booking":1,"departs_on":"2027-07-01","rises":[{"amount":1}]}}`, `"x"`, "invalid", "rises[0].notified_on"},
		"a rise that falls":       {`{"id":"x","op":"price_rise","in":{"legal_regime":"none","price_at_booking":1,"departs_on":"2027-07-01","rises":[{"notified_on":"2027-01-01","amount":-1}]}}`, `"x"`, "invalid", "rises[0].amount"},
		"an unknown regime":       {`{"id":"x","op":"price_rise","in":{"legal_regime":"both","price_at_booking":1,"departs_on":"2027-07-01","rises":[]}}`, `"x"`, "invalid", "legal_regime"},
		"no adult":                {`{"id":"x","op":"income","in":{"adults":0,"children":1,"income_year":1}}`, `"x"`, "no_adult", "adults"},
		"fewer than no children":  {`{"id":"x","op":"income","in":{"adults":1,"children":-1,"income_year":1}}`, `"x"`, "negative", "children"},
		"an empty code":           {`{"id":"x","op":"mutuality","in":{"code":""}}`, `"x"`, "bad_code", "code"},
		"three halves":            {`{"id":"x","op":"mutuality","in":{"code":"121/121/121"}}`, `"x"`, "bad_code", "code"},
		"a code as a number":      {`{"id":"x","op":"mutuality","in":{"code":121}}`, `"x"`, "invalid", "code"},
		"12 digits":               {`{"id":"x","op":"uitpas","in":{"number":"123456789012"}}`, `"x"`, "bad_number", "number"},
		"a letter in a number":    {`{"id":"x","op":"uitpas","in":{"number":"12345678901a3"}}`, `"x"`, "bad_number", "number"},
		"an empty party":          {`{"id":"x","op":"party","in":{"setting":"holiday","unit":"person","entitled":0,"companions":0,"others":0}}`, `"x"`, "empty_party", "entitled"},
		"a negative party":        {`{"id":"x","op":"party","in":{"setting":"holiday","unit":"person","entitled":2,"companions":-1,"others":0}}`, `"x"`, "negative", "companions"},
		"an unknown setting":      {`{"id":"x","op":"party","in":{"setting":"party","unit":"person","entitled":2,"companions":0,"others":0}}`, `"x"`, "invalid", "setting"},
		"an unknown unit":         {`{"id":"x","op":"party","in":{"setting":"holiday","unit":"tent","entitled":2,"companions":0,"others":0}}`, `"x"`, "invalid", "unit"},
		"negative participants":   {`{"id":"x","op":"quality_label","in":{"participants":-1,"year":"first"}}`, `"x"`, "negative", "participants"},
		"an unknown year":         {`{"id":"x","op":"quality_label","in":{"participants":1,"year":"second"}}`, `"x"`, "invalid", "year"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got struct {
				ID    json.RawMessage
				Out   any
				Error struct{ Code, Field, Message string }
			}
			if err := json.Unmarshal(evaluator().Line([]byte(c.line)), &got); err != nil {
				t.Fatal(err)
			}
			if string(got.ID) != c.id || got.Error.Code != c.code || got.Error.Field != c.field || got.Out != nil || got.Error.Message == "" {
				t.Errorf("got %s %+v, out %v; want %s %s %s", got.ID, got.Error, got.Out, c.id, c.code, c.field)
			}
			if strings.Contains(got.Error.Message, "{") {
				t.Errorf("the message has a hole: %s", got.Error.Message)
			}
		})
	}
}

func TestLinesThatAreForgiven(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"an unknown field":     with(`"extras":0`, `"extras":0,"note":"for the office"`),
		"an unknown key":       `{"id":"x","note":[1,{}],"want":"whatever",` + goodQuote + `}`,
		"no id":                `{` + goodQuote + `}`,
		"spaces":               "\t {\"id\" : \"x\", " + goodQuote + "} ",
		"a note that repeats":  with(`"extras":0`, `"extras":0,"note":{"a":1,"a":2}`),
		"minus nothing":        with(`"extras":0`, `"extras":-0`),
		"an amount like any":   with(`"extras":0`, `"extras":9007199254740991`),
		"a family in the past": `{"id":"x","op":"income","in":{"adults":1,"children":0,"income_year":-5}}`,
		"no rises":             `{"id":"x","op":"price_rise","in":{"legal_regime":"none","price_at_booking":0,"departs_on":"2027-07-01","rises":[]}}`,
	} {
		if got := evaluator().Line([]byte(line)); !bytes.Contains(got, []byte(`"out":{`)) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// One line out per line in, whatever the ends of lines are.
func TestRunAnswersLineByLine(t *testing.T) {
	t.Parallel()
	good := `{"id":"a","op":"uitpas","in":{"number":"1823816752711"}}`
	long := `{"id":"b","op":"uitpas","in":{"number":"1823816752711"},"note":"` + strings.Repeat("x", 200<<10) + `"}`
	tooLong := `{"id":"c","note":"` + strings.Repeat("x", 9<<20) + `"}`
	for name, c := range map[string]struct {
		in   string
		want []string // a word of each line
	}{
		"nothing":             {"", nil},
		"one line":            {good + "\n", []string{`"yes"`}},
		"no last line end":    {good, []string{`"yes"`}},
		"CRLF":                {good + "\r\n" + good + "\r\n", []string{`"yes"`, `"yes"`}},
		"a byte order mark":   {"\xef\xbb\xbf" + good + "\n" + good, []string{`"yes"`, `"yes"`}},
		"an empty line":       {good + "\n\n" + good + "\n", []string{`"yes"`, `"malformed"`, `"yes"`}},
		"only an empty line":  {"\n", []string{`"malformed"`}},
		"a long line":         {long + "\n" + good + "\n", []string{`"yes"`, `"yes"`}},
		"a line without end":  {good + "\n" + tooLong, []string{`"yes"`, `"malformed"`}},
		"after a bad line":    {"x\n" + good + "\n", []string{`"malformed"`, `"yes"`}},
		"after a long line":   {tooLong + "\n" + good + "\n", []string{`"malformed"`, `"yes"`}},
		"a NUL in the middle": {"\x00\n" + good + "\n", []string{`"malformed"`, `"yes"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := evaluator().Run(strings.NewReader(c.in), &out); err != nil {
				t.Fatal(err)
			}
			lines := strings.SplitAfter(out.String(), "\n")
			if lines = lines[:len(lines)-1]; len(lines) != len(c.want) {
				t.Fatalf("got %d lines, want %d", len(lines), len(c.want))
			}
			for i, word := range c.want {
				if !strings.Contains(lines[i], word) {
					t.Errorf("line %d: got %.200s, want %s", i+1, lines[i], word)
				}
			}
		})
	}
}

// Every answer gives reasons: a clause, a sentence without a hole, in both languages.
func TestEveryAnswerHasReasons(t *testing.T) {
	t.Parallel()
	for _, language := range []explain.Language{explain.Dutch, explain.English} {
		e := eval.Evaluator{Terms: terms.JOETZ2027(), Language: language}
		for i, line := range bytes.Split(readFile(t, "../testdata/cases.jsonl"), []byte("\n")) {
			var got struct {
				Out *struct {
					Because []struct{ Clause, Text string }
				}
			}
			if len(line) == 0 {
				continue
			}
			if err := json.Unmarshal(e.Line(line), &got); err != nil {
				t.Fatal(err)
			}
			if got.Out == nil {
				continue
			}
			if len(got.Out.Because) == 0 {
				t.Errorf("line %d: no reasons", i+1)
			}
			for _, r := range got.Out.Because {
				if r.Text == "" || strings.ContainsAny(r.Text, "{}") || !strings.Contains(r.Clause, ": “") {
					t.Errorf("line %d, %s: %q rests on %q", i+1, language.Code(), r.Text, r.Clause)
				}
			}
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add([]byte("{\"id\":\"x\"," + goodQuote + "}"))
	for _, name := range []string{"../testdata/cases.jsonl", "../testdata/vectors.jsonl"} {
		for i, line := range bytes.Split(readFile(f, name), []byte("\n")) {
			if i%10 == 0 {
				f.Add(line)
			}
		}
	}
	e := evaluator()
	f.Fuzz(func(t *testing.T, line []byte) {
		got := e.Line(line)
		var reply struct {
			ID    json.RawMessage
			Out   json.RawMessage
			Error *struct{ Code, Message string }
		}
		if err := json.Unmarshal(got, &reply); err != nil || bytes.ContainsRune(got, '\n') {
			t.Fatalf("%v: %s", err, got)
		}
		if (reply.Out == nil) == (reply.Error == nil) {
			t.Fatalf("neither or both: %s", got)
		}
		if reply.Error != nil && (reply.Error.Message == "" || reply.Error.Code == "") {
			t.Fatalf("an error that says nothing: %s", got)
		}
		if again := e.Line(line); !bytes.Equal(got, again) {
			t.Fatalf("another answer: %s, %s", got, again)
		}
	})
}
