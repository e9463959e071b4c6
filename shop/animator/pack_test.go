package animator_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"joetz/medical"
	"joetz/medical/medicaltest"
)

// A phone of which nobody is signed in asks with what only the holder of a pack knows. A session that ended takes nothing away; who was
// stopped, or does not go along any more, loses the fiches. Who holds no pack learns nothing, not even whether there is one.
func TestAPackStaysWithWhoWorksHere(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	amber, err := w.TakeAlong(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), w.Here)
	w.Must(err)
	lies, err := w.TakeAlong(w.Ctx, medicaltest.Staff(w.Lead, medical.Lead), w.Here)
	w.Must(err)
	ask := func(pack int64, public []byte, want int) {
		t.Helper()
		path := fmt.Sprintf("/animator/pak/%d?punt=%s", pack, url.QueryEscape(base64.StdEncoding.EncodeToString(public)))
		visit(t, app, "").Get(path).WantStatus(want)
	}
	ask(amber.ID, amber.Public, http.StatusNoContent)
	ask(lies.ID, lies.Public, http.StatusNoContent)
	ask(amber.ID, lies.Public, http.StatusNotFound)
	ask(amber.ID, nil, http.StatusNotFound)
	ask(amber.ID+100, amber.Public, http.StatusNotFound)
	visit(t, app, "").Get(fmt.Sprintf("/animator/pak/%d?punt=%%%%", amber.ID)).WantStatus(http.StatusNotFound)

	w.Exec(`UPDATE staff SET active = false WHERE id = $1`, w.Animator)
	ask(amber.ID, amber.Public, http.StatusNotFound)
	ask(lies.ID, lies.Public, http.StatusNoContent)
	w.Exec(`UPDATE assignment SET removed_at = now() WHERE staff_id = $1`, w.Lead)
	ask(lies.ID, lies.Public, http.StatusNotFound)
}
