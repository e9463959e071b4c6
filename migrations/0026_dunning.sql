-- +goose Up
-- Reminding families of money: every step that was taken or left out, with its reason. The law wants the first reminder free
-- and provable, and fourteen days after it; the shop never ends a booking by itself.

CREATE TABLE dunning_step (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id   bigint NOT NULL REFERENCES booking_order,
    stage      text   NOT NULL,
    due_on     date   NOT NULL,
    open_cents bigint NOT NULL,
    outcome    text   NOT NULL,
    reason     text   NOT NULL DEFAULT '',
    until      date,
    at         timestamptz NOT NULL,
    CONSTRAINT dunning_step_stage_known CHECK (stage IN ('notice', 'reminder')),
    CONSTRAINT dunning_step_outcome_known CHECK (outcome IN ('sent', 'skipped')),
    CONSTRAINT dunning_step_reasoned CHECK ((outcome = 'skipped') = (reason <> '')),
    CONSTRAINT dunning_step_term CHECK ((until IS NOT NULL) = (stage = 'reminder' AND outcome = 'sent'))
);
CREATE UNIQUE INDEX dunning_step_sent_once ON dunning_step (order_id, stage, due_on) WHERE outcome = 'sent';
CREATE UNIQUE INDEX dunning_step_skipped_once ON dunning_step (order_id, stage, due_on, reason) WHERE outcome = 'skipped';
COMMENT ON TABLE dunning_step IS 'owner: shop/booking. A reminder by mail about what an order owes on one day: sent once, or left out, once per reason. until = the last day of the family''s fourteen days.';
CREATE TRIGGER dunning_step_insert_only BEFORE UPDATE OR DELETE ON dunning_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE dunning_pause (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES booking_order,
    until    date   NOT NULL,
    reason   text   NOT NULL,
    staff_id bigint NOT NULL REFERENCES staff,
    at       timestamptz NOT NULL,
    CONSTRAINT dunning_pause_reasoned CHECK (reason <> '')
);
CREATE INDEX dunning_pause_by_order ON dunning_pause (order_id, id DESC);
COMMENT ON TABLE dunning_pause IS 'owner: shop/booking. An agreement with a family: no reminders up to that day. The newest counts; one that ends today ends the pause.';
CREATE TRIGGER dunning_pause_insert_only BEFORE UPDATE OR DELETE ON dunning_pause FOR EACH ROW EXECUTE FUNCTION refuse_change();
