"""Faults planted into small workspaces, each of which cargo-deny must find by the rules of this
repository. `CARGO_DENY` names the program."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULES = (ROOT / "deny.toml").read_text()


def without_lists(rules: str) -> str:
    """The rules with empty lists of exceptions: a small workspace needs none of them."""
    lines, inside = [], False
    for line in rules.splitlines():
        if line.startswith(("skip = [", "allow = [")) and line.endswith("["):
            lines.append("allow = [\"MIT\"]" if line.startswith("allow") else "skip = []")
            inside = True
        elif inside and line == "]":
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def package(name: str, version: str = "1.0.0", licence: str | None = "MIT", needs: str = "") -> str:
    licence = f'license = "{licence}"\n' if licence else ""
    head = f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "2024"\npublish = false\n'
    return f"{head}{licence}[dependencies]\n{needs}\n"


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


class Planted(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.root = Path(made.name).resolve()

    def write(self, folder: str, manifest: str) -> Path:
        place = self.root / folder
        (place / "src").mkdir(parents=True)
        (place / "src/lib.rs").write_text("")
        (place / "Cargo.toml").write_text(manifest)
        return place

    def said(self, what: str, needs: str = "", rules: str = "") -> str:
        """What cargo-deny says of a workspace whose one crate needs these; nothing when it is satisfied."""
        place = self.write("ours", package("ours", needs=needs) + "[workspace]\n")
        (place / "deny.toml").write_text(rules or without_lists(RULES))
        subprocess.run(["cargo", "generate-lockfile", "--quiet", "--offline"], cwd=place, check=True)
        words = ["--manifest-path", "Cargo.toml", "--config", "deny.toml", "--offline", "--color", "never"]
        lists = ["unmatched-skip", "unnecessary-skip", "unmatched-source", "license-exception-not-encountered"]
        denied = [word for one in lists for word in ("--deny", one)]
        command = [os.environ["CARGO_DENY"], *words, "check", "--hide-inclusion-graph", *denied, what]
        ended = subprocess.run(command, cwd=place, capture_output=True, text=True)
        return "" if ended.returncode == 0 else ended.stdout + ended.stderr

    def path(self, name: str, **about) -> str:
        folder = f"{name}-{about.get('version', '1.0.0')}"
        self.write(folder, package(name, **about))
        return f'path = "../{folder}"'

    def test_a_crate_that_is_as_it_should_be_is_taken(self):
        needs = f'theirs = {{ version = "1", {self.path("theirs")} }}'
        for what in ["licenses", "bans", "sources"]:
            with self.subTest(what):
                self.assertEqual(self.said(what, needs), "")
                subprocess.run(["rm", "-r", str(self.root / "ours")], check=True)

    def test_a_licence_that_is_not_on_the_list(self):
        needs = f'theirs = {{ version = "1", {self.path("theirs", licence="AGPL-3.0-only")} }}'
        self.assertIn("error[rejected]", self.said("licenses", needs))

    def test_a_crate_without_a_licence(self):
        needs = f'theirs = {{ version = "1", {self.path("theirs", licence=None)} }}'
        self.assertIn("error[unlicensed]", self.said("licenses", needs))

    def test_a_licence_on_the_list_that_nothing_needs(self):
        rules = without_lists(RULES).replace('allow = ["MIT"]', 'allow = ["MIT", "ISC"]')
        self.assertIn("error[license-not-encountered]", self.said("licenses", rules=rules))

    def test_a_crate_from_a_repository_of_git(self):
        theirs = self.write("theirs", package("theirs"))
        git(theirs, "init", "--quiet")
        git(theirs, "add", "--all")
        git(theirs, "commit", "--quiet", "--message", "theirs")
        home = {"CARGO_HOME": os.environ.get("CARGO_HOME", str(Path.home() / ".cargo")), "CARGO_NET_OFFLINE": "false"}
        place = self.write("first", package("first", needs=f'theirs = {{ git = "file://{theirs}" }}') + "[workspace]\n")
        fetch = ["cargo", "fetch", "--quiet"]
        subprocess.run(fetch, cwd=place, check=True, env={**os.environ, **home})
        self.assertIn("error[source-not-allowed]", self.said("sources", f'theirs = {{ git = "file://{theirs}" }}'))

    def test_a_second_version_of_a_crate(self):
        one, two = self.path("theirs"), self.path("theirs", version="2.0.0")
        needs = f'theirs = {{ version = "1", {one} }}\nnewer = {{ package = "theirs", version = "2", {two} }}'
        self.assertIn("error[duplicate]", self.said("bans", needs))

    def test_an_exception_that_nothing_needs(self):
        rules = without_lists(RULES).replace("skip = []", 'skip = [{ crate = "gone@1.0.0", reason = "none" }]')
        self.assertIn("error[unmatched-skip]", self.said("bans", rules=rules))


if __name__ == "__main__":
    unittest.main()
