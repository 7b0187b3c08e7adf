"""The report as a page: what it holds, and that no text becomes anything but text. A browser reads it in tests/consumers."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO
from itertools import product
from typing import Any

import pytest

from errlint import api
from errlint.load.source import load
from errlint.model.finding import (
    CodeCoverage,
    CodeSeen,
    Coverage,
    Excerpt,
    Finding,
    Judged,
    Location,
    OperationCoverage,
    Report,
    Severity,
    Site,
    Unknown,
)
from errlint.report import View, html, json_

HOSTILE = "</script><img src=x onerror=alert(1)> ]]> <!-- \u2028 \u202e \x1b[31m & ' \" ${1} `"


class Page(HTMLParser):
    """A page as a browser's parser takes it: elements with their attributes, and the texts of style, script and data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = dict(attrs).get("type") or tag
        self.texts.setdefault(self._inside, "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[self._inside] += data


def written(report: Report, code: int = 1) -> str:
    out = StringIO()
    html.write(report, out, View("1.2.3", code))
    return out.getvalue()


def island(text: str) -> dict[str, Any]:
    """What a page knows."""
    data: dict[str, Any] = json.loads(Page(text).texts["application/json"])
    return data


def finding(number: int, text: str, severity: Severity = Severity.ERROR, suppressed: str | None = None) -> Finding:
    place = Location(f"{text}.yaml", ("paths", f"/{text}"), 7, 3)
    return Finding(
        "COD002", "code-under-wrong-status", severity, "live", text, place, f"{number:016x}", text, operation=f"GET /{text}",
        sites=(Site(f"GET /{text}", place, f"{number:016x}"),), status="404", code=text, layer=text, reproduce=f"curl {text}",
        suppressed=suppressed, excerpt=Excerpt(f"a:\t{text}", 3, 9, skipped=2, cut=True),
    )  # fmt: skip


def report(text: str) -> Report:
    levels = (Severity.ERROR, Severity.WARNING, Severity.NOTE, Severity.NOTE)
    return Report(
        "probe",
        "findings",
        tuple(finding(n, text, level, text if n == 3 else None) for n, level in enumerate(levels)),
        (Unknown("COD001", text, f"GET /{text}", "404", Location(text, ())),),
        judged=4,
        coverage=Coverage(
            (CodeCoverage(text, text, text, "404", (f"GET /{text}",), (), text, "fault", False, text, text, text),),
            (OperationCoverage(f"GET /{text}", "unreached", 2, text, (("404", 1),), (CodeSeen(text, text, True, 0),)),),
        ),
        reason=text,
        read=(text,),
        notes=(text,),
        documents=(Judged(f"{text}.yaml", text, "3.1.0", (f"GET /{text}",), 1, "", text, (text,)),),
    )


def test_the_page_holds_the_findings_of_the_json_report_notes_and_suppressed_ones_too():
    plain = report("plain")
    told = island(written(plain))
    expected = json_.document(plain, "1.2.3")
    assert [one["fingerprint"] for one in told["findings"]] == [one["fingerprint"] for one in expected["findings"]]
    assert [one | {} for one in told["findings"]] == [
        one | {"document": "plain.yaml", "excerpt": ["…a: ", "plain", "…"], "request_id": None, "link": ""}
        for one in expected["findings"]
    ]
    assert (told["summary"], told["unknown"]) == (expected["summary"], expected["unknown"])


def test_the_page_knows_what_the_catalog_says_of_its_codes_and_the_words_of_the_rules_that_spoke():
    told = island(written(report("plain")))
    assert told["coverage"]["codes"] == [
        {
            "code": "plain", "id": "plain", "layer": "plain", "statuses": "404", "declared": ["GET /plain"], "observed": [],
            "state": "declared", "why": "plain", "reason": "fault", "counted": False, "name": "plain", "category": "plain",
            "message": "plain",
        }
    ]  # fmt: skip
    assert told["coverage"]["operations"][0]["codes"] == [
        {"id": "plain", "layer": "plain", "declared": True, "observed": 0, "free": False}
    ]
    assert list(told["rules"]) == ["COD002"]
    assert told["rules"]["COD002"]["fix"] == "Return the code with its documented status, or document the other status too."


def test_hostile_text_makes_no_element_and_leaves_no_control_character():
    plain, hostile = Page(written(report("plain"))), Page(written(report(HOSTILE)))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    assert [sorted(attributes) for _, attributes in hostile.elements] == [
        sorted(attributes) for _, attributes in plain.elements
    ]
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]", written(report(HOSTILE))) == []
    assert re.findall("[<>&\u2028\u2029]", hostile.texts["application/json"]) == []
    assert island(written(report(HOSTILE)))["findings"][0]["message"] == HOSTILE.replace("\u2028", r"\u2028").replace(
        "\u202e", r"\u202e"
    ).replace("\x1b", r"\x1b")


