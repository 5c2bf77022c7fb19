-- Lists tell of each request what is unlike others of its agent and action, and which actions there are to choose from:
-- both are found without a look at any other row.
CREATE INDEX approvals_alike ON approvals (org, action, agent_id, created_order, id);
