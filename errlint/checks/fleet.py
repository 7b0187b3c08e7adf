"""Catalogs of several services beside each other: whose entries are whose, and which codes are meant to be one service's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from errlint.checks.catalog_file import CatalogFile
from errlint.model.catalog import Category, Code
from errlint.model.record import record

# Patterns as texts: every run imports this module, few need them compiled.
NUMBERED = r"(?s:.*[^0-9A-Za-z][A-Za-z]?|[A-Za-z]{0,5})([0-9]+)"
"""``SHOP_1001``, ``ModelArts.81001``, ``E4021``, ``40102``: a code that ends in a number of its own."""

LITERAL = r"\^?(?:[A-Za-z0-9]+(?:\\?[._:/-]))"
"""A pattern that begins with a word and a sign that ends it: ``^APIG\\.``."""

WORD = r"[^\W\d_]{3,}"
GAP = r"\{[^{}]{0,80}\}|%[-+#0-9.]{0,9}[A-Za-z]|<[^<>]{0,80}>"
EVERYWHERE = (
    "and any are been but can cannot could did does doesn error exist exists fail failed failure for found from given had "
    "has have invalid isn its may missing must not please should that the there this valid was were will with you your"
)
"""Words that tell no error from another."""

LEAST = 1000
"""The least number that is no HTTP status and no code of a protocol that everybody uses."""


@record
class Member:
    """The catalog of one service, as a run holds it. ``owner`` is who answers for it as a config says, may be empty."""

    file: CatalogFile
    owner: str = ""

    @property
    def service(self) -> str:
        """The name of the service."""
        return self.file.catalog.service

    def owner_of(self, category: Category) -> str:
        """Who claims a category: who owns its entries, else who answers for the service, else the service itself."""
        owners = Counter(code.owner for code in self.file.catalog.codes if code.category == category.id and code.owner)
        return next((owner for owner, _ in owners.most_common(1)), self.owner or self.service)

    def accepts(self, rule: str, name: str, code: str | None) -> bool:
        """Whether the catalog's owner accepts what a rule says, of this code or of all."""
        return any(one.rule in (rule, name) and one.code in (None, code) for one in self.file.catalog.accepted)


@record
class Fleet:
    """The catalogs of several services, each with what is its own: not what several of them read, such as a shared base."""

    members: tuple[Member, ...]

    @cached_property
    def shared(self) -> frozenset[str]:
        """The uris that services of more than one name read."""
        readers: dict[str, set[str]] = {}
        for member in self.members:
            for uri in member.file.sources:
                readers.setdefault(uri, set()).add(member.service)
        return frozenset(uri for uri, names in readers.items() if len(names) > 1)

    def codes(self) -> Iterator[tuple[Member, Code]]:
        """The entries that are one service's own, and whose code is meant to be."""
        for member in self.members:
            for code in member.file.catalog.codes:
                if code.location.uri not in self.shared and not code.removed and is_somebodys(code, member.file):
                    yield member, code

    def categories(self) -> Iterator[tuple[Member, Category]]:
        """The categories that are one service's own."""
        for member in self.members:
            for category in member.file.catalog.categories.values():
                if category.location.uri not in self.shared:
                    yield member, category


def is_somebodys(code: Code, file: CatalogFile) -> bool:
    """Whether a code is meant to be one service's: numbered, or in a category that claims a prefix.

    Words such as ``NOT_FOUND`` and HTTP statuses (``400``, ``HTTP_404``) are everybody's.
    """
    if code.code is None:
        return False
    text = str(code.code)
    number = re.fullmatch(NUMBERED, text[:200])
    if number is not None:
        value = int(number[1])
        if value in code.statuses.values or (number[1] == text and value < LEAST):
            return False
        separated = not text[: -len(number[1])].isalpha()
        return separated or len(number[1]) > 2
    category = file.catalog.categories.get(code.category)
    return category is not None and bool(category.prefix or is_literal(category.pattern))


def is_literal(pattern: str | None) -> bool:
    """Whether a pattern claims a prefix."""
    return pattern is not None and re.match(LITERAL, pattern) is not None


def differ(one: Code, two: Code) -> bool:
    """Whether two entries of one code mean different errors: no common status, other names, or other words.

    Entries that say too little to be compared do not differ.
    """
    if not one.statuses.values & two.statuses.values:
        return True
    names = [re.sub(r"[\W_]", "", entry.name).casefold() for entry in (one, two)]
    if all(names):
        return names[0] != names[1]
    told = [_words(entry) for entry in (one, two)]
    return all(told) and 2 * len(told[0] & told[1]) < min(len(told[0]), len(told[1]))


def _words(code: Code) -> set[str]:
    """The words of an entry's message, of its description where it has none, but for those of every error."""
    text = code.message.text if code.message is not None else code.description
    return {word.casefold() for word in re.findall(WORD, re.sub(GAP, " ", text[:1000]))} - {*EVERYWHERE.split()}


def distinct(members: Sequence[Member]) -> bool:
    """Whether the catalogs are of more than one service."""
    return len({member.service for member in members}) > 1
