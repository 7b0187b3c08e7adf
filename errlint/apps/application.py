"""An application that a user named: how it is called, its routes, and its document."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from errlint.apps.asgi import Asgi
from errlint.apps.calls import Raised, Service
from errlint.apps.documents import by_asking, by_framework
from errlint.apps.generated import Generated, Handlers, generated
from errlint.apps.idioms import idiom_of
from errlint.apps.importing import Kind, found, reference
from errlint.apps.raised import Place, is_own, shown
from errlint.apps.routes import Route, routes
from errlint.apps.screen import screened
from errlint.apps.sources import source
from errlint.apps.wsgi import Wsgi
from errlint.errors import LoadError, ProbeError
from errlint.load.source import Document
from errlint.model.record import record


@record
class Application:
    """One application. ``name`` is what the user calls it (``shop.main:app``), ``held`` the object."""

    name: str
    kind: Kind
    held: Any
    routes: tuple[Route, ...] = ()
    place: Place | None = None

    def service(self, raised: Raised = lambda asked, error: None, *, lifespan: bool = True) -> Service:
        """The application, ready to be started and called. ``raised`` is told of exceptions that leave it."""
        if self.kind == "wsgi":
            return Wsgi(self.held, self.name, raised)
        app = _single(self.held) if self.kind == "asgi2" else self.held
        return Asgi(app, self.name, raised, lifespan=lifespan)

    def document(self) -> Generated:
        """Its OpenAPI document. Raises: LoadError where it has none, ConfigError where it cannot be made."""
        with screened(shown=False):
            made = by_framework(self.held, self.name)
            data = made if made is not None else self._asked().data
            return generated(data, self.name, self.routes, self.place, idiom_of(self.held))

    def beside(self, document: Document) -> Generated:
        """A document in a file, whose operations this application answers."""
        return Generated(document, self.name, Handlers(document.data, self.routes, None), file=True)

    def _asked(self) -> Document:
        """The document that it answers: without being started first, for a start may need what is not there."""
        try:
            with running(self.service(lifespan=False)) as service:
                return by_asking(service, self.routes)
        except LoadError:
            if self.kind == "wsgi":
                raise
        try:
            with running(self.service()) as service:
                return by_asking(service, self.routes)
        except ProbeError as error:
            raise LoadError(f"{self.name} has no OpenAPI document that it answers, and {error.message}") from None


@contextmanager
def running(service: Service) -> Iterator[Service]:
    """A block in which an application runs. Raises: ProbeError where it does not start."""
    service.start()
    try:
        yield service
    finally:
        service.stop()


def load_app(text: str, folder: str = ".") -> Application:
    """The application that ``module:app``, ``module:factory()`` or ``folder/module.py:app`` names.

    Its module is imported, with ``folder`` searched before all others. Raises: ConfigError in one line.
    """
    wanted = reference(text)
    held, kind, name = found(wanted, folder)
    return Application(wanted.text, kind, held, routes(held), _made(wanted.module, name.partition(".")[0]))


def _made(module_name: str, name: str) -> Place | None:
    """Where the application is assigned, or the factory stands."""
    module = sys.modules.get(module_name)
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not is_own(file):
        return None
    line = source(file).names.get(name)
    code = getattr(getattr(module, name, None), "__code__", None)
    if line is None and code is not None and code.co_filename == file:
        line = code.co_firstlineno
    return Place(shown(file), line or 1)


def _single(held: Any) -> Callable[..., Awaitable[None]]:
    """An application of ASGI 2, which is called twice, as one that is called once."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        inner = held(scope)
        answer = inner(receive, send)
        if inspect.isawaitable(answer):
            await answer

    return app
