"""Data as YAML that every reader takes for the same data, whichever version of YAML it follows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from errlint.export.literals import STEERING, escaped

_DOUBTFUL = re.compile(r"[-+.]?[0-9].*|[-+]?\.(?:inf|nan)|true|false|yes|no|on|off|y|n|null|~|<<|=", re.IGNORECASE)
"""Plain texts that some version of YAML reads as a number, a truth value, a date or null."""


if TYPE_CHECKING:
    _Fastest = yaml.SafeDumper
else:
    _Fastest = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Fastest):
    """Quotes what another reader may take for something else; writes each value out, without aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    quoted = _DOUBTFUL.fullmatch(text) or STEERING.search(text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if quoted else None)


_Dumper.add_representer(str, _text)


def yaml_text(data: Any) -> str:
    """YAML in block style, keys in their order."""
    return escaped(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120))


def text_of(data: Any, name: str | None) -> str:
    """JSON where a file's name says so, else YAML."""
    if name is not None and name.lower().endswith(".json"):
        return escaped(json.dumps(data, indent=2, ensure_ascii=False)) + "\n"
    return yaml_text(data)
