package command

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A container asks its shop by the address on which that listens, everywhere too.
func TestAlive(t *testing.T) {
	t.Parallel()
	status := http.StatusOK
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("it asks %s", r.URL.Path)
		}
		w.WriteHeader(status)
	}))
	defer shop.Close()
	_, port, err := net.SplitHostPort(shop.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(addr string) (int, string) {
		var said strings.Builder
		return Run(t.Context(), Environment{Vars: []string{"SHOP_ADDR=" + addr, "DATABASE_URL=postgres://db/shop"}, Out: &said, Err: &said}, []string{"alive"}), said.String()
	}
	for _, addr := range []string{":" + port, "0.0.0.0:" + port, "127.0.0.1:" + port} {
		if got, said := ask(addr); got != fine {
			t.Errorf("%s: %d %s", addr, got, said)
		}
	}
	status = http.StatusInternalServerError
	if got, said := ask(":" + port); got != failed || !strings.Contains(said, "500") {
		t.Errorf("one that fails: %d %s", got, said)
	}
	if got, said := ask("127.0.0.1:0"); got != failed || !strings.Contains(said, "no answer") {
		t.Errorf("one that is gone: %d %s", got, said)
	}
}
