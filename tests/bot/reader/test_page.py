"""The page of a passage: what it holds, read by another HTML parser, and what it keeps out."""

from __future__ import annotations

import io
import re
from functools import partial

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from bot.reader.app import HEADERS
from bot.reader.finding import ReadDocument, find_words
from corpus.models import Scope
from tests.bot.reader.world import (
    HOLDING,
    NOTICE,
    READER,
    STRANGER,
    World,
    attribute,
    text_of,
    texts_of,
)

pytestmark = pytest.mark.slow

JUDGMENT, NOTE = "Judgment on leased servers", "Note on notices"


async def test_each_passage_is_an_element_that_says_what_the_passage_says(world: World) -> None:
    """Verbatim: the text of the element is the passage's text, white space too."""
    for title in (JUDGMENT, NOTE):
        passages = list(world.services.library.document_passages([world.document(title)]))
        page = await world.page(passages[0].citation)
        for passage in passages:
            [element] = page.css(f'[data-citation="{passage.citation}"]')
            assert text_of(element) == passage.text
        [cited] = page.css(".cited")
        assert cited.attributes["data-citation"] == passages[0].citation


async def test_the_answering_sentence_is_marked(world: World) -> None:
    """It is the sentence that `ask` gives, in the passage from which the question led here."""
    question = "what does a notice need that names a place"
    citation = world.citation(NOTE, "A qualified notice")
    scope = Scope.of("appeal")
    hits = world.services.searcher.answer(question, scope=scope, k=10).hits
    hit = next(hit for hit in hits if hit.citation == citation)
    assert hit.answer
    world.ask(question, [citation])
    page = await world.page(citation)
    marked = "".join(texts_of(page.css(".cited mark.answer")))
    wanted = hit.text[slice(*hit.answer)]
    assert re.sub(r"\s+", "", marked) == re.sub(r"\s+", "", wanted)
    assert texts_of(page.css(".cited b"))
    # Nobody else asked it.
    other = await world.page(world.citation(NOTE, "合格"))
    assert not other.css("mark.answer")


async def test_the_passages_of_an_answer_are_turned(world: World) -> None:
    """Previous and next lead through the answer, with keys that open them."""
    first, last = world.citation(JUDGMENT, NOTICE[:40]), world.citation(NOTE, "合格")
    world.ask("who has to name the place", [first, last])
    page = await world.page(first)
    assert not page.css(".previous")
    [following] = page.css(".following")
    answer = await world.client.get(f"/read/{attribute(following, 'href')}")
    assert answer.status_code == 200
    assert f'data-citation="{last}"' in answer.text


async def test_a_page_of_a_pdf_is_a_figure_with_boxes(world: World) -> None:
    """A picture, and one box a line over the cited words, in per cent of it."""
    citation = world.citation(JUDGMENT, HOLDING[:40])
    page = await world.page(citation)
    [figure] = page.css('figure[data-page="2"]')
    [picture] = figure.css("img")
    assert picture.attributes["alt"]
    boxes = figure.css("span.box")
    text = next(
        passage.text
        for passage in world.services.library.document_passages([world.document(JUDGMENT)])
        if passage.citation == citation
    )
    # 60 characters a line, as the page was set.
    assert abs(len(boxes) - len(text) / 60) < 2
    for box in boxes:
        sides = dict(re.findall(r"(left|top|width|height):([\d.]+)%", attribute(box, "style")))
        assert set(sides) == {"left", "top", "width", "height"}
        assert 0 <= float(sides["left"]) <= float(sides["left"]) + float(sides["width"]) <= 100
    answer = await world.client.get(f"/read/{attribute(picture, 'src')}")
    assert answer.headers["content-type"] == "image/webp"


async def test_a_picture_is_as_wide_as_asked_for(world: World) -> None:
    """At every width in bounds."""
    citation = world.citation(JUDGMENT, HOLDING[:40])
    for width in (80, 333, 800, 1201):
        answer = await world.get(citation, "/page/1.webp", w=str(width), key=world.key(citation))
        assert answer.status_code == 200
        image = Image.open(io.BytesIO(answer.content))
        assert (image.format, image.width) == ("WEBP", width)
        assert abs(image.height / image.width - 842 / 595) < 0.02


async def test_headings_items_tables_and_notes_are_what_they_are(world: World) -> None:
    """Markdown's headings, list, table and footnote have elements of their own."""
    page = await world.page(world.citation(NOTE, "A qualified notice"))
    headings = texts_of(page.css(".passage h2, .passage h3"))
    assert {"What a notice needs", "通知的要件"} <= set(headings)
    assert len(page.css(".passage .item")) == 2
    rows = [texts_of(row.css("td")) for row in page.css(".passage tr:not(.rule)")]
    assert [[re.sub(r"[|\s]", "", cell) for cell in row] for row in rows] == [
        ["Step", "Days"],
        ["Notice", "3"],
        ["Counter-notice", "15"],
    ]
    assert len(page.css(".passage .note")) == 1


