"""The asynchronous half of the `humanlayer` client."""

import asyncio
import unittest

from humanlayer import AsyncHumanLayer, FunctionCallSpec, FunctionCallStatus, HumanLayerException

from test_humanlayer import Layered


class AsyncCalls(Layered):
    """The same stories, awaited."""

    def layer(self, act=None, **fields):
        sleep = self.meanwhile(act or (lambda: None))

        async def awaited(seconds):
            sleep(seconds)

        return AsyncHumanLayer(sleep=awaited, **fields)

    def run_refund(self, layer):
        @layer.require_approval()
        async def refund(amount):
            self.ran.append(amount)
            return f"refunded {amount}"

        return asyncio.run(refund(amount=30))

    def test_approved(self):
        layer = self.layer(lambda: self.ben.approves(self.agent))
        self.assertEqual(self.run_refund(layer), "refunded 30")
        self.assertEqual(self.ran, [30])

    def test_denied_with_a_comment(self):
        layer = self.layer(lambda: self.ben.denies(self.agent, "ask finance first"))
        self.assertEqual(self.run_refund(layer), "User denied refund with message: ask finance first")
        self.assertEqual(self.ran, [])

    def test_a_person_answers(self):
        layer = self.layer(lambda: self.ben.approves(self.agent, "--notes", "eu-central-1"))
        self.assertEqual(asyncio.run(layer.human_as_tool()("Which region?")), "eu-central-1")

    def test_the_agent_cannot_answer_itself(self):
        async def try_it():
            layer = self.layer()
            await layer.create_function_call(FunctionCallSpec(fn="f", kwargs={}), call_id="call-own")
            with self.assertRaises(HumanLayerException) as caught:
                await layer.respond_to_function_call("call-own", FunctionCallStatus(approved=True))
            self.assertIn("403", str(caught.exception))
            return await layer.get_function_call("call-own")

        self.assertIsNone(asyncio.run(try_it()).status.approved)


if __name__ == "__main__":
    unittest.main()
