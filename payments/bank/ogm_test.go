package bank_test

import (
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/payments/bank"
)

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

type ogmVectors struct {
	Vectors []struct {
		Digits, Display, Base, Note string
		Valid                       bool
	}
	Extraction []struct {
		Input  string
		Expect *string
	}
	ISO11649 []struct {
		Reference string
		Valid     bool
	}
}

func TestOGMVectors(t *testing.T) {
	t.Parallel()
	var v ogmVectors
	readJSON(t, "testdata/ogm_vectors.json", &v)
	if len(v.Vectors) != 22 {
		t.Fatalf("%d vectors, want 22", len(v.Vectors))
	}
	for _, c := range v.Vectors {
		for _, written := range []string{c.Digits, c.Display, strings.ReplaceAll(c.Display, "+++", "***"), " " + c.Digits + " "} {
			ogm, err := bank.ParseOGM(written)
			if (err == nil) != c.Valid {
				t.Errorf("ParseOGM(%q) = %v, %v; valid should be %v: %s", written, ogm, err, c.Valid, c.Note)
			}
			if err != nil && !errors.Is(err, bank.ErrOGM) {
				t.Errorf("ParseOGM(%q): %v is no ErrOGM", written, err)
			}
			if err == nil && (ogm.Digits() != c.Digits || ogm.String() != c.Display) {
				t.Errorf("ParseOGM(%q) = %s %s, want %s %s", written, ogm.Digits(), ogm, c.Digits, c.Display)
			}
		}
		base, err := strconv.ParseUint(c.Base, 10, 64)
		if err != nil || !c.Valid {
			continue
		}
		if ogm, err := bank.NewOGM(base); err != nil || ogm.Digits() != c.Digits {
			t.Errorf("NewOGM(%d) = %v, %v; want %s", base, ogm, err, c.Digits)
		}
	}
}

func TestNewOGMRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for _, base := range []uint64{0, bank.MaxOGMBase + 1, 1 << 63} {
		if ogm, err := bank.NewOGM(base); !errors.Is(err, bank.ErrOGM) {
			t.Errorf("NewOGM(%d) = %v, %v; want ErrOGM", base, ogm, err)
		}
	}
}

// Ten zeros have check digits by the formula, and would be the reference of every empty form.
func TestNoReferenceOfZeros(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"000000000097", "+++000/0000/00097+++", "000000000000"} {
		if ogm, err := bank.ParseOGM(s); !errors.Is(err, bank.ErrOGM) {
			t.Errorf("ParseOGM(%q) = %v, %v; want ErrOGM", s, ogm, err)
		}
	}
}

func TestFindReferencesVectors(t *testing.T) {
	t.Parallel()
	var v ogmVectors
	readJSON(t, "testdata/ogm_vectors.json", &v)
	for _, c := range v.Extraction {
		var want []string
		switch {
		case c.Expect == nil:
		case strings.HasPrefix(*c.Expect, "two references"):
			want = []string{"260000010173", "260000020277"}
		default:
			want = []string{*c.Expect}
		}
		if d := cmp.Diff(want, bank.FindReferences(c.Input)); d != "" {
			t.Errorf("FindReferences(%q): %s", c.Input, d)
		}
	}
}

func TestFindReferences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"260000010173 en nog eens +++260/0000/10173+++", []string{"260000010173"}},
		{"voor Lotte:260.0000.10173.", []string{"260000010173"}},
		{"1260000010173", nil},
		{"2600000101731", nil},
		{"260 0000 101731 en 260000010173", []string{"260000010173"}},
		{"van BE68 5390 0754 7034 ref 260000010173", []string{"260000010173"}},
		{"van BE68539007547034 260000010173", []string{"260000010173"}},
		{"be68 539007547034", nil}, // the account's own digits pass the OGM check
		{"RF45 JOET Z260 0042", []string{"RF45JOETZ2600042"}},
		{"betaling rf45joetz2600042 dank u", []string{"RF45JOETZ2600042"}},
		{"RF45JOETZ2600042X", nil},
		{"RF45JOETZ2600042 en 260000010173", []string{"RF45JOETZ2600042", "260000010173"}},
		{"26000001\n0173", nil},
		{"260/0000/\n10173", []string{"260000010173"}}, // a bank's line break between two groups
	} {
		if d := cmp.Diff(c.want, bank.FindReferences(c.text)); d != "" {
			t.Errorf("FindReferences(%q): %s", c.text, d)
		}
	}
}

