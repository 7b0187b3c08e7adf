"""``errlint docs`` in a real browser. Needs: Debian's chromium and chromium-driver, and the package selenium."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from errlint.api import write_pages

HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("docs")
    entry = {"code": "SHOP_<1>", "status": 404, "name": HOSTILE, "message": HOSTILE, "category": "c"}
    catalog = {"errlint": 1, "service": {"name": HOSTILE}, "categories": {"c": {"title": HOSTILE}}, "errors": [entry]}
    (folder / "errors.json").write_text(json.dumps(catalog), encoding="utf-8")
    write_pages(str(folder / "site"), [str(folder / "errors.json")])
    return folder / "site"


def shown(browser: webdriver.Chrome) -> list[str]:
    links = browser.find_elements(By.CSS_SELECTOR, "main tbody tr:not([hidden]) td:first-child a")
    return [link.text for link in links if link.is_displayed()]


def test_the_index_finds_rules_and_codes_and_leads_to_them(browser: webdriver.Chrome, site: Path) -> None:
    browser.get((site / "index.html").as_uri())
    everything = shown(browser)
    search = browser.find_element(By.NAME, "search")
    search.send_keys("declares no 401")
    assert shown(browser) == ["COV003"]
    assert browser.find_element(By.ID, "count").text == "1 found."
    search.clear()
    search.send_keys("shop_<1")
    assert shown(browser) == ["SHOP_<1>"]
    browser.find_element(By.LINK_TEXT, "SHOP_<1>").click()
    assert browser.current_url.endswith("/catalogs/errors.html#SHOP_-1")
    browser.find_element(By.LINK_TEXT, "All pages").click()
    assert shown(browser) == everything


def test_no_page_asks_the_network_or_obeys_what_a_catalog_says(browser: webdriver.Chrome, site: Path) -> None:
    browser.get_log("browser")
    for path in ("index.html", "catalogs/errors.html", "rules/COD001.html", "rules/SEC001.html"):
        browser.get((site / path).as_uri())
        assert browser.title != "owned"
        assert browser.find_elements(By.TAG_NAME, "img") == []
        assert browser.execute_script("return performance.getEntriesByType('resource').map((one) => one.name)") == []
    assert [one["message"] for one in browser.get_log("browser")] == []
