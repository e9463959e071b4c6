package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/google/uuid"

	"joetz/templates/assets"
)

// billOfMaterials is what this program is made of, as CycloneDX 1.5 has it (ECMA-424).
type billOfMaterials struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Serial     string      `json:"serialNumber"`
	Version    int         `json:"version"`
	Metadata   bomMetadata `json:"metadata"`
	Components []component `json:"components"`
}

type bomMetadata struct {
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	PURL       string     `json:"purl"`
	Hashes     []checksum `json:"hashes,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type checksum struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// listMaterials prints what the program is made of: every module that was built in, with its checksum, Go itself, and the scripts of
// others that it sends to browsers. It is read from the program, so it tells of this one, and is the same each time.
func listMaterials(_ context.Context, env Environment, args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(env.Err, "usage: shop sbom > shop.cdx.json")
		return misuse
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return complain(env, errors.New("this program was built without the list of its modules"))
	}
	if err := writeMaterials(env.Out, info); err != nil {
		return complain(env, err)
	}
	return fine
}

func writeMaterials(w io.Writer, info *debug.BuildInfo) error {
	b := billOfMaterials{Format: "CycloneDX", Spec: "1.5", Version: 1, Metadata: bomMetadata{module("application", info.Main.Path, version(info))}}
	b.Components = append(b.Components, module("library", "std", strings.TrimPrefix(info.GoVersion, "go")))
	for _, m := range info.Deps {
		used := m
		if m.Replace != nil {
			used = m.Replace
		}
		c := module("library", used.Path, used.Version)
		if used.Sum != "" {
			c.Properties = []property{{"go:sum", used.Sum}}
		}
		b.Components = append(b.Components, c)
	}
	for _, f := range assets.Foreigners {
		b.Components = append(b.Components, script(f))
	}
	parts, err := json.Marshal(b)
	if err != nil {
		return err
	}
	b.Serial = "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceURL, parts).String() // another list, another number
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(b)
}

// version is the program's own: the tag or the commit that it was built from, where Go knew it.
func version(info *debug.BuildInfo) string {
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return info.Main.Version
}

func module(kind, path, version string) component {
	purl := "pkg:golang/" + path + "@" + version
	return component{Type: kind, Ref: purl, Name: path, Version: version, PURL: purl}
}

// script is a file of others among the assets, with the checksum of the bytes that browsers get.
func script(f assets.Foreign) component {
	purl := "pkg:npm/" + f.Package + "@" + f.Version
	c := component{Type: "library", Ref: purl, Name: f.Package, Version: f.Version, PURL: purl}
	if file, ok := assets.Lookup(f.File); ok {
		sum := sha256.Sum256(file.Raw)
		c.Hashes = []checksum{{"SHA-256", hex.EncodeToString(sum[:])}}
	}
	return c
}
