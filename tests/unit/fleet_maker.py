"""A fleet of tiny services, each with its own config, catalog, document and owner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def envelope(*codes: str) -> dict[str, Any]:
    """The schema of an error body that holds one of these codes."""
    inner = {
        "type": "object",
        "required": ["code", "message"],
        "properties": {"code": {"type": "string", "enum": list(codes)}, "message": {"type": "string"}},
    }
    return {"type": "object", "required": ["error"], "properties": {"error": inner}}


def document(title: str, *codes: str) -> dict[str, Any]:
    """A document of one operation that declares these codes under 404."""
    failed = {"description": "not there", "content": {"application/json": {"schema": envelope(*codes)}}}
    operation = {"responses": {"200": {"description": "ok"}, "404": failed}}
    return {"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": {"/things": {"get": operation}}}


def catalog(name: str, *codes: str, extends: str = "") -> dict[str, Any]:
    """A catalog of these codes, all of them 404."""
    shape = {"code": {"pointer": "/error/code"}, "message": {"pointer": "/error/message"}}
    entries = [{"code": code, "status": 404, "message": f"{code} of {name}", "description": code} for code in codes]
    return {
        "errlint": 1,
        "service": {"name": name},
        **({"extends": extends} if extends else {}),
        "envelopes": {"plain": shape},
        "layers": {"service": {"envelope": "plain"}},
        "errors": entries,
    }


def write(path: Path, data: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def service(folder: Path, name: str, promised: tuple[str, ...], declared: tuple[str, ...], owner: str) -> str:
    """A service in a folder of its own: what its catalog promises and what its document declares. Gives the document."""
    write(folder / name / "errors.json", catalog(name, *promised))
    entry = f'[[document]]\npath = "openapi.json"\nowner = "{owner}"\n'
    write(folder / name / "errlint.toml", f'catalog = "errors.json"\n\n{entry}')
    write(folder / name / "openapi.json", document(f"The {name} API", *declared))
    return f"{name}/openapi.json"


def fleet(folder: Path, number: int) -> list[str]:
    """So many services with codes of their own: of ``number % 4``, 0 is fine, 1 lacks a code, 2 declares another's, 3 both."""
    names = []
    for index in range(number):
        own = (f"S{index:03}_1", f"S{index:03}_2")
        declared = own if index % 4 in (0, 2) else own[:1]
        foreign = (f"S{(index + 1) % number:03}_1",) if index % 4 in (2, 3) else ()
        names.append(service(folder, f"service-{index:03}", own, (*declared, *foreign), f"team {index % 10}"))
    return names
