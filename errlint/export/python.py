"""``--to python``: a module of typed constants, Python 3.11 and later, standard library only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from errlint.export.literals import comment, py
from errlint.export.names import identity, named, upper
from errlint.export.reference import title
from errlint.export.samples import shown_statuses
from errlint.model.catalog import Catalog, Code
from errlint.model.record import record, replace

HEAD = '''from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """One entry. ``code`` is None where the answer carries no code; ``statuses`` are as the catalog writes them (404, "5XX"),
    ``status`` is the first of them. ``message`` is the template, written in the dialect ``message_kind``."""

    id: str
    code: str | int | None
    status: int
    statuses: tuple[int | str, ...]
    layer: str
    name: str
    category: str
    message: str
    message_kind: str
    description: str
    resolution: str
    retry: str
    deprecated: bool
'''

TAIL = '''

def find(code: str | int | None, status: int | None = None, layer: str | None = None) -> tuple[ErrorInfo, ...]:
    """The entries that an answer with this code may be, narrowed by its HTTP status and its layer."""
    return tuple(
        info
        for info in ERRORS.values()
        if info.code == code
        and isinstance(info.code, str) == isinstance(code, str)
        and (layer is None or info.layer == layer)
        and (status is None or any(_covers(one, status) for one in info.statuses))
    )


def _covers(written: int | str, status: int) -> bool:
    if isinstance(written, int):
        return written == status
    return written == "any" or written == f"{status // 100}XX"
'''


def python_text(catalog: Catalog) -> str:
    """The module: ``ErrorCode`` (texts) and ``ErrorNumber`` (numbers) as far as there are such codes, ``ERRORS``, ``find``.

    A member has the entry's symbolic name, else its code's; ``ERRORS`` is keyed by id, and by LAYER/ID where an id comes again.
    """
    lines = [
        f"# The error codes of {comment(title(catalog))}. Written by errlint from the catalog: change that, not this file."
    ]
    lines += ["# ruff: noqa", HEAD]
    lines += _enum("ErrorCode", "StrEnum", catalog.codes, lambda value: isinstance(value, str))
    lines += _enum("ErrorNumber", "IntEnum", catalog.codes, lambda value: isinstance(value, int))
    lines += ["", "ERRORS: Final[Mapping[str, ErrorInfo]] = MappingProxyType(", "    {"]
    for key, code in keyed(catalog):
        values = ", ".join(f"{name}={py(value)}" for name, value in info(code).items())
        lines.append(f"        {py(key)}: ErrorInfo({values}),")
    lines += ["    }", ")"]
    return "\n".join(lines) + "\n" + TAIL


def keyed(catalog: Catalog) -> Iterator[tuple[str, Code]]:
    """Each entry with a key of its own: its id, or LAYER/ID where another layer's entry has that id already."""
    seen: set[str] = set()
    for code in catalog.codes:
        key = code.id if code.id not in seen else f"{code.layer}/{code.id}"
        if key not in seen:
            seen.add(key)
            yield key, code


def info(code: Code) -> dict[str, Any]:
    """What constants hold of an entry: the members of ``ErrorInfo``."""
    return {
        "id": code.id,
        "code": code.code,
        "status": next(iter(shown_statuses(code.statuses)), 500),
        "statuses": tuple(int(word) if word.isdigit() else word for word in code.statuses.text.split(", ")),
        "layer": code.layer,
        "name": code.name,
        "category": code.category,
        "message": code.message.text if code.message is not None else "",
        "message_kind": code.message.kind if code.message is not None else "",
        "description": code.description,
        "resolution": code.resolution,
        "retry": code.retry,
        "deprecated": code.deprecated,
    }


@record
class Member:
    """One member of an enumeration: its name, its value, and what a comment says of it."""

    name: str
    value: str | int
    told: str


def enumerated(codes: Iterable[Code], taken: Iterable[str] = ()) -> Iterator[Member]:
    """A member for each code, once: named after its entry, or after itself where several entries carry it."""
    groups: dict[tuple[type, Any], list[Code]] = {}
    for code in codes:
        if code.code is not None:
            groups.setdefault((type(code.code), code.code), []).append(code)
    # Two codes that differ by their type alone are two members: here the layer says which.
    single = [
        replace(
            group[0], name=group[0].name if len(group) == 1 else "", id=str(value), layer=f"{group[0].layer} {kind.__name__}"
        )
        for (kind, value), group in groups.items()
    ]
    names = named(single, upper, taken=taken)
    for first, group in zip(single, groups.values(), strict=True):
        if len(group) == 1:
            told = comment(first.description or (first.message.text if first.message is not None else ""))
            told = f"{first.statuses}: {told}" if told else str(first.statuses)
        else:
            told = f"{len(group)} entries: {comment(', '.join(code.id for code in group))}"
        if first.code is not None:
            yield Member(names[identity(first)], first.code, told)


def _enum(name: str, base: str, codes: Iterable[Code], wanted: Callable[[Any], bool]) -> Iterator[str]:
    found = list(enumerated((code for code in codes if wanted(code.code)), ("MRO",)))
    if not found:
        return
    yield from ("", f"class {name}({base}):")
    for member in found:
        yield f"    #: {member.told}"
        yield f"    {member.name} = {py(member.value)}"
    yield ""
