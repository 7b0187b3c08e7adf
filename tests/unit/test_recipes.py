"""Recipes: what a catalog may write, what is sent in which order with which values, and what comes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from errlint import api
from errlint.demo.server import serve
from errlint.demo.service import READER_TOKEN, TOKEN, create_app
from errlint.errors import LoadError
from errlint.load.catalog import read_catalog
from errlint.load.openapi import read_spec
from errlint.load.source import load
from errlint.model.finding import Report
from errlint.model.recipe import Recipe
from errlint.probe.auth import Fixed
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.probe.played import Played, read, written
from errlint.probe.recipes import Player
from errlint.probe.secret import Secret
from errlint.probe.trial import Trial
from errlint.probe.wire.sender import Answer

BASE = "http://127.0.0.1:1/v1"
HEAD = "errlint: 1\nservice: {name: shop}\nenvelopes: {eventml: {use: eventml}}\n"
SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/items": {"get": {"responses": {}}, "post": {"responses": {}}},
        "/items/{id}": {"get": {"responses": {}}, "delete": {"responses": {}}},
        "/items/new": {"get": {"responses": {}}},
        "/touch": {"get": {"responses": {}, "x-errlint": {"writes": True}}},
    },
}


def cooked(tmp_path: Path, recipe: dict[str, Any]) -> tuple[Recipe, ...]:
    """The recipes of a catalog with one entry."""
    path = tmp_path / "shop.yaml"
    path.write_text(HEAD + f"errors: [{{code: A, status: 409, provoke: {json.dumps(recipe)}}}]\n")
    return read_catalog(str(path)).catalog.codes[0].recipes


class Service:
    """Answers from a script: (status, body) or an exception a request; a status alone has the body ``{}``."""

    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.trials: list[Trial] = []

    def exchange(self, trial: Trial) -> Answer:
        self.trials.append(trial)
        told = self.script.pop(0) if self.script else 200
        if isinstance(told, BaseException):
            raise told
        if told is None:
            return Answer(trial.request, failure="timeout", why="no answer in time")
        status, body, *headers = told if isinstance(told, tuple) else (told, {})
        return Answer(trial.request, status, dict(*headers), json.dumps(body).encode())

    @property
    def asked(self) -> list[str]:
        return [f"{trial.request.method} {trial.request.url.removeprefix(BASE)}" for trial in self.trials]


def player(found: tuple[Recipe, ...], /, **options: Any) -> Player:
    options = {"headers": (("Authorization", "Bearer user-token"),), "recipes": True, **options}
    planned = plan(read_spec(load(json.dumps(SPEC).encode(), "spec.json")).spec, Options(base_url=BASE, **options), found)
    return Player(planned.scene, planned.recipes)


def play(found: tuple[Recipe, ...], /, *script: Any, room: int = 100, **options: Any) -> tuple[Service, Player]:
    service, playing = Service(*script), player(found, **options)
    playing.play(service.exchange, lambda: room)
    return service, playing


CREATE = {"method": "POST", "path": "/items", "body": {"name": "a-${$word}"}, "save": {"id": "/id"}}
AGAIN = {"method": "POST", "path": "/items", "body": {"name": "a-${$word}"}}
REMOVE = {"method": "DELETE", "path": "/items/${id}"}
TAKEN = {"setup": [CREATE], "request": AGAIN, "teardown": [REMOVE]}


def test_setup_request_and_teardown_are_sent_in_order_and_share_their_values(tmp_path):
    service, playing = play(cooked(tmp_path, TAKEN), (201, {"id": 7}), 409, 204)
    assert service.asked == ["POST /items", "POST /items", "DELETE /items/7"]
    first, second, third = (trial.request for trial in service.trials)
    assert first.body == second.body
    assert [(one.stimulus, one.rejected, one.writes) for one in (first, second, third)] == [
        ("setup 1 of A", False, True),
        ("recipe of A", False, True),
        ("teardown 1 of A", False, True),
    ]
    assert [trial.label for trial in service.trials] == ["POST /items", "POST /items", "DELETE /items/{id}"]
    assert playing.played == [Played(("service", "A"), "answered", "", "its request (POST /items)", "recipe of A", 409)]
    assert (list(playing.wrote), playing.notes) == (["POST /items", "DELETE /items/{id}"], [])


def test_the_same_seed_makes_the_same_values_and_another_makes_others(tmp_path):
    recipes = cooked(tmp_path, {"request": {"method": "GET", "path": "/items/${$uuid}/${$int}/${$word}/${$word.b}"}})
    one, two, other = (play(recipes, seed=seed)[0].asked for seed in (0, 0, 1))
    assert one == two != other
    word, second = one[0].split("/")[-2:]
    assert len(word) == len(second) == 12
    assert word != second


@pytest.mark.parametrize(
    ("step", "saved", "url"),
    [
        ({"path": "/items/${v}"}, "../a b?c#d", "/items/..%2Fa%20b%3Fc%23d"),
        ({"path": "/items/${v}"}, "..", "/items/%2E%2E"),
        ({"path": "/items/${v}"}, "é", "/items/%C3%A9"),
        ({"path": "/items/${v}"}, True, "/items/true"),
        ({"path": "/items?name=${v}&x=1"}, "a&b=c", "/items?name=a%26b%3Dc&x=1"),
        ({"path": "/items", "query": {"n": "${v}", "m": [1, True]}}, "a&b", "/items?n=a%26b&m=1&m=true"),
        ({"path": "/items?a=1", "query": {"n": "${v}"}}, "x", "/items?a=1&n=x"),
        ({"path": "items/$${v}"}, "x", "/items/$%7Bv%7D"),
        ({"path": "${v}"}, "/v1/items/3", "/items/3"),
        ({"path": "${v}"}, f"{BASE}/items/4", "/items/4"),
        ({"path": "${v}"}, "items/5", "/items/5"),
    ],
)
def test_a_value_is_quoted_for_its_place_in_the_address(tmp_path, step, saved, url):
    recipe = {"setup": [{"method": "GET", "path": "/items", "save": {"v": "/v"}}], "request": {"method": "GET", **step}}
    service, _ = play(cooked(tmp_path, recipe), (200, {"v": saved}), 409)
    assert service.asked[1] == f"GET {url}"


@pytest.mark.parametrize(
    ("body", "headers", "sent"),
    [
        ({"id": "${v}", "all": ["${v}", "n ${v}"], "${v}": 1}, {}, b'{"id": 7, "all": [7, "n 7"], "7": 1}'),
        ('{"id": ', {}, b'{"id": '),
        ("id=${v}", {"Content-Type": "text/plain"}, b"id=7"),
        ({"id": "${v}", "t": "a b&c"}, {"content-type": "application/x-www-form-urlencoded"}, b"id=7&t=a+b%26c"),
        (None, {}, b"null"),
    ],
)
def test_a_body_is_json_unless_it_is_a_text_or_a_form(tmp_path, body, headers, sent):
    request = {"method": "POST", "path": "/items", "headers": headers, "body": body}
    recipe = {"setup": [{"method": "GET", "path": "/items", "save": {"v": "/v"}}], "request": request}
    service, _ = play(cooked(tmp_path, recipe), (200, {"v": 7}), 409)
    assert service.trials[1].request.body == sent
    types = [value for name, value in service.trials[1].request.headers if name.lower() == "content-type"]
    assert types == [next(iter(headers.values()), "application/json")]


def test_a_request_carries_the_credentials_of_whom_it_says(tmp_path):
    steps = [{"method": "GET", "path": "/items", "as": who} for who in ("user", "low", "none")]
    recipes = cooked(tmp_path, {"setup": steps, "request": steps[0]})
    service, _ = play(recipes, low_auth=(Fixed(Secret("Bearer low-token")),))
    tokens = [dict(trial.request.headers).get("Authorization") for trial in service.trials]
    assert tokens == ["Bearer user-token", None, None, "Bearer user-token"]
    assert [trial.identity for trial in service.trials] == ["user", "low", "none", "user"]
    service, playing = play(recipes)
    assert len(service.trials) == 1
    assert playing.played[0].why == "it needs a second user: give --low-auth"


def test_a_token_that_a_recipe_gets_stands_in_no_repr(tmp_path):
    login = {"method": "GET", "path": "/items", "as": "none", "save": {"token": "/token"}}
    request = {"method": "GET", "path": "/items", "headers": {"Authorization": "Bearer ${token}"}}
    service, playing = play(cooked(tmp_path, {"setup": [login], "request": request}), (200, {"token": "s3cr3t-token"}), 409)
    assert dict(service.trials[1].request.headers)["Authorization"] == "Bearer s3cr3t-token"
    assert "s3cr3t-token" not in repr(service.trials[1].request.headers)
    assert playing.secrets == {"s3cr3t-token", "Bearer s3cr3t-token"}


@pytest.mark.parametrize(
    ("saved", "answer", "url"),
    [
        ({"header": "Location"}, (201, {}, {"location": "a b"}), "/items/a%20b"),
        ({"header": "location", "extract": "([^/]+)$"}, (201, {}, {"location": "/v1/items/9"}), "/items/9"),
        ({"pointer": "/list/0/a~1b"}, (201, {"list": [{"a/b": 3}]}), "/items/3"),
        ("", (201, 5), "/items/5"),
    ],
)
def test_a_value_is_saved_from_a_header_or_from_the_body(tmp_path, saved, answer, url):
    setup = [{"method": "POST", "path": "/items", "save": {"id": saved}}]
    service, _ = play(cooked(tmp_path, {"setup": setup, "request": {"method": "GET", "path": "/items/${id}"}}), answer)
    assert service.asked == ["POST /items", f"GET {url}"]


SETUP = "setup request 1 (POST /items)"


@pytest.mark.parametrize(
    ("script", "sent", "played"),
    [
        ([404], 1, ("ended", "", SETUP, 404)),
        ([(201, {})], 1, ("ended", "a member /id is missing, id cannot be saved", SETUP, None)),
        ([(201, {"id": "x" * 5000})], 1, ("ended", "the value of id is too long", SETUP, None)),
        ([None], 1, ("ended", "no answer (no answer in time)", SETUP, None)),
        (
            [(201, {"id": 1}), None],
            3,
            ("ended", "no answer (no answer in time)", "its request (POST /items)", None),
        ),
    ],
)
def test_a_recipe_ends_where_it_cannot_go_on_and_cleans_up_what_it_made(tmp_path, script, sent, played):
    service, playing = play(cooked(tmp_path, TAKEN), *script)
    assert len(service.asked) == sent
    assert [(one.state, one.why, one.step, one.status) for one in playing.played] == [played]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"recipes": False, "writes": "never"}, "it leads to an operation that may write"),
        ({"recipes": False}, "it leads to an operation that may write"),
        ({"exclude": ("GET /touch",)}, "it leads to an operation that was left out by the user"),
    ],
)
def test_a_saved_value_leads_no_request_where_the_recipe_itself_may_not_go(tmp_path, options, why):
    seek = {"method": "GET", "path": "/items", "save": {"where": "/next"}}
    recipes = cooked(tmp_path, {"setup": [seek], "request": {"method": "GET", "path": "/${where}"}})
    service, playing = play(recipes, (200, {"next": "touch"}), **options)
    assert service.asked == ["GET /items"]
    assert [(one.state, one.why) for one in playing.played] == [("ended", why)]


def test_an_address_on_another_host_is_never_asked(tmp_path):
    recipe = {
        "setup": [{"method": "GET", "path": "/items", "save": {"next": "/next"}}],
        "request": {"method": "GET", "path": "${next}"},
    }
    for address in ("http://example.test/x", "//example.test/x", "http://127.0.0.1:1@example.test/", "http://["):
        service, playing = play(cooked(tmp_path, recipe), (200, {"next": address}))
        assert service.asked == ["GET /items"]
        assert playing.played[0].state == "ended"


def test_a_value_with_a_line_break_goes_into_no_header(tmp_path):
    recipe = {
        "setup": [{"method": "GET", "path": "/items", "save": {"v": "/v"}}],
        "request": {"method": "GET", "path": "/items", "headers": {"X-Id": "${v}"}},
    }
    service, playing = play(cooked(tmp_path, recipe), (200, {"v": "a\r\nX-Evil: 1"}))
    assert service.asked == ["GET /items"]
    assert playing.played[0].why == "the value of its header X-Id holds characters that no header can hold"


def test_the_teardown_is_sent_after_an_interrupt_and_the_interrupt_goes_on(tmp_path):
    service, playing = Service((201, {"id": 7}), KeyboardInterrupt(), 204), player(cooked(tmp_path, TAKEN))
    with pytest.raises(KeyboardInterrupt):
        playing.play(service.exchange, lambda: 100)
    assert service.asked == ["POST /items", "POST /items", "DELETE /items/7"]


def test_a_teardown_that_fails_is_told_unless_there_is_nothing_left(tmp_path):
    for status, notes in (
        (404, []),
        (
            500,
            ["The recipe of A: teardown request 1 (DELETE /items/${id}) was answered 500: it may have left something behind."],
        ),
    ):
        _, playing = play(cooked(tmp_path, TAKEN), (201, {"id": 7}), 409, status)
        assert playing.notes == notes


def test_no_recipe_starts_that_the_limits_leave_no_room_for(tmp_path):
    service, playing = play(cooked(tmp_path, TAKEN), room=2)
    assert service.asked == []
    assert playing.played == [Played(("service", "A"), "left-out", "the limits of the run leave no room for it")]


READ = {"request": {"method": "GET", "path": "/items"}}
TOUCH = {"request": {"method": "GET", "path": "/touch"}}


@pytest.mark.parametrize(
    ("recipe", "options", "why"),
    [
        (READ, {"recipes": False}, None),
        (READ, {"writes": "never"}, None),
        (TAKEN, {"recipes": False}, "it writes, add --recipes"),
        (TOUCH, {"recipes": False}, "it writes, add --recipes"),
        (TAKEN, {"recipes": False, "writes": "allowed"}, None),
        (TAKEN, {"writes": "never"}, "it writes, and writes are switched off"),
        (TAKEN, {"exclude": ("DELETE /items/{id}",)}, "an operation that it needs was left out by the user"),
        (TAKEN, {"include": ("GET /items",)}, "its operation was left out by the user"),
        (TAKEN, {"include": ("POST /items",)}, None),
    ],
)
def test_what_is_played_depends_on_what_it_may_change(tmp_path, recipe, options, why):
    chosen = player(cooked(tmp_path, recipe), **options).chosen
    assert ([one.why for one in chosen.left_out], len(chosen.recipes)) == (([], 1) if why is None else ([why], 0))


def test_the_plan_counts_the_requests_of_the_recipes_and_their_writes(tmp_path):
    recipes = cooked(tmp_path, TAKEN) + cooked(tmp_path, READ)
    chosen = player(recipes).chosen
    assert (len(chosen.recipes), chosen.requests, chosen.writes) == (2, 4, 3)


def test_a_concrete_path_is_met_before_a_templated_one(tmp_path):
    service, _ = play(cooked(tmp_path, {"setup": [], "request": {"method": "GET", "path": "/items/new"}}))
    assert [trial.label for trial in service.trials] == ["GET /items/new"]
    service, _ = play(cooked(tmp_path, {"setup": [], "request": {"method": "GET", "path": "/nowhere"}}))
    assert [trial.label for trial in service.trials] == [None]


# What is wrong with a recipe


def get(path: str = "/a", **more: Any) -> dict[str, Any]:
    return {"method": "GET", "path": path, **more}


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"request": get("/a/${b}")}, "${b} has no value; no earlier request saves it", "request/path"),
    (
        {"setup": [get(save={"model": "/id"})], "request": get("/${modle}")},
        "${modle} has no value; did you mean model?",
        "request/path",
    ),
    (
        {"request": get(save={"b": "/b"}, query={"b": "${b}"})},
        "${b} has no value; no earlier request saves it",
        "request/query",
    ),
    (
        {"request": get("/${$name}")},
        "there is no fresh value ${$name}: known are $uuid, $int and $word",
        "request/path",
    ),
    (
        {"request": get(body=["${x"])},
        "${ is never closed: write ${name}, or $${ for the characters themselves",
        "request/body",
    ),
    (
        {"request": get("http://example.test/a")},
        "path http://example.test/a is an address: write the path below the base url, such as /models",
        "request/path",
    ),
    ({"request": {"method": "G T", "path": "/a"}}, "method 'G T' is no HTTP method", "request/method"),
    ({"request": get(headers={"Host": "b"})}, "the header Host cannot be set", "request/headers/Host"),
    ({"request": get(headers={"X": {}})}, "the header X must be a text or a number", "request/headers/X"),
    (
        {"request": get(query={"x": [{}]})},
        "the query parameter x must be a text, a number or a list of them",
        "request/query/x",
    ),
    (
        {"request": get(save={"b": "id"})},
        "id is no JSON pointer (RFC 6901): it starts with a slash, such as /id",
        "request/save/b",
    ),
    (
        {"request": get(save={"b": 5})},
        "b is saved from a pointer such as /id, or from an object with pointer or header, and extract",
        "request/save/b",
    ),
    ({"request": get(save={"b": {}})}, "b is saved from one place: a pointer or a header", "request/save/b"),
    ({"request": get(save={"b": {"pointer": "/b", "extract": "("}})}, "( is no regular expression", "request/save/b"),
    (
        {"request": get(save={"b": {"pointer": "/b", "extract": "x"}})},
        "x has no group to take: write the value in parentheses",
        "request/save/b",
    ),
    (
        {"request": get(save={"$b": "/b"})},
        "'$b' cannot be the name of a saved value: write letters, digits, _ and -",
        "request/save/$b",
    ),
    ({"setup": [get()] * 20, "request": get()}, "a recipe has at most 20 requests, this one has 21", ""),
]


@pytest.mark.parametrize(("recipe", "message", "place"), FAULTS, ids=[message for _, message, _ in FAULTS])
def test_what_is_wrong_with_a_recipe_is_found_with_its_place(tmp_path, recipe, message, place):
    (found,) = cooked(tmp_path, recipe)
    assert [(text, at.pointer) for text, at in found.faults] == [
        (message, ("errors", "0", "provoke", *filter(None, place.split("/"))))
    ]


def test_a_broken_recipe_is_an_error_of_the_catalog_and_ends_a_probe_but_no_lint(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(
        HEAD + "errors:\n- code: A\n  status: 409\n  provoke:\n  - no-auth\n  - request: {method: GET, path: '/a/${b}'}\n"
    )
    report = api.check_catalog([str(path)])
    message = "A: its recipe cannot be played: ${b} has no value; no earlier request saves it"
    assert [(one.rule, one.message, one.location.line) for one in report.findings] == [("CAT001", message, 9)]
    spec = load(json.dumps(SPEC).encode(), "spec.json")
    with pytest.raises(LoadError) as stopped:
        api.probe(spec, Options(base_url=BASE), [str(path)])
    assert stopped.value.line() == f"{path}:9:28: {message}"
    assert api.lint([spec], [str(path)]).outcome == "clean"


def test_a_request_that_is_missing_breaks_the_format(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(HEAD + "errors: [{code: A, status: 409, provoke: {setup: []}}]\n")
    assert [one.rule for one in api.check_catalog([str(path)]).findings] == ["CAT001"]


def test_a_catalog_adds_recipes_to_the_entries_that_it_inherits(tmp_path):
    text = "errlint: 1\nservice: {name: mine}\nextends: builtin:eventml\nerrors: []\nrecipes:\n"
    path = tmp_path / "mine.yaml"
    path.write_text(text + "  ML_1104: {request: {method: GET, path: /a}}\n  ML_110: {request: {method: GET, path: /a}}\n")
    file = read_catalog(str(path), lenient=True)
    entry = next(code for code in file.catalog.codes if code.id == "ML_1104")
    assert (entry.reachable, [recipe.location.pointer for recipe in entry.recipes]) == ("probe", [("recipes", "ML_1104")])
    assert [(text, at.pointer) for text, at in file.invalid] == [
        ("there is no entry ML_110; did you mean ML_1104?", ("recipes", "ML_110"))
    ]


# Over real HTTP

ROOT = Path(__file__).parents[2]


def probed(app: Any, **options: Any) -> Report:
    with serve(app) as url:
        headers = (("Authorization", f"Bearer {TOKEN}"),)
        return api.probe(
            str(ROOT / "errlint/demo/openapi.yaml"),
            Options(base_url=f"{url}/v1", headers=headers, generated=False, **options),
            ["pkg:errlint/demo/catalog.yaml"],
        )


@pytest.fixture(scope="module")
def twice() -> tuple[Any, Report, Report]:
    """A service that was probed with recipes twice, and both reports."""
    app = create_app()
    return app, probed(app, recipes=True), probed(app, recipes=True)


def test_with_recipes_every_code_that_can_be_reached_is_seen_and_nothing_is_wrong(twice):
    _, report, _ = twice
    assert report.coverage is not None
    assert [(one.id, one.reason) for one in report.coverage.codes if one.counted and not one.observed] == [
        ("ML_1701", "second-user")
    ]
    assert report.findings == ()
    report = probed(create_app(), recipes=True, low_auth=(Fixed(Secret(f"Bearer {READER_TOKEN}")),))
    assert [one.id for one in report.coverage.codes if one.counted and not one.observed] == []
    assert report.findings == ()


def test_the_recipes_of_the_demo_leave_no_model_behind_and_can_be_played_again(twice):
    app, first, second = twice
    assert [one.state for one in second.coverage.codes] == [one.state for one in first.coverage.codes]
    assert app.store.tables["models"] == {}


def test_without_the_flag_no_recipe_writes():
    app = create_app()
    report = probed(app)
    assert (app.store.counts, [note for note in report.notes if "written" in note]) == ({}, [])
    assert {one.why for one in report.coverage.codes if one.id in ("ML_1102", "ML_1600")} == {
        "its recipe was not played: it writes, add --recipes"
    }


def test_what_a_recipe_may_have_written_is_said(twice):
    (wrote,) = [note for note in twice[1].notes if note.startswith("May have written, was answered 2xx")]
    assert "POST /training" in wrote


def test_a_fault_that_only_a_recipe_reaches_is_found():
    def broken(environ: Any, start_response: Any) -> Any:
        chunks: list[Any] = []
        body = b"".join(app(environ, lambda status, headers: chunks.extend((status, headers))))
        if b"ML_1600" in body:
            body = body.replace(b"ML_1600", b"ML_1699")
        start_response(*chunks)
        return [body]

    app = create_app()
    report = probed(broken, recipes=True)
    assert [(one.rule, one.operation, one.code) for one in report.findings] == [
        ("COD001", "POST /governance/approvals", "ML_1699")
    ]
    entry = next(one for one in report.coverage.codes if one.id == "ML_1600")
    assert (entry.reason, entry.why) == ("recipe-got-another", "its recipe got 403 ML_1699")


def test_after_an_interrupt_what_the_setup_made_is_removed():
    app = create_app()
    interrupted: list[str] = []

    def stop(operation: str, sent: int, *_: int) -> None:
        if app.store.tables["models"] and not interrupted:
            interrupted.append(operation)
            raise KeyboardInterrupt

    with serve(app) as url:
        headers = (("Authorization", f"Bearer {TOKEN}"),)
        options = Options(base_url=f"{url}/v1", headers=headers, generated=False, recipes=True)
        report = api.probe(str(ROOT / "errlint/demo/openapi.yaml"), options, ["pkg:errlint/demo/catalog.yaml"], progress=stop)
    assert (interrupted, report.outcome) == (["POST /models"], "interrupted")
    assert app.store.tables["models"] == {}


def test_a_limit_leaves_no_recipe_half_played():
    app = create_app()
    report = probed(app, recipes=True, max_requests=probed(create_app()).judged + 8)
    assert app.store.tables["models"] == {}
    assert app.store.counts["models"] > 0
    assert "its recipe was not played: the limits of the run leave no room for it" in {one.why for one in report.coverage.codes}


def test_a_recorded_run_says_the_same_of_its_recipes_when_it_is_judged_again(tmp_path):
    spec, catalog, record = str(ROOT / "errlint/demo/openapi.yaml"), ["pkg:errlint/demo/catalog.yaml"], str(tmp_path / "a.har")
    with serve(create_app()) as url:
        headers = (("Authorization", f"Bearer {TOKEN}"),)
        options = Options(base_url=f"{url}/v1", headers=headers, generated=False)
        first = api.probe(spec, options, catalog, record=record)
    assert api.replay(spec, record, catalog).coverage == first.coverage


@pytest.mark.parametrize("value", [None, [], {}, {"state": "answered"}, {"state": []}, {"state": "x"}])
def test_what_is_no_recipe_in_a_record_is_none(value):
    assert read(value) is None


def test_what_became_of_a_recipe_can_be_written_and_read():
    played = Played(("service", "A"), "ended", "why", "its request (GET /a)", "recipe of A", 404)
    assert read(json.loads(json.dumps(written(played)))) == played
