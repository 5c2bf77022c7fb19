-- Times are whole milliseconds since 1970. Each `body` is the whole value as JSON; the columns beside it
-- are what queries and guards look at. Primary keys start with the organization.

-- `version` counts the changes of the configuration: all that the tables up to `freezes` hold, and webhooks.
CREATE TABLE organizations (
    org TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    org TEXT NOT NULL PRIMARY KEY REFERENCES organizations (org),
    revision INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agents (
    org TEXT NOT NULL REFERENCES organizations (org),
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, id),
    UNIQUE (org, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    org TEXT NOT NULL REFERENCES organizations (org),
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    email TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, id),
    UNIQUE (org, email)
) STRICT, WITHOUT ROWID;

-- A hash is unique over all organizations: a key says whose it is before its organization is known.
CREATE TABLE keys (
    org TEXT NOT NULL REFERENCES organizations (org),
    id TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    revoked_at INTEGER,
    body TEXT NOT NULL,
    PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

-- Browsers in which people are signed in; those that were ended are kept until they would have ended.
CREATE TABLE sessions (
    org TEXT NOT NULL REFERENCES organizations (org),
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_person ON sessions (org, person_id, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- What people sign in with. Password hash and the secret of the codes are not part of the body.
CREATE TABLE credentials (
    org TEXT NOT NULL REFERENCES organizations (org),
    person_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    password TEXT,
    totp TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (org, person_id)
) STRICT, WITHOUT ROWID;

-- What was handed out and works once: a row goes when it is used, or some time after its end.
CREATE TABLE tickets (
    hash TEXT NOT NULL PRIMARY KEY,
    org TEXT NOT NULL REFERENCES organizations (org),
    expires_at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX tickets_by_end ON tickets (expires_at);

-- Blocks of capability tokens that are worth nothing any more; `block` is the revocation id in hex.
CREATE TABLE revocations (
    org TEXT NOT NULL REFERENCES organizations (org),
    block TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE permissions (
    org TEXT NOT NULL REFERENCES organizations (org),
    agent_id TEXT NOT NULL,
    pattern TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, agent_id, pattern)
) STRICT, WITHOUT ROWID;

CREATE TABLE freezes (
    org TEXT NOT NULL REFERENCES organizations (org),
    scope TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
    org TEXT NOT NULL REFERENCES organizations (org),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, kind, name)
) STRICT, WITHOUT ROWID;

-- How often the documents of an organization were changed as a set: two such changes at once are one too many.
CREATE TABLE document_sets (
    org TEXT NOT NULL PRIMARY KEY REFERENCES organizations (org),
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `expires_at` is the largest integer where no end is set, so that such approvals sort last.
-- `group_names` holds each name between line breaks; `search` is in lower case.
-- `risk_order` and `created_order` run backwards, so that every list is read upwards.
CREATE TABLE approvals (
    place INTEGER NOT NULL PRIMARY KEY,
    org TEXT NOT NULL REFERENCES organizations (org),
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    status TEXT NOT NULL,
    execution TEXT,
    agent_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    action TEXT NOT NULL,
    digest TEXT NOT NULL,
    present_digest TEXT NOT NULL,
    origin TEXT NOT NULL,
    risk INTEGER NOT NULL,
    reason_code TEXT NOT NULL,
    group_names TEXT NOT NULL,
    task_id TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    use_by INTEGER,
    decided_at INTEGER,
    approver TEXT,
    search TEXT NOT NULL,
    body TEXT NOT NULL,
    risk_order INTEGER NOT NULL GENERATED ALWAYS AS (-risk) VIRTUAL,
    created_order INTEGER NOT NULL GENERATED ALWAYS AS (-created_at) VIRTUAL,
    UNIQUE (org, id)
) STRICT;

-- Which approvals hold which three characters in a row, by place. It follows behind: what stands after the
-- cursor is not in it yet.
CREATE VIRTUAL TABLE approval_texts USING fts5 (
    text, content = '', columnsize = 0, detail = 'none', tokenize = 'trigram case_sensitive 1'
);

CREATE TABLE approval_texts_cursor (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    place INTEGER NOT NULL
) STRICT;

INSERT INTO approval_texts_cursor (one, place) VALUES (1, 0);

-- Two checks of the same proposal at the same time open one approval.
CREATE UNIQUE INDEX approvals_one_pending_check ON approvals (org, agent_id, digest)
    WHERE status = 'pending' AND origin = 'check';
CREATE INDEX approvals_by_risk ON approvals (org, risk_order, expires_at, id);
CREATE INDEX approvals_by_status ON approvals (org, status, risk_order, expires_at, id);
CREATE INDEX approvals_by_created ON approvals (org, created_order, id);
CREATE INDEX approvals_by_digest ON approvals (org, agent_id, digest, created_at, id);
CREATE INDEX approvals_by_edited_digest ON approvals (org, agent_id, present_digest, created_at, id)
    WHERE present_digest <> digest;
CREATE INDEX approvals_by_agent ON approvals (org, agent_id, status, risk_order, expires_at, id);
CREATE INDEX approvals_to_expire ON approvals (expires_at, id, org) WHERE status = 'pending';
CREATE INDEX approvals_to_lapse ON approvals (use_by) WHERE execution = 'unused';
CREATE INDEX approvals_denied ON approvals (decided_at) WHERE status = 'denied';
CREATE INDEX approvals_to_be_unknown ON approvals (use_by) WHERE execution = 'running';

CREATE TABLE records (
    org TEXT NOT NULL REFERENCES organizations (org),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    agent_id TEXT,
    approval_id TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (org, seq)
) STRICT;

CREATE INDEX records_by_approval ON records (org, approval_id, seq) WHERE approval_id IS NOT NULL;
CREATE INDEX records_by_agent ON records (org, agent_id, seq) WHERE agent_id IS NOT NULL;
CREATE INDEX records_by_kind ON records (org, kind, seq);
CREATE INDEX records_by_time ON records (org, at, seq);

CREATE TABLE outbox (
    org TEXT NOT NULL,
    seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    org TEXT NOT NULL REFERENCES organizations (org),
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, caller, key)
) STRICT, WITHOUT ROWID;

-- `used` is in millionths; `since` is when the window began.
CREATE TABLE counters (
    org TEXT NOT NULL REFERENCES organizations (org),
    name TEXT NOT NULL,
    since INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (org, name, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE external_ids (
    org TEXT NOT NULL REFERENCES organizations (org),
    key_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    approval_id TEXT NOT NULL,
    PRIMARY KEY (org, key_id, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_comments (
    org TEXT NOT NULL REFERENCES organizations (org),
    task TEXT NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, task, at, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE logged_actions (
    org TEXT NOT NULL REFERENCES organizations (org),
    id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

-- The secrets are not part of the body: one on each line, with the time at which it ends behind it.
CREATE TABLE webhooks (
    org TEXT NOT NULL REFERENCES organizations (org),
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    secrets TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

-- `next_at` is set as long as it is pending, `ended_at` once it is not.
CREATE TABLE deliveries (
    org TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    webhook_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    next_at INTEGER,
    ended_at INTEGER,
    body TEXT NOT NULL,
    PRIMARY KEY (org, id),
    FOREIGN KEY (org, webhook_id) REFERENCES webhooks (org, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX deliveries_pending ON deliveries (org, webhook_id, next_at, seq, id)
    WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (org, created_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_ended ON deliveries (org, status, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX deliveries_by_webhook ON deliveries (org, webhook_id, id);
CREATE INDEX deliveries_by_status ON deliveries (org, webhook_id, status, id);

-- Up to where deliveries were made of the outbox.
CREATE TABLE delivery_cursors (
    org TEXT NOT NULL PRIMARY KEY REFERENCES organizations (org),
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row that is written to learn whether writing works.
CREATE TABLE probe (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    times INTEGER NOT NULL
) STRICT;

INSERT INTO probe (one, times) VALUES (1, 0);
