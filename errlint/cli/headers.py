"""``-H 'Name: value'``: a header as users write it."""

from __future__ import annotations


def header(text: str) -> tuple[str, str]:
    """A header's name and its value, both without blanks around them. Raises: ConfigError."""
    from errlint.errors import ConfigError

    name, colon, value = text.partition(":")
    if not colon:
        raise ConfigError("a header has no colon", hint="write -H 'Name: value'")
    if not name.strip():
        raise ConfigError("a header has no name", hint="write -H 'Name: value'")
    return name.strip(), value.strip()
