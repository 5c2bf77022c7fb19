"""The published `humanlayer` client against this server: only its two environment variables are set.

It looks for an answer every three seconds. Its own field `sleep` is where people act in these stories, so
that nobody waits; one story leaves it alone.
"""

import os
import threading
import time
import unittest
from unittest import mock

from humanlayer import (
    ContactChannel,
    Escalation,
    FunctionCallSpec,
    FunctionCallStatus,
    HumanContactSpec,
    HumanContactStatus,
    HumanLayer,
    HumanLayerException,
    ResponseOption,
    SlackContactChannel,
)

from story import Story

MOST_LOOKS = 5


class Layered(Story):
    """An agent that uses the client."""

    def setUp(self):
        super().setUp()
        self.ran = []
        self.set_key(self.agent.key)

    def set_key(self, key):
        base = {"HUMANLAYER_API_BASE": f"{self.server.url}/humanlayer/v1", "HUMANLAYER_API_KEY": key}
        patch = mock.patch.dict(os.environ, base)
        patch.start()
        self.addCleanup(patch.stop)

    def meanwhile(self, act):
        """A `sleep` during which a person acts, once; who then goes on sleeping fails."""
        looks = []

        def sleep(_seconds):
            looks.append(act() if not looks else None)
            if len(looks) > MOST_LOOKS:
                raise AssertionError("the answer is not seen")

        return sleep

    def layer(self, act=None, **fields):
        return HumanLayer(sleep=self.meanwhile(act or (lambda: None)), **fields)

    def refund(self, layer, **options):
        """A function that needs approval."""

        @layer.require_approval(**options)
        def refund(amount, customer):
            self.ran.append((amount, customer))
            return f"refunded {amount}"

        return refund

    def assert_refused(self, status, call, *arguments):
        with self.assertRaises(HumanLayerException) as caught:
            call(*arguments)
        self.assertIn(str(status), str(caught.exception))


