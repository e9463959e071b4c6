package ui

// ButtonTone says how loud a button is.
type ButtonTone string

// The button tones. A page has one Primary.
const (
	Primary ButtonTone = ""
	Second  ButtonTone = "second" // as good a choice, less loud
	Quiet   ButtonTone = "quiet"
	Danger  ButtonTone = "danger" // what cannot be undone
)

func (t ButtonTone) class() string {
	if t == Primary {
		return ""
	}
	return "button-" + string(t)
}
