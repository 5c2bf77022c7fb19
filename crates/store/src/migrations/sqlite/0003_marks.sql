-- What is out of the ordinary about the answers of an approval, as words: `self`, someone answered a request of
-- their own; `lent`, someone answered in another one's place; `relayed`, an agent reported what someone said.
ALTER TABLE approvals ADD COLUMN marks TEXT NOT NULL DEFAULT '';

UPDATE approvals SET marks = 'self ' || marks WHERE EXISTS (
    SELECT 1 FROM json_each(body, '$.answers') WHERE json_extract(value, '$.self_approved')
);
UPDATE approvals SET marks = 'relayed ' || marks WHERE EXISTS (
    SELECT 1 FROM json_each(body, '$.answers') WHERE json_extract(value, '$.relayed_by') IS NOT NULL
);
