-- +goose Up
-- A job that writes a letter runs again when its process ended before the end was noted, and wrote the same letter twice. A
-- letter now knows the job that wrote it, and the same one of the same job is written once.

ALTER TABLE mail ADD COLUMN job_id bigint;
COMMENT ON COLUMN mail.job_id IS 'the job that wrote it, NULL when none did: the same letter of the same job is written once';
CREATE UNIQUE INDEX mail_once_per_job ON mail (job_id, md5(kind || ' ' || coalesce(order_id, 0) || ' ' || to_address || ' ' || subject || ' ' || body_text)) WHERE job_id IS NOT NULL;
