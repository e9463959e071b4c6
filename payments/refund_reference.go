package payments

import (
	"strconv"
	"strings"

	"joetz/terms/id"
)

const refundReference = "JOETZ-TERUG-"

// RefundEndToEnd is the end-to-end id under which a refund leaves by bank. The bank repeats it on its statement, when the
// money leaves and when it comes back.
func RefundEndToEnd(refund id.Refund) string {
	return refundReference + strconv.FormatInt(int64(refund), 10)
}

// RefundOfEndToEnd is the refund that an end-to-end id names; ok is false for an id that is not ours.
func RefundOfEndToEnd(endToEnd string) (refund id.Refund, ok bool) {
	number, ours := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(endToEnd)), refundReference)
	n, err := strconv.ParseInt(number, 10, 64)
	if !ours || err != nil || n <= 0 {
		return 0, false
	}
	return id.Refund(n), true
}
