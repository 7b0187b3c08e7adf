"""Which rules have a fix, and of what kind; cheap to import, so that every report can say ``fixable``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from errlint.model.finding import Finding

Kind = Literal["safe", "unsafe", "generated"]

SAFE = ("CAT002", "CAT013", "COD005", "DEC005", "DEC006", "PRB002")
"""They write what the author meant: the same in another spelling, or nothing where nothing can be."""

UNSAFE = (
    *("CAT006", "COD001", "COD002", "COD003", "COD010"),
    *("DEC007", "ENV003", "HTP005", "MSG001", "PRB001", "PRB004"),
)
"""They guess which of two words is right, or change what the document promises."""

GENERATED = (
    *("COD007", "COD008"),
    *("COV001", "COV003", "COV004", "COV005", "COV006", "COV007", "COV008"),
    *("DEC001", "DEC004", "HTP001", "HTP002", "HTP003", "HTP004", "MSG003"),
)
"""They write what the catalog says; applied with the unsafe ones."""

KINDS: dict[str, Kind] = {
    **dict.fromkeys(SAFE, "safe"),
    **dict.fromkeys(UNSAFE, "unsafe"),
    **dict.fromkeys(GENERATED, "generated"),
}

WITHOUT_CATALOG = frozenset(("HTP001", "HTP002", "HTP003", "HTP004"))
"""The generated fixes that RFC 9110 alone tells."""

WRITTEN = ("schema", "example", "catalog")
"""What was witnessed in a text that can be changed."""


def fixable(finding: Finding, with_catalog: bool) -> bool:
    """Whether some fixer looks after findings like this one; it may still find that nobody can know what was meant."""
    kind = KINDS.get(finding.rule)
    if kind is None or finding.witness not in WRITTEN or finding.suppressed is not None:
        return False
    return kind != "generated" or with_catalog or finding.rule in WITHOUT_CATALOG
