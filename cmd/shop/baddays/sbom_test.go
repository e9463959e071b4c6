package baddays

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// shop sbom names what go.mod brings into the program, each module in its version and with the checksum that go.sum has, and nothing else.
func TestBillOfMaterialsIsThatOfGoMod(t *testing.T) {
	t.Parallel()
	said, ok := command(t, nil, "sbom")
	if !ok {
		t.Fatal(said)
	}
	var bom struct {
		Components []struct {
			Name, Version, PURL string
			Properties          []struct{ Name, Value string }
		}
	}
	if err := json.Unmarshal([]byte(said), &bom); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("../../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, c := range bom.Components {
		if c.Name == "std" || !strings.HasPrefix(c.PURL, "pkg:golang/") {
			continue
		}
		listed = append(listed, c.Name+" "+c.Version)
		if len(c.Properties) != 1 || !strings.Contains(string(sums), c.Name+" "+c.Version+" "+c.Properties[0].Value+"\n") {
			t.Errorf("%s %s: its checksum is not that of go.sum: %v", c.Name, c.Version, c.Properties)
		}
	}
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", "joetz/cmd/shop").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(want)
	slices.Sort(listed)
	if want = slices.Compact(want); !slices.Equal(listed, want) {
		t.Errorf("the list of the program:\n%s\nof go.mod:\n%s", strings.Join(listed, "\n"), strings.Join(want, "\n"))
	}
}
