"""Tables of every form become the entries that they hold, and hostile pages end."""

from __future__ import annotations

import csv
import html
import io
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errlint.draft import readers
from errlint.draft.tables import fragments
from errlint.errors import LoadError
from errlint.load.source import load
from errlint.model.draft import Draft

EXAMPLES = Path(__file__).parent.parent / "examples"

COLUMNS = ("code", "status", "name", "message", "description", "resolution")
HEADERS = ("Error Code", "HTTP Status", "Name", "Error Message", "Description", "Solution")


def draft(text: str, format_: str) -> Draft:
    return readers.draft(text.encode(), "page", format_, {})


def entries(text: str, format_: str) -> list[dict[str, Any]]:
    return [dict(entry.fields) for entry in draft(text, format_).entries]


ROW = {"code": "E_GONE", "status": 404, "message": "It is gone", "description": "Nothing | here", "resolution": "Look again"}

FORMS = {
    "markdown": """
## Shop E_1-9

| Code | HTTP status | Message | Meaning | How to fix |
|:-----|:-----------:|---------|---------|------------|
| `E_GONE` | 404 Not Found | **It is** [gone](https://x.example) | Nothing \\| here<br> | Look again |
""",
    "text": "Code    HTTP  Message     Meaning         How to fix\nE_GONE  404   It is gone  Nothing | here  Look again\n",
    "csv": 'Code;HTTP;Message;Meaning;"How to fix"\nE_GONE;404;It is gone;"Nothing | here";Look again\n',
    "html": """<!DOCTYPE html><html><head><title>Codes</title><style>td{}</style></head><body><!-- <table> -->
<table><tr><td>layout<table><thead><tr><th>Code<th>HTTP<th>Message<th>Meaning<th>How to fix</tr></thead>
<tr><td><code>E_GONE</code></td><td>404</td><td>It&nbsp;is <b>gone</b></td><td><p>Nothing<p>| here</td><td>Look again</td></tr>
</table></td></tr></table>""",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_row_is_an_entry_whatever_it_is_written_in(form: str) -> None:
    assert entries(FORMS[form], form) == [ROW]
    assert entries(FORMS[form], "auto") == [ROW]


def test_a_cell_over_several_rows_counts_in_each() -> None:
    page = """<table><tr><th>HTTP</th><th>Code</th><th>Description</th></tr>
    <tr><td rowspan="2">404</td><td>A_1</td><td>one</td></tr><tr><td>A_2</td><td>two</td></tr>
    <tr><td colspan="3">Others</td></tr><tr><td>409</td><td>A_3</td><td>three</td></tr></table>"""
    assert [(one["code"], one["status"]) for one in entries(page, "html")] == [("A_1", 404), ("A_2", 404), ("A_3", 409)]


def test_a_table_in_chinese() -> None:
    header = "| 状态码 | 错误码 | 错误信息 | 说明 | 处理措施 |\n|---|---|---|---|---|\n"
    page = header + "| 401 | APIG.0301 | Incorrect IAM | 认证失败 | 检查token |\n"
    assert entries(page, "markdown") == [
        {"code": "APIG.0301", "status": 401, "message": "Incorrect IAM", "description": "认证失败", "resolution": "检查token"}
    ]


def test_tables_of_something_else_are_left_out_and_told() -> None:
    page = """
| Code | Description |
|------|-------------|
| 404 | Not found |

| Name | Type |
|------|------|
| id | string |

| Code | Message | Description |
|------|---------|-------------|
| `BLOB_UNKNOWN` | blob unknown | It is unknown. |
"""
    made = draft(page, "markdown")
    assert [dict(entry.fields) for entry in made.entries] == [
        {"code": "BLOB_UNKNOWN", "message": "blob unknown", "description": "It is unknown."}
    ]
    assert made.read == (
        "page: 1 row in 1 table, 1 entry",
        "1 row without a status",
        "the table at line 2 is left out: its codes are HTTP statuses",
        "the table at line 6 is left out: its column Name holds no codes",
    )


def test_the_table_of_oci_as_its_specification_writes_it() -> None:
    """Padded columns, codes in backticks, one table for all and small ones for operations (OCI distribution-spec)."""
    known = load((EXAMPLES / "oci-registry" / "catalog.yaml").read_bytes(), "catalog.yaml").data["errors"]
    shown = [(entry["code"], entry["message"]) for entry in known]

    def table(rows: list[tuple[str, str]]) -> str:
        lines = [
            ("Code", "Message", "Description"),
            ("-" * 25, "-" * 50, "-" * 80),
            *((f"`{c}`", m, "It is so.") for c, m in rows),
        ]
        return "\n".join(f"| {code.ljust(25)} | {message.ljust(50)} | {text.ljust(80)} |" for code, message, text in lines)

    page = f"### Errors\n\nThe codes:\n\n{table(shown)}\n\n###### On Failure\n\n{table(shown[-1:])}\n"
    made = draft(page, "markdown")
    assert [(entry.code, entry.fields["message"]) for entry in made.entries] == shown
    assert made.read[0] == f"page: {len(shown) + 1} rows in 2 tables, {len(shown)} entries"


def test_statuses_as_people_write_them() -> None:
    page = "code,status\nA_1,400/404\nA_2,5xx\nA_3,HTTP 409 Conflict\nA_4,soon\nA_5,-\n"
    assert [(one["code"], one.get("status")) for one in entries(page, "csv")] == [
        ("A_1", [400, 404]),
        ("A_2", "5XX"),
        ("A_3", 409),
        ("A_4", None),
        ("A_5", None),
    ]


def test_codes_of_digits_are_numbers_and_asked_about() -> None:
    made = draft("code,http,message\n1001,404,gone\n007,400,odd\n", "csv")
    assert [entry.code for entry in made.entries] == [1001, "007"]
    assert made.doubts == ("the code 1001 is digits: numbers in the body, or texts? quote texts",)


def test_glued_rows_are_cut_at_the_likelier_place_and_told() -> None:
    page = (
        "CodeHTTPNameDescriptionResolution\n"
        "A_100400NO_JSONThe body is no JSONSend JSON\n"
        "A_101401BAD_JWTJWT is oldGet a new one\n"
        "A_102404GONEA thing of OpenAPIs is goneLook again\n"
        "nonsense\n"
    )
    made = draft(page, "text")
    assert [(one["name"], one["description"], one["resolution"]) for one in (dict(e.fields) for e in made.entries)] == [
        ("NO_JSON", "The body is no JSON", "Send JSON"),
        ("BAD_JWT", "JWT is old", "Get a new one"),
        ("GONE", "A thing of OpenAPIs is gone", "Look again"),
    ]
    assert [len(entry.doubts) for entry in made.entries] == [1, 1, 1]
    assert made.doubts == ("page:5: no row of the table: “nonsense”",)


WORDS = st.text("abcdefgh ÄÖ中%{}|<>&`\"'", min_size=1, max_size=30).map(lambda text: " ".join(("x" + text + "y").split()))
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.from_regex(r"[A-Z]{2,5}_[0-9]{3}", fullmatch=True),
            "status": st.sampled_from([400, 401, 404, 409, 422, 429, 500, 503, "5XX"]),
        },
        optional={
            "name": st.from_regex(r"[A-Z]{3,8}_[A-Z]{2,6}", fullmatch=True),
            "message": WORDS,
            "description": WORDS,
            "resolution": WORDS,
        },
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda entry: entry["code"],
)


