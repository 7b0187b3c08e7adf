"""What a test calls: ``error_contract``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest

from errlint.errors import ErrlintError
from errlint.testing.adapters import UnreadableError
from errlint.testing.failures import failure, wrong_code

if TYPE_CHECKING:
    from errlint.testing.contract import Verdict
    from errlint.testing.session import Session

Response = TypeVar("Response")


class ErrorContract:
    """Holds answers to the error contract, in tests: the fixture ``error_contract``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def check(self, response: Response, operation: str | None = None) -> Response:
        """The response as it is. The test fails where it breaks the contract; a success passes.

        ``response`` is one of requests, httpx, Starlette, FastAPI, Werkzeug, Flask, Django or aiohttp. ``operation`` is
        ``GET /models/{id}`` or an operationId, where the request's path does not tell which one answered.
        """
        __tracebackhide__ = True
        self._held(response, operation)
        return response

    def expect(self, response: Response, code: str | int, operation: str | None = None) -> Response:
        """The response as it is. The test fails where it breaks the contract, or does not carry that code."""
        __tracebackhide__ = True
        verdict = self._held(response, operation)
        if verdict.observation is not None and str(code) not in " ".join(verdict.codes).split():
            pytest.fail(wrong_code(verdict, code), pytrace=False)
        return response

    def _held(self, response: object, operation: str | None) -> Verdict:
        __tracebackhide__ = True
        verdict = self._verdict(response, operation)
        if isinstance(verdict, str):
            pytest.fail(f"error_contract: {verdict}", pytrace=False)
        if verdict.told:
            pytest.fail(failure(verdict), pytrace=False)
        return verdict

    def _verdict(self, response: object, operation: str | None) -> Verdict | str:
        """What an answer is, or why nobody can say."""
        try:
            return self._session.checked(response, operation)
        except UnreadableError as error:
            return str(error)
        except ErrlintError as error:
            return error.line()
