-- The queue of background work. A job is inserted in the transaction of the business act that wants it, so that act and
-- job commit together or not at all. Work that talks to the outside (mail, Stripe) may be slow: a worker therefore takes
-- a job for a limited time (leased_until) and holds no transaction meanwhile; when the process dies, the lease runs out
-- and another takes the job. So a job may run twice, and every handler bears that.

-- +goose Up
CREATE TABLE job (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    kind         text        NOT NULL,
    args         jsonb       NOT NULL,
    unique_key   text,
    state        text        NOT NULL DEFAULT 'waiting',
    run_at       timestamptz NOT NULL DEFAULT '-infinity',
    attempts     smallint    NOT NULL DEFAULT 0,
    max_attempts smallint    NOT NULL,
    leased_until timestamptz,
    leased_by    text,
    last_error   text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    ended_at     timestamptz,
    CONSTRAINT job_pkey PRIMARY KEY (id),
    CONSTRAINT job_state_known CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    CONSTRAINT job_kind_named CHECK (kind <> ''),
    CONSTRAINT job_attempts_in_range CHECK (attempts BETWEEN 0 AND max_attempts AND max_attempts > 0),
    CONSTRAINT job_running_is_leased CHECK ((state = 'running') = (leased_until IS NOT NULL AND leased_by IS NOT NULL)),
    CONSTRAINT job_ended_when_over CHECK ((state IN ('done', 'dead')) = (ended_at IS NOT NULL))
);

COMMENT ON TABLE job IS 'owner: shop/queue. Background work; dead jobs stay until a person decides.';
COMMENT ON COLUMN job.args IS 'ids only, never names or answers: jobs are read by operators and kept after they ran';
COMMENT ON COLUMN job.unique_key IS 'at most one job of a kind has this key, whatever its state; null = any number';
COMMENT ON COLUMN job.run_at IS 'not before this time on the shop''s clock, which tests and demos move; -infinity = at once';
COMMENT ON COLUMN job.leased_until IS 'on the database''s clock, as created_at and ended_at are';
COMMENT ON COLUMN job.state IS 'waiting (also between attempts), running under a lease, done, dead (gave up after max_attempts)';
COMMENT ON COLUMN job.last_error IS 'why the latest attempt failed, for operators; errors carry no personal data';

-- One job per key: a periodic job uses its period as key, so a done one must still block the second.
CREATE UNIQUE INDEX job_unique_key ON job (kind, unique_key) WHERE unique_key IS NOT NULL;
-- What is due, in the order in which it is taken.
CREATE INDEX job_due ON job (run_at, id) WHERE state = 'waiting';
-- Leases that ran out: their worker died.
CREATE INDEX job_leased ON job (leased_until) WHERE state = 'running';
-- Clearing away done jobs, and the operators' list of dead ones.
CREATE INDEX job_ended ON job (state, ended_at) WHERE state IN ('done', 'dead');
