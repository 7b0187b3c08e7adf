"""Why operations got no generated requests, told once and in the document's own terms."""

from __future__ import annotations

from typing import Any

from errlint.probe.generated import Generator
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.probe.unmade import notes
from tests.services.lax import document, spec_of

WHY = "Invalid `type` definition Location: x-bundled -> schema000005 -> oneOf -> 1 -> type"
TENSOR = {"oneOf": [{"type": "array"}, {"type": "bytes"}]}
ROOT = {"components": {"schemas": {"TensorData": TENSOR, "Other": {"oneOf": [{"type": "array"}, {"type": "string"}]}}}}


def test_one_reason_is_one_line_with_the_place_in_the_document() -> None:
    broken = {f"POST /{name}": WHY for name in "abcd"}
    assert list(notes(broken, ROOT)) == [
        "4 operations got no generated requests, because /components/schemas/TensorData/oneOf/1/type: `bytes` is no type: "
        "POST /a, POST /b, POST /c and 1 more"
    ]


def test_a_place_that_may_be_several_or_none_is_told_without_names_that_no_document_has() -> None:
    twice = {"components": {"schemas": {"A": TENSOR, "B": TENSOR}}}
    for root in (twice, {}, None):
        assert list(notes({"POST /a": WHY}, root)) == [
            "POST /a: no generated requests, because Invalid `type` definition: .../oneOf/1/type"
        ]


def test_other_reasons_stand_as_they_are() -> None:
    broken = {"POST /a": "the generator ended", "POST /b": "Bad Location: paths -> /b -> post"}
    assert list(notes(broken, {"paths": {"/b": {"post": {}}}})) == [
        "POST /a: no generated requests, because the generator ended",
        "POST /b: no generated requests, because /paths/~1b/post: Bad",
    ]


def test_what_the_generator_says_of_a_broken_type_is_told_so() -> None:
    body: dict[str, Any] = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/TensorData"}}}}
    paths = {f"/{name}": {"post": {"requestBody": body, "responses": {"200": {"description": ""}}}} for name in "ab"}
    spec = spec_of(document(paths, security=[], components={"schemas": ROOT["components"]["schemas"]}))
    made = plan(spec, Options("http://127.0.0.1:9/v1"))
    with Generator(made.scene, made.rooms) as generator:
        for operation, _ in generator.rooms():
            list(generator.trials(operation))
        (line,) = notes(generator.broken, spec.root.value)
    assert line.startswith(
        "2 operations got no generated requests, because /components/schemas/TensorData/oneOf/1/type: `bytes`"
    )
