"""Names that programs and pages can use for a catalog's entries: valid, unique, and the same at each export."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, count

from errlint.model.catalog import Code

Identity = tuple[str, str]
"""(layer, id) of an entry."""


def identity(code: Code) -> Identity:
    return code.layer, code.id


def upper(text: str) -> str:
    """An identifier in capitals: ``MODEL_NOT_FOUND``, ``MODEL_ARTS_81001``, ``CODE_404``; empty texts are ``CODE``."""
    plain = "".join(_ascii(text))
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z]|[A-Z]+(?![A-Za-z]))", "_", plain)
    plain = re.sub(r"[^0-9A-Za-z]+", "_", plain).strip("_").upper()
    return f"CODE_{plain}" if plain[:1].isdigit() else plain or "CODE"


def pascal(text: str) -> str:
    """An identifier of a class: ``ModelNotFound``, ``ModelArts81001``, ``Code404``."""
    return "".join(word[:1] + word[1:].lower() for word in upper(text).split("_"))


def slug(text: str) -> str:
    """A name for an anchor: letters, digits, ``.``, ``_`` and ``-``, as they are written."""
    return re.sub(r"[^0-9A-Za-z._-]+", "-", "".join(_ascii(text))).strip("-") or "code"


def _ascii(text: str) -> Iterator[str]:
    for sign in unicodedata.normalize("NFKD", text):
        if sign.isascii():
            yield sign
        elif not unicodedata.combining(sign):
            yield f"_u{ord(sign):x}_" if sign.isalnum() else "_"


def named(
    codes: Iterable[Code], made: Callable[[str], str], *, taken: Iterable[str] = (), by_name: bool = True, fold: bool = False
) -> Mapping[Identity, str]:
    """A name for each entry, made of its symbolic name (``by_name``) or its id.

    The first entry keeps a name that several have; the others get their id, then their layer, then a number behind it, so that
    no new entry at a catalog's end renames an older one. ``taken`` are names that none may have; ``fold``: names that differ by
    case alone are one.
    """
    used = {name.casefold() if fold else name for name in taken}
    found: dict[Identity, str] = {}
    numbers: dict[str, Iterator[str]] = {}
    for code in codes:
        if identity(code) in found:
            continue
        first = made(code.name) if by_name and code.name else made(code.id)
        more = numbers.setdefault(first, _numbered(first, made))
        for name in chain((first, made(f"{first} {code.id}"), made(f"{first} {code.layer}")), more):
            folded = name.casefold() if fold else name
            if folded not in used:
                used.add(folded)
                found[identity(code)] = name
                break
    return found


def _numbered(first: str, made: Callable[[str], str]) -> Iterator[str]:
    for number in count(2):
        yield made(f"{first} {number}")
