"""The known word that an unknown one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], most: int = 2) -> str | None:
    """The known word that is fewest edits away, the first of equals; None beyond ``most`` edits or half of the word."""
    best: tuple[int, str] | None = None
    for candidate in known:
        if abs(len(candidate) - len(word)) > most:
            continue
        found = edits(word, candidate)
        if found <= most and 2 * found < len(word) and (best is None or found < best[0]):
            best = (found, candidate)
    return best[1] if best else None


def edits(one: str, other: str) -> int:
    """How many letters to insert, delete, replace or swap with their neighbour (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
