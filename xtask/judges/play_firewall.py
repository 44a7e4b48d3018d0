"""A stranger and fifty consoles, played before the firewall of the templates: `findings`."""

from collections import Counter
from dataclasses import dataclass, field

from distribution import Asked, Distribution
from firewall import Firewall, Request
from subjects import Subject

OPERATOR, STRANGER, OFFICE = "203.0.113.10", "198.51.100.66", "203.0.113.77"
# What a stranger guesses in place of the distribution's mark.
GUESS = "aaaaaaaaaaaa"
SECONDS = 300
OF_THE_OPERATOR, OF_THE_STRANGER = 300, 10_000
# The most that one open console asks in five minutes (decision 14); `cargo xtask bench consoles` counts it.
OF_ONE_CONSOLE = 340
CONSOLES = 50


@dataclass
class Played:
    """What became of the requests of a scene."""

    firewall: Firewall
    refused: Counter = field(default_factory=Counter)


def findings(subject: Subject) -> list[str]:
    """Everything by which the firewall stops somebody whom it should not, or counts a stranger for somebody else."""
    return [*_stranger(subject), *_office(subject)]


def firewall_of(subject: Subject) -> Firewall | None:
    """The firewall that stands before the API's stage, if there is one."""
    found = {kind: properties for _, _, kind, properties in subject.resources() if kind.startswith("AWS::WAFv2::")}
    if not found:
        return None
    if "AWS::WAFv2::WebACLAssociation" not in found:
        raise ValueError("the firewall stands before nothing")
    return Firewall(found["AWS::WAFv2::WebACL"])


def play(subject: Subject, senders: dict[str, list[Request]]) -> Played:
    """The requests of all senders in the order of their times."""
    played = Played(firewall_of(subject))
    sent = sorted(((one.at, sender, one) for sender, requests in senders.items() for one in requests), key=lambda one: one[:2])
    for _, sender, request in sent:
        if played.firewall.refuses(request):
            played.refused[sender] += 1
    return played


def through(subject: Subject, address: str, count: int, headers: dict[str, list[str]] | None = None) -> list[Request]:
    """So many requests of a viewer through the distribution, evenly over five minutes."""
    asked = [Asked(at, address, headers or {}) for at in _times(count)]
    return Distribution(subject).passes_on(asked)


def straight(address: str, count: int, headers: dict[str, list[str]]) -> list[Request]:
    """So many requests past the distribution, evenly over five minutes."""
    joined = {name: ", ".join(values) for name, values in headers.items()}
    return [Request(at, address, joined) for at in _times(count)]


def forged(whom: str) -> dict[str, list[str]]:
    """All that a stranger can write to be taken for somebody else."""
    return {"x-forwarded-for": [whom], "x-viewer-address": [whom], "x-distribution-mark": [GUESS]}


def _times(count: int) -> list[float]:
    return [SECONDS * number / count for number in range(count)]


def _stranger(subject: Subject) -> list[str]:
    """He names an operator's address ten thousand times through the distribution, and as often straight."""
    senders = {
        "the operator": through(subject, OPERATOR, OF_THE_OPERATOR),
        "the stranger": [
            *through(subject, STRANGER, OF_THE_STRANGER, forged(OPERATOR)),
            *straight(STRANGER, OF_THE_STRANGER, forged(OPERATOR)),
        ],
    }
    played = play(subject, senders)
    meant = Counter({OPERATOR: OF_THE_OPERATOR, STRANGER: 2 * OF_THE_STRANGER})
    found = [f"{played.refused['the operator']} requests of the operator are refused"] if played.refused["the operator"] else []
    counted = played.firewall.counted()
    return found + [
        f"{counted[key]} requests are counted for {key}, of whom {meant[key]} are"
        for key in sorted(counted.keys() | meant.keys())
        if counted[key] != meant[key]
    ]


def _office(subject: Subject) -> list[str]:
    """Fifty consoles behind one address, each asking as much as one was seen to ask."""
    asked = CONSOLES * OF_ONE_CONSOLE
    played = play(subject, {"the consoles": through(subject, OFFICE, asked)})
    found = [f"{played.refused['the consoles']} requests of fifty consoles are refused"] if played.refused["the consoles"] else []
    return found + [
        f"{asked} requests of fifty consoles are more than half of what {rate.name} lets through, {rate.limit}"
        for rate in played.firewall.rates
        if rate.counted[OFFICE] > rate.limit / 2
    ]
