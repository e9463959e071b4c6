-- +goose Up
-- A list of a camp needs of each fiche its marks and nothing else, and read every topic for it: 200 fiches of a dozen topics
-- are some megabytes. The marks stand together in one small sealed value now. It names the topics as they were when it was
-- made (a hash over all of them), so that a topic that was changed or damaged since is found out without being read.

CREATE TABLE fiche_summary (
    fiche_id bigint PRIMARY KEY REFERENCES fiche,
    sealed   bytea NOT NULL
);
COMMENT ON TABLE fiche_summary IS 'owner: medical. What a list shows of a fiche (marks, care), sealed for exactly this row (fiche_summary:fiche_id:sealed), with a hash over the sealed topics that it stands for. Missing or not fitting = the topics are read themselves.';
