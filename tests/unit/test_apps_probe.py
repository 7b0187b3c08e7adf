"""``errlint probe --app``: the same as over a socket, without one."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from errlint import api
from errlint.api.applications import probed
from errlint.apps.application import Application
from errlint.cli.main import run
from errlint.demo.server import serve
from errlint.demo.service import TOKEN, create_app
from errlint.model.finding import Report
from errlint.probe.options import Options
from tests.promised import kept

ROOT = Path(__file__).parents[2]
DEMO = str(ROOT / "errlint/demo/openapi.yaml")

APP = """
import sys
from contextlib import asynccontextmanager
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer

KNOWN = {}

@asynccontextmanager
async def lifespan(app):
    KNOWN["7"] = "a"
    yield
    print("stopped")

app = FastAPI(lifespan=lifespan)

@app.get("/orders/{order_id}", responses={404: {}})
def get_order(order_id: str, token=Depends(HTTPBearer())):
    print("asked for", order_id, token.credentials)
    if token.credentials != "key-of-the-test":
        raise HTTPException(401, "no", {"WWW-Authenticate": "Bearer"})
    return {"name": KNOWN[order_id], "key": token.credentials}

@app.get("/exit", responses={404: {}})
def leave():
    sys.exit("bye")
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An application in the current folder; nothing of it stays imported."""
    (tmp_path / "shop_probe.py").write_text(APP.lstrip("\n"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield "shop_probe:app"
    sys.modules.pop("shop_probe", None)


def told(report: Report) -> list[tuple[Any, ...]]:
    """What a report says, but for where the service stands."""
    return [
        (one.rule, one.message, one.operation, one.status, one.code, one.count, one.fingerprint, one.reproduced)
        for one in report.findings
    ]


def test_a_probe_finds_the_same_in_process_as_over_a_socket() -> None:
    faults = {"code-under-wrong-status"}
    options: dict[str, Any] = {
        "headers": (("Authorization", f"Bearer {TOKEN}"),),
        "generated": False,
        "include": ("GET /models/*",),
    }
    with serve(create_app(faults)) as url:
        there = api.probe(DEMO, Options(f"{url}/v1", **options), ["pkg:errlint/demo/catalog.yaml"])
    app = Application("demo:app", "wsgi", create_app(faults))
    own = Options("http://localhost/v1", **options)
    here = probed(app, own, lambda options: api.probe(DEMO, options, ["pkg:errlint/demo/catalog.yaml"]))
    assert (told(here), here.coverage) == (told(there), there.coverage)
    assert "COD002" in {one.rule for one in here.findings}


def test_an_application_is_probed_by_its_name(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    known = ["--auth", "bearer:key-of-the-test", "--path-param", "order_id=7"]
    code = run(["probe", "--app", shop, *known, "--directed-only", "-f", "json", "--record", "a.har"])
    out, err = capsys.readouterr()
    report = json.loads(out)
    kept("report", report)
    faults = [one for one in report["findings"] if one["rule"] == "COV011"]
    places = {(one["location"]["uri"], one["location"]["line"]) for fault in faults for one in fault["sites"]}
    assert (code, places) == (1, {("shop_probe.py", 16), ("shop_probe.py", 23)})
    assert [re.sub(r"[0-9]+ (times|lines)", r"N \1", note) for note in report["notes"]] == [
        "GET /orders/.. raised KeyError: '..' (shop_probe.py:21), N times.",
        "GET /exit called sys.exit('bye') (shop_probe.py:25), N times.",
        f"{shop} printed N lines meanwhile (-v shows them).",
    ]
    again = next(one for one in faults if "500" in one["message"])
    start = f"errlint probe --app {shop} --only {again['again']}  # curl http://localhost/exit"
    assert again["reproduce"].startswith(start)
    assert ("Traceback" in err, "asked for" in err, "key-of-the-test" in out + err) == (False, False, False)
    har = json.loads(Path("a.har").read_text())
    assert {entry["request"]["url"].partition("/orders")[0] for entry in har["log"]["entries"]} >= {"http://localhost"}
    assert "key-of-the-test" not in Path("a.har").read_text()


def test_one_finding_is_looked_at_again(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["probe", "--app", shop, "--directed-only", "--inconclusive", "ok", "-f", "json", "--select", "COV011"]
    run(arguments)
    first = json.loads(capsys.readouterr().out)["findings"]
    name = first[0]["again"]
    code = run([*arguments, "--only", name])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert (code, [(one["rule"], one["again"]) for one in found]) == (1, [("COV011", name)])


def test_a_dry_run_names_the_application_and_sends_nothing(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["probe", "--app", shop, "--dry-run", "--directed-only"])
    out = capsys.readouterr().out
    assert (out.splitlines()[0].startswith(f"Would probe {shop} (in process): 2 operations, "), "asked for" in out) == (
        True,
        False,
    )


def test_what_an_application_prints_is_shown_on_stderr_where_that_is_asked_for(
    shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["probe", "--app", shop, "--directed-only", "--auth", "bearer:key-of-the-test", "-f", "json", "-v"])
    out, err = capsys.readouterr()
    json.loads(out)
    assert ("asked for" in err, "stopped\n" in err) == (True, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--url", "http://x"],
        ["--origin", "http://x"],
        ["--replay", "x.har"],
        ["--ca", "x"],
        ["--insecure"],
        ["--cert", "x"],
        ["--proxy", "http://x"],
    ],
)
def test_options_about_a_server_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "--app", "a:b", *arguments]) == 2
    line = (
        f"errlint: {arguments[0]} and --app: the application answers in this process, there is no server (errlint probe --help)"
    )
    assert capsys.readouterr().err.splitlines()[-1] == line


def test_an_application_that_does_not_start_is_one_line(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path("shop_probe.py")
    file.write_text(file.read_text().replace('KNOWN["7"] = "a"', 'raise OSError("no database")'))
    assert run(["probe", "--app", shop, "-q"]) == 2
    told = f"errlint: {shop} did not start: OSError: no database (shop_probe.py:10)\n"
    assert capsys.readouterr() == ("", told)


def test_a_gateways_base_path_is_left_out_where_the_application_has_none(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path("shop_probe.py")
    file.write_text(file.read_text().replace("FastAPI(lifespan", 'FastAPI(servers=[{"url": "https://x.test/v9"}], lifespan'))
    known = ["--auth", "bearer:key-of-the-test", "--path-param", "order_id=7"]
    run(["probe", "--app", shop, "--directed-only", *known, "-f", "json"])
    states = {one["operation"]: one["state"] for one in json.loads(capsys.readouterr().out)["coverage"]["operations"]}
    assert states == {"GET /orders/{order_id}": "reached", "GET /exit": "reached"}


def test_a_json_report_of_a_document_in_a_file_has_its_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw_probe.py").write_text(
        "def app(environ, start):\n    start('418 I', [('Content-Type', 'text/plain')])\n    return [b'tea']\n"
    )
    (tmp_path / "raw.json").write_text(
        '{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {\n "responses": {"200": '
        '{"description": "d"}, "404": {"description": "d"}}}}}}'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    run(["probe", "raw.json", "--app", "raw_probe:app", "--directed-only", "-f", "json", "--select", "COV011"])
    found = json.loads(capsys.readouterr().out)["findings"]
    sys.modules.pop("raw_probe")
    assert [(one["rule"], one["location"]["uri"], one["location"]["line"]) for one in found] == [("COV011", "raw.json", 1)]
    assert found[0]["reproduce"].startswith("errlint probe raw.json --app raw_probe:app --only ")


NOISY = """
import logging, os, sys
from fastapi import FastAPI

