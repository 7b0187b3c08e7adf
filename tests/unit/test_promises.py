"""What an upgrade may rely on: the formats of reports, catalogs and configs only ever grow.

``tests/golden/promised`` holds each format as version 0.1.0 promised it. Nothing there is changed or taken away; what a later
version adds may be added to a copy once that version is out.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from errlint import __version__, resources
from errlint.cli.main import run
from errlint.config.file import Configs
from errlint.load.catalog import read_catalog

PROMISED = Path(__file__).parents[1] / "golden" / "promised"
ROOT = Path(__file__).parents[2]
WORDS = {"description", "title", "$id", "$comment", "default"}


HOLDERS = ("properties", "$defs")


def schema(name: str, folder: Path | None = None) -> dict[str, Any]:
    file = f"{name}.schema.json"
    return json.loads(resources.schema_text(file) if folder is None else (folder / file).read_text(encoding="utf-8"))


def lost(old: Any, new: Any, written: bool, at: str = "") -> Iterator[str]:
    """The places where ``new`` takes back what ``old`` promised.

    ``written`` is of formats that errlint writes: what is required stays so, types stay. Of formats that it reads, more may
    be allowed and nothing more be asked for.
    """
    if not isinstance(old, dict) or not isinstance(new, dict):
        yield from [at] if old != new else []
        return
    for key, value in old.items():
        here, now = f"{at}/{key}", new.get(key)
        if key in WORDS and not isinstance(value, dict):
            continue
        if key == "required" and isinstance(value, list):
            yield from [here] if written and not set(value) <= set(now or ()) else []
        elif key not in new:
            yield from [here] if written or key in HOLDERS or at.endswith(HOLDERS) else []
        elif key == "enum" or (key == "type" and not written and not isinstance(value, dict)):
            yield from [here] if not several(value) <= several(now) else []
        elif key in ("oneOf", "anyOf") and isinstance(value, list):
            for index, one in enumerate(value):
                yield from lost(one, now[index] if index < len(now) else None, written, f"{here}/{index}")
        elif isinstance(value, int) and key.startswith(("max", "min")):
            yield from [here] if (now < value if key.startswith("max") else now > value) else []
        else:
            yield from lost(value, now, written, here)
    if not written and not at.endswith(HOLDERS) and set(new.get("required", ())) - set(old.get("required", ())):
        yield f"{at}/required"


def several(value: Any) -> set[Any]:
    return set(value) if isinstance(value, list) else {value}


@pytest.mark.parametrize(("name", "written"), [("report", True), ("catalog", False), ("config", False)])
def test_a_format_only_grows(name, written):
    assert list(lost(schema(name, PROMISED), schema(name), written)) == []


def test_what_a_format_takes_back_is_noticed():
    old = {
        "required": ["a"],
        "properties": {"a": {"type": ["string", "null"]}, "b": {"enum": ["x", "y"]}, "c": {"maxItems": 5}},
    }
    new = {"required": ["b"], "properties": {"a": {"type": "string"}, "b": {"enum": ["x", "z"]}}}
    assert list(lost(old, new, written=False)) == ["/properties/a/type", "/properties/b/enum", "/properties/c", "/required"]
    assert list(lost(old, new, written=True)) == ["/required", "/properties/a/type", "/properties/b/enum", "/properties/c"]
    assert list(lost(old, {**old, "required": ["a", "b"]}, written=True)) == []


def keys(value: Any) -> set[str]:
    """The names of all members of data, at any depth."""
    if isinstance(value, dict):
        return {str(key) for key in value} | {name for item in value.values() for name in keys(item)}
    return {name for item in value for name in keys(item)} if isinstance(value, list) else set()


def declared(value: Any) -> set[str]:
    """The names of all properties that a schema declares."""
    if isinstance(value, list):
        return {name for item in value for name in declared(item)}
    if not isinstance(value, dict):
        return set()
    own = set(value["properties"]) if isinstance(value.get("properties"), dict) else set()
    return own | {name for item in value.values() for name in declared(item)}


def test_a_catalog_with_every_key_of_format_1_is_read_for_ever():
    path = PROMISED / "catalog-format-1.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert declared(schema("catalog", PROMISED)) - keys(data) == set()
    catalog = read_catalog(str(path)).catalog
    assert [str(code.code) for code in catalog.codes if code.code is not None] == [
        "SHOP_9", "SHOP_1", "SHOP_2", "SHOP_3", "SHOP_4", "O-1", "17",
    ]  # fmt: skip


def test_a_config_with_every_key_is_read_for_ever():
    path = PROMISED / "config.toml"
    base = tomllib.loads((PROMISED / "base.toml").read_text(encoding="utf-8"))
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert declared(schema("config", PROMISED)) - keys(data) - keys(base) == set()
    configs = Configs()
    file = configs.read(str(path))
    assert file is not None
    assert [Path(one.uri).name for one in configs.chain(file)] == ["base.toml", "config.toml"]


def test_every_command_writes_a_report_as_version_1_promised(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT / "tests" / "golden" / "without-a-catalog")
    monkeypatch.setenv("ERRLINT_TRACEBACK", "1")
    document = next(path.name for path in Path().iterdir() if path.suffix in (".yaml", ".json") and path.stem != "expected")
    catalog = str(PROMISED / "catalog-format-1.yaml")
    request = {"method": "GET", "url": "http://localhost/none", "headers": [], "httpVersion": "HTTP/1.1"}
    response = {"status": 500, "headers": [], "content": {"mimeType": "text/plain", "text": "x"}, "httpVersion": "HTTP/1.1"}
    entry = {"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "request": request, "response": response}
    har = str(tmp_path / "one.har")
    Path(har).write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}), encoding="utf-8")
    promised = schema("report", PROMISED)
    for line in (
        ["lint", document],
        ["lint", "nowhere.yaml"],
        ["catalog", "check", catalog],
        ["catalog", "diff", "builtin:eventml", catalog],
        ["probe", document, "--url", "http://localhost", "--replay", har],
        ["probe", document, "--url", "http://127.0.0.1:9/", "--dry-run"],
    ):
        run([*line, "-f", "json", "--isolated"])
        report = json.loads(capsys.readouterr().out)
        jsonschema.validate(report, promised)
        assert report["command"] == " ".join(word for word in line[:2] if word in ("lint", "probe", "catalog", "check", "diff"))


def test_the_migration_page_states_what_is_so(capsys):
    page = (ROOT / ".github" / "MIGRATION.md").read_text(encoding="utf-8")
    formats = {
        "JSON report": schema("report")["properties"]["version"]["const"],
        "Catalog": schema("catalog")["properties"]["errlint"]["const"],
    }
    rows = {row[0]: row[1] for row in re.findall(r"^\| ([^|]+?) \| `[^`]*?(\d+)`", page, re.MULTILINE)}
    assert {name: int(rows[name]) for name in formats} == formats
    assert rows.keys() == {"JSON report", "Catalog", "Baseline", "errlint rules"}
    from errlint.api import baseline

    assert int(rows["Baseline"]) == baseline.VERSION
    assert run(["rules", "CFG006", "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == int(rows["errlint rules"])
    assert re.findall(r"^## (\d+\.\d+\.\d+)", page, re.MULTILINE)[0] == __version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert set(released) <= set(re.findall(r"^## (\d+\.\d+\.\d+)", page, re.MULTILINE))
