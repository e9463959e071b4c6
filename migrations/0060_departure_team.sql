-- +goose Up
-- The worklist tells the office which camps leave soon without anybody to look after the children: only who still works here counts.
CREATE VIEW departure_team AS
SELECT d.id AS departure_id, d.holiday_id, h.title, d.starts_on,
    (SELECT count(*) FROM booking b WHERE b.departure_id = d.id AND b.status IN ('placed', 'in_review')) AS going,
    t.members, t.leads
FROM departure d JOIN holiday h ON h.id = d.holiday_id
CROSS JOIN LATERAL (
    SELECT count(*) AS members, count(*) FILTER (WHERE a.leads) AS leads
    FROM camp_assignment a JOIN staff s ON s.id = a.staff_id WHERE a.departure_id = d.id AND s.active) t
WHERE d.status <> 'cancelled';
COMMENT ON VIEW departure_team IS 'reader: shop/catalogue. How many go along with a departure to look after the children, and how many of them lead it.';
