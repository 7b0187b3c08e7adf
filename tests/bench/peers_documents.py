"""The documents that the benchmark runs over: files that are there, and synthetic ones of a wanted size."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SUFFIXES = (".json", ".yaml", ".yml")
PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off)$)[A-Za-z][\w ./-]*", re.IGNORECASE)
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "http"],
            "properties": {
                "code": {"type": "string", "description": "What went wrong, for programs"},
                "message": {"type": "string", "description": "What went wrong, for people"},
                "http": {"type": "integer", "minimum": 400, "maximum": 599},
            },
        }
    },
}


def found(places: list[Path]) -> list[Path]:
    """The named files, and every JSON or YAML file below the named folders, in the order of their names."""
    files: list[Path] = []
    for place in places:
        if place.is_dir():
            files.extend(path for path in sorted(place.rglob("*")) if path.is_file() and path.suffix in SUFFIXES)
        else:
            files.append(place)
    return files


def many(files: list[Path], count: int, folder: Path) -> list[Path]:
    """As many documents as asked for: the files themselves, then copies of them where there are too few."""
    chosen = files[:count]
    for number in range(len(files), count):
        source = files[number % len(files)]
        chosen.append(Path(shutil.copyfile(source, folder / f"{number}_{source.name}")))
    return chosen


def synthetic(path: Path, size: int) -> Path:
    """The path of a new document of about that many bytes, JSON or YAML by its suffix.

    It repeats one path item and its two schemas under names of their own, so that nothing is shared but the 404 response. Every
    path has one operation without an error response: the number of findings grows with the size too.
    """
    text, sections = (yaml_text, YAML) if path.suffix == ".yaml" else (json_text, JSON)
    unit = len(text(path_item(10_000), 1)) + len(text(schemas(10_000), 2))
    units = max(1, round(size / unit))
    head, middle, end, separator = sections
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        file.writelines(joined((text(path_item(number), 1) for number in range(units)), separator))
        file.write(middle)
        file.writelines(joined((text(schemas(number), 2) for number in range(units)), separator))
        file.write(end)
    return path


def joined(parts: Iterator[str], separator: str) -> Iterator[str]:
    for number, part in enumerate(parts):
        yield separator + part if number else part


def json_text(members: dict[str, Any], level: int) -> str:
    """The members without the braces around them, at two blanks a level, as frameworks export them."""
    lines = json.dumps(members, indent=2).splitlines()[1:-1]
    return "\n".join("  " * level + line for line in lines)


def yaml_text(members: dict[str, Any], level: int) -> str:
    """The members in block style."""
    lines = []
    for name, value in members.items():
        key = "  " * level + yaml_scalar(name) + ":"
        if isinstance(value, dict):
            lines.append(f"{key}\n{yaml_text(value, level + 1)}")
        elif isinstance(value, list):
            lines.append(f"{key}\n{''.join(map(yaml_item, value, [level] * len(value)))}")
        else:
            lines.append(f"{key} {yaml_scalar(value)}\n")
    return "".join(lines)


def yaml_item(value: Any, level: int) -> str:
    """One item of a list whose key stands at that level; a mapping's first member stands behind the dash."""
    blanks = "  " * level
    if not isinstance(value, dict):
        return f"{blanks}- {yaml_scalar(value)}\n"
    return f"{blanks}- {yaml_text(value, level + 1).removeprefix(blanks + '  ')}"


def yaml_scalar(value: object) -> str:
    return value if isinstance(value, str) and PLAIN.fullmatch(value) else json.dumps(value)


def answer(description: str, schema: str) -> dict[str, Any]:
    """A response whose JSON body has the named schema."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def path_item(number: int) -> dict[str, Any]:
    """The path with that number: three operations, the last without an error response."""
    thing, error = f"Thing{number}", f"Error{number}"
    name = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    ok, missing = answer("The thing", thing), {"$ref": "#/components/responses/NotFound"}
    full = {"200": ok, "400": answer("The request is wrong", error), "404": missing, "500": answer("A fault", error)}
    return {
        f"/things{number}/{{id}}": {
            "get": {"operationId": f"get{thing}", "parameters": [name], "responses": full},
            "put": {"operationId": f"put{thing}", "parameters": [name], "responses": full},
            "delete": {"operationId": f"delete{thing}", "parameters": [name], "responses": {"200": ok}},
        }
    }


def schemas(number: int) -> dict[str, Any]:
    """The two schemas of the path with that number."""
    text = {"type": "string", "description": "One of the many members that a thing has in a document of an ordinary size"}
    members = {f"member{index}": text for index in range(12)}
    return {f"Thing{number}": {"type": "object", "properties": members}, f"Error{number}": ERROR}


NOT_FOUND = {"NotFound": answer("There is no such thing", "Error0")}
INFO = {"openapi": "3.0.3", "info": {"title": "Synthetic", "version": "1.0"}}
JSON = (
    "{\n" + json_text(INFO, 0) + ',\n  "paths": {\n',
    '\n  },\n  "components": {\n    "responses": {\n' + json_text(NOT_FOUND, 2) + '\n    },\n    "schemas": {\n',
    "\n    }\n  }\n}\n",
    ",\n",
)
YAML = (
    yaml_text(INFO, 0) + "paths:\n",
    "components:\n  responses:\n" + yaml_text(NOT_FOUND, 2) + "  schemas:\n",
    "",
    "",
)
