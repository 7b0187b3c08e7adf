"""The table of a catalog and a whole entry, as people read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from errlint.load.catalog import read_catalog
from errlint.model.catalog import Catalog, Code
from errlint.model.record import replace
from errlint.report.catalog_text import WIDTH, entry, table


def by_id(catalog: Catalog, id_: str) -> Code:
    return next(code for code in catalog.codes if code.id == id_)


def test_an_entry_of_eventml() -> None:
    catalog = read_catalog("builtin:eventml").catalog
    assert entry(by_id(catalog, "ML_1900"), catalog) == (
        "ML_1900 DATABASE_ERROR\n"
        "  status       500\n"
        "  layer        EventML Service (service)\n"
        "  category     Database, ML_1900 to ML_1999\n"
        "  message      Database operation failed\n"
        "  resolution   Retry; Aurora Serverless v2 may be scaling up from idle\n"
        "  retry        yes, the same request\n"
        "  reachable    only a fault or a state of the service leads there\n"
        "  written at   builtin:eventml#/errors/29\n"
    )


def test_an_entry_with_two_statuses() -> None:
    catalog = read_catalog("builtin:maas").catalog
    assert entry(by_id(catalog, "ModelArts.81109"), catalog) == (
        "ModelArts.81109\n"
        "  status       401, 403\n"
        "  layer        ModelArts MaaS (platform)\n"
        "  category     MaaS platform (maas), ModelArts.81001 to ModelArts.81999\n"
        "  message      No permission query task %s  (printf)\n"
        "  provoke      low-auth\n"
        "  under 401    No permission to query the video generation task.\n"
        "  under 403    No permission to query the task.\n"
        "  written at   builtin:maas#/errors/6\n"
    )


def test_an_entry_without_a_code() -> None:
    catalog = read_catalog("builtin:maas").catalog
    assert entry(by_id(catalog, "fastapi.405"), catalog) == (
        "fastapi.405\n"
        "  code         none: the answer carries no code\n"
        "  status       405\n"
        "  layer        FastAPI (framework)\n"
        "  category     Web framework (framework)\n"
        "  message      Method Not Allowed  (strict)\n"
        "  description  The request method is incorrect.\n"
        "  headers      Allow\n"
        "  provoke      wrong-method\n"
        "  written at   builtin:maas#/errors/20\n"
    )


def test_the_table_of_one_category() -> None:
    catalog = read_catalog("builtin:eventml").catalog
    codes = tuple(code for code in catalog.codes if code.category == "validation")
    assert table(replace(catalog, codes=codes)) == (
        "EventML Service: 2 entries\n"
        "\n"
        "Validation, ML_1800 to ML_1899\n"
        "  ML_1800  400  VALIDATION_FAILED  Request body validation failed\n"
        "  ML_1801  400  INVALID_INPUT      Invalid input provided for a field\n"
    )


def test_the_tables_of_the_shipped_catalogs_hold_every_entry_once_and_fit_the_width() -> None:
    for name in ("eventml", "maas"):
        catalog = read_catalog(f"builtin:{name}").catalog
        lines = table(catalog).splitlines()
        rows = [line.split()[0] for line in lines if line.startswith("  ")]
        assert sorted(rows) == sorted(code.id for code in catalog.codes)
        assert max(map(len, lines)) <= WIDTH


@given(st.text(max_size=300), st.text(max_size=300))
def test_hostile_text_stays_in_its_columns(name: str, text: str) -> None:
    catalog = read_catalog("builtin:eventml").catalog
    code = replace(catalog.codes[0], name=name, description=text, resolution=text)
    changed = replace(catalog, codes=(code,), title=name)
    for shown in (table(changed), entry(code, changed)):
        assert max(map(len, shown.splitlines())) <= WIDTH
        assert not any(char < " " or "\x7f" <= char <= "\x9f" for char in shown.replace("\n", ""))
