-- +goose Up
-- A second person agrees with a refund to one account. Which one was told by the clock: two processes whose clocks differ could take an
-- agreement with the account before for one with the account that somebody named since.
ALTER TABLE refund_approval
    ADD COLUMN account_known boolean NOT NULL DEFAULT false,
    ADD COLUMN account_id bigint REFERENCES refund_account;
ALTER TABLE refund_approval ADD CONSTRAINT refund_approval_account_known CHECK (account_known OR account_id IS NULL);
COMMENT ON COLUMN refund_approval.account_id IS 'The account they agreed with; null for the one that paid. Only where account_known: agreements of before count for the newest account that is not younger than they are.';
