"""SEC: what an error must not tell a client. The message names the kind of leak and never quotes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from errlint.checks import leaks
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import label
from errlint.match import defaults
from errlint.match.answer import Answer
from errlint.match.framing import dumped
from errlint.model.catalog import Code
from errlint.model.finding import Severity
from errlint.model.spec import Declaration

ERROR = Severity.ERROR


def _texts(code: Code) -> Iterator[str]:
    for message in (code.message, *(variant.message for variant in code.variants)):
        if message is not None:
            yield message.text
            yield message.example or ""
    yield code.description
    yield code.resolution


def of_catalog(file: CatalogFile, find: Callable[[str], str | None], told: str) -> Iterator[Verdict]:
    """A hit for each entry in whose texts something is found; ``told`` is the message, with {what} and {kind}."""
    for code in file.catalog.codes:
        kind = next((kind for text in _texts(code) if (kind := find(text))), None)
        if kind:
            message = told.format(kind=kind, what=f"the entry {label(code)}")
            yield Hit(message, at=code.location, code=code.id, layer=code.layer, detail=kind, owner=f"{code.layer}/{code.id}")


def _prose(declaration: Declaration) -> str:
    response = declaration.response.value
    text = response.get("description") if isinstance(response, dict) else None
    return text if isinstance(text, str) else ""


@lru_cache(maxsize=4096)
def _kind(find: Callable[[str], str | None], text: str) -> str | None:
    """What is found in a description; many operations share one."""
    return find(text)


def of_declaration(declaration: Declaration, find: Callable[[str], str | None], told: str) -> Iterator[Verdict]:
    """A hit where something is found in an error response's description."""
    kind = _kind(find, _prose(declaration)) if declaration.error else None
    if kind:
        message = told.format(kind=kind, what="the response's description")
        yield Hit(message, at=declaration.response.location, detail=kind, shared=True)


TRACE = "{what} holds a {kind} stack trace"
SECRET = "{what} holds {kind}"


@check("SEC001", "stack-trace", ERROR, Answer)
def stack_trace(answer: Answer, plan: Any) -> Iterator[Verdict]:
    """A stack trace in an error answer."""
    language = leaks.trace(plain(answer)) if answer.tells_error else None
    if language:
        yield Hit(TRACE.format(kind=language, what=what(answer)), detail=language)


@check("SEC001", "stack-trace", ERROR, CatalogFile)
def stack_trace_in_catalog(file: CatalogFile, plan: Any) -> Iterator[Verdict]:
    """A stack trace in a catalog's text."""
    return of_catalog(file, leaks.trace, TRACE)


@check("SEC001", "stack-trace", ERROR, Declaration)
def stack_trace_in_description(declaration: Declaration, plan: Any) -> Iterator[Verdict]:
    """A stack trace in a response's description."""
    return of_declaration(declaration, leaks.trace, TRACE)


@check("SEC004", "secret", ERROR, Answer)
def secret(answer: Answer, plan: Any) -> Iterator[Verdict]:
    """A secret in an error answer; which one is never said."""
    kind = leaks.secret(plain(answer)) if answer.tells_error else None
    if kind is None and answer.error and answer.observation.echoes:
        kind = "the credentials that were sent"
    if kind:
        yield Hit(SECRET.format(kind=kind, what=what(answer)), detail=kind)


@check("SEC004", "secret", ERROR, CatalogFile)
def secret_in_catalog(file: CatalogFile, plan: Any) -> Iterator[Verdict]:
    """A secret in a catalog's text."""
    return of_catalog(file, leaks.secret, SECRET)


@check("SEC004", "secret", ERROR, Declaration)
def secret_in_description(declaration: Declaration, plan: Any) -> Iterator[Verdict]:
    """A secret in a response's description."""
    return of_declaration(declaration, leaks.secret, SECRET)


def what(answer: Answer) -> str:
    """How a message calls what it judges."""
    return "the example" if answer.observation.witness == "example" else "the answer"


def plain(answer: Answer) -> str:
    """The answer's text with JSON's escaped line ends and quotes, or a page's entities, as they were meant."""
    if "html" in (answer.framed.kind, answer.framed.said):
        from html import unescape  # start-up: a table of 2,000 names

        return unescape(answer.framed.text.replace("<br>", "\n")).replace("\xa0", " ")
    text = answer.framed.text if answer.error else "\n".join(map(dumped, answer.told))
    return text.replace("\\n", "\n").replace('\\"', '"').replace("\\t", "\t")


@check("SEC006", "framework-default-error", Severity.WARNING, Answer, alone=Severity.OFF, folds=True)
def framework_default_error(answer: Answer, plan: Any) -> Iterator[Verdict]:
    """A framework's own default body, outside the layers that the catalog documents."""
    if answer.error and answer.signature is None and answer.observation.witness != "example":
        framework = defaults.framework(answer.framed)
        if framework:
            yield Hit(f"the answer is the default error body of {framework}", detail=framework)
