"""Codes, names, categories and statuses of a catalog (CAT003 to CAT010, CAT014, CAT015)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from errlint.checks import words
from errlint.checks.cat_rule import about, rule, written
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.registry import Hit
from errlint.match import budget
from errlint.match.iana import REGISTERED
from errlint.model.catalog import Category, Code
from errlint.model.finding import Location, Related, Severity


@rule("CAT003", "duplicate-name", Severity.WARNING)
def duplicate_name(file: CatalogFile) -> Iterator[Hit]:
    """Two codes of one layer that share a symbolic name."""
    first: dict[tuple[str, str], Code] = {}
    for code in file.catalog.codes:
        other = first.setdefault((code.layer, code.name), code) if code.name else code
        if other.code != code.code or other.id != code.id:
            yield about(code, f"{words.label(code)} has the name {code.name} of {words.label(other)}", "name", other=other)


@rule("CAT004", "code-outside-range", Severity.ERROR)
def code_outside_range(file: CatalogFile) -> Iterator[Hit]:
    """A code that its category does not claim."""
    for code in file.catalog.codes:
        category = file.catalog.categories.get(code.category)
        if category is None or code.code is None or (not category.prefix and category.range is None and not category.pattern):
            continue
        if not claims(category, str(code.code)):
            yield about(code, f"{words.label(code)} lies outside its category {category.id} ({_claim(category)})", "code")


def claims(category: Category, text: str) -> bool:
    """Whether a code has the category's prefix, number and pattern, as far as it has them."""
    if category.pattern is not None and budget.search(category.pattern, text) is None:
        return False
    if not text.startswith(category.prefix):
        return False
    if category.range is None:
        return True
    number = re.search(r"[0-9]+$", text.removeprefix(category.prefix))
    whole = number is not None and (not category.prefix or number.start() == 0)
    return number is not None and whole and category.range[0] <= int(number[0]) <= category.range[1]


def _claim(category: Category) -> str:
    parts = []
    if category.range is not None:
        parts.append(f"{category.prefix}{category.range[0]} to {category.prefix}{category.range[1]}")
    elif category.prefix:
        parts.append(f"{category.prefix}...")
    if category.pattern is not None:
        parts.append(category.pattern)
    return ", ".join(parts)


@rule("CAT005", "overlapping-ranges", Severity.ERROR)
def overlapping_ranges(file: CatalogFile) -> Iterator[Hit]:
    """Two categories that claim one number after the same prefix."""
    for one, two in combinations(file.catalog.categories.values(), 2):
        if one.range is None or two.range is None or one.prefix != two.prefix:
            continue
        low, high = max(one.range[0], two.range[0]), min(one.range[1], two.range[1])
        if low <= high:
            both = f"{two.prefix}{low}" if low == high else f"{two.prefix}{low} to {two.prefix}{high}"
            place = Location(two.location.uri, (*two.location.pointer, "range"))
            related = (Related(one.location, f"category {one.id}"),)
            message = f"categories {one.id} and {two.id} both claim {both}"
            yield Hit(message, place, detail=f"{one.id} {two.id}", owner=f"category {two.id}", related=related)


@rule("CAT006", "count-mismatch", Severity.WARNING)
def count_mismatch(file: CatalogFile) -> Iterator[Hit]:
    """A file whose source claims another number of entries or categories than it holds itself."""
    for uri, document in file.sources.items():
        service = document.data.get("service")
        for key, section, noun in (("expect_count", "errors", "entries"), ("expect_categories", "categories", "categories")):
            claimed = service.get(key) if isinstance(service, dict) else None
            listed = document.data.get(section, [] if section == "errors" else {})
            if not isinstance(listed, list if section == "errors" else dict):
                continue  # CAT001 says so
            held = len(listed)
            if isinstance(claimed, int) and not isinstance(claimed, bool) and claimed != held:
                message = f"the source claims {claimed} {noun}, the catalog holds {held}"
                yield Hit(message, Location(uri, ("service", key)), detail=key, owner="service")


@rule("CAT007", "code-with-several-statuses", Severity.NOTE)
def code_with_several_statuses(file: CatalogFile) -> Iterator[Hit]:
    """A code that comes under several statuses."""
    for code in file.catalog.codes:
        statuses = written(code)
        if len(statuses) > 1:
            yield about(code, f"{words.label(code)} comes under {len(statuses)} statuses: {', '.join(statuses)}", "status")


