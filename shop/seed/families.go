package seed

import "joetz/shop/catalogue"

// story is what happens to one order of a demo family. Days count back from the day on which the shop opens.
type story struct {
	holiday  string // code of the holiday, without its year; "today" for the camp that is on
	children []kid
	booked   int    // days ago
	parts    int    // instalments
	online   bool   // chose to pay on line (and has not done so yet)
	pays     []pay  // transfers, each a share of what was asked then
	accept   int    // days ago on which the office said welcome; 0 = not, or nothing to decide
	ends     []ends // children who are cancelled
	extra    int64  // cents paid too much with the first payment
}

type kid struct {
	first    string
	age      int // in the year of the departure
	category catalogue.Category
	insured  bool
	care     string // "" = no extra care
	photo    string
}

type pay struct {
	ago   int
	whole bool // everything that is open, not only what falls due first
}

type ends struct {
	child int // index in children
	ago   int
	by    string
	why   string // where the office ends it
}

type family struct {
	first, last, email, phone, street, postal, city string
	stories                                         []story
}

const (
	base = catalogue.Base
	sol  = catalogue.Solidaris
	vt   = catalogue.VT
)

// families are some twenty families whose bookings stand in every state.
var families = []family{
	{"Els", "Janssens", "ouder@demo.joetz.example", "0470 11 22 33", "Kerkstraat 12", "3000", "Leuven", []story{
		{holiday: "BI-06", booked: 30, parts: 3, pays: []pay{{ago: 24}}, children: []kid{{"Noor", 10, base, true, "", "yes"}, {"Warre", 9, base, false, "", "group"}}},
		{holiday: "BU-10", booked: 6, parts: 1, children: []kid{{"Warre", 9, vt, false, "", "no"}}},
		{holiday: "today", booked: 150, parts: 1, pays: []pay{{ago: 140, whole: true}}, children: []kid{{"Noor", 10, base, false, "Noor heeft astma. Haar puffer zit altijd in haar rugzak; bij koud weer twee pufjes voor het sporten.", "yes"}}, accept: 148},
	}},
	{"Karim", "El Amrani", "karim@demo.joetz.example", "0471 22 33 44", "Turnhoutsebaan 88", "2140", "Borgerhout", []story{
		{holiday: "BU-05", booked: 41, parts: 2, pays: []pay{{ago: 35}}, children: []kid{{"Yasmine", 16, sol, true, "", "yes"}}},
	}},
	{"Sofie", "Peeters", "sofie@demo.joetz.example", "0472 33 44 55", "Stationsplein 3", "9000", "Gent", []story{
		{holiday: "VL-01", booked: 20, parts: 1, pays: []pay{{ago: 15, whole: true}}, children: []kid{{"Lotte", 16, base, true, "", "yes"}}},
		{holiday: "today", booked: 120, parts: 1, pays: []pay{{ago: 110, whole: true}}, children: []kid{{"Stan", 10, base, false, "", "yes"}}},
	}},
	{"Tom", "Vermeulen", "tom@demo.joetz.example", "0473 44 55 66", "Dorpsstraat 7", "2200", "Herentals", []story{
		{holiday: "BI-03", booked: 25, parts: 1, children: []kid{{"Jules", 8, base, false, "", "no"}}}, // deposit overdue
	}},
	{"Amina", "Diallo", "amina@demo.joetz.example", "0474 55 66 77", "Brugsesteenweg 210", "8000", "Brugge", []story{
		{holiday: "BI-04", booked: 3, parts: 1, children: []kid{{"Fatou", 9, vt, false, "Fatou draagt gehoorapparaten en volgt liplezend. Spreek haar aan met je gezicht naar haar toe.", "group"}}}, // in review
		{holiday: "today", booked: 100, parts: 1, pays: []pay{{ago: 90, whole: true}}, accept: 97, children: []kid{{"Moussa", 11, vt, false, "Moussa heeft een notenallergie. Zijn EpiPen zit in de EHBO-tas, de tweede bij hemzelf.", "no"}}},
	}},
	{"Pieter", "De Smet", "pieter@demo.joetz.example", "0475 66 77 88", "Lange Munt 14", "9000", "Gent", []story{
		{holiday: "BU-01", booked: 38, parts: 1, pays: []pay{{ago: 30}}, ends: []ends{{child: 0, ago: 10, by: "customer"}}, children: []kid{{"Emma", 14, base, false, "", "yes"}}},
	}},
	{"Griet", "Maes", "griet@demo.joetz.example", "0476 77 88 99", "Hoogstraat 55", "1000", "Brussel", []story{
		{holiday: "BI-08", booked: 33, parts: 1, pays: []pay{{ago: 28, whole: true}}, ends: []ends{{child: 1, ago: 5, by: "customer"}}, children: []kid{{"Lander", 13, base, true, "", "yes"}, {"Sien", 12, base, true, "", "yes"}}},
	}},
	{"Johan", "Willems", "johan@demo.joetz.example", "0477 88 99 00", "Molenweg 2", "3500", "Hasselt", []story{
		{holiday: "BU-06", booked: 12, parts: 3, online: true, children: []kid{{"Fien", 14, sol, false, "", "group"}}},
		{holiday: "today", booked: 130, parts: 1, pays: []pay{{ago: 125, whole: true}}, children: []kid{{"Kobe", 12, sol, false, "", "group"}}},
	}},
	{"Nathalie", "Claes", "nathalie@demo.joetz.example", "0478 99 00 11", "Nieuwstraat 19", "2800", "Mechelen", []story{
		{holiday: "BI-12", booked: 40, parts: 1, pays: []pay{{ago: 36}, {ago: 9}}, children: []kid{{"Mona", 8, sol, false, "", "yes"}}},
	}},
	{"Bart", "Jacobs", "bart@demo.joetz.example", "0479 00 11 22", "Zeelaan 101", "8400", "Oostende", []story{
		{holiday: "BI-05", booked: 18, parts: 2, pays: []pay{{ago: 11}}, extra: 2500, children: []kid{{"Finn", 11, base, false, "", "no"}, {"Lou", 10, base, false, "", "no"}}},
		{holiday: "today", booked: 90, parts: 1, pays: []pay{{ago: 85, whole: true}}, ends: []ends{{child: 1, ago: 20, by: "customer"}}, children: []kid{{"Finn", 11, base, false, "", "no"}, {"Lou", 10, base, false, "", "no"}}},
	}},
	{"Hilde", "Goossens", "hilde@demo.joetz.example", "0480 11 22 33", "Berkenlaan 8", "3600", "Genk", []story{
		{holiday: "BI-14", booked: 22, parts: 1, accept: 19, pays: []pay{{ago: 15}}, children: []kid{{"Robbe", 13, sol, true, "Robbe zit in een rolstoel en heeft hulp nodig bij het aankleden.", "yes"}}},
	}},
	{"Mehmet", "Yilmaz", "mehmet@demo.joetz.example", "0481 22 33 44", "Koningsstraat 41", "3530", "Houthalen", []story{
		{holiday: "BU-04", booked: 9, parts: 1, pays: []pay{{ago: 2}}, children: []kid{{"Elif", 16, base, true, "", "group"}, {"Deniz", 15, base, true, "", "group"}}},
	}},
	{"Katrien", "Wouters", "katrien@demo.joetz.example", "0482 33 44 55", "Parklaan 77", "9100", "Sint-Niklaas", []story{
		{holiday: "BI-13", booked: 1, parts: 1, children: []kid{{"Tuur", 7, vt, false, "", "yes"}}},
		{holiday: "today", booked: 75, parts: 1, pays: []pay{{ago: 70, whole: true}}, children: []kid{{"Mil", 12, base, false, "", "yes"}}},
	}},
	{"Wim", "Hermans", "wim@demo.joetz.example", "0483 44 55 66", "Schoolstraat 5", "3200", "Aarschot", []story{
		{holiday: "BE-01", booked: 27, parts: 2, pays: []pay{{ago: 21}}, ends: []ends{{child: 0, ago: 4, by: "organiser", why: "De begeleider die mee zou gaan, viel uit. Er kwam geen andere."}}, accept: 23, children: []kid{{"Siebe", 13, base, false, "Siebe slaapwandelt.", "no"}}},
	}},
	{"Leen", "Martens", "leen@demo.joetz.example", "0484 55 66 77", "Vaartkom 31", "3000", "Leuven", []story{
		{holiday: "BU-11", booked: 36, parts: 1, pays: []pay{{ago: 30, whole: true}}, ends: []ends{{child: 0, ago: 8, by: "organiser", why: "Te weinig deelnemers uit deze regio voor een bus."}}, children: []kid{{"Ward", 14, base, false, "", "yes"}}},
	}},
	{"Ahmed", "Benali", "ahmed@demo.joetz.example", "0485 66 77 88", "Gallaitstraat 60", "1030", "Schaarbeek", []story{
		{holiday: "BI-01", booked: 15, parts: 1, pays: []pay{{ago: 8}}, children: []kid{{"Sami", 8, vt, false, "", "no"}, {"Lina", 7, vt, false, "", "no"}}},
		{holiday: "today", booked: 140, parts: 1, pays: []pay{{ago: 133, whole: true}}, children: []kid{{"Ilyas", 11, vt, false, "", "no"}}},
	}},
	{"Ingrid", "Lemmens", "ingrid@demo.joetz.example", "0486 77 88 99", "Kapelstraat 23", "3700", "Tongeren", []story{
		{holiday: "VL-03", booked: 16, parts: 2, pays: []pay{{ago: 9}}, children: []kid{{"Jana", 16, sol, true, "", "yes"}}},
	}},
	{"Stef", "Aerts", "stef@demo.joetz.example", "0487 88 99 00", "Nijverheidskaai 2", "2850", "Boom", []story{
		{holiday: "BI-10", booked: 5, parts: 1, online: true, children: []kid{{"Vic", 14, base, false, "", "group"}}},
		{holiday: "today", booked: 80, parts: 1, pays: []pay{{ago: 78, whole: true}}, accept: 79, children: []kid{{"Nora", 10, base, false, "Nora neemt elke avond een pilletje voor haar epilepsie. Laatste aanval: drie jaar geleden.", "yes"}}},
	}},
	{"Veerle", "Smets", "veerle@demo.joetz.example", "0488 99 00 11", "Processieweg 9", "2440", "Geel", []story{
		{holiday: "BU-07", booked: 31, parts: 3, pays: []pay{{ago: 26}}, children: []kid{{"Arne", 15, sol, false, "", "yes"}}},
	}},
	{"Dirk", "Cools", "dirk@demo.joetz.example", "0489 00 11 22", "Zandstraat 64", "8500", "Kortrijk", []story{
		{holiday: "BI-17", booked: 14, parts: 1, pays: []pay{{ago: 7}}, children: []kid{{"Lore", 11, base, true, "", "group"}}},
		{holiday: "today", booked: 60, parts: 1, pays: []pay{{ago: 50, whole: true}}, children: []kid{{"Pepijn", 12, base, false, "", "group"}}},
	}},
}