class FunctionCalls(Layered):
    """`require_approval`, and what stands below it."""

    SPEC = FunctionCallSpec(fn="refund", kwargs={"amount": 30, "customer": "cus_1"})

    def test_approved_with_nothing_changed_in_the_client(self):
        def answer():
            while not self.ben.pending(self.agent):
                time.sleep(0.1)
            self.ben.approves(self.agent)

        person = threading.Thread(target=answer)
        person.start()
        self.assertEqual(self.refund(HumanLayer())(amount=30, customer="cus_1"), "refunded 30")
        person.join()
        self.assertEqual(self.ran, [(30, "cus_1")])

    def test_approved_with_notes(self):
        layer = self.layer(lambda: self.ben.approves(self.agent, "--notes", "fine"))
        call = layer.fetch_approval(self.SPEC)
        self.assertEqual((call.as_completed().approved, call.as_completed().comment), (True, "fine"))
        self.assertLessEqual(call.call.status.requested_at, call.call.status.responded_at)

    def test_denied_with_a_comment(self):
        layer = self.layer(lambda: self.ben.denies(self.agent, "ask finance first"))
        said = self.refund(layer)(amount=30, customer="cus_1")
        self.assertEqual(said, "User denied refund with message: ask finance first")
        self.assertEqual(self.ran, [])

    def test_denied_with_a_prepared_answer(self):
        option = ResponseOption(name="too-much", title="Too much", prompt_fill="the amount is too high")
        layer = self.layer(lambda: self.ben.denies(self.agent, "the amount is too high"))
        spec = self.SPEC.model_copy(update={"reject_options": [option]})
        status = layer.fetch_approval(spec).call.status
        self.assertEqual((status.approved, status.reject_option_name), (False, "too-much"))
        self.assertEqual(status.comment, "the amount is too high")

    def test_edits_come_as_a_no_with_the_proposed_arguments(self):
        layer = self.layer(lambda: self.ben.approves(self.agent, "--set", "amount=20"))
        said = self.refund(layer)(amount=30, customer="cus_1")
        self.assertIn("User denied refund", said)
        self.assertIn('{"amount":20,"customer":"cus_1"}', said.replace(" ", ""))
        self.assertEqual(self.ran, [])
        self.refund(self.layer())(amount=20, customer="cus_1")
        self.assertEqual(self.ran, [(20, "cus_1")], "the yes is held for exactly these arguments")
        asks_anew = self.layer(lambda: self.ben.denies(self.agent, "once is enough"))
        self.refund(asks_anew)(amount=20, customer="cus_1")
        self.assertEqual(len(self.ran), 1, "and used up")

    def test_one_yes_is_one_call(self):
        self.refund(self.layer(lambda: self.ben.approves(self.agent)))(amount=30, customer="cus_1")
        self.assertEqual(self.ran, [(30, "cus_1")])
        second = self.layer(lambda: self.ben.denies(self.agent, "once is enough"))
        self.assertIn("once is enough", self.refund(second)(amount=30, customer="cus_1"))
        self.assertEqual(len(self.ran), 1, "an equal call asks anew")

    def test_a_call_that_was_denied_is_denied_again_with_the_reason(self):
        layer = self.layer(lambda: self.ben.denies(self.agent, "wrong customer"))
        self.refund(layer)(amount=30, customer="cus_1")
        said = self.refund(self.layer())(amount=30, customer="cus_1")
        self.assertIn("User denied refund with message: wrong customer", said)
        self.assertEqual(self.ben.pending(self.agent), [])

    def test_a_call_comes_back_whole(self):
        channel = ContactChannel(slack=SlackContactChannel(channel_or_user_id="C1", thread_ts="1.2"))
        option = ResponseOption(name="no", description="plainly no", interactive=True)
        kwargs = {"amount": 0.1, "note": "Grüße 東京 🎉", "password": "hunter2", "nested": [{"a": None}]}
        spec = FunctionCallSpec(
            fn="refund", kwargs=kwargs, channel=channel, reject_options=[option], state={"step": 3}
        )
        layer = self.layer()
        made = layer.create_function_call(spec, call_id="call-whole")
        self.assertEqual((made.run_id, made.call_id, made.spec), (layer.run_id, "call-whole", spec))
        self.assertEqual(layer.get_function_call("call-whole"), made)
        self.assertIsNone(made.status.approved)
        (item,) = self.ben.pending(self.agent)
        self.assertEqual(item["input"]["password"], "[REDACTED]")

    def test_a_repeated_call_is_the_same_call(self):
        layer = self.layer()
        first = layer.create_function_call(self.SPEC, call_id="call-1")
        self.assertEqual(layer.create_function_call(self.SPEC, call_id="call-1"), first)
        self.assertEqual(len(self.ben.pending(self.agent)), 1)
        other = FunctionCallSpec(fn="refund", kwargs={"amount": 31, "customer": "cus_1"})
        self.assert_refused(409, layer.create_function_call, other, "call-1")

    def test_ids_belong_to_the_key_that_used_them(self):
        self.layer().create_function_call(self.SPEC, call_id="call-mine")
        other = self.new_agent("somebody-else")
        self.set_key(other.key)
        self.assert_refused(404, self.layer().get_function_call, "call-mine")
        self.layer().create_function_call(self.SPEC, call_id="call-mine")
        self.assertEqual([len(self.ben.pending(agent)) for agent in (self.agent, other)], [1, 1])

    def test_an_unknown_call(self):
        self.assert_refused(404, self.layer().get_function_call, "call-none")

    def test_the_agent_cannot_answer_itself(self):
        layer = self.layer()
        layer.create_function_call(self.SPEC, call_id="call-own")
        yes = FunctionCallStatus(approved=True, comment="yes")
        for key in (self.agent.key, self.server.application_key):
            self.set_key(key)
            self.assert_refused(403, self.layer().respond_to_function_call, "call-own", yes)
        self.assertIsNone(layer.get_function_call("call-own").status.approved)
        self.assertEqual([item["status"] for item in self.ben.pending(self.agent)], ["pending"])

    def test_a_status_sent_along_decides_nothing(self):
        body = {"run_id": "r", "call_id": "call-sly", "spec": self.SPEC.model_dump()}
        sly = {"status": {"approved": True, "comment": "yes"}, "approved": True, "approved_by": "ben"}
        path = "/humanlayer/v1/function_calls"
        status, call = self.server.http("POST", path, body | sly, self.agent.key)
        self.assertEqual((status, call["status"]["approved"]), (200, None))

    def test_an_escalation_reaches_the_approver(self):
        layer = self.layer()
        layer.create_function_call(self.SPEC, call_id="call-urgent")
        call = layer.escalate_email_function_call(
            "call-urgent", Escalation(escalation_msg="please, before noon")
        )
        self.assertEqual((call.call_id, call.status.approved), ("call-urgent", None))
        (item,) = self.ben.pending(self.agent)
        self.assertIn("please, before noon", str(self.ben.sees(item["request_id"])["thread"]))

    def test_what_policy_denies_does_not_run(self):
        self.agent.may("refund", "deny")
        said = self.refund(self.layer())(amount=30, customer="cus_1")
        self.assertIn("Error fetching approval for refund", said)
        self.assertIn("403", said)
        self.assertEqual(self.ran, [])

    def test_a_wrong_key(self):
        self.set_key("csa_wrong")
        self.assertIn("401", self.refund(self.layer())(amount=30, customer="cus_1"))
        self.assertEqual(self.ran, [])

    def test_an_application_asks_for_the_agent_it_names(self):
        self.set_key(self.server.application_key)
        layer = self.layer(lambda: self.ben.approves(self.agent), agent_name=self.agent.name)
        self.assertEqual(self.refund(layer)(amount=30, customer="cus_1"), "refunded 30")


