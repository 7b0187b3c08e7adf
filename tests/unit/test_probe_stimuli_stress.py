"""The stimuli that try the limits of a service: off by default, bounded, last, and stopped when they have their answer."""

from __future__ import annotations

from typing import Any

import pytest

from errlint.errors import ConfigError
from errlint.probe.observe import observe
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.probe.trial import Trial
from tests.services.lax import Reply, Seen, document, lax, problem, spec_of, things

BASE = "http://127.0.0.1:9/v1"


def planned(*stress: str, doc: dict[str, Any] | None = None, **options: Any) -> tuple[Trial, ...]:
    return plan(spec_of(doc or things()), Options(BASE, stress=stress, **options)).stress


def sent(*stress: str, **options: Any) -> list[Seen]:
    """What came over the wire behind the usual requests."""

    def refuse(seen: Seen) -> Reply:
        return (200, {"Content-Type": "application/json"}, b"[]") if seen.method == "GET" else problem(400)

    with lax(refuse) as (url, seen):
        observe(spec_of(things()), Options(url + "/v1", generated=False, accept_inconclusive=True, **options))
        usual = len(seen)
        observe(spec_of(things()), Options(url + "/v1", generated=False, accept_inconclusive=True, stress=stress, **options))
    return seen[2 * usual :]


def test_nothing_is_sent_that_nobody_asked_for() -> None:
    assert (planned(), sent()) == ((), [])


def test_an_oversize_body_goes_to_one_operation_and_is_proven_to_be_refused() -> None:
    (trial,) = planned("oversize-body")
    request = trial.request
    assert (request.method, len(request.body or b""), request.rejected) == ("POST", 10 * 2**20 + 13, True)
    assert (request.body or b"")[:15] == b'{"errlint": "aa'
    (seen,) = sent("oversize-body=1")
    assert (seen.method, len(seen.body)) == ("POST", 2**20 + 13)


def test_a_long_url_and_a_huge_header_go_to_one_read() -> None:
    long, huge = sent("long-url=32", "huge-header=32")
    assert (long.method, long.path, len(long.target)) == ("GET", "/v1/things", 32 * 1024 + len("/v1/things?errlint="))
    assert (huge.path, len(huge.headers["x-errlint-padding"])) == ("/v1/things", 32 * 1024)
    assert [trial.request.rejected for trial in planned("long-url", "huge-header")] == [False, False]


def test_a_burst_is_bounded_and_ends_with_its_answer() -> None:
    assert len(sent("burst=20")) == 20
    count = 0

    def limited(seen: Seen) -> Reply:
        nonlocal count
        if seen.method != "GET":
            return problem(400)
        count += 1
        return problem(429, "limit", **{"Retry-After": "60"}) if count > usual + 5 else (200, {}, b"[]")

    usual = 10**6
    with lax(limited) as (url, seen):
        observe(spec_of(things()), Options(url + "/v1", generated=False, accept_inconclusive=True))
        usual, count, before = count, 0, len(seen)
        observed = observe(
            spec_of(things()), Options(url + "/v1", generated=False, accept_inconclusive=True, stress=("burst",))
        )
    assert (len(seen) - 2 * before, observed.observations[-1].status, observed.stopped) == (6, 429, "")


def test_a_burst_prefers_a_read_that_asks_for_credentials() -> None:
    answers = {"responses": {"200": {"description": ""}}}
    doc = document({"/health": {"get": {**answers, "security": []}}, "/things": {"get": answers}})
    assert {trial.label for trial in planned("burst", doc=doc)} == {"GET /things"}


def test_a_create_is_repeated_where_writes_are_allowed_and_a_conflict_is_declared() -> None:
    doc = things()
    assert planned("repeat-create", writes="allowed", doc=doc) == ()
    doc["paths"]["/things"]["post"]["responses"]["409"] = {"description": "taken"}
    first, second = planned("repeat-create", writes="allowed", doc=doc)
    assert (first.request.method, first.request.rejected, first) == ("POST", False, second)
    assert b"example-name" not in (first.request.body or b"")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("brust", "there is no stress called 'brust'"),
        ("burst=51", "burst is a number of requests from 1 to 50"),
        ("burst=0", "burst is a number of requests from 1 to 50"),
        ("oversize-body=x", "oversize-body is a number of MiB from 1 to 100"),
        ("repeat-create", "repeat-create writes, and writes are not allowed"),
    ],
)
def test_a_stress_that_makes_no_sense_is_one_line(asked: str, says: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Options(BASE, stress=(asked,))
    assert str(refused.value).startswith(says)


def test_a_connection_that_ends_in_an_oversize_body_is_no_fault() -> None:
    from errlint import api
    from errlint.checks.fold import findings
    from errlint.checks.judge import judge
    from errlint.checks.units import of_observation
    from errlint.config import Settings
    from errlint.model.exchange import Observation

    def told(trial: Trial) -> list[str]:
        assert trial.operation is not None
        seen = Observation(
            "live", trial.operation.location, None, operation=trial.operation, request=trial.request, dropped=True
        )
        plan_ = api.compiled(api.contract(["builtin:eventml"]))
        judgement = judge([of_observation(seen, plan_, lambda request: "")[0]], plan_, Settings().severities(with_catalog=True))
        return [finding.rule for finding in findings(judgement, "openapi.json")]

    assert told(planned("oversize-body=1")[0]) == []
    assert told(planned("burst=1")[0]) == ["HTP009"]
