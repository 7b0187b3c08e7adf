"""Whatever a user mistypes, errlint says on one line what was probably meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from errlint.cli.main import run
from errlint.load.nearby import nearby

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {"/orders": {"get": {"operationId": "listOrders", "tags": ["shop"], "responses": {"200": {"description": "d"}}}}},
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("api").mkdir()
    for name in ("openapi.json", "api/openapi.json"):
        Path(name).write_text(json.dumps(DOCUMENT), encoding="utf-8")
    Path("errors.yaml").write_text("errlint: 1\n", encoding="utf-8")
    return tmp_path


PROBE = ["probe", "openapi.json", "--url", "http://127.0.0.1:9", "--dry-run", "--isolated"]


GONE = "cannot be read: No such file or directory"
NOWHERE = "names no operation of the document"
SHELLS = "Invalid value for '[bash|zsh|fish]': 'zhs' is not one of 'bash', 'zsh', 'fish'"
LEVELS = "use one of note, warning, error, off"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["lnt"], "No such command 'lnt'; did you mean lint? (errlint --help)"),
        (["catalog", "shw"], "No such command 'shw'; did you mean show? (errlint catalog --help)"),
        (["lint", "--catlog", "x"], "No such option '--catlog'; did you mean --catalog? (errlint lint --help)"),
        (["probe", "--dryrun"], "No such option '--dryrun'; did you mean --dry-run? (errlint probe --help)"),
        (["lint", "--severity", "COD001=eror"], f"'eror' is no severity; did you mean error? {LEVELS}"),
        (["lint", "opnapi.json"], f"opnapi.json: {GONE}; did you mean openapi.json?"),
        (["lint", "apy"], f"apy: {GONE}; did you mean api?"),
        (["lint", "ap/openapi.json"], f"ap/openapi.json: {GONE}; did you mean api/openapi.json?"),
        (["lint", "api/openapi.yaml"], f"api/openapi.yaml: {GONE}; did you mean api/openapi.json?"),
        (["lint", "openapi.json", "--catalog", "error.yaml"], f"error.yaml: {GONE}; did you mean errors.yaml?"),
        (
            ["lint", "openapi.json", "--catalog", "builtin:evntml"],
            "there is no catalog builtin:evntml; did you mean builtin:eventml?",
        ),
        (["lint", "openapi.json", "--baseline", "openapi.jsn"], "openapi.jsn: no such baseline; did you mean openapi.json?"),
        (["detect", "opnapi.json"], f"opnapi.json: {GONE}; did you mean openapi.json?"),
        (["lint", "--config", "erors.yaml"], "there is no config erors.yaml; did you mean errors.yaml?"),
        ([*PROBE, "--include", "GET /order"], f"--include 'GET /order' {NOWHERE}; did you mean GET /orders?"),
        ([*PROBE, "--include", "tag:shpo"], f"--include 'tag:shpo' {NOWHERE}; did you mean tag:shop?"),
        (
            [*PROBE, "--include", "operationId:x"],
            f"--include 'operationId:x' {NOWHERE}; write 'GET /path*', tag:NAME or operationId:NAME",
        ),
        ([*PROBE, "--stress", "brust"], "there is no stress called 'brust'; did you mean burst?"),
        (["explain", "COD0001"], "'COD0001' is no rule and no code; did you mean COD001?"),
        (["completions", "zhs"], f"{SHELLS}; did you mean zsh? (errlint completions --help)"),
    ],
)
def test_a_mistake_is_told_with_what_was_meant(capsys, arguments, line):
    assert run(arguments) == 2
    assert capsys.readouterr() == ("", f"errlint: {line}\n")


@pytest.mark.parametrize(
    ("option", "value", "meant"),
    [
        ("--fail-on", "erorr", "error"),
        ("--show", "note", "notes"),
        ("--profile", "Strikt", "strict"),
        ("--color", "allways", "always"),
    ],
)
def test_a_choice_is_told_with_what_was_meant(capsys, option, value, meant):
    assert run(["lint", option, value]) == 2
    assert capsys.readouterr().err.endswith(f"; did you mean {meant}? (errlint lint --help)\n")


def test_an_exclusion_that_names_nothing_is_told_before_anything_is_sent(capsys):
    assert run([*PROBE, "--exclude", "GET /order", "--exclude", "GET /orders", "--exclude", "tag:x"]) == 0
    told = [line.strip() for line in capsys.readouterr().out.splitlines() if "--exclude" in line]
    assert told == [
        f"--exclude 'GET /order' {NOWHERE}; did you mean GET /orders?",
        "--exclude 'tag:x' names no operation of the document",
    ]


@pytest.mark.parametrize("name", ["zzz.json", "nowhere/openapi.json", "x\0y", "\0/x", "", "a" * 5000, "openapi", "/dev/nul/x"])
def test_a_name_that_is_like_nothing_gets_no_suggestion(name):
    assert nearby(name) in ("", "did you mean openapi.json?" if name == "openapi" else "")


@pytest.mark.parametrize("group", [[], ["catalog"]])
def test_a_group_alone_shows_its_help(capsys, group):
    assert run(group) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.splitlines()[0]) == ("", f"Usage: {' '.join(['errlint', *group])} [OPTIONS] COMMAND [ARGS]...")


def test_a_code_is_explained_by_the_catalogs_of_a_configs_documents(capsys):
    Path("shop.yaml").write_text("errlint: 1\nservice: {name: shop}\nerrors: [{code: ORDER_GONE, status: 404}]\n")
    Path("errlint.toml").write_text('[[document]]\npath = "openapi.json"\ncatalog = "shop.yaml"\n')
    assert run(["explain", "ORDER_GONE"]) == 0
    assert "ORDER_GONE" in capsys.readouterr().out
