"""JSON, YAML and service models become entries by a mapping, given or guessed; the command writes and tells."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from errlint.api.importing import import_catalog
from errlint.cli.catalog_import import command
from errlint.cli.main import run
from errlint.draft.data import botocore, mapped, mapping
from errlint.errors import ConfigError, LoadError


def entries(data: Any, *paths: str) -> list[dict[str, Any]]:
    return [dict(entry.fields) for entry in mapped.draft(data, "codes.json", mapping.parsed(paths)).entries]


LISTED = {"v": 1, "errors": [{"id": "A_1", "http": 404, "text": "gone"}, {"id": "A_2", "http": "409 Conflict"}]}
KEYED = {"A_1": {"status": 404, "message": "gone"}, "A_2": {"status": "NOT_FOUND", "message": "odd"}}
NESTED = {
    "groups": [{"title": "one", "codes": [{"code": 7001, "status": 400}]}, {"codes": [{"code": 7002, "status": [409, 422]}]}]
}


def test_a_given_mapping_says_where_fields_are() -> None:
    assert entries(LISTED, "code=/errors/*/id", "status=/errors/*/http", "message=/errors/*/text") == [
        {"code": "A_1", "status": 404, "message": "gone"},
        {"code": "A_2", "status": 409},
    ]


def test_the_name_of_a_member_may_be_the_code() -> None:
    assert entries(KEYED, "code=/*/@key", "status=/*/status") == [
        {"code": "A_1", "status": 404},
        {"code": "A_2", "status": 404},
    ]
    assert entries({"A_1": 404, "A_2": 409}, "code=/*/@key", "status=/*") == [
        {"code": "A_1", "status": 404},
        {"code": "A_2", "status": 409},
    ]


def test_paths_may_start_at_the_entry() -> None:
    assert entries(NESTED, "code=/groups/*/codes/*/code", "status=/status") == [
        {"code": 7001, "status": 400},
        {"code": 7002, "status": [409, 422]},
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (LISTED, "--map code=/errors/*/id --map status=/errors/*/http --map message=/errors/*/text"),
        (KEYED, "--map code=/*/@key --map status=/*/status --map message=/*/message"),
        (NESTED, None),
        (
            [{"errorCode": "A_1", "httpStatus": 400}, {"errorCode": "A_2", "httpStatus": 404}],
            "--map code=/*/errorCode --map status=/*/httpStatus",
        ),
    ],
)
def test_a_mapping_is_guessed_and_told(data: Any, told: str | None) -> None:
    found = mapping.guessed(data)
    assert (found.told() if found else None) == (
        told or "--map code=/groups/*/codes/*/code --map status=/groups/*/codes/*/status"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"openapi": "3.1.0"}, "codes.json: is an OpenAPI document; errlint init writes a catalog from it"),
        ({"errlint": 1}, "codes.json: is a catalog already; errlint catalog check judges it"),
        (
            {"a": [1, 2]},
            "codes.json: no members that look like error codes; say where they are: "
            "--map code=/errors/*/id --map status=/errors/*/http",
        ),
    ],
)
def test_data_without_codes_is_told_as_such(data: Any, said: str) -> None:
    with pytest.raises(LoadError) as caught:
        entries(data)
    assert caught.value.line() == said


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("code", "--map code has no path; write FIELD=/path, such as code=/errors/*/id"),
        ("cod=/a", "--map cod: no field of an entry; did you mean code?"),
        ("code=.id", "--map code=.id is no JSON Pointer (RFC 6901); write code=/id"),
        ("status=/a", "--map says nothing of the code; add --map code=/path"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(option: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        mapping.parsed([option])
    assert caught.value.line() == said


MODEL = {
    "metadata": {"endpointPrefix": "shop", "serviceFullName": "Shop Service", "protocol": "rest-json"},
    "operations": {"Buy": {"errors": [{"shape": "Gone"}, {"shape": "Slow"}]}, "Look": {"errors": [{"shape": "Gone"}]}},
    "shapes": {
        "Gone": {"type": "structure", "error": {"httpStatusCode": 404, "code": "ItemGone"}, "exception": True,
                 "documentation": "<p>The item is <code>gone</code>.</p>"},
        "Slow": {"type": "structure", "exception": True, "retryable": {"throttling": True}},
        "Item": {"type": "structure"},
    },
}  # fmt: skip


def test_a_service_model_gives_codes_statuses_retries_and_operations() -> None:
    made = botocore.draft(MODEL, "service-2.json")
    assert [dict(entry.fields) for entry in made.entries] == [
        {
            "code": "ItemGone",
            "status": 404,
            "name": "Gone",
            "description": "The item is gone.",
            "operations": ["operationId:Buy", "operationId:Look"],
        },
        {"code": "Slow", "retry": "backoff", "operations": ["operationId:Buy"]},
    ]
    assert made.read == (
        "service-2.json: 2 operations, 2 error shapes, 2 codes",
        "1 of 2 codes without a status (rest-json does not say it)",
    )


def test_a_packed_model_is_unpacked_and_several_files_are_one_catalog(tmp_path: Path) -> None:
    packed, page = tmp_path / "service-2.json.gz", tmp_path / "more.md"
    packed.write_bytes(gzip.compress(json.dumps(MODEL).encode()))
    page.write_text("| Code | HTTP |\n|---|---|\n| SLOW_DOWN | 429 |\n| ItemGone | 410 |\n")
    made = import_catalog([str(packed), str(page)], name="shop")
    assert [(entry.code, entry.statuses) for entry in made.draft.entries] == [
        ("ItemGone", (404, 410)),
        ("Slow", ()),
        ("SLOW_DOWN", (429,)),
    ]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "codes.md"
    file.write_text("| Code | HTTP | Message |\n|---|---|---|\n| A_1 | 404 | gone |\n| A_2 | | odd |\n")
    return file


WRITTEN = """# Imported from {page}
# ? nothing says in which envelope the layer core answers: which one?
errlint: 1
service: {{name: shop, source: {{file: codes.md}}}}
envelopes:
  unknown: {{schema: {{type: object}}, generic: true}}
