"""Source text of languages with braces -> tokens in groups: strings and comments are known, brackets are pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from errlint.model.record import field, mutable, record

DEEPEST = 200
LONGEST_REGEX = 500
CLOSED_BY = {"(": ")", "[": "]", "{": "}"}

TOKEN = re.compile(
    r"""
    (?P<space>[^\S\n]+)
  | (?P<line>\n)
  | (?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z)|\#![^\n]*)
  | (?P<block>\"\"\".*?(?:\"\"\"|\Z))
  | (?P<string>"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|'[^'\\\n]*(?:\\.[^'\\\n]*)*'?)
  | (?P<number>(?:0[xX][0-9a-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)[A-Za-z]*)
  | (?P<name>[A-Za-z_$@\x80-\U0010ffff][\w$]*)
  | (?P<mark>=>|->|::|\.\.\.|:=|[=!]==?|.)
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "\n": ""}
REGEX = re.compile(r"/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
BEFORE_REGEX = frozenset("(,=:[!&|?{};") | {"return", "=>", "==", "===", "!=", "!=="}


@record
class Token:
    """``kind`` is name, number, string or mark; the text of a string is what it means."""

    kind: str
    text: str
    line: int


@mutable
class Group:
    """What stands between two brackets; ``made`` is the value that was made of it."""

    opening: str
    line: int
    items: list[Token | Group] = field(default_factory=list)
    made: Any = None


class TooDeep(Exception):  # noqa: N818 -- no fault: the file is left out
    """Brackets in brackets beyond what people write."""


def tree(text: str, *, raw: bool = False, regexes: bool = False) -> Group:
    """The tokens of a text in groups. ``raw``: backticks quote without escapes (Go). ``regexes``: ``/x/`` may be one (JS).

    Raises: TooDeep.
    """
    root = Group("", 1)
    stack = [root]
    for token in _tokens(text, raw, regexes):
        if token.kind == "mark" and token.text in CLOSED_BY:
            if len(stack) > DEEPEST:
                raise TooDeep
            stack.append(Group(token.text, token.line))
            stack[-2].items.append(stack[-1])
        elif token.kind == "mark" and token.text in (")", "]", "}"):
            if len(stack) > 1 and CLOSED_BY[stack[-1].opening] == token.text:
                stack.pop()
        else:
            stack[-1].items.append(token)
    return root


def _tokens(text: str, raw: bool, regexes: bool) -> Iterator[Token]:
    at, line, before = 0, 1, ""
    while at < len(text):
        if text[at] == "`":
            value, end = _backticks(text, at, raw)
            yield Token("string", value, line)
            line += text.count("\n", at, end)
            at, before = end, "string"
            continue
        if regexes and text[at] == "/" and text[at + 1 : at + 2] not in ("/", "*") and (not before or before in BEFORE_REGEX):
            found = REGEX.match(text, at, at + LONGEST_REGEX)
            if found is not None:
                at, before = found.end(), "regex"
                continue
        found = TOKEN.match(text, at)
        if found is None:  # cannot be: the last alternative takes any character
            break
        kind, word = str(found.lastgroup), found[0]
        at = found.end()
        if kind == "line":
            line += 1
        elif kind in ("string", "block"):
            yield Token("string", _meant(word, kind), line)
            before = "string"
        elif kind not in ("space", "comment"):
            yield Token(kind, word, line)
            before = word
        if kind in ("comment", "block", "string"):
            line += word.count("\n")


def _meant(word: str, kind: str) -> str:
    if kind == "block":
        return " ".join(_unescaped(word[3:].removesuffix('"""')).split())
    inner = word[1:-1] if len(word) > 1 and word[-1] == word[0] else word[1:]
    return _unescaped(inner) if "\\" in inner else inner


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        number = found[1] or found[2] or found[3]
        if number:
            return chr(int(number, 16)) if int(number, 16) < 0x110000 and not 0xD800 <= int(number, 16) < 0xE000 else "\ufffd"
        return ESCAPES.get(found[4], found[4])

    return ESCAPE.sub(one, text)


INSIDE = re.compile(r"[`\\]|\$\{|[{}]")


def _backticks(text: str, at: int, raw: bool) -> tuple[str, int]:
    """What stands in backticks, and where it ends; ``${name}`` becomes ``{name}``, other expressions ``{value}``."""
    if raw:
        end = text.find("`", at + 1)
        end = len(text) if end < 0 else end
        return text[at + 1 : end], end + 1
    parts: list[str] = []
    place = start = at + 1
    depth, opened = 0, 0
    for found in INSIDE.finditer(text, place):
        if found.start() < place:
            continue
        mark = found[0]
        if mark == "\\":
            place = found.end() + 1
        elif depth == 0 and mark == "`":
            parts.append(_unescaped(text[start : found.start()]))
            return "".join(parts), found.end()
        elif depth == 0 and mark == "${":
            parts.append(_unescaped(text[start : found.start()]))
            depth, opened = 1, found.end()
        elif depth and mark in ("${", "{"):
            depth += 1
        elif depth and mark == "}":
            depth -= 1
            if depth == 0:
                word = text[opened : found.start()].strip().rpartition(".")[2]
                parts.append("{" + (word if re.fullmatch(r"[A-Za-z_]\w{0,40}", word) else "value") + "}")
                start = found.end()
    return "", len(text)
