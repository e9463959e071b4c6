-- +goose Up
-- Reminders moved to a package of their own.
COMMENT ON TABLE dunning_step IS 'owner: shop/dunning. A reminder about what an order owes on one day: sent, waiting to be printed (to_post), or left out, once per reason. until = the last day of the family''s term. nth counts what was sent by one channel: a mail that came back is sent again to the new address. costs_cents = what it announced that may be asked once its term is over.';
COMMENT ON TABLE dunning_costs IS 'owner: shop/dunning. What may be asked of late payers, every version; the newest counts, and none at all is nothing. placed_from NULL = nothing is asked. The caps are art. XIX.4 WER; clause = where the terms say it, which the law asks.';
COMMENT ON TABLE dunning_charge IS 'owner: shop/dunning. Costs of collecting that somebody asked, once for what was due on a day.';
COMMENT ON TABLE dunning_batch IS 'owner: shop/dunning. Letters that were printed together, as PDF: what was sent, to show later. posted_on = the day that the letters count from.';
COMMENT ON TABLE dunning_batch_end IS 'owner: shop/dunning. What became of a batch: posted, or not sent after all; then its letters wait again.';
COMMENT ON TABLE dunning_letter IS 'owner: shop/dunning. The letters of a batch, and the term that each names.';
COMMENT ON VIEW dunning_delivered IS 'reader: shop/dunning. Steps that reached the family as far as the shop knows: the mail was not given up, and its address did not come back while the term ran.';
