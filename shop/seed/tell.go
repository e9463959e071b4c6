package seed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/migrations/pg"
	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/reconcile"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/queue"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// event is one thing that happens in a story, so many days ago.
type event struct {
	ago  int
	what func(ctx context.Context) error
}

// telling is the stories while they are told: who has which order by now, and what the bank will bring today.
type telling struct {
	*Seeder
	today      civil.Date
	camp       id.Departure
	accountant id.Staff
	lead       id.Staff                       // of the camp that is on
	codes      map[string]catalogue.Departure // by code without the year
	statement  int
	balance    money.Cents
	jobs       *queue.Runner
	transfers  []bankfake.Transfer
}

// tell lets every story happen in the order of time. Work that a day leaves behind (numbers, mails) is done that day.
func (s *Seeder) tell(ctx context.Context, today civil.Date, camp id.Departure, people map[account.Role]id.Staff) error {
	t := &telling{Seeder: s, today: today, camp: camp, accountant: people[account.Accounting], lead: people[account.Lead], codes: map[string]catalogue.Departure{}, balance: 1_250_000, jobs: s.work()}
	upcoming, err := s.Catalogue.Upcoming(ctx)
	if err != nil {
		return err
	}
	for _, d := range upcoming {
		if code, ours := withoutYear(d.Code); ours {
			t.codes[code] = d
		}
	}
	var events []event
	for i := range families {
		for j := range families[i].stories {
			events = append(events, t.events(&families[i], &families[i].stories[j])...)
		}
	}
	for ago := range 2 {
		events = append(events, event{ago + 1, func(ctx context.Context) error { return t.atCamp(ctx, ago+1) }})
	}
	slices.SortStableFunc(events, func(a, b event) int { return b.ago - a.ago })
	opening := s.Clock.now()
	for i, e := range events {
		s.Clock.at(opening.AddDate(0, 0, -e.ago).Add(-time.Hour + time.Duration(i)*time.Second))
		if err := e.what(ctx); err != nil {
			return err
		}
		if i+1 == len(events) || events[i+1].ago != e.ago {
			if err := t.endOfDay(ctx, e.ago); err != nil {
				return err
			}
		}
	}
	return nil
}

// withoutYear turns the code of one of the demo's holidays, as KR-27-02, into what the stories call it, KR-02; ours is false for
// one that somebody else wrote: no story is about it.
func withoutYear(code string) (short string, ours bool) {
	if len(code) < 7 || code[2] != '-' || code[5] != '-' {
		return "", false
	}
	return code[:3] + code[6:], true
}

// events are the happenings of one story.
func (t *telling) events(f *family, st *story) []event {
	if st.holiday != "today" {
		if _, ok := t.codes[st.holiday]; !ok {
			return nil // that holiday has left this year
		}
	}
	var order id.Order
	all := []event{{st.booked, func(ctx context.Context) (err error) { order, err = t.book(ctx, f, st); return err }}}
	if st.accept > 0 {
		all = append(all, event{st.accept, func(ctx context.Context) error { return t.accept(ctx, order, st) }})
	}
	for i, p := range st.pays {
		extra := money.Cents(0)
		if i == 0 {
			extra = money.Cents(st.extra)
		}
		all = append(all, event{p.ago, func(ctx context.Context) error { return t.pay(ctx, order, p.whole, extra) }})
	}
	if st.holiday == "today" {
		all = append(all, event{ficheAgo, func(ctx context.Context) error { return t.fillIn(ctx, order, f) }})
	}
	for _, e := range st.ends {
		all = append(all, event{e.ago, func(ctx context.Context) error { return t.end(ctx, order, e) }})
	}
	return all
}

func (t *telling) departure(st *story) id.Departure {
	if st.holiday == "today" {
		return t.camp
	}
	return t.codes[st.holiday].ID
}

// book walks the same way as a parent does.
func (t *telling) book(ctx context.Context, f *family, st *story) (id.Order, error) {
	guardian, err := t.guardian(ctx, f)
	if err != nil {
		return 0, err
	}
	departure := t.departure(st)
	d, err := t.Catalogue.DepartureByID(ctx, departure)
	if err != nil {
		return 0, err
	}
	token, err := t.Bookings.Start(ctx, departure, len(st.children))
	if err != nil {
		return 0, fmt.Errorf("seed: %s on %s: %w", f.email, st.holiday, err)
	}
	if err := t.Bookings.Identify(ctx, token, guardian.ID); err != nil {
		return 0, err
	}
	for i, k := range st.children {
		if err := t.child(ctx, token, guardian, f, d, i+1, k); err != nil {
			return 0, fmt.Errorf("seed: %s, child %s on %s: %w", f.email, k.first, st.holiday, err)
		}
	}
	sum, err := t.Bookings.Summary(ctx, token, guardian.ID, st.parts)
	if err != nil {
		return 0, err
	}
	method := "transfer"
	if st.online {
		method = "stripe"
	}
	placed, err := t.Bookings.Place(ctx, token, guardian, booking.PlaceInput{
		Instalments: sum.Instalments, PaymentMethod: method, TermsHash: t.Bookings.Terms.Hash(), QuotedTotal: sum.Total,
	})
	return placed.Order, err
}

func (t *telling) guardian(ctx context.Context, f *family) (g account.Guardian, err error) {
	err = pg.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		if g, err = t.Accounts.GuardianTx(ctx, tx, f.email, "nl"); err != nil {
			return err
		}
		return t.Accounts.UpdateGuardianTx(ctx, tx, g.ID, account.GuardianInput{
			FirstName: f.first, LastName: f.last, Phone: f.phone, Street: f.street, PostalCode: f.postal, City: f.city, Country: "BE", Lang: "nl",
		})
	})
	if err != nil {
		return g, err
	}
	return t.Accounts.GuardianByID(ctx, g.ID)
}

