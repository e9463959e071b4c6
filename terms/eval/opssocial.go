package eval

import (
	"joetz/terms/money"
	"joetz/terms/qualitylabel"
	"joetz/terms/social"
)

func (e Evaluator) income(in *object) (any, error) {
	h := social.Household{Adults: in.count("adults"), Children: in.count("children"), Income: in.cents("income_year"),
		Year: optional(in, "year", in.count)}
	if in.problem != nil {
		return nil, nil
	}
	i, err := social.Brochure.Income(h)
	return struct {
		LimitMonth money.Cents `json:"limit_month"`
		Entitled   bool        `json:"entitled"`
		Because    []reason    `json:"because"`
	}{i.LimitMonth, i.Entitled, e.because(i.Because)}, err
}

type result struct {
	Result  social.Result `json:"result"`
	Because []reason      `json:"because"`
}

func (e Evaluator) mutuality(in *object) (any, error) {
	code := in.text("code")
	if in.problem != nil {
		return nil, nil
	}
	r, because, err := social.Brochure.Mutuality(code)
	return result{r, e.because(because)}, err
}

func (e Evaluator) uitpas(in *object) (any, error) {
	number := in.text("number")
	if in.problem != nil {
		return nil, nil
	}
	r, because, err := social.Brochure.UiTPAS(number)
	return result{r, e.because(because)}, err
}

func (e Evaluator) party(in *object) (any, error) {
	p := social.Party{Setting: social.ParseSetting(in.text("setting"))}
	if p.Setting == 0 {
		in.fail("setting")
	}
	switch in.text("unit") {
	case "house":
		p.House = true
	case "person":
	default:
		in.fail("unit")
	}
	p.Entitled, p.Companions, p.Others = in.count("entitled"), in.count("companions"), in.count("others")
	if in.problem != nil {
		return nil, nil
	}
	t, err := social.Brochure.Party(p)
	return struct {
		Allowed bool     `json:"allowed"`
		Social  int      `json:"social"`
		Regular int      `json:"regular"`
		Because []reason `json:"because"`
	}{t.Allowed, t.Social, t.Regular, e.because(t.Because)}, err
}

func (e Evaluator) qualityLabel(in *object) (any, error) {
	participants, year := in.count("participants"), qualitylabel.ParseYear(in.text("year"))
	if year == 0 {
		in.fail("year")
	}
	if in.problem != nil {
		return nil, nil
	}
	c, err := qualitylabel.Latest.Cost(participants, year)
	return struct {
		Annual  money.Cents `json:"annual"`
		Licence money.Cents `json:"licence"`
		Audit   money.Cents `json:"audit"`
		Total   money.Cents `json:"total"`
		Because []reason    `json:"because"`
	}{c.Annual, c.Licence, c.Audit, c.Total, e.because(c.Because)}, err
}
