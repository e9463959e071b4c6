-- +goose Up
-- Reminders go by post to families that no mail reaches, and a second one follows the first. A reminder whose mail came back
-- was none. Letters are printed as a batch; their term runs from the day on which somebody says that they were posted. What
-- collecting costs, and what the QR code says, are settings with a history.

ALTER TABLE dunning_step
    ADD COLUMN channel text   NOT NULL DEFAULT 'mail',
    ADD COLUMN mail_id bigint REFERENCES mail,
    ADD COLUMN nth     int    NOT NULL DEFAULT 1,
    ADD COLUMN costs_cents bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT dunning_step_stage_known,
    DROP CONSTRAINT dunning_step_outcome_known,
    DROP CONSTRAINT dunning_step_term,
    ADD CONSTRAINT dunning_step_stage_known CHECK (stage IN ('notice', 'reminder', 'second')),
    ADD CONSTRAINT dunning_step_outcome_known CHECK (outcome IN ('sent', 'skipped', 'to_post')),
    ADD CONSTRAINT dunning_step_channel_known CHECK (channel IN ('mail', 'post')),
    ADD CONSTRAINT dunning_step_term CHECK ((until IS NOT NULL) = (stage <> 'notice' AND outcome = 'sent'));
DROP INDEX dunning_step_sent_once;
CREATE UNIQUE INDEX dunning_step_sent_once ON dunning_step (order_id, stage, due_on, channel, nth) WHERE outcome = 'sent';
CREATE UNIQUE INDEX dunning_step_to_post_once ON dunning_step (order_id, stage, due_on) WHERE outcome = 'to_post';
COMMENT ON TABLE dunning_step IS 'owner: shop/booking. A reminder about what an order owes on one day: sent, waiting to be printed (to_post), or left out, once per reason. until = the last day of the family''s term. nth counts what was sent by one channel: a mail that came back is sent again to the new address. costs_cents = what it announced that may be asked once its term is over.';

CREATE VIEW dunning_delivered AS
    SELECT s.order_id, s.stage, s.due_on, s.channel, s.until, s.costs_cents, s.at FROM dunning_step s
    WHERE s.outcome = 'sent' AND NOT (s.channel = 'mail' AND s.stage <> 'notice' AND EXISTS (
        SELECT 1 FROM mail m WHERE m.id = s.mail_id AND (m.dead_at IS NOT NULL OR EXISTS (
            SELECT 1 FROM mail_bounce_event b WHERE b.address = lower(m.to_address) AND b.kind = 'bounced' AND b.at >= s.at AND b.at::date <= s.until))));
COMMENT ON VIEW dunning_delivered IS 'reader: shop/booking. Steps that reached the family as far as the shop knows: the mail was not given up, and its address did not come back while the term ran.';

