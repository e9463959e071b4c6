package account_test

import "testing"

// What telling who asks costs, with which each page of somebody signed in begins.
func BenchmarkIdentify(b *testing.B) {
	d := newDesk(b)
	in := d.guardian(b, "an@example.be")
	b.ReportAllocs()
	for b.Loop() {
		if !d.who(b, in.Token).Known() {
			b.Fatal("nobody")
		}
	}
}