async def test_the_outline_leads_to_its_passages(world: World) -> None:
    """Each heading is a link to the passage below it."""
    page = await world.page(world.citation(NOTE, "A qualified notice"))
    links = {text_of(link): link.attributes["href"] for link in page.css(".outline a")}
    answer = await world.client.get(f"/read/{links['通知的要件']}")
    assert "合格的通知應當" in answer.text


async def test_search_finds_the_other_script(world: World) -> None:
    """Simplified finds Traditional, and what is marked is the passage's own."""
    citation = world.citation(NOTE, "A qualified notice")
    answer = await world.get(citation, "/search", q="侵权内容", key=world.key(citation))
    [hit] = answer.json()
    assert hit["citation"] == world.citation(NOTE, "合格")
    assert set(hit) == {"citation", "pin", "text", "highlights"}
    assert [hit["text"][start:end] for start, end in hit["highlights"]] == ["侵權內容"]
    nothing = await world.get(citation, "/search", q="zebra", key=world.key(citation))
    assert nothing.json() == []


async def test_search_keeps_to_the_document(world: World) -> None:
    """Other documents of the same matter are not searched."""
    citation = world.citation(NOTE, "A qualified notice")
    answer = await world.get(citation, "/search", q="lessor", key=world.key(citation))
    assert answer.json() == []


async def test_quotations_are_there_in_every_style(world: World) -> None:
    """Without a script, too."""
    citation = world.citation(NOTE, "A qualified notice")
    page = await world.page(citation)
    quotations = page.css(".quotation")
    assert len(quotations) >= 3
    for quotation in quotations:
        assert "A qualified notice names the place" in text_of(quotation)
    assert citation in text_of(quotations[0])


async def test_markup_of_documents_is_text(world: World) -> None:
    """A document cannot put an element into the page."""
    evil = (
        b"Harmless title\n\n<script>alert(1)</script> <img src=x onerror=alert(1)> & </div> words."
    )
    path = world.services.settings.data.parent / "evil.txt"
    path.write_bytes(evil)
    assert [f.outcome for f in world.services.ingest.add([path], "appeal")] == ["added"]
    page = await world.page(world.citation("Harmless title", "alert"))
    [script] = page.css("script")
    assert "reader.js" in str(script.attributes["src"])
    assert not page.css("main img")
    assert "<script>alert(1)</script>" in text_of(page.css("main")[0])


async def test_headers_keep_the_page_to_itself(world: World) -> None:
    """No script in the page, no address for others, no copy in a cache, no cookie."""
    citation = world.citation(NOTE, "A qualified notice")
    key = world.key(citation)
    for path, query in (("", {}), ("/search", {"q": "notice"}), ("/original", {})):
        answer = await world.get(citation, path, key=key, **query)
        for name in ("Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"):
            assert answer.headers[name] == HEADERS[name]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "set-cookie" not in answer.headers
    assert "unsafe-inline" not in HEADERS["Content-Security-Policy"].split("style-src-attr")[0]
    page = await world.get(citation, key=key)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|https?://(?!t\.me/)", page.text)


async def test_the_original_comes_as_a_file(world: World) -> None:
    """Saved and never shown, under its own name."""
    citation = world.citation(NOTE, "A qualified notice")
    answer = await world.get(citation, "/original", key=world.key(citation))
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''note.md"
    assert answer.headers["content-type"] == "application/octet-stream"


async def test_the_audit_has_every_opening(world: World) -> None:
    """The page, a search, the file; and a picture that was asked for without its page."""
    citation, other = world.citation(NOTE, "合格"), world.citation(JUDGMENT, NOTICE[:40])
    key = world.key(citation)
    await world.get(citation, key=key)
    await world.get(citation, "/search", q="通知", key=key)
    await world.get(citation, "/original", key=key)
    for _ in range(2):
        await world.get(other, "/page/1.webp", key=world.key(other))
    records = world.records()
    assert [row["kind"] for row in records] == ["read", "read", "original", "read"]
    assert [row["person_id"] for row in records] == [READER] * 4
    assert records[0]["citations"] == [citation]
    assert records[1]["question"] == "通知"
    assert records[3]["citations"] == [other]
    assert world.services.audit.problems() == []


async def test_the_page_speaks_three_languages(world: World) -> None:
    """By the browser's language, where the person chose none."""
    citation = world.citation(NOTE, "合格")
    for accepted, language, word in (
        ("zh-TW,zh;q=0.9", "zh-Hant", "目錄"),
        ("zh-CN", "zh-Hans", "目录"),
        ("fr", "en", "Outline"),
    ):
        answer = await world.client.get(
            f"/read/s_{citation}",
            params={"key": world.key(citation)},
            headers={"Accept-Language": accepted},
        )
        assert f'<html lang="{language}">' in answer.text
        assert word in answer.text


