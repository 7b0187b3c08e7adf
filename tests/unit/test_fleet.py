"""One call over many services: each is held to its own catalog, and one table tells how they stand."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from errlint.cli.main import run
from errlint.model.finding import Report, Service
from errlint.report import View, csv_, services_text
from tests.promised import kept
from tests.unit.fleet_maker import catalog, document, fleet, service, write

ONLY = ("--select", "COD001,COV001")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = run(["lint", *arguments])
    shown = capsys.readouterr()
    assert code in (0, 1), shown.err
    return shown.out


def table(text: str) -> list[list[str]]:
    """The rows of the table in a text report, split at two blanks."""
    lines = text.split("\n\n")[-2].strip("\n").splitlines()
    return [[cell.strip() for cell in line.split("  ") if cell] for line in lines]


def test_each_of_a_hundred_services_is_held_to_its_own_catalog(folder, capsys):
    names = fleet(folder, 100)
    text = printed(capsys, *names, "-v", *ONLY, "-f", "text", "-f", "json:r.json", "-f", "csv:r.csv")

    report = json.loads(Path("r.json").read_text())
    kept("report", report)
    expected = {
        f"service-{index:03}": (int(index % 4 > 1), int(index % 4 == 1), 1 + (index % 4 in (0, 2)), 2, f"team {index % 10}")
        for index in range(100)
    }
    by_name = {row["service"]: row for row in report["services"]}
    assert {
        name: (one["error"], one["warning"], one["declared"], one["codes"], one["owner"]) for name, one in by_name.items()
    } == expected
    assert [one["catalogs"] for one in report["services"]] == [[f"{one['service']}/errors.json"] for one in report["services"]]
    rows = list(csv.DictReader(io.StringIO(Path("r.csv").read_text())))
    numbers = [(one["service"], one["errors"], one["warnings"], one["declared"], one["coverage"], one["owner"]) for one in rows]
    assert [
        (one["service"], str(one["error"]), str(one["warning"]), str(one["declared"]), str(one["coverage"]), one["owner"])
        for one in report["services"]
    ] == numbers
    unclear = {one["service"] for one in report["services"] if one["open"]}
    assert unclear == {f"service-{index:03}" for index in range(3, 100, 4)}, "an unknown code may be meant for the missing one"
    assert table(text) == [
        ["service", "errors", "warnings", "declared codes", "coverage", "owner"],
        *(
            [name, errors, warnings, f"{declared} of 2", f"{'≥' if name in unclear else ''}{coverage}%", owner]
            for name, errors, warnings, declared, coverage, owner in numbers
        ),
        ["100 services", "50", "25", "150 of 200", "≥75%"],
    ]


def test_without_v_a_long_table_shows_the_worst_and_counts_the_rest():
    made = [Service(f"s{number:02}", (f"{number}.yaml",), errors=max(3 - number, 0)) for number in range(30)]

    shown = list(
        services_text.lines(Report("lint", "findings", services=tuple(made), together=Service("", errors=6)), verbose=False)
    )

    assert [line.split() for line in (shown[1], shown[2], *shown[21:])] == [
        ["service", "errors", "warnings"],
        ["s00", "3", "0"],
        ["s19", "0", "0"],
        ["...", "10", "services", "more", "(-v),", "all", "of", "them", "without", "errors", "and", "warnings"],
        ["30", "services", "6", "0"],
        [],
    ]


def test_one_document_needs_no_table_and_has_its_row_in_csv_and_json(folder, capsys):
    write(folder / "openapi.json", document("Shop", "A_1"))

    assert "documents" not in printed(capsys, "openapi.json", *ONLY)
    assert printed(capsys, "openapi.json", *ONLY, "-f", "csv").splitlines()[1:] == [
        "openapi.json,,1,1,0,0,0,0,0,0,,,openapi.json"
    ]
    assert json.loads(printed(capsys, "openapi.json", *ONLY, "-f", "json"))["services"] == [
        {
            "service": "openapi.json",
            "documents": ["openapi.json"],
            "operations": 1,
            "error": 0,
            "warning": 0,
            "note": 0,
            "declared": 0,
            "open": 0,
            "codes": 0,
            "coverage": None,
            "owner": None,
            "catalogs": [],
            "config": None,
        }
    ]


def test_a_fault_in_a_file_that_two_services_share_counts_for_both(folder, capsys):
    for name in ("a", "b"):
        service(folder, name, ("A_1",), ("A_1",), name)
        shared = json.loads(Path(name, "openapi.json").read_text())
        media = shared["paths"]["/things"]["get"]["responses"]["404"]["content"]["application/json"]
        write(folder / "shared.json", media["schema"])
        media["schema"] = {"$ref": "../shared.json"}
        write(folder / name / "openapi.json", shared)
    text = (folder / "shared.json").read_text()
    (folder / "shared.json").write_text(text.replace("A_1", "A_2"))

    report = json.loads(printed(capsys, "a/openapi.json", "b/openapi.json", "--root", ".", "--select", "COD001", "-f", "json"))

    assert report["summary"]["error"] == 1
    assert [(one["service"], one["error"]) for one in report["services"]] == [("a", 1), ("b", 1)]


def test_services_whose_catalogs_bear_one_name_are_told_apart_by_title_then_by_folder(folder, capsys):
    for name in ("a", "b", "c", "d"):
        service(folder, name, ("A_1",), ("A_1",), name)
        write(folder / name / "errors.json", {**json.loads(Path(name, "errors.json").read_text()), "service": {"name": "shop"}})
    for name in ("c", "d"):
        write(folder / name / "openapi.json", document("Shop", "A_1"))

    report = json.loads(printed(capsys, *(f"{name}/openapi.json" for name in "abcd"), *ONLY, "-f", "json"))

    assert [one["service"] for one in report["services"]] == ["The a API", "The b API", "c", "d"]


def test_of_one_service_each_document_is_a_row(folder, capsys):
    service(folder, "a", ("A_1", "A_2"), ("A_1",), "me")
    write(folder / "a" / "second.json", document("Second", "A_2"))
    write(folder / "a" / "errlint.toml", 'catalog = "errors.json"\n')

    assert table(printed(capsys, "a/openapi.json", "a/second.json", *ONLY)) == [
        ["document", "errors", "warnings", "declared codes", "coverage"],
        ["a/openapi.json", "0", "0", "1 of 2", "50%"],
        ["a/second.json", "0", "0", "1 of 2", "50%"],
        ["2 documents", "0", "0", "2 of 2", "100%"],
    ]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('=HYPERLINK("http://evil")', '\'=HYPERLINK("http://evil")'),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1", "' =1"),
        ("\t=1", "\\t=1"),
        ("a,b\r\n=1", "a,b\\r\\n=1"),
        ("＝1", "'＝1"),
    ],
)
def test_no_cell_of_a_csv_is_a_formula(text, cell):
    out = io.StringIO()
    row = Service(text, (text,), owner=text, catalogs=(text,))

    csv_.write(Report("lint", "clean", services=(row,)), out, View())

    read = list(csv.reader(io.StringIO(out.getvalue())))[1]
    assert (read[0], read[1], read[11], read[12]) == (cell,) * 4


def test_a_fleet_is_told_of_one_code_with_two_meanings_and_of_a_prefix_of_two_owners(folder, capsys):
    for name, message in (
        ("orders", "The order is closed"),
        ("carts", "The cart is locked"),
        ("parcels", "The cart is locked"),
    ):
        service(folder, name, ("SHOP_1001",), ("SHOP_1001",), "" if name == "parcels" else f"team {name}")
        held = json.loads(Path(name, "errors.json").read_text())
        held["errors"][0] |= {"message": message, "category": "shop"}
        held["categories"] = {"shop": {"title": "Shop", "prefix": "SHOP_"}}
        write(folder / name / "errors.json", held)

    names = [f"{name}/openapi.json" for name in ("orders", "carts", "parcels")]
    report = json.loads(printed(capsys, *names, "--select", "CAT", "-f", "json"))

    assert [(one["rule"], one["location"]["uri"], one["message"]) for one in report["findings"]] == [
        (
            "CAT023",
            "carts/errors.json",
            'SHOP_1001 means 404 "The order is closed" in orders; 404 "The cart is locked" in carts; '
            '404 "The cart is locked" in parcels',
        ),
        ("CAT024", "carts/errors.json", "SHOP_... is claimed by team orders (orders) and by team carts (carts)"),
        ("CAT024", "parcels/errors.json", "SHOP_... is claimed by team orders (orders) and by parcels"),
    ]
    assert [(one["service"], one["warning"]) for one in report["services"]] == [("carts", 2), ("parcels", 1), ("orders", 0)]


def test_services_that_extend_one_catalog_share_what_is_in_it(folder, capsys):
    write(folder / "base.json", {**catalog("platform", "P_1001"), "categories": {"p": {"title": "P", "prefix": "P_"}}})
    for name in ("a", "b"):
        service(folder, name, ("P_1001",), ("P_1001",), name)
        write(folder / name / "errors.json", {"errlint": 1, "service": {"name": name}, "extends": "../base.json", "errors": []})

    assert json.loads(printed(capsys, "a/openapi.json", "b/openapi.json", "--select", "CAT", "-f", "json"))["findings"] == []


def test_catalogs_of_one_service_are_one_contract_and_those_that_a_config_names_together(folder, capsys):
    for name, message in (("orders", "The order is closed"), ("gateway", "The cart is locked")):
        held = catalog(name, "SHOP_1001")
        held["errors"][0]["message"] = message
        write(folder / f"{name}.json", held)

    def rules() -> list[str]:
        assert run(["catalog", "check", "orders.json", "gateway.json", "--select", "CAT002,CAT023", "-f", "json"]) in (0, 1)
        return [one["rule"] for one in json.loads(capsys.readouterr().out)["findings"]]

    assert rules() == ["CAT023"]
    write(folder / "errlint.toml", 'catalog = ["gateway.json", "orders.json"]\n')
    assert rules() == ["CAT002"]


@pytest.mark.parametrize(
    ("command", "outcome", "told"),
    [
        ("lint", "clean", None),
        ("catalog check", "findings", "the table is one of services, and has rows for errlint lint only"),
        ("probe", "unreachable", None),
    ],
)
def test_a_table_that_has_no_rows_for_a_command_says_so(command, outcome, told):
    assert csv_.write(Report(command, outcome), io.StringIO(), View()) == told


def test_many_catalogs_are_counted_not_listed(capsys):
    names = [f"{name}.yaml" for name in "abcd"]
    for name in names:
        Path(name).write_text(
            f"errlint: 1\nservice: {{name: {name[0]}}}\nerrors: [{{code: GONE, status: 404, message: It is gone}}]\n"
        )
    assert run(["catalog", "check", *names]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Read 4 catalogs: 4 entries. No error or warning · exit 0 (clean)"