logging.basicConfig(stream=sys.stderr)
own = logging.getLogger("noisy-out")
own.addHandler(logging.StreamHandler(sys.stdout))
app = FastAPI()

@app.get("/a", responses={404: {}})
def a():
    own.error("by a logger of standard output")
    sys.stdout.buffer.write(b"bytes\\n")
    os.write(1, b"by the descriptor\\n")
    logging.getLogger("noisy").error("by a logger of standard error")
    return {}
"""


def test_nothing_that_an_application_writes_reaches_a_report_or_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "noisy_probe.py").write_text(NOISY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    run(["probe", "--app", "noisy_probe:app", "--directed-only", "-f", "json", "-q"])
    sys.modules.pop("noisy_probe")
    out, err = capfd.readouterr()
    notes = json.loads(out)["notes"]
    assert (err, len(notes), notes[0].endswith("lines meanwhile (-v shows them).")) == ("", 1, True)


MOUNTED = """
import json

def app(environ, start):
    known = environ["PATH_INFO"] == "/api/things"
    body = json.dumps([] if known else {"error": {"code": "NOT_THERE", "message": "no"}}).encode()
    start("200 OK" if known else "404 Not Found", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
"""


def test_operations_below_a_path_are_found_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mounted_probe.py").write_text(MOUNTED)
    ok = {"responses": {"200": {"description": "ok"}, "404": {"description": "no"}}}
    Path("a.json").write_text(
        json.dumps({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/things": {"get": ok}}})
    )
    asked = ["probe", "a.json", "--app", "mounted_probe:app", "--directed-only", "-q"]
    codes = [run(asked), run([*asked, "--url", "/api"]), run([*asked, "--url", "http://localhost/api"])]
    sys.modules.pop("mounted_probe")
    assert codes == [2, 0, 2]
    assert "Where its operations stand below a path: --url /api" in capfd.readouterr().err


def test_a_run_ends_although_a_thread_of_the_application_does_not(tmp_path: Path) -> None:
    (tmp_path / "hangs_probe.py").write_text(
        "import threading\n\nthreading.Thread(target=threading.Event().wait).start()\n\n"
        "def app(environ, start):\n    start('404 Not Found', [])\n    return []\n"
    )
    (tmp_path / "a.json").write_text(
        '{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}'
    )
    command = [sys.executable, "-m", "errlint", "probe", "a.json", "--app", "hangs_probe:app", "--directed-only", "-q"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    told = "1 of 1 operations answered only 404, all with the same body: is it hangs_probe:app's document?"
    told += " Where its operations stand below a path: --url /api"
    assert (done.returncode, done.stderr) == (2, f"errlint: {told}\n")
