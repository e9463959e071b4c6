package camp

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Service answers the animators' pages.
type Service struct {
	DB      *sqlx.DB
	Medical *medical.Service
	Now     func() time.Time
}

// ErrNotFound is the answer for a camp or child that is not this animator's, not yet, or no longer.
var ErrNotFound error = fault.New(fault.NotFound, "error.not_found.text")

// Camp is a departure of an animator.
type Camp struct {
	Departure     id.Departure
	Title         string
	Destination   string
	Accommodation string
	From, To      civil.Date
	Children      int
	Leads         bool
	OpenFrom      civil.Date // first day on which the animator sees the children
	OpenTo        civil.Date // last day
}

// OnToday reports whether the camp is going on.
func (c Camp) OnToday(today civil.Date) bool { return !today.Before(c.From) && !today.After(c.To) }

// Open reports whether the animator sees the children.
func (c Camp) Open(today civil.Date) bool { return !today.Before(c.OpenFrom) && !today.After(c.OpenTo) }

// Over reports whether the animator will not see it any more.
func (c Camp) Over(today civil.Date) bool { return today.After(c.OpenTo) }

// Day is which day of the camp it is, from 1, and of how many; 0 when it is not going on.
func (c Camp) Day(today civil.Date) (day, of int) {
	if !c.OnToday(today) {
		return 0, 0
	}
	return c.From.DaysUntil(today) + 1, c.From.DaysUntil(c.To) + 1
}

func (s *Service) camp(r campRow) Camp {
	c := Camp{Departure: r.Departure, Title: r.Title, Destination: r.Destination, Accommodation: r.Accommodation,
		From: r.StartsOn, To: r.EndsOn, Children: r.Children, Leads: r.Leads}
	c.OpenFrom, c.OpenTo = s.Medical.Settings.Window(role(r.Leads), c.From, c.To)
	return c
}

func role(leads bool) medical.Role {
	if leads {
		return medical.Lead
	}
	return medical.Animator
}

// Camps lists the animator's camps that are still to come or going on: today's first.
func (s *Service) Camps(ctx context.Context, who id.Staff) ([]Camp, error) {
	rows, err := campsOf(ctx, s.DB, who)
	if err != nil {
		return nil, fmt.Errorf("camps of staff %d: %w", who, err)
	}
	today := civil.Of(s.Now())
	var camps []Camp
	for _, r := range rows {
		if c := s.camp(r); !c.Over(today) {
			camps = append(camps, c)
		}
	}
	slices.SortStableFunc(camps, func(a, b Camp) int {
		switch {
		case a.OnToday(today) == b.OnToday(today):
			return 0
		case a.OnToday(today):
			return -1
		}
		return 1
	})
	return camps, nil
}

// Parent is somebody to call about a child.
type Parent struct {
	Name  string
	Phone string // as they wrote it; "" when we have none
}

// Child is a child of a camp with what this animator may see of the fiche.
type Child struct {
	Booking       id.Booking
	FirstName     string
	LastName      string
	Age           int // today
	Birthday      bool
	BoardingPlace string
	PhotoConsent  string
	Parents       []Parent
	Leaving       *Leaving // agreed with the office: the child goes home early
	Sheet         medical.Sheet
	Medicines     []medical.Medicine
	Forgotten     []medical.Dose   // due yesterday, and nobody wrote it down
	Doses         []medical.Dose   // due today
	Records       []medical.Record // given and done so far
}

// List is a camp with its children, by first name.
type List struct {
	Camp     Camp
	Children []Child
}

// List reads a camp's children for an animator. r says who reads; its role is decided here.
func (s *Service) List(ctx context.Context, r medical.Reader, d id.Departure) (List, error) {
	c, children, err := s.children(ctx, r.Staff, d)
	if err != nil {
		return List{}, err
	}
	r.Role = role(c.Leads)
	sheets, err := s.Medical.Day(ctx, r, d, civil.Of(s.Now()))
	if err != nil {
		return List{}, err
	}
	return s.join(ctx, c, children, sheets)
}

