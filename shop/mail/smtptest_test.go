package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"math/big"
	"mime/multipart"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is a mail server in the test's process. It keeps what it took and answers as it is told.
type server struct {
	addr string
	mu   sync.Mutex
	took []envelope
	rcpt error // answer to every recipient
	data error // answer to every message
	drop bool  // break the connection off instead of answering to DATA
	from error // answer to MAIL FROM
	user string
	srv  *smtp.Server
}

type envelope struct{ from, to, raw string }

// startServer listens on loopback, at addr when that is not empty. With a TLS configuration it offers STARTTLS and
// takes the user "shop" with the password "geheim".
func startServer(t *testing.T, addr string, config *tls.Config) *server {
	t.Helper()
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{addr: l.Addr().String()}
	srv := smtp.NewServer(s)
	srv.Domain, srv.TLSConfig = "mail.test", config
	s.srv = srv
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	return s
}

func (s *server) close(t *testing.T) {
	t.Helper()
	if err := s.srv.Close(); err != nil {
		t.Fatal(err)
	}
}

func (s *server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{server: s, conn: c}, nil
}

func (s *server) mails() []envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]envelope(nil), s.took...)
}

// answer changes what the server says from now on.
func (s *server) answer(change func(s *server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

type session struct {
	*server
	conn     *smtp.Conn
	from, to string
}

func (s *session) AuthMechanisms() []string {
	if _, secure := s.conn.TLSConnectionState(); !secure {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "shop" || password != "geheim" {
			return smtp.ErrAuthFailed
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from = from
	return s.server.from
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = to
	return s.rcpt
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drop {
		return s.conn.Conn().Close()
	}
	if s.data == nil {
		s.took = append(s.took, envelope{s.from, s.to, string(raw)})
	}
	return s.data
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// decoded reads a part behind its transfer encoding; multipart.Reader undoes quoted-printable by itself.
func decoded(part *multipart.Part) io.Reader {
	if part.Header.Get("Content-Transfer-Encoding") == "base64" {
		return base64.NewDecoder(base64.StdEncoding, part)
	}
	return part
}

// certificate is for 127.0.0.1; the client configuration trusts it.
func certificate(t *testing.T) (serverConfig, clientConfig *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
		&tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}
