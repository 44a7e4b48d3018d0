"""Policies as values, and the question that IAM answers: is this request allowed?

Only what the templates use is known here; anything else is an error, so that no condition is taken for fulfilled."""

from dataclasses import dataclass, field

from wildcards import matches


class Unreadable(Exception):
    """A policy says something that this evaluator does not know."""


@dataclass(frozen=True)
class Statement:
    """One statement, with the place where it stands."""

    where: str
    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    def __str__(self) -> str:
        return f"{self.where} {self.sid}"


@dataclass(frozen=True)
class Request:
    """What somebody asks for. A key that is absent is absent from the request; values are always several."""

    action: str
    resource: str
    context: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


def statements(document: dict, where: str) -> list[Statement]:
    """The statements of a policy document."""
    return [_statement(one, where) for one in several(document["Statement"])]


def _statement(raw: dict, where: str) -> Statement:
    if unknown := raw.keys() - {"Sid", "Effect", "Action", "Resource", "Condition", "Principal"}:
        raise Unreadable(f"{where}: a statement has {', '.join(sorted(unknown))}")
    conditions = []
    for operator, keys in raw.get("Condition", {}).items():
        for key, values in keys.items():
            conditions.append((operator, key, tuple(str(value).strip() for value in several(values))))
    return Statement(
        where,
        raw.get("Sid", "(unnamed)"),
        raw["Effect"],
        tuple(several(raw["Action"])),
        tuple(several(raw.get("Resource", "*"))),
        tuple(conditions),
    )


def several(value) -> list:
    """A list, where a policy may have a single value."""
    return value if isinstance(value, list) else [value]


class Allowed:
    """What some statements allow, whatever their conditions; who names an action is found once."""

    def __init__(self, policy: list[Statement]):
        self.statements = [one for one in policy if one.effect == "Allow"]
        self.exact: dict[str, list[Statement]] = {}
        self.wild: list[tuple[str, Statement]] = []
        for statement in self.statements:
            for name in statement.actions:
                if set("*?") & set(name):
                    self.wild.append((name.lower(), statement))
                else:
                    self.exact.setdefault(name.lower(), []).append(statement)

    def resources(self, action: str) -> set[str]:
        """The resources on which an action is allowed."""
        named = self.exact.get(action.lower(), [])
        wild = [one for name, one in self.wild if matches(name, action.lower())]
        return {resource for one in [*named, *wild] for resource in one.resources}


def allows(policy: list[Statement], request: Request) -> bool:
    """Whether a statement allows the request and none denies it."""
    meant = [one for one in policy if is_meant(one, request)]
    return any(one.effect == "Allow" for one in meant) and not any(one.effect == "Deny" for one in meant)


def is_meant(statement: Statement, request: Request) -> bool:
    """Whether a statement is about this request."""
    names = any(matches(name.lower(), request.action.lower()) for name in statement.actions)
    reaches = names and any(_is_resource(pattern, request.resource) for pattern in statement.resources)
    return reaches and all(_holds(*condition, request.context) for condition in statement.conditions)


def _is_resource(pattern: str, resource: str) -> bool:
    return pattern == "*" or (resource != "*" and matches(pattern, resource))


def _holds(operator: str, key: str, wanted: tuple[str, ...], context: dict[str, tuple[str, ...]]) -> bool:
    present = _value(context, key)
    if operator == "Null":
        return (present is None) == (wanted[0].lower() == "true")
    quantifier, _, plain = operator.rpartition(":")
    if_exists = plain.endswith("IfExists")
    compare = _comparison(plain.removesuffix("IfExists"), wanted)
    if present is None:
        return if_exists or quantifier == "ForAllValues"
    if quantifier == "ForAnyValue" or not quantifier:
        return any(compare(value) for value in present)
    if quantifier == "ForAllValues":
        return all(compare(value) for value in present)
    raise Unreadable(f"the operator {operator} is not known")


def _value(context: dict[str, tuple[str, ...]], key: str) -> tuple[str, ...] | None:
    for name, values in context.items():
        if name.lower() == key.lower():
            return values
    return None


def _comparison(operator: str, wanted: tuple[str, ...]):
    if operator == "StringEquals":
        return lambda value: value in wanted
    if operator in ("StringEqualsIgnoreCase", "Bool"):
        return lambda value: value.lower() in [one.lower() for one in wanted]
    if operator in ("StringLike", "ArnLike", "ArnEquals"):
        return lambda value: any(matches(one, value) for one in wanted)
    raise Unreadable(f"the operator {operator} is not known")
