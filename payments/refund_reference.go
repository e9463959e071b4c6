package payments

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"joetz/terms/civil"
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

// RefundFile is the name of a file of refunds made on a day: its message id and payment block. A bank that takes the sum of a file
// off the account at once names it on its statement.
func RefundFile(on civil.Date, number int64) string { return fmt.Sprintf("JOETZ-TB-%v-%d", on, number) }

var refundFile = regexp.MustCompile(`(?i)\bJOETZ-TB-\d{4}-\d{2}-\d{2}-\d+\b`)

// RefundFilesIn lists the files of refunds that texts name, each once.
func RefundFilesIn(texts ...string) (files []string) {
	for _, t := range texts {
		for _, f := range refundFile.FindAllString(t, -1) {
			if f = strings.ToUpper(f); !slices.Contains(files, f) {
				files = append(files, f)
			}
		}
	}
	return files
}
