"""``errlint catalog export --to fastapi``: a service that raises the generated exceptions keeps its contract."""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate

from errlint.api.answering import Answers
from errlint.export.fastapi import fastapi_text
from errlint.export.models import Models
from errlint.export.samples import sample
from errlint.load.source import load
from errlint.model.catalog import Catalog
from errlint.model.exchange import Observation, Request
from errlint.model.finding import Location, Severity
from errlint.model.spec import Operation
from tests.unit.export_cases import documents, loaded, once, plan_of, shipped


@pytest.fixture
def generated() -> Iterator[Any]:
    """Makes a module of a text; pydantic looks the annotations up in the module that a class names."""
    made = []

    def make(text: str) -> Any:
        name = f"generated_{len(made)}"
        made.append(name)
        module = sys.modules[name] = types.ModuleType(name)
        exec(compile(text, f"{name}.py", "exec", dont_inherit=True), module.__dict__)
        return module

    yield make
    for name in made:
        del sys.modules[name]


def raised(kind: Any) -> Any:
    """An instance with its own message: placeholders are filled with their names."""
    parameters = inspect.signature(kind.__init__).parameters.values()
    needed = [one.name for one in parameters if one.default is one.empty and one.name not in ("self", "values")]
    headers = {"Allow": "POST"} if 405 in kind.statuses else None
    return kind(**{name: name for name in needed}, headers=headers)


def called(app: Any, path: str) -> tuple[int, dict[str, str], bytes]:
    """The answer of an ASGI application to GET."""
    sent: list[Any] = []
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": path}
    scope |= {
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
        "scheme": "http",
        "server": ("t", 80),
        "root_path": "",
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:])


@pytest.mark.parametrize("name", ["builtin:eventml", "builtin:maas"])
def test_a_service_that_raises_each_error_keeps_the_contract(name: str, generated: Any) -> None:
    catalog = shipped(name)
    text, notes = fastapi_text(catalog, plan_of(catalog))
    module = generated(text)
    app = FastAPI(title="t", version="1")
    module.install(app)
    for number, kind in enumerate(module.ERRORS):
        app.get(f"/{number}", responses=module.responses(kind))(_bare(kind))
    document = app.openapi()
    validate(document)
    judge = Answers([name])
    held = judge.holds(load(json.dumps(document).encode(), "openapi.json"))
    operations = {operation.path: operation for operation in held.spec.operations}
    layers = {code.id: code.layer for code in catalog.codes}
    found = {}
    for number, kind in enumerate(module.ERRORS):
        status, headers, body = called(app, f"/{number}")
        routed = catalog.layers[layers[kind.id]].applies_to != "unrouted"
        operation = operations[f"/{number}"] if routed else None
        told = judge.judge(observed(operation, status, headers, body), Severity.WARNING)
        found[kind.id] = status, [one.finding.message for one in told]
    wanted = {code.id: (raised_status(code), []) for code in catalog.codes}
    assert (found, notes) == (wanted, ())


def _bare(kind: Any) -> Any:
    def handler() -> None:
        raise raised(kind)

    return handler


def raised_status(code: Any) -> int:
    return 500 if code.statuses.text == "5XX" else int(code.statuses.text.split(", ")[0])


def observed(operation: Operation | None, status: int, headers: dict[str, str], body: bytes) -> Observation:
    request = Request("GET", f"http://t{operation.path if operation is not None else '/elsewhere'}")
    return Observation(
        "live", Location("openapi.json", ()), status, headers=headers, body=body, operation=operation, request=request
    )


@given(data=documents())
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_errors_of_a_hostile_catalog_answer_as_it_says(tmp_path: Path, generated: Any, data: Any) -> None:
    catalog = loaded(tmp_path, data)
    plan = plan_of(catalog)
    text, notes = fastapi_text(catalog, plan)
    module = generated(text)
    told = {kind.id: (kind.code, raised(kind).status, kind.example) for kind in module.ERRORS}
    samples = {code.id: (code.code, sample(plan, code)) for code in once(catalog)}
    assert told == {id_: (code, one.status, one.value) for id_, (code, one) in samples.items() if one is not None}
    assert len(notes) == sum(1 for _, one in samples.values() if one is None)
    assert len({kind.__name__ for kind in module.ERRORS}) == len(module.ERRORS)


def small(folder: Path, *errors: dict[str, Any], **envelope: Any) -> Catalog:
    own = {"code": {"pointer": "/code"}, "message": {"pointer": "/text"}, **envelope}
    return loaded(
        folder, {"errlint": 1, "service": {"name": "shop"}, "envelopes": {"own": own}, "layers": LAYERS, "errors": errors}
    )


LAYERS = {"service": {"envelope": "own"}}


