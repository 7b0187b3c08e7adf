"""A catalog in the making: drafts unite, are written with evidence and questions, and are made of answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errlint.api.catalogs import check_catalog
from errlint.draft.answers import of_answers
from errlint.draft.documents.placed import placed
from errlint.draft.induce import Body, induced
from errlint.draft.merge import merged
from errlint.draft.narrowed import narrowed
from errlint.draft.text import catalog_text, questions
from errlint.draft.wording import wording
from errlint.load.catalog import read_catalog
from errlint.load.catalog_parts import message_of
from errlint.match.template import matcher
from errlint.model.draft import Draft, Entry, Evidence
from errlint.model.exchange import Observation, Request
from errlint.model.finding import NOWHERE
from errlint.model.record import replace
from errlint.model.spec import Node, Operation

SERVICE = {"code": {"pointer": "/code"}, "message": {"pointer": "/message"}}


def entry(code: Any, status: Any = None, where: str = "", **fields: Any) -> Entry:
    known = {"code": code, **({"status": status} if status is not None else {}), **fields}
    return Entry(known, (Evidence("enum", where),) if where else ())


def answer(method: str, path: str, status: int, body: Any, name: str = "", media_type: str = "application/json") -> Observation:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    request = Request(method, f"http://shop.example{path}")
    return Observation("test", NOWHERE, status, {"content-type": media_type}, content, request=request, name=name)


def test_equal_entries_unite_with_their_statuses_and_their_evidence() -> None:
    one = Draft((entry("GONE", 404, "api.yaml:3", message="It is gone."),))
    other = Draft((entry("GONE", [404, 410], "shop.py:7", message="Gone", retry="never"),))

    assert merged([one, other]).entries == (
        Entry(
            {"code": "GONE", "status": [404, 410], "message": "It is gone.", "retry": "never"},
            (Evidence("enum", "api.yaml:3"), Evidence("enum", "shop.py:7")),
        ),
    )


def test_statuses_that_have_nothing_in_common_are_kept_and_asked_about() -> None:
    one, other = Draft((entry("GONE", 404, "api.yaml:3"),)), Draft((entry("GONE", 410, "shop.py:7"),))

    made = merged([one, other]).entries[0]

    assert made.fields["status"] == [404, 410]
    assert made.doubts == ("404 in api.yaml:3, but 410 in shop.py:7: which is meant?",)


@pytest.mark.parametrize(("wide", "exact", "both"), [("4XX", 404, 404), ("any", 404, 404), ("5XX", 404, ["5XX", 404])])
def test_a_class_gives_way_to_the_status_that_somebody_knows(wide: str, exact: int, both: Any) -> None:
    made = merged([Draft((entry("A", wide),)), Draft((entry("A", exact),))]).entries

    assert [one.fields["status"] for one in made] == [both]
    assert made[0].doubts == ()


def test_an_entry_whose_source_knows_no_layer_joins_the_one_of_its_code() -> None:
    made = merged([Draft((entry("A", 404, layer="gateway"),)), Draft((entry("A", 404, "shop.py:7"), entry("B")))]).entries

    assert [one.fields for one in made] == [{"code": "A", "status": 404, "layer": "gateway"}, {"code": "B"}]


@pytest.mark.parametrize(
    ("seen", "source", "made"),
    [
        ("Item 7 is gone", "Item {item_id} is gone", {"braces": "Item {item_id} is gone", "example": "Item 7 is gone"}),
        ({"braces": "Item {value} is", "example": "Item 7 is"}, "Item %s is", {"printf": "Item %s is", "example": "Item 7 is"}),
        ("Item 7 is gone", "Order {id} is gone", "Item 7 is gone"),
        ("Item 7 is gone", "Item 7 is gone", "Item 7 is gone"),
        ({"prefix": "Item", "example": "Item 7"}, "Item {id}", {"prefix": "Item", "example": "Item 7"}),
    ],
)  # fmt: skip
def test_the_template_of_the_source_says_what_a_seen_message_is(seen: Any, source: str, made: Any) -> None:
    drafts = [Draft((entry("GONE", 404, message=message),)) for message in (seen, source)]

    assert merged(drafts).entries[0].fields["message"] == made


def test_a_text_and_a_number_are_two_codes() -> None:
    assert [one.code for one in merged([Draft((entry("10", 404), entry(10, 404)))]).entries] == ["10", 10]


def test_entries_that_their_members_tell_apart_get_an_id_of_their_own() -> None:
    made = merged([Draft((entry(404, 404, match={"/type": "A"}), entry(404, 404, match={"/type": "B c"})))]).entries

    assert [one.fields.get("id") for one in made] == [None, "404-B-c"]


def test_equal_envelopes_are_one_and_others_of_the_same_name_get_a_new_one() -> None:
    one = Draft(envelopes={"service": SERVICE}, layers={"service": {"envelope": "service"}})
    same = Draft(envelopes={"own": SERVICE}, layers={"gateway": {"envelope": "own"}})
    other = Draft(envelopes={"service": {"use": "eventml"}}, layers={"service": {"envelope": "service"}})

    made = merged([one, same, other])

    assert made.envelopes == {"service": SERVICE, "service-2": {"use": "eventml"}}
    assert made.layers == {"service": {"envelope": ["service", "service-2"]}, "gateway": {"envelope": "service"}}


def test_a_draft_is_written_with_its_evidence_and_its_questions() -> None:
    draft = Draft(
        (
            Entry(
                {"code": "GONE", "status": 404, "layer": "service", "message": "Item #1: gone"},
                (Evidence("enum", "api.yaml:3"), Evidence("seen once", "GET /items/7")),
                ("is it 410?",),
            ),
            entry("010"),
            Entry({"code": None, "id": "nothing", "status": "5XX"}, (Evidence("table row\nwith a break"),)),
        ),
        {"name": "shop"},
        {"service": SERVICE},
        {"service": {"envelope": "service"}},
        doubts=("who answers 500?",),
    )

    assert catalog_text(draft, "The errors of shop.") == (
        "# The errors of shop.\n"
        "# ? who answers 500?\n"
        "errlint: 1\n"
        "service: {name: shop}\n"
        "envelopes:\n"
        "  service: {code: {pointer: /code}, message: {pointer: /message}}\n"
        "layers:\n"
        "  service: {envelope: service}\n"
        "errors:\n"
        "  # enum: api.yaml:3; seen once: GET /items/7\n"
        "  # ? is it 410?\n"
        "  - code: GONE\n"
        "    status: 404\n"
        '    message: "Item #1: gone"\n'
        "  # ? nothing says its status: which one?\n"
        '  - code: "010"\n'
        "    status: any\n"
        "  # table row with a break\n"
        "  - code: null\n"
        "    id: nothing\n"
        '    status: "5XX"\n'
    )
    assert questions(draft) == ("who answers 500?", "GONE: is it 410?", "010: nothing says its status: which one?")


CODES = st.one_of(st.text(min_size=1, max_size=12), st.integers(-(2**53), 2**53))


@given(st.lists(st.tuples(CODES, st.integers(400, 599), st.text(max_size=30)), max_size=4, unique_by=lambda one: repr(one[0])))
def test_a_written_draft_is_read_back_as_it_was(tmp_path_factory: Any, rows: list[tuple[Any, int, str]]) -> None:
    entries = [Entry({"code": code, "status": status, "description": told}, (Evidence(told),)) for code, status, told in rows]
    draft = merged([Draft(tuple(entries), {"name": "shop"})])
    file = tmp_path_factory.mktemp("draft") / "errors.yaml"
    file.write_text(catalog_text(draft), encoding="utf-8", newline="")

    codes = read_catalog(str(file)).catalog.codes

    assert [(code.code, sorted(code.statuses.values), code.description) for code in codes] == [
        (code, [status], told) for code, status, told in rows
    ]


def test_answers_become_the_codes_of_the_service_and_the_statuses_of_its_framework() -> None:
    draft = of_answers(
        [
            answer("GET", "/items/12", 404, {"error": {"code": "GONE", "message": "Item 12 is gone"}}, "t.py::test_gone"),
            answer("GET", "/items/13", 404, {"error": {"code": "GONE", "message": "Item 13 is gone"}}),
            answer("POST", "/items", 409, {"error": {"code": "TWICE", "message": "It is there", "details": [{"at": 1}]}}),
            answer("GET", "/nowhere", 404, {"detail": "Not Found"}),
            answer("GET", "/items", 500, "Internal Server Error", media_type="text/plain"),
            answer("GET", "/items", 200, {"error": {"code": "FINE", "message": "no error"}}),
        ]
    )

    assert catalog_text(draft) == (
        "# ? 1 error without a JSON object (text/plain under 500), in no entry: is that meant?\n"
        "errlint: 1\n"
        "service: {name: service}\n"
        "envelopes:\n"
        "  service:\n"
        "    schema:\n"
        "      type: object\n"
        "      required: [error]\n"
        "      properties:\n"
        "        error:\n"
        "          type: object\n"
        "          required: [code, message]\n"
        "          properties: {code: {type: string}, message: {type: string}, details: {}}\n"
        "    code: {pointer: /error/code, type: string}\n"
        "    message: {pointer: /error/message, type: string}\n"
        "  fastapi-detail: {use: fastapi-detail}\n"
        "layers:\n"
        "  service: {envelope: service, codes: closed}\n"
        "  framework: {envelope: fastapi-detail, codes: open, in_spec: optional}\n"
        "errors:\n"
        "  # seen 2 times: GET /items/12 (t.py::test_gone), GET /items/13\n"
        "  - code: GONE\n"
        "    status: 404\n"
        "    layer: service\n"
        '    message: {braces: "Item {value} is gone", example: Item 12 is gone}\n'
        "  # seen once: POST /items\n"
        "  - code: TWICE\n"
        "    status: 409\n"
        "    layer: service\n"
        "    message: It is there\n"
        "  # seen once: GET /nowhere\n"
        "  - code: null\n"
        "    id: framework-404\n"
        "    status: 404\n"
        "    layer: framework\n"
        "    message: Not Found\n"
    )
    assert draft.read == ("6 answers, 5 errors",)


def test_a_code_inside_what_the_framework_leaves_free_is_found_and_the_framework_narrowed(tmp_path: Path) -> None:
    answers = [
        answer("GET", "/a", 403, {"detail": {"code": "CLOSED", "message": "Come back tomorrow"}}),
        answer("POST", "/a", 422, {"detail": [{"loc": ["body"], "msg": "Field required", "type": "missing"}]}),
    ]
    alone = narrowed(of_answers(answers))
    declared = Draft(
        envelopes={"fastapi-detail": {"use": "fastapi-detail"}}, layers={"framework": {"envelope": "fastapi-detail"}}
    )
    beside = narrowed(merged([declared, placed(of_answers(answers, declared.envelopes), declared)]))

    for draft in (alone, beside):
        assert [(one.code, one.fields["layer"]) for one in draft.entries] == [("CLOSED", "service"), (None, "framework")]
        assert draft.envelopes["service"]["code"] == {"pointer": "/detail/code", "type": "string"}
        assert draft.envelopes["fastapi-detail"]["schema"]["properties"]["detail"]["type"] == ["string", "array"]
        (tmp_path / "errors.yaml").write_text(catalog_text(draft))
        assert check_catalog([str(tmp_path / "errors.yaml")]).findings == ()


def test_what_a_document_declares_and_no_answer_looked_like_stays_beside_the_service_s_own_envelope() -> None:
    declared = Draft(envelopes={"error": {"code": {"pointer": "/status"}}}, layers={"service": {"envelope": "error"}})
    seen = placed(of_answers([answer("GET", "/a", 404, {"error": {"code": "GONE", "message": "x"}})]), declared)

    assert seen.layers == {"service": {"envelope": ["service", "error"], "codes": "closed"}}
    assert [one.fields.get("layer") for one in seen.entries] == ["service"]
    assert seen.doubts == (
        "no answer looked like the error that the document declares (envelope error): is it ever answered? "
        "Else take it out of layer service, and lint shows where the document is wrong",
    )


def test_what_only_tells_more_about_one_error_is_no_part_of_the_envelope() -> None:
    bodies = [
        {"code": "a", "detail": "x", "fields": {"pieces": ["too few"]}, "hint": None, "path": "/a"},
        {"code": "b", "detail": "y", "fields": {"pieces": ["none"]}, "hint": None, "path": "/b"},
    ]
    assert induced([Body(body, 400) for body in bodies])["schema"] == {
        "type": "object",
        "required": ["code", "detail", "path"],
        "properties": {
            **{name: {"type": "string"} for name in ("code", "detail")},
            "fields": {},
            "hint": {},
            "path": {"type": "string"},
        },
    }


@pytest.mark.parametrize(
    ("values", "code", "message", "status"),
    [
        ([{"code": "A", "message": "It is so"}], "/code", "/message", None),
        ([{"status": 404, "code": 17, "msg": "It is so"}], "/code", "/msg", "/status"),
        ([{"code": 404, "error": "NOT_THERE", "message": "It is so"}], "/error", "/message", None),
        ([{"errors": [{"code": "A", "title": "x"}, {"code": "B", "title": "y"}]}], "/errors/*/code", "/errors/*/title", None),
        ([{"error": "Not Found", "path": "/x"}], "none", "/error", None),
        ([{"id": "5b1cdb3c9d1e4f20", "message": "It is so"}], "none", "/message", None),
        ([{"code": "A", "message": "x"}, {"message": "y"}], "none", "/message", None),
        ([{"code": "two words", "message": "x"}], "none", "/message", None),
    ],
)
def test_members_are_known_by_their_names_and_by_what_stands_in_them(values: Any, code: str, message: str, status: Any) -> None:
    written = induced([Body(value, 404) for value in values])

    found = written["code"] if written["code"] == "none" else written["code"]["pointer"]
    assert (found, written["message"]["pointer"], written.get("status", {}).get("pointer")) == (code, message, status)


@pytest.mark.parametrize(
    ("texts", "given_values", "made"),
    [
        (["It is gone"], [], "It is gone"),
        (["Model m-1 is gone"], ["m-1"], {"braces": "Model {value} is gone", "example": "Model m-1 is gone"}),
        (["Use 5% less"], ["5"], "Use 5% less"),
        (["write {x}"], [], {"literal": "write {x}"}),
        (["Limit is 5", "Limit is 7"], [], {"braces": "Limit is {value}", "example": "Limit is 5"}),
        (["The name is taken", "No such thing"], [], None),
        (["Invalid value: a b", "Invalid value: c"], [], {"prefix": "Invalid value:", "example": "Invalid value: a b"}),
        ([], [], None),
    ],
)
def test_messages_of_one_code_become_the_template_that_they_share(texts: list[str], given_values: list[str], made: Any) -> None:
    assert wording(texts, given_values) == made


@given(
    st.lists(st.text(alphabet="ab 1{}%.:'", min_size=1, max_size=20), min_size=1, max_size=4), st.sampled_from(["a", "b1", "1"])
)
def test_every_text_fits_the_template_that_was_made_of_it(texts: list[str], value: str) -> None:
    made = wording(texts, [value])

    if made is not None:
        template = matcher(message_of(made, "advise"))
        assert [text for text in texts if text.strip() and not template.fits(text)] == []


def test_a_service_that_answers_stray_requests_itself_does_so_everywhere() -> None:
    known = Operation("GET /a", "GET", "/a", Node("", ("paths", "/a", "get"), {}))
    body = {"error": {"code": "GONE", "message": "x"}}
    found = replace(answer("GET", "/a", 404, body), operation=known)

    assert of_answers([found]).layers == {"service": {"envelope": "service", "codes": "closed"}}
    assert of_answers([found, answer("GET", "/nowhere", 404, body)]).layers == {
        "service": {"envelope": "service", "codes": "closed", "applies_to": "all-operations"}
    }


def test_two_frameworks_that_answer_without_a_code_are_one_layer_with_both_envelopes() -> None:
    draft = of_answers(
        [
            answer("GET", "/a", 409, {"error": {"code": "FULL", "message": "No room"}}),
            answer("GET", "/b", 404, {"detail": "Not Found"}),
            answer("GET", "/c", 404, {"message": "nothing here"}),
            answer("GET", "/d", 405, {"message": "not so"}),
        ]
    )

    assert draft.layers["framework"]["envelope"] == ["fastapi-detail", "other-3"]
    assert [(one.fields["layer"], one.fields.get("id", one.code)) for one in draft.entries] == [
        ("service", "FULL"),
        ("framework", "framework-404"),
        ("framework", "framework-405"),
    ]


def test_a_body_of_a_message_alone_is_told_apart_from_those_that_say_more() -> None:
    seen = [answer("GET", "/a", 409, {"code": "FULL", "message": "No room"}), answer("GET", "/b", 404, {"message": "not here"})]

    made = narrowed(of_answers(seen))

    assert [one["schema"].get("additionalProperties") for one in made.envelopes.values()] == [None, False]
    assert narrowed(of_answers(seen[1:])).envelopes["service"]["schema"].get("additionalProperties") is None
