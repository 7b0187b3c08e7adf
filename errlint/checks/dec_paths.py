"""DEC015: paths that one URL meets alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from errlint.checks.registry import Hit, Unsure, Verdict, check
from errlint.checks.subjects import Documents
from errlint.checks.words import cut
from errlint.match.plan import Plan
from errlint.model.finding import Location, Related, Severity
from errlint.model.record import record
from errlint.model.spec import Node, Spec, Unresolved

OFF, NOTE, WARNING, ERROR = Severity

MOST_PAIRS = 200_000
"""Pairs of paths of one length that are compared; where there are more, nothing is said."""

SHAPES = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "number": re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?"),
    "boolean": re.compile(r"true|false|[01]", re.IGNORECASE),
    "uuid": re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
}
"""What a parameter of a type or format looks like in a URL."""


@record
class _Segment:
    """A part of a path template: its text, and for a whole parameter which texts it can be (None: any)."""

    text: str
    parameter: bool
    allowed: frozenset[str] | re.Pattern[str] | None = None

    def may_be(self, text: str) -> bool:
        if isinstance(self.allowed, frozenset):
            return text in self.allowed
        return self.allowed is None or self.allowed.fullmatch(text) is not None


@check("DEC015", "ambiguous-paths", OFF, Documents)
def ambiguous_paths(documents: Documents, plan: Plan) -> Iterator[Verdict]:
    """Two path templates that one URL meets, neither of which is the more concrete one (OpenAPI 3.1.1, Paths Object)."""
    for spec in documents.specs:
        pairs = 0
        groups: dict[int, list[tuple[str, list[_Segment]]]] = {}
        for path, segments in _paths(spec).items():
            group = groups.setdefault(len(segments), [])
            pairs += len(group)
            if pairs > MOST_PAIRS:
                yield Unsure("whether paths are ambiguous: there are too many", at=Location(spec.uri, ("paths",)))
                break
            for other, others in group:
                meeting = _meeting(others, segments)
                if meeting is not None:
                    yield _hit(spec, other, path, meeting)
                    break
            group.append((path, segments))


def _hit(spec: Spec, one: str, other: str, url: str) -> Hit:
    first, second = cut(one, 60), cut(other, 60)
    if one.rstrip("/") == other.rstrip("/"):
        message = f"{first} and {second} differ only in the last slash"
    elif url in (one.rstrip("/"), other.rstrip("/")):
        message = f"{first} and {second} are one path"
    else:
        message = f"{cut(url, 60)} is both {first} and {second}"
    return Hit(
        message,
        at=Location(spec.uri, ("paths", other)),
        related=(Related(Location(spec.uri, ("paths", one)), one),),
        shared=True,
        merged="{n} paths match a URL that another path matches, the first: " + message.replace("{", "{{").replace("}", "}}"),
    )


def _paths(spec: Spec) -> dict[str, list[_Segment]]:
    found: dict[str, list[_Segment]] = {}
    for operation in spec.operations:
        if operation.path not in found:
            allowed = {
                f"{{{parameter.name}}}": _allowed(spec, parameter.schema)
                for parameter in operation.parameters
                if parameter.where == "path"
            }
            segments = operation.path.rstrip("/").split("/")
            found[operation.path] = [_Segment(text, _is_parameter(text), allowed.get(text)) for text in segments]
    return found


def _allowed(spec: Spec, schema: Node | None) -> frozenset[str] | re.Pattern[str] | None:
    """Which texts a parameter's schema lets through, None for any."""
    try:
        value = spec.resolve(schema).value if schema is not None else None
    except Unresolved:
        return None
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("enum"), list):
        return frozenset(str(one) for one in value["enum"] if isinstance(one, (str, int)))
    kind = value.get("format") if value.get("format") == "uuid" else value.get("type")
    return SHAPES.get(kind) if isinstance(kind, str) else None


def _meeting(one: list[_Segment], other: list[_Segment]) -> str | None:
    """A URL that two templates of equal length match alike: each is a parameter where the other is not, or both always are."""
    wider = narrower = False
    url: list[str] = []
    for left, right in zip(one, other, strict=True):
        if left.parameter and right.parameter:
            if (
                isinstance(left.allowed, frozenset)
                and isinstance(right.allowed, frozenset)
                and not left.allowed & right.allowed
            ):
                return None
        elif left.parameter:
            wider = True
            if not left.may_be(right.text):
                return None
        elif right.parameter:
            narrower = True
            if not right.may_be(left.text):
                return None
        elif _PARAMETER.sub("{}", left.text) != _PARAMETER.sub("{}", right.text):
            return None
        url.append(right.text if left.parameter else left.text)
    return "/".join(url) if wider == narrower else None


_PARAMETER = re.compile(r"\{[^{}]*\}")


def _is_parameter(segment: str) -> bool:
    return _PARAMETER.fullmatch(segment) is not None
