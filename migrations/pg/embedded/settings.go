package embedded

import (
	"io"
	"maps"
	"os"
)

// serverSettings are those of every private server, then the caller's.
func serverSettings(more map[string]string) map[string]string {
	s := map[string]string{
		"listen_addresses":        "",     // the socket only
		"port":                    "5432", // part of the socket's name
		"unix_socket_permissions": "0700",
		"max_connections":         "100",
		// Logs are read by people who may not read the data: no statements, no "Key (email)=(...) already exists".
		"log_min_error_statement": "panic",
		"log_error_verbosity":     "terse",
		"lc_messages":             "C",
	}
	maps.Copy(s, more)
	return s
}

const longestLog = 4 << 20

// openLog opens the server's log to append to, and says where this run begins.
func (h home) openLog() (*os.File, int64, error) {
	path := h.path("postgres.log")
	if info, err := os.Stat(path); err == nil && info.Size() > longestLog {
		_ = os.Rename(path, path+".old") // an over-long log is no reason not to start
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, 0, err
	}
	if h.account != nil { // a log that root began anew is the account's all the same: the next start looks whether it may write
		if err := f.Chown(int(h.account.Uid), int(h.account.Gid)); err != nil {
			return f, 0, err
		}
	}
	offset, err := f.Seek(0, io.SeekEnd)
	return f, offset, err
}

func (h home) logSince(offset int64) string {
	f, err := os.Open(h.path("postgres.log"))
	if err != nil {
		return ""
	}
	defer f.Close()
	text, _ := io.ReadAll(io.NewSectionReader(f, offset, longestLog)) // what could be read is what there is to say
	return string(text)
}
