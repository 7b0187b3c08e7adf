"""What a source file says, in every language alike: enums, classes, constants, calls and records of literals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from errlint.model.record import field, record


@record
class Name:
    """A name that stands for a value: ``HttpStatus.NOT_FOUND``."""

    text: str


@record
class Call:
    """A call or a constructor: its dotted name, its values, and those that have a name. A chain of calls is one call."""

    name: str
    values: tuple[Value, ...]
    named: Mapping[str, Value] = field(default_factory=dict)
    line: int = 0
    owner: str = ""
    """The class that it stands in."""


@record
class Record:
    """An object, a dict, a map or a composite literal: its pairs in order; ``owner`` is the class or constant around it."""

    pairs: tuple[tuple[Value, Value], ...]
    line: int = 0
    owner: str = ""


@record
class Items:
    """A list or tuple, or values that stand together without names."""

    values: tuple[Value, ...]
    line: int = 0


Value: TypeAlias = "str | int | Name | Call | Record | Items | None"
"""A literal text or number; None is everything that nobody can know from the text alone."""


@record
class Member:
    """One constant of an enum: its name, its values, those with a name, and its line."""

    name: str
    values: tuple[Value, ...]
    named: Mapping[str, Value] = field(default_factory=dict)
    line: int = 0


@record
class Enum:
    """Constants that belong together; ``parameters`` are the names of the values that each is made of, where they are known."""

    name: str
    members: tuple[Member, ...]
    parameters: tuple[str, ...] = ()
    line: int = 0


@record
class Class:
    """A class: the names of those above it, and the attributes that its body sets."""

    name: str
    bases: tuple[str, ...]
    attributes: Mapping[str, Value]
    line: int = 0


@record
class Source:
    """One file: what it defines, and every call and record in it."""

    uri: str
    enums: tuple[Enum, ...] = ()
    classes: tuple[Class, ...] = ()
    constants: Mapping[str, Value] = field(default_factory=dict)
    loose: tuple[Call | Record | Items, ...] = ()
