package bank_test

import (
	"errors"
	"strings"
	"testing"

	"joetz/payments/bank"
)

func TestEPCVectors(t *testing.T) {
	t.Parallel()
	var vectors []struct {
		Case, Payload string
		Bytes         int `json:"utf8_bytes"`
	}
	readJSON(t, "testdata/epc_vectors.json", &vectors)
	cases := []struct {
		set bank.EPCSettings
		tr  bank.EPCTransfer
	}{
		{bank.EPCSettings{}, bank.EPCTransfer{Name: "JOETZ VZW", IBAN: "BE68539007547034", Amount: 7500, Reference: "+++260/0000/10173+++"}},
		{bank.EPCSettings{OGMAsText: true}, bank.EPCTransfer{Name: "JOETZ VZW", IBAN: "BE68539007547034", Amount: 7500, Reference: "260000010173"}},
		{bank.EPCSettings{Version: bank.EPC001}, bank.EPCTransfer{Name: "JOETZ VZW", IBAN: "BE68539007547034", BIC: "KREDBEBB", Amount: 12000, Reference: "RF45 JOET Z260 0042"}},
		{bank.EPCSettings{}, bank.EPCTransfer{Name: "JOETZ VZW", IBAN: "BE68539007547034", Purpose: "CHAR", Text: "Steun kampfonds - bedankt"}},
	}
	if len(vectors) != len(cases) {
		t.Fatalf("%d vectors, want %d", len(vectors), len(cases))
	}
	for i, c := range cases {
		got, err := c.set.Payload(c.tr)
		if err != nil || got != vectors[i].Payload || len(got) != vectors[i].Bytes {
			t.Errorf("%s:\n got %q, %v\nwant %q", vectors[i].Case, got, err, vectors[i].Payload)
		}
	}
}

func TestEPCRefuses(t *testing.T) {
	t.Parallel()
	good := bank.EPCTransfer{Name: "JOETZ VZW", IBAN: "BE68539007547034", Amount: 1, Reference: "260000010173"}
	for name, spoil := range map[string]func(*bank.EPCSettings, *bank.EPCTransfer){
		"version":            func(s *bank.EPCSettings, _ *bank.EPCTransfer) { s.Version = "003" },
		"001 without BIC":    func(s *bank.EPCSettings, _ *bank.EPCTransfer) { s.Version = bank.EPC001 },
		"BIC":                func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.BIC = "KRED" },
		"IBAN":               func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.IBAN = "BE69539007547034" },
		"no name":            func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.Name = " " },
		"long name":          func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.Name = strings.Repeat("é", 71) },
		"line break in name": func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.Name = "JOETZ\nBE00" },
		"negative amount":    func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.Amount = -1 },
		"too much":           func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.Amount = 100_000_000_000 },
		"purpose":            func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.Purpose = "CHARI" },
		"wrong reference":    func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.Reference = "260000010174" },
		"both lines":         func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.Text = "kamp" },
		"long text":          func(_ *bank.EPCSettings, tr *bank.EPCTransfer) { tr.Reference, tr.Text = "", strings.Repeat("x", 141) },
		"too many bytes": func(_ *bank.EPCSettings, tr *bank.EPCTransfer) {
			tr.Reference, tr.Text, tr.Note = "", strings.Repeat("€", 70), strings.Repeat("€", 30)
		},
	} {
		s, tr := bank.EPCSettings{}, good
		spoil(&s, &tr)
		if got, err := s.Payload(tr); !errors.Is(err, bank.ErrEPC) {
			t.Errorf("%s: got %q, %v; want ErrEPC", name, got, err)
		}
	}
	if _, err := (bank.EPCSettings{}).Payload(good); err != nil {
		t.Errorf("the unspoilt transfer: %v", err)
	}
}
