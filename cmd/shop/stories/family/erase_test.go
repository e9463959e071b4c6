package family

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/family"
	"joetz/shop/mail"
	"joetz/terms/id"
)

// kept are the columns in which a family's name or address may still stand once it was forgotten, each with its reason.
var kept = map[string]string{
	"booking_order.payer_name":  "who an invoice was made out to: ten years (tax law), then ForgetPayers",
	"booking_order.payer_email": "as booking_order.payer_name",
	"participant.last_name":     "whose holiday an invoice was for: the child of a booking is named on its line",
	"search_entry.words":        "the office finds an order by who paid and who travelled: it follows the three above",
	"search_entry.exact":        "as search_entry.words",
}

// TestNothingIsLeftOfAFamilyThatWasForgotten looks for a name and an address in every column of every table, also those that
// somebody adds later.
func TestNothingIsLeftOfAFamilyThatWasForgotten(t *testing.T) {
	t.Parallel()
	clock := shoptest.NewClock(shoptest.Base(t))
	p := shoptest.Make(t, shoptest.Demo(t, shoptest.Base(t)), clock.Now) // not run: no job writes meanwhile
	clock.Set(clock.Now().AddDate(2, 0, 0))                              // every holiday is over
	guardian, order := settledFamily(t, p)
	const name, address = "Zandvlietsema", "zandvlietsema@example.be"
	for _, set := range []string{
		`UPDATE guardian SET last_name = :name, first_name = :name, street = :name, email = :address WHERE id = :guardian`,
		`UPDATE participant SET last_name = :name WHERE id IN (SELECT participant_id FROM guardianship WHERE guardian_id = :guardian)`,
		`UPDATE booking_order SET payer_name = :name, payer_email = :address WHERE guardian_id = :guardian`,
	} {
		if _, err := p.DB.NamedExec(set, map[string]any{"name": name, "address": address, "guardian": guardian}); err != nil {
			t.Fatal(err)
		}
	}
	err := pg.InTx(t.Context(), p.DB.DB, func(tx *sqlx.Tx) error {
		for kind, detail := range map[string]string{
			"renamed": `{"from": "Lou %[1]s", "to": "Loe %[1]s"}`, "payer": `{"from": "%[1]s", "to": "OCMW"}`, "restored": `{"from": "nonpayment", "to": "%[1]s belde"}`,
			"goodwill": `{"computed": 5000, "granted": 100, "note": "mevrouw %[1]s is ziek"}`, "dunning_pause": `{"until": "2027-01-01", "reason": "%[1]s belde"}`,
		} {
			e := booking.Event{Order: order, Kind: kind, Detail: fmt.Appendf(nil, detail, name), Actor: "system", At: p.Now()}
			if err := p.Services.Bookings.EventTx(t.Context(), tx, e); err != nil {
				return err
			}
		}
		_, err := p.Services.Outbox.EnqueueTx(t.Context(), tx, mail.Message{Kind: "test", Lang: "nl", Order: order, To: mail.Address{Name: name, Email: address}, Subject: "Dag " + name,
			Text: name, HTML: name, Attachments: []mail.Attachment{{Name: name + ".txt", Type: "text/plain", Content: []byte(name)}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.DB.Exec(`UPDATE mail SET sent_at = coalesce(sent_at, created_at) WHERE to_address = $1`, address); err != nil { // what waits goes out first: mail's own test
		t.Fatal(err)
	}
	before := columnsWith(t, p.DB.DB, name)
	for _, column := range []string{"booking_event.detail", "mail.body_text", "mail_attachment.name", "mail_attachment.content", "guardian.email"} {
		if !slices.Contains(before, column) {
			t.Errorf("the search does not see %s", column)
		}
	}
	staff := account.Identity{StaffID: 1, Roles: []account.Role{account.Office}}
	if _, err := p.Family().Erase(t.Context(), staff, guardian, func(context.Context, *sqlx.Tx, family.ErasePlan) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for _, column := range columnsWith(t, p.DB.DB, name) {
		if kept[column] == "" {
			t.Errorf("%s still names the family", column)
		}
	}
	var amounts int
	if err := p.DB.Get(&amounts, `SELECT count(*) FROM booking_event WHERE order_id = $1 AND kind = 'goodwill' AND detail @> '{"computed": 5000, "granted": 100, "note": ""}'`, order); err != nil || amounts == 0 {
		t.Errorf("what was granted is gone with the words: %v", err)
	}
}

// settledFamily finds a family with an order that may be forgotten now.
func settledFamily(t *testing.T, p *program.Program) (id.Guardian, id.Order) {
	t.Helper()
	var rows []struct {
		Guardian id.Guardian `db:"guardian_id"`
		Order    id.Order    `db:"id"`
	}
	if err := p.DB.Select(&rows, `SELECT guardian_id, id FROM booking_order ORDER BY id LIMIT 300`); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		plan, err := p.Family().PlanErase(t.Context(), r.Guardian)
		if err != nil {
			t.Fatal(err)
		}
		if !plan.Blocked && len(plan.Wiped) > 0 {
			return r.Guardian, r.Order
		}
	}
	t.Fatal("no family of the season is settled")
	return 0, 0
}

// columnsWith are the columns of the shop's tables in which a word stands, in words, JSON, lists and bytes.
func columnsWith(t *testing.T, db *sqlx.DB, word string) (found []string) {
	t.Helper()
	var columns []struct {
		Table  string `db:"table_name"`
		Column string `db:"column_name"`
		Type   string `db:"data_type"`
	}
	err := db.Select(&columns, `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
		JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
			AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'ARRAY', 'bytea', 'tsvector', 'USER-DEFINED')`)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string][]string{}
	for _, c := range columns {
		text := fmt.Sprintf("%q::text", c.Column)
		if c.Type == "bytea" {
			text = fmt.Sprintf("encode(%q, 'escape')", c.Column)
		}
		tests[c.Table] = append(tests[c.Table], fmt.Sprintf("SELECT '%s.%s' WHERE EXISTS (SELECT 1 FROM %q WHERE %s ILIKE $1)", c.Table, c.Column, c.Table, text))
	}
	for _, table := range slices.Sorted(maps.Keys(tests)) {
		var hits []string
		if err := db.Select(&hits, strings.Join(tests[table], " UNION ALL "), "%"+word+"%"); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		found = append(found, hits...)
	}
	return found
}
