"""The contract of the reader over one document of every format: elements, search, quotations.

Figures are where pages can be drawn; the text is there in every format, word for word.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from email.message import EmailMessage
from importlib.util import find_spec

import docx
import pytest
from PIL import Image, ImageDraw, ImageFont
from selectolax.lexbor import LexborHTMLParser

from corpus.citing.styles import STYLES
from corpus.models import Scope
from tests.bot.reader.world import World, attribute, judgment, text_of
from tests.corpus.readers.test_formats import book, open_document, slides, workbook

pytestmark = pytest.mark.slow

CLAUSE = "The ferryman keeps the lamp of the pontoon lit from dusk until the last crossing."
HAN = "摆渡人应当在黄昏至末班渡船之间保持浮桥灯火通明。"


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Rules of the pontoon", 1)
    document.add_paragraph(CLAUSE)
    document.add_paragraph(HAN)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def letter() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    message["Subject"] = "Lamp of the pontoon"
    message.set_content(f"{CLAUSE}\n\n{HAN}\n")
    return message.as_bytes()


def scan() -> bytes:
    """A picture of two lines."""
    image = Image.new("RGB", (1100, 300), "white")
    font = ImageFont.load_default(28)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate((CLAUSE[:48], CLAUSE[49:])):
        draw.text((40, 60 + 60 * number), line, font=font, fill="black")
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def rich_text() -> bytes:
    units = "".join(f"\\u{ord(character)}?" for character in HAN)
    return f"{{\\rtf1\\ansi {CLAUSE}\\par {units}\\par}}".encode()


def text_document() -> bytes:
    body = f"<text:p>{CLAUSE}</text:p><text:p>{HAN}</text:p>"
    return open_document(f"<office:text>{body}</office:text>")


FILES: dict[str, Callable[[], bytes]] = {
    "rules.docx": word,
    "rules.pdf": judgment,
    "rules.html": f"<html><body><h1>Rules</h1><p>{CLAUSE}</p><p>{HAN}</p></body></html>".encode,
    "rules.md": f"# Rules\n\n{CLAUSE}\n\n{HAN}\n".encode,
    "rules.txt": f"Rules\n\n{CLAUSE}\n\n{HAN}\n".encode,
    "rules.csv": f"Rule,Text\n1,{CLAUSE}\n2,{HAN}\n".encode,
    "rules.xlsx": lambda: workbook([("Rule", "Text"), (1, CLAUSE), (2, HAN)]),
    "rules.pptx": lambda: slides(("Lamp", CLAUSE), ("灯", HAN)),
    "rules.epub": lambda: book(
        f"<html><body><h1>One</h1><p>{CLAUSE}</p><p>{HAN}</p></body></html>"
    ),
    "rules.eml": letter,
    "rules.mbox": lambda: b"From a@b Mon Jan 1 00:00:00 2024\n" + letter() + b"\n",
    "rules.rtf": rich_text,
    "rules.odt": text_document,
    "rules.json": f'{{"title": "Rules", "text": "{CLAUSE}", "other": "{HAN}"}}'.encode,
    "rules.png": scan,
}
PICTURED = {"rules.pdf", "rules.png"}


@pytest.mark.parametrize("name", FILES)
async def test_every_format_keeps_the_contract(world: World, name: str) -> None:
    """Elements say the passages, search finds them, and each style can be copied."""
    if name == "rules.png" and find_spec("rapidocr_onnxruntime") is None:
        pytest.skip("needs the extra ocr")
    path = world.services.settings.data.parent / name
    path.write_bytes(FILES[name]())
    outcomes = list(world.services.ingest.add([path], "appeal"))
    parts = [filed for filed in outcomes for filed in (filed, *filed.attachments)]
    document_id = next(filed.document_id for filed in parts if filed.passages)
    assert document_id
    passages = list(world.services.library.document_passages([document_id]))
    for passage in passages:
        page = await world.page(passage.citation)
        [element] = page.css(f'[data-citation="{passage.citation}"]')
        assert "cited" in attribute(element, "class").split()
        for shown in passages:
            [element] = page.css(f'[data-citation="{shown.citation}"]')
            assert text_of(element) == shown.text
        check_figures(page, name)
        check_quotations(page, passage.text.strip(), passage.citation)
        assert len(page.css("[id]")) == len({attribute(e, "id") for e in page.css("[id]")})
    await check_search(world, document_id)
    picture = await world.get(
        passages[0].citation, "/page/1.webp", w=300, key=world.key(passages[0].citation)
    )
    assert picture.status_code == (200 if name in PICTURED else 404)
    original = await world.get(
        passages[0].citation, "/original", key=world.key(passages[0].citation)
    )
    assert original.content == world.services.library.original(document_id, Scope.all()).content


def check_figures(page: LexborHTMLParser, name: str) -> None:
    """Pages are drawn where there are any, and the boxes lie on them."""
    figures = page.css("figure[data-page]")
    assert bool(figures) == (name in PICTURED)
    boxes = page.css("figure[data-page] span.box")
    assert bool(boxes) == bool(figures)
    for box in boxes:
        sides = dict(re.findall(r"(left|top|width|height):([\d.]+)%", attribute(box, "style")))
        assert all(0 <= float(sides[side]) <= 100 for side in ("left", "top", "width", "height"))


def check_quotations(page: LexborHTMLParser, words: str, citation: str) -> None:
    """One a style, each with the passage word for word and the style's citation behind it."""
    quotations = {attribute(q, "data-style"): text_of(q) for q in page.css(".quotation")}
    assert list(quotations) == [style.name for style in STYLES]
    assert all(words in quotation for quotation in quotations.values())
    assert citation in quotations["plain"]


async def check_search(world: World, document_id: str) -> None:
    """JSON with `citation`, `pin`, `text` and `highlights`, in either script."""
    citation = f"{document_id}-1"
    library = world.services.library
    texts = {p.citation: (p.pin, p.text) for p in library.document_passages([document_id])}
    whole = "\n".join(text for _, text in texts.values())
    words = "lamp of the pontoon" if "pontoon" in whole else "qualified notice"
    for query in (words, "浮橋燈火" if HAN[:5] in whole else words):
        answer = await world.get(citation, "/search", q=query, key=world.key(citation))
        found = answer.json()
        assert found or words not in whole
        for passage in found:
            assert set(passage) == {"citation", "pin", "text", "highlights"}
            assert texts[passage["citation"]] == (passage["pin"], passage["text"])
            ends = [0, *(end for _, end in passage["highlights"])]
            starts = [*(start for start, _ in passage["highlights"]), len(passage["text"])]
            assert passage["highlights"]
            assert all(end <= start for end, start in zip(ends, starts, strict=True))
