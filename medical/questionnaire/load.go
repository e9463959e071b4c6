package questionnaire

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
)

//go:embed versions/*.json
var files embed.FS

// Current is the version that new fiches are filled in with.
const Current = 1

// Catalogue has every version, so that old answers stay readable.
type Catalogue struct{ versions map[int]*Version }

// Version finds a version; nil when there is none.
func (c *Catalogue) Version(number int) *Version { return c.versions[number] }

// Current is the version that new fiches are filled in with.
func (c *Catalogue) Current() *Version { return c.versions[Current] }

// Load reads the versions in the program and refuses a live one that was changed.
func Load() (*Catalogue, error) { return load(files) }

func load(fsys fs.FS) (*Catalogue, error) {
	raw, err := fs.ReadFile(fsys, "versions/live.json")
	if err != nil {
		return nil, fmt.Errorf("questionnaire: %w", err)
	}
	var live map[string]string // version -> SHA-256
	if err := json.Unmarshal(raw, &live); err != nil {
		return nil, fmt.Errorf("questionnaire: live.json: %w", err)
	}
	names, err := fs.Glob(fsys, "versions/v*.json")
	if err != nil {
		return nil, fmt.Errorf("questionnaire: %w", err)
	}
	c := &Catalogue{versions: map[int]*Version{}}
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("questionnaire: %w", err)
		}
		v, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("questionnaire: %s: %w", name, err)
		}
		if want, ok := live[strconv.Itoa(v.Number)]; ok {
			if v.Hash != want {
				return nil, fmt.Errorf("questionnaire: %s is live and was changed: make version %d instead", name, v.Number+1)
			}
			v.Live = true
		}
		c.versions[v.Number] = v
	}
	if v := c.Current(); v == nil || !v.Live {
		return nil, fmt.Errorf("questionnaire: version %d is not live", Current)
	}
	return c, nil
}
