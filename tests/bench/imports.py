"""Imports catalogs that others publish, and compares each with a count that knows nothing of errlint. Not part of the suite.

python -m tests.bench.imports /tmp/imports               # installs what is not there yet, imports, compares
python -m tests.bench.imports /tmp/imports --only snyk --keep OUT   # and keeps the catalogs in a folder
"""

from __future__ import annotations

import argparse
import ast
import gzip
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from errlint.api.importing import Imported, import_catalog
from errlint.load.catalog import read_catalog

PYTHON = ("botocore==1.44.5", "djangorestframework==3.18.3", "oauthlib==4.0.1")
NODE = ("@snyk/error-catalog-nodejs-public@5.82.1", "@twilio/voice-errors@1.8.0", "fastify@5.12.8")
Pairs = set[tuple[str, int | None]]
"""Codes as text, each with its status; None where there is none."""


def install(folder: Path) -> None:
    """A venv and node_modules in the folder, once."""
    if (folder / ".installed").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    subprocess.run([folder / "venv/bin/python", "-m", "pip", "install", "-q", *PYTHON], check=True, stdout=sys.stderr)
    npm = ["npm", "install", "--silent", "--no-audit", "--ignore-scripts", "--prefix", str(folder), *NODE]
    subprocess.run(npm, check=True, stdout=sys.stderr)
    (folder / ".installed").touch()


def site(folder: Path) -> Path:
    return next((folder / "venv/lib").glob("python*/site-packages"))


def models(folder: Path) -> Iterator[Path]:
    """The newest model of each service."""
    for service in sorted((site(folder) / "botocore/data").iterdir()):
        versions = sorted(service.glob("*/service-2.json.gz"))
        if versions:
            yield versions[-1]


def pairs(made: Imported) -> Pairs:
    return {(str(e.code), int(s) if isinstance(s, int) else None) for e in made.draft.entries for s in e.statuses or (None,)}


def botocore(folder: Path, keep: Path | None) -> Iterator[tuple[str, Pairs, Pairs]]:
    """One import a service; told are the codes of all of them, each with its service."""
    ours: Pairs = set()
    theirs: Pairs = set()
    shapes = statuses = 0
    for file in models(folder):
        name = file.parts[-3]
        made = import_catalog([str(file)]) if has_errors(file) else None
        if made is not None:
            ours |= {(f"{name} {code}", status) for code, status in pairs(made)}
            check(made, name, keep)
        for shape, body in json.loads(gzip.decompress(file.read_bytes()))["shapes"].items():
            if body.get("exception") or "error" in body:
                error = body.get("error", {})
                shapes += 1
                statuses += "httpStatusCode" in error
                theirs.add((f"{name} {error.get('code', shape)}", error.get("httpStatusCode")))
    known = {code for code, status in theirs if status is not None}
    theirs -= {(code, None) for code in known}  # two shapes of one code, one of them without a status
    yield f"botocore: {shapes} error shapes, {statuses} with a status", ours, theirs


def has_errors(file: Path) -> bool:
    return any(
        body.get("exception") or "error" in body for body in json.loads(gzip.decompress(file.read_bytes()))["shapes"].values()
    )


def snyk(folder: Path, keep: Path | None) -> Iterator[tuple[str, Pairs, Pairs]]:
    source = folder / "node_modules/@snyk/error-catalog-nodejs-public/src"
    made = import_catalog([str(source)])
    check(made, "snyk", keep)
    theirs: Pairs = set()
    for file in (source / "catalogs").glob("*.js"):
        for status, code in re.findall(r"status: (\d+),.*?errorCode: '([^']+)'", file.read_text(), re.DOTALL):
            theirs.add((code, int(status) or None))
    yield "snyk, JavaScript classes", pairs(made), theirs


def twilio(folder: Path, keep: Path | None) -> Iterator[tuple[str, Pairs, Pairs]]:
    page = folder / "node_modules/@twilio/voice-errors/table.md"
    made = import_catalog([str(page)])
    check(made, "twilio", keep)
    yield "twilio, a Markdown table", pairs(made), {(code, None) for code in re.findall(r"(?m)^\| (\d{5}) ", page.read_text())}


def fastify(folder: Path, keep: Path | None) -> Iterator[tuple[str, Pairs, Pairs]]:
    source = folder / "node_modules/fastify/lib/errors.js"
    made = import_catalog([str(source)])
    check(made, "fastify", keep)
    calls = re.findall(r"createError\(\s*'(FST_[A-Z0-9_]+)',(.*?)\n  \)", source.read_text(), re.DOTALL)
    numbers = ((code, re.search(r"(?m)^\s*(\d{3})\b", rest)) for code, rest in calls)
    yield "fastify, calls of createError", pairs(made), {(code, int(found[1]) if found else None) for code, found in numbers}


def drf(folder: Path, keep: Path | None) -> Iterator[tuple[str, Pairs, Pairs]]:
    source = site(folder) / "rest_framework/exceptions.py"
    made = import_catalog([str(source)])
    check(made, "drf", keep)
    theirs: Pairs = set()
    for node in ast.parse(source.read_text()).body:
        held = {ast.unparse(one.targets[0]): one.value for one in getattr(node, "body", ()) if isinstance(one, ast.Assign)}
        if "default_code" in held:
            status = int(re.sub(r"\D", "", ast.unparse(held["status_code"])))
            theirs.add((ast.literal_eval(held["default_code"]), status))
    yield "Django REST framework, classes", pairs(made), theirs


def check(made: Imported, name: str, keep: Path | None) -> None:
    """Whether what was written reads back with all of its entries."""
    folder = keep or Path("/tmp")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.yaml"
    file.write_text(made.text)
    read = read_catalog(str(file)).catalog
    if len(read.codes) != len(made.draft.entries):
        print(f"{name}: {len(made.draft.entries)} entries written, {len(read.codes)} read", file=sys.stderr)
    if keep is None:
        file.unlink()


CASES: dict[str, Callable[[Path, Path | None], Iterator[tuple[str, Pairs, Pairs]]]] = {
    "botocore": botocore,
    "snyk": snyk,
    "twilio": twilio,
    "fastify": fastify,
    "drf": drf,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=CASES)
    parser.add_argument("--keep", type=Path, metavar="OUT")
    asked = parser.parse_args()
    install(asked.folder)
    differing = 0
    for name, case in CASES.items():
        if asked.only not in (None, name):
            continue
        start = time.process_time()
        for told, ours, theirs in case(asked.folder, asked.keep):
            seconds = time.process_time() - start
            same = f"{len(ours & theirs)} of {len(theirs)} codes with their status"
            print(f"{told}: {same}, {len(ours - theirs)} others, {seconds:.1f} s")
            for code, status in sorted(theirs ^ ours, key=str)[:10]:
                print(f"   {'missing' if (code, status) in theirs else 'not there'}: {code} {status}")
            differing += ours != theirs
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
