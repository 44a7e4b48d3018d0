"""checkov over a folder of templates: what each of its checks says of each resource, and what the templates suppress.

It is called as a library, so that no configuration file and no platform has a say in it.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from checkov.cloudformation.checks.resource.BaseCloudsplainingIAMCheck import BaseCloudsplainingIAMCheck
from checkov.cloudformation.runner import Runner
from checkov.common.models.enums import CheckResult
from checkov.common.output.report import Report
from checkov.runner_filter import RunnerFilter

from switches import Switches, set_to

# How Python names what a program does before it reaches another machine.
CALLS = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}


@dataclass(frozen=True, order=True)
class Place:
    """One check of one resource."""

    template: str
    resource: str
    check: str


@dataclass(frozen=True)
class Answer:
    """What a check said of a resource. One that could not decide says UNKNOWN."""

    place: Place
    line: int
    type: str
    words: str
    result: CheckResult


@dataclass(frozen=True)
class Suppression:
    """What a template takes out, and why it says so."""

    place: Place
    line: int
    reason: str


@dataclass(frozen=True)
class Scan:
    """All that is known of a folder."""

    answers: list[Answer]
    suppressions: list[Suppression]
    # Templates in which checkov saw no resource.
    unread: list[str]


def scan(folder: Path) -> Scan:
    """Judges every template of this folder, with the switches of all set either way."""
    go_offline()
    if not any(folder.glob("*.yaml")):
        raise FileNotFoundError(f"there are no templates in {folder}, so nothing can be judged")
    runs = [_run(folder, switches) for switches in Switches]
    answers = [answer for run in runs for answer in run.answers]
    unread = {name for run in runs for name in run.unread}
    return Scan(answers, runs[0].suppressions, sorted(unread))


def go_offline() -> None:
    """From here on this program reaches nobody, whatever a library has in mind."""
    if not _OFFLINE:
        sys.addaudithook(_refuse)
        _OFFLINE.append(True)


_OFFLINE: list[bool] = []


def _refuse(event: str, arguments: tuple) -> None:
    if event in CALLS:
        raise PermissionError(f"templates are judged offline, and this is {event} with {arguments[1:]}")


def _run(folder: Path, switches: Switches) -> Scan:
    # It keeps policies by file and name for as long as the program runs, and would judge another folder by these.
    BaseCloudsplainingIAMCheck.policy_document_cache.clear()
    runner = _Runner(switches)
    records = []
    # Its report drops whatever a check could not decide.
    with patch.object(Report, "add_record", lambda _report, record: records.append(record)):
        runner.run(str(folder), runner_filter=RunnerFilter(framework=["cloudformation"], show_progress_bar=False))
    read = {Path(file).name for file, template in runner.definitions.items() if template.get("Resources")}
    unread = [file.name for file in folder.glob("*.yaml") if file.name not in read]
    return Scan([_answer(record) for record in records], runner.suppressions, unread)


def _answer(record) -> Answer:
    kind, resource = record.resource.rsplit(".", 1)
    place = Place(record.file_path.lstrip("/"), resource, record.check_id)
    return Answer(place, record.file_line_range[0], kind, record.check_name, record.check_result["result"])


class _Runner(Runner):
    """checkov's own, which is shown templates with their switches set, and lets no suppression hide an answer: whether
    one is needed is only known from the answer."""

    def __init__(self, switches: Switches):
        super().__init__()
        self.suppressions: list[Suppression] = []
        build = self.graph_manager.build_graph_from_definitions
        self.graph_manager.build_graph_from_definitions = lambda templates: build(
            {file: set_to(switches, template) for file, template in templates.items()}
        )

    def check_definitions(self, root_folder, runner_filter, report):
        for file, sections in self.context.items():
            for resource, context in sections.get("Resources", {}).items():
                for skipped in context["skipped_checks"]:
                    place = Place(Path(file).name, resource, skipped["id"])
                    self.suppressions.append(Suppression(place, context["start_line"], skipped["suppress_comment"]))
                context["skipped_checks"] = []
        super().check_definitions(root_folder, runner_filter, report)
