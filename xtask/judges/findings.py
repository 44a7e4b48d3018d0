"""What a judge finds, and the lists of what is meant to be as it is, each entry with its reason."""

from dataclasses import dataclass
from pathlib import Path

import yaml

LISTS = Path(__file__).parent / "reasons.yaml"


@dataclass(frozen=True, order=True)
class Finding:
    """One place that breaks one rule."""

    rule: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message} [{self.rule}]"


class Reasons:
    """Exceptions with reasons. One that excuses nothing is itself a finding: it would excuse a later fault unseen."""

    def __init__(self, lists: dict):
        self.lists = lists
        self.used: set[tuple[str, ...]] = set()

    def excuse(self, name: str, *entry: str) -> bool:
        """Whether the list of this name has a reason for this entry."""
        known = self.lists.get(name, {})
        for part in entry:
            if not isinstance(known, dict) or part not in known:
                return False
            known = known[part]
        if not (isinstance(known, str) and known.strip()):
            return False
        self.used.add((name, *entry))
        return True

    def stale(self, names: list[str]) -> list[Finding]:
        """The entries of these lists that excused nothing."""
        entries = [(name, *entry) for name in names for entry in _leaves(self.lists.get(name, {}))]
        return [
            Finding("reason-without-use", f"reasons.yaml {entry[0]}", f"{' '.join(entry[1:])} excuses nothing: take it out")
            for entry in entries
            if entry not in self.used
        ]


def read_reasons() -> Reasons:
    """The lists of this repository."""
    return Reasons(yaml.safe_load(LISTS.read_text()))


def _leaves(known) -> list[tuple[str, ...]]:
    if not isinstance(known, dict):
        return [()]
    return [(part, *rest) for part, inner in known.items() for rest in _leaves(inner)]
