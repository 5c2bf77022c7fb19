"""The published `agentwarden` client against this server: only `base_url` and `api_key` are set."""

import unittest
from datetime import datetime

from agentwarden import (
    AgentNotFoundError,
    AgentWarden,
    APIError,
    ApprovalRequiredError,
    AuthenticationError,
    CheckResult,
    PermissionDeniedError,
)

from story import Story

REFUND = "stripe.refund"


class Guarded(Story):
    """An agent with a guard."""

    def setUp(self):
        super().setUp()
        self.guard = self.guard_with(self.agent.key)

    def guard_with(self, key):
        guard = AgentWarden(api_key=key, base_url=self.server.url)
        self.addCleanup(guard.client.close)
        return guard

    def check(self, context=None, action=REFUND):
        return self.guard.check(self.agent.id, action, context)


class Checks(Guarded):
    """`guard.check`."""

    def test_allowed(self):
        self.agent.may("stripe.*", "allow")
        result = self.check({"amount": 50})
        self.assertIsInstance(result, CheckResult)
        self.assertTrue(result)
        self.assertFalse(result.requires_approval)
        self.assertTrue(self.guard.check(self.agent.name, REFUND), "the name does as well as the id")

    def test_allowed_by_the_clients_own_permission_api(self):
        def permit(action, requires_approval, token):
            body = {"action": action, "requires_approval": requires_approval, "max_amount": 100}
            path = f"/api/agents/{self.agent.id}/permissions"
            return self.server.http("POST", path, body, token)[0]

        self.assertEqual(permit(REFUND, False, self.agent.key), 403, "no agent permits itself")
        self.assertTrue(self.check({"amount": 1}).requires_approval)
        self.assertEqual(permit(REFUND, False, self.server.admin_token), 200)
        self.assertEqual(permit("stripe.payout", True, self.server.admin_token), 200)
        self.assertTrue(self.check({"amount": 99.5}).allowed)
        self.assertTrue(self.check({"amount": 99.5}, "stripe.payout").requires_approval)

    def test_blocked_by_a_permission(self):
        self.agent.may(REFUND, "deny")
        result = self.check({"amount": 50})
        self.assertEqual((result.allowed, result.requires_approval), (False, False))
        self.assertIn("denies", result.reason)

    def test_blocked_while_inactive(self):
        self.agent.may(REFUND, "allow")
        self.agent.is_disabled()
        result = self.check({"amount": 50})
        self.assertEqual((result.allowed, result.requires_approval), (False, False))
        self.assertIn("inactive", result.reason)

    def test_approved_and_then_allowed_exactly_once(self):
        context = {"amount": 50, "customer": "cus_1"}
        for _ in range(2):
            result = self.check(context)
            self.assertEqual((result.allowed, result.requires_approval), (False, True))
        self.ben.approves(self.agent)
        self.assertFalse(self.check({"amount": 51, "customer": "cus_1"}).allowed, "not what was approved")
        self.assertTrue(self.check(context).allowed)
        again = self.check(context)
        self.assertEqual((again.allowed, again.requires_approval), (False, True))

    def test_approved_with_edits_and_then_only_the_edited_is_allowed(self):
        self.check({"amount": 50})
        self.ben.approves(self.agent, "--set", "amount=20")
        result = self.check({"amount": 50})
        self.assertEqual((result.allowed, result.requires_approval), (False, False))
        self.assertIn("edit", result.reason)
        self.assertIn('{"amount":20}', result.reason, "this client shows nothing but the reason")
        self.assertTrue(self.check({"amount": 20}).allowed)
        self.assertFalse(self.check({"amount": 20}).allowed)

    def test_denied_by_a_person(self):
        self.check({"amount": 50})
        self.ben.denies(self.agent, "this customer was refunded yesterday")
        result = self.check({"amount": 50})
        self.assertEqual((result.allowed, result.requires_approval), (False, False))
        self.assertIn("refunded yesterday", result.reason)

    def test_no_more_than_the_largest_amount(self):
        self.agent.may(REFUND, "allow", "--max-amount", "500")
        self.assertTrue(self.check({"amount": 500}).allowed)
        over = self.check({"amount": 500.01})
        self.assertEqual((over.allowed, over.requires_approval), (False, False))
        self.assertIn("500.01", over.reason)
        self.assertTrue(self.check({"note": "no amount"}).requires_approval)

    def test_unknown_agent(self):
        for key in (self.agent.key, self.server.application_key):
            with self.assertRaises(AgentNotFoundError) as caught:
                self.guard_with(key).check("nobody", REFUND, {})
            self.assertEqual(caught.exception.agent_id, "nobody")

    def test_the_agent_of_another_key_is_unknown(self):
        other = self.new_agent("another-one")
        with self.assertRaises(AgentNotFoundError):
            self.guard.check(other.id, REFUND, {})

    def test_wrong_key(self):
        guard = self.guard_with("csa_wrong")
        with self.assertRaises(AuthenticationError):
            guard.check(self.agent.id, REFUND, {})
        with self.assertRaises(AuthenticationError):
            guard.log(self.agent.id, REFUND, "success")

    def test_a_person_is_no_agent(self):
        with self.assertRaises(APIError):
            self.guard_with(self.ben.token).check(self.agent.id, REFUND, {})

    def test_agent_and_application_keys_both_work(self):
        self.agent.may(REFUND, "allow")
        for key in (self.agent.key, self.server.application_key):
            guard = self.guard_with(key)
            self.assertTrue(guard.check(self.agent.id, REFUND, {"amount": 1}).allowed)
            self.assertEqual(guard.log(self.agent.id, REFUND, "success").agent_id, self.agent.id)

    def test_floats_and_unicode_arrive_as_they_were_sent(self):
        context = {
            "amount": 19.99,
            "sum": 0.1 + 0.2,
            "tiny": 1e-7,
            "großer Betrag": False,
            "note": "Grüße aus 東京 🎉 \"quoted\" \\ /",
            "items": [{"price": -0.5, "name": None}, []],
        }
        self.assertTrue(self.check(context).requires_approval)
        (item,) = self.ben.pending(self.agent)
        path = f"/sdk/approvals/{item['request_id']}"
        status, approval = self.server.http("GET", path, token=self.ben.token)
        self.assertEqual((status, approval["params"]), (200, context))
        self.ben.approves(self.agent)
        self.assertTrue(self.check(dict(reversed(context.items()))).allowed, "the order says nothing")


