"""What a suite saw of the error contract, in a few lines at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from errlint.checks.words import plural
from errlint.draft.suite import Sighting, Sightings
from errlint.match.plan import Plan
from errlint.model.catalog import Code
from errlint.report.visible import visible

WIDTH = 100
FEW = 8
"""Codes, findings or places shown without ``-v``."""

SEVERITIES = ("off", "note", "warning", "error")

TIMES = "\N{MULTIPLICATION SIGN}"


def lines(plan: Plan, seen: Sightings, *, lost: int, verbose: bool, every: bool = False) -> Iterator[str]:
    """The lines, none where there is nothing to say: no catalog, no finding, no fault. ``lost`` are workers that crashed.

    ``every`` is true where somebody wants all answers held to a catalog: then it is told that there is none.
    """
    if plan and seen.answers:
        yield from _coverage(plan, seen, verbose)
        yield from _unknown(seen, verbose)
    elif every and seen.answers:
        yield "no catalog: no code was checked (name one in errlint.toml, or with --errlint-catalog; errlint init writes one)"
    yield from _breaches(seen, verbose)
    yield from _left_out(seen, lost)


def shortfalls(plan: Plan, seen: Sightings, least: Iterable[tuple[str, float]]) -> list[str]:
    """Where fewer codes were seen than asked, one line each."""
    told = []
    for layer, percent in least:
        codes = [code for code in _counted(plan) if layer in ("", code.layer)]
        found = sum(1 for code in codes if (code.layer, code.id) in seen.entries)
        share = 100 * found / len(codes) if codes else 0.0
        if share < percent:
            where = f"of layer {layer}" if layer else "of the catalog"
            told.append(
                f"FAIL {found} of {plural(len(codes), 'code')} {where} were seen, {int(share)} %: {percent:g} % are asked"
            )
    return told


def _counted(plan: Plan) -> list[Code]:
    """The codes that a suite can be asked to show: those that the service still has, and that some request gets."""
    return [code for code in plan.codes if not code.removed and code.reachable != "never"]


def _coverage(plan: Plan, seen: Sightings, verbose: bool) -> Iterator[str]:
    counted = _counted(plan)
    layers = dict.fromkeys(code.layer for code in counted)
    by_layer = [f"{layer} {_share(seen, [code for code in counted if code.layer == layer])}" for layer in layers]
    more = f": {', '.join(by_layer)}" if len(layers) > 1 else ""
    yield from _wrapped(f"{_share(seen, counted)} codes of the catalog seen{more}")
    if verbose:
        for code in plan.codes:
            found = seen.entries.get((code.layer, code.id))
            told = _told(found, verbose) if found is not None else "not seen"
            yield visible(f"   {code.id} {code.statuses} [{code.layer}] {told}")
        return
    missing = [code.id for code in counted if (code.layer, code.id) not in seen.entries]
    if missing:
        yield from _wrapped(f"   not seen: {_few(missing)}", below=" " * 6)


def _share(seen: Sightings, codes: Sequence[Code]) -> str:
    return f"{sum(1 for code in codes if (code.layer, code.id) in seen.entries)} of {len(codes)}"


def _unknown(seen: Sightings, verbose: bool) -> Iterator[str]:
    """The codes that the catalog does not have."""
    if not verbose:
        codes = sorted({kind.code for kind in seen.unknown})
        yield from _wrapped(f"   not in the catalog: {_few(codes)}" if codes else "", below=" " * 6)
        return
    for kind, one in sorted(seen.unknown.items(), key=lambda item: (item[0].code, item[0].operation, item[0].status)):
        yield visible(f"   not in the catalog: {kind.code} {kind.status} {kind.operation} ({_told(one, verbose)})")


def _breaches(seen: Sightings, verbose: bool) -> Iterator[str]:
    """The findings about answers that no test checked, worst first; one that several operations have is told once."""
    groups: dict[tuple[int, str, str, str], dict[str, Sighting]] = {}
    for breach, one in seen.breaches.items():
        key = (-SEVERITIES.index(breach.severity), breach.rule, breach.name, breach.message)
        groups.setdefault(key, {})[breach.operation] = one
    if not groups:
        return
    yield f"{plural(len(groups), 'finding')} about answers that no test checked (--errlint-check=seen fails their tests)"
    rows = sorted(groups.items(), key=lambda item: item[0])
    for (level, rule, name, message), found in rows if verbose else rows[:FEW]:
        yield visible(f"   {SEVERITIES[-level]} {rule} {name}: {message}")
        for operation in sorted(found) if verbose else sorted(found)[:1]:
            more = f" and {len(found) - 1} more" if len(found) > 1 and not verbose else ""
            yield visible(f"      {operation}{more} ({_told(found[operation], verbose)})")
    if not verbose and len(rows) > FEW:
        yield f"   {len(rows) - FEW} more (-v)"


def _left_out(seen: Sightings, lost: int) -> Iterator[str]:
    if seen.elsewhere:
        hosts = _few(sorted(seen.elsewhere))
        yield from _wrapped(
            f"{plural(seen.elsewhere.total(), 'answer')} of other hosts left out (--errlint-url counts them): {hosts}"
        )
    for why, number in sorted(seen.unread.items()):
        yield from _wrapped(f"{plural(number, 'answer')} left out: {why}")
    for why, number in sorted(seen.faults.items()):
        yield from _wrapped(f"errlint failed {plural(number, 'time')}, which fails no test: {why}")
    if lost:
        yield f"{plural(lost, 'worker')} crashed: what {'it' if lost == 1 else 'they'} saw is missing here"


def _told(one: Sighting, verbose: bool) -> str:
    """``3×, tests/test_x.py::test_y and 2 more``"""
    tests = sorted(one.tests)
    shown = ", ".join(tests) if verbose else tests[0]
    more = f" and {len(tests) - 1} more" if len(tests) > 1 and not verbose else ""
    return f"{one.count}{TIMES}, {shown}{more}"


def _few(words: Sequence[str]) -> str:
    return ", ".join(words[:FEW]) + (f" and {len(words) - FEW} more (-v)" if len(words) > FEW else "")


def _wrapped(text: str, below: str = "   ") -> Iterator[str]:
    yield from wrap(visible(text), WIDTH, subsequent_indent=below, break_long_words=False, break_on_hyphens=False)
