"""Random JSON and YAML texts of given data, and what each of their lines is about."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from hypothesis import strategies as st

Pointer = tuple[str, ...]


class Written(NamedTuple):
    """A text; its lines, each with the pointers that it is about."""

    text: str
    lines: list[tuple[str, set[Pointer]]]


@st.composite
def json_text(draw: Any, data: Any) -> Written:
    indent = draw(st.sampled_from([None, 2, 4, "\t"]))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (",", ": "), (" , ", " : ")]))
    text = json.dumps(data, indent=indent, separators=separators, ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return Written(text + draw(st.sampled_from(["", "\n"])), [])


@st.composite
def yaml_text(draw: Any, data: Any) -> Written:
    """A YAML text in mixed styles, with comments, with or without carriage returns and a last line break."""
    writer = _Writer(draw)
    writer.block(data, (), 0)
    crlf = "\r" if draw(st.booleans()) else ""
    lines = [(line + crlf, about) for line, about in writer.lines]
    text = "\n".join(line for line, _ in lines)
    end = "\n" if crlf or draw(st.booleans()) else ""
    if draw(st.booleans()):
        lines.insert(0, (f"# head{crlf}", set()))
        text = f"# head{crlf}\n{text}"
    return Written(text + end, lines)


class _Writer:
    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.unit = draw(st.sampled_from([1, 2, 4, 8]))
        self.indentless = draw(st.booleans())
        self.lines: list[tuple[str, set[Pointer]]] = []
        self.comments = 0

    def maybe(self) -> bool:
        return bool(self.draw(st.integers(0, 4)) == 0)

    def comment(self) -> str:
        if not self.maybe():
            return ""
        self.comments += 1
        return f"  # comment {self.comments}"

    def own_line(self, column: int, inside: Pointer) -> None:
        if self.maybe():
            self.comments += 1
            self.lines.append((" " * column + f"# comment {self.comments}", {(*inside, "#")}))
        if self.maybe():
            self.lines.append(("", set()))

    def scalar(self, value: Any, flow: bool) -> str:
        if not isinstance(value, str):
            return json.dumps(value)
        styles = ["double"]
        if value.isprintable() and value:
            styles.append("single")
        if value.isalpha() and value.isascii() and value not in ("no",):
            styles.append("plain")
        style = self.draw(st.sampled_from(styles))
        if style == "single":
            return "'" + value.replace("'", "''") + "'"
        quoted = json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028")
        return value if style == "plain" else quoted

    def flow(self, value: Any) -> str:
        if isinstance(value, dict):
            pad = self.draw(st.sampled_from(["", " "])) if value else ""
            members = [f"{self.scalar(key, True)}: {self.flow(item)}" for key, item in value.items()]
            return "{" + pad + ", ".join(members) + pad + "}"
        if isinstance(value, list):
            end = ", " if value and self.maybe() else ""
            return "[" + ", ".join(self.flow(item) for item in value) + end + "]"
        return self.scalar(value, True)

    def inline(self, value: Any) -> bool:
        return not isinstance(value, (dict, list)) or not value or self.maybe()

    def block(self, value: Any, pointer: Pointer, column: int, first: str = "") -> None:
        """The lines of a container; ``first`` is what stands before its first entry on the same line."""
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for index, (key, item) in enumerate(entries):
            start = first if index == 0 and first else " " * column
            if index or not first:
                self.own_line(column, pointer)
            below = (*pointer, str(key))
            about = {below}
            if index == 0 and first:
                about.add(pointer)
            if isinstance(value, dict):
                self.member(start + self.scalar(key, False) + ":", item, below, column, about)
            else:
                self.item(start + "-", item, below, column, about)

    def member(self, start: str, item: Any, pointer: Pointer, column: int, about: set[Pointer]) -> None:
        if isinstance(item, str) and item.isalpha() and self.maybe():
            self.lines.append((f"{start} |-{self.comment()}", about))
            self.lines.append((" " * (column + self.unit) + item, about))
        elif self.inline(item):
            gap = "" if item is None and self.maybe() else " " + self.flow(item)
            self.lines.append((start + gap + self.comment(), about))
        else:
            self.lines.append((start + self.comment(), about))
            same = isinstance(item, list) and self.indentless
            self.block(item, pointer, column if same else column + self.unit)

    def item(self, start: str, item: Any, pointer: Pointer, column: int, about: set[Pointer]) -> None:
        if self.inline(item):
            gap = "" if item is None and self.maybe() else " " + self.flow(item)
            self.lines.append((start + gap + self.comment(), about))
        elif self.maybe():
            self.lines.append((start + self.comment(), about))
            self.block(item, pointer, column + 1 + self.unit)
        else:
            self.block(item, pointer, column + 2, start + " ")
