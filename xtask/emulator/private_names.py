"""What this launcher needs of MiniStack's insides, and how it says that something is not there."""

import importlib
from importlib import metadata

MINISTACK_VERSION = "1.5.33"


def what_is_missing(names_by_module: dict[str, list[str]]) -> str | None:
    """A sentence about the first reason why the installed MiniStack cannot be taught, or None."""
    installed = metadata.version("ministack")
    if installed != MINISTACK_VERSION:
        return f"The emulator must be ministack {MINISTACK_VERSION}, but {installed} is installed: its private names differ."
    for module_name, names in names_by_module.items():
        module = importlib.import_module(module_name)
        missing = [name for name in names if not hasattr(module, name)]
        if missing:
            return f"The emulator cannot be taught what it lacks: {module_name} has no {', '.join(missing)}."
    return None


def is_true(value) -> bool:
    """A template's boolean, which may be text."""
    return str(value).lower() == "true"


def must_succeed(response: tuple) -> bytes:
    """The body of a service's answer; a refusal becomes the reason why the resource failed."""
    status, _headers, body = response
    if status >= 400:
        raise ValueError(body.decode("utf-8", errors="replace") if isinstance(body, bytes) else str(body))
    return body
