package bank_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"joetz/payments/bank"
	"joetz/terms/money"
)

// rest97 is the rest of a reference by ISO 7064 as the standard writes it: the first four characters behind the others, letters as
// numbers from 10. It is -1 for anything but letters and digits.
func rest97(s string) int64 {
	var digits strings.Builder
	for _, r := range s[4:] + s[:4] {
		switch {
		case '0' <= r && r <= '9':
			digits.WriteRune(r)
		case 'A' <= r && r <= 'Z':
			fmt.Fprint(&digits, r-'A'+10)
		default:
			return -1
		}
	}
	n, ok := new(big.Int).SetString(digits.String(), 10)
	if !ok {
		return -1
	}
	return n.Mod(n, big.NewInt(97)).Int64()
}

// What is taken for an account number passes its check by another reckoning, and is the same when it is read again as it is kept and
// as it is printed.
func FuzzParseIBAN(f *testing.F) {
	for _, seed := range []string{
		"BE68 5390 0754 7034", "be68539007547034", "IBAN BE68 5390 0754 7034", "IBAN:NL91ABNA0417164300", "BE68.5390.0754.7034", "BE68539007547035", "FR1420041010050500013M02606",
		"", "IBAN", "BE", "ＢＥ68539007547034", "BE68 5390 0754 ７034", "ßE68539007547034", "MT84MALT011000012345MTLCAST001S", "IBANIBAN", "XX00AAAAAAAAAAAAA", "ıban BE68539007547034",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		i, err := bank.ParseIBAN(typed)
		if err != nil {
			if i != "" {
				t.Errorf("%q: %q with an error", typed, i)
			}
			return
		}
		if n := len(i); n < 15 || n > 34 || rest97(i.Plain()) != 1 {
			t.Errorf("%q was taken for %q", typed, i)
		}
		for _, again := range []string{i.Plain(), i.String(), "IBAN " + i.String(), strings.ToLower(i.Plain())} {
			if same, err := bank.ParseIBAN(again); err != nil || same != i {
				t.Errorf("%q became %q, and %q read again %q (%v)", typed, i, again, same, err)
			}
		}
		if mask := i.Mask(); strings.Contains(strings.ReplaceAll(mask, " ", ""), i.Plain()[4:len(i)-4]) {
			t.Errorf("%q shows in %q", i, mask)
		}
	})
}

// What is taken for a reference passes its check, and only its own.
func FuzzParseReference(f *testing.F) {
	for _, seed := range []string{
		"+++260/0000/10173+++", "***260/0000/10173***", "260-0000-10173", "260000010173", "RF18539007547034", "rf18 5390 0754 7034", "+++000/0000/00097+++", "000000000000",
		"", "++++++", "+++", "RF", "RF18", "٢٦٠٠٠٠٠١٠١٧٣", "260\u00a00000 10173", "RF18ÉÉ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		ref, err := bank.ParseReference(typed)
		if err != nil {
			if ref != "" {
				t.Errorf("%q: %q with an error", typed, ref)
			}
			return
		}
		if strings.HasPrefix(ref, "RF") {
			if len(ref) > 25 || rest97(ref) != 1 {
				t.Errorf("%q was taken for %q", typed, ref)
			}
		} else {
			n, ok := new(big.Int).SetString(ref, 10)
			if !ok || len(ref) != 12 {
				t.Fatalf("%q was taken for %q", typed, ref)
			}
			base, check := new(big.Int).DivMod(n, big.NewInt(100), new(big.Int))
			if rest := base.Mod(base, big.NewInt(97)).Int64(); rest != check.Int64() && (rest != 0 || check.Int64() != 97) {
				t.Errorf("%q was taken for %q", typed, ref)
			}
			if same, err := bank.ParseReference(bank.OGM(ref).String()); err != nil || same != ref {
				t.Errorf("%q became %q, and printed it is %q (%v)", typed, ref, same, err)
			}
		}
		if same, err := bank.ParseReference(ref); err != nil || same != ref {
			t.Errorf("%q became %q, and read again %q (%v)", typed, ref, same, err)
		}
	})
}

// A QR code has at most twelve lines, each as it was given: no value moves into the line of another, and none is cut.
func FuzzPayload(f *testing.F) {
	f.Add("JOETZ vzw", "", int64(25500), "", "090933755493", "", "")
	f.Add("JOETZ\nBE00", "KREDBEBB", int64(1), "CHAR", "", "terug\r\nEUR1", "note\u0085x")
	f.Add("é", "", int64(0), "", "", strings.Repeat("é", 140), strings.Repeat("a", 70))
	f.Fuzz(func(t *testing.T, name, bic string, amount int64, purpose, reference, text, note string) {
		in := bank.EPCTransfer{Name: name, IBAN: "BE68539007547034", BIC: bic, Amount: money.Cents(amount), Purpose: purpose, Reference: reference, Text: text, Note: note}
		out, err := bank.EPCSettings{}.Payload(in)
		if err != nil {
			return
		}
		lines := append(strings.Split(out, "\n"), make([]string, 12)...)
		if strings.Count(out, "\n") > 11 || len(out) > 331 || lines[4] != bic || lines[5] != name || lines[6] != "BE68539007547034" || lines[8] != purpose || lines[10] != text || lines[11] != note {
			t.Errorf("%+v became %q", in, out)
		}
		if (amount == 0) != (lines[7] == "") || reference != "" && lines[9] == "" {
			t.Errorf("%+v became %q", in, out)
		}
	})
}
