package terms_test

import (
	"os"
	"path/filepath"
	"testing"

	"joetz/terms"
	"joetz/terms/civil"
)

// Whatever the file holds: it is refused, or what it says can be asked without a panic.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(policyFile(f)))
	files, err := filepath.Glob("testdata/organisers/*.toml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("a = [1, # x\n2]\n[[b.c]]\n[[b.c]]\nd.e = {f = {g = 1}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		loaded, err := terms.Load(data, "fuzz.toml")
		if err != nil {
			if _, ok := err.(terms.PolicyErrors); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		for _, trip := range terms.Trips {
			for _, departs := range []civil.Date{civil.Must(2027, 3, 31), civil.Must(2028, 2, 29)} {
				booked := departs.AddDays(-100)
				around := terms.Circumstances{InvoicedOn: booked, InvoiceDueOn: booked.AddDays(30)}
				q := loaded.Quote(terms.QuoteFacts{Trip: trip, BookedOn: booked, DepartsOn: departs, BasePrice: 400_00, Price: 400_00,
					Insurance: true, Instalments: 3, Circumstances: around})
				var sum = q.Total
				for _, line := range q.Schedule {
					sum -= line.Amount
				}
				if sum != 0 {
					t.Fatalf("the schedule misses %v: %+v", sum, q)
				}
				loaded.Timeline(terms.CancelFacts{Trip: trip, BookedOn: booked, DepartsOn: departs, On: booked, BasePrice: 400_00,
					Price: 400_00, Circumstances: around})
			}
		}
	})
}
