"""What a probe covered, for people: how many codes were seen, why the others were not, and what each operation showed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from errlint.model.finding import CodeCoverage, CodeSeen, Coverage, OperationCoverage, Seen
from errlint.report.visible import visible

WIDTH = 100

MOST_REASONS = 8
"""Reasons shown without ``-v``."""

MOST_OPERATIONS = 10
"""Operations shown without ``-v``."""

MOST_SEEN = 20
"""Kinds of errors shown without ``-v``, where there is no catalog."""

FEW = 6
"""Codes shown of one reason without ``-v``."""

GROUPS = (
    (("fault", "never"), "not reachable from outside"),
    (("removed",), "removed"),
    (("needs-recipe",), "in need of a recipe"),
    (("recipe-not-played",), "with a recipe that was not played"),
    (("recipe-ended", "recipe-got-another"), "whose recipe led elsewhere"),
    (("second-user",), "in need of a second user"),
    (("got-another",), "tried in vain"),
    (("writes", "not-tried"), "not tried"),
    (("run-ended",), "that the run ended before"),
    (("rate-limited",), "behind a rate limit"),
    (("left-out", "not-probed"), "of operations that were not probed"),
    (("not-recorded",), "not in the record"),
)
"""How the reasons are counted in one line; what is not listed is counted as ``for other reasons``."""


def lines(coverage: Coverage, verbose: bool) -> Iterator[str]:
    """The coverage of a probe: with a catalog its codes, without one what was seen."""
    if not coverage.codes:
        yield from _seen(coverage.seen, verbose)
        return
    yield from _wrapped(_summary(coverage.codes), "   ", "")
    yield from (_code(code) for code in coverage.codes) if verbose else _reasons(coverage.codes)
    yield from _operations(coverage.operations, verbose)


def _summary(codes: Sequence[CodeCoverage]) -> str:
    """``21 of 34 codes observed; 9 not reachable from outside, 4 in need of a recipe.``"""
    seen = sum(1 for code in codes if code.observed)
    reasons = Counter(code.reason for code in codes if not code.observed)
    counts = [(sum(reasons.pop(reason, 0) for reason in kinds), words) for kinds, words in GROUPS]
    counts.append((sum(reasons.values()), "for other reasons"))
    told = ", ".join(f"{number} {words}" for number, words in counts if number)
    return f"{seen} of {len(codes)} codes observed" + (f"; {told}." if told else ".")


def _reasons(codes: Sequence[CodeCoverage]) -> Iterator[str]:
    """The codes that were not seen, grouped by the reason."""
    reasons: dict[str, list[str]] = {}
    for code in codes:
        if not code.observed:
            reasons.setdefault(code.why, []).append(code.id)
    for why, ids in list(reasons.items())[:MOST_REASONS]:
        shown = ", ".join(ids[:FEW]) + (f" and {len(ids) - FEW} more" if len(ids) > FEW else "")
        yield from _wrapped(f"   not seen: {shown} ({why})", " " * 6)
    others = sum(len(ids) for ids in list(reasons.values())[MOST_REASONS:])
    if others:
        yield f"   not seen: {others} more, each with its reason (-v)"


def _code(code: CodeCoverage) -> str:
    told = ", ".join(code.observed) if code.observed else f"not seen ({code.why})"
    return visible(f"   {code.id} {code.statuses} [{code.layer}] {told}")


def _operations(operations: Sequence[OperationCoverage], verbose: bool) -> Iterator[str]:
    """Each operation with the codes that it showed; ``-v`` with those that it declares and did not show, too."""
    shown = [one for one in operations if one.codes or verbose]
    if not shown:
        return
    yield "By operation: codes seen of those declared"
    width = min(max(len(visible(one.operation)) for one in shown), 48)
    for one in shown if verbose else shown[:MOST_OPERATIONS]:
        yield from _matrix(one) if verbose else _row(one, width)
    if not verbose and len(shown) > MOST_OPERATIONS:
        yield f"   {len(shown) - MOST_OPERATIONS} more operations (-v)"


def _row(one: OperationCoverage, width: int) -> Iterator[str]:
    """``GET /models/{id}  3 of 5  ML_1001, ML_1700, ML_1702; not declared: ML_1800``, cut to the width."""
    declared = [code for code in one.codes if code.declared]
    seen = [code for code in declared if code.observed]
    free = [code for code in one.codes if not code.declared and code.free]
    others = [code for code in one.codes if not code.declared and not code.free]
    parts = [_ids(seen), ("any code: " if declared else "") + _ids(free) if free else ""]
    parts.append(f"not declared: {_ids(others)}" if others else "")
    told = "; ".join(filter(None, parts))
    share = "any code" if free and not declared else f"{len(seen)} of {len(declared)}"
    yield _cut(visible(f"   {_cut(one.operation, width):<{width}}  {share:>8}  {told}".rstrip()), WIDTH)


def _matrix(one: OperationCoverage) -> Iterator[str]:
    """All that is known of one operation."""
    statuses = ", ".join(f"{status} ({count}\N{MULTIPLICATION SIGN})" for status, count in one.statuses)
    yield visible(f"   {one.operation}: {statuses or one.why or 'no answer'}")
    kinds = {
        "declared and seen": [code for code in one.codes if code.declared and code.observed],
        "declared, not seen": [code for code in one.codes if code.declared and not code.observed],
        "seen, declared with any code": [code for code in one.codes if not code.declared and code.free],
        "seen, not declared": [code for code in one.codes if not code.declared and not code.free],
    }
    for words, codes in kinds.items():
        if codes:
            yield from _wrapped(f"      {words}: {_ids(codes)}", " " * 9)


def _ids(codes: Iterable[CodeSeen]) -> str:
    return ", ".join(code.id for code in codes)


def _seen(rows: Sequence[Seen], verbose: bool) -> Iterator[str]:
    """``401  ML_1700  21\N{MULTIPLICATION SIGN}  {error: {code, message}}  GET /models and 20 more``"""
    if not rows:
        return
    yield "Errors seen, by status and code; a catalog could begin with these"
    shown = rows if verbose else rows[:MOST_SEEN]
    table = [
        (row.status, row.code or "no code", f"{row.count}\N{MULTIPLICATION SIGN}", _look(row), _few(row.operations, verbose))
        for row in shown
    ]
    widths = [min(max(len(visible(cells[column])) for cells in table), most) for column, most in enumerate((6, 24, 7, 40))]
    for cells in table:
        fixed = "  ".join(f"{_cut(visible(cell), width):<{width}}" for cell, width in zip(cells, widths, strict=False))
        line = f"   {fixed}  {visible(cells[-1])}"
        yield line if verbose else _cut(line, WIDTH)
    if len(rows) > len(shown):
        yield f"   {len(rows) - len(shown)} more kinds of errors (-v)"


def _look(row: Seen) -> str:
    """The shape, and the media type where it is not plain JSON."""
    return row.shape if row.media_type == "application/json" or not row.media_type else f"{row.shape}, {row.media_type}"


def _few(names: Sequence[str], verbose: bool) -> str:
    if verbose or len(names) < 3:
        return ", ".join(names)
    return f"{names[0]} and {len(names) - 1} more"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _wrapped(text: str, below: str, first: str = "") -> Iterator[str]:
    """A line broken at spaces so that it fits."""
    yield from wrap(
        visible(text), WIDTH, initial_indent=first, subsequent_indent=below, break_long_words=False, break_on_hyphens=False
    )
