package animator

import "joetz/templates/layout"

// KitchenPage is what the kitchen of a camp may know: first names and food.
type KitchenPage struct {
	layout.Page
	Camp    CampCard
	Lines   []KitchenLine
	Unknown []string // first names of children of whom it is not known
	Plain   int      // children who eat like everybody
}

// KitchenLine is one child.
type KitchenLine struct {
	Name  string
	Facts []Fact
	Loud  bool // life-threatening: first on the list
}

// PaperChild is a child on the sheet of the whole camp: enough to give medicines when no telephone works.
type PaperChild struct {
	ChildCard
	Medicines []string // "08:00, 18:00: Cetirizine 10 mg, 1 tablet"
	Agreed    string   // about extra care
}

// PrintPage is a camp on paper; without a number it only tells what printing means.
type PrintPage struct {
	layout.Page
	Camp    CampCard
	Action  string
	Stamp   string       // "Afdruk 3, Lies, 6 juli 2027 om 14:05"; on every sheet
	Marked  []PaperChild // red first
	Unknown []ChildCard  // whose parents are called when something happens
	Calm    []string
	Sheets  []ChildPage // of the children in red
}
