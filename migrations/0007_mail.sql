-- +goose Up
-- The outbox. A mail is a row written in the transaction of the act that it tells about, and sent by a job afterwards: no
-- confirmation for a booking that was rolled back, no booking without its confirmation. An invoice is not copied into the
-- row: the same PDF, byte for byte, is made again when the mail leaves.

CREATE TABLE mail (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_key   uuid    NOT NULL DEFAULT gen_random_uuid(),
    kind          text    NOT NULL,
    lang          char(2) NOT NULL,
    order_id      bigint  REFERENCES booking_order,
    from_name     text    NOT NULL,
    from_address  text    NOT NULL,
    to_name       text    NOT NULL DEFAULT '',
    to_address    text    NOT NULL,
    subject       text    NOT NULL,
    body_text     text    NOT NULL,
    body_html     text    NOT NULL,
    secret        boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL,
    useless_after timestamptz,
    attempts      int     NOT NULL DEFAULT 0,
    last_error    text    NOT NULL DEFAULT '',
    sent_at       timestamptz,
    dead_at       timestamptz,
    CONSTRAINT mail_kind_named CHECK (kind <> ''),
    CONSTRAINT mail_lang_known CHECK (lang IN ('nl', 'en')),
    CONSTRAINT mail_addressed CHECK (from_address <> '' AND to_address <> ''),
    CONSTRAINT mail_one_line_headers CHECK (concat(from_name, from_address, to_name, to_address, subject) !~ '[\x01-\x1f\x7f]'),
    CONSTRAINT mail_sent_or_dead CHECK (sent_at IS NULL OR dead_at IS NULL)
);
CREATE INDEX mail_by_order ON mail (order_id, created_at) WHERE order_id IS NOT NULL;
CREATE INDEX mail_waiting ON mail (created_at) WHERE sent_at IS NULL AND dead_at IS NULL;
COMMENT ON TABLE mail IS 'owner: shop/mail. The outbox: every message to a person, waiting, sent or dead.';
COMMENT ON COLUMN mail.message_key IS 'makes the Message-ID, the same at every attempt, so that a message sent twice arrives once';
COMMENT ON COLUMN mail.secret IS 'holds a sign-in code or link: the bodies are emptied once it is sent';
COMMENT ON COLUMN mail.useless_after IS 'a code or offer that ran out is not sent any more';
COMMENT ON COLUMN mail.last_error IS 'what the mail server answered last, for operators';

CREATE TABLE mail_attachment (
    mail_id    bigint NOT NULL REFERENCES mail,
    position   int    NOT NULL,
    name       text   NOT NULL,
    media_type text   NOT NULL,
    content_id text   NOT NULL DEFAULT '',
    content    bytea,
    invoice_id bigint REFERENCES invoice,
    PRIMARY KEY (mail_id, position),
    CONSTRAINT mail_attachment_one_source CHECK (num_nonnulls(content, invoice_id) = 1),
    CONSTRAINT mail_attachment_one_line CHECK (concat(name, media_type, content_id) !~ '[\x01-\x1f\x7f]')
);
COMMENT ON TABLE mail_attachment IS 'owner: shop/mail. Files of a message: kept here (content) or made when it leaves (invoice_id). content_id names a picture that the HTML shows as cid:...';
CREATE TRIGGER mail_attachment_insert_only BEFORE UPDATE OR DELETE ON mail_attachment FOR EACH ROW EXECUTE FUNCTION refuse_change();
