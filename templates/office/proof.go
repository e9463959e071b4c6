package office

import (
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// ProofRow is one proof in a list.
type ProofRow struct {
	Href      string
	Child     string
	Holiday   string
	DepartsOn civil.Date
	Category  string // solidaris or vt
	Since     time.Time
	Until     civil.Date
	Files     int
}

// ProofsPage lists the proofs that wait for the office.
type ProofsPage struct {
	layout.Page
	Check []ProofRow // handed in, oldest first
	Price []ProofRow // the deadline passed: move to the base price, or give more time
}

// ProofFile is something that was handed in.
type ProofFile struct {
	Href    string
	Picture bool
	At      time.Time
}

// PriceChange is what a decision changes of a price.
type PriceChange struct {
	From, To, Change money.Cents
	DueOn            civil.Date  // of what is asked on top
	Discounts        []KeptExtra // that the new price has
}

// ProofPage shows a proof beside its facts and asks for the decision.
type ProofPage struct {
	layout.Page
	Action    string
	Seen      string // what the case was when it was shown
	Order     string // address of the order
	Reference string
	Name      string
	BornOn    civil.Date
	Payer     string
	Phone     string
	Holiday   string
	StartsOn  civil.Date
	EndsOn    civil.Date
	Category  string
	Price     money.Cents // that was claimed
	Base      money.Cents
	Until     civil.Date
	Passed    bool // the deadline
	State     string
	Words     string // of the last refusal
	Code      string
	Sticker   []ReasonLine // what the terms say about the code
	StickerOK bool
	Files     []ProofFile
	Decide    bool         // there is something to accept or refuse
	Accept    PriceChange  // what accepting changes
	ToBase    *PriceChange // what asking the base price changes; nil while it cannot be asked
	Corrected bool         // the base price is asked now
	Previous  string
	Next      string
	Place     int // in the queue, from 1; 0 when it is not in it
	Waiting   int
	Reasons   []ui.Option
	Reason    string
	Typed     string
	Errors    ui.Errors
}
