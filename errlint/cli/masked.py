"""What a user typed where no address is meant, said without the secrets that it holds."""

from __future__ import annotations

import re

MASK = "***"

_ADDRESS = re.compile(r"https?:/[^\s'\"]*", re.IGNORECASE)
_USER = re.compile(r"(?<=/)[^/@\s]+(?=@)")
_VALUE = re.compile(r"(?<=[?&])([^=&\s]*)=(?!\*\*\*)([^&\s:;,]+)")
_SECRET = re.compile(r"(?i)token|key|secret|passw|pwd|auth|sig|cred|session|code|jwt|sas|cookie")
_LONG = 24
"""A longer value in a query is masked whatever its name."""


def masked(text: str) -> str:
    """The text with the credentials and the query's secrets of its addresses masked."""
    return _ADDRESS.sub(_address, text) if "http" in text.lower() else text


def _address(found: re.Match[str]) -> str:
    return _VALUE.sub(_value, _USER.sub(MASK, found[0], count=1))


def _value(found: re.Match[str]) -> str:
    return f"{found[1]}={MASK}" if _SECRET.search(found[1]) or len(found[2]) > _LONG else found[0]