async def test_what_changed_since_the_version_before(world: World) -> None:
    """A new version leads to the old one and to what differs; the old one leads to the new."""
    path = world.services.settings.data.parent / "terms.txt"
    terms = "Terms of storage\n\nThe goods stay for {days} days.\n\nThe keeper locks the gate.\n"
    old = "thirty"
    for days in (old, "sixty"):
        path.write_text(terms.format(days=days), encoding="utf-8")
        [filed] = world.services.ingest.add([path], "appeal")
    assert filed.supersedes
    page = await world.page(f"{filed.document_id}-1")
    links = [attribute(link, "href") for link in page.css(".files a")]
    changes, earlier = links[-2:]
    answer = await world.client.get(f"/read/{changes}")
    differences = LexborHTMLParser(answer.text)
    assert texts_of(differences.css("del")) == [old]
    assert texts_of(differences.css("ins")) == ["sixty"]
    assert "locks the gate" not in answer.text
    before = LexborHTMLParser((await world.client.get(f"/read/{earlier}")).text)
    [newer] = before.css(".warning a")
    assert attribute(newer, "href").startswith(f"s_{filed.document_id}-1")
    note = world.citation(NOTE, "合格")
    assert (await world.get(note, "/changes", key=world.key(note))).status_code == 404


CHARTER = """甘露倉儲管理條例

第一條　為管理倉儲，制定本條例。

第二條　倉庫應當設專人看守，並依前條所定目的使用。

第三條　違反第二條規定者，依雲倉登記法第一條處罰。
"""
REGISTRY = """雲倉登記法

第一條　未登記者，處新臺幣三萬元罰鍰。

第二條　登記每年更新一次。

第三條　本法自公布日施行。
"""


async def test_references_are_links(world: World) -> None:
    """前條 and 第二條 lead to their passages, another law to its own, each with its key.

    What is out of scope is no link, and the passage's element says what it said.
    """
    for matter in ("appeal", "lease"):
        folder = world.services.settings.data.parent / matter
        folder.mkdir()
        (folder / "charter.txt").write_text(CHARTER, encoding="utf-8")
        assert list(world.services.ingest.add([folder], matter))
    title = CHARTER.split("\n", maxsplit=1)[0]
    third = world.citation(title, "違反")

    async def links() -> dict[str, str]:
        page = await world.page(third)
        found = page.css(".passage a.reference")
        texts = [text_of(element) for element in page.css(".passage")]
        passages = world.services.library.document_passages([world.document(title)])
        assert texts == [passage.text for passage in passages]
        return {text_of(link): attribute(link, "href") for link in found}

    leads = await links()
    assert list(leads) == ["前條", "第二條"]
    assert leads["前條"].startswith(f"s_{world.citation(title, '為管理')}?key=")
    path = world.services.settings.data.parent / "registry.txt"
    path.write_text(REGISTRY, encoding="utf-8")
    assert list(world.services.ingest.add([path], "lease"))
    assert list(await links()) == ["前條", "第二條"]
    assert list(world.services.ingest.add([path], "appeal"))
    leads = await links()
    assert list(leads) == ["前條", "第二條", "第一條"]
    answer = await world.client.get(f"/read/{leads['第一條']}")
    assert "新臺幣三萬元" in text_of(LexborHTMLParser(answer.text).css(".cited")[0])


async def test_a_large_document_is_searched_by_the_index(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It finds what analyzing every passage finds, and analyzes a few of them."""
    searcher = world.services.searcher
    for title in (JUDGMENT, NOTE):
        passages = tuple(world.services.library.document_passages([world.document(title)]))
        index = partial(
            searcher.passages_with, document_id=world.document(title), scope=Scope.of("appeal")
        )
        whole = ReadDocument(passages)
        for words in ("侵权内容", "qualified notice", "notices that name", "noti", "judgment", "x"):
            expected = find_words(words, whole, index)
            with monkeypatch.context() as patch:
                patch.setattr("bot.reader.finding.INDEXED_FROM", 0)
                patch.setattr("bot.reader.finding.LONGEST_ANALYZED", 0)
                assert find_words(words, ReadDocument(passages), index) == expected


async def test_a_matter_can_keep_its_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the page opens, and its file does not; what another matter gives away it gives."""
    citation = world.citation(NOTE, "合格")
    closed = world.services.settings.model_copy(update={"no_originals": frozenset(("Appeal",))})
    monkeypatch.setattr(world.access, "_settings", closed)
    page = await world.page(citation)
    assert not page.css("a[download]")
    assert (await world.get(citation, "/original", key=world.key(citation))).status_code == 404
    path = world.services.settings.data.parent / "note.md"
    path.write_bytes(world.services.library.original(citation[:-2], Scope.all()).content)
    assert list(world.services.ingest.add([path], "lease"))
    world.access.admit(READER, "lease", "reader")
    assert (await world.get(citation, "/original", key=world.key(citation))).status_code == 200


async def test_strangers_get_no_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may ask because a matter is open reads its pages, and takes no file away."""
    citation = world.citation(NOTE, "合格")
    opened = {"open": True, "open_matter": "appeal"}
    settings = world.services.settings.model_copy(update=opened)
    monkeypatch.setattr(world.access, "_settings", settings)
    page = await world.page(citation, STRANGER)
    assert not page.css("a[download]")
    answer = await world.get(citation, "/original", key=world.key(citation, STRANGER))
    assert answer.status_code == 404
