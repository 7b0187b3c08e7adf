"""Random texts for a regular expression, so that an id can have the shape that a service demands."""

from __future__ import annotations

from math import log2
from random import Random
from typing import Any

LONGEST_RUN = 24
LONGEST_TEXT = 400
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_CLASSES = {"CATEGORY_DIGIT": "0123456789", "CATEGORY_WORD": _ALPHABET + "_", "CATEGORY_SPACE": " "}


class _NoSampleError(Exception):
    """A construct that no text is made for (look-around, conditionals)."""


def sample(pattern: str, rng: Random) -> tuple[str, float] | None:
    """(a text built along the pattern, the random bits in it); None for what is not understood.

    It walks the tree of Python's own parser, which is not public: any surprise means None, and a caller checks the text
    against the pattern anyway.
    """
    import re

    try:
        out: list[str] = []
        bits = _walk(list(re._parser.parse(pattern)), rng, out, {})
        return "".join(out), bits
    except (_NoSampleError, re.error, AttributeError, RecursionError, OverflowError, ValueError, TypeError):
        return None


def _walk(tree: list[Any], rng: Random, out: list[str], groups: dict[int, str]) -> float:
    """Appends a text for a sequence of nodes; the random bits that went into it."""
    if len(out) > LONGEST_TEXT:
        raise _NoSampleError("too long")
    return sum(_node(str(op), argument, rng, out, groups) for op, argument in tree)


def _node(op: str, argument: Any, rng: Random, out: list[str], groups: dict[int, str]) -> float:
    if op == "LITERAL":
        out.append(chr(argument))
        return 0.0
    if op in ("NOT_LITERAL", "ANY"):
        return _pick([character for character in _ALPHABET if op == "ANY" or ord(character) != argument], rng, out)
    if op == "IN":
        return _pick(_members(argument), rng, out)
    if op == "BRANCH":
        branch = rng.choice(argument[1])
        return log2(len(argument[1])) + _walk(list(branch), rng, out, groups)
    if op == "SUBPATTERN":
        start = len(out)
        bits = _walk(list(argument[3]), rng, out, groups)
        groups[argument[0]] = "".join(out[start:])
        return bits
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = int(argument[0]), int(argument[1]), list(argument[2])
        nested = any("REPEAT" in str(inner_op) or str(inner_op) == "SUBPATTERN" for inner_op, _ in inner)
        times = max(least, min(most, 1 if nested else LONGEST_RUN))
        return sum(_walk(inner, rng, out, groups) for _ in range(times))
    if op == "GROUPREF":
        out.append(groups.get(argument, ""))
        return 0.0
    if op == "AT":
        return 0.0
    raise _NoSampleError(op)


def _pick(characters: list[str], rng: Random, out: list[str]) -> float:
    if not characters:
        raise _NoSampleError("empty class")
    out.append(rng.choice(characters))
    return log2(len(characters))


def _members(items: list[Any]) -> list[str]:
    """The characters of a class; of a negated one, those of a plain alphabet."""
    negated = bool(items) and str(items[0][0]) == "NEGATE"
    found: dict[str, None] = {}
    for op, argument in items[1:] if negated else items:
        if str(op) == "LITERAL":
            found[chr(argument)] = None
        elif str(op) == "RANGE":
            found.update((chr(code), None) for code in range(argument[0], min(argument[1], argument[0] + 256) + 1))
        elif str(op) == "CATEGORY" and str(argument) in _CLASSES:
            found.update((character, None) for character in _CLASSES[str(argument)])
        else:
            raise _NoSampleError(str(op))
    return [c for c in _ALPHABET if c not in found] if negated else list(found)
