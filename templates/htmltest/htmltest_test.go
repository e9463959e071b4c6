package htmltest_test

import (
	"strings"
	"testing"

	"joetz/templates/htmltest"
)

const good = `<!doctype html><html lang="nl"><head><title>Vakanties</title></head><body><main><h1>Vakanties</h1>
<label for="a">Leeftijd</label><input id="a" name="a" disabled><br><a href="#a">naar</a></main></body></html>`

func TestProblems(t *testing.T) {
	t.Parallel()
	if got := htmltest.Problems(good); got != nil {
		t.Fatalf("a good page: %q", got)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"two h1":         {"</main>", "<h1>x</h1></main>", "2 h1"},
		"no label":       {`for="a"`, `for="b"`, "has no label"},
		"same id":        {"</main>", `<p id="a"></p></main>`, "stands 2 times"},
		"style":          {"<br>", `<br style="x">`, "style attribute"},
		"script":         {"<br>", `<script>1</script>`, "a script that is inline"},
		"handler":        {"<br>", `<br onclick="x">`, "inline handler"},
		"script address": {`href="#a"`, `href="javascript:x"`, "runs a script"},
		"dead target":    {`href="#a"`, `href="#zz"`, `the id "zz"`},
		"jumped heading": {"<br>", `<h3>x</h3>`, "h3 after h1"},
		"missing text":   {"naar", `[public.none]`, "no text for the key public.none"},
		"placeholder":    {"naar", `nog {0} plaatsen`, "placeholder"},
		"image":          {"<br>", `<img src="x">`, "without alt"},
		"empty option":   {"<br>", `<label for="s">x</label><select id="s"><option value=""></option></select>`, "an option without words"},
		"language":       {` lang="nl"`, ``, "no lang"},
		"link in link":   {"naar</a>", `<a href="#a">x</a></a>`, "inside another control"},
	} {
		page := strings.Replace(good, c.old, c.new, 1)
		if got := strings.Join(htmltest.Problems(page), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: found %q, want %q", name, got, c.want)
		}
	}
}
