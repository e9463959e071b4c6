// Package queue runs background work: mails, webhooks, reminders, deadlines.
//
// Owns: what is to be done later. Tables: job.
// May import: migrations/pg, terms/civil, terms/id.
// Always true: a job that is inserted in a transaction exists exactly when that transaction commits. A job runs at least
// once and may run twice (a process that dies mid-way leaves its job to another), so every handler checks what is
// already done. A handler holds no lock and no transaction of the queue's: it may talk to slow servers. A job that keeps
// failing is kept as dead until a person decides. The queue knows no job: arguments live with the package that inserts
// them, handlers are registered by the program.
//
// Two clocks: run_at is compared with Now, which demos and tests move; leases and the times of bookkeeping are the
// database's own, since they are about processes and not about holidays.
//
// A Runner takes only the kinds it has handlers for. Work that comes in heaps and waits on others (mail) belongs in a
// Runner of its own, so that a campaign of five thousand mails does not stand before a payment.
package queue
