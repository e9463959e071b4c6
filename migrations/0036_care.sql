-- +goose Up
-- A booking that was placed goes back to "in review" when the parent says in the fiche that a child needs more support. What
-- was charged and paid stays; the day is kept, so that every due date moves on by as many days as it was discussed.

ALTER TABLE booking ADD COLUMN paused_on date;
COMMENT ON COLUMN booking.paused_on IS 'since when care is discussed of a booking that was placed before: no due date runs; NULL for one that was in review from the start, whose schedule begins when staff let the child come';
ALTER TABLE booking ADD CONSTRAINT booking_paused_whole CHECK (paused_on IS NULL OR status <> 'placed');
