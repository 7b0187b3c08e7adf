"""What leaks look like: stack traces and secrets, as signs in bounded text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from errlint.model.record import record

LONGEST = 64_000
"""Texts are searched up to this length, in time linear in it: every repetition is bounded or starts at a word of its own."""


@record
class Sign:
    """One kind of leak: what it is called, the words of which one must stand in the text, and the expression to search then.

    Most texts have none of the words, so that most runs compile no expression.
    """

    kind: str
    words: tuple[str, ...]
    pattern: str

    @property
    def expression(self) -> re.Pattern[str]:
        return _compiled(self.pattern)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in a text."""
        return self.expression.search(text) if self.may(text) else None

    def may(self, text: str) -> bool:
        """Whether one of the words stands in a text."""
        return any(word in text for word in self.words)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


TRACES: tuple[Sign, ...] = (
    Sign(
        "Python",
        ("Traceback (", 'File "'),
        r"Traceback \(most recent call last\)|(?m:^[ \t]{0,80}File \"[^\"\n]{1,300}\", line \d{1,9}, in [\w<])",
    ),
    Sign(
        "Java",
        (".java:", ".kt:", ".scala:"),
        r"(?:^|\s|\\n|\\t)at [\w$.<>]{3,200}\([\w$]{1,100}\.(?:java|kt|scala):\d+\)",
    ),
    Sign(".NET", (":line ",), r"(?:^|\s)at [\w.`<>\[\],]{3,200}\([^()\n]{0,200}\) in [^\n]{1,200}:line \d+"),
    Sign("Go", ("goroutine ", "panic: "), r"\bgoroutine \d+ \[[a-z ]{2,40}\]:|\bpanic: runtime error: "),
    Sign(
        "Node.js",
        ("at ",),
        r"(?:^|\s|\\n)at (?:(?:[\w$.<> ]{1,120} )?\((?:/|node:|file:|[A-Z]:\\)[^()\n]{1,200}:\d+:\d+\)"
        r"|(?:async )?(?:node:|file:)[^\s()]{1,200}:\d+:\d+)",
    ),
    Sign("Rust", ("panicked at ", "stack backtrace:"), r"thread '[^'\n]{1,80}' panicked at |stack backtrace:"),
    Sign("PHP", (".php(", "PHP Fatal"), r"(?:^|\s|\\n)#\d+ [^\n]{1,200}\.php\(\d+\): |PHP Fatal error: "),
    Sign("Ruby", (".rb:",), r"(?<![\w/.-])[\w/.-]{1,200}\.rb:\d+:in [`'][^`'\n]{1,100}'"),
)

SECRETS: tuple[Sign, ...] = (
    Sign("a JSON Web Token", ("eyJ",), r"(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{8,2000}"),
    Sign("an AWS access key", ("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    Sign("a private key", ("-----BEGIN ",), r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----"),
    Sign("a GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b"),
    Sign("a Slack token", ("xox",), r"\bxox[abprs]-[A-Za-z0-9-]{20,200}\b"),
    Sign("a bearer token", ("earer ",), r"\b[Bb]earer (?=[\w.~+/-]*\d)(?=[\w.~+/-]*[A-Za-z])[\w.~+/-]{20,2000}=*"),
)

SPECIMENS = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkw",  # jwt.io's published specimen
    "AKIAIOSFODNN7EXAMPLE",  # the access key of AWS's documentation
    "AKIAI44QH8DHBEXAMPLE",
)


def first(signs: Iterable[Sign], text: str) -> str | None:
    """The kind of the first of these signs that a text holds, None where it holds none."""
    text = text[:LONGEST]
    return next((sign.kind for sign in signs if sign.search(text)), None)


def trace(text: str) -> str | None:
    """The language whose stack trace a text holds, None where it holds none."""
    return first(TRACES, text)


def masked(text: str) -> str:
    """The text with every secret in it masked; published specimens stay."""
    for sign in SECRETS:
        if sign.may(text):
            text = sign.expression.sub(lambda found: found.group() if _published(found.group()) else "***", text)
    return text


def disguised(text: str) -> str:
    """The text with every secret in it made worthless, yet of its kind: letters become ``x``, digits ``0``.

    So what is kept of an answer holds no secret, and is judged as the answer was.
    """
    for sign in SECRETS:
        if sign.may(text):
            text = sign.expression.sub(lambda found: found.group() if _published(found.group()) else _worn(found.group()), text)
    return _KEY.sub(r"\1\2", text) if "PRIVATE KEY" in text else text


_KEY = re.compile(r"(-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----)[^-]{0,20000}(-----END |$|)")


def _worn(secret: str) -> str:
    """A secret without its characters, but for the first four of each part: they tell its kind."""
    if secret.startswith("-----BEGIN"):
        return secret
    named = re.match(r"[Bb]earer ", secret)
    start = named.end() if named else 0
    parts = secret[start:].split(".")
    return secret[:start] + ".".join(
        part[:4] + re.sub(r"\d", "0", re.sub(r"[a-z]", "x", re.sub(r"[A-Z]", "X", part[4:]))) for part in parts
    )


def _published(text: str) -> bool:
    return any(specimen in text for specimen in SPECIMENS)


def secret(text: str) -> str | None:
    """The kind of secret that a text holds; published specimens are none. The secret itself is never returned."""
    text = text[:LONGEST]
    for sign in SECRETS:
        for found in sign.expression.finditer(text) if sign.may(text) else ():
            if not _published(found.group()):
                return sign.kind
    return None
