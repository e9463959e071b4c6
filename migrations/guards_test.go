package migrations_test

import (
	"slices"
	"strings"
	"testing"

	"joetz/migrations/pg/pgtest"
)

// What the database itself refuses, whatever a program does: each of these stands between a fault and a wrong cent, a lost payment,
// a place sold twice or a line that somebody takes out of a log. Who drops one in a migration takes it out here, and knows it.
func TestTheDatabaseStillRefuses(t *testing.T) {
	t.Parallel()
	grows := `allocation assignment_event bank_file bank_movement bank_skip bank_statement booking_event capacity_event catalogue_event charge
		decision decision_departure decision_offer dunning_batch dunning_batch_end dunning_charge dunning_costs dunning_letter dunning_pause
		dunning_step entry fiche_access fiche_promise fiche_record fiche_setting fiche_tombstone fiche_verified goodwill goodwill_decision
		guardianship_event invoice invoice_correction invoice_line invoice_number movement_match payment payment_attempt_order
		payment_withdrawal period_balance period_close policy posting price_list price_rise refund refund_account refund_approval refund_batch
		refund_batch_item refund_step sign_in_event small_difference small_difference_limit stripe_movement stripe_payout_movement waitlist_event`
	triggers := `allocation_credits allocation_opens booking_departure_runs booking_departure_runs_new booking_within_limits_changed
		booking_within_limits_new entry_balanced entry_period_open instalment_opens invoice_line_opens payment_attempt_forward
		payment_credits payment_withdrawal_credits posting_balanced refund_credits refund_step_credits small_difference_credits`
	once := `booking_extra_once booking_participant_once booking_rebooked_once care_review_open_once dunning_step_sent_once
		dunning_step_to_post_once fiche_hold_once fiche_once participant_bar_once payment_attempt_instalment_once waitlist_entry_once
		waitlist_offer_one_open entry_once payment_source_once refund_step_once stripe_finding_once`
	want := append(strings.Fields(triggers), strings.Fields(once)...)
	for _, table := range strings.Fields(grows) {
		want = append(want, table+"_insert_only")
	}
	var there []string
	if err := pgtest.New(t).Select(&there, `SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'
		UNION SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisunique`); err != nil {
		t.Fatal(err)
	}
	for _, name := range want {
		if !slices.Contains(there, name) {
			t.Errorf("%s is gone", name)
		}
	}
}
