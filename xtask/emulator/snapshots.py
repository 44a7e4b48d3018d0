"""Copies of the emulator's state while it runs, so that a kill costs seconds and not everything.

MiniStack writes its state only when it stops. Buckets lie on disk all the time; the rest is copied into one file, which
is replaced as a whole. Logs and what is being deployed are left out.
"""

import asyncio
import copy
import json
import os
import sys
import time
from pathlib import Path

PRIVATE_NAMES = {
    "ministack.app": ["_build_persistence_save_dict", "_load_persisted_state"],
    "ministack.core.persistence": ["_json_default", "_state_format_version"],
    "ministack.services.cloudformation": ["_stacks"],
    "ministack.services.cloudwatch_logs": ["_log_groups", "_metric_filters"],
    "ministack.services.lambda_svc": ["_prune_orphan_code_blobs", "_write_code_blob"],
}

PAUSE_SECONDS = 5
# Requests wait while the state is copied in memory: it is copied less often the longer that takes.
PAUSE_PER_SECOND_OF_COPYING = 20

running = set()


def restore(state_directory: Path) -> bool:
    """Puts the last copy where MiniStack reads its state; False where there is none."""
    try:
        states = json.loads(place(state_directory).read_text())
    except (FileNotFoundError, ValueError):
        return False
    services = state_directory / "services"
    services.mkdir(exist_ok=True)
    for written in services.glob("*.json"):
        written.unlink()
    for name, state in states.items():
        (services / f"{name}.json").write_text(json.dumps(state))
    return True


def begin(state_directory: Path) -> None:
    """Makes the first copy from what MiniStack is about to read."""
    written = sorted((state_directory / "services").glob("*.json"))
    if written:
        replace(place(state_directory), {file.stem: file.read_text() for file in written})
    else:
        forget(state_directory)


def forget(state_directory: Path) -> None:
    """MiniStack has written its state, and the copy is of no more use."""
    place(state_directory).unlink(missing_ok=True)


def keep(state_directory: Path) -> None:
    """Copies the state from time to time. Call it once, before MiniStack serves."""
    from ministack import app

    write_code_once()
    load = app._load_persisted_state

    def load_and_keep():
        load()
        task = asyncio.get_running_loop().create_task(copy_for_ever(place(state_directory)))
        running.add(task)

    app._load_persisted_state = load_and_keep


def write_code_once() -> None:
    """The digest of a function's code is the slowest part of a copy, and the code seldom changes."""
    from ministack.services import lambda_svc

    write_code, written = lambda_svc._write_code_blob, {}

    def write_once(code: bytes) -> str:
        # Keeping the code itself keeps its identity from being given to another.
        known = written.get(id(code))
        if known is None or not Path(lambda_svc.CODE_BLOB_DIR, f"{known[1]}.zip").exists():
            known = written[id(code)] = (code, write_code(code))
        return known[1]

    lambda_svc._write_code_blob = write_once


async def copy_for_ever(file: Path) -> None:
    copying = 0.0
    while True:
        await asyncio.sleep(max(PAUSE_SECONDS, copying * PAUSE_PER_SECOND_OF_COPYING))
        try:
            began = time.monotonic()
            # Here nothing else of the loop runs, so that no transaction is seen half done.
            states = states_of_services()
            copying = time.monotonic() - began
            if states is not None:
                await asyncio.to_thread(write, file, states)
        except Exception as error:
            # A thread has changed something meanwhile; the copy before stays.
            print(f"The state was not copied this time: {error}", file=sys.stderr)


def states_of_services() -> dict | None:
    """Every service's state; None while a stack is being changed, which is nothing to begin from."""
    from ministack import app
    from ministack.services import lambda_svc
    from ministack.services.cloudformation import _stacks

    statuses = [stack.get("StackStatus", "") for stack in list(_stacks._data.values())]
    if not statuses or any(status.endswith("IN_PROGRESS") for status in statuses):
        return None
    prune = lambda_svc._prune_orphan_code_blobs
    # The copy before may name code that has been replaced since; stopping removes it.
    lambda_svc._prune_orphan_code_blobs = lambda _referenced: None
    try:
        states = {
            name: log_groups_without_streams() if name == "cloudwatch_logs" else get_state()
            for name, get_state in app._build_persistence_save_dict().items()
        }
    finally:
        lambda_svc._prune_orphan_code_blobs = prune
    return {name: state for name, state in states.items() if state is not None}


def log_groups_without_streams() -> dict:
    """Events grow without end, and would make every copy slower than the one before."""
    from ministack.services import cloudwatch_logs

    groups = type(cloudwatch_logs._log_groups)()
    for key, group in list(cloudwatch_logs._log_groups._data.items()):
        rest = {name: copy.deepcopy(value) for name, value in group.items() if name != "streams"}
        groups._data[key] = {**rest, "streams": {}}
    return {"log_groups": groups, "metric_filters": copy.deepcopy(cloudwatch_logs._metric_filters)}


def write(file: Path, states: dict) -> None:
    from ministack.core import persistence

    def text(name: str, state) -> str:
        wrapped = {"__ministack_format__": persistence._state_format_version(name), "payload": state}
        return json.dumps(wrapped, default=persistence._json_default)

    replace(file, {name: text(name, state) for name, state in states.items()})


def replace(file: Path, texts: dict[str, str]) -> None:
    """A kill leaves the old file or the new one."""
    beside = file.with_suffix(".new")
    beside.write_text("{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in texts.items()) + "}")
    os.replace(beside, file)


def place(state_directory: Path) -> Path:
    return state_directory / "snapshot.json"
