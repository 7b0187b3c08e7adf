"""What leaks look like: stack traces and secrets, as patterns over bounded text."""

from __future__ import annotations

import re

LONGEST = 64_000
"""Texts are searched up to this length, in time linear in it: every repetition is bounded or starts at a word of its own."""

TRACES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "Python",
        re.compile(r"Traceback \(most recent call last\)|(?m:^[ \t]{0,80}File \"[^\"\n]{1,300}\", line \d{1,9}, in [\w<])"),
    ),
    ("Java", re.compile(r"(?:^|\s|\\n|\\t)at [\w$.<>]{3,200}\([\w$]{1,100}\.(?:java|kt|scala):\d+\)")),
    (".NET", re.compile(r"(?:^|\s)at [\w.`<>\[\],]{3,200}\([^()\n]{0,200}\) in [^\n]{1,200}:line \d+")),
    ("Go", re.compile(r"\bgoroutine \d+ \[[a-z ]{2,40}\]:|\bpanic: runtime error: ")),
    (
        "Node.js",
        re.compile(
            r"(?:^|\s|\\n)at (?:(?:[\w$.<> ]{1,120} )?\((?:/|node:|file:|[A-Z]:\\)[^()\n]{1,200}:\d+:\d+\)"
            r"|(?:async )?(?:node:|file:)[^\s()]{1,200}:\d+:\d+)"
        ),
    ),
    ("Rust", re.compile(r"thread '[^'\n]{1,80}' panicked at |stack backtrace:")),
    ("PHP", re.compile(r"(?:^|\s|\\n)#\d+ [^\n]{1,200}\.php\(\d+\): |PHP Fatal error: ")),
    ("Ruby", re.compile(r"(?<![\w/.-])[\w/.-]{1,200}\.rb:\d+:in [`'][^`'\n]{1,100}'")),
)

SECRETS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a JSON Web Token", re.compile(r"(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{8,2000}")),
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----")),
    ("a GitHub token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{20,200}\b")),
    ("a bearer token", re.compile(r"\b[Bb]earer (?=[\w.~+/-]*\d)(?=[\w.~+/-]*[A-Za-z])[\w.~+/-]{20,2000}=*")),
)

SPECIMENS = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkw",  # jwt.io's published specimen
    "AKIAIOSFODNN7EXAMPLE",  # the access key of AWS's documentation
    "AKIAI44QH8DHBEXAMPLE",
)


def trace(text: str) -> str | None:
    """The language whose stack trace a text holds, None where it holds none."""
    text = text[:LONGEST]
    return next((language for language, pattern in TRACES if pattern.search(text)), None)


def masked(text: str) -> str:
    """The text with every secret in it masked; published specimens stay."""
    for _, pattern in SECRETS:
        text = pattern.sub(lambda found: found.group() if _published(found.group()) else "***", text)
    return text


def _published(text: str) -> bool:
    return any(specimen in text for specimen in SPECIMENS)


def secret(text: str) -> str | None:
    """The kind of secret that a text holds; published specimens are none. The secret itself is never returned."""
    text = text[:LONGEST]
    for kind, pattern in SECRETS:
        for found in pattern.finditer(text):
            if not _published(found.group()):
                return kind
    return None
