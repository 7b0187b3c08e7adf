"""What a word that nobody knows was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like it, empty where none is."""
    from difflib import get_close_matches  # 8 ms that only a slip owes

    return next(iter(get_close_matches(word, list(known), 1, 0.6)), "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean X?`` for the known word that is most like it, empty where none is."""
    close = closest(word, known)
    return f"; did you mean {close}?" if close else ""
