"""The command line: exit codes, options, and what a user reads when something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from errlint.cli.main import run
from errlint.report import FORMATS

ROOT = Path(__file__).parent.parent

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/a": {"get": {"responses": {"200": {"description": "ok"}, "204": {"description": "x", "content": {"a/b": {}}}}}}
    },
}


@pytest.fixture
def document(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return "openapi.json"


def rules(capsys) -> list[tuple[str, str]]:
    return [(finding["rule"], finding["severity"]) for finding in json.loads(capsys.readouterr().out)["findings"]]


def test_findings_at_or_above_fail_on_are_exit_1(document, capsys):
    assert run(["lint", document]) == 1
    assert run(["lint", document, "--ignore", "DEC006"]) == 0
    assert run(["lint", document, "--ignore", "DEC006", "--fail-on", "warning"]) == 1
    assert run(["lint", document, "--fail-on", "never"]) == 0


def test_rules_are_chosen_by_id_prefix_and_name(document, capsys):
    capsys.readouterr()
    two = ["lint", document, "-f", "json", "--select", "DEC001,body-not-allowed"]
    run(two)
    assert rules(capsys) == [("DEC006", "error"), ("DEC001", "warning")]
    run(["lint", document, "-f", "json", "--select", "DEC001"])
    assert rules(capsys) == [("DEC001", "warning")]
    run(["lint", document, "-f", "json", "--select", "DEC"])
    assert {rule[:3] for rule, _ in rules(capsys)} == {"DEC"}
    run([*two, "--ignore", "no-error-response"])
    assert rules(capsys) == [("DEC006", "error")]
    run([*two, "--severity", "DEC001=error", "--severity", "body-not-allowed=off"])
    assert rules(capsys) == [("DEC001", "error")]


def test_an_unknown_rule_is_a_finding_with_a_suggestion(document, capsys):
    assert run(["lint", document, "--ignore", "DEC", "--ignore", "COD0022", "-f", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["rule"], f["message"]) for f in found] == [
        ("CFG005", "no rule is called COD0022 (--ignore); did you mean COD002?")
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["lint", "--baseline-update", "openapi.json"],
            "errlint: there is no baseline to write; name the one to write: --baseline FILE\n",
        ),
        (
            ["lint", "openapi.json", "-f", "zzz"],
            f"errlint: 'zzz' is no format; use {', '.join(list(FORMATS)[:-1])} or {list(FORMATS)[-1]}\n",
        ),
        (
            ["lint", "openapi.json", "-f", "jnuit"],
            f"errlint: 'jnuit' is no format; did you mean junit? use {', '.join(list(FORMATS)[:-1])} or {list(FORMATS)[-1]}\n",
        ),
        (
            ["lint", "openapi.json", "--severity", "DEC001"],
            "errlint: --severity 'DEC001' has no level; write RULE=error, warning, note or off\n",
        ),
        (
            ["lint", "openapi.json", "--severity", "DEC001=bad"],
            "errlint: 'bad' is no severity; use one of note, warning, error, off\n",
        ),
    ],
)
def test_usage_errors_are_exit_2_with_one_line(arguments, said, document, capsys):
    assert run(arguments) == 2
    assert capsys.readouterr().err == said


def test_a_wrong_command_is_told_what_was_meant(capsys):
    assert run(["lnt"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "errlint: No such command 'lnt'; did you mean lint? (errlint --help)"


def test_several_formats_go_to_their_files(document, capsys, tmp_path):
    assert run(["lint", document, "-f", "text", "-f", "json:report.json"]) == 1
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (report["command"], report["summary"]["outcome"], report["summary"]["error"]) == ("lint", "findings", 1)
    assert capsys.readouterr().out.splitlines()[0].startswith("error DEC006 body-not-allowed: ")


def test_a_document_that_cannot_be_read_is_a_json_report_too(document, capsys, tmp_path):
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    assert run(["lint", "bad.json", "-f", "json"]) == 2
    shown = capsys.readouterr()
    report = json.loads(shown.out)
    assert report["summary"]["outcome"] == "invalid-input"
    assert shown.err == f"errlint: {report['summary']['reason']}\n"


def test_equal_input_gives_equal_bytes(document, capsys):
    run(["lint", document, "-f", "json"])
    first = capsys.readouterr().out
    run(["lint", document, "-f", "json"])
    assert capsys.readouterr().out == first


def test_standard_input_is_a_document(document, capsys, monkeypatch):
    import io
    import sys

    class Stdin:
        buffer = io.BytesIO(json.dumps(DOCUMENT).encode())

    monkeypatch.setattr(sys, "stdin", Stdin())
    assert run(["lint", "-", "--select", "DEC006"]) == 1
    assert capsys.readouterr().out.splitlines()[1] == "   -:1:131 GET /a"


def test_colour_is_only_for_those_who_want_it(document, capsys):
    run(["lint", document, "--color", "always", "--select", "DEC006"])
    assert capsys.readouterr().out.startswith("\x1b[1;31merror\x1b[0m DEC006")
    run(["lint", document, "--select", "DEC006"])
    assert "\x1b" not in capsys.readouterr().out


def test_explain_knows_rules_codes_ids_and_names(capsys):
    assert run(["explain", "code-under-wrong-status"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "COD002 code-under-wrong-status"
    assert run(["explain", "MODEL_NOT_FOUND"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "ML_1001 MODEL_NOT_FOUND"
    assert run(["explain", "ML_101"]) == 2
    assert "did you mean ML_1" in capsys.readouterr().err


def test_a_fault_of_errlint_itself_is_exit_3_with_one_line(document, capsys, monkeypatch):
    from errlint import api

    monkeypatch.setattr(api, "lint_all", lambda *a, **k: 1 / 0)
    assert run(["lint", document]) == 3
    assert capsys.readouterr().err == (
        "errlint: errlint itself failed (ZeroDivisionError: division by zero); "
        "set ERRLINT_TRACEBACK=1 to see where, and please report it\n"
    )


def test_a_code_in_two_catalogs_of_one_contract_is_told_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, status in (("a.yaml", 400), ("b.yaml", 422)):
        (tmp_path / name).write_text(
            f"errlint: 1\nservice: {{name: shop}}\nerrors:\n  - {{code: EMPTY, status: {status}}}\n", encoding="utf-8"
        )
    assert run(["catalog", "check", "a.yaml", "b.yaml", "-f", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["rule"], f["location"]["uri"], f["related"][0]["location"]["uri"]) for f in found] == [
        ("CAT002", "b.yaml", "a.yaml")
    ]


def test_a_mistyped_select_does_not_make_a_run_green(document, capsys):
    assert run(["lint", document, "--select", "DEC0066"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "error CFG005 unknown-rule: no rule is called DEC0066 (--select); did you mean DEC006?"
    )


def test_a_repeated_key_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = "openapi: 3.1.0\npaths:\n  /a: {get: {responses: {default: {description: a}}}}\n  /a: {}\n"
    (tmp_path / "openapi.yaml").write_text(text, encoding="utf-8")
    assert run(["lint", "openapi.yaml"]) == 0
    assert "Not checked: openapi.yaml:4:3 repeats the key /a, the first one is lost." in capsys.readouterr().out.splitlines()


def test_an_accepted_anomaly_is_kept_and_does_not_count(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "errors.yaml").write_text(
        "errlint: 1\nservice: {name: shop}\n"
        "envelopes: {e: {code: {pointer: /code, type: string}, message: {pointer: /text, type: string}}}\n"
        "errors:\n  - {code: EMPTY, status: 400}\n"
        "accepted:\n  - {rule: COD002, code: EMPTY, reason: the old clients need it}\n",
        encoding="utf-8",
    )
    schema = {
        "type": "object",
        "required": ["code", "text"],
        "properties": {"code": {"enum": ["EMPTY"]}, "text": {"type": "string"}},
    }
    responses = {"422": {"description": "no", "content": {"application/json": {"schema": schema}}}}
    document = {"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": {"responses": responses}}}}
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    assert run(["lint", "openapi.json", "--catalog", "errors.yaml", "--select", "COD002", "-f", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["rule"], f["suppressed"]) for f in found] == [("COD002", "the old clients need it")]


def test_explain_looks_into_the_catalogs_of_the_config(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    catalog = "errlint: 1\nservice: {name: shop}\nerrors:\n  - {code: ML_1001, name: EMPTY_BASKET, status: 400}\n"
    (tmp_path / "errors.yaml").write_text(catalog, encoding="utf-8")
    (tmp_path / "errlint.toml").write_text('catalog = "errors.yaml"', encoding="utf-8")
    assert run(["explain", "ML_1001"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "ML_1001 EMPTY_BASKET"
    assert run(["explain", "ML_1001", "--isolated"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "ML_1001 MODEL_NOT_FOUND"
    (tmp_path / "errors.yaml").unlink()
    assert run(["explain", "COD002"]) == 0


def test_explain_shows_the_options_of_a_rule(capsys, monkeypatch):
    from errlint.checks.rules import load_all

    schemas = {
        "accept": {"type": "string", "enum": ["explicit", "any"], "description": "What counts."},
        "least": {"type": "integer"},
    }
    monkeypatch.setattr(load_all()["DEC001"], "options", schemas)
    assert run(["explain", "DEC001"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        '  options     accept: "explicit" | "any" What counts.',
        "              least: integer",
    ]


def test_rules_are_listed_with_what_profile_strict_makes_of_them(capsys):
    assert run(["rules"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line}
    assert lines["COD002"].split() == ["COD002", "code-under-wrong-status", "[-]", "error", "off", "0.1.0"]
    assert lines["CAT014"].split() == ["CAT014", "missing-field", "off", "warning", "0.1.0"]


def test_what_is_in_the_baseline_does_not_count(document, capsys, tmp_path):
    arguments = ["lint", document, "--select", "DEC001,DEC006", "-f", "json", "--baseline", "known.json"]
    assert run(arguments) == 2
    assert capsys.readouterr().err == "errlint: known.json: no such baseline; --baseline-update writes it\n"
    assert run([*arguments, "--baseline-update"]) == 0
    shown = capsys.readouterr()
    assert {f["suppressed"] for f in json.loads(shown.out)["findings"]} == {"baseline"}
    assert shown.err == "known.json: 2 known findings, 0 before.\n"
    assert run(arguments) == 0
    document_now = json.loads((tmp_path / document).read_text(encoding="utf-8"))
    document_now["paths"]["/b"] = document_now["paths"].pop("/a")
    (tmp_path / document).write_text(json.dumps(document_now), encoding="utf-8")
    assert run(arguments) == 1
    capsys.readouterr()
    assert run([*arguments, "--baseline-prune", "-q"]) == 1
    assert capsys.readouterr().err == ""
    assert json.loads((tmp_path / "known.json").read_text(encoding="utf-8"))["entries"] == []


def test_a_config_names_the_baseline(document, capsys, tmp_path):
    (tmp_path / "errlint.toml").write_text('select = "DEC006"\nbaseline = "known.json"\n', encoding="utf-8")
    assert run(["lint", document, "--baseline-update"]) == 0
    assert run(["lint", document]) == 0
    (tmp_path / "errlint.toml").write_text('select = "DEC006"\n', encoding="utf-8")
    assert run(["lint", document]) == 1


def test_only_what_is_new_since_an_older_file_counts(document, capsys, tmp_path):
    (tmp_path / "old.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    assert run(["lint", document, "--select", "DEC006", "--since", "old.json"]) == 0
    assert run(["lint", document, "--select", "DEC006", "--since", "no-such-thing"]) == 2


def test_a_fix_is_shown_and_then_made(document, capsys, tmp_path):
    before = (tmp_path / document).read_bytes()
    assert run(["lint", document, "--select", "DEC006", "--diff"]) == 1
    shown = capsys.readouterr()
    assert (shown.out.splitlines()[:2], shown.err) == (["--- openapi.json", "+++ openapi.json"], "1 fault can be fixed.\n")
    assert (tmp_path / document).read_bytes() == before
    assert run(["lint", document, "--select", "DEC006", "--fix"]) == 0
    assert capsys.readouterr().err == "1 fault fixed in 1 file.\n"
    assert run(["lint", document, "--select", "DEC006", "--diff"]) == 0


def test_a_wrong_config_is_a_json_report_too(document, capsys, tmp_path):
    (tmp_path / "errlint.toml").write_text("selct = 1", encoding="utf-8")
    line = "errlint.toml:1:1: unknown key selct; did you mean select?"
    for command in (
        ["lint", document],
        ["catalog", "check", "builtin:eventml"],
        ["probe", document, "--url", "http://[::1]:1"],
    ):
        assert run([*command, "-f", "json"]) == 2
        shown = capsys.readouterr()
        assert (json.loads(shown.out)["summary"]["reason"], shown.err) == (line, f"errlint: {line}\n")


def test_a_document_cannot_ignore_what_is_locked(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    ignoring = {**DOCUMENT, "x-errlint": {"ignore": [{"rule": "DEC006", "reason": "we like it"}]}}
    (tmp_path / "openapi.json").write_text(json.dumps(ignoring), encoding="utf-8")
    (tmp_path / "errlint.toml").write_text('select = "DEC006"\n', encoding="utf-8")
    assert run(["lint", "openapi.json"]) == 0
    (tmp_path / "errlint.toml").write_text('select = "DEC006"\nlocked = "DEC006"\n', encoding="utf-8")
    assert run(["lint", "openapi.json"]) == 1


def test_a_config_ignores_findings_and_says_why(document, capsys, tmp_path):
    text = 'select = "DEC006"\n[[ignores]]\nrule = "DEC006"\noperation = "GET /a"\nreason = "old"\nuntil = 2999-01-01\n'
    (tmp_path / "errlint.toml").write_text(text, encoding="utf-8")
    assert run(["lint", document, "-f", "json"]) == 0
    assert [f["suppressed"] for f in json.loads(capsys.readouterr().out)["findings"]] == ["old"]


def test_more_than_fits_is_not_read_from_standard_input(capsys, monkeypatch):
    import io
    import sys

    from errlint.load import source

    class Stdin:
        buffer = io.BytesIO(b"#" * 2_000_000)

    monkeypatch.setattr(source, "MAX_BYTES", 1024 * 1024)
    monkeypatch.setattr(sys, "stdin", Stdin())
    assert run(["lint", "-"]) == 2
    assert capsys.readouterr().err == "errlint: -: is larger than 1 MiB\n"


def test_without_a_catalog_nothing_holds_documents_together(tmp_path, capsys):
    def document(*members: str) -> str:
        schema = {"type": "object", "required": list(members), "properties": {name: {"type": "string"} for name in members}}
        content = {"application/json": {"schema": schema}}
        responses = {"200": {"description": "ok"}, "400": {"description": "bad", "content": content}}
        return json.dumps({"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": {"responses": responses}}}})

    names = [tmp_path / f"{number}.json" for number in range(20)]
    for number, name in enumerate(names):
        name.write_text(document("code", f"text{number % 2}"), encoding="utf-8")
    assert run(["lint", *map(str, names), "--select", "ENV006"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Read 20 documents: 20 operations, 20 error responses. No error or warning · exit 0 (clean)"
    )


def test_many_documents_are_told_with_the_places_of_each(tmp_path, capsys):
    for number in range(20):
        (tmp_path / f"{number:02}.yaml").write_text(
            "openapi: 3.1.0\ninfo: {}\npaths:\n  /a:\n    get: {responses: {'200': {description: d}, 4xx: {description: d}}}\n",
            encoding="utf-8",
        )
    assert run(["lint", str(tmp_path), "--select", "DEC005"]) == 1
    places = [line.split()[0].removeprefix(str(tmp_path)) for line in capsys.readouterr().out.splitlines() if ".yaml:" in line]
    assert places == [f"/{number:02}.yaml:5:48" for number in range(20)]


def _piped(command: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are closed otherwise on Windows")
def test_who_closes_the_output_early_does_not_change_what_was_found(tmp_path):
    operations = {f"/{n}": {"get": {"responses": {"4xx": {"description": "d"}}}} for n in range(2)}
    (tmp_path / "a.json").write_text(json.dumps({"openapi": "3.1.0", "info": {}, "paths": operations}), encoding="utf-8")
    errlint = f"{sys.executable} -m errlint"
    done = _piped(f"{errlint} lint a.json -f text -f json:report.json | true; echo ${{PIPESTATUS[0]}}", tmp_path)
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["summary"]["error"] == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a full device")
def test_a_full_device_is_no_fault_of_errlint(tmp_path):
    (tmp_path / "a.json").write_text('{"openapi": "3.1.0", "info": {}, "paths": {}}', encoding="utf-8")
    for where in ("> /dev/full", "-f json:/dev/full"):
        done = _piped(f"{sys.executable} -m errlint lint a.json {where}", tmp_path)
        name = "to standard output" if ">" in where else "/dev/full"
        assert (done.returncode, done.stderr) == (2, f"errlint: cannot write {name}: No space left on device\n")
    done = _piped(f"{sys.executable} -m errlint lint a.json >&-", tmp_path)
    assert (done.returncode, done.stderr) == (2, "errlint: there is no standard output; write to a file: -f json:FILE\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a.json", "-f", "json", "-f", "text"], "two reports go to standard output; give one a file of its own: -f text:FILE"),
        (["a.json", "--unsafe-fixes"], "--unsafe-fixes fixes nothing by itself; add --fix, or --diff to see what it would do"),
        (["a.json", "--isolated", "--config", "c"], "--isolated reads no config, --config names one; leave one of them out"),
        ([""], "a document or catalog has no name; is a variable empty?"),
    ],
)
def test_options_that_make_no_sense_are_refused(arguments, told, capsys):
    assert run(["lint", *arguments]) == 2
    assert capsys.readouterr().err == f"errlint: {told}\n"


def test_what_is_suppressed_is_counted(tmp_path, capsys):
    ignore = {"ignore": [{"rule": "DEC005", "reason": "old"}]}
    operation = {"x-errlint": ignore, "responses": {"4xx": {"description": "d"}}}
    name = tmp_path / "a.json"
    name.write_text(json.dumps({"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": operation}}}), encoding="utf-8")
    assert run(["lint", str(name), "--select", "DEC005"]) == 0
    assert capsys.readouterr().out.splitlines()[-2] == "1 finding suppressed (-f json shows them)"
