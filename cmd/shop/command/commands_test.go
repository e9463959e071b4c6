package command

import (
	"fmt"
	"strings"
	"testing"
)

func TestUnknownCommand(t *testing.T) {
	t.Parallel()
	var out, errs strings.Builder
	status := Run(t.Context(), Environment{Out: &out, Err: &errs}, []string{"sell"})
	if status != misuse || !strings.Contains(errs.String(), `"sell"`) || !strings.Contains(errs.String(), "serve") {
		t.Errorf("%d %s", status, fmt.Sprint(out.String(), errs.String()))
	}
}
