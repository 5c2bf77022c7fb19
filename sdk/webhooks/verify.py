"""Our webhooks against two libraries of others: does a receiver that uses them accept what we send, and
nothing else? `COUNTERSIGN_BIN` names the built program; the last line is `N passed, N failed`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

import standardwebhooks
import svix.webhooks

from receiver import Message, Receiver

sys.path.insert(0, str(Path(__file__).parent.parent / "stories"))
from server import bare, free_port  # noqa: E402: how the stories start programs

LIBRARIES = {
    "standardwebhooks": (standardwebhooks.Webhook, standardwebhooks.WebhookVerificationError),
    "svix": (svix.webhooks.Webhook, svix.webhooks.WebhookVerificationError),
}
START_SECONDS = 20


class Server:
    """The built program, in a fresh directory, allowed to call this machine."""

    def __init__(self):
        self._program = os.path.abspath(os.environ["COUNTERSIGN_BIN"])
        self._home = tempfile.TemporaryDirectory(prefix="countersign-webhooks-")
        data = os.path.join(self._home.name, "data")
        self._env = bare()
        made = self.cli("init", "--data-dir", data, "--admin-email", "ana@example.com")
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}"
        self._env |= {"COUNTERSIGN_URL": self.url, "COUNTERSIGN_TOKEN": made["admin"]["token"]}
        self._log = open(os.path.join(self._home.name, "log"), "w", encoding="utf-8")
        serve = [self._program, "serve", "--data-dir", data, "--listen", address]
        serve += ["--allow-private-targets", "127.0.0.0/8"]
        self._process = subprocess.Popen(serve, env=bare(), stdout=self._log, stderr=self._log)
        self._until_alive()
        self.agent = self.cli("agents", "create", "support-bot")["key"]

    def cli(self, *words, token=None):
        """Runs a command; gives the JSON that it prints."""
        env = self._env | ({"COUNTERSIGN_TOKEN": token} if token else {})
        words = [self._program, *words, "--json"]
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=30, check=False)
        if done.returncode not in (0, 8):  # 8: still pending
            raise RuntimeError(f"{' '.join(words[1:])}: exit {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=15)
        self._log.close()
        self._home.cleanup()

    def _until_alive(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        self._process.kill()
        raise RuntimeError("the server did not start")


class Webhooks(unittest.TestCase):
    """One server, one receiver, one webhook for each test."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)
        self.webhook = self.server.cli("webhooks", "add", self.receiver.url)

    def ask(self, amount=45):
        words = ["request", "Refund \u20ac to \u2028 A. Lee", "--param", f"amount={amount}"]
        return self.server.cli(*words, token=self.server.agent)["id"]

    def accepted(self, message, secret, library):
        """What a message says if the library accepts it, else None."""
        webhook, refusal = LIBRARIES[library]
        try:
            webhook(secret).verify(message.body, message.headers)
        except refusal:
            return None
        return json.loads(message.body)

    def told(self, kind, secret=None):
        """The next message, verified by both libraries."""
        message = self.receiver.next()
        for library in LIBRARIES:
            body = self.accepted(message, secret or self.webhook["secret"], library)
            self.assertIsNotNone(body, f"{library} refuses {kind}")
            self.assertEqual(body["type"], kind)
            for field in ("approval_id", "decision", "action", "context"):
                self.assertIn(field, body["data"])
        return message

    def test_both_libraries_accept_every_decision(self):
        approved = self.ask()
        self.told("approval.created")
        self.server.cli("approve", approved)
        message = self.told("approval.approved")
        data = json.loads(message.body)["data"]
        self.assertEqual((data["approval_id"], data["decision"]), (approved, "approved"))
        self.server.cli("redeem", approved, "--param", "amount=45", token=self.server.agent)
        self.told("approval.executed")
        denied = self.ask(46)
        self.told("approval.created")
        self.server.cli("deny", denied, "--reason", "not now")
        self.told("approval.denied")
        canceled = self.ask(47)
        self.told("approval.created")
        self.server.cli("cancel", canceled, token=self.server.agent)
        self.told("approval.canceled")

    def test_both_libraries_refuse_what_was_changed(self):
        self.ask()
        message, secret = self.told("approval.created"), self.webhook["secret"]
        other = self.server.cli("webhooks", "add", self.receiver.url)["secret"]
        changed = {
            "body": Message(message.headers, message.body.replace(b"pending", b"approved")),
            "id": Message(message.headers | {"webhook-id": "dlv_other"}, message.body),
            "time": Message(message.headers | {"webhook-timestamp": "1768467600"}, message.body),
        }
        for library in LIBRARIES:
            self.assertIsNotNone(self.accepted(message, secret, library))
            self.assertIsNone(self.accepted(message, other, library), f"{library}: other secret")
            for part, forged in changed.items():
                self.assertIsNone(self.accepted(forged, secret, library), f"{library}: {part}")

    def test_after_a_rotation_both_secrets_verify(self):
        new = self.server.cli("webhooks", "rotate", self.webhook["id"])["secret"]
        self.assertNotEqual(new, self.webhook["secret"])
        self.ask()
        message = self.told("approval.created", new)
        for library in LIBRARIES:
            self.assertIsNotNone(self.accepted(message, self.webhook["secret"], library))

    def test_a_test_and_a_replay_verify_as_well(self):
        hook = self.webhook["id"]
        came = self.server.cli("webhooks", "test", hook)
        self.assertEqual((came["succeeded"], came["status"]), (True, 204))
        self.told("webhook.test")
        self.ask()
        first = self.told("approval.created")
        delivery = self.until_delivered(hook)
        self.assertEqual(delivery["id"], first.id)
        self.server.cli("webhooks", "replay", hook, delivery["id"])
        again = self.told("approval.created")
        self.assertEqual((again.id, again.body), (first.id, first.body))

    def until_delivered(self, hook):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            found = self.server.cli("webhooks", "deliveries", hook, "--state", "delivered")["items"]
            of_events = [one for one in found if one["event"] != "webhook.test"]
            if of_events:
                return of_events[0]
            time.sleep(0.05)
        self.fail("the delivery is not listed as delivered")


class Result(unittest.TextTestResult):
    """Counts what passed as well."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main():
    tests = unittest.defaultTestLoader.loadTestsFromTestCase(Webhooks)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Result).run(tests)
    print(f"\n{result.passed} passed, {result.testsRun - result.passed} failed", flush=True)
    return 0 if result.wasSuccessful() and result.passed else 1


if __name__ == "__main__":
    sys.exit(main())
