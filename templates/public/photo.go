package public

import (
	"fmt"
	"strconv"
	"strings"
)

// Photo is a photo of a holiday in a few widths, narrowest first.
type Photo struct {
	Alt   string
	Sizes []PhotoSize
}

// PhotoSize is a photo in one width.
type PhotoSize struct {
	Src           string
	Width, Height int
}

func (s PhotoSize) width() string  { return strconv.Itoa(s.Width) }
func (s PhotoSize) height() string { return strconv.Itoa(s.Height) }

// small is the size for lists.
func (p Photo) small() PhotoSize { return p.Sizes[0] }

// page is the size for a holiday's page where a browser knows no srcset.
func (p Photo) page() PhotoSize { return p.Sizes[min(1, len(p.Sizes)-1)] }

// set lets the browser choose a width.
func (p Photo) set() string {
	var out []string
	for _, s := range p.Sizes {
		out = append(out, fmt.Sprintf("%s %dw", s.Src, s.Width))
	}
	return strings.Join(out, ", ")
}
