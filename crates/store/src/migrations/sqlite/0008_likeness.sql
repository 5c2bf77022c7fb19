-- A denial counts for everything that is alike, however the action is written and whatever tool is named for it. What
-- was denied before counts for its own digest only, until its cool-down is over.
ALTER TABLE approvals ADD COLUMN likeness TEXT NOT NULL DEFAULT '';
UPDATE approvals SET likeness = digest;
CREATE INDEX approvals_denied_alike ON approvals (org, agent_id, likeness) WHERE status = 'denied';
