package program

import (
	"fmt"
	"io"
	"strings"
)

// Welcome tells the person at the keyboard where everything is.
func (p *Program) Welcome(w io.Writer) {
	var b strings.Builder
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "  %-10s %s\n", label, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(&b, "\nThe shop is open: %s\n\n", p.URL())
	if p.DB.Private != nil {
		line("data", "%s (a private PostgreSQL; psql -h %[1]s -U shop)", p.cfg.ClusterDir())
	}
	for _, s := range p.trial.signIns {
		how := s.Password
		if how == "" {
			how = "(a code comes by mail)"
		}
		line(s.Role, "%s  %s", s.Email, how)
	}
	if p.trial.mail != "" {
		line("mail", "%s%s", p.URL(), p.trial.mail)
	}
	if p.cfg.Now != "" {
		line("clock", "starts at %s", p.cfg.Now)
	}
	line("stop", "Ctrl-C")
	_, _ = io.WriteString(w, b.String()+"\n") // a closed terminal is no reason to close the shop
}
