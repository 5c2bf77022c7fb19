-- Who answers in whose place, and when. Part of the configuration: each write counts its `version` up.
CREATE TABLE delegations (
    org TEXT NOT NULL REFERENCES organizations (org),
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;
