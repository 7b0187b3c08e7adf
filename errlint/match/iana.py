"""The HTTP status codes that are registered.

Source: IANA, HTTP Status Code Registry (https://www.iana.org/assignments/http-status-codes), as of 2025: RFC 9110 and
its successors in the registry, the codes marked "(Unused)" (306, 418) and "(OBSOLETED)" (510), and the temporary 104.
"""

from __future__ import annotations

REGISTERED: frozenset[int] = frozenset(
    (
        *range(100, 105),
        *range(200, 209),
        226,
        *range(300, 309),
        *range(400, 419),
        *range(421, 427),
        428,
        429,
        431,
        451,
        *range(500, 509),
        510,
        511,
    )
)