func (t *telling) child(ctx context.Context, token string, g account.Guardian, f *family, d catalogue.Departure, position int, k kid) error {
	born := civil.Must(min(max(t.today.Year()+1-k.age, d.BirthYearFrom), d.BirthYearTo), time.Month(1+(len(k.first)*5)%12), 1+(len(f.last)*7)%28)
	err := t.Bookings.ChooseNewChild(ctx, token, g.ID, position, account.ChildInput{FirstName: k.first, LastName: f.last, BornOn: born})
	if err != nil {
		return err
	}
	yes, no := true, false
	c := booking.Choices{Category: k.category, Care: &no, PhotoConsent: k.photo, CareText: k.care, Lang: "nl"}
	if _, ok := d.Prices.Of(k.category); !ok {
		c.Category = base
	}
	if d.TargetGroup != "" {
		c.Group = &yes
	}
	if k.care != "" {
		c.Care = &yes
	}
	if _, insurable := t.Bookings.Insurance(d); insurable {
		c.Insured = &no
		if k.insured {
			c.Insured = &yes
		}
	}
	if len(d.BoardingPlaces) > 0 {
		c.BoardingPlace = d.BoardingPlaces[len(f.city)%len(d.BoardingPlaces)].ID
	}
	return t.Bookings.Choose(ctx, token, g.ID, position, c)
}

// accept is the office's welcome to the children whose care was discussed.
func (t *telling) accept(ctx context.Context, order id.Order, st *story) error {
	o, err := t.Bookings.OrderByID(ctx, order)
	if err != nil {
		return err
	}
	who, err := t.clerk(ctx)
	if err != nil {
		return err
	}
	for _, b := range o.Bookings {
		if b.Status != "in_review" {
			continue
		}
		err := t.Bookings.AcceptCare(ctx, who, medical.Reader{Staff: who.StaffID, Role: medical.Office}, b.ID, st.careOf(b.FirstName))
		if err != nil {
			return err
		}
	}
	return nil
}

// careOf is what was agreed about a child: in these stories, what the parent wrote.
func (st *story) careOf(first string) string {
	for _, k := range st.children {
		if k.first == first {
			return k.care
		}
	}
	return ""
}

// pay puts a transfer on today's statement.
func (t *telling) pay(ctx context.Context, order id.Order, whole bool, extra money.Cents) error {
	o, err := t.Bookings.OrderByID(ctx, order)
	if err != nil {
		return err
	}
	amount := extra
	for i, d := range o.Due() {
		if i == 0 || whole || d.Open > 0 && amount == extra {
			amount += d.Open
		}
	}
	if amount <= 0 {
		return nil
	}
	t.transfers = append(t.transfers, bankfake.Transfer{Amount: amount, Name: o.PayerName, IBAN: payerIBAN(order), BIC: "GEBABEBB", Reference: o.StructuredComm})
	return nil
}

// payerIBAN is a valid account number that belongs to nobody in particular.
func payerIBAN(order id.Order) bank.IBAN {
	base := int64(1234500000) + int64(order)
	check := base % 97
	if check == 0 {
		check = 97
	}
	bban := fmt.Sprintf("%010d%02d", base, check)
	rest := int64(0)
	for _, c := range bban + "111400" { // BE00 in digits
		rest = (rest*10 + int64(c-'0')) % 97
	}
	return bank.IBAN(fmt.Sprintf("BE%02d%s", 98-rest, bban))
}

// end cancels a child of an order.
func (t *telling) end(ctx context.Context, order id.Order, e ends) error {
	o, err := t.Bookings.OrderByID(ctx, order)
	if err != nil {
		return err
	}
	in := booking.Cancel{Booking: o.Bookings[e.child].ID, By: terms.ParseBy(e.by), Note: e.why}
	p, err := t.Bookings.PreviewCancel(ctx, in)
	if err != nil {
		return err
	}
	who := account.Identity{GuardianID: o.Guardian}
	if in.By != terms.ByCustomer {
		if who, err = t.clerk(ctx); err != nil {
			return err
		}
	}
	_, err = t.Bookings.Cancel(ctx, who, in, p.Confirms())
	return err
}

// clerk is somebody of the office.
func (t *telling) clerk(ctx context.Context) (account.Identity, error) {
	staff, err := t.Accounts.AllStaff(ctx)
	for _, person := range staff {
		if slices.Contains(person.Roles, account.Office) {
			return account.Identity{StaffID: person.ID, Name: person.Name, Lang: "nl", Roles: person.Roles}, nil
		}
	}
	return account.Identity{}, err
}

// endOfDay imports the day's bank statement and does the work that the day left.
func (t *telling) endOfDay(ctx context.Context, ago int) error {
	if len(t.transfers) > 0 {
		t.statement++
		st := bankfake.Statement{Account: t.Account, BIC: "KREDBEBB", Holder: "JOETZ VZW", Date: t.today.AddDays(-ago), Number: t.statement, Opening: t.balance, Transfers: t.transfers}
		file, err := bankfake.CODA(st)
		if err != nil {
			return err
		}
		if _, err := t.Bank.Import(ctx, reconcile.Upload{Name: "demo-" + st.Date.String() + ".cod", Data: file, By: t.accountant}); err != nil {
			return err
		}
		t.balance, t.transfers = st.Closing(), nil
	}
	if _, err := t.Bookings.InvoiceBalances(ctx); err != nil {
		return err
	}
	_, err := t.jobs.RunDue(ctx)
	return err
}
