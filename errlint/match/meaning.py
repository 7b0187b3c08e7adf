"""Whether two entries of one code mean the same: by name, text and status, two of which must speak against it."""

from __future__ import annotations

import re
from functools import lru_cache

from errlint.model.catalog import Code

FEW_WORDS = 3
"""Content words that a text needs before it says anything."""

UNLIKE, ALIKE = 0.25, 0.6
"""Shares of the shorter text's words that the other one has: texts below are about something else, above about the same."""

LATIN = 0.8
"""Share of a text's letters that are Latin where its words can be told."""

_WORD = re.compile(r"[a-z]{3,}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_EMPTY = frozenset(
    ("the", "and", "for", "was", "are", "has", "not", "with", "that", "this", "from", "its", "may", "can", "does")
)


@lru_cache(maxsize=16384)
def words(name: str) -> tuple[str, ...]:
    """The words of a symbolic name, however they are joined: ``ModelNotFound`` is ``MODEL_NOT_FOUND``."""
    return tuple(re.findall(r"[^\W_]+", _HUMP.sub(" ", name).casefold()))


def renamed(old: Code, new: Code) -> bool:
    """Whether both entries have names, and these are others."""
    return bool(old.name and new.name) and words(old.name) != words(new.name)


def likeness(old: Code, new: Code) -> float | None:
    """How much of the shorter text is in the other one (0 to 1), None where the texts are too short or not in Latin letters."""
    for one, two in ((old.description, new.description), (_template(old), _template(new))):
        left, right = _content(one), _content(two)
        if min(len(left), len(right)) >= FEW_WORDS:
            return len(left & right) / min(len(left), len(right))
    return None


def repurposed(old: Code, new: Code) -> tuple[str, ...]:
    """What speaks against one meaning (name, text, status) where it is enough to convict, else nothing.

    An equal name, or texts that are much alike, settle it: the meaning stayed.
    """
    named = bool(old.name and new.name)
    if named and not renamed(old, new):
        return ()
    text = likeness(old, new)
    if text is not None and text >= ALIKE:
        return ()
    against = (
        *(("name",) if named else ()),
        *(("text",) if text is not None and text < UNLIKE else ()),
        *(("status",) if old.statuses.values.isdisjoint(new.statuses.values) else ()),
    )
    return against if len(against) > 1 else ()


def same(old: Code, new: Code) -> bool:
    """Whether something says that both mean the same: the name, else the text, else the status of entries that say no more."""
    if old.name and new.name:
        return not renamed(old, new)
    one, two = text_of(old), text_of(new)
    text = likeness(old, new)
    if one or two:
        return one == two or (text is not None and text >= ALIKE)
    return old.statuses.values == new.statuses.values


def text_of(code: Code) -> str:
    """What an entry says of itself: its description, else its message's text."""
    return code.description or _template(code)


def _template(code: Code) -> str:
    return code.message.text if code.message is not None else ""


@lru_cache(maxsize=4096)
def _content(text: str) -> frozenset[str]:
    """The words of a text that carry its meaning; none where it is not written in Latin letters."""
    if not text.isascii():
        letters = sum(character.isalpha() for character in text)
        if sum(character.isalpha() and character.isascii() for character in text) < LATIN * letters:
            return frozenset()
    return frozenset(_WORD.findall(text.lower())) - _EMPTY
