"""What a function asks for is written down once, and nobody else's calls are."""

import asyncio
import json
import tempfile
import unittest
from pathlib import Path

import recording


class Recording(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = Path(self.folder.name) / "calls.jsonl"

    def calls(self) -> list[dict]:
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def dispatch(self, token: str, asked: list) -> None:
        async def answer(*_):
            return 200, {}, b""

        before, recording.asked = recording.asked, lambda *_: asked
        self.addCleanup(setattr, recording, "asked", before)
        dispatch = recording.recorded(answer, recording.Calls(self.file))
        status, _, _ = asyncio.run(dispatch("POST", "/", {"x-amz-security-token": token}, b"", {}, "id"))
        self.assertEqual(status, 200)

    def test_a_call_of_a_function_is_written_down_once(self):
        for _ in range(2):
            self.dispatch("function/finder", [("dynamodb:Query", "arn:aws:dynamodb:::table/a", {})])
        call = {"function": "finder", "action": "dynamodb:Query", "resource": "arn:aws:dynamodb:::table/a", "context": {}}
        self.assertEqual(self.calls(), [call])

    def test_a_call_of_somebody_else_is_not_written_down(self):
        self.dispatch("", [("dynamodb:Query", "arn:aws:dynamodb:::table/a", {})])
        self.dispatch("a session of a person", [("dynamodb:Query", "arn:aws:dynamodb:::table/a", {})])
        self.assertEqual(self.calls(), [])

    def test_the_credentials_of_a_function_name_it_and_change_nothing_else(self):
        marked = recording.with_mark(lambda _: {"AWS_ACCESS_KEY_ID": "1", "AWS_SESSION_TOKEN": ""})
        credentials = marked({"FunctionName": "finder"})
        self.assertEqual(credentials, {"AWS_ACCESS_KEY_ID": "1", "AWS_SESSION_TOKEN": "function/finder"})


if __name__ == "__main__":
    unittest.main()
