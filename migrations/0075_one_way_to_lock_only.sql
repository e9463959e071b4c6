-- +goose Up
-- locked_checkout stayed for the release that still asked it while locked_checkouts was rolled out; the last one asks it no more.
DROP FUNCTION locked_checkout(bytea, bigint);
