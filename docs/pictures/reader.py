"""Draws the reader's page as a phone shows it: reader_light.png (a PDF) and reader_dark.png.

    python -m docs.pictures.reader

It needs Debian's packages chromium, chromium-driver and fonts-noto-cjk. The documents are those of
the sample casefile; Chromium itself prints one of them as the PDF.
"""

from __future__ import annotations

import asyncio
import base64
import html
import io
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

from PIL import Image
from selenium import webdriver
from selenium.webdriver.support.wait import WebDriverWait

from bot.audit import AuditRecorder
from bot.cli.read import server_port
from bot.compose import Services, open_services
from bot.reader.app import ReaderService, build, serve
from bot.reader.leave import LeaveKeys
from bot.reader.opening import DocumentOpener
from bot.reader.pages import Pages
from bot.sample import file_casefile
from bot.setting_types import Address
from bot.settings import read_settings
from corpus.models import Scope
from tests.bot.reader.browser import chromium, prefer

FOLDER: Final = Path(__file__).parent
PRINTED: Final = "Expert commentary, printed"
QUESTIONS: Final = {
    "light": ("why does notice and takedown not apply to a lessor of cloud servers?", True),
    "dark": ("how much did the first court award?", False),
}
COLOURS: Final = 128


def main() -> None:
    """Draw both pictures."""
    with tempfile.TemporaryDirectory() as folder, chromium(scale=2.0) as browser:
        settings = read_settings(Path(folder, "data"))
        with open_services(settings) as services:
            file_casefile(services.library)
            printed = Path(folder, "commentary.pdf")
            printed.write_bytes(_print(services, browser))
            [filed] = services.ingest.add([printed], "casefile")
            assert filed.document_id
            asyncio.run(_draw(services, browser, filed.document_id))


def _print(services: Services, browser: webdriver.Chrome) -> bytes:
    """A document of the casefile as a PDF."""
    record = next(
        record
        for record in services.library.documents(Scope.all())
        if (record.path or "").endswith("09-commentary-in-english.md")
    )
    text = services.library.document_text(record.id, Scope.all()).text
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
    page = (
        f"<title>{PRINTED}</title><h1>{html.escape(record.title)}</h1>"
        f"<body style='font: 15px/1.6 serif; text-align: justify'>{paragraphs}"
    )
    address = base64.b64encode(page.encode()).decode()
    browser.get(f"data:text/html;charset=utf-8;base64,{address}")
    return base64.b64decode(browser.print_page())


async def _draw(services: Services, browser: webdriver.Chrome, printed: str) -> None:
    keys = LeaveKeys.of_this_process()
    with closing(Pages(1)) as pages:
        opener = DocumentOpener(
            services.library, services.audit, pages, keys, lambda: services.searcher
        )
        server = serve(build(ReaderService(opener, "en")), Address("127.0.0.1", 0))
        for scheme, (question, is_printed) in QUESTIONS.items():
            documents = services.searcher.find_documents(printed, Scope.all())
            within = documents if is_printed else None
            searcher = services.searcher
            answer = searcher.answer(question, scope=Scope.all(), k=3, documents=within)
            AuditRecorder(services.audit, searcher, "command line").answered(answer)
            citation = answer.hits[0].citation
            address = f"http://127.0.0.1:{server_port(server)}/read/s_{citation}?key={keys.local()}"
            await asyncio.to_thread(_photograph, browser, address, scheme)
        server.stop()
        await server.close_all_connections()


def _photograph(browser: webdriver.Chrome, address: str, scheme: str) -> None:
    prefer(browser, scheme)
    browser.get(address)
    loaded = (
        "return [...document.images].some((image) => image.naturalWidth) || !document.images[0]"
    )
    # Decoded and drawn, and scrolled to where the cited words are now.
    painted = """
        const done = arguments[0];
        const shown = [...document.images].filter((image) => image.complete);
        Promise.all(shown.map((image) => image.decode().catch(() => null))).then(() => {
          const place = document.querySelector('.sentence, mark.answer, .cited');
          place.scrollIntoView({ block: 'center', behavior: 'instant' });
          requestAnimationFrame(() => setTimeout(done, 300));
        });
    """
    WebDriverWait(browser, 30).until(lambda driver: driver.execute_script(loaded))
    browser.execute_async_script(painted)
    image = Image.open(io.BytesIO(browser.get_screenshot_as_png()))
    # A picture of text needs few colours, and a reader of the docs needs it quickly.
    small = image.convert("RGB").quantize(COLOURS)
    small.save(FOLDER / f"reader_{scheme}.png", optimize=True)


if __name__ == "__main__":
    main()