layers:
  core: {{envelope: unknown}}
errors:
  # table row: {page}:3
  - code: A_1
    status: 404
    layer: core
    message: gone
  # table row: {page}:4
  # ? nothing says its status: which one?
  - code: A_2
    status: any
    layer: core
    message: odd
"""


def test_the_command_writes_a_catalog_and_tells_the_rest(page: Path) -> None:
    done = CliRunner().invoke(command, [str(page), "--name", "shop", "--layer", "core"], standalone_mode=False)
    assert done.stdout == WRITTEN.format(page=page)
    assert done.stderr.splitlines() == [
        f"errlint: {page}: 2 rows in 1 table, 2 entries",
        "errlint: 1 row without a status",
        "errlint: ? nothing says in which envelope the layer core answers: which one?",
        "errlint: ? A_2: nothing says its status: which one?",
    ]


def test_a_file_that_stands_is_not_replaced_without_force(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = page.parent / "errors.yaml"
    output.write_text("mine")
    assert run(["catalog", "import", str(page), "-o", str(output)]) == 2
    assert capsys.readouterr().err == f"errlint: {output} is already there; --force replaces it\n"
    assert output.read_text() == "mine"
    assert run(["catalog", "import", str(page), "-o", str(output), "--force"]) == 0
    assert output.read_text().startswith(f"# Imported from {page}\n")


def test_check_writes_nothing_and_fails_where_a_question_is_left(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = page.parent / "errors.yaml"
    assert run(["catalog", "import", str(page), "--check", "--name", "shop", "-o", str(output)]) == 1
    page.write_text("| Code | HTTP | Message |\n|---|---|---|\n| A_1 | 404 | gone |\n")
    assert run(["catalog", "import", str(page), "--check", "--name", "shop", "-o", str(output)]) == 0
    assert (capsys.readouterr().out, output.exists()) == ("", False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.md"], "nothing.md: cannot be read: No such file or directory"),
        (["empty.txt"], "empty.txt: holds no error codes; no table has a column called code; --format says what the file is"),
        (["broken.json"], "broken.json:1:6: not valid JSON: Expecting ':' delimiter"),
        (["packed.json.gz"], "packed.json.gz: is no gzip file: Error -3 while decompressing data: unknown compression method"),
        (["table.md", "--map", "code=/a"], "table.md: is read as markdown, which takes no --map; --map is for JSON and YAML"),
        (["table.md", "--layer", "A B"], "--layer A B is no id; small letters, digits, . _ -"),
    ],
)
def test_what_cannot_be_imported_is_one_line(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.txt").write_text("nothing of interest\n")
    Path("broken.json").write_text('{"a" 1}')
    Path("packed.json.gz").write_bytes(b"\x1f\x8b123")
    Path("table.md").write_text("| Code | HTTP |\n|---|---|\n| A_1 | 404 |\n")
    assert run(["catalog", "import", *arguments]) == 2
    assert capsys.readouterr().err == f"errlint: {said}\n"


def test_the_layers_that_a_column_names_are_written_so_that_the_catalog_holds(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    Path("codes.csv").write_text("code,status,layer,message\nE1,404,edge,\ufffe\u202e\nE2,500,,\n")
    assert run(["catalog", "import", "codes.csv", "--name", "shop", "-o", "errors.yaml"]) == 0
    assert capsys.readouterr().err.splitlines()[1:] == [
        "errlint: ? nothing says in which envelope the layers edge, service answer: which one?"
    ]
    assert '    message: "\\ufffe\\u202e"\n' in Path("errors.yaml").read_text()
    assert run(["catalog", "check", "--isolated", "errors.yaml"]) == 0


def test_catalogs_and_documents_are_sent_to_their_commands() -> None:
    entry = {"code": "A_1", "status": 404}
    with pytest.raises(LoadError) as caught:
        entries({"errlint": 1, "service": {"name": "x"}, "errors": [entry, {**entry, "code": "A_2"}]})
    assert caught.value.line() == "codes.json: is a catalog already; errlint catalog check judges it"


def test_a_mapping_that_finds_nothing_and_one_given_twice_are_told() -> None:
    with pytest.raises(LoadError) as caught:
        entries(LISTED, "code=/nope/*/id")
    assert caught.value.line() == "codes.json: has nothing where the entries should be; read with --map code=/nope/*/id"
    with pytest.raises(ConfigError) as refused:
        mapping.parsed(["code=/a/*/b", "code=/c"])
    assert refused.value.line() == "--map code is there twice; keep one path of code"


def test_advice_on_retries_is_kept_or_asked_for() -> None:
    rows = [
        {"id": f"A_{number}", "http": 503, "retry": retry} for number, retry in enumerate(("backoff", True, "no", "perhaps"))
    ]
    found = mapped.draft({"errors": rows}, "codes.json", mapping.parsed(["code=/errors/*/id", "retry=/errors/*/retry"])).entries
    assert [entry.fields.get("retry") for entry in found] == ["backoff", "same", "never", None]
    assert [doubt.partition(":")[0] for doubt in found[3].doubts] == ["its retry is “perhaps”"]


def test_a_text_that_no_file_can_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("codes.json").write_text(
        '[{"code": "A_1", "status": 404, "message": "\\ud800"}, {"code": "A_2", "status": 409, "message": "b"}]'
    )
    assert (run(["catalog", "import", "codes.json"]), capsys.readouterr().err) == (
        2,
        "errlint: codes.json: no catalog can be written: the text holds half a surrogate pair\n",
    )
