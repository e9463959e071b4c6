package animator

import (
	"strings"

	"joetz/templates/layout"
)

// What a phone keeps for use without signal.
const (
	ShellPath    = "/animator/zonder-signaal"
	ManifestPath = "/animator/app.webmanifest"
)

// ShellPage is the page that opens without signal; a script fills it in from what the phone keeps.
type ShellPage struct{ layout.Page }

// TakeAlongPage asks for the PIN under which the phone keeps a camp's fiches.
type TakeAlongPage struct {
	layout.Page
	Departure int64
	Hours     int
}

// offlineTexts are the words that the script needs, by the key that it uses.
func offlineTexts(p layout.Page) map[string]string {
	out := map[string]string{}
	for _, key := range []string{"wiped", "none", "expired", "offline", "online", "search", "pin_for", "clock", "nobody", "first", "due", "everybody",
		"back", "lock", "wipe", "give", "save", "reason", "note", "aid", "taken", "busy", "failed", "ask_lead", "signin", "short", "differ", "full", "not_kept", "writes_at", "wipe_sure"} {
		out[key] = p.T("animator.offline." + key)
	}
	for _, key := range []string{"wrong", "waiting", "stuck", "unsent", "too_late"} { // of one
		out[key+"_one"] = p.N("animator.offline."+key, 1)
		out[key] = p.N("animator.offline."+key, 2)
	}
	out["no_one"], out["no"] = p.N("animator.no", 1), strings.Replace(p.N("animator.no", 2), "2", "#", 1)
	for _, key := range []string{"given", "refused", "missed", "absent", "vomited"} {
		out["outcome."+key] = p.T("medical.outcome." + key)
	}
	for _, key := range []string{"twice", "daily", "interval", "period"} {
		out["limit."+key] = p.T("medical.limit." + key)
	}
	for _, key := range []string{"breakfast", "noon", "evening", "bedtime", "hour"} {
		out["slot."+key] = p.T("medical.slot." + key)
	}
	for key, name := range map[string]string{"call": "animator.calls.title", "care": "animator.care.title", "if_needed": "animator.give.if_needed",
		"call_first": "animator.give.call_first", "112": "animator.calls.112", "poison": "animator.calls.poison", "late": "animator.due.late", "clash": "animator.due.clash",
		"reason_why": "animator.give.reason_why", "outcome": "animator.give.outcome", "diary": "animator.diary.list", "birthday": "animator.birthday",
		"yesterday": "animator.give.yesterday", "today": "animator.give.today", "earlier_than_now": "animator.give.earlier_than_now", "on": "animator.give.on",
		"clock_label": "animator.give.clock", "clock_hint": "animator.give.clock_hint", "clock_needed": "animator.give.clock_needed", "clock_wrong": "animator.give.clock_wrong",
		"time_ahead": "medical.time_ahead", "happened": "animator.give.happened", "happened_why": "animator.give.happened_why",
		"calm": "animator.calm", "photos": "animator.photos", "know": "animator.know", "no_note": "medical.note_needed", "incident": "animator.diary.incident",
		"no_outcome": "medical.outcome_needed", "mistaken": "animator.diary.mistaken"} {
		out[key] = p.T(name)
	}
	return out
}