def test_an_exception_takes_the_values_of_its_message(tmp_path: Path, generated: Any) -> None:
    message = {"printf": "%(who)s has 100%% of %d {x} and %s, %(who)s"}
    catalog = small(tmp_path, {"code": "A", "name": "QUOTA_GONE", "status": [429, 503], "message": message})
    module = generated(fastapi_text(catalog, plan_of(catalog))[0])
    error = module.QuotaGoneError(who="Eve", value=7, value2=None, status=503, headers={"Retry-After": "9"})
    assert (error.body(), error.status, error.headers) == (
        {"code": "A", "text": "Eve has 100% of 7 {x} and None, Eve"},
        503,
        {"Retry-After": "9"},
    )
    assert isinstance(error, module.ServiceError)
    assert list(module.RESPONSES) == [429, 503]


def test_the_message_is_that_of_the_status(tmp_path: Path, generated: Any) -> None:
    variants = [{"status": 403, "message": "Not yours"}, {"status": 410, "message": "Gone %s"}]
    entry = {"code": "A", "status": [401, 403, 410], "message": "Who are you?", "variants": variants}
    error = generated(fastapi_text(small(tmp_path, entry), plan_of(small(tmp_path, entry)))[0]).AError
    told = [error().message, error(status=403).message, error(status=410).message, error("x", status=403).message]
    assert told == ["Who are you?", "Not yours", "Gone example", "x"]


def test_what_tells_entries_apart_stands_in_their_bodies_and_problems_have_their_media_type(
    tmp_path: Path, generated: Any
) -> None:
    problem = {"use": "problem-json"}
    data = {
        "errlint": 1,
        "service": {"name": "shop"},
        "envelopes": {"p": problem},
        "layers": {"service": {"envelope": "p"}},
        "errors": [
            {"id": "a", "code": "https://x.test/a", "status": 409, "message": "Taken", "match": {"/kind": "name"}},
            {"id": "b", "code": "https://x.test/b", "status": 410, "message": "Gone"},
        ],
    }
    catalog = loaded(tmp_path, data)
    module = generated(fastapi_text(catalog, plan_of(catalog))[0])
    app = FastAPI()
    module.install(app)
    app.get("/a", responses=module.responses(module.AError))(_bare(module.AError))
    status, headers, body = called(app, "/a")
    wanted = {"type": "https://x.test/a", "title": "Conflict", "detail": "Taken", "status": 409, "kind": "name"}
    assert (status, headers["content-type"], json.loads(body)) == (409, "application/problem+json", wanted)
    declared = app.openapi()["paths"]["/a"]["get"]["responses"]["409"]["content"]
    assert list(declared) == ["application/problem+json"]


def test_an_entry_whose_envelope_is_no_json_is_left_out_and_told(tmp_path: Path) -> None:
    catalog = small(tmp_path, {"code": "A", "status": 404, "message": "m"}, framing="sse")
    text, notes = fastapi_text(catalog, plan_of(catalog))
    assert ("class AError" in text, notes) == (False, ("A is left out: its envelope is sse",))


def test_a_model_says_what_its_schema_says() -> None:
    schema = {
        "type": "object",
        "required": ["code", "class"],
        "additionalProperties": False,
        "properties": {
            "code": {"type": ["string", "null"]},
            "class": {"const": "x"},
            "str": {"type": "integer"},
            "model_x": {"enum": [1, None, True]},
            "items": {"type": "array", "items": {"type": "object", "properties": {"a b": True}}},
            "any": {"oneOf": [{"type": "string"}, {"type": "object"}]},
        },
    }
    models = Models(set())
    assert models.model(schema, "Body") == "Body"
    assert "\n".join(models.lines) == (
        "class BodyItemsItem(BaseModel):\n"
        '    model_config = ConfigDict(extra="allow")\n\n'
        '    member_1: Any = Field(default=None, alias="a b")\n\n\n'
        "class Body(BaseModel):\n"
        '    model_config = ConfigDict(extra="forbid")\n\n'
        "    code: str | None\n"
        '    member_2: Literal["x"] = Field(alias="class")\n'
        '    member_3: int | None = Field(default=None, alias="str")\n'
        '    member_4: Literal[1, None, True] | None = Field(default=None, alias="model_x")\n'
        "    items: list[BodyItemsItem] | None = None\n"
        "    any: str | dict[str, Any] | None = None\n\n"
    )
    assert Models(set()).model(True, "Body") == "Any"


def test_a_code_called_as_what_python_raises_hides_nothing_from_the_module(tmp_path: Path, generated: Any) -> None:
    entries = [{"code": "VALUE", "status": 499}, {"code": "NOT_IMPLEMENTED", "status": 501}]
    catalog = loaded(tmp_path, {"errlint": 1, "service": {"name": "x"}, "errors": entries})
    module = generated(fastapi_text(catalog, plan_of(catalog))[0])
    assert sorted(module.RESPONSES) == [499, 501]
