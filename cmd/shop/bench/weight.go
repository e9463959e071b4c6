package bench

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/valyala/fasthttp"
)

var (
	stylesheet = regexp.MustCompile(`<link[^>]*rel="(?:stylesheet|preload|icon)"[^>]*>`)
	program    = regexp.MustCompile(`<script[^>]*src="[^"]+"[^>]*>`)
	picture    = regexp.MustCompile(`<img[^>]*>`)
	address    = regexp.MustCompile(`(?:href|src)="([^"]+)"`)
	inStyle    = regexp.MustCompile(`url\("?([^")]+)"?\)`)
)

// weight measures what a first visit to the list of holidays loads, compressed: the page, its styles and programs, their fonts
// and the pictures that are not left for later.
func weight(ctx context.Context, s Shop, _ Options) ([]Figure, error) {
	if _, err := addDepartures(ctx, s.DB, s.Now(), weightNumber, 37, 50); err != nil {
		return nil, err
	}
	client := newClient(s.Addr, 1)
	page, size, err := fetch(client, s.URL+"/vakanties")
	if err != nil {
		return nil, err
	}
	var parts []string
	for _, tag := range append(stylesheet.FindAllString(page, -1), program.FindAllString(page, -1)...) {
		parts = append(parts, address.FindStringSubmatch(tag)[1])
	}
	for _, tag := range picture.FindAllString(page, -1) {
		if m := address.FindStringSubmatch(tag); m != nil && !strings.Contains(tag, `loading="lazy"`) {
			parts = append(parts, m[1])
		}
	}
	seen := map[string]bool{}
	note, total := fmt.Sprintf("page %.1f kB", kilo(size)), size
	for len(parts) > 0 {
		part := parts[0]
		parts = parts[1:]
		if seen[part] || strings.HasPrefix(part, "data:") {
			continue
		}
		seen[part] = true
		body, n, err := fetch(client, resolve(s.URL, part))
		if err != nil {
			return nil, err
		}
		total += n
		note += fmt.Sprintf(", %s %.1f", part[strings.LastIndexByte(part, '/')+1:], kilo(n))
		if strings.HasSuffix(strings.SplitN(part, "?", 2)[0], ".css") {
			for _, m := range inStyle.FindAllStringSubmatch(body, -1) {
				if !strings.HasPrefix(m[1], "#") {
					parts = append(parts, m[1])
				}
			}
		}
	}
	return []Figure{{Name: "a first visit to the list, all included", Bytes: total, Count: 1 + len(seen), Note: fmt.Sprintf("%.1f kB: %s", kilo(total), note), Target: "60 kB"}}, nil
}

func kilo(n int) float64 { return float64(n) / 1000 }

func resolve(site, part string) string {
	base, err := url.Parse(site + "/")
	if err != nil {
		return part
	}
	ref, err := base.Parse(part)
	if err != nil {
		return part
	}
	return ref.String()
}

// fetch reads a page as a browser asks for it: body is the text, size what went over the line.
func fetch(client *fasthttp.HostClient, address string) (body string, size int, err error) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	req.SetRequestURI(address)
	req.Header.Set("Accept-Encoding", "br, gzip")
	if err := client.DoTimeout(req, res, patience); err != nil {
		return "", 0, err
	}
	if res.StatusCode() != fasthttp.StatusOK {
		return "", 0, fmt.Errorf("%s: status %d", address, res.StatusCode())
	}
	size = len(res.Body())
	text, err := res.BodyUncompressed()
	return string(text), size, err
}

// sessions is how many parents are signed in at once.
const sessions = 6000

// memory measures what the process holds (clients and all) after as many parents as come in a rush have each opened a page.
func memory(ctx context.Context, s Shop, o Options) ([]Figure, error) {
	tokens, err := addParents(ctx, s.DB, s.Now(), "memory", sessions)
	if err != nil {
		return nil, err
	}
	if err := analyse(ctx, s.DB); err != nil {
		return nil, err
	}
	debug.FreeOSMemory() // what preparing held is not the shop's
	lines := make([]*line, o.Clients)
	for i := range lines {
		lines[i] = newLine(s.Addr)
	}
	next := make(chan string, sessions)
	for _, token := range tokens {
		next <- token
	}
	close(next)
	got := load(ctx, s.Cluster, o.Clients, 10*patience, func(_ context.Context, client int) (string, error) {
		token, ok := <-next
		if !ok {
			return done, nil
		}
		a, err := newBrowser(lines[client], s.URL, map[string]string{"sid": token}).get("/mijn")
		if err == nil && a.status != fasthttp.StatusOK {
			err = fmt.Errorf("/mijn: status %d", a.status)
		}
		return "", err
	})
	f := figure(fmt.Sprintf("memory, %d parents signed in", sessions), "150 MB", got)
	f.Bytes = resident()
	f.Note += fmt.Sprintf("%.0f MB resident, clients included", float64(f.Bytes)/1e6)
	return []Figure{f}, nil
}
