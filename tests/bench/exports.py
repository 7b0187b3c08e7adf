"""Each target of ``errlint catalog export`` in the hands of the tool that it is written for.

    python -m tests.bench.exports FOLDER [CATALOG]...

Installs the tools below FOLDER, once, at the pinned versions. Catalogs are the shipped ones and a hostile one where none is
named.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from errlint import api
from errlint.demo.document import conforming_text
from tests.bench.field_install import node, python
from tests.unit.export_cases import NASTY

NODE = ("typescript@5.9.3", "openapi-overlays-js@0.2.0", "bump-cli@2.11.0", "jsdom@26.1.0")
PYTHON = ("html5lib==1.1",)
SHIPPED = ("builtin:eventml", "builtin:maas", "pkg:errlint/demo/catalog.yaml")
SUFFIXES = {"python": "py", "fastapi": "py", "typescript": "ts", "html": "html", "markdown": "md", "csv": "csv", "json": "json"}

SEARCH = """
const { JSDOM } = require("jsdom"); const fs = require("fs");
const page = new JSDOM(fs.readFileSync(process.argv[2], "utf8"), { runScripts: "dangerously" }).window;
const every = [...page.document.querySelectorAll("article")];
const shown = () => every.filter((one) => !one.hidden && !one.closest("section[hidden]"));
const form = page.document.querySelector("form"); const all = shown();
const ask = (name, value) => { form.reset(); form.elements[name].value = value; form.dispatchEvent(new page.Event("input")); };
const faults = form.hidden ? ["the search is hidden"] : [];
const statuses = [...form.elements.status.options].map((one) => one.value).filter(Boolean);
for (const one of all) {
  ask("search", one.querySelector("header a").textContent.replace(/\\s+/g, " "));
  if (!shown().includes(one)) faults.push("a search for it does not find " + one.id);
}
for (const status of statuses) {
  ask("status", status);
  const right = all.filter((one) => one.dataset.status.split(" ").includes(status));
  if (shown().length !== right.length) faults.push("the filter by status " + status);
}
ask("search", ""); if (shown().length !== all.length) faults.push("an empty search");
ask("search", "no such text at all"); if (shown().length) faults.push("a search for nothing");
console.log(JSON.stringify({ articles: all.length, faults }));
"""

STRICT = "import html5lib,sys; html5lib.HTMLParser(strict=True).parse(open(sys.argv[1], encoding='utf-8').read())"


def hostile(folder: Path) -> str:
    """A catalog whose every text tries to break out of its place."""
    texts = [*NASTY, "".join(NASTY)]
    errors: list[dict[str, Any]] = [
        {
            "code": f"{number}{text}",
            "name": text,
            "status": 404,
            "message": {"literal": text},
            "description": text,
            "resolution": text,
        }
        for number, text in enumerate(texts)
    ]
    errors += [{"id": f"{text} {text}", "code": 7, "status": "5XX", "message": {"braces": f"{{a}}{text}"}} for text in texts]
    roles = {"code": {"pointer": "/code", "required": False}, "message": {"pointer": "/class"}}
    data = {
        "errlint": 1,
        "service": {"name": "".join(NASTY)},
        "envelopes": {"own": roles},
        "layers": {"service": {"envelope": "own"}},
    }
    path = folder / "hostile.json"
    path.write_text(json.dumps({**data, "errors": errors}))
    return str(path)


def ran(*command: str | Path, cwd: Path | None = None) -> str:
    """What a tool complains of, empty where it is content."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, cwd=cwd, check=False)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"exit {done.returncode}"


