package program

import (
	"io"
	"net/http"
	"testing"
)

// While the database is migrated the shop says that it lives, and that it is not ready; then the port is the shop's, whole.
func TestTheShopAnswersWhileItStarts(t *testing.T) {
	t.Parallel()
	l, err := listen(t.Context(), "SHOP_ADDR", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{}
	get := func(path string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String()+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	stop := answerMeanwhile(l)
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/": 503, "/vakanties": 503} {
		if got, body := get(path); got != want || body == "" {
			t.Errorf("%s: %d %q", path, got, body)
		}
	}
	stop()
	shop := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the shop") })}
	go func() { _ = shop.Serve(l) }()
	t.Cleanup(func() { _ = shop.Close() })
	if status, body := get("/healthz"); status != 200 || body != "the shop" {
		t.Errorf("afterwards: %d %q", status, body)
	}
}
