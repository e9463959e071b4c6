package shoptest

import "testing"

// What quiet looks for is found, and what a log is made of is not.
func TestToldInALog(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]int{
		`level=INFO msg=request id=TQY64A422P method=GET route=/mijn/bestelling/:order status=200 ms=1.2 role=parent`: 0,
		`level=INFO msg="access log of fiches verified" lines=22 signature=015c5aeb543d17d47ee9c0af6f62d7a6041aca1f`:  0,
		`level=WARN msg="job failed" job=7 kind=mail error="mail 12 was not taken by the mail server"`:                0,
		`level=WARN error="550 <an@example.be>: unknown"`:                                                             1,
		`level=WARN error="of BE68 5390 0754 7034"`:                                                                   1,
		`level=WARN error="of BE68539007547034"`:                                                                      1,
		`level=WARN error="85.07.30-033.28"`:                                                                          1,
		`level=WARN cookie="sid=AAAAAAAAAAAAAAAAAAAAAAAAAA"`:                                                          2,
		`level=WARN url=/uitnodiging/abc`:                                                                             1,
		`level=WARN error="Lou Peeters is no child"`:                                                                  1,
	} {
		if got := Told(line, []string{"Lou Peeters"}); len(got) != want {
			t.Errorf("%s: %q, want %d", line, got, want)
		}
	}
}