// Child reads one child's fiche, and what was given and done, for an animator of the camp. files are the names of its photos and documents, by id.
func (s *Service) Child(ctx context.Context, r medical.Reader, d id.Departure, b id.Booking) (child Child, files map[string]string, err error) {
	c, row, err := s.child(ctx, r.Staff, d, b)
	if err != nil {
		return Child{}, nil, err
	}
	r.Role = role(c.Leads)
	sheet, err := s.Medical.ReadDay(ctx, r, b, civil.Of(s.Now()))
	if err != nil {
		return Child{}, nil, err
	}
	if files, err = s.Medical.FileNames(ctx, sheet.Sheet); err != nil {
		return Child{}, nil, err
	}
	list, err := s.join(ctx, c, []childRow{row}, []medical.ChildDay{sheet})
	if err != nil {
		return Child{}, nil, err
	}
	return list.Children[0], files, nil
}

// File opens a photo or document of a child's fiche for an animator of the camp.
func (s *Service) File(ctx context.Context, r medical.Reader, d id.Departure, b id.Booking, file int64) (medical.File, error) {
	c, _, err := s.child(ctx, r.Staff, d, b)
	if err != nil {
		return medical.File{}, err
	}
	r.Role = role(c.Leads)
	return s.Medical.ReadFile(ctx, r, b, file)
}

// Write writes down what was given or done for a child of the animator's camp. leads tells whether they lead it.
func (s *Service) Write(ctx context.Context, r medical.Reader, d id.Departure, b id.Booking, in medical.Report) (rec medical.Record, leads bool, err error) {
	c, _, err := s.child(ctx, r.Staff, d, b)
	if err != nil {
		return medical.Record{}, false, err
	}
	r.Role = role(c.Leads)
	rec, err = s.Medical.Write(ctx, r, b, in)
	return rec, c.Leads, err
}

// TakeAlong gives the animator's camp with all that they may see, for a phone to keep, and the pack that it goes with.
func (s *Service) TakeAlong(ctx context.Context, r medical.Reader, d id.Departure) (List, medical.Pack, error) {
	c, children, err := s.children(ctx, r.Staff, d)
	if err != nil {
		return List{}, medical.Pack{}, err
	}
	r.Role = role(c.Leads)
	pack, err := s.Medical.TakeAlong(ctx, r, d)
	if err != nil {
		return List{}, medical.Pack{}, err
	}
	list, err := s.join(ctx, c, children, pack.Children)
	return list, pack, err
}

// Kitchen lists what the kitchen of the animator's camp may know.
func (s *Service) Kitchen(ctx context.Context, r medical.Reader, d id.Departure) (List, error) {
	c, children, err := s.children(ctx, r.Staff, d)
	if err != nil {
		return List{}, err
	}
	r.Role = role(c.Leads)
	sheets, err := s.Medical.Kitchen(ctx, r, d)
	if err != nil {
		return List{}, err
	}
	days := make([]medical.ChildDay, len(sheets))
	for i, sheet := range sheets {
		days[i].Sheet = sheet
	}
	return s.join(ctx, c, children, days)
}

// Print gives a camp for paper, to who leads it, with the number of the print.
func (s *Service) Print(ctx context.Context, r medical.Reader, d id.Departure) (List, int, error) {
	c, children, err := s.children(ctx, r.Staff, d)
	if err != nil {
		return List{}, 0, err
	}
	sheets, number, err := s.Medical.Print(ctx, r, d)
	if err != nil {
		return List{}, 0, err
	}
	list, err := s.join(ctx, c, children, sheets)
	return list, number, err
}

// MayKeep reports whether a phone may keep the fiches of a camp. Faults: NotFound when it may not.
func (s *Service) MayKeep(ctx context.Context, r medical.Reader, d id.Departure) error {
	row, ok, err := campOf(ctx, s.DB, r.Staff, d)
	if err != nil {
		return err
	}
	r.Role = medical.Animator
	if ok {
		r.Role = role(row.Leads)
	}
	if may, err := s.Medical.MayKeep(ctx, r, d); err != nil || may {
		return err
	}
	return ErrNotFound
}

