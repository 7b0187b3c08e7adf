"""The runs whose reports are given to those who read them: every command, a clean run, runs that failed, a hostile document."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from errlint.demo.drift import DEMO_FAULTS, drifted_document
from errlint.demo.server import serve
from errlint.demo.service import TOKEN, create_app

FORMATS = ("json", "sarif", "gitlab", "checkstyle", "rdjson")

RUNS = {
    "demo": 1,
    "fixable": 1,
    "suppressed": 0,
    "word": 1,
    "stdin": 1,
    "outside": 1,
    "probe": 1,
    "replay": 1,
    "check": 1,
    "builtin": 0,
    "imported-0": 0,
    "imported-1": 0,
    "diff": 1,
    "empty": 0,
    "unreadable": 2,
    "missing": 2,
    "unreachable": 2,
    "hostile": 1,
}
"""The runs by name, each with its exit code."""

DOCUMENTS = sorted((Path(__file__).parents[1] / "documents").glob("*.txt"))

HOSTILE = (
    "::error::x\x1b[31mred\x07 \u202eevil \u2028 ##[group] <script> ]]> {0} \r\n::set-output name=a::b | `x` @t [a](//b) %s"
)

FIXABLE = """openapi: 3.1.0
info: {title: größe, version: "1"}
paths:
  /ü: {get: {responses: {'200': {description: ök}, 4xx: {description: ä}, 5xx: {description: "ß"}}}}
  /b:
    get:
      responses:
        4xx: {description: d}
        '204': {description: d, content: {application/json: {}}}
"""


SHOP = """errlint: 1
service: {name: shop}
envelopes: {flat: {code: {pointer: /code}, message: {pointer: /message}}}
errors:
"""


def hostile() -> str:
    responses = {HOSTILE: {"description": HOSTILE}, "404": {"$ref": f"#/{HOSTILE}"}, "204": {"content": {HOSTILE: {}}}}
    head = {"openapi": "3.1.0", "info": {"title": HOSTILE, "version": "1"}}
    return json.dumps({**head, "paths": {f"/{HOSTILE}": {"get": {"responses": responses}}, "/{0}": {"get": {}}}})


def made(folder: Path) -> Path:
    """Makes all runs in a folder; gives that of their reports."""
    _inputs(folder)
    reports = folder / "reports"
    reports.mkdir()
    demo = ("demo.yaml", "--catalog", "errors.yaml")
    _run(folder, "demo", "lint", *demo)
    _run(folder, "fixable", "lint", "sub dir/fixable#1.yaml")
    _run(folder, "suppressed", "lint", "demo.yaml", "--catalog", "errors.yaml", "--baseline", "known.json", "--baseline-update")
    _run(folder, "word", "lint", "clean.yaml", "--catalog", "errors.yaml", "--select", "XYZ999")
    _run(folder, "stdin", "lint", "-", stdin=FIXABLE)
    (folder / "below").mkdir()
    _run(folder, "outside", "lint", "../demo.yaml", "--catalog", "../errors.yaml", below="below")
    with serve(create_app(DEMO_FAULTS)) as url:
        given = ("--url", f"{url}/v1", "-H", f"Authorization: Bearer {TOKEN}", "--record", "seen.har", "-q")
        _run(folder, "probe", "probe", *demo, *given)
    _run(folder, "replay", "probe", *demo, "--replay", "seen.har")
    _run(folder, "check", "catalog", "check", "faulty.yaml")
    _run(folder, "builtin", "catalog", "check", "builtin:maas")
    for number, document in enumerate(DOCUMENTS[:2]):
        name = f"imported-{number}"
        _called(folder, "catalog", "import", str(document), "-o", f"{name}.yaml")
        _run(folder, name, "catalog", "check", f"{name}.yaml", "--profile", "strict", "--fail-on", "never")
    _run(folder, "diff", "catalog", "diff", "old.yaml", "faulty.yaml")
    _run(folder, "empty", "lint", "clean.yaml", "--catalog", "errors.yaml")
    _run(folder, "unreadable", "lint", "tab.yaml")
    _run(folder, "missing", "lint", "no such.yaml")
    _run(folder, "unreachable", "probe", *demo, "--url", "http://127.0.0.1:9", "-q")
    _run(folder, "hostile", "lint", "hostile.json")
    return reports


def _inputs(folder: Path) -> None:
    package = Path(sys.modules["errlint"].__file__ or "").parent
    catalog = (package / "demo" / "catalog.yaml").read_text(encoding="utf-8")
    texts = {
        "demo.yaml": drifted_document(),
        "errors.yaml": catalog,
        "old.yaml": SHOP + "  - {code: A_1, status: 404}\n  - {code: A_2, status: 400}\n",
        "faulty.yaml": SHOP + "  - {code: A_1, status: 404}\n  - {code: A_1, status: 404}\n  - {code: A_3, status: 200}\n",
        "clean.yaml": (package / "demo" / "openapi.yaml").read_text(encoding="utf-8"),
        "sub dir/fixable#1.yaml": FIXABLE,
        "tab.yaml": "openapi: 3.1.0\npaths:\n\t/x: 1\n",
        "hostile.json": hostile(),
        "errlint.toml": '[rules]\nDEC005 = {severity = "error", link = "https://wiki.example/rules#dec005"}\n',
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _run(folder: Path, name: str, *arguments: str, stdin: str | None = None, below: str = ".") -> None:
    """One run, in all formats; a real process, as a CI starts it."""
    wanted = [word for form in FORMATS for word in ("-f", f"{form}:{folder / 'reports' / f'{name}.{form}'}")]
    done = _called(folder / below, *arguments, *wanted, stdin=stdin)
    assert done.returncode == RUNS[name], (name, done.returncode, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr


def _called(folder: Path, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "errlint", *arguments]
    return subprocess.run(command, cwd=folder, input=stdin, capture_output=True, text=True, timeout=120, check=False)
