package reconcile

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/jmoiron/sqlx"

	"joetz/payments/bank"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Suggestion is an order, or several of one family, that a movement could be for, and why.
type Suggestion struct {
	Orders []Order
	Parts  []Part // what each would get
	Score  int
	Why    []Reason
}

// Reason is one observation that speaks for a suggestion. Key is a message key.
type Reason struct {
	Key  string
	Args []any
}

// What each observation weighs. Together they must reach enough, so that an amount alone, or a common surname alone, never
// does.
const (
	weighsNamed     = 100 // its reference is in the text, beside another
	weighsNear      = 80  // a reference one slip away
	weighsIBAN      = 50  // this account paid for this family before
	weighsPayer     = 45
	weighsAmount    = 25
	weighsChild     = 35
	weighsSurname   = 20
	weighsFirstName = 15
	enough          = 45

	most = 3 // suggestions per movement
)

// guess is what suggestions are made from: the open orders and who paid from which account before.
type guess struct {
	orders    []Order
	byName    map[string][]int // word of a payer's or child's name -> orders
	byFamily  map[id.Guardian][]int
	byAmount  map[money.Cents][]int
	byRef     map[string]int           // structured communication and order number
	guardians map[string][]id.Guardian // IBAN -> families
}

func newGuess(orders []Order, guardians map[string][]id.Guardian) guess {
	g := guess{orders: orders, guardians: guardians, byName: map[string][]int{}, byFamily: map[id.Guardian][]int{},
		byAmount: map[money.Cents][]int{}, byRef: map[string]int{}}
	for i, o := range orders {
		g.byFamily[o.Guardian] = append(g.byFamily[o.Guardian], i)
		for _, amount := range o.amounts() {
			g.byAmount[amount] = append(g.byAmount[amount], i)
		}
		g.byRef[o.OGM], g.byRef[o.Reference] = i, i
		for _, w := range bank.NameWords(append(slices.Clone([]string(o.Children)), o.Payer)...) {
			g.byName[w] = append(g.byName[w], i)
		}
	}
	return g
}

// suggest lists what an incoming movement could be for, likeliest first.
func (g guess) suggest(m Movement) []Suggestion {
	if m.Left <= 0 || m.Return != "" {
		return nil
	}
	var out []Suggestion
	for _, i := range slices.Sorted(maps.Keys(g.candidates(m))) { // in one order: a family's suggestion has the reasons of its first
		if s := g.weigh(m, g.orders[i]); s.Score >= enough {
			out = append(out, s)
		}
	}
	out = append(out, g.families(m, out)...)
	slices.SortStableFunc(out, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Orders[0].ID, b.Orders[0].ID))
	})
	return out[:min(most, len(out))]
}

// crowd is how many orders may share a word or an amount before it says nothing by itself.
const crowd = 200

// candidates is the orders that anything at all speaks for.
func (g guess) candidates(m Movement) map[int]bool {
	found := map[int]bool{}
	take := func(orders []int) {
		if len(orders) <= crowd {
			for _, i := range orders {
				found[i] = true
			}
		}
	}
	for _, family := range g.guardians[m.IBAN] {
		take(g.byFamily[family])
	}
	for _, w := range bank.NameWords(m.Name, m.Text) {
		take(g.byName[w])
	}
	take(g.byAmount[m.Left])
	for _, ref := range slices.Concat(m.Found, nearReferences(m), orderNumbersIn(m.Text)) {
		if i, known := g.byRef[ref]; known {
			found[i] = true
		}
	}
	return found
}

// weigh adds up what speaks for one order.
func (g guess) weigh(m Movement, o Order) Suggestion {
	s := Suggestion{Orders: []Order{o}, Parts: []Part{{o.ID, min(m.Left, o.Open)}}}
	because := func(weight int, key string, args ...any) {
		s.Score += weight
		s.Why = append(s.Why, Reason{key, args})
	}
	switch {
	case slices.Contains(m.Found, o.OGM) || slices.Contains(orderNumbersIn(m.Text), o.Reference):
		because(weighsNamed, "bank.why.named", o.Reference)
	case slices.Contains(nearReferences(m), o.OGM):
		because(weighsNear, "bank.why.near", bank.OGM(o.OGM).String())
	}
	if slices.Contains(g.guardians[m.IBAN], o.Guardian) {
		because(weighsIBAN, "bank.why.iban")
	}
	name, payer := bank.NameWords(m.Name), bank.NameWords(o.Payer)
	switch shared := common(name, payer); {
	case len(payer) > 0 && shared == len(payer):
		because(weighsPayer, "bank.why.payer", o.Payer)
	case shared > 0:
		because(weighsSurname, "bank.why.surname", o.Payer)
	}
	said := bank.NameWords(m.Text, m.Name)
	for _, child := range o.Children {
		first, _, _ := strings.Cut(child, " ")
		if words := bank.NameWords(child); common(said, words) == len(words) {
			because(weighsChild, "bank.why.child", child)
		} else if words := bank.NameWords(first); len(words) > 0 && common(bank.NameWords(m.Text), words) == len(words) {
			because(weighsFirstName, "bank.why.first_name", first)
		} else {
			continue
		}
		break
	}
	switch {
	case m.Left == o.Open:
		because(weighsAmount, "bank.why.amount")
	case slices.Contains(o.amounts(), m.Left):
		because(weighsAmount, "bank.why.part")
	}
	return s
}

