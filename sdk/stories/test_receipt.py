"""A receipt says what was approved, and anyone can check it: here PyJWT does, with the published keys."""

import json
import unittest
import urllib.request

import jwt

from story import Story

ORG = "/api/v1/orgs/default"


class Receipts(Story):
    """Asked, approved, redeemed: over plain HTTP."""

    PARAMS = {"amount": 30, "customer": "cus_1"}

    def ask(self):
        body = {"action": "stripe.refund", "params": self.PARAMS, "reasoning": "sent twice"}
        status, approval = self.server.http("POST", f"{ORG}/approvals", body, self.agent.key)
        self.assertEqual((status, approval["status"]), (201, "pending"))
        return approval

    def redeem(self, approval, params=None):
        path = f"{ORG}/approvals/{approval['id']}/redeem"
        return self.server.http("POST", path, {"params": params or self.PARAMS}, self.agent.key)

    def approved_and_redeemed(self):
        approval = self.ask()
        self.ben.approves(self.agent)
        status, redeemed = self.redeem(approval)
        self.assertEqual(status, 200, redeemed)
        return redeemed

    def claims(self, receipt):
        """What it says, if PyJWT finds it to be signed by a published key and not expired."""
        with urllib.request.urlopen(f"{self.server.url}/.well-known/jwks.json") as answer:
            keys = jwt.PyJWKSet.from_dict(json.load(answer))
        key = keys[jwt.get_unverified_header(receipt)["kid"]]
        return jwt.decode(receipt, key, algorithms=["EdDSA"], options={"require": ["exp", "iat", "iss", "jti"]})

    def test_it_names_what_was_approved_and_by_whom(self):
        redeemed = self.approved_and_redeemed()
        approval, claims = redeemed["approval"], self.claims(redeemed["receipt"])
        (approver,) = claims["approvers"]
        expected = {
            "iss": self.server.url,
            "org": "default",
            "approval_id": approval["id"],
            "digest": approval["digest"],
            "agent": self.agent.id,
            "action": "stripe.refund",
            "outcome": "approved",
        }
        self.assertEqual({name: claims[name] for name in expected}, expected)
        self.assertEqual((approver["email"], approver["assurance"]), ("ben@example.com", "session"))
        self.assertEqual(redeemed["effective"]["params"], self.PARAMS)
        header = jwt.get_unverified_header(redeemed["receipt"])
        self.assertEqual((header["alg"], header["typ"]), ("EdDSA", "countersign-receipt+jwt"))

    def test_a_changed_receipt_is_worth_nothing(self):
        head, body, signature = self.approved_and_redeemed()["receipt"].split(".")
        other = self.approved_and_redeemed()["receipt"].split(".")[1]
        self.assertNotEqual(body, other)
        with self.assertRaises(jwt.InvalidSignatureError):
            self.claims(".".join([head, other, signature]))

    def test_an_approval_is_redeemed_once(self):
        redeemed = self.approved_and_redeemed()
        status, problem = self.redeem(redeemed["approval"])
        self.assertEqual((status, problem["code"]), (409, "already_used"))

    def test_other_parameters_are_refused_and_use_nothing_up(self):
        approval = self.ask()
        self.ben.approves(self.agent)
        status, problem = self.redeem(approval, self.PARAMS | {"amount": 31})
        self.assertEqual((status, problem["code"]), (422, "digest_mismatch"))
        self.assertEqual(self.redeem(approval)[0], 200)

    def test_nothing_is_redeemed_before_the_yes(self):
        status, problem = self.redeem(self.ask())
        self.assertEqual((status, problem["code"]), (409, "not_approved"))


if __name__ == "__main__":
    unittest.main()
