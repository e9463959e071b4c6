package public

import (
	_ "embed"
	"strings"
	"unicode"
)

//go:embed text/joetz-2027.txt
var joetz2027 string

// Section is a titled part of the general terms.
type Section struct {
	ID     string // the anchor: a link to /voorwaarden#ID leads here
	Title  string
	Sub    bool // a part of the section before it
	Blocks []Block
}

// Block is a paragraph, or a list.
type Block struct {
	Text  string
	Items []string
}

// JOETZ2027 is the text of the general terms whose rules are terms.JOETZ2027.
func JOETZ2027() []Section { return readSections(joetz2027) }

// ClauseAnchor is the anchor on the terms page of the section with that title, as a Clause of the policy names it.
func ClauseAnchor(title string) string {
	title, _, _ = strings.Cut(title, " – ")
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

// readSections reads the text; what stands before the first title is a note to whoever edits the file.
func readSections(text string) []Section {
	var sections []Section
	newBlock := true
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		title, isTitle := strings.CutPrefix(line, "# ")
		sub, isSub := strings.CutPrefix(line, "## ")
		switch {
		case isTitle || isSub:
			if isSub {
				title = sub
			}
			sections = append(sections, Section{ID: ClauseAnchor(title), Title: title, Sub: isSub})
			newBlock = true
		case len(sections) == 0:
		case line == "":
			newBlock = true
		default:
			s := &sections[len(sections)-1]
			s.Blocks = addLine(s.Blocks, line, newBlock)
			newBlock = false
		}
	}
	return sections
}

func addLine(blocks []Block, line string, newBlock bool) []Block {
	item, isItem := strings.CutPrefix(line, "- ")
	last := len(blocks) - 1
	switch {
	case isItem && !newBlock && last >= 0 && blocks[last].Items != nil:
		blocks[last].Items = append(blocks[last].Items, item)
	case isItem:
		blocks = append(blocks, Block{Items: []string{item}})
	case newBlock || blocks[last].Items != nil:
		blocks = append(blocks, Block{Text: line})
	default:
		blocks[last].Text += " " + line
	}
	return blocks
}
