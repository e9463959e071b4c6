package layout

// NavItem is one entry of the navigation.
type NavItem struct {
	Href string
	Key  string    // message key
	Only bool      // current at exactly this address, not below it: the overview of a group
	Also []string  // other addresses below which it is current
	Sub  []NavItem // the pages of its part, in a row of their own while one of them is open
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
	// The office's day: what waits, who booked, what is offered, what families wrote. Each part has a second row of pages.
	Office: {
		{Href: "/kantoor", Key: "layout.nav.worklist", Only: true, Also: []string{"/kantoor/werk", "/kantoor/zorg"}},
		{Href: "/kantoor/boekingen", Key: "layout.nav.bookings", Also: []string{"/kantoor/boeking", "/kantoor/kind", "/kantoor/zoeken", "/kantoor/deelnemer"}, Sub: []NavItem{
			{Href: "/kantoor/boekingen", Key: "layout.nav.all_bookings"},
			{Href: "/kantoor/gezinnen", Key: "layout.nav.families"},
			{Href: "/kantoor/wachtlijst", Key: "layout.nav.waitlist"},
			{Href: "/kantoor/bewijzen", Key: "layout.nav.proofs"},
		}},
		{Href: "/kantoor/vertrekken", Key: "layout.nav.departures", Also: []string{"/kantoor/vertrek", "/kantoor/prijsverhoging", "/kantoor/fiches", "/kantoor/nood"}, Sub: []NavItem{
			{Href: "/kantoor/vertrekken", Key: "layout.nav.all_departures"},
			{Href: "/kantoor/besluiten", Key: "layout.nav.decisions"},
			{Href: "/kantoor/fiches", Key: "layout.nav.fiches"},
		}},
		{Href: "/kantoor/aanbod", Key: "layout.nav.offer", Sub: []NavItem{
			{Href: "/kantoor/aanbod", Key: "layout.nav.holidays"},
			{Href: "/kantoor/extras", Key: "layout.nav.extras"},
			{Href: "/kantoor/kortingen", Key: "layout.nav.discounts"},
		}},
		{Href: "/kantoor/vragen", Key: "layout.nav.requests"},
	},
	Animator: {
		{Href: "/animator", Key: "layout.nav.animator"},
	},
	Lead: {
		{Href: "/animator", Key: "layout.nav.animator"},
	},
	Accounting: {
		{Href: "/boekhouding", Key: "layout.nav.accounting", Only: true},
		{Href: "/boekhouding/facturen", Key: "layout.nav.invoices", Also: []string{"/boekhouding/bestellingen"}, Sub: []NavItem{
			{Href: "/boekhouding/facturen", Key: "layout.nav.invoices"},
			{Href: "/boekhouding/herinneringen", Key: "dunning.title"},
		}},
		{Href: "/boekhouding/bank", Key: "layout.nav.bank", Sub: []NavItem{
			{Href: "/boekhouding/bank", Key: "layout.nav.bank"},
			{Href: "/boekhouding/stripe", Key: "books.stripe.title"},
			{Href: "/boekhouding/betalingen", Key: "books.payments.title"},
			{Href: "/boekhouding/terugbetalingen", Key: "sepa.title"},
			{Href: "/boekhouding/verschillen", Key: "difference.title"},
		}},
		{Href: "/boekhouding/rekeningen", Key: "layout.nav.accounts", Also: []string{"/boekhouding/journaal"}, Sub: []NavItem{
			{Href: "/boekhouding/rekeningen", Key: "layout.nav.accounts"},
			{Href: "/boekhouding/vooruitontvangen", Key: "books.deferred.title"},
			{Href: "/boekhouding/verzekeraar", Key: "books.insurer.title"},
			{Href: "/boekhouding/afsluiten", Key: "books.close.title"},
			{Href: "/boekhouding/uitvoer", Key: "books.export.title"},
		}},
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

// SubNav is the second row: the pages of the part that is open; none where it has one page.
func (p Page) SubNav() []NavItem {
	for _, item := range p.Nav() {
		if len(item.Sub) > 0 && p.current(item) {
			return item.Sub
		}
	}
	return nil
}

func (p Page) current(item NavItem) bool {
	for _, path := range item.Also {
		if p.At(path) {
			return true
		}
	}
	for _, page := range item.Sub {
		if p.current(page) {
			return true
		}
	}
	if item.Only {
		return p.At(item.Href) && len(p.Path) == len(item.Href)
	}
	return p.At(item.Href)
}
