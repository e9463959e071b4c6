-- +goose Up
-- invoice_correction came beside 0069: it only grows too, and cannot be emptied whole.
CREATE TRIGGER invoice_correction_never_emptied BEFORE TRUNCATE ON invoice_correction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
