-- How fast people answer is told for what is of medium risk and above, so that the figures need the risk as well.
DROP INDEX approvals_figures;
CREATE INDEX approvals_figures ON approvals (
    org, created_at, id, agent_name, action, reason_code, status, decided_at, approver, marks, risk
);
