"""What tables and data say of sending a request again -> the ``retry`` of an entry."""

from __future__ import annotations

YES = frozenset(("yes", "true", "y", "1", "✓", "✔", "是"))
NO = frozenset(("no", "false", "n", "0", "✗", "✘", "否", "never"))
RETRIES = frozenset(("never", "same", "backoff", "after-state", "new-key", "reauthenticate", "unknown"))


def retry_of(value: object) -> str | None:
    """The advice that a cell or a member gives: its word, ``same`` for a yes, ``never`` for a no, else None."""
    text = str(value).strip().lower()
    if text in RETRIES:
        return text
    return "same" if text in YES else "never" if text in NO else None


def doubt_of(value: object) -> str:
    """The question about advice in other words."""
    return f"its retry is “{' '.join(str(value).split())[:60]}”: which of {', '.join(sorted(RETRIES))} is that?"
