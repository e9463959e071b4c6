package terms

// Decisions are the points that the words of the terms do not settle, or that cost the organiser money: each has a name,
// so that another choice is a change of data (edges.md, section L). A decision is required where its section is present.
type Decisions struct {
	GapPolicy                *Decision[string]     `toml:"gap_policy,omitempty"`
	DepositLevel             *Decision[string]     `toml:"deposit_level,omitempty"`
	ScheduleInversion        *Decision[string]     `toml:"schedule_inversion,omitempty"`
	FeeOnDefault             *Decision[string]     `toml:"fee_on_default,omitempty"`
	DepositReturnedOnDefault *Decision[bool]       `toml:"deposit_returned_on_default,omitempty"`
	ReminderAndGrace         *Decision[Grace]      `toml:"reminder_and_grace_days,omitempty"`
	PriceRiseThreshold       *Decision[Thresholds] `toml:"price_rise_exit_threshold,omitempty"`
	PriceRiseLatestDay       *Decision[LatestDays] `toml:"price_rise_latest_day,omitempty"`
	ForeignOwnClass          *Decision[string]     `toml:"foreign_own_transport_class,omitempty"`
	RebookingNeedsApproval   *Decision[bool]       `toml:"rebooking_needs_approval,omitempty"`
	RebookingLastDay         *Decision[string]     `toml:"rebooking_last_day,omitempty"`
	RebookingFeeFrom         *Decision[string]     `toml:"rebooking_fee_from,omitempty"`
	InsuredCancellation      *Decision[string]     `toml:"insured_cancellation_flow,omitempty"`
	PremiumIfCancelled       *Decision[string]     `toml:"premium_if_cancelled_before_balance_invoice,omitempty"`
	UntruthfulAnswers        *Decision[string]     `toml:"untruthful_answers_refund,omitempty"`
	CancellationMoment       *Decision[string]     `toml:"cancellation_moment,omitempty"`
	MemberStatusDate         *Decision[string]     `toml:"member_status_date,omitempty"`
	PhotoConsent             *Decision[string]     `toml:"photo_consent,omitempty"`
	PercentRounding          *Decision[string]     `toml:"percent_rounding,omitempty"`
}

// Decision is one of them: the choice, the words that leave room for it, and why it was taken.
type Decision[T any] struct {
	Choice T      `toml:"choice"`
	Words  string `toml:"words,omitempty"`
	Why    string `toml:"why,omitempty"`
}

// Grace is what a late payer gets before the organiser may end the booking.
type Grace struct {
	Reminders int `toml:"reminders"`
	Days      int `toml:"days"`
}

// Thresholds say, per legal regime, which rise lets the customer leave.
type Thresholds struct {
	Package Threshold `toml:"package"`
	None    Threshold `toml:"none"`
}

// LatestDays say, per legal regime, the last day on which a rise may be notified; not set is no such day.
type LatestDays struct {
	Package Moment `toml:"package,omitempty"`
	None    Moment `toml:"none,omitempty"`
}
