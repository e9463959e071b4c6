package scene

import "math/rand/v2"

// Colours that keep their name in every light.
const (
	white  = "#fffdf7"
	cream  = "#fdf1d3"
	sunny  = "#f6b52e"
	amber  = "#e8952b"
	coral  = "#de6a45"
	brick  = "#b8452c"
	rose   = "#eeb7a0"
	pine   = "#0f4a40"
	leaf   = "#86ae66"
	teal   = "#2f8285"
	lagoon = "#57b3b0"
	aqua   = "#a8d8d0"
	denim  = "#2b5d80"
	navy   = "#16324f"
	plum   = "#5a3b5c"
	lilac  = "#b79bc0"
	sand   = "#efd9a7"
	dune   = "#dfbd80"
	earth  = "#8a5a37"
	bark   = "#5d3c28"
	stone  = "#b9b2a2"
	slate  = "#6d7674"
	skin   = "#e9b48c"
	skin2  = "#a8683f"
	ink    = "#1a2b27"
)

// colours is the light of a picture: the sky in three bands, land from far to near, water, trees.
type colours struct {
	sky, haze, glow      string // top to horizon
	sun                  string
	far, mid, near, fore string
	water, deep, foam    string
	tree, tree2          string
	dark                 bool
}

var (
	morning = colours{sky: "#cbe5e0", haze: "#e3eedd", glow: "#f8efd2", sun: "#f6bf49", far: "#b3cfae", mid: "#8fb67c", near: "#659b5d", fore: "#2f6d4c",
		water: "#7fc0bd", deep: "#4f9da1", foam: "#e6f4ec", tree: "#3c7a55", tree2: "#5a9560"}
	noon = colours{sky: "#9fd2d9", haze: "#c4e4de", glow: "#eef2da", sun: "#f8c33f", far: "#96c0a5", mid: "#6fa671", near: "#468755", fore: "#1d5c47",
		water: "#48a5ac", deep: "#2b838e", foam: "#dff2ea", tree: "#22654b", tree2: "#3f8257"}
	golden = colours{sky: "#f8d79a", haze: "#fbe6bb", glow: "#fdf2d8", sun: "#ec8a3a", far: "#cdb27f", mid: "#a3a765", near: "#6f8b4f", fore: "#35573d",
		water: "#6fae9f", deep: "#448a84", foam: "#fbeccb", tree: "#3d6a45", tree2: "#5e8549"}
	coralDay = colours{sky: "#f6c3a4", haze: "#fad9b9", glow: "#fdebcf", sun: "#e9633f", far: "#c59a94", mid: "#8b8a8e", near: "#4f7f78", fore: "#1f5752",
		water: "#4c9ba0", deep: "#2d7a85", foam: "#fdebcf", tree: "#265f55", tree2: "#417c69"}
	dusk = colours{sky: "#8d6f9a", haze: "#d98f83", glow: "#f5c08a", sun: "#fbe0a0", far: "#7f5b83", mid: "#58476f", near: "#3a3658", fore: "#222744",
		water: "#a5708a", deep: "#6f5280", foam: "#f5c08a", tree: "#2c3052", tree2: "#423c62", dark: true}
	night = colours{sky: "#14304c", haze: "#1f4560", glow: "#2f6076", sun: "#fbe7b2", far: "#1d5260", mid: "#15414b", near: "#0e3139", fore: "#08222a",
		water: "#2a6a7c", deep: "#1b4f62", foam: "#7db4b5", tree: "#0b2b30", tree2: "#134046", dark: true}
	ochre = colours{sky: "#f1d9ac", haze: "#f6e4c2", glow: "#fbf0da", sun: "#e8843a", far: "#dcae6c", mid: "#cb8443", near: "#98602f", fore: "#54402b",
		water: "#8fae9b", deep: "#5f8a80", foam: "#fbf0da", tree: "#c4612f", tree2: "#dd9335"}
	frost = colours{sky: "#b3d3e2", haze: "#cfe3ea", glow: "#e9f2f1", sun: "#f8d581", far: "#97b9cb", mid: "#cfe1e9", near: "#eaf3f5", fore: "#ffffff",
		water: "#86b7c6", deep: "#5d95a8", foam: "#ffffff", tree: "#2c6670", tree2: "#4a8287"}
	rosy = colours{sky: "#e6c6d2", haze: "#f3d8d2", glow: "#fdeeda", sun: "#f3a45c", far: "#a9a8c4", mid: "#dfe0ea", near: "#f3f1f3", fore: "#ffffff",
		water: "#94b3c6", deep: "#6b8fa8", foam: "#ffffff", tree: "#3d5f74", tree2: "#5b7c8b"}
)

// daylight picks the light that the season allows.
func daylight(s seasonOfYear, r *rand.Rand) colours {
	choices := map[seasonOfYear][]colours{
		spring: {morning, morning, noon}, summer: {noon, golden, coralDay, morning},
		autumn: {ochre, golden}, winter: {frost, rosy},
	}[s]
	return choices[r.IntN(len(choices))]
}

// sunlight is daylight without snow, for motifs that are green or blue in any season.
func sunlight(s seasonOfYear, r *rand.Rand) colours {
	if s == winter {
		return morning
	}
	return daylight(s, r)
}

func always(choices ...colours) func(seasonOfYear, *rand.Rand) colours {
	return func(_ seasonOfYear, r *rand.Rand) colours { return choices[r.IntN(len(choices))] }
}