// families looks for a family whose open orders together are exactly what came in: one transfer for several.
func (g guess) families(m Movement, single []Suggestion) (out []Suggestion) {
	seen := map[id.Guardian]bool{}
	for _, s := range single {
		family := s.Orders[0].Guardian
		if seen[family] || len(g.byFamily[family]) < 2 {
			continue
		}
		seen[family] = true
		for _, asked := range []func(Order) money.Cents{func(o Order) money.Cents { return o.Open }, Order.first} {
			if all, sum := g.together(family, s, asked); sum == m.Left {
				out = append(out, all)
				break
			}
		}
	}
	return out
}

// together is a suggestion of all open orders of a family, of each what is asked of it, and their sum.
func (g guess) together(family id.Guardian, s Suggestion, asked func(Order) money.Cents) (all Suggestion, sum money.Cents) {
	all = Suggestion{Score: s.Score + weighsAmount + 1, Why: append(slices.Clone(s.Why), Reason{Key: "bank.why.together", Args: []any{len(g.byFamily[family])}})}
	for _, i := range g.byFamily[family] {
		o := g.orders[i]
		all.Orders, all.Parts = append(all.Orders, o), append(all.Parts, Part{o.ID, asked(o)})
		sum += asked(o)
	}
	return all, sum
}

// nearReferences lists the structured communications that are one wrong digit, or two swapped neighbours, from twelve
// digits in the movement whose check digits are wrong.
func nearReferences(m Movement) (near []string) {
	for _, wrong := range twelveDigits(m.Reference, m.Text) {
		if _, err := bank.ParseOGM(wrong); err == nil {
			continue
		}
		for i := range len(wrong) {
			for d := byte('0'); d <= '9'; d++ {
				near = appendValid(near, wrong[:i]+string(d)+wrong[i+1:])
			}
			if i+1 < len(wrong) {
				near = appendValid(near, wrong[:i]+wrong[i+1:i+2]+wrong[i:i+1]+wrong[i+2:])
			}
		}
	}
	return near
}

func appendValid(refs []string, digits string) []string {
	if ogm, err := bank.ParseOGM(digits); err == nil {
		return append(refs, ogm.Digits())
	}
	return refs
}

// twelveDigits lists the runs of twelve digits in texts, with the separators of a structured communication or without.
func twelveDigits(texts ...string) (runs []string) {
	for _, text := range texts {
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune("/.-", r) }) {
			digits := strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r
				}
				return -1
			}, part)
			if len(digits) == 12 {
				runs = append(runs, digits)
			}
		}
	}
	return runs
}

func common(a, b []string) (n int) {
	for _, w := range b {
		if slices.Contains(a, w) {
			n++
		}
	}
	return n
}

// suggestOrders reads what is needed once for all movements.
func suggestOrders(ctx context.Context, q sqlx.QueryerContext, rows []Movement) (map[id.BankMovement][]Suggestion, error) {
	var ibans []string
	waiting := false
	for _, m := range rows {
		if m.Left > 0 && m.Return == "" {
			waiting = true
			if m.IBAN != "" {
				ibans = append(ibans, m.IBAN)
			}
		}
	}
	out := make(map[id.BankMovement][]Suggestion, len(rows))
	if !waiting {
		return out, nil
	}
	orders, err := openOrders(ctx, q)
	if err != nil {
		return nil, err
	}
	guardians, err := guardiansByIBAN(ctx, q, ibans)
	if err != nil {
		return nil, err
	}
	g := newGuess(orders, guardians)
	for _, m := range rows {
		out[m.ID] = g.suggest(m)
	}
	return out, nil
}
