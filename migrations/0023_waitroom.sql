-- +goose Up
-- On the morning of the sale thousands come at once. Who waits before the opening gets a place by lot; nobody gains by
-- being the fastest, by reloading, or by a better line.

CREATE TABLE sale_opening (
    opens_at    timestamptz NOT NULL PRIMARY KEY,
    seed        text,
    drawn_at    timestamptz,
    last_rank   int         NOT NULL DEFAULT 0,
    let_in      int         NOT NULL DEFAULT 0,
    advanced_at timestamptz NOT NULL,
    CONSTRAINT sale_opening_drawn_whole CHECK ((seed IS NULL) = (drawn_at IS NULL)),
    CONSTRAINT sale_opening_let_in_range CHECK (let_in BETWEEN 0 AND last_rank)
);
COMMENT ON TABLE sale_opening IS 'owner: shop/waitroom. A moment at which departures go on sale and that somebody waits for. Ranks up to let_in are in; seed makes the lot checkable afterwards.';

CREATE TABLE sale_visitor (
    opens_at    timestamptz NOT NULL REFERENCES sale_opening,
    guardian_id bigint      NOT NULL REFERENCES guardian ON DELETE CASCADE,
    joined_at   timestamptz NOT NULL,
    rank        int,
    PRIMARY KEY (opens_at, guardian_id),
    CONSTRAINT sale_visitor_rank_once UNIQUE (opens_at, rank)
);
COMMENT ON TABLE sale_visitor IS 'owner: shop/waitroom. A family in the line of an opening, once. rank NULL = the lot is not drawn yet.';
