-- When a key was last used, so that people see which nobody needs any more. It changes often and says nothing of what
-- a key may do, so that it stands apart from the keys.
CREATE TABLE key_uses (
    org     TEXT NOT NULL,
    key_id  TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (org, key_id)
) STRICT, WITHOUT ROWID;
