"""What every story has: a server, and people and agents who act on it."""

import unittest

from server import Server


class Person:
    """Someone who answers, with the command line."""

    def __init__(self, server, token):
        self._server = server
        self.token = token

    def pending(self, agent):
        """What this agent waits for."""
        return self._cli("pending", "--agent", agent.name)["items"]

    def approves(self, agent, *words):
        """Says yes to the one request that the agent has pending."""
        return self._cli("approve", self._the_one(agent), *words)

    def denies(self, agent, reason):
        """Says no to the one request that the agent has pending."""
        return self._cli("deny", self._the_one(agent), "--reason", reason)

    def sees(self, approval_id):
        """One approval as it stands."""
        return self._cli("show", approval_id)

    def _the_one(self, agent):
        (item,) = self.pending(agent)
        return item["request_id"]

    def _cli(self, *words):
        return self._server.cli(*words, token=self.token)


class Agent:
    """An agent as its owner sees it: an id, a name, a key."""

    def __init__(self, server, made):
        self._server = server
        self.id, self.name, self.key = made["id"], made["name"], made["key"]

    def may(self, action, effect, *words):
        """Sets what it may do: `allow`, `deny` or `requires-approval`."""
        self._server.cli("agents", "permit", self.name, action, "--effect", effect, *words)

    def is_disabled(self):
        """From now on it is refused everything."""
        self._server.cli("agents", "disable", self.name)


class Story(unittest.TestCase):
    """Stories of one file share a server; every story has an agent of its own."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)
        ben = cls.server.cli("users", "create", "ben@example.com", "--role", "approver")
        cls.ben = Person(cls.server, ben["token"])

    def setUp(self):
        self.agent = self.new_agent(self._testMethodName.removeprefix("test_").replace("_", "-")[:60])

    def new_agent(self, name):
        """An agent that is registered under this name."""
        return Agent(self.server, self.server.cli("agents", "create", name))