def cells(entry: dict[str, Any]) -> list[str]:
    return [str(entry.get(column, "")) for column in COLUMNS]


def as_markdown(rows: list[dict[str, Any]]) -> str:
    def cell(text: str) -> str:
        return "".join("\\" + char if char in "|<>&`*_[]\\" else char for char in text)

    lines = [HEADERS, ["---"] * len(HEADERS), *([cell(text) for text in cells(row)] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def as_html(rows: list[dict[str, Any]]) -> str:
    lines = [HEADERS, *(cells(row) for row in rows)]
    return (
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in line) + "</tr>" for line in lines)
        + "</table>"
    )


def as_csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([HEADERS, *(cells(row) for row in rows)])
    return out.getvalue()


@settings(max_examples=60)
@given(ENTRIES)
def test_a_written_table_reads_back_equal(rows: list[dict[str, Any]]) -> None:
    written = [{column: row[column] for column in COLUMNS if column in row} for row in rows]
    for format_, text in (("markdown", as_markdown(rows)), ("html", as_html(rows)), ("csv", as_csv(rows))):
        read = [{column: one[column] for column in COLUMNS if column in one} for one in entries(text, format_)]
        assert read == written, format_


HOSTILE = {
    "one long line": ("a " * 2_000_000, "text"),
    "one long row": ("code,http,message\n" + "a," * 1_000_000, "csv"),
    "a quote that never ends": ('code,http,message\n"' + "a\n" * 300_000, "csv"),
    "pipes": ("| code | http |\n|--|--|\n" + "|" * 1_000_000, "markdown"),
    "dashes": ("|-" * 500_000 + "\n" + "|-" * 500_000, "markdown"),
    "brackets": ("| code | http |\n|--|--|\n| " + "[a](" * 10_000 + " | 404 |\n", "markdown"),
    "backticks": ("| code | http |\n|--|--|\n| " + "`" * 20_000 + "a | 404 |\n", "markdown"),
    "stars": ("| code | http |\n|--|--|\n| " + "**a " * 10_000 + " | 404 |\n", "markdown"),
    "nested tables": ("<table><tr><td>" * 5_000, "html"),
    "tags that never end": ("<a " * 200_000, "html"),
    "comments that never end": ("<!-- >" * 200_000, "html"),
    "sections that never end": ("<![CDATA[ >" * 100_000, "html"),
    "many columns": ("<table><tr>" + "<td colspan=99999 rowspan=99999>a" * 1_000 + "<tr>" * 500, "html"),
    "braces": ("{" * 500_000, "text"),
    "capitals": ("CodeHTTPNameDescription\n" + "A" * 3_900 + "\n" + "A_1400" + "Aa" * 1_900, "text"),
    "headers": ("Code\n\nHTTP\n\n" * 5_000, "text"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end(name: str) -> None:
    text, format_ = HOSTILE[name]
    assert outcome(text, format_) in (0, 1, "one line")


def outcome(text: str, format_: str) -> Any:
    try:
        return len(draft(text, format_).entries)
    except LoadError as error:
        return "one line" if len(error.line()) < 300 else error.line()


def test_a_row_that_stands_twice_is_one_and_texts_that_differ_by_status_are_variants():
    [entry] = draft("code,status,message\nE1,404,a\nE1,404,a\nE1,400,b\n", "csv").entries
    assert (entry.fields["variants"], entry.doubts) == ([{"status": 404, "message": "a"}, {"status": 400, "message": "b"}], ())


def test_a_range_of_statuses_is_asked_for():
    [entry] = draft("code,status\nE1,400-404\n", "csv").entries
    assert entry.doubts == ("its status “400-404” looks like a range: which ones are meant?",)


def test_a_cell_that_is_laid_out_by_a_table_of_one_row_keeps_its_text():
    inner = "<table><tr><td>It is<td>gone</table>"
    page = f"<table><tr><th>Code<th>Status<th>Message<tr><td>E_1<td>400<td>{inner}<tr><td>E_2<td>404</table>"
    assert [one.get("message") for one in entries(page, "html")] == ["It is gone", None]


@pytest.mark.parametrize(
    ("cell", "status", "doubts"),
    [
        ("404.0", 404, ()),
        ("HTTP 404.", 404, ()),
        ("Not Found", 404, ()),
        ("-", None, ()),
        ("999", None, ("its status “999” is no HTTP status: which one?",)),
    ],
)
def test_a_status_is_read_as_people_and_spreadsheets_write_it(cell: str, status: int | None, doubts: tuple[str, ...]):
    [entry] = draft(f"code,status\nE1,{cell}\n", "csv").entries
    assert (entry.fields.get("status"), entry.doubts) == (status, doubts)


def test_of_two_header_rows_the_lower_one_names_the_columns_and_a_foot_is_no_entry():
    head = "<tr><th colspan=2>Error<th rowspan=2>Message<tr><th>Code<th>HTTP status"
    page = f"<table>{head}<tr><td>E_1<td>404<td>gone<tr><td>Code<td>HTTP status<td>Message</table>"
    assert entries(page, "html") == [{"code": "E_1", "status": 404, "message": "gone"}]


def test_the_mark_of_a_footnote_is_no_part_of_a_code_and_a_row_of_dashes_is_no_entry():
    page = "<table><tr><th>Code<th>Status<tr><td>E_1<sup>1</sup><td>404<tr><td>E_2<sup>th</sup><td>400<tr><td>—<td>-</table>"
    assert [one["code"] for one in entries(page, "html")] == ["E_1", "E_2th"]


def test_a_category_keeps_its_name_as_its_title():
    found = draft("code,status,category\nE1,404,Model Store\nE2,400,model store\n", "csv").categories
    assert found == {"model-store": {"title": "Model Store"}}


def test_an_odd_escape_in_what_python_printed_warns_nobody() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert fragments.body(r"{'code': 'A_1', 'message': 'a\d'}") == {"code": "A_1", "message": r"a\d"}
    assert told == []
