package animator

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/shop/camp"
	"joetz/shop/web"
	pages "joetz/templates/animator"
	"joetz/templates/assets"
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// ServiceWorker sends the script that keeps the empty page for use without signal. It is the same for everybody.
func (h *Handlers) ServiceWorker(c *fiber.Ctx) error {
	shell := []string{pages.ShellPath, pages.ManifestPath, assets.URL("app.css"), assets.URL("desk.css"), assets.URL("app.js"), assets.URL("camp.js"), assets.URL("icon.svg"), assets.URL("icon-192.png")}
	list, err := json.Marshal(shell)
	if err != nil {
		return err
	}
	script, ok := assets.Lookup("sw.js")
	if !ok {
		return web.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, script.Type)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set("Service-Worker-Allowed", "/animator")
	return c.SendString("const SHELL = " + string(list) + ";\n" + string(script.Raw))
}

// Manifest is what a phone needs to install the pages of animators.
func (h *Handlers) Manifest(c *fiber.Ctx) error {
	p := web.Page(c)
	raw, err := json.Marshal(fiber.Map{"name": p.Organiser.Brand, "short_name": p.Organiser.Brand, "start_url": "/animator", "scope": "/animator",
		"display": "standalone", "background_color": "#fbf5e6", "theme_color": "#0f4a40", "lang": p.Lang,
		"id": "/animator",
		"icons": []fiber.Map{
			{"src": assets.URL("icon-192.png"), "sizes": "192x192", "type": "image/png"}, {"src": assets.URL("icon-512.png"), "sizes": "512x512", "type": "image/png"},
			{"src": assets.URL("icon-maskable.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
			{"src": assets.URL("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
		}})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/manifest+json")
	return c.Send(raw)
}

// ShowShell is the page that opens without signal. It says nothing about anybody: the phone fills it in.
func (h *Handlers) ShowShell(c *fiber.Ctx) error {
	p := page(c, "")
	p.Title, p.Bare, p.User, p.Flash = p.T("animator.offline.title"), true, nil, nil
	return web.Render(c, pages.Shell(pages.ShellPage{Page: p}))
}

// ShowTakeAlong tells what taking along means, and asks for a PIN.
func (h *Handlers) ShowTakeAlong(c *fiber.Ctx) error {
	d, err := key[id.Departure](c, "departure")
	if err != nil {
		return err
	}
	if err := h.Camps.MayKeep(c.UserContext(), reader(c), d); err != nil {
		return err
	}
	p := page(c, "")
	p.Title = p.T("animator.offline.take")
	p.Back = &layout.Link{Href: campPath(d), Text: p.T("animator.back_to_camp")}
	return web.Render(c, pages.TakeAlong(pages.TakeAlongPage{Page: p, Departure: int64(d), Hours: h.Camps.Medical.Settings.OfflineHours}))
}

// MayKeep is asked at each contact: whether the phone may still keep a camp's fiches.
func (h *Handlers) MayKeep(c *fiber.Ctx) error {
	d, err := key[id.Departure](c, "departure")
	if err != nil {
		return err
	}
	if err := h.Camps.MayKeep(c.UserContext(), reader(c), d); err != nil {
		if errors.Is(err, camp.ErrNotFound) {
			web.DropLease(c, int64(d))
		}
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// PackMayStay is asked at a contact where nobody is signed in: a session that merely ended leaves the fiches on the phone, and whoever
// works here no more, or not at that camp, loses them. The answer is for who holds the pack, and says yes or no.
func (h *Handlers) PackMayStay(c *fiber.Ctx) error {
	pack, err := key[packNumber](c, "pack")
	if err != nil {
		return err
	}
	public, err := base64.StdEncoding.DecodeString(c.Query("punt"))
	if err != nil {
		return web.ErrNotFound
	}
	if err := h.Camps.PackMayStay(c.UserContext(), reader(c), int64(pack), public); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

type packNumber int64

// leaseBytes is how long the phone's part of the key is.
const leaseBytes = 32

// TakeAlong sends a camp's fiches to be kept on the phone, and lends it a part of the key.
func (h *Handlers) TakeAlong(c *fiber.Ctx) error {
	d, err := key[id.Departure](c, "departure")
	if err != nil {
		return err
	}
	list, pack, err := h.Camps.TakeAlong(c.UserContext(), reader(c), d)
	if err != nil {
		web.DropLease(c, int64(d))
		return err
	}
	lease := web.Lease(c, int64(d))
	if raw, err := base64.RawURLEncoding.DecodeString(lease); err != nil || len(raw) != leaseBytes {
		raw = make([]byte, leaseBytes)
		rand.Read(raw) // never fails since Go 1.24
		lease = base64.RawURLEncoding.EncodeToString(raw)
	}
	raw, err := json.Marshal(packed(web.Page(c), list, pack))
	if err != nil {
		return web.ErrNotFound // the cause may quote a fiche
	}
	web.SetLease(c, int64(d), lease, pack.Until.Sub(pack.Made))
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(raw)
}

// Receive takes in what phones noted without signal.
func (h *Handlers) Receive(c *fiber.Ctx) error {
	var in struct {
		Pack    int64           `json:"pack"`
		Entries []medical.Noted `json:"entries"`
	}
	if json.Unmarshal(c.Request().Body(), &in) != nil || len(in.Entries) > 500 {
		return web.ErrNotFound
	}
	kept, err := h.Camps.Receive(c.UserContext(), reader(c), in.Pack, in.Entries)
	if kept == nil {
		kept = []string{}
	}
	if err != nil && len(kept) == 0 {
		return err
	}
	return c.JSON(fiber.Map{"kept": kept, "whole": err == nil})
}

// pack is what the phone keeps, in the words of its reader.
type pack struct {
	Pack      int64       `json:"pack"`
	Departure int64       `json:"departure"`
	Public    []byte      `json:"public"`
	Now       time.Time   `json:"now"`
	Until     time.Time   `json:"until"`
	Lead      bool        `json:"lead"`
	Title     string      `json:"title"`
	Where     string      `json:"where"`
	From      civil.Date  `json:"from"`
	Children  []packChild `json:"children"`
}

type packChild struct {
	Booking  int64          `json:"booking"`
	First    string         `json:"first"`
	Last     string         `json:"last"`
	Plain    string         `json:"plain"` // for searching
	Age      string         `json:"age"`
	Born     string         `json:"born,omitempty"`    // "07-06"
	Leaving  string         `json:"leaving,omitempty"` // when it goes home early, and with whom
	Mark     pages.Mark     `json:"mark"`
	Sign     string         `json:"sign"`
	Words    []string       `json:"words,omitempty"`
	Alarm    string         `json:"alarm,omitempty"`
	Calm     bool           `json:"calm,omitempty"`
	Care     string         `json:"care"`
	Agreed   string         `json:"agreed,omitempty"`
	Call     []pages.Caller `json:"call,omitempty"`
	Doctor   *pages.Caller  `json:"doctor,omitempty"`
	Urgent   []pages.Topic  `json:"urgent,omitempty"`
	Topics   []pages.Topic  `json:"topics,omitempty"`
	No       []string       `json:"no,omitempty"`
	Photo    string         `json:"photo"`
	Medicine []packMedicine `json:"medicine,omitempty"`
	Records  []packRecord   `json:"records,omitempty"`
}

type packMedicine struct {
	Key     string            `json:"key"`
	Name    string            `json:"name"`
	Amount  string            `json:"amount"`
	Slots   map[string]string `json:"slots,omitempty"` // when it is due, HH:MM
	From    civil.Date        `json:"from"`
	To      civil.Date        `json:"to"`
	Needed  bool              `json:"needed,omitempty"`
	When    string            `json:"when,omitempty"`
	Limit   string            `json:"limit,omitempty"`
	PerDay  int               `json:"perDay,omitempty"`
	Between int               `json:"between,omitempty"`
	Call    bool              `json:"call,omitempty"`
	Facts   []pages.Cell      `json:"facts,omitempty"`
}

type packRecord struct {
	Medicine string     `json:"medicine,omitempty"`
	Slot     string     `json:"slot,omitempty"`
	Day      civil.Date `json:"day"`
	Outcome  string     `json:"outcome,omitempty"`
	At       time.Time  `json:"at"`
	By       string     `json:"by"`
	Mistaken bool       `json:"mistaken,omitempty"`
	What     string     `json:"what"`
	Note     string     `json:"note,omitempty"`
}

func packed(p layout.Page, list camp.List, taken medical.Pack) pack {
	out := pack{Pack: taken.ID, Departure: int64(list.Camp.Departure), Public: taken.Public, Now: taken.Made, Until: taken.Until, Lead: taken.Lead,
		Title: list.Camp.Title, Where: list.Camp.Destination, From: list.Camp.From}
	d := list.Camp.Departure
	for _, child := range list.Children {
		page := childPage(p, child, func(string) (pages.Link, bool) { return pages.Link{}, false })
		one := packChild{Booking: int64(child.Booking), First: child.FirstName, Last: child.LastName, Plain: plain(child.FirstName + " " + child.LastName),
			Age: p.T("animator.age", child.Age), Mark: page.Mark, Sign: page.Mark.Sign(), Words: page.Words, Calm: page.Calm, Call: page.Call, Leaving: leaving(p, child),
			Doctor: page.Doctor, Urgent: page.Urgent, Topics: page.Topics, No: page.No, Care: p.T(page.Care.Key, child.FirstName), Agreed: page.Care.Text, Photo: p.T(page.Photo)}
		if page.Alarm != "" {
			one.Alarm = p.T(page.Alarm, child.FirstName)
		}
		if child.Birthday {
			one.Born = p.Today.String()[5:]
		}
		for _, m := range child.Medicines {
			one.Medicine = append(one.Medicine, packedMedicine(p, d, child, m))
		}
		for _, r := range child.Records {
			one.Records = append(one.Records, packRecord{Medicine: r.Medicine, Slot: r.Slot, Day: r.Day, Outcome: r.Outcome, At: r.At, By: r.ByName,
				Mistaken: r.Mistaken, What: recordLine(p, d, child.Booking, r).What, Note: string(r.Note)})
		}
		out.Children = append(out.Children, one)
	}
	return out
}

func packedMedicine(p layout.Page, d id.Departure, child camp.Child, m medical.Medicine) packMedicine {
	needed := neededMedicine(p, d, child, m)
	out := packMedicine{Key: m.Key, Name: string(m.Name), Amount: string(m.Amount), From: m.From, To: m.To, Needed: m.Needed, When: needed.When,
		Limit: needed.Limit, PerDay: m.PerDay, Between: m.Between, Call: m.AskCall, Facts: medicineFacts(p, child.Sheet, m), Slots: map[string]string{}}
	if m.Key == medical.Paracetamol {
		out.Amount = p.T("animator.give.weight", string(m.Amount))
	}
	for _, slot := range m.Slots {
		if at, ok := m.At(slot, p.Today); ok {
			out.Slots[slot] = p.Clock(at)
		}
	}
	return out
}
