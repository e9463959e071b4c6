package roster

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// A cursor is where a page ended: the value that the list is sorted by and the id that makes it unique. It stands in the
// address, so that a page can be shared; one that somebody changed is no cursor, and the list begins anew.

func encode(value string, key int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(value + "\x01" + strconv.FormatInt(key, 10)))
}

func decode(cursor string) (value string, key int64, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || cursor == "" || len(cursor) > 300 {
		return "", 0, false
	}
	value, number, ok := strings.Cut(string(text), "\x01")
	if !ok {
		return "", 0, false
	}
	key, err = strconv.ParseInt(number, 10, 64)
	return value, key, err == nil && strings.ToValidUTF8(value, "") == value
}

// names are the two keys of a person's name in a cursor. ok is false for what no list of ours ended with, which may be what the database
// takes for no text.
func names(value string) (last, first string, ok bool) {
	last, first, ok = strings.Cut(value, "\x00")
	return last, first, ok && !strings.Contains(first, "\x00")
}

func cursorOf(sort Sort, r Row) string {
	switch sort {
	case ByDeparts:
		return encode(r.DepartsOn.String(), int64(r.Booking))
	case ByName:
		return encode(r.LastKey+"\x00"+r.FirstKey, int64(r.Booking))
	}
	return encode("", int64(r.Booking))
}
