package invoice

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// The parts of the list's query. They are literals of this file: nothing that somebody typed becomes SQL. What is open is
// read from invoice_open, the rest from invoice; the further tables are joined on the left, so that the database leaves out
// those that a query does not use.
const (
	open     = `(SELECT invoice_id, min(due_on) AS due_on, sum(open_cents) AS open_cents FROM invoice_open GROUP BY invoice_id) o`
	fromOpen = `FROM ` + open + ` LEFT JOIN invoice i ON i.id = o.invoice_id`
	fromAll  = `FROM invoice i LEFT JOIN ` + open + ` ON o.invoice_id = i.id`
	fromFew  = `FROM invoice i LEFT JOIN LATERAL (SELECT invoice_id, min(due_on) AS due_on, sum(open_cents) AS open_cents
		FROM invoice_open WHERE invoice_id = i.id GROUP BY invoice_id) o ON true`
	further = ` LEFT JOIN booking_order b ON b.id = i.order_id LEFT JOIN invoice_number n ON n.invoice_id = i.id`
)

var (
	listShow = map[Show]struct{ from, id, due, where string }{
		ShowOpen:    {fromOpen, `o.invoice_id`, `o.due_on`, `o.invoice_id IS NOT NULL`},
		ShowOverdue: {fromOpen, `o.invoice_id`, `o.due_on`, `o.due_on < $1`},
		ShowPaid:    {fromAll, `i.id`, `i.due_on`, `o.invoice_id IS NULL AND i.kind <> 'credit'`},
		ShowCredit:  {fromAll, `i.id`, `i.due_on`, `i.kind = 'credit'`},
		ShowAll:     {fromAll, `i.id`, `i.due_on`, `true`},
	}
	listSort = map[Sort]string{ // ByDue, the default, is the show's own
		ByNumber: `n.series, n.year DESC, n.number DESC, `,
		ByPayer:  `lower(i.payer_name), `,
		ByOpen:   `o.open_cents DESC NULLS LAST, `,
		ByTotal:  `i.total_cents DESC, `,
	}
)

// listKeys finds one page of documents, and counts and sums all of them.
func listKeys(ctx context.Context, q sqlx.QueryerContext, in Query, today civil.Date) (keys []id.Invoice, count int, open money.Cents, err error) {
	show, known := listShow[in.Show]
	if !known {
		show = listShow[ShowOpen]
	}
	search, few, args := searchFor(in.Search)
	if few {
		show.from = fromFew // what is open of one order, rather than of all
	}
	args = append([]any{today}, args...)
	from := show.from + further + ` WHERE $1::date IS NOT NULL AND ` + show.where + ` AND ` + search
	const sums = `count(*)%[1]s AS count, coalesce(sum(o.open_cents)%[1]s, 0) AS open `
	page := ` ORDER BY ` + listSort[in.Sort] + show.due + `, ` + show.id + ` LIMIT ` + strconv.Itoa(in.Size) + ` OFFSET ` + strconv.Itoa((in.Page-1)*in.Size)
	var rows []struct {
		ID    id.Invoice  `db:"id"`
		Count int         `db:"count"`
		Open  money.Cents `db:"open"`
	}
	if in.Search != "" { // a search reads everything once; it must not read it twice
		err = sqlx.SelectContext(ctx, q, &rows, `SELECT `+show.id+` AS id, `+fmt.Sprintf(sums, ` OVER ()`)+from+page, args...)
	} else if err = sqlx.SelectContext(ctx, q, &rows, `SELECT `+show.id+` AS id `+from+page, args...); err == nil && len(rows) > 0 {
		err = sqlx.GetContext(ctx, q, &rows[0], `SELECT `+fmt.Sprintf(sums, ``)+from, args...)
	}
	if err != nil {
		return nil, 0, 0, fmt.Errorf("invoices: list: %w", err)
	}
	for _, r := range rows {
		keys = append(keys, r.ID)
	}
	if len(rows) > 0 {
		count, open = rows[0].Count, rows[0].Open
	}
	return keys, count, open, nil
}

// orderReference is a booking's number. Without dashes an invoice's number can look like one: then both are found.
var orderReference = regexp.MustCompile(`^(?i)V ?(\d{7})$`)

var writtenNumber = regexp.MustCompile(`^(?i)(VV|V|CN)-?(\d{4})-?0*(\d{1,7})$`)

// searchFor reads what somebody typed: a number as it is printed, a structured communication with or without its signs, the
// order's reference, or a part of a name. The parameters count from $2; few says that an index finds it.
func searchFor(text string) (sql string, few bool, args []any) {
	if text == "" {
		return `true`, false, nil
	}
	if m := orderReference.FindStringSubmatch(text); m != nil {
		year, _ := strconv.Atoi(m[1][:4]) // digits only
		n, _ := strconv.Atoi(m[1][4:])
		return `i.id IN (SELECT r.id FROM invoice r JOIN booking_order ro ON ro.id = r.order_id WHERE ro.reference = $2
			UNION ALL SELECT rn.invoice_id FROM invoice_number rn WHERE rn.series = 'V' AND rn.year = $3 AND rn.number = $4)`, true, []any{"V" + m[1], year, n}
	}
	if m := writtenNumber.FindStringSubmatch(text); m != nil {
		year, _ := strconv.Atoi(m[2]) // digits only, few enough
		n, _ := strconv.Atoi(m[3])
		return `(n.series = $2 AND n.year = $3 AND n.number = $4)`, true, []any{strings.ToUpper(m[1]), year, n}
	}
	if digits := strings.NewReplacer("+", "", "/", "", "*", "", " ", "").Replace(text); len(digits) == 12 && !strings.ContainsFunc(digits, notDigit) {
		return `b.structured_comm = $2`, true, []any{digits}
	}
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	return `(i.payer_name ILIKE $2 OR b.reference ILIKE $2)`, false, []any{pattern}
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

// invoicesByID reads documents in the order of their keys.
func invoicesByID(ctx context.Context, q sqlx.QueryerContext, keys []id.Invoice, today civil.Date) ([]Invoice, error) {
	wanted := make([]int64, len(keys))
	for i, k := range keys {
		wanted[i] = int64(k)
	}
	var rows []stateRow
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT `+stateColumns+` FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, place)
		JOIN invoice_state USING (id) ORDER BY wanted.place`, pq.Array(wanted))
	if err != nil {
		return nil, fmt.Errorf("invoices: read: %w", err)
	}
	return toInvoices(rows, today), nil
}

func figures(ctx context.Context, q sqlx.QueryerContext, today civil.Date) (Figures, error) {
	var rows []struct {
		Bucket int         `db:"bucket"`
		Count  int         `db:"count"`
		Open   money.Cents `db:"open"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT width_bucket($1::date - due_on, ARRAY[1, 31, 61]) AS bucket, count(DISTINCT invoice_id) AS count, sum(open_cents) AS open
		FROM invoice_open GROUP BY bucket`, today)
	if err != nil {
		return Figures{}, fmt.Errorf("invoices: figures: %w", err)
	}
	var f Figures
	for _, r := range rows {
		*[]*Aged{&f.NotDue, &f.Month, &f.Two, &f.Older}[r.Bucket] = Aged{r.Count, r.Open}
	}
	return f, nil
}
