package terms

import "fmt"

// Trip is how a holiday is travelled to; the terms distinguish nothing finer.
type Trip uint8

const (
	// Domestic is a holiday in Belgium (binnenlandse vakantie).
	Domestic Trip = iota + 1
	// ForeignCoach is a coach trip abroad (buitenlandse busreis).
	ForeignCoach
	// ForeignOwn is a holiday abroad that participants travel to by themselves.
	ForeignOwn
	// Flight is a holiday by plane (vliegreis).
	Flight
)

// Trips are all trips, in their order.
var Trips = [...]Trip{Domestic, ForeignCoach, ForeignOwn, Flight}

const tripCount = len(Trips) + 1

var tripNames = [tripCount]string{"", "domestic", "foreign_coach", "foreign_own", "flight"}

// ParseTrip reads a trip's name, as String writes it.
func ParseTrip(s string) (Trip, error) {
	for _, t := range Trips {
		if tripNames[t] == s {
			return t, nil
		}
	}
	return 0, fmt.Errorf("terms: unknown trip %q", s)
}

// Valid reports whether t is one of Trips.
func (t Trip) Valid() bool { return t >= Domestic && t <= Flight }

// String is the trip's name in files, columns and addresses.
func (t Trip) String() string {
	if !t.Valid() {
		return ""
	}
	return tripNames[t]
}

// MarshalText writes the trip's name.
func (t Trip) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a trip's name.
func (t *Trip) UnmarshalText(text []byte) error {
	v, err := ParseTrip(string(text))
	if err == nil {
		*t = v
	}
	return err
}

// known is t, or zero for what is no trip, so that it may index what is laid out per trip.
func (t Trip) known() Trip {
	if !t.Valid() {
		return 0
	}
	return t
}