@rule("CAT008", "status-class-in-catalog", Severity.NOTE)
def status_class_in_catalog(file: CatalogFile) -> Iterator[Hit]:
    """A code whose status is a whole class."""
    for code in file.catalog.codes:
        for status in written(code):
            if status.endswith("XX"):
                yield about(code, f"{words.label(code)} has the whole class {status} as its status", "status", detail=status)


@rule("CAT009", "non-error-status", Severity.WARNING)
def non_error_status(file: CatalogFile) -> Iterator[Hit]:
    """An error code under a status that is no error."""
    for code in file.catalog.codes:
        for status in written(code):
            if status[0] in "123":
                yield about(code, f"{words.label(code)} is an error under {status}, which is none", "status", detail=status)


@rule("CAT010", "unregistered-status-in-catalog", Severity.WARNING)
def unregistered_status(file: CatalogFile) -> Iterator[Hit]:
    """A status that no specification has registered."""
    for code in file.catalog.codes:
        for status in written(code):
            if status.isdigit() and int(status) not in REGISTERED:
                message = f"{words.label(code)} has the status {status}, which IANA's registry does not have"
                yield about(code, message, "status", detail=status)


HELPFUL = ("description", "resolution", "category", "retry")
FIELDS = {
    "description": "The fields that every entry must have.",
    "type": "array",
    "items": {"enum": list(HELPFUL)},
    "uniqueItems": True,
    "default": list(HELPFUL),
}


@rule("CAT014", "missing-field", Severity.OFF, options={"fields": FIELDS})
def missing_field(file: CatalogFile, fields: Sequence[str] = HELPFUL) -> Iterator[Hit]:
    """An entry that leaves a reader without help."""
    for code in file.catalog.codes:
        missing = [name for name in HELPFUL if name in fields and not getattr(code, name)]
        if code.variants and all(variant.description for variant in code.variants):
            missing = [name for name in missing if name != "description"]
        if missing:
            yield about(code, f"{words.label(code)} has no {', '.join(missing)}")


MEANINGS: tuple[tuple[tuple[str, ...], frozenset[int]], ...] = tuple(
    (tuple(phrase.split("_")), frozenset(statuses))
    for phrases, statuses in (
        ("NOT_FOUND", (404, 410)),
        ("UNAUTHORIZED UNAUTHENTICATED TOKEN", (401,)),
        ("FORBIDDEN APPROVAL CSRF XSRF", (403,)),
        ("ALREADY CONFLICT", (409,)),
        ("TIMEOUT TIMED_OUT", (408, 504)),
        ("UNAVAILABLE NOT_READY", (503,)),
        ("RATE_LIMIT RATE_LIMITED RATE_LIMITING RATE_EXCEEDED RATELIMIT THROTTLE THROTTLED THROTTLING QUOTA", (429,)),
    )
    for phrase in phrases.split()
)
"""A phrase in a name, and the statuses (RFC 9110 section 15, RFC 6585) that have this meaning."""
SETTINGS = frozenset(("TIMEOUT", "RATE", "THROTTLE", "QUOTA"))
CURSORS = frozenset(("PAGE", "NEXT", "CURSOR", "CONTINUATION", "SYNC", "RESUME", "LIMIT", "LENGTH", "COUNT", "BUDGET", "MAX"))


@rule("CAT015", "status-against-meaning", Severity.WARNING)
def status_against_meaning(file: CatalogFile) -> Iterator[Hit]:
    """A status that contradicts the entry's own name."""
    for code in file.catalog.codes:
        found = dict(meanings(code.name))
        meant = frozenset().union(*found.values())
        if found and not meant & code.statuses.values:
            statuses = " or ".join(str(status) for status in sorted(meant))
            message = f"{words.label(code)} {code.name} is {code.statuses}; {', '.join(found)} in a name means {statuses}"
            yield about(code, message, "status")


def meanings(name: str) -> Iterator[tuple[str, frozenset[int]]]:
    """The phrases of a symbolic name that mean a status, in snake or camel case, each with the statuses."""
    tokens = [token.upper() for token in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name)]
    for phrase, statuses in MEANINGS:
        width = len(phrase)
        if not any(tuple(tokens[start : start + width]) == phrase for start in range(len(tokens) - width + 1)):
            continue
        setting = "INVALID" in tokens and phrase[0] in SETTINGS
        if not setting and not (phrase == ("TOKEN",) and CURSORS & set(tokens)):
            yield "_".join(phrase), statuses
