"""The generated pass, and every name of Schemathesis that is not public."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from errlint.load.openapi import read_spec
from errlint.load.source import load, read
from errlint.model.spec import Operation, Spec
from errlint.probe.bundle import NOWHERE, bundled
from errlint.probe.engine import CODECS, storage
from errlint.probe.generated import Generator, begin, end
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.probe.trial import Trial
from tests.services.lax import document, lax, spec_of, things

TOKEN = ("Authorization", "Bearer good-token")
ANSWERS = {"200": {"description": ""}}


@contextmanager
def engine(spec: Spec, **members: Any) -> Iterator[Generator]:
    """A generator for all operations of a document, in a process of its own as in any run."""
    scene = plan(spec, Options("http://127.0.0.1:9/v1", (TOKEN,), **members)).scene
    with Generator(scene, {operation.label: 1000 for operation in spec.operations}) as made:
        yield made


def find(spec: Spec, label: str) -> Operation:
    return next(operation for operation in spec.operations if operation.label == label)


def generated(doc: dict[str, Any], label: str, most: int = 1000) -> list[Trial]:
    return list(islice(_all(json.dumps(doc)).get(label, ()), most))


@lru_cache(maxsize=2)
def _all(doc: str) -> dict[str, list[Trial]]:
    """Every generated request of a document, by operation: a process costs a second."""
    spec = spec_of(json.loads(doc))
    with engine(spec, writes="allowed") as made:
        return {operation.label: list(made.trials(operation)) for operation in spec.operations}


def test_reads_and_writes_are_generated_valid_and_broken() -> None:
    trials = generated(things(), "POST /things")
    bodies = {trial.request.body for trial in trials}
    assert any(body and b'"name"' in body for body in bodies)
    assert {trial.request.rejected for trial in trials} == {True, False}
    assert all(trial.request.stimulus.startswith("generated: ") for trial in trials)
    assert all(trial.operation is not None and trial.operation.label == "POST /things" for trial in trials)


def test_a_refusal_is_expected_only_where_we_prove_it() -> None:
    trials = generated(things(), "POST /things")
    for trial in trials:
        types = [value for name, value in trial.request.headers if name.lower() == "content-type"]
        if types == ["application/json"] and trial.request.body:
            value = json.loads(trial.request.body)
            # A lenient service looks no further, and reads any scalar as a text.
            taken = isinstance(value, dict) and "name" in value and not isinstance(value["name"], (dict, list))
            assert trial.request.rejected is not taken, trial.request


def test_a_request_has_the_users_headers_and_nothing_of_the_generator() -> None:
    for label in ("GET /things", "POST /things", "GET /things/{id}"):
        for trial in generated(things(), label):
            names = [name.lower() for name, _ in trial.request.headers]
            assert set(names) <= {"accept", "content-type", "authorization"}
            assert len(names) == len(set(names))
            assert dict(trial.request.headers)["Authorization"] == "Bearer good-token"


def test_ids_of_writes_are_made_up_and_those_of_reads_may_be_examples() -> None:
    assert any(trial.request.url.endswith("/example-id") for trial in generated(things(), "GET /things/{id}"))
    for label in ("PUT /things/{id}", "DELETE /things/{id}"):
        trials = generated(things(), label)
        assert trials
        assert all(trial.fresh and "example" not in trial.request.url for trial in trials)


def test_valid_writes_are_not_even_made_where_the_gate_would_hold_them_back() -> None:
    spec = spec_of(things())
    with engine(spec) as made:
        words = {trial.request.stimulus for trial in made.trials(find(spec, "POST /things"))}
    assert words
    assert not any("Default positive" in one or "Valid object" in one for one in words)


def test_random_requests_come_last_and_are_the_same_for_the_same_seed() -> None:
    spec = spec_of(things())

    def made_by(seed: int) -> list[Any]:
        with engine(spec, fuzz=6, seed=seed) as made:
            return [trial.request for trial in made.trials(find(spec, "POST /things"))]

    first, again, other = made_by(1), made_by(1), made_by(2)
    words = [one.stimulus == "generated: random data" for one in first]
    assert first == again
    assert words == sorted(words)
    assert 0 < sum(words) <= 6
    random = [[one.body for one in run if one.stimulus == "generated: random data"] for run in (first, other)]
    assert random[0] != random[1]


def test_a_generator_that_ends_is_said_and_the_next_one_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema that ends the process leaves out its own operation only."""
    spec = spec_of(things())
    with engine(spec) as made:
        assert list(made.trials(spec.operations[0]))
        assert made._process is not None
        made._process.kill()
        left = {one.label: list(made.trials(one)) for one in spec.operations[1:]}
    gone = {label for label, trials in left.items() if not trials}
    assert {label: made.broken.get(label) for label in gone} == dict.fromkeys(gone, "the generator ended")
    assert len(gone) <= 1


