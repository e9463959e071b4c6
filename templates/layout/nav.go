package layout

// NavItem is one entry of the navigation.
type NavItem struct {
	Href string
	Key  string // message key
	Only bool   // current at exactly this address, not below it: the overview of a group
}

// navigation is what each group sees; the empty role is a visitor. A page that nobody can reach from here is reached from
// a page that is.
var navigation = map[Role][]NavItem{
	"": {
		{Href: "/vakanties", Key: "layout.nav.holidays"},
		{Href: "/voorwaarden", Key: "layout.nav.terms"},
		{Href: "/contact", Key: "layout.nav.contact"},
	},
	Parent: {
		{Href: "/vakanties", Key: "layout.nav.holidays"},
		{Href: "/mijn", Key: "layout.nav.mine"},
		{Href: "/contact", Key: "layout.nav.contact"},
	},
	Office: {
		{Href: "/kantoor", Key: "layout.nav.worklist", Only: true},
		{Href: "/kantoor/vertrekken", Key: "layout.nav.departures"},
		{Href: "/kantoor/boekingen", Key: "layout.nav.bookings"},
		{Href: "/kantoor/gezinnen", Key: "layout.nav.families"},
		{Href: "/kantoor/vragen", Key: "layout.nav.requests"},
		{Href: "/kantoor/aanbod", Key: "layout.nav.offer"},
	},
	Animator: {
		{Href: "/animator", Key: "layout.nav.animator"},
	},
	Lead: {
		{Href: "/animator", Key: "layout.nav.animator"},
	},
	Accounting: {
		{Href: "/boekhouding", Key: "layout.nav.accounting", Only: true},
		{Href: "/boekhouding/facturen", Key: "layout.nav.invoices"},
		{Href: "/boekhouding/bank", Key: "layout.nav.bank"},
		{Href: "/boekhouding/rekeningen", Key: "layout.nav.accounts"},
	},
}

// Nav is the navigation of the signed-in group.
func (p Page) Nav() []NavItem {
	if p.User == nil {
		return navigation[""]
	}
	return navigation[p.User.Role]
}

// Home is where the organiser's name in the header leads.
func (p Page) Home() string {
	if p.User != nil && p.User.Role != Parent {
		return p.Nav()[0].Href
	}
	return "/"
}

func (p Page) current(item NavItem) bool {
	if item.Only {
		return p.At(item.Href) && len(p.Path) == len(item.Href)
	}
	return p.At(item.Href)
}
