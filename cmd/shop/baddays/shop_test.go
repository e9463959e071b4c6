package baddays

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"joetz/cmd/shop/shoptest"
	"joetz/migrations/pg/embedded"
)

// program is the path of the shop, built once for all tests.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "shop-baddays-") // what a test that was killed left behind may be another account's
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "shop")
	out, err := exec.Command("go", "build", "-o", path, "joetz/cmd/shop").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the shop: %w: %s", err, out)
	}
	return path, nil
})

var built string // its directory

func TestMain(m *testing.M) {
	status := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(status)
}

// process is a shop that runs, or ran.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	addr string
	log  string        // the file with what it says
	gone chan struct{} // closed when it has ended
}

func (p *process) url() string { return "http://" + p.addr }

// start runs a shop and returns when it is open; vars are settings as "NAME=value", addr its address.
func start(t *testing.T, addr string, vars ...string) *process {
	t.Helper()
	p, err := tryStart(t, addr, vars...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func tryStart(t *testing.T, addr string, vars ...string) (*process, error) {
	t.Helper()
	path, err := program()
	if err != nil {
		return nil, err
	}
	log, err := os.CreateTemp(t.TempDir(), "shop-*.log")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p := &process{t: t, log: log.Name(), gone: make(chan struct{})}
	p.cmd = exec.Command(path)
	p.cmd.Env = append(append(clean(os.Environ()), "SHOP_ADDR="+addr), vars...)
	p.cmd.Stderr = log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	opened := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, url, found := strings.Cut(lines.Text(), "The shop is open: http://"); found {
				opened <- url
			}
		}
		_ = p.cmd.Wait() // how it ended is the tests' to know
		close(p.gone)
	}()
	t.Cleanup(func() {
		p.kill()
		p.quiet()
	})
	select {
	case p.addr = <-opened:
		return p, nil
	case <-p.gone:
		return p, fmt.Errorf("the shop did not open: %s", p.said())
	}
}

// clean takes the settings of a shop out of an environment.
func clean(env []string) (rest []string) {
	for _, v := range env {
		if !strings.HasPrefix(v, "SHOP_") && !strings.HasPrefix(v, "DATABASE_") {
			rest = append(rest, v)
		}
	}
	return rest
}

// kill ends the process at once, as a power cut does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be gone
	<-p.gone
}

// quiet fails the test when the shop's log says who anybody of the town is, on a bad day either.
func (p *process) quiet() {
	p.t.Helper()
	for _, line := range shoptest.Told(p.whole(), []string{" Town", "Ouder", "Kerkstraat", "0470123456", "Staf"}) {
		p.t.Errorf("the log holds %s", line)
	}
}

// stop asks it to end and waits for that.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.gone:
	case <-time.After(patience):
		p.t.Fatalf("the shop does not stop: %s", p.said())
	}
	if status := p.cmd.ProcessState.ExitCode(); status != 0 {
		p.t.Errorf("the shop stopped with status %d: %s", status, p.said())
	}
}

// said is the end of what the shop wrote.
func (p *process) said() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4000):])
}

// whole is all that the shop wrote.
func (p *process) whole() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}

// command runs one of the shop's commands to its end.
func command(t *testing.T, vars []string, args ...string) (said string, ok bool) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(clean(os.Environ()), vars...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), err == nil
}

// patience is how long something may take on the slowest machine before a test gives up: nothing that goes well comes near it.
const patience = 3 * time.Minute

// waitFor asks until something is so.
func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for !so() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// status is what a path answers with; 0 when nobody answers.
func status(site, path string) (int, string, http.Header) {
	client := http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get(site + path)
	if err != nil {
		return 0, err.Error(), nil
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err.Error(), nil
	}
	return answer.StatusCode, string(body), answer.Header
}

// tool is one of PostgreSQL's programs.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := embedded.Tool(context.WithoutCancel(t.Context()), name) // also while the test cleans up
	if errors.Is(err, embedded.ErrNotInstalled) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}
