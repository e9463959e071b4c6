-- +goose Up
-- What is forgotten in time: the words and addresses of old mails, and who paid once no law asks to keep it.
ALTER TABLE mail ADD COLUMN forget boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN mail.forget IS 'the family was forgotten while this waited: it goes out, and is emptied in that moment';
CREATE INDEX mail_kept ON mail (created_at) WHERE to_address <> 'gewist@example.invalid';
COMMENT ON COLUMN mail.to_address IS 'gewist@example.invalid = the family was forgotten, or the mail is old: its words are gone too';
COMMENT ON COLUMN payer.wiped_at IS 'name and address are gone: the family was forgotten and no order has it, or the papers of its orders need not be kept any more';
