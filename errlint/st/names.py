"""The names of Schemathesis that its public interface lacks and a check needs; a test holds each of them."""

from __future__ import annotations

from typing import Any

from schemathesis.auths import set_on_case
from schemathesis.core import NOT_SET
from schemathesis.core.failures import Failure, Severity

__all__ = ["NOT_SET", "Failure", "Severity", "authorized", "home"]


def authorized(case: Any, operation: Any) -> None:
    """Puts the credentials that ``[auth]``, ``--auth`` or ``@schemathesis.auth`` give on a case.

    Schemathesis does so for generated cases only, and hand-made ones would go out without any.
    """
    from schemathesis import AuthContext

    set_on_case(case, AuthContext(operation=operation, app=operation.app), None)


def home(schema: Any) -> str | None:
    """Where a document was read from: a url or a path, None where it never was text."""
    location = schema.location
    return str(location) if location else None