func TestRFVectors(t *testing.T) {
	t.Parallel()
	var v ogmVectors
	readJSON(t, "testdata/ogm_vectors.json", &v)
	for _, c := range v.ISO11649 {
		ref, err := bank.ParseRF(c.Reference)
		if (err == nil) != c.Valid {
			t.Errorf("ParseRF(%q) = %q, %v; valid should be %v", c.Reference, ref, err, c.Valid)
		}
		if !c.Valid {
			continue
		}
		if again, err := bank.ParseRF(strings.ToLower(c.Reference[:4]) + " " + c.Reference[4:]); err != nil || again != c.Reference {
			t.Errorf("ParseRF of %q spaced and lowered = %q, %v", c.Reference, again, err)
		}
	}
}

func TestIBAN(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, plain, shown, masked string }{
		{"BE68 5390 0754 7034", "BE68539007547034", "BE68 5390 0754 7034", "BE68 •••• •••• 7034"},
		{"be68.5390.0754.7034", "BE68539007547034", "BE68 5390 0754 7034", "BE68 •••• •••• 7034"},
		{"IBAN NL91ABNA0417164300", "NL91ABNA0417164300", "NL91 ABNA 0417 1643 00", "NL91 •••• •••• •••• 4300"},
		{"FR1420041010050500013M02606", "FR1420041010050500013M02606", "FR14 2004 1010 0505 0001 3M02 606", "FR14 •••• •••• •••• •••• •••• 2606"},
	} {
		iban, err := bank.ParseIBAN(c.text)
		if err != nil {
			t.Errorf("ParseIBAN(%q): %v", c.text, err)
			continue
		}
		got := []string{iban.Plain(), iban.String(), iban.Mask()}
		if d := cmp.Diff([]string{c.plain, c.shown, c.masked}, got); d != "" {
			t.Errorf("ParseIBAN(%q): %s", c.text, d)
		}
	}
	for _, s := range []string{"", "BE68", "BE69539007547034", "BE6853900754703", "BE685390075470344", "6853 9007 5470 3412", "BE98539007547034",
		"NL91ABNA04171643001", "BE68 5390 0754 703O"} {
		if iban, err := bank.ParseIBAN(s); !errors.Is(err, bank.ErrIBAN) {
			t.Errorf("ParseIBAN(%q) = %v, %v; want ErrIBAN", s, iban, err)
		}
	}
}

func TestNameWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		want []string
	}{
		{"Zoë Lefèvre", []string{"ZOE", "LEFEVRE"}},
		{"VAN DIJK PIET", []string{"DIJK", "PIET"}},
		{"Dhr. J. El-Amrani", []string{"AMRANI"}},
		{"Peeters - Peeters", []string{"PEETERS"}},
		{"12 34", nil},
	} {
		if d := cmp.Diff(c.want, bank.NameWords(c.name)); d != "" {
			t.Errorf("%q: %s", c.name, d)
		}
	}
}

func FuzzFindReferences(f *testing.F) {
	for _, s := range []string{"+++260/0000/10173+++", "RF45 JOET Z260 0042", "BE68 5390 0754 7034", "BE68\xff 5390", "260000010173260000010173"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, ref := range bank.FindReferences(s) {
			if again, err := bank.ParseReference(ref); err != nil || again != ref {
				t.Fatalf("%q in %q: ParseReference = %q, %v", ref, s, again, err)
			}
		}
		if ogm, err := bank.ParseOGM(s); err == nil {
			if again, err := bank.ParseOGM(ogm.String()); err != nil || again != ogm {
				t.Fatalf("%v does not come back: %v, %v", ogm, again, err)
			}
		}
		if iban, err := bank.ParseIBAN(s); err == nil {
			if again, err := bank.ParseIBAN(iban.String()); err != nil || again != iban || iban.Mask() == iban.String() {
				t.Fatalf("%v does not come back: %v, %v, %s", iban, again, err, iban.Mask())
			}
		}
	})
}
