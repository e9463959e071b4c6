package messages_test

// dynamic lists the beginnings of keys that the code puts together, so that no literal names them whole. Each entry says
// where that happens; the keys under it count as used.
var dynamic = []string{
	"calendar.",                 // messages/format.go: month, weekday and day by number
	"invoice.about.",            // payments/invoice: by what a line asks besides the holiday
	"invoice.kind.",             // payments/invoice/pdf: by the kind of instalment
	"invoice.title.",            // payments/invoice/pdf: by the kind of invoice
	"account.choose_gender",     // shop/account: fault
	"booking.",                  // shop/booking: faults, by their key
	"catalogue.",                // shop/catalogue: faults
	"decide.",                   // templates/decide, shop/decision: by kind, state and outcome; faults
	"checkout.category.",        // shop/parent: by price category
	"parent.added.",             // shop/parent: by the kind of a charge
	"checkout.due.",             // templates/parent: by the kind of what is due
	"checkout.photo.",           // shop/parent: by the answer about photos
	"fiche.add.",                // shop/parent: by question
	"fiche.log.action.",         // shop/parent: by what was done
	"fiche.log.role.",           // shop/parent: by who did it
	"fiche.camp.",               // shop/parent: by kind of record
	"fiche.row.",                // shop/parent: by question
	"watch.action.",             // shop/office: by what the access log says
	"watch.alert.",              // templates/office: by kind of alert
	"watch.fiches.",             // templates/office: by filter
	"watch.role.",               // shop/office: by role
	"watch.setting.",            // templates/office: by setting
	"country.",                  // by ISO code
	"sepa.state.",               // templates/accounting: by the state of a refund
	"sepa.fault.",               // payments/sepa: faults
	"dunning.stage.",            // shop/accounting: by stage
	"setting.costs.",            // templates/accounting: by the amount
	"online.how.",               // shop/accounting: by the code of a finding
	"online.source.",            // shop/accounting: by where it leads
	"dunning.reason.",           // shop/accounting: by what stopped a reminder
	"books.event.",              // shop/accounting: by the event of an entry
	"difference.kind.",          // templates/accounting: too little or too much
	"books.category.",           // shop/accounting: by the category of a movement at Stripe
	"books.check.",              // shop/accounting: by what is not finished before a close
	"books.left.",               // shop/accounting: by what was left open at a close
	"books.export.",             // shop/accounting: by file
	"books.payments.by_",        // shop/accounting: by method
	"books.payout.",             // shop/accounting: by Stripe's status
	"books.dispute.",            // shop/accounting: by Stripe's status
	"books.fault.",              // payments/books: faults
	"layout.role.",              // layout/base.templ: by the role of the signed-in person
	"layout.tone.",              // layout/base.templ: by the tone of a notice
	"mail.waitlist.",            // templates/mail: by what the letter is about
	"waitlist.status.",          // templates/parent, templates/office: by the status of an entry
	"waitlist.ended.",           // templates/parent: by the status of an entry
	"team.event.",               // shop/office: by what happened
	"mail.cancelled.refund_by.", // templates/mail: by the refund's method
	"mail.cancelled.by.",        // templates/mail: by who ends it
	"change.way.",               // templates/change: by what can be changed
	"change.about.",             // templates/change: by what can be changed
	"change.go.",                // templates/change: by what can be changed
	"change.rebook.kind_",       // shop/change: by the kind of trip
	"change.goodwill.",          // templates/change: by its state, and by the decision
	"mail.changed.",             // templates/mail: by what changed
	"mail.extra.",               // templates/mail: added or removed
	"mail.child.price.",         // templates/mail: by price category
	"mail.due.",                 // templates/mail: by the kind of instalment
	"evidence.",                 // shop/evidence: faults
	"mail.proof.",               // templates/mail: by what is said about a proof
	"parent.proof.state.",       // templates/parent: by the state of the proof
	"parent.proof.need.",        // templates/parent: by price category
	"extra.",                    // shop/extra: faults
	"discount.",                 // shop/discount: faults
	"mail.payer.",               // templates/mail: by what the payer gets
	"mail.payment.by.",          // templates/mail: by the payment's method
	"mail.notice.",              // templates/mail: by the kind of notice
	"family.",                   // templates/family, shop/parent: by kind of to-do, event and right
	"requests.",                 // templates/requests, shop/parent, shop/office: by kind and state of a request
	"parent.evidence.",          // templates/parent: by the state of the proof
	"parent.ended.",             // shop/parent: by how a booking ended
	"office.proof.state.",       // templates/office: the same, for the office
	"parent.invoice.",           // templates/parent: by the kind of document
	"parent.part.",              // templates/parent: by the kind of instalment
	"parent.payment.",           // templates/parent: by the state of a payment
	"parent.refund.",            // templates/parent: by the state of a refund
	"offer.",                    // templates/office/offer, shop/office/offer: by field, state, trip, what is missing and kind of event
	"office.",                   // templates/office, shop/office: by status, state, kind of event and who did it
	"worklist.",                 // templates/office, shop/office: by the kind of item
	"circular.",                 // templates/office, shop/circular: by state, reason and fault
	"dossier.",                  // templates/office, shop/office: by filter and state of a mail
	"roster.",                   // templates/office, shop/office: by filter, column and purpose
	"parent.status.",            // templates/parent: by the status of a booking
	"payments.",                 // payments: faults
	"mail.notice.",              // templates/mail: a reminder before the due day
	"mail.reminder.",            // templates/mail: one after it
	"mail.second.",              // templates/mail: one after the term of that
	"mail.todo.proof.",          // templates/mail: by price category
	"online.finding.",           // payments/online: by the code of a finding
	"medical.",                  // medical: faults, limits, outcomes and moments by their key
	"animator.offline.",         // templates/animator: words for the script
	"animator.mark.",            // templates/animator: by mark
	"animator.photo.",           // shop/animator: by the choice about photos
	"watch.action.",             // shop/office: by what the access log says
	"watch.alert.",              // templates/office: by kind of alert
	"watch.fiches.",             // templates/office: by filter
	"watch.role.",               // shop/office: by role
	"watch.setting.",            // templates/office: by setting
	"country.",                  // templates/public, shop/public: by the country's code
	"calculator.trips.",         // templates/public/calculator.templ: by trip
	"terms.",                    // terms: by the code of a problem
	"public.kind.",              // shop/public: by the kind of holiday
	"public.price.",             // templates/public/holiday.templ: by price category
	"public.price_for.",         // templates/public/holiday.templ: by price category
	"public.closed.",            // templates/public/holiday.templ: by why it cannot be booked
	"public.due.",               // templates/public/holiday.templ: by kind of payment
	"bank.file.skip.",           // templates/accounting: by why a statement was left out
	"bank.how.",                 // templates/accounting: by how a movement was matched
	"bank.kind.",                // shop/accounting: by the file's format
	"bank.problem.",             // shop/accounting: by the code of a problem
	"accounting.method.",        // templates/accounting: by the payment's method
	"accounting.place.",         // templates/accounting: by the account's code
	"accounting.show.",          // shop/accounting: by invoice.Show
	"accounting.sort.",          // shop/accounting: by invoice.Sort
	"accounting.status.",        // templates/accounting: by invoice.Status
}
