"""SEC002, SEC003, SEC007: words from inside of a service. The message names the kind and never quotes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from errlint.checks import inner_words, leaks
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.sec import of_catalog, of_declaration, plain, what
from errlint.match.answer import Answer
from errlint.match.plan import Plan
from errlint.match.template import matcher
from errlint.model.claim import Claim
from errlint.model.finding import Severity
from errlint.model.record import replace
from errlint.model.spec import Declaration

OFF, NOTE, WARNING, ERROR = Severity

TOLD = "{what} holds {kind}"
LANGUAGE = "{what} holds an error message of {kind} itself"


def database(text: str) -> str | None:
    """The kind of a database's words in a text, None where there are none."""
    return leaks.first(inner_words.DATABASE, text)


def address(text: str) -> str | None:
    """The kind of inner address in a text, host names included."""
    return leaks.first((inner_words.HOST, *inner_words.ADDRESSES), text)


def _place(text: str) -> str | None:
    """The kind of inner address, host names excluded: of those in a catalog CAT018 speaks."""
    return leaks.first(inner_words.ADDRESSES, text)


def language(text: str) -> str | None:
    """The programming language whose own words a text holds, None where it holds none."""
    return leaks.first(inner_words.LANGUAGE, text)


def _text(answer: Answer) -> str:
    """The texts of an answer's body: those in its JSON values, else the page or text as it is read."""
    return inner_words.texts(answer.told) if answer.told else plain(answer)


def _of_answer(answer: Answer, plan: Any, find: Callable[[str], str | None], told: str) -> Iterator[Verdict]:
    kind = find(_text(answer)) if answer.tells_error else None
    if kind and not any(_documented(claim, plan, find, kind) for claim in answer.claims):
        yield Hit(told.format(kind=kind, what=what(answer)), detail=kind)


def _documented(claim: Claim, plan: Plan, find: Callable[[str], str | None], kind: str) -> bool:
    """Whether a message of the layer's own entries holds the same and fits: it is documented so, and no slip of the answer."""
    said = [message for message, _ in claim.message.scalars() if isinstance(message, str)]
    for code in plan.codes if said else ():
        messages = (code.message, *(variant.message for variant in code.variants)) if code.layer in claim.layers else ()
        for message in messages:
            same = message is not None and kind in (find(message.text), find(message.example or ""))
            if same and message is not None and all(matcher(message).fits(text) is not False for text in said):
                return True
    return False


def _in_prose(verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
    """What a description says is only a note: it may explain what clients do themselves."""
    for verdict in verdicts:
        yield replace(verdict, severity=NOTE) if isinstance(verdict, Hit) else verdict


@check("SEC002", "database-text", WARNING, Answer)
def database_text(answer: Answer, plan: Any) -> Iterator[Verdict]:
    """A database's own words in an error answer."""
    return _of_answer(answer, plan, database, TOLD)


@check("SEC002", "database-text", WARNING, CatalogFile)
def database_text_in_catalog(file: CatalogFile, plan: Any) -> Iterator[Verdict]:
    """A database's own words in a catalog's text."""
    return of_catalog(file, database, TOLD)


@check("SEC002", "database-text", WARNING, Declaration)
def database_text_in_description(declaration: Declaration, plan: Any) -> Iterator[Verdict]:
    """A database's own words in a response's description."""
    return _in_prose(of_declaration(declaration, database, TOLD))


@check("SEC003", "internal-address", WARNING, Answer)
def internal_address(answer: Answer, plan: Any) -> Iterator[Verdict]:
    """An address from inside of the service's network or machine in an error answer."""
    return _of_answer(answer, plan, address, TOLD)


@check("SEC003", "internal-address", WARNING, CatalogFile)
def internal_address_in_catalog(file: CatalogFile, plan: Any) -> Iterator[Verdict]:
    """An address from inside of the service's network or machine in a catalog's text."""
    return of_catalog(file, _place, TOLD)


@check("SEC003", "internal-address", WARNING, Declaration)
def internal_address_in_description(declaration: Declaration, plan: Any) -> Iterator[Verdict]:
    """An address from inside of the service's network or machine in a response's description."""
    return _in_prose(of_declaration(declaration, address, TOLD))


@check("SEC007", "language-text", WARNING, Answer)
def language_text(answer: Answer, plan: Any) -> Iterator[Verdict]:
    """A programming language's own words in an error answer."""
    return _of_answer(answer, plan, language, LANGUAGE)