def test_what_hypothesis_is_told_of_codecs_is_what_it_would_find_out() -> None:
    from hypothesis.internal import charmap

    for codec, intervals in CODECS.items():
        found = [
            code
            for code in (0, 0x7F, 0x80, 0xFF, 0x100, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFF, 0x10FFFF)
            if _fits(code, codec)
        ]
        told = [code for code in found if any(first <= code <= last for first, last in intervals)]
        assert found == told
        with storage():
            charmap.intervals_from_codec.cache_clear()
            encodable, lossy = charmap.intervals_from_codec(codec)
        assert [list(pair) for pair in encodable.intervals] == intervals
        assert list(lossy.intervals) == []


def _fits(code: int, codec: str) -> bool:
    try:
        chr(code).encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def test_other_methods_are_not_generated() -> None:
    assert {trial.request.method for trial in generated(things(), "GET /things")} == {"GET"}


def test_every_scenario_comes_before_any_second_case() -> None:
    few = generated(things(), "POST /things", most=8)
    assert len({trial.request.stimulus for trial in few}) == 8


def test_multipart_boundaries_do_not_change() -> None:
    schema = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    body = {"content": {"multipart/form-data": {"schema": schema}}}
    doc = document({"/up": {"post": {"requestBody": body, "responses": ANSWERS}}})
    first = generated(doc, "POST /up")
    _all.cache_clear()
    again = generated(doc, "POST /up")
    assert first == again
    assert any(b"errlint-" in (trial.request.body or b"") for trial in first)


def test_the_same_seed_gives_the_same_requests_in_another_process() -> None:
    code = (
        "from tests.unit.test_probe_engine import *\n"
        "trials = [t for label in ('GET /things', 'POST /things', 'PUT /things/{id}') for t in generated(things(), label)]\n"
        "print([(t.request.method, t.request.url, t.request.body, t.request.stimulus) for t in trials])"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1] != b""


def test_a_broken_operation_is_skipped_with_its_reason_and_the_others_go_on() -> None:
    doc = things()
    doc["paths"]["/broken"] = {"get": {"parameters": [{"$ref": "#/components/parameters/none"}], "responses": ANSWERS}}
    spec = spec_of(doc)
    with engine(spec) as made:
        assert list(made.trials(find(spec, "GET /things")))
        assert list(made.trials(find(spec, "GET /broken"))) == []
    assert "nresolvable reference" in made.broken["GET /broken"]


def test_a_document_that_the_generator_refuses_gives_a_reason_for_each_operation() -> None:
    spec = spec_of({**things(), "openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": 5, "responses": ANSWERS}}}})
    with engine(spec) as made:
        for operation in spec.operations:
            list(made.trials(operation))
    assert set(made.broken) == {operation.label for operation in spec.operations}


