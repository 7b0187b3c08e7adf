"""What a user typed is said without the secrets of an address, also where no address is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from errlint.cli.main import run
from errlint.cli.masked import masked
from errlint.report import FORMATS

ADDRESS = "http://me:CANARY1@127.0.0.1:9/x.yaml?token=CANARY2&page=2"
DOCUMENT = '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{ADDRESS}: cannot be read", "http://***@127.0.0.1:9/x.yaml?token=***&page=2: cannot be read"),
        ("http:/me:pw@h/x is none", "http:/***@h/x is none"),
        (f"'HTTPS://h/?a={'x' * 30}' and https://h/@me?q=1", "'HTTPS://h/?a=***' and https://h/@me?q=1"),
        ("http://h/?token=***: the server answers 404", "http://h/?token=***: the server answers 404"),
        ("me@example.org: no such token=1", "me@example.org: no such token=1"),
    ],
)
def test_credentials_and_secrets_of_an_address_are_masked(text: str, told: str) -> None:
    assert masked(text) == told


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "openapi.json", "--catalog", ADDRESS],
        ["lint", "openapi.json", "--config", ADDRESS],
        ["lint", "openapi.json", "--baseline", ADDRESS],
        ["catalog", "check", ADDRESS],
        ["catalog", "diff", ADDRESS, "errors.yaml"],
        ["probe", "openapi.json", "--replay", ADDRESS],
    ],
)
def test_no_report_of_a_run_that_failed_holds_them(arguments, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    Path("openapi.json").write_text(DOCUMENT)
    wanted = [word for name in FORMATS for word in ("-f", f"{name}:out.{name}")]
    assert run([*arguments, *wanted]) == 2
    told = {path.name: path.read_text() for path in tmp_path.iterdir()} | {"stderr": "".join(capsys.readouterr())}
    assert [name for name, text in told.items() if "CANARY" in text] == []
    assert told["stderr"].startswith("errlint: ")