class Runs(Guarded):
    """`guard.log` and `guard.execute`."""

    def execute(self, callback, context=None):
        return self.guard.execute(self.agent.id, REFUND, callback, context)

    def logged(self):
        """The statuses that the record has of this agent."""
        found = self.server.cli("audit", "search", "--kind", "action.logged", "--agent", self.agent.name)
        return [record["data"]["logged"]["status"] for record in found["items"]]

    def test_log_gives_back_what_was_kept(self):
        context = {"amount": 12.5, "note": "für 東京"}
        result = self.guard.log(self.agent.name, REFUND, "failed", context)
        self.assertTrue(result.id)
        self.assertEqual(
            (result.agent_id, result.organization_id, result.action, result.status, result.context),
            (self.agent.id, "default", REFUND, "failed", context),
        )
        self.assertIsNotNone(datetime.fromisoformat(result.created_at).tzinfo)
        self.assertIsNone(self.guard.log(self.agent.id, REFUND, "success").context)
        self.assertEqual(self.logged(), ["failed", "success"])

    def test_execute_runs_what_is_allowed(self):
        self.agent.may(REFUND, "allow")
        self.assertEqual(self.execute(lambda: "refunded", {"amount": 5}), "refunded")
        self.assertEqual(self.logged(), ["success"])

    def test_execute_reports_what_failed(self):
        self.agent.may(REFUND, "allow")
        with self.assertRaises(ZeroDivisionError):
            self.execute(lambda: 1 // 0, {"amount": 5})
        self.assertEqual(self.logged(), ["failed"])

    def test_execute_does_not_run_what_is_blocked(self):
        self.agent.may(REFUND, "deny")
        with self.assertRaises(PermissionDeniedError) as caught:
            self.execute(lambda: self.fail("it ran"))
        self.assertIn("denies", caught.exception.reason)
        self.assertEqual(self.logged(), ["blocked"])

    def test_execute_runs_only_after_the_approval(self):
        with self.assertRaises(ApprovalRequiredError) as caught:
            self.execute(lambda: self.fail("it ran"), {"amount": 5})
        self.assertEqual(caught.exception.action, REFUND)
        self.ben.approves(self.agent)
        self.assertEqual(self.execute(lambda: "refunded", {"amount": 5}), "refunded")
        self.assertEqual(self.logged(), ["pending_approval", "success"])


if __name__ == "__main__":
    unittest.main()
