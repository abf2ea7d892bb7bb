"""`python -m benchmarks.reader`: how long a page of the reader takes to open in a large PDF.

The document is filed first, and one page is drawn, as the first visitor of a day has it. What is
measured then is what a person waits for: the page of HTML with its boxes, and the picture.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import textwrap
import time
from contextlib import closing
from pathlib import Path

from benchmarks import synthetic
from bot.compose import open_services
from bot.reader.leave import LeaveKeys
from bot.reader.opening import DocumentOpener
from bot.reader.page import load_templates, render_page
from bot.reader.pages import Pages
from bot.settings import read_settings
from corpus.models import Scope
from tests.corpus.making import pdf

PAGES = 300
OPENED = 20
WIDTH = 800


def main() -> None:
    """File a PDF, and open passages all over it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reader", description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES)
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bundle.pdf")
        path.write_bytes(bundle(pages))
        _measure(Path(folder, "data"), path)


def bundle(pages: int) -> bytes:
    """A PDF of many pages of prose."""
    texts = list(synthetic.passages(5 * pages))
    sheets = []
    for number in range(pages):
        words = " ".join(texts[5 * number : 5 * number + 5])
        lines = textwrap.wrap(words, 76)[:44]
        sheets.append([(60.0, 780 - 16.0 * at, 12.0, line) for at, line in enumerate(lines)])
    return pdf(sheets, info={"Title": "Bundle"})


def _measure(data: Path, path: Path) -> None:
    settings = read_settings(data)
    with open_services(settings) as services, closing(Pages(1)) as pages:
        [filed] = services.ingest.add([path], "bundle")
        keys = LeaveKeys.of_this_process()
        opener = DocumentOpener(
            services.library, services.audit, pages, keys, lambda: services.searcher
        )
        leave = keys.read(keys.local())
        assert leave
        assert filed.document_id
        passages = list(services.library.document_passages([filed.document_id]))
        load_templates()
        started = time.perf_counter()
        opener.picture(leave, passages[0].citation, 1, WIDTH)
        print(f"first page drawn: {time.perf_counter() - started:.2f} s")
        opened, drawn = [], []
        for passage in passages[:: max(1, len(passages) // OPENED)][:OPENED]:
            started = time.perf_counter()
            render_page(opener.open(leave, passage.citation), "en", "")
            opened.append(time.perf_counter() - started)
            started = time.perf_counter()
            opener.picture(leave, passage.citation, passage.page or 1, WIDTH)
            drawn.append(time.perf_counter() - started)
        assert services.library.count_documents(Scope.all())
        services.searcher.refresh()  # as it is in a bot that runs
        searched = []
        for words in (passages[0].text[:6], passages[-1].text[10:14], "no such words at all"):
            started = time.perf_counter()
            opener.search(leave, passages[0].citation, words)
            searched.append(time.perf_counter() - started)
    print(f"{path.stat().st_size:,} bytes, {len(passages):,} passages")
    print(f"page opened, first: {opened[0]:.2f} s  (wanted: under 1 s)")
    print(f"page opened, p50 of the rest: {statistics.median(opened[1:]):.3f} s")
    print(f"searched inside, first: {searched[0]:.2f} s, then: {max(searched[1:]):.2f} s")
    print(f"picture of {WIDTH} pixels, p50: {statistics.median(drawn):.3f} s")


if __name__ == "__main__":
    main()
