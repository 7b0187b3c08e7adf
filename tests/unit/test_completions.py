"""What a shell offers: the words of each option, quickly, harmless, and nothing where something is broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from errlint.cli.completions import SHELLS
from errlint.cli.main import run


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def offered(capsys, line: str, breaks: str = "") -> list[str]:
    """The words that are offered at the end of a line."""
    assert run(["completions", "--line", line, "--breaks", breaks]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return [one.partition("\t")[0] for one in out.splitlines()]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("errlint ex", ["explain"]),
        ("errlint catalog sh", ["show"]),
        ("errlint lint --extend", ["--extend-select"]),
        ("errlint lint --select COD00", [f"COD00{number}" for number in range(1, 10)]),
        ("errlint lint --ignore COD001,bad-st", ["COD001,bad-status-key"]),
        ("errlint lint --severity COD001=w", ["COD001=warning"]),
        ("errlint lint --severity=COD001=w", ["--severity=COD001=warning"]),
        ("errlint lint --fail-on n", ["note", "never"]),
        ("errlint lint -f t", ["text"]),
        ("errlint lint --catalog builtin:", ["builtin:eventml", "builtin:maas"]),
        ("errlint catalog show builtin:m", ["builtin:maas"]),
        ("errlint catalog export --to ty", ["typescript"]),
        ("errlint probe --stress bu", ["burst"]),
        ("errlint rules PRB", ["PRB", "PRB001", "PRB002", "PRB003", "PRB004"]),
        ("errlint explain ML_1001", ["ML_1001"]),
        ("errlint completions f", ["fish"]),
        ("errlint lint --no-such ", []),
        ("errlint nothing here", []),
        ('errlint lint "', []),
    ],
)
def test_the_words_that_may_come_next_are_offered(capsys, line, words):
    assert offered(capsys, line) == words


def test_where_a_shell_breaks_words_only_the_rest_is_offered(capsys):
    assert offered(capsys, "errlint lint --severity COD001=w", ":=") == ["warning"]
    assert offered(capsys, "errlint lint --severity=COD001=w", ":=") == ["warning"]
    assert offered(capsys, "errlint lint --severity=COD00", ":=")[0] == "COD001="
    assert offered(capsys, "errlint lint --catalog builtin:m", ":=") == ["maas"]


CATALOG = """errlint: 1
service: {name: shop}
envelopes: {flat: {code: {pointer: /code, type: string}, message: {pointer: /message, type: string}}}
layers: {shop: {envelope: flat}}
errors:
  - {code: SHOP_1, status: 404, layer: shop, name: one}
  - {code: "SHOP_$(touch pwned)", status: 404, layer: shop}
  - {code: "SHOP_;id", status: 404, layer: shop}
"""


def test_codes_and_environments_come_from_the_nearest_config_and_are_harmless(capsys, folder):
    Path("errors.yaml").write_text(CATALOG, encoding="utf-8")
    Path("$(touch pwned).yaml").write_text(CATALOG, encoding="utf-8")
    config = 'catalog = "errors.yaml"\n[[document]]\napp = "pwned:app"\n[env.staging]\nurl = "http://localhost"\n'
    Path("errlint.toml").write_text(config, encoding="utf-8")
    Path("pwned.py").write_text("open('pwned', 'w')", encoding="utf-8")
    (folder / "api").mkdir()
    assert offered(capsys, "errlint explain SHOP_") == ["SHOP_1"]
    assert offered(capsys, "errlint probe --env ") == ["staging"]
    found = offered(capsys, "errlint lint --catalog ")
    assert found == ["builtin:eventml", "builtin:maas", "api/", "errors.yaml"]
    assert not Path("pwned").exists()


@pytest.mark.parametrize("text", ["catalog = 'none.yaml'", "= broken", "unknown = 1", 'required-version = ">=99"'])
def test_a_broken_config_is_silent(capsys, text):
    Path("errlint.toml").write_text(text, encoding="utf-8")
    assert offered(capsys, "errlint probe --env x") == []
    assert offered(capsys, "errlint explain COD001") == ["COD001"]


def test_a_completion_imports_neither_the_judge_nor_the_network():
    heavy = "{'errlint.checks.judge', 'schemathesis', 'httpx', 'urllib3', 'jsonschema_rs', 'yaml', 'openapi_core'}"
    program = (
        "import sys; from errlint.cli.main import run; run(['completions', '--line', 'errlint lint --select CO']); "
        f"print(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stderr, done.stdout.splitlines()[0]) == ("[]\n", "COD\tall of them")


def test_the_script_for_bash_completes(folder):
    command = folder / "bin" / "errlint"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m errlint "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    (folder / "script").write_text(SHELLS["bash"], encoding="utf-8")
    program = """source ./script
COMP_WORDBREAKS=" :="
ask() { COMP_LINE=$1; COMP_POINT=${#1}; _errlint errlint; printf '%s\\n' "${COMPREPLY[@]}"; }
ask 'errlint lint --catalog builtin:m'
ask 'errlint lint --severity COD001=w'"""
    environment = {"PATH": os.pathsep.join((str(command.parent), os.environ["PATH"]))}
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert (done.stdout, done.stderr) == ("maas\nwarning\n", "")


@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_a_script_is_printed_as_it_is(capsys, shell):
    assert run(["completions", shell]) == 0
    assert capsys.readouterr().out == SHELLS[shell]


def test_a_shell_that_is_not_known_is_told(capsys):
    assert (run(["completions"]), run(["completions", "fsh"])) == (2, 2)
    assert capsys.readouterr().err.splitlines() == [
        "errlint: Missing argument 'bash', 'zsh' or 'fish' (errlint completions --help)",
        "errlint: Invalid value for '[bash|zsh|fish]': 'fsh' is not one of 'bash', 'zsh', 'fish'; did you mean fish? "
        "(errlint completions --help)",
    ]
