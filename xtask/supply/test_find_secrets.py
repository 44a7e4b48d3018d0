"""Secrets planted into files, each of which must be found: a check that cannot fail is a defect."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import find_secrets
from find_secrets import Finding, judged

# Put together here, so that this file holds none of them.
ACCESS_KEY = "AKIA" + "Q3EXW7ZLP5TB2NVD"
PLANTED = {
    "AWS Access Key": f"id: {ACCESS_KEY}",
    "Private Key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "GitLab Token": "token = glpat-" + "A1b2C3d4E5f6G7h8I9j0",
    "Secret Keyword": "pass" + "word = 'correct-horse-battery'",
}


class Planted(unittest.TestCase):
    def test_a_secret_of_each_kind_is_found_with_its_line(self):
        for kind, text in PLANTED.items():
            with self.subTest(kind), tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "settings.py").write_text(f"first\n{text}\n")
                kinds = {(one.kind, one.line) for one in find_secrets.found(Path(folder), "settings.py")}
                self.assertIn((kind, 2), kinds)

    def test_what_is_said_of_a_secret_is_not_the_secret(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "settings.py").write_text(PLANTED["AWS Access Key"])
            findings = find_secrets.found(Path(folder), "settings.py")
        faults = judged(findings, [])
        self.assertTrue(faults)
        self.assertNotIn(ACCESS_KEY, " ".join(faults))
        self.assertTrue(faults[0].startswith("settings.py:1: "), faults)

    def test_what_git_tracks_is_looked_at_and_nothing_else(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
            for name in ["tracked.py", "left.py", "package-lock.json"]:
                (Path(folder) / name).write_text("")
            subprocess.run(["git", "add", "tracked.py", "package-lock.json"], cwd=folder, check=True)
            self.assertEqual(find_secrets.tracked(Path(folder)), ["tracked.py"])


class Explained(unittest.TestCase):
    FINDING = Finding("a.py", "Secret Keyword", 7, "abcdef")

    def entry(self, **changed) -> dict:
        entry = {"file": "a.py", "kind": "Secret Keyword", "digests": ["abcdef"], "reason": "a test"}
        return {**entry, **changed}

    def test_an_explained_finding_is_none(self):
        self.assertEqual(judged([self.FINDING], [self.entry()]), [])

    def test_another_secret_in_the_same_place_is_not_explained(self):
        other = Finding("a.py", "Secret Keyword", 7, "123456")
        self.assertEqual(
            judged([self.FINDING, other], [self.entry()]),
            ["a.py:7: this looks like a secret (Secret Keyword)"],
        )

    def test_an_entry_that_explains_nothing_is_a_fault(self):
        self.assertEqual(
            judged([], [self.entry()]), ["no_secrets.yaml: a.py: nothing there needs abcdef (Secret Keyword)"]
        )

    def test_an_entry_without_a_reason_explains_nothing(self):
        faults = judged([self.FINDING], [self.entry(reason="")])
        self.assertEqual(len(faults), 2, faults)


if __name__ == "__main__":
    unittest.main()
