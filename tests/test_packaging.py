"""What is shipped: the wheel and the sdist hold their data, the README's commands run and show what really happens."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """A folder with the wheel and the sdist of this tree, made by the build backend itself."""
    folder = tmp_path_factory.mktemp("dist")
    script = (
        "import sys; from hatchling.build import build_sdist, build_wheel; build_wheel(sys.argv[1]); build_sdist(sys.argv[1])"
    )
    pytest.importorskip("hatchling", reason="hatchling builds the wheel; the test extra installs it")
    subprocess.run([sys.executable, "-c", script, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


def data_files() -> set[str]:
    folders = (ROOT / "rules", ROOT / "schemas")
    return {path.relative_to(ROOT).as_posix() for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_the_wheel_holds_every_rule_and_schema(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {f"errlint/_data/{name}" for name in data_files()} - names == set()
    assert {"errlint/py.typed", "errlint/demo/openapi.yaml", "errlint/demo/catalog.yaml"} - names == set()
    assert {f"errlint/report/page/{path.name}" for path in (ROOT / "errlint/report/page").iterdir()} - names == set()
    assert [name for name in names if name.startswith(("tests/", "rules/", "schemas/"))] == []


def test_the_sdist_holds_what_a_build_and_the_tests_need(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = {"pyproject.toml", "README.md", "LICENSE", "tests/test_rules.py", "action.yml", ".github/CI.md", ".ci/run"}
    assert {*wanted, *data_files()} - names == set()


ALONE = [
    ["explain", "ML_1001", "COD002"],
    ["detect", "body.json"],
    ["catalog", "diff", "builtin:eventml", "builtin:maas", "--fail-on", "never"],
    ["catalog", "export", "builtin:maas", "--to", "html"],
    ["serve", "--help"],
]


def test_the_wheel_works_alone_and_zipped(built):
    """Run from the zip itself: nothing of the checkout is in reach."""
    wheel = next(built.glob("*.whl"))
    (built / "body.json").write_text('{"detail": "Not Found"}', encoding="utf-8")
    script = (
        "import json, sys; sys.path.insert(0, sys.argv[1])\n"
        "from errlint.cli.main import run\n"
        "print(json.dumps([run(one) for one in json.loads(sys.argv[2])]))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(wheel), json.dumps(ALONE)],
        capture_output=True,
        text=True,
        cwd=built,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr, lines[-1]) == (0, "", "[0, 0, 0, 0, 0]")
    wanted = ("ML_1001 MODEL_NOT_FOUND", "COD002 code-under-wrong-status", "<!doctype html>")
    assert [line for line in lines if line in wanted] == list(wanted)


def block(marker: str) -> str:
    """The fenced block that follows a marker comment of the README, without its indent."""
    found = re.search(rf"<!-- {re.escape(marker)} -->\n( *)```\w*\n(.*?)\n? *```", README, re.S)
    assert found, f"the README has no block {marker}"
    indent = found.group(1)
    return "\n".join(line.removeprefix(indent) for line in found.group(2).splitlines())


def masked(text: str) -> str:
    """A demo's output without what differs from run to run: the port of its service."""
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text).strip()


def excerpt(shown: str) -> str:
    """What the README shows of a demo: of each part its head and its last line; every line is as it was printed."""
    parts = re.split(r"\n\n(?=# )", shown)
    return "\n\n".join(part if part.count("\n") < 8 else _ends(part.splitlines()) for part in parts)


def _ends(lines: list[str]) -> str:
    return "\n".join([*lines[:8], "...", lines[-1]])


def test_the_readme_shows_what_the_demo_prints(regenerate):
    done = subprocess.run([sys.executable, "-m", "errlint", "demo"], capture_output=True, text=True, cwd=ROOT, check=True)
    shown = excerpt(masked(done.stdout))
    if regenerate:
        start = README.index("<!-- demo output -->\n") + len("<!-- demo output -->\n")
        end = README.index("\n```\n", start) + len("\n```\n")
        (ROOT / "README.md").write_text(README[:start] + f"```\n{shown}\n```\n" + README[end:], encoding="utf-8")
        return
    assert masked(block("demo output")) == shown


def commands() -> list[str]:
    """Every command line of the README, errlint's and pytest's: its console blocks and the commands in its tables."""
    consoles = re.findall(r"```console\n(.*?)```", README, re.S)
    lines = [line.strip() for text in consoles for line in text.splitlines()]
    inline = re.findall(r"`((?:errlint|pytest) [^`]+)`", README)
    return [line for line in [*lines, *inline] if line.startswith(("errlint ", "pytest ")) and "..." not in line]