class HumanContacts(Layered):
    """`human_as_tool`, and what stands below it."""

    SPEC = HumanContactSpec(msg="Which region?", subject="region")

    def test_a_person_answers(self):
        layer = self.layer(lambda: self.ben.approves(self.agent, "--notes", "eu-central-1, bitte"))
        self.assertEqual(layer.human_as_tool()("Which region?"), "eu-central-1, bitte")

    def test_a_person_declines(self):
        layer = self.layer(lambda: self.ben.denies(self.agent, "not today"))
        self.assertEqual(layer.human_as_tool()("Which region?"), "not today")

    def test_a_prepared_answer_is_recognised(self):
        options = [ResponseOption(name="eu", title="Europe"), ResponseOption(name="us", title="America")]
        layer = self.layer(lambda: self.ben.approves(self.agent, "--notes", "America"))
        spec = self.SPEC.model_copy(update={"response_options": options})
        status = layer.fetch_human_response(spec).contact.status
        self.assertEqual((status.response, status.response_option_name), ("America", "us"))

    def test_a_repeated_contact_is_the_same_contact(self):
        layer = self.layer()
        first = layer.create_human_contact(self.SPEC, call_id="contact-1")
        self.assertEqual((first.spec, first.status.response), (self.SPEC, None))
        self.assertEqual(layer.create_human_contact(self.SPEC, call_id="contact-1"), first)
        self.assertEqual(layer.get_human_contact("contact-1"), first)
        self.assertEqual(len(self.ben.pending(self.agent)), 1)

    def test_an_unknown_contact(self):
        self.layer().create_function_call(FunctionCallSpec(fn="f", kwargs={}), call_id="a-call")
        for name in ("contact-none", "a-call"):
            self.assert_refused(404, self.layer().get_human_contact, name)

    def test_the_agent_cannot_answer_itself(self):
        layer = self.layer()
        layer.create_human_contact(self.SPEC, call_id="contact-own")
        answer = HumanContactStatus(response="eu-central-1")
        self.assert_refused(403, layer.respond_to_human_contact, "contact-own", answer)
        self.assertIsNone(layer.get_human_contact("contact-own").status.response)
        self.assertEqual(len(self.ben.pending(self.agent)), 1)

    def test_an_escalation_reaches_the_approver(self):
        layer = self.layer()
        layer.create_human_contact(self.SPEC, call_id="contact-urgent")
        layer.escalate_email_human_contact("contact-urgent", Escalation(escalation_msg="it burns"))
        (item,) = self.ben.pending(self.agent)
        self.assertIn("it burns", str(self.ben.sees(item["request_id"])["thread"]))


if __name__ == "__main__":
    unittest.main()