class Tools:
    """The tools, installed below a folder, as functions of a written file: what they complain of."""

    def __init__(self, folder: Path) -> None:
        self.home, self.bin, self.venv = folder, folder / "node_modules" / ".bin", folder / "venv"
        if not self.bin.exists():
            node(folder, NODE)
        if not self.venv.exists():
            python(self.venv, PYTHON)
        (folder / "search.cjs").write_text(SEARCH)

    def of(self, target: str) -> tuple[tuple[str, Callable[[Path], str]], ...]:
        """(name, tool) for a target."""
        return {
            "python": (("mypy --strict", self.mypy), ("python", self.imported)),
            "fastapi": (("mypy --strict", self.mypy), ("python", self.imported)),
            "typescript": (("tsc --strict", self.tsc),),
            "html": (("html5lib, strict", self.html5lib), ("jsdom: search and filter", self.jsdom)),
            "components": (("openapi-spec-validator", self.validator),),
        }.get(target, ())

    def mypy(self, path: Path) -> str:
        return ran(sys.executable, "-m", "mypy", "--strict", path.name, cwd=path.parent)

    def imported(self, path: Path) -> str:
        return ran(sys.executable, "-W", "error::SyntaxWarning", "-c", f"import {path.stem}", cwd=path.parent)

    def tsc(self, path: Path) -> str:
        return ran(self.bin / "tsc", "--strict", "--noEmit", "--target", "es2022", "--moduleDetection", "force", path)

    def html5lib(self, path: Path) -> str:
        return ran(self.venv / "bin/python", "-c", STRICT, path)

    def jsdom(self, path: Path) -> str:
        done = subprocess.run(["node", self.home / "search.cjs", path], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return done.stderr.strip()
        told = json.loads(done.stdout)
        return "; ".join(told["faults"]) if told["articles"] else "no article"

    def validator(self, path: Path) -> str:
        return ran(sys.executable, "-m", "openapi_spec_validator", path)

    def overlay(self, spec: Path, overlay: Path, wanted: Any) -> Iterator[tuple[str, str]]:
        """What two appliers make of a document and an overlay, held against what ``--to openapi`` makes of it."""
        for name, command in (
            ("bump overlay", ["bump", "overlay", spec, overlay]),
            ("overlayjs", ["overlayjs", "--openapi", spec, "--overlay", overlay]),
        ):
            words = [str(self.bin / command[0]), *map(str, command[1:])]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            try:
                found = yaml.safe_load(done.stdout)
            except yaml.YAMLError as error:
                found = str(error)
            yield name, "" if found == wanted else f"another document than --to openapi makes: {done.stderr.strip()[:200]}"


def rows(folder: Path, tools: Tools, catalog: str, number: int) -> Iterator[tuple[str, str, str]]:
    """(target, tool, complaint) for one catalog."""
    for target, suffix in (SUFFIXES | {"components": "yaml"}).items():
        path = folder / f"{target}_{number}.{suffix}"
        path.write_bytes(api.export_catalog([catalog], target, name=path.name).text)
        for name, tool in tools.of(target):
            yield target, name, tool(path)
    old = folder / f"components_{number}_30.yaml"
    old.write_bytes(api.export_catalog([catalog], "components", dialect="3.0", name=old.name).text)
    yield "components 3.0", "openapi-spec-validator", tools.validator(old)
    spec, overlay = folder / "spec.yaml", folder / f"overlay_{number}.yaml"
    spec.write_text(conforming_text())
    overlay.write_bytes(api.export_overlay([catalog], str(spec), name=overlay.name).text)
    wanted = yaml.safe_load(api.export_openapi([catalog], str(spec), every=True).text)
    for name, complaint in tools.overlay(spec, overlay, wanted):
        yield "overlay", name, complaint


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("catalogs", nargs="*")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    tools = Tools(folder)
    catalogs = asked.catalogs or [*SHIPPED, hostile(folder)]
    failed = 0
    for number, catalog in enumerate(catalogs):
        print(f"\n{catalog}")
        for target, name, complaint in rows(folder, tools, catalog, number):
            failed += bool(complaint)
            print(f"  {target:<15}{name:<26}{'ok' if not complaint else complaint[:2000]}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
