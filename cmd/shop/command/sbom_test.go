package command

import (
	"bytes"
	"encoding/json"
	"runtime/debug"
	"strings"
	"testing"
)

// The list names what is built in, each thing once, and is the same for the same program.
func TestBillOfMaterials(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Path: "joetz", Version: "(devel)"}, Deps: []*debug.Module{
		{Path: "github.com/lib/pq", Version: "v1.12.3", Sum: "h1:abc="},
		{Path: "example.com/old", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/new", Version: "v2.0.0"}},
	}, Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789ab"}}}
	var one, two bytes.Buffer
	if err := writeMaterials(&one, info); err != nil {
		t.Fatal(err)
	}
	if err := writeMaterials(&two, info); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("two lists of one program differ: %v", err)
	}
	var b billOfMaterials
	if err := json.Unmarshal(one.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	if b.Format != "CycloneDX" || b.Spec != "1.5" || !strings.HasPrefix(b.Serial, "urn:uuid:") || b.Metadata.Component.Version != "0123456789ab" {
		t.Errorf("%+v", b)
	}
	var names []string
	for _, c := range b.Components {
		names = append(names, c.PURL)
	}
	want := "pkg:golang/std@1.26.0 pkg:golang/github.com/lib/pq@v1.12.3 pkg:golang/example.com/new@v2.0.0 pkg:npm/htmx.org@2.0.11"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got %s", got)
	}
	if last := b.Components[len(b.Components)-1]; len(last.Hashes) != 1 || len(last.Hashes[0].Content) != 64 {
		t.Errorf("%+v", last)
	}
	if b.Components[1].Properties[0].Value != "h1:abc=" {
		t.Errorf("%+v", b.Components[1])
	}
}
