"""The page in a real Chromium: it shows, it behaves, and people with a screen reader can use it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import docx
import pytest
import xlsxwriter
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from corpus import casefile
from corpus.models import Scope
from tests.bot.reader.browser import WIDTH, axe_script, chromium, complaints, prefer
from tests.bot.reader.world import HOLDING, READER, STRANGER, World, judgment

pytestmark = pytest.mark.slow

WAIT = 20
JUDGMENT, NOTE = "Judgment on leased servers", "Note on notices"
DARK = {"bg_color": "#101418", "text_color": "#f4f4f4", "link_color": "#62bcf9"}


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """One browser for all tests: starting one takes seconds."""
    with chromium() as opened:
        yield opened


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("Supply agreement", 1)
    document.add_heading("Delivery", 2)
    document.add_paragraph("The supplier delivers the goods within ten days of each order.")
    document.add_paragraph("to the warehouse", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for row, cells in enumerate((("Goods", "Price"), ("Paper", "40"))):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def sheet() -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as workbook:
        page = workbook.add_worksheet("Fees")
        for row, cells in enumerate((("Work", "Hours"), ("Reading of the lease", 12))):
            page.write_row(row, 0, cells)
    return written.getvalue()


def letter() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    message["Subject"] = "Roof of the warehouse"
    message.set_content("The roof leaks above the second gate. Please repair it within a week.\n")
    return message.as_bytes()


FILES = {
    "agreement.docx": (word_file, "within ten days"),
    "fees.xlsx": (sheet, "Reading of the lease"),
    "fees.csv": (lambda: b"Work,Hours\nReading of the deed,7\n", "Reading of the deed"),
    "letter.eml": (letter, "second gate"),
    "page.html": (
        lambda: (
            b"<html><title>Statement</title><body><h1>Statement</h1><h2>Facts</h2><p>The goods"
            b" came late, and half of them were wet.</p><ul><li>paper</li></ul></body></html>"
        ),
        "half of them",
    ),
    "plain.txt": ("甲方應於十日內付款。\n\n乙方應於收款後三日內交貨。\n".encode, "甲方"),
    "judgment.pdf": (judgment, "no host"),
}


def add(world: World, files: dict[str, bytes]) -> None:
    folder = world.services.settings.data.parent / "more"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    for filed in world.services.ingest.add([folder], "appeal"):
        assert filed.outcome in {"added", "unchanged"}, filed


def citation_of(world: World, words: str) -> str:
    for document in world.services.library.documents(Scope.all()):
        for passage in world.services.library.document_passages([document.id]):
            if words in passage.text:
                return passage.citation
    raise AssertionError(words)


async def opened(browser: webdriver.Chrome, address: str, ready: str = ".cited") -> None:
    """Open an address, and wait until an element is there."""

    def load() -> None:
        complaints(browser)  # those of the page before are not this one's
        browser.get(address)
        WebDriverWait(browser, WAIT).until(lambda b: b.find_elements(By.CSS_SELECTOR, ready))

    await asyncio.to_thread(load)


async def run(browser: webdriver.Chrome, script: str, *arguments: Any) -> Any:
    return await asyncio.to_thread(browser.execute_script, script, *arguments)


def address(world: World, citation: str, key: str = "") -> str:
    return f"{world.client.base_url}/read/s_{citation}?key={key or world.key(citation)}"


IN_VIEW = """
const box = document.querySelector(arguments[0]).getBoundingClientRect();
const fits = document.documentElement.scrollWidth <= innerWidth;
return fits && box.bottom > 0 && box.top < innerHeight;
"""


async def test_every_format_opens_at_the_cited_passage(
    world: World, browser: webdriver.Chrome
) -> None:
    """It is scrolled into view and has the focus; nothing is wider than a phone."""
    add(world, {name: make() for name, (make, _) in FILES.items()})
    for name, (_, words) in FILES.items():
        citation = citation_of(world, words)
        await opened(browser, address(world, citation))
        target = ".box" if name.endswith(".pdf") else ".cited"
        assert await run(browser, IN_VIEW, target), name
        focus = await run(browser, "return document.activeElement.dataset.citation")
        assert focus == citation
        assert complaints(browser) == [], name


async def test_the_sample_casefile_opens(world: World, browser: webdriver.Chrome) -> None:
    """Each of its documents."""
    folder = Path(next(iter(casefile.__path__)))
    add(world, {path.name: path.read_bytes() for path in sorted(folder.glob("*.md"))})
    for document in world.services.library.documents(Scope.of("appeal")):
        if (document.path or "").endswith(".md"):
            await opened(browser, address(world, f"{document.id}-1"))
            assert await run(browser, IN_VIEW, ".cited"), document.title
            assert complaints(browser) == []


async def test_a_mini_app_opens_by_what_telegram_gives_it(
    world: World, browser: webdriver.Chrome
) -> None:
    """The data come behind the `#`, which no server sees; the theme colours the page."""
    citation = world.citation(JUDGMENT, HOLDING[:40])
    given = (
        f"#tgWebAppData={quote(world.init_data(READER))}"
        f"&tgWebAppVersion=9.1&tgWebAppThemeParams={quote(json.dumps(DARK))}"
    )
    start = world.init_data(READER, start_param=f"s_{citation}")
    for path in (
        f"read/s_{citation}?app=1{given}",
        f"read/app?tgWebAppStartParam=s_{citation}{given}",
        f"#tgWebAppData={quote(start)}&tgWebAppThemeParams={quote(json.dumps(DARK))}",
    ):
        await opened(browser, "about:blank", "body")
        await opened(browser, f"{world.client.base_url}/{path}")
        ground = "return getComputedStyle(document.documentElement).backgroundColor"
        assert await run(browser, ground) == "rgb(16, 20, 24)"
        assert await run(browser, "return document.documentElement.dataset.theme") == "dark"
        assert "tgWebAppData" not in await run(browser, "return location.href")
    assert complaints(browser) == []


async def test_a_stranger_sees_the_same_page_as_everybody_without_leave(
    world: World, browser: webdriver.Chrome
) -> None:
    """The script tries, and the page says that there is nothing."""
    citation = world.citation(JUDGMENT, HOLDING[:40])
    given = f"#tgWebAppData={quote(world.init_data(STRANGER))}"
    await opened(browser, f"{world.client.base_url}/read/s_{citation}?app=1{given}", ".shell")

    def settled() -> str:
        shown = "body.shell:not(.opening) main"
        WebDriverWait(browser, WAIT).until(lambda b: b.find_elements(By.CSS_SELECTOR, shown))
        return browser.find_element(By.CSS_SELECTOR, "main").text

    assert "404" in await asyncio.to_thread(settled)
    complaints(browser)
    await run(browser, "sessionStorage.clear()")


async def test_search_copy_and_keys(world: World, browser: webdriver.Chrome) -> None:
    """The script lists and announces results, copies, and turns to the next passage."""
    first, last = world.citation(NOTE, "A qualified notice"), world.citation(NOTE, "合格")
    world.ask("what does a notice need", [first, last])
    await opened(browser, address(world, first))

    def search() -> list[str]:
        browser.find_element(By.TAG_NAME, "body").send_keys("/")
        browser.switch_to.active_element.send_keys("侵权内容\n")
        WebDriverWait(browser, WAIT).until(lambda b: b.find_elements(By.CSS_SELECTOR, ".found a"))
        return [element.text for element in browser.find_elements(By.CSS_SELECTOR, ".found b")]

    assert await asyncio.to_thread(search) == ["侵權內容"]
    assert "1" in await run(browser, "return document.querySelector('.status').textContent")

    def copy() -> str:
        browser.find_element(By.CSS_SELECTOR, ".quoting summary").click()
        browser.find_element(By.CSS_SELECTOR, "#style option[value=gb7714]").click()
        browser.find_element(By.CSS_SELECTOR, ".copy").click()
        WebDriverWait(browser, WAIT).until(
            lambda b: "Copied" in b.find_element(By.CSS_SELECTOR, ".status").text
        )
        shown = browser.find_elements(By.CSS_SELECTOR, ".quotation:not([hidden]) blockquote")
        return "".join(element.text for element in shown)

    assert "A qualified notice" in await asyncio.to_thread(copy)

    def turn() -> str:
        browser.execute_script("document.activeElement.blur()")
        browser.find_element(By.TAG_NAME, "body").send_keys("\ue014")  # the right arrow
        WebDriverWait(browser, WAIT).until(
            lambda b: b.find_elements(By.CSS_SELECTOR, f'.cited[data-citation="{last}"]')
        )
        return browser.current_url

    assert last in await asyncio.to_thread(turn)
    assert complaints(browser) == []


async def test_the_text_is_there_without_a_script(world: World) -> None:
    """A browser with scripts switched off shows passage, marks, outline and quotations."""
    citation = world.citation(NOTE, "A qualified notice")
    world.ask("what does a notice need", [citation])
    with chromium() as browser:
        off = {"value": True}
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", off)
        await opened(browser, address(world, citation))
        for selector in (".cited mark.answer", ".outline", ".quotation blockquote"):
            assert browser.find_elements(By.CSS_SELECTOR, selector), selector
        assert browser.find_element(By.CSS_SELECTOR, ".cited").is_displayed()


async def test_nothing_is_asked_of_another_host(world: World, browser: webdriver.Chrome) -> None:
    """Every resource of the page comes from where the page does."""
    await opened(browser, address(world, world.citation(JUDGMENT, HOLDING[:40])))
    names = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    hosts = {str(name).split("/")[2] for name in await run(browser, names)}
    assert hosts == {str(world.client.base_url).split("/")[2]}
    assert await run(browser, "return document.cookie") == ""


AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then((results) => done(results.violations
  .filter((violation) => ['serious', 'critical'].includes(violation.impact))
  .map((violation) => violation.id + ': ' + violation.nodes.map((node) => node.html).join(' '))));
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_serious_fault(
    world: World, browser: webdriver.Chrome, scheme: str
) -> None:
    """Contrast, names, landmarks and roles, with every part unfolded."""
    script = axe_script()
    citations = [world.citation(JUDGMENT, HOLDING[:40]), world.citation(NOTE, "A qualified notice")]
    world.ask("what does a notice need", citations)
    prefer(browser, scheme)
    for citation in citations:
        await opened(browser, address(world, citation))
        unfold = "document.querySelectorAll('details').forEach((part) => { part.open = true })"
        await run(browser, unfold)
        await run(browser, script)
        assert await asyncio.to_thread(browser.execute_async_script, AXE) == []
    assert await run(browser, "return innerWidth") == WIDTH
    prefer(browser, "light")