def test_a_broken_sibling_is_not_blamed_on_another() -> None:
    doc = document(
        {
            "/b": {"get": {"parameters": 5, "responses": ANSWERS}},
            "/c": {"post": {"requestBody": [], "responses": ANSWERS}},
            "/d": {"get": {"responses": ANSWERS}},
        }
    )
    spec = spec_of(doc)
    with engine(spec) as made:
        found = {operation.label: list(made.trials(operation)) for operation in spec.operations}
    assert found["GET /d"]
    assert "paths -> /b -> get" in made.broken["GET /b"]
    assert "/b" not in made.broken.get("POST /c", "")
    assert "GET /d" not in made.broken


def test_the_current_folder_stays_as_it_is_and_nothing_in_it_is_imported(tmp_path: Path) -> None:
    code = "from tests.unit.test_probe_engine import *; assert generated(things(), 'POST /things')"
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join([str(Path(__file__).parents[2]), *filter(None, sys.path)])}
    (tmp_path / "json.py").write_text("open('imported', 'w')")  # a checkout may hold any name
    subprocess.run([sys.executable, "-P", "-c", code], check=True, cwd=tmp_path, env=env)
    assert [path.name for path in tmp_path.iterdir()] == ["json.py"]


def test_no_reference_is_fetched() -> None:
    with lax() as (url, seen):
        remote = {"name": "q", "in": "query", "schema": {"$ref": f"{url}/schema.json"}}
        file = {"name": "q", "in": "query", "schema": {"$ref": "file:///etc/hostname"}}
        doc = document(
            {
                "/remote": {"get": {"parameters": [remote], "responses": ANSWERS}},
                "/file": {"get": {"parameters": [file], "responses": ANSWERS}},
            }
        )
        spec = spec_of(doc)
        assert bundled(spec)["paths"]["/remote"]["get"]["parameters"][0]["schema"] == {"$ref": NOWHERE}
        with engine(spec) as made:
            for operation in spec.operations:
                list(made.trials(operation))
    assert seen == []


def test_nothing_else_that_a_document_names_is_fetched() -> None:
    with lax() as (url, seen):

        def schema(name: str, **more: Any) -> dict[str, Any]:
            return {"type": "object", "$schema": f"{url}/{name}", **more}

        body = schema("body", properties={"a": schema("inner"), "b": {"oneOf": [schema("one"), {"not": schema("not")}]}})
        body["properties"] |= {"c": {"$dynamicRef": f"{url}/dynamic"}, "d": {"$id": f"{url}/id", "$ref": "beside"}}
        external = {"e": {"externalValue": f"{url}/external"}}
        parameter = {"name": "q", "in": "query", "schema": schema("parameter", type="string"), "examples": external}
        content = {"application/json": {"schema": body, "examples": external}}
        answers = {"200": {"description": "ok", "content": {"application/json": {"schema": schema("answer")}}}}
        operation = {"parameters": [parameter], "requestBody": {"content": content}, "responses": answers}
        root = {"$schema": f"{url}/root", "jsonSchemaDialect": f"{url}/dialect", "$self": f"{url}/self"}
        spec = spec_of({**document({"/t": {"post": operation}}), "openapi": "3.1.0", **root})
        with engine(spec) as made:
            assert list(made.trials(spec.operations[0]))
    assert seen == []


def test_a_property_called_as_what_is_fetched_stays() -> None:
    body = {"type": "object", "properties": {"$schema": {"type": "string"}, "externalValue": {"const": 1}}}
    doc = document({"/t": {"post": {"requestBody": {"content": {"application/json": {"schema": body}}}, "responses": ANSWERS}}})
    made = bundled(spec_of(doc))["paths"]["/t"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert made == body


def test_a_reference_to_a_neighbour_file_is_copied_in(tmp_path: Path) -> None:
    (tmp_path / "shared.json").write_text(
        json.dumps(
            {"Thing": {"type": "object", "required": ["n"], "properties": {"n": {"$ref": "#/Num"}}}, "Num": {"type": "integer"}}
        )
    )
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "shared.json#/Thing"}}}}
    (tmp_path / "openapi.json").write_text(json.dumps(document({"/t": {"post": {"requestBody": body, "responses": ANSWERS}}})))
    spec = read_spec(read(tmp_path / "openapi.json")).spec
    with engine(spec) as made:
        assert any(trial.request.body == b'{"n": 0}' for trial in made.trials(spec.operations[0]))


