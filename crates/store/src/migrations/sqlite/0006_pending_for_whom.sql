-- Two checks of the same proposal at the same time open one approval; what waits on behalf of somebody else is
-- another one, because people see for whom it is wanted.
ALTER TABLE approvals ADD COLUMN on_behalf_of TEXT NOT NULL DEFAULT '';
UPDATE approvals SET on_behalf_of = coalesce(json_extract(body, '$.card.requester.on_behalf_of'), '');

DROP INDEX approvals_one_pending_check;
CREATE UNIQUE INDEX approvals_one_pending_check ON approvals (org, agent_id, digest, on_behalf_of)
    WHERE status = 'pending' AND origin = 'check';
