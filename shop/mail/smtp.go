package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTP is the way to a mail server.
type SMTP struct {
	host    string
	options []gomail.Option
}

// timeout bounds one sending.
const timeout = 20 * time.Second

// ParseSMTP reads SMTP_URL: smtp://user:password@host:587 (STARTTLS required), smtps://user:password@host:465.
// "smtp://host?starttls=never" is for a relay on the same machine or private network; a password is then refused.
// A nil config verifies the server's certificate against the system's roots.
func ParseSMTP(address string, config *tls.Config) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Opaque != "" || strings.Trim(u.Path, "/") != "" {
		return nil, errors.New("SMTP_URL: want smtp://user:password@host:port, or smtps for TLS from the start") // without the address: it holds a password
	}
	never := u.Query().Get("starttls") == "never"
	password, hasPassword := u.User.Password()
	var options []gomail.Option
	port := 587
	switch {
	case u.Scheme == "smtps" && !never:
		port, options = 465, append(options, gomail.WithSSL())
	case u.Scheme == "smtp" && never && hasPassword:
		return nil, errors.New("SMTP_URL: a password is not sent without TLS; remove starttls=never")
	case u.Scheme == "smtp" && never:
		port, options = 25, append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case u.Scheme == "smtp":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		return nil, errors.New("SMTP_URL: the scheme is smtp or smtps")
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, errors.New("SMTP_URL: the port is no number")
		}
	}
	if hasPassword {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if config != nil {
		options = append(options, gomail.WithTLSConfig(config))
	}
	options = append(options, gomail.WithPort(port), gomail.WithTimeout(timeout))
	if _, err := gomail.NewClient(u.Hostname(), options...); err != nil {
		return nil, fmt.Errorf("SMTP_URL: %w", err)
	}
	return &SMTP{host: u.Hostname(), options: options}, nil
}

// String names the server without its password.
func (s *SMTP) String() string { return s.host }

// file is an attachment, ready to leave.
type file struct {
	name, mediaType, contentID string
	content                    []byte
}

// send hands the message to the server. nil means that the server took it, also when saying goodbye failed afterwards.
func (s *SMTP) send(ctx context.Context, m Mail, files []file) error {
	msg, err := compose(m, files)
	if err != nil {
		return &refused{err}
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() {
		return nil
	}
	var answer *gomail.SendError
	if errors.As(err, &answer) && forGood(answer) {
		return &refused{err}
	}
	return err
}

// refused is an answer that a further attempt would not change.
type refused struct{ cause error }

func (r *refused) Error() string { return r.cause.Error() }
func (r *refused) Unwrap() error { return r.cause }

// recipient reports whether it was the address that the server refused, and not what we wrote to it or who we are: a
// refusal by policy (5.7.x of RFC 3463) says nothing about the address.
func (r *refused) recipient() bool {
	var answer *gomail.SendError
	return errors.As(r.cause, &answer) && answer.Reason == gomail.ErrSMTPRcptTo && !strings.HasPrefix(answer.EnhancedStatusCode(), "5.7.")
}

// code is the answer of the server, 5xx; 0 when it was not the server that refused.
func (r *refused) code() int {
	var answer *gomail.SendError
	if errors.As(r.cause, &answer) {
		return answer.ErrorCode()
	}
	return 0
}

// forGood reports whether the server refuses this recipient or this message for ever. SendError.IsTemp alone is no answer:
// it also says no for a connection that broke off. A refusal of the sender or of our password is about the set-up, which
// a person mends; the messages wait for that.
func forGood(answer *gomail.SendError) bool {
	if answer.IsTemp() || answer.ErrorCode() < 500 || answer.ErrorCode() > 599 {
		return false
	}
	switch answer.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		return true
	}
	return false
}

func compose(m Mail, files []file) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(m.From.Name, m.From.Email); err != nil {
		return nil, err
	}
	if err := msg.AddToFormat(m.To.Name, m.To.Email); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(m.From.Email, "@")
	msg.SetMessageIDWithValue(m.key + "@" + domain)
	msg.SetDateWithValue(m.At)
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")  // the same for Exchange
	msg.SetGenHeader("Content-Language", m.Lang)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	for _, f := range files {
		kind := gomail.WithFileContentType(gomail.ContentType(f.mediaType))
		if f.contentID != "" {
			if err := msg.EmbedReader(f.name, bytes.NewReader(f.content), kind, gomail.WithFileContentID(f.contentID)); err != nil {
				return nil, err
			}
			continue
		}
		if err := msg.AttachReader(f.name, bytes.NewReader(f.content), kind); err != nil {
			return nil, err
		}
	}
	return msg, nil
}

// Check signs in to the server and leaves, for shop doctor.
func (s *SMTP) Check(ctx context.Context) error {
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	if err := client.CloseWithSMTPClient(conn); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
