package assets_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"joetz/templates/assets"
)

// Every file that came with a licence of its own is in the list, in the version that it says it is, and nothing else is.
func TestForeignersAreWhatTheySay(t *testing.T) {
	t.Parallel()
	licences, err := filepath.Glob("files/LICENSE-*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, f := range assets.Foreigners {
		licence := "files/LICENSE-" + strings.TrimSuffix(f.File, filepath.Ext(f.File)) + ".txt"
		listed = append(listed, licence)
		text, err := os.ReadFile(licence)
		if err != nil || !strings.Contains(string(text), f.File+" is "+f.Package+" "+f.Version+" ") {
			t.Errorf("%s does not begin with what %+v says: %v", licence, f, err)
		}
		if code, err := os.ReadFile("files/" + f.File); err != nil || !strings.Contains(string(code), `version:"`+f.Version+`"`) {
			t.Errorf("%s is another version than %s: %v", f.File, f.Version, err)
		}
	}
	if !slices.Equal(licences, listed) {
		t.Errorf("licences %v, listed %v", licences, listed)
	}
}
