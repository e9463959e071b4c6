package medical

import (
	"joetz/medical/questionnaire"
	"joetz/terms/civil"
)

// Role is as whom somebody reads. The database says whether they are.
type Role uint8

// The roles. The zero value is nobody.
const (
	Guardian Role = iota + 1
	Animator
	Lead   // lead animator or first-aider of the camp
	Office // staff who decide on care
)

// String is the role in the access log.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "nobody"
}

var roleNames = [...]string{"nobody", "guardian", "animator", "lead", "office"}

// Settings are the organiser's choices about who reads when, in days.
type Settings struct {
	AnimatorBefore, AnimatorAfter int // days before the first and after the last day of the camp
	LeadBefore, LeadAfter         int
	WipeAfter                     int // days after the camp until the fiche is wiped, unless the guardian lets us keep it
	KeepMonths                    int // months after signing, with consent
	OfflineHours                  int // that a phone without contact opens what it took along; 0 = nothing is taken along
	OverrideMinutes               int // that a fiche stays open that was opened in an emergency
	Unusual                       Unusual
}

// Unusual is from where on reading is told to the one who is responsible. All are "more than".
type Unusual struct {
	Many, ManyMinutes int // children whose fiche one person opened within so many minutes
	Night             int // children whose fiche one person opened in one night, between NightFrom and NightTo; of the office: any
	NightFrom         int // hour, in Belgium
	NightTo           int
	Outside           int // children whose fiche one person opened on one day before or after the camp
	Refused           int // refusals to one person on one day
	Prints            int // prints of one camp
}

// DefaultSettings are what the data protection notes advise.
var DefaultSettings = Settings{AnimatorBefore: 7, AnimatorAfter: 1, LeadBefore: 14, LeadAfter: 7, WipeAfter: 60, KeepMonths: 12,
	OfflineHours: 24, OverrideMinutes: 60,
	Unusual: Unusual{Many: 40, ManyMinutes: 10, Night: 5, NightFrom: 23, NightTo: 6, Outside: 15, Refused: 3, Prints: 2}}

// Window is the first and the last day on which an animator or lead of a camp may read.
func (s Settings) Window(role Role, starts, ends civil.Date) (from, to civil.Date) {
	if role == Lead {
		return starts.AddDays(-s.LeadBefore), ends.AddDays(s.LeadAfter)
	}
	return starts.AddDays(-s.AnimatorBefore), ends.AddDays(s.AnimatorAfter)
}

// attempt is everything that decides whether somebody may read one fiche. It is read in one go, at this request: a
// removed assignment counts at once.
type attempt struct {
	role          Role
	holdsRole     bool // active staff with that role; for a guardian: acts for the child and may see the fiche
	assigned      bool // to the camp, not removed
	leads         bool // assigned as its lead
	today         civil.Date
	starts, ends  civil.Date
	coming        bool // the child is still booked and the camp not cancelled
	review        bool // care is, or was, discussed
	purposeStated bool
	promised      bool // not to tell what they read, for this year's camps

	takenOff     bool // had a place at the camp, and has none any more
	byOverride   bool // reads what was opened in an emergency
	overrideOpen bool // that opening is this person's, of this fiche, and its time is not over
}

// grant is what a reader gets: everything, or what one audience of the questionnaire sees. The zero value is nothing.
type grant struct {
	all         bool
	audience    questionnaire.Audience
	promiseNext bool // nothing yet: they would see it, once they promise not to tell
}

func (g grant) none() bool { return !g.all && g.audience == 0 }

// decide is the rule, all of it: role and assignment and window. The field's view code comes on top (grant.sight).
func (s Settings) decide(a attempt) grant {
	if !a.holdsRole {
		return grant{}
	}
	if a.byOverride && a.role != Guardian {
		return a.inEmergency()
	}
	from, to := s.Window(a.role, a.starts, a.ends)
	within := !a.today.Before(from) && !a.today.After(to)
	switch a.role {
	case Guardian:
		return grant{all: true}
	case Animator:
		if a.assigned && a.coming && within {
			return a.oncePromised(questionnaire.Animators)
		}
	case Lead:
		if a.assigned && a.leads && a.coming && within {
			return a.oncePromised(questionnaire.Leads)
		}
	case Office:
		if a.review && a.purposeStated {
			return grant{audience: questionnaire.CareTeam}
		}
	}
	return grant{}
}

// mayOverride tells who may open one fiche in an emergency, without the place at the camp or the days that decide asks: the
// office and leads; an animator only of a camp that is theirs, outside its days. Nobody whose place there was taken away.
func (a attempt) mayOverride() bool {
	if !a.holdsRole || !a.coming || a.takenOff {
		return false
	}
	return a.role == Office || a.role == Lead || a.role == Animator && a.assigned
}

// inEmergency is what such a reader gets while it lasts: what a lead or animator of the camp sees, never what only the
// care team may know.
func (a attempt) inEmergency() grant {
	switch {
	case !a.overrideOpen || !a.mayOverride():
		return grant{}
	case a.role == Animator:
		return grant{audience: questionnaire.Animators}
	}
	return grant{audience: questionnaire.Leads}
}

func (a attempt) oncePromised(audience questionnaire.Audience) grant {
	if !a.promised {
		return grant{promiseNext: true}
	}
	return grant{audience: audience}
}

// refusal is what somebody hears who gets nothing.
func (g grant) refusal() error {
	if g.promiseNext {
		return ErrPromise
	}
	return ErrNotFound
}

// reduce gives what the reader may see of one answer.
func (g grant) reduce(q *questionnaire.Question, v questionnaire.Value) (questionnaire.Value, questionnaire.Sight) {
	switch {
	case g.all:
		return v, questionnaire.Whole
	case g.audience == 0:
		return questionnaire.Value{}, questionnaire.Nothing
	}
	return q.Reduce(v, g.audience)
}