// PackMayStay is MayKeep for a phone of which nobody is signed in: it asks as whoever took the pack along, and shows by public that
// it holds that pack. r says where the question comes from.
func (s *Service) PackMayStay(ctx context.Context, r medical.Reader, pack int64, public []byte) error {
	staff, d, err := s.Medical.PackOwner(ctx, pack, public)
	if err != nil {
		return err
	}
	r.Staff = staff
	return s.MayKeep(ctx, r, d)
}

// Receive writes down what phones noted without signal.
func (s *Service) Receive(ctx context.Context, r medical.Reader, pack int64, all []medical.Noted) (kept []string, err error) {
	r.Role = medical.Animator
	return s.Medical.Receive(ctx, r, pack, all)
}

// Promise keeps that the animator promised not to tell.
func (s *Service) Promise(ctx context.Context, r medical.Reader) error {
	return s.Medical.Promise(ctx, r)
}

// child finds a child of the animator's camp, before anything is read: one of another camp is not opened from here.
func (s *Service) child(ctx context.Context, who id.Staff, d id.Departure, b id.Booking) (Camp, childRow, error) {
	c, children, err := s.children(ctx, who, d)
	if err != nil {
		return Camp{}, childRow{}, err
	}
	i := slices.IndexFunc(children, func(c childRow) bool { return c.Booking == b })
	if i < 0 {
		return Camp{}, childRow{}, ErrNotFound
	}
	return c, children[i], nil
}

// children finds the camp if it is the animator's, and who is coming.
func (s *Service) children(ctx context.Context, who id.Staff, d id.Departure) (Camp, []childRow, error) {
	row, ok, err := campOf(ctx, s.DB, who, d)
	if err != nil {
		return Camp{}, nil, fmt.Errorf("camp %d: %w", d, err)
	}
	if !ok {
		return Camp{}, nil, ErrNotFound
	}
	children, err := childrenOn(ctx, s.DB, d)
	if err != nil {
		return Camp{}, nil, fmt.Errorf("children of camp %d: %w", d, err)
	}
	return s.camp(row), children, nil
}

// join puts together what comes from three owners. A child for whom medical gave nothing has the zero Sheet, which is the
// loud one.
func (s *Service) join(ctx context.Context, c Camp, children []childRow, sheets []medical.ChildDay) (List, error) {
	parents, err := parentsOn(ctx, s.DB, c.Departure)
	if err != nil {
		return List{}, fmt.Errorf("parents of camp %d: %w", c.Departure, err)
	}
	leaving, err := leavingOn(ctx, s.DB, c.Departure)
	if err != nil {
		return List{}, fmt.Errorf("children of camp %d who leave early: %w", c.Departure, err)
	}
	today := civil.Of(s.Now())
	byBooking := make(map[id.Booking]medical.ChildDay, len(sheets))
	for _, sheet := range sheets {
		byBooking[sheet.Sheet.Booking] = sheet
	}
	call := make(map[id.Participant][]Parent, len(children))
	for _, p := range parents {
		call[p.Participant] = append(call[p.Participant], Parent{Name: fullName(p.FirstName, p.LastName), Phone: p.Phone})
	}
	list := List{Camp: c, Children: make([]Child, len(children))}
	for i, r := range children {
		day := byBooking[r.Booking]
		list.Children[i] = Child{Booking: r.Booking, FirstName: r.FirstName, LastName: r.LastName, Age: medical.Age(r.BornOn, today),
			Birthday: birthday(r.BornOn, today), BoardingPlace: r.BoardingPlace, PhotoConsent: r.PhotoConsent,
			Parents: call[r.Participant], Leaving: leaving[r.Booking], Sheet: day.Sheet, Medicines: day.Medicines, Forgotten: day.Forgotten, Doses: day.Doses, Records: day.Records}
	}
	return list, nil
}

func fullName(first, last string) string {
	if first == "" {
		return last
	}
	if last == "" {
		return first
	}
	return first + " " + last
}

// birthday: a child born on 29 February has it on 1 March in other years.
func birthday(born, today civil.Date) bool {
	return medical.Age(born, today) > medical.Age(born, today.AddDays(-1))
}