def test_the_policy_allows_the_page_its_own_style_and_script_and_nothing_else():
    page = Page(written(report("plain")))
    (policy,) = [one["content"] for tag, one in page.elements if one.get("http-equiv") == "Content-Security-Policy"]
    style, script = (
        base64.b64encode(hashlib.sha256(page.texts[kind].encode()).digest()).decode() for kind in ("style", "script")
    )
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    assert [name for _, one in page.elements for name in one if name.startswith("on") or name == "style"] == []


def test_the_page_needs_nothing_else():
    page = Page(written(report("plain")))
    assert [one for _, one in page.elements if {"src", "srcset", "action", "data"}.intersection(one)] == []
    assert {one["href"] for _, one in page.elements if "href" in one} == {"#main"}
    assert re.findall(r"https?://|url\(|@import|innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|\bfetch\b|XMLHttp",
                      page.texts["style"] + page.texts["script"]) == []  # fmt: skip


def test_equal_input_gives_equal_bytes():
    assert written(report(HOSTILE)) == written(report(HOSTILE))


@pytest.mark.parametrize("void", ["meta"])
def test_every_element_of_the_page_is_closed(void):
    counts: dict[str, int] = {}
    markup = re.sub(r"(<(style|script)[^>]*>).*?(</\2>)", r"\1\3", written(report("plain")), flags=re.S)
    for slash, tag in re.findall(r"<(/?)([a-z][a-z0-9]*)", markup):
        counts[tag] = counts.get(tag, 0) + (-1 if slash else 1)
    assert {tag for tag, number in counts.items() if number} == {void}


TOTALS = {"error": "1", "warning": "1", "note": "1", "suppressed": "1", "unknown": "1", "judged": "4"}


def test_without_a_script_the_page_tells_outcome_totals_and_rules():
    text = written(report("plain"))
    assert dict(re.findall(r'<div data-kind="(\w+)"><dt>[^<]*</dt><dd[^>]*>([^<]*)</dd>', text)) == TOTALS
    assert '<p class="outcome" data-outcome="findings"><strong>1 error</strong><span>exit 1</span></p>' in text
    assert "<tr><td>COD002</td><td>code-under-wrong-status</td><td>3</td></tr>" in text


def test_an_input_that_stopped_the_run_is_a_page_too():
    text = written(Report("lint", "invalid-input", reason="x.yaml:1:1 is no YAML"), 2)
    assert "<strong>The input cannot be read</strong><span>exit 2</span>" in text
    assert '<p class="reason">x.yaml:1:1 is no YAML</p>' in text
    assert island(text)["findings"] == []


DOCUMENT = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      responses:
        "400":
          description: wrong
          content: {application/json: {example: {error: {code: ML_9999, message: m, http: 400}}}}
"""


def test_a_lint_names_category_and_message_of_each_code():
    told = island(written(api.lint([load(DOCUMENT.encode(), "things.yaml")], ["builtin:eventml"])))
    (code,) = [one for one in told["coverage"]["codes"] if one["id"] == "ML_1001"]
    assert {name: code[name] for name in ("name", "category", "message")} == {
        "name": "MODEL_NOT_FOUND",
        "category": "Models",
        "message": "Specified model does not exist",
    }
    (unknown,) = [one for one in told["findings"] if one["rule"] == "COD001"]
    assert "".join(unknown["excerpt"]) == DOCUMENT.splitlines()[unknown["location"]["line"] - 1]
    assert unknown["excerpt"][1] == "code"


# Contrast: WCAG 2.2, success criteria 1.4.3 (text, 4.5) and 1.4.11 (signs and edges of controls, 3)

TEXT = ("text", "soft", "link", "error", "warning", "note", "good")
GROUNDS = ("back", "raised")
SIGNS = ("edge", "error", "good", "note", "soft")


def colours() -> Iterator[tuple[str, str, str]]:
    style = Page(written(Report("lint", "clean"), 0)).texts["style"]
    yield from re.findall(r"--([a-z]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", style)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_text_and_sign_stands_out_in_both_themes():
    light = {name: colour for name, colour, _ in colours()}
    dark = {name: colour for name, _, colour in colours()}
    wanted = [*((one, ground, 4.5) for one, ground in product(TEXT, GROUNDS)), ("text", "marked", 4.5), ("text", "meant", 4.5)]
    wanted += [
        ("soft", "meant", 4.5),
        ("text", "pressed", 4.5),
        *((one, ground, 3.0) for one, ground in product(SIGNS, GROUNDS)),
    ]
    faint = [
        (theme, one, ground, round(contrast(theme_of[one], theme_of[ground]), 2))
        for theme, theme_of in (("light", light), ("dark", dark))
        for one, ground, least in wanted
        if contrast(theme_of[one], theme_of[ground]) < least
    ]
    assert faint == []