CREATE TABLE dunning_batch (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    posted_on date   NOT NULL,
    letters   int    NOT NULL,
    content   bytea  NOT NULL,
    staff_id  bigint NOT NULL REFERENCES staff,
    at        timestamptz NOT NULL,
    CONSTRAINT dunning_batch_of_something CHECK (letters > 0)
);
COMMENT ON TABLE dunning_batch IS 'owner: shop/booking. Letters that were printed together, as PDF: what was sent, to show later. posted_on = the day that the letters count from.';
CREATE TRIGGER dunning_batch_insert_only BEFORE UPDATE OR DELETE ON dunning_batch FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE dunning_letter (
    batch_id   bigint NOT NULL REFERENCES dunning_batch,
    order_id   bigint NOT NULL REFERENCES booking_order,
    stage      text   NOT NULL,
    due_on     date   NOT NULL,
    open_cents bigint NOT NULL,
    costs_cents bigint NOT NULL,
    until      date   NOT NULL,
    PRIMARY KEY (batch_id, order_id, stage, due_on)
);
CREATE INDEX dunning_letter_by_order ON dunning_letter (order_id);
COMMENT ON TABLE dunning_letter IS 'owner: shop/booking. The letters of a batch, and the term that each names.';
CREATE TRIGGER dunning_letter_insert_only BEFORE UPDATE OR DELETE ON dunning_letter FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE dunning_batch_end (
    batch_id  bigint PRIMARY KEY REFERENCES dunning_batch,
    outcome   text   NOT NULL,
    posted_on date,
    staff_id  bigint NOT NULL REFERENCES staff,
    at        timestamptz NOT NULL,
    CONSTRAINT dunning_batch_end_known CHECK (outcome IN ('posted', 'dropped')),
    CONSTRAINT dunning_batch_end_day CHECK ((posted_on IS NOT NULL) = (outcome = 'posted'))
);
COMMENT ON TABLE dunning_batch_end IS 'owner: shop/booking. What became of a batch: posted, or not sent after all; then its letters wait again.';
CREATE TRIGGER dunning_batch_end_insert_only BEFORE UPDATE OR DELETE ON dunning_batch_end FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE dunning_costs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clause       text   NOT NULL,
    placed_from  date,
    small_cents  bigint NOT NULL,
    middle_cents bigint NOT NULL,
    middle_bp    int    NOT NULL,
    large_cents  bigint NOT NULL,
    large_bp     int    NOT NULL,
    most_cents   bigint NOT NULL,
    staff_id     bigint NOT NULL REFERENCES staff,
    at           timestamptz NOT NULL,
    CONSTRAINT dunning_costs_within_law CHECK (
        small_cents BETWEEN 0 AND 2000 AND middle_cents BETWEEN 0 AND 3000 AND middle_bp BETWEEN 0 AND 1000
        AND large_cents BETWEEN 0 AND 6500 AND large_bp BETWEEN 0 AND 500 AND most_cents BETWEEN 0 AND 200000),
    CONSTRAINT dunning_costs_agreed CHECK ((placed_from IS NOT NULL) = (clause <> ''))
);
COMMENT ON TABLE dunning_costs IS 'owner: shop/booking. What may be asked of late payers, every version; the newest counts, and none at all is nothing. placed_from NULL = nothing is asked. The caps are art. XIX.4 WER; clause = where the terms say it, which the law asks.';
CREATE TRIGGER dunning_costs_insert_only BEFORE UPDATE OR DELETE ON dunning_costs FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE dunning_charge (
    order_id     bigint NOT NULL REFERENCES booking_order,
    due_on       date   NOT NULL,
    booking_id   bigint NOT NULL REFERENCES booking,
    open_cents   bigint NOT NULL,
    amount_cents bigint NOT NULL,
    staff_id     bigint NOT NULL REFERENCES staff,
    at           timestamptz NOT NULL,
    PRIMARY KEY (order_id, due_on)
);
COMMENT ON TABLE dunning_charge IS 'owner: shop/booking. Costs of collecting that somebody asked, once for what was due on a day.';
CREATE TRIGGER dunning_charge_insert_only BEFORE UPDATE OR DELETE ON dunning_charge FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE charge DROP CONSTRAINT charge_kind_known;
ALTER TABLE charge ADD CONSTRAINT charge_kind_known CHECK (kind IN
    ('price', 'extra', 'premium', 'discount', 'cancellation_fee', 'rebooking_fee', 'costs', 'price_rise', 'goodwill', 'late_costs'));

CREATE TABLE epc_setting (
    id       bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version  text    NOT NULL,
    as_text  boolean NOT NULL,
    staff_id bigint  NOT NULL REFERENCES staff,
    at       timestamptz NOT NULL,
    CONSTRAINT epc_setting_version_known CHECK (version IN ('001', '002'))
);
COMMENT ON TABLE epc_setting IS 'owner: payments/invoice. How the QR code of a payment is written, every version: a document keeps that of the day on which it was made. None = 002, the reference in the structured line.';
CREATE TRIGGER epc_setting_insert_only BEFORE UPDATE OR DELETE ON epc_setting FOR EACH ROW EXECUTE FUNCTION refuse_change();