def test_a_document_in_the_old_format_is_generated_too() -> None:
    parameters = [{"name": "b", "in": "body", "required": True, "schema": {"type": "object", "required": ["n"]}}]
    doc = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "basePath": "/v1",
        "consumes": ["application/json"],
        "paths": {"/t": {"post": {"parameters": parameters, "responses": ANSWERS}}},
    }
    spec = read_spec(load(json.dumps(doc).encode(), "swagger.json")).spec
    with engine(spec) as made:
        trials = list(made.trials(spec.operations[0]))
    assert {trial.request.rejected for trial in trials} == {True, False}


def schemathesis_operation() -> tuple[Any, Any]:
    from schemathesis import openapi
    from schemathesis.config import SchemathesisConfig

    config = SchemathesisConfig.from_dict({"seed": 1, "base-url": "http://127.0.0.1:9/v1", "generation": {"mode": "all"}})
    schema = openapi.from_dict(things(), config=config)
    return schema, next(iter(schema.get_all_operations())).ok()


def cases() -> list[Any]:
    from schemathesis import GenerationMode

    schema, operation = schemathesis_operation()
    settings = schema.config.generation_for(operation=operation)
    return list(schema.iter_coverage_cases(operation, generation_modes=[GenerationMode.POSITIVE], generation_config=settings))


def test_schemathesis_config_takes_our_settings() -> None:
    from schemathesis.config import SchemathesisConfig

    with pytest.raises(Exception, match="no-such-setting"):
        SchemathesisConfig.from_dict({"no-such-setting": 1})
    SchemathesisConfig.from_dict(
        {"generation": {"mode": "all", "database": "none"}, "phases": {"coverage": {"unexpected-methods": []}}}
    )


def test_schemathesis_operations_have_method_path_and_schema() -> None:
    schema, operation = schemathesis_operation()
    assert (operation.method.upper(), operation.path, operation.schema) == ("GET", "/things", schema)


def test_schemathesis_results_have_ok_and_err() -> None:
    doc = things()
    doc["paths"] = {
        "/things": doc["paths"]["/things"],
        "/broken": {"get": {"parameters": [{"$ref": "#/none"}], "responses": ANSWERS}},
    }
    from schemathesis import openapi

    fine, _, broken = openapi.from_dict(doc).get_all_operations()
    assert (broken.err().method.upper(), broken.err().path) == ("GET", "/broken")
    assert fine.ok().path == "/things"
    assert not hasattr(fine, "err")


def test_schemathesis_iter_coverage_cases_lists_cases_without_sending() -> None:
    assert [case.method for case in cases()] == ["GET"]


def test_schemathesis_case_meta_names_the_scenario() -> None:
    data = cases()[0]._meta.phase.data
    assert (data.scenario.value, data.description, data.parameter) == (
        "default_positive_test",
        "Default positive test case",
        None,
    )


def test_schemathesis_case_as_transport_kwargs_are_those_of_requests() -> None:
    parts = cases()[0].as_transport_kwargs()
    assert {"method", "url", "headers", "params", "cookies"} <= set(parts)


def test_schemathesis_case_path_parameters_can_be_replaced() -> None:
    case = cases()[0]
    case.path_parameters = {"id": "made-up"}
    assert case.path_parameters == {"id": "made-up"}


def test_a_process_that_is_ended_leaves_no_folder() -> None:
    process = begin()
    assert process.folder is not None
    folder = Path(process.folder.name)
    assert folder.is_dir()
    end(process)
    assert not folder.exists()
