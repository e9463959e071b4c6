package eval

import (
	"encoding/json"

	"joetz/terms"
	"joetz/terms/money"
)

// bestPrice is an op beyond the contract: the lowest price that a participant is entitled to.
func (e Evaluator) bestPrice(in *object) (any, error) {
	f := terms.PriceFacts{Trip: in.trip("trip"), BookedOn: in.date("booked_on"), DepartsOn: in.date("departs_on"),
		BasePrice: in.cents("base_price"), Holds: optional(in, "holds", in.texts), Circumstances: circumstances(in)}
	prices := optional(in, "prices", in.list)
	for i := range prices {
		p := &prices[i]
		f.Prices = append(f.Prices, terms.CategoryPrice{Category: p.text("category"), Price: p.cents("price")})
		in.close(p)
	}
	if in.problem != nil {
		return nil, nil
	}
	if err := e.Terms.CheckBestPrice(f); err != nil {
		return nil, err
	}
	b := e.Terms.BestPrice(f)
	return struct {
		Price    money.Cents `json:"price"`
		Category string      `json:"category"`
		Because  []reason    `json:"because"`
	}{b.Price, b.Category, e.because(e.Terms.ExplainBestPrice(f))}, nil
}

// texts reads an array of strings.
func (o *object) texts(name string) []string {
	var out []string
	if v := o.value(name); v == nil || json.Unmarshal(v, &out) != nil {
		o.fail(name)
	}
	return out
}
