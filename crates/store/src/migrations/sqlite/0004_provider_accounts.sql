-- Accounts at identity providers that people sign in with: each belongs to one person, and a person has one at
-- each provider.
CREATE TABLE provider_accounts (
    org TEXT NOT NULL REFERENCES organizations (org),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX provider_accounts_by_person ON provider_accounts (org, person_id, issuer);
