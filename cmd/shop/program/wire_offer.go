package program

import (
	"context"
	"time"

	"joetz/shop/catalogue"
	"joetz/shop/office/offer"
	"joetz/shop/queue"
	"joetz/terms"
)

// catalogueTerms are the terms that new holidays are checked against before they are published.
func catalogueTerms() *terms.Terms {
	t := terms.JOETZ2027()
	return &t
}

// offerPages are the office's pages of the catalogue.
func (p *Program) offerPages() *offer.Handlers {
	return &offer.Handlers{Catalogue: p.Services.Catalogue, Bookings: p.Services.Bookings, Questions: p.Services.Medical.Questions.Current()}
}

// catalogueJobs publishes what the office planned: at its moment, and each minute for what a stopped shop missed.
func (p *Program) catalogueJobs(work *queue.Runner) {
	queue.Handle(work, func(ctx context.Context, _ catalogue.PublishArgs) error { return p.Services.Catalogue.PublishDue(ctx) })
	work.Every(queue.Each(time.Minute), catalogue.PublishArgs{})
}
