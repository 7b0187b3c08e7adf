"""Names in source files -> the codes that they stand for, and classes with those above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from errlint.draft.source import source_words as words
from errlint.draft.source.source_facts import Class, Enum, Member, Name, Record, Source, Value
from errlint.draft.statuses import by_name

ERRORS = frozenset(("Exception", "Error", "RuntimeException", "Throwable", "BaseException", "ValueError", "HTTPException"))
TAILS = frozenset(("value", "name", "code", "getCode", "toString", "String", "label", "id"))
HIGHEST = 30
"""Classes above a class that are followed."""


def member_code(enum: Enum, member: Member) -> str | int | None:
    """The code of an enum's member: the value that is named so, else the one that looks like one, else the member's name."""
    for index, name in enumerate(enum.parameters):
        if words.field(name) == "code" and index < len(member.values) and words.is_word(member.values[index]):
            held = member.values[index]
            return held if isinstance(held, str | int) else None
    named = next((held for name, held in member.named.items() if words.field(name) == "code"), None)
    if isinstance(named, str | int) and words.is_word(named):
        return named
    texts = [held for held in member.values if isinstance(held, str) and words.is_word(held) and " " not in held]
    if len(member.values) == 1 and texts:
        return texts[0]
    strong = [text for text in texts if words.is_constant(text) or words.is_small(text)]
    if strong:
        return strong[0]
    numbers = [held for held in member.values if isinstance(held, int) and words.is_word(held)]
    if numbers:
        return numbers[0]
    told = any(isinstance(held, str) or _is_status(held) for held in member.values)
    alone = len(member.values) == 1 and isinstance(member.values[0], int)
    return member.name if told and not alone else None


def _is_status(held: Value) -> bool:
    return (isinstance(held, Name) and by_name(held.text) is not None) or (isinstance(held, int) and 100 <= held <= 599)


class Symbols:
    """What the names of several files stand for."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._everywhere: dict[str, str | int] = {}
        self._classes: dict[str, Class] = {}
        self._with_statuses: set[str] = set()
        twice: set[str] = set()
        for source in sources:
            for name, code in _names(source):
                if self._everywhere.setdefault(name, code) != code:
                    twice.add(name)
            for class_ in source.classes:
                self._classes.setdefault(class_.name, class_)
        for name in twice:
            self._everywhere.pop(name, None)
        for class_ in self._classes.values():
            if any(words.field(name) == "status" and _is_status_of(item) for name, item in class_.attributes.items()):
                self._with_statuses.update(one.name for one in self.line_of(class_))

        self.errors = frozenset(class_.name for class_ in self._classes.values() if self.is_error(class_))
        """The classes that are errors."""

    def of(self, source: Source) -> Mapping[str, str | int]:
        """The codes by name that a file can mean: its own names first."""
        return {**self._everywhere, **dict(_names(source))}

    def resolved(self, item: Value) -> Value:
        """The value of a name that is known, else the value itself."""
        return resolved(item, self._everywhere)

    def line_of(self, class_: Class) -> Iterator[Class]:
        """A class and those above it, the nearest first, as far as the files hold them."""
        seen: set[str] = set()
        left = [class_]
        while left and len(seen) < HIGHEST:
            one = left.pop(0)
            if one.name in seen:
                continue
            seen.add(one.name)
            yield one
            left += [self._classes[base.rpartition(".")[2]] for base in one.bases if base.rpartition(".")[2] in self._classes]

    def attributes(self, name: str) -> Iterator[tuple[str, Value]]:
        """The attributes of a class and of those above it, the nearest first."""
        if name in self._classes:
            for one in self.line_of(self._classes[name]):
                yield from one.attributes.items()

    def is_error(self, class_: Class) -> bool:
        """Whether a class is an error: it or one above it is called so."""
        names = [name for one in self.line_of(class_) for name in (one.name, *one.bases)]
        return any(name.rpartition(".")[2] in ERRORS or words.ERROR.search(name.rpartition(".")[2]) for name in names)

    def has_statuses(self, class_: Class) -> bool:
        """Whether a class of the same line holds a status."""
        return any(one.name in self._with_statuses for one in self.line_of(class_))


def _is_status_of(item: Value) -> bool:
    return (isinstance(item, Name) and by_name(item.text, bare=True) is not None) or (
        isinstance(item, int) and 400 <= item <= 599
    )


def _names(source: Source) -> Iterator[tuple[str, str | int]]:
    """The names of a file that stand for a code: members of enums, constants, members of constant objects."""
    for enum in source.enums:
        for member in enum.members:
            code = member_code(enum, member)
            if code is not None:
                yield f"{enum.name}.{member.name}", code
    for name, held in source.constants.items():
        if isinstance(held, str) and words.is_word(held):
            yield name, held
        elif isinstance(held, Record):
            for key, item in held.pairs:
                if isinstance(key, Name | str) and isinstance(item, str) and words.is_word(item):
                    yield f"{name}.{key.text if isinstance(key, Name) else key}", item


def resolved(item: Value, symbols: Mapping[str, str | int]) -> Value:
    """The code that a name stands for, else the value itself: ``ErrorCode.GONE.value`` is the member's code."""
    if not isinstance(item, Name):
        return item
    parts = item.text.split(".")
    while len(parts) > 1 and parts[-1] in TAILS and ".".join(parts[-2:]) not in symbols:
        parts.pop()
    for start in (max(len(parts) - 2, 0), len(parts) - 1):
        name = ".".join(parts[start:])
        if name in symbols:
            return symbols[name]
    return item
