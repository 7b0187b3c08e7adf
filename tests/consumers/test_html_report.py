"""The page in a real browser. Needs: Debian's chromium and chromium-driver, and the package selenium.

Figures are the best of a few: they are held to what people should wait, on a machine that others use too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.consumers import pages

FIRST_PAINT = 1_000
FILTER = 100
OTHERS = 3
"""How many times longer it may take where others use the machine too; the figures are printed (``-s``)."""


@pytest.fixture(scope="module")
def addresses(tmp_path_factory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("pages")
    made = {"small": pages.small(), "hostile": pages.hostile(), "many": pages.many(), "fleet": pages.fleet()}
    return {name: pages.write(report, folder / f"{name}.html") for name, report in made.items()}


@pytest.fixture
def page(browser, addresses) -> Page:
    return Page(browser, addresses)


class Page:
    """One report in the browser, and what people do with it."""

    def __init__(self, browser: webdriver.Chrome, addresses: dict[str, str]) -> None:
        self.browser, self.addresses = browser, addresses

    def open(self, name: str, state: str = "") -> Page:
        self.browser.get("about:blank")
        self.browser.get_log("performance")
        self.browser.get_log("browser")
        self.browser.get(self.addresses[name] + state)
        return self

    def run(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)

    def one(self, selector: str) -> Any:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def findings(self) -> list[str]:
        """The fingerprints shown, in order."""
        return [number.lstrip("0") or "0" for number in self.run(SHOWN)]

    def groups(self) -> list[str]:
        return self.run("return [...document.querySelectorAll('.group .name')].map((one) => one.textContent)")

    def state(self) -> str:
        return self.run("return decodeURIComponent(location.hash)")

    def requests(self) -> list[str]:
        """What was asked for, of the network or of the disk."""
        messages = (json.loads(one["message"])["message"] for one in self.browser.get_log("performance"))
        sent = [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]
        return [url for url in sent if url != "about:blank"]


SHOWN = (
    "return [...document.querySelectorAll('.finding')].filter((one) => one.offsetParent).map((one) => one.dataset.fingerprint)"
)


def test_all_that_counts_is_shown_worst_first_and_grouped_by_rule(page):
    page.open("small")
    assert (page.findings(), page.groups()) == (["0", "1", "2"], ["COD002", "COV011", "DEC001"])
    assert page.one(".told").text == "3 findings"


GROUPED = {
    "operation": (["GET /a", "POST /b"], ["0", "1", "2"]),
    "code": (["A_1", "B_1"], ["0", "2", "1"]),
}


@pytest.mark.parametrize("by", GROUPED)
def test_findings_are_grouped_by_what_is_asked(page, by):
    page.open("small").one(f"input[name=group][value={by}] + span").click()
    assert (page.groups(), page.findings(), page.state()) == (*GROUPED[by], f"#group={by}")


FILTERS = {
    "a word of the message": ("#q=b_1", ["1"]),
    "two words, in any place": ("#q=post+note+/b", []),
    "an operation": ("#q=post+/b", ["1", "2"]),
    "a line": ("#q=api.yaml:3", ["2"]),
    "a severity": ("#severity=error,note", ["0", "2"]),
    "a source": ("#from=live", ["0"]),
    "a layer": ("#layer=gateway", ["2"]),
    "an operation of the matrix": ("#operation=POST+/b&code=A_1", ["2"]),
    "a document": ("#document=other.yaml", []),
    "suppressed ones too": ("#suppressed=1", ["0", "3", "1", "2"]),
    "what nothing fits": ("#q=nothing-like-it", []),
}


@pytest.mark.parametrize("case", FILTERS)
def test_an_address_shows_what_its_filters_leave(page, case):
    state, expected = FILTERS[case]
    assert page.open("small", state).findings() == expected


def test_what_was_picked_elsewhere_stands_above_the_list_and_can_be_taken_back(page):
    page.open("small", "#operation=POST+/b")
    (chip,) = page.browser.find_elements(By.CSS_SELECTOR, ".picked button")
    assert (chip.text, page.findings()) == ("Operation POST /b ×", ["1", "2"])
    chip.click()
    assert (page.findings(), page.state()) == (["0", "1", "2"], "")


def test_filters_are_set_by_hand_kept_in_the_address_and_reset(page):
    page.open("small")
    page.one("input[type=search]").send_keys("b_1")
    assert (page.findings(), page.state(), page.one(".told").text) == (["1"], "#q=b_1", "1 of 3 findings")
    page.one(".end .plain").click()
    page.one(".box[data-severity=warning]").click()
    assert (page.findings(), page.state()) == (["0", "2"], "#severity=error,note")
    page.browser.refresh()
    assert page.findings() == ["0", "2"]


def test_a_slash_goes_to_the_search_and_groups_fold(page):
    page.open("small")
    page.one("body").send_keys("/")
    assert page.run("return document.activeElement.type + document.activeElement.value") == "search"
    page.one(".group .head").send_keys(Keys.ENTER)
    assert (page.findings(), page.one(".group .head").get_attribute("aria-expanded")) == (["1", "2"], "false")


def test_a_link_to_a_finding_shows_it_even_where_it_is_suppressed(page):
    page.open("small", "#finding=0000000000000003&q=nothing")
    assert page.run("return document.activeElement.dataset.fingerprint") == "0000000000000003"


def test_a_command_is_copied_or_marked_where_copying_is_not_allowed(page):
    page.open("small")
    page.browser.execute_cdp_cmd("Browser.setPermission", {"permission": {"name": "clipboard-write"}, "setting": "denied"})
    page.one(".copy").click()
    WebDriverWait(page.browser, 10).until(lambda _: page.run("return String(getSelection())") == pages.FINDINGS[0].reproduce)
    assert page.browser.get_log("browser") == []


CELLS = {
    "GET /a": ["both", "observed", "neither"],
    "POST /b": ["declared", "free", "neither"],
    pages.OUTSIDE: ["neither", "neither", "outside"],
}
ROWS = """return Object.fromEntries([...document.querySelectorAll('.matrix tbody tr')].map((row) =>
  [row.querySelector('.mono').textContent, [...row.querySelectorAll('td')].map((cell) => cell.dataset.state)]))"""


def test_the_matrix_tells_declared_from_seen(page):
    page.open("small")
    assert page.run(ROWS) == CELLS
    assert page.run("return [...document.querySelectorAll('.matrix td')].slice(0, 3).map((one) => one.ariaLabel)") == [
        "GET /a, A_1: declared and seen (3 answers)",
        "GET /a, B_1: seen, not declared (2 answers)",
        "GET /a, G_1: neither declared nor seen",
    ]
    page.one("#matrix input").click()
    assert list(page.run(ROWS)) == ["GET /a", "POST /b", "PUT /c", pages.OUTSIDE]


def test_arrows_move_in_the_matrix_and_enter_shows_a_cells_findings(page):
    page.open("small")
    page.run("document.querySelector('.matrix td[tabindex=\"0\"]').focus()")
    page.browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    assert page.one(".line").text == "POST /b · A_1 404: declared, not seen 1 finding"
    page.browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert page.findings() == ["2"]


def test_the_matrix_shows_only_the_signs_that_are_asked_for(page):
    page.open("small").one("#matrix select option[value=observed]").click()
    assert page.run(ROWS) == {"GET /a": ["observed"]}


def test_a_large_matrix_is_cut_until_somebody_wants_all(page):
    page.open("many")
    assert page.run("return document.querySelectorAll('.matrix tbody tr').length") == 60
    page.one("#matrix .more").click()
    assert page.run("return document.querySelectorAll('.matrix td[data-state]').length") == 75_000


BACK = "return getComputedStyle(document.body).backgroundColor"


def test_the_theme_is_the_systems_until_somebody_wants_another(page):
    page.browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    )
    page.open("small")
    theme = page.one(".theme")
    assert (page.run(BACK), theme.get_attribute("aria-pressed")) == ("rgb(15, 19, 25)", "true")
    theme.click()
    assert (page.run(BACK), theme.get_attribute("aria-pressed")) == ("rgb(255, 255, 255)", "false")
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


TABLE = """return [...document.querySelectorAll(`${arguments[0]} tbody tr`)].map((row) =>
  [...row.cells].map((cell) => cell.textContent).filter(Boolean))"""


def test_of_several_services_each_leads_to_its_findings_and_no_matrix_mixes_their_catalogs(page):
    page.open("fleet")
    rows = page.run(
        "return [...document.querySelectorAll('#services tbody tr')].map((row) => row.innerText.split(/\\s*\\t\\s*/))"
    )
    assert rows == [
        ["orders", "team-a", "2", "3", "2", "1", "0", "3 of 4", "75 %"],
        ["billing", "team-b", "1", "1", "0", "0", "0", "–", "–"],
    ]
    page.one("#services button").click()
    assert (page.findings(), page.state()) == (["0", "1", "2"], "#service=orders")
    assert (page.run("return document.querySelectorAll('.matrix, #coverage').length"), page.one("#matrix p").text) == (
        0,
        "These documents are held against different catalogs: judged alone, each shows its own matrix.",
    )


STATES = ("", "#group=operation", "#group=code", "#group=document&suppressed=1", "#q=</script><img src=x onerror=alert(1)>")
ELEMENTS = "return [...new Set([...document.querySelectorAll('*')].map((one) => one.localName))].sort()"


@pytest.mark.parametrize("state", STATES)
def test_hostile_texts_stay_texts(page, state):
    """No dialog, no element, no request, and nothing that the policy had to stop."""
    page.open("hostile", state)
    page.run("for (const one of document.querySelectorAll('summary, .matrix td, .copy')) one.click()")
    made = page.run(ELEMENTS)
    assert {"img", "svg", "iframe", "object", "embed", "form"}.intersection(made) <= {"form"}
    assert page.run("return document.scripts.length") == 2
    assert page.requests() == [page.addresses["hostile"]]
    assert page.browser.get_log("browser") == []
    assert page.browser.title.startswith("2 documents")


HOLE = (
    '<script>document.title = "run"</script><img src="http://127.0.0.1:9/" onerror="document.title = 1">'
    '<base href="//127.0.0.1:9">'
    '<style>body { background: #123456 }</style><iframe src="data:text/html,x"></iframe><b style="background: #123456">x</b>'
)


def test_what_would_get_past_the_escapes_is_stopped_by_the_policy(page, tmp_path):
    whole = pages.write(pages.small(), tmp_path / "whole.html")
    text = (tmp_path / "whole.html").read_text(encoding="utf-8")
    (tmp_path / "hole.html").write_text(text.replace('<main id="main">', f'{HOLE}<main id="main">'), encoding="utf-8")
    page.addresses["hole"] = whole.replace("whole.html", "hole.html")

    page.open("hole")
    del page.addresses["hole"]

    colours = "return [document.body, document.querySelector('b[style]')].map((one) => getComputedStyle(one).backgroundColor)"
    assert "rgb(18, 52, 86)" not in page.run(colours)
    assert (page.browser.title.startswith("run"), page.findings(), page.run("return document.baseURI")) == (
        False, ["0", "1", "2"], whole.replace("whole.html", "hole.html"),
    )  # fmt: skip
    told = [one["message"] for one in page.browser.get_log("browser")]
    assert [word for word in ("inline script", "event handler", "inline style", "the image", "base URI", "Framing")
            if not any(word in one for one in told)] == []  # fmt: skip
    markup = "try { document.body.innerHTML = '<b>x</b>' } catch (error) { return error.name }"
    assert page.run(markup) == "TypeError"


CONTROLS = frozenset(
    ("button", "link", "searchbox", "textbox", "checkbox", "radio", "combobox", "gridcell", "columnheader", "rowheader", "grid",
     "region", "navigation", "search", "DisclosureTriangle", "table", "article")
)  # fmt: skip


@pytest.mark.parametrize("name", ["small", "hostile"])
def test_no_control_is_without_a_name(page, name):
    """As a screen reader is told by the browser."""
    page.open(name, "#suppressed=1")
    nodes = page.browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    told = [(one["role"]["value"], one.get("name", {}).get("value", "").strip()) for one in nodes if not one["ignored"]]
    assert [role for role, text in told if role in CONTROLS and not text] == []
    assert {"button", "searchbox", "gridcell"} <= {role for role, _ in told}


def test_the_page_fits_a_phone(page):
    page.browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    )
    wide = {name: page.open(name).run("return document.documentElement.scrollWidth <= innerWidth") for name in page.addresses}
    page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide == dict.fromkeys(page.addresses, True)


PAINTED = """return [performance.getEntriesByName('first-contentful-paint')[0].startTime,
  performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd]"""
TIMED = """
const [change] = arguments, search = document.querySelector('input[type=search]');
const steps = {
  search: ['code', 'code_0', 'code_01', 'came clients', '(4999)', ''].map((text) => () => {
    search.value = text; search.dispatchEvent(new Event('input')); }),
  group: ['operation', 'code', 'rule'].map((by) => () => document.querySelector(`input[value=${by}]`).click()),
  severity: [...document.querySelectorAll('.boxes input')].flatMap((box) => [() => box.click(), () => box.click()]),
}[change];
return steps.map((step) => {
  const start = performance.now(); step(); document.body.offsetHeight; return performance.now() - start;
});
"""


def test_five_thousand_findings_are_painted_within_a_second(page):
    """First something, and then all that a screen shows of the findings."""
    times = [page.open("many").run(PAINTED) for _ in range(4)]
    first, whole = (min(column) for column in zip(*times, strict=True))
    print("first paint, whole page, ms:", first, whole)
    assert first < FIRST_PAINT
    assert whole < FIRST_PAINT * OTHERS
    assert page.one(".told").text == "5,000 findings"


@pytest.mark.parametrize("change", ["search", "group", "severity"])
def test_five_thousand_findings_are_filtered_within_a_tenth_of_a_second(page, change):
    """Each step with its layout, at its best of twelve: the machine is others' too."""
    page.open("many")
    steps = [min(times) for times in zip(*(page.run(TIMED, change) for _ in range(12)), strict=True)]
    print(change, "ms a step:", steps)
    assert max(steps) < FILTER * OTHERS