SHOP = """
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()

@app.get("/orders/{order}")
def order(order: int):
    return JSONResponse({"error": {"code": "ORDER_UNKNOWN", "message": f"There is no order {order}."}}, 404)
"""
CLIENT = """
import pytest
from fastapi.testclient import TestClient
from shop.main import app

@pytest.fixture
def client():
    return TestClient(app)
"""


def probes() -> list[str]:
    """Every command of the README that asks a running service, in its order: some need what others wrote."""
    blocks = re.findall(r"<!-- probe commands -->\s*```\n(.*?)```", README, re.S)
    return [line.partition("  #")[0].strip() for text in blocks for line in text.splitlines() if line.strip()]


def test_the_probes_of_the_readme_run(tmp_path):
    """Over the demo's service, which also serves its document; exit 2 and 3 would say that the README is wrong."""
    from errlint.demo.server import serve
    from errlint.demo.service import READER_TOKEN, TOKEN, create_app

    text = (ROOT / "errlint/demo/openapi.yaml").read_bytes()
    (tmp_path / "openapi.yaml").write_bytes(text)
    (tmp_path / "errors.yaml").write_bytes((ROOT / "errlint/demo/catalog.yaml").read_bytes())
    service = create_app(())

    def app(environ, start_response):
        if environ["PATH_INFO"] != "/openapi.json":
            return service(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/yaml"), ("Content-Length", str(len(text)))])
        return [text]

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TOKEN": TOKEN, "READER": READER_TOKEN}
    with serve(app) as url:
        codes = {}
        for command in probes():
            arguments = shlex.split(command.replace("http://localhost:8000", url))[1:]
            few = ["--max-requests-per-operation", "8"] if arguments[0] == "probe" and "--replay" not in arguments else []
            done = subprocess.run(
                [sys.executable, "-m", "errlint", *arguments, *few],
                capture_output=True, text=True, cwd=tmp_path, env=environment, check=False,
            )  # fmt: skip
            codes[command] = (done.returncode, done.stderr if done.returncode else "")
    assert codes == dict.fromkeys(probes(), (0, ""))
    assert len(codes) == 10


@pytest.mark.parametrize("command", dict.fromkeys(commands()))
def test_a_command_of_the_readme_runs(command, tmp_path):
    """Over the README's own catalog and a small document; exit 2 and 3 would say that the README is wrong."""
    (tmp_path / "errors.yaml").write_text(block("file: errors.yaml"), encoding="utf-8")
    for name in ("openapi.yaml", "old.yaml"):
        (tmp_path / name).write_text((ROOT / "errlint/demo/openapi.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "old-errors.yaml").write_text(block("file: errors.yaml").replace("409", "423"), encoding="utf-8")
    (tmp_path / "codes.csv").write_text("Code,Status,Message\nORDER_EMPTY,400,The order has no lines.\n", encoding="utf-8")
    (tmp_path / "codes.json").write_text('{"errors": [{"id": "ORDER_EMPTY", "http": 400}]}', encoding="utf-8")
    (tmp_path / "body.json").write_text('{"error": {"code": "ML_1001", "message": "no", "http": 404}}', encoding="utf-8")
    for name in ("orders", "users"):
        (tmp_path / "services" / name).mkdir(parents=True)
        (tmp_path / "services" / name / "openapi.yaml").write_text((tmp_path / "openapi.yaml").read_text(encoding="utf-8"))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/main.py").write_text(SHOP, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(CLIENT, encoding="utf-8")
    (tmp_path / "test_orders.py").write_text(block("test of a client"), encoding="utf-8")
    program, *arguments = shlex.split(command)
    if arguments[0] == "init":  # it replaces no catalog
        (tmp_path / "errors.yaml").unlink()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}", "PATH": path}
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    if program == "pytest":
        assert "1 passed" in done.stdout
    said = "" if not {"--fix", "--baseline-update"}.intersection(arguments) else r"[^:]+(: [^:]+)?\.\n"  # what they wrote
    if {"import", "init", "overlay", "probe"}.isdisjoint(arguments):  # they tell there what they do
        assert re.fullmatch(said, done.stderr)


def test_the_config_of_the_readme_is_read(tmp_path):
    for name in ("errors.yaml", "errlint.toml"):
        (tmp_path / name).write_text(block(f"file: {name}"), encoding="utf-8")
    (tmp_path / "openapi.json").write_text(
        json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/internal/x": {"get": {}}}}),
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "errlint", "lint", "openapi.json", "-f", "json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    suppressed = {finding["rule"]: finding["suppressed"] for finding in json.loads(done.stdout)["findings"]}
    assert suppressed["DEC001"] == "not for customers"


def test_the_readme_names_no_path_of_a_machine():
    assert re.findall(r"(?:/home/|/root/|/Users/|[A-Z]:\\)", README) == []
