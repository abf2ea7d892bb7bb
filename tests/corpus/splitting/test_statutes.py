"""Statutes and contracts: one article, one passage, named as the text names it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from corpus.splitting.passages import split

if TYPE_CHECKING:
    from pathlib import Path

HANS = """示例数据条例
（2020年1月1日通过）

第一章　总则

第一条　为了说明切分方法，制定本条例。

第二条　本条例所称数据，是指下列各项：
（一）文字；
（二）图像；
（三）依照第九条规定登记的其他内容。

第三条　依照第一条的规定办理登记的，不收费。
第五条规定的情形除外，申请人应当自收到通知之日起十日内补正。

第二章　义务
第一节　一般义务
第十条　前条所称服务者应当保存记录。
记录的保存期限不少于三年。
第十条之一　前款规定的记录可以以电子形式保存。
第十一条　违反第十条的，责令改正。
附则
第十二条　本条例自公布之日起施行。
"""
HANT = """示範資料保護辦法

第 1 條
本辦法依示範法第五條第二項訂定之。

第 2 條
前條所稱資料，指下列各款：
一、姓名。
二、地址。

第 2-1 條
業者應通知當事人。

第 3 條
本辦法自發布日施行。
"""
ENGLISH = """Model Hosting Act

Chapter 1 General provisions

Article 1. This Act governs the renting of servers.

Article 2. In this Act:
(a) "host" means a person who rents out a server;
(b) "lessee" means the person who rents it.

Chapter 2 Notices

Article 3 Contents of a notice

A notice shall identify the work. Article 2 of the Evidence Act does not apply.

Article 2 applies to every notice mentioned in this chapter.

Article 4. A host who receives a notice shall forward it to the lessee without delay.
"""


@pytest.mark.parametrize(
    ("text", "pins"),
    [
        (HANS, ["第一条", "第二条", "第三条", "第十条", "第十条之一", "第十一条", "第十二条"]),
        (HANT, ["第1條", "第2條", "第2-1條", "第3條"]),
        (ENGLISH, ["Article 1", "Article 2", "Article 3", "Article 4"]),
        (
            "§ 1 Scope\nAll servers.\n§ 2 Notice\nIn writing.\n§ 2a Copies\nTwo.",
            ["§ 1", "§ 2", "§ 2a"],
        ),
        (
            "Section 1. Rent\nSection 1.1 Amount.\nSection 2. Term\nSection 10. End",
            ["Section 1", "Section 1.1", "Section 2", "Section 10"],
        ),
        ("Art. 1 Rent.\n\nArt. 2 Term.\n\nArt. 3 End.", ["Art. 1", "Art. 2", "Art. 3"]),
        (
            "ARTICLE I\nRent.\nARTICLE II\nTerm.\nARTICLE IV\nEnd.",
            ["ARTICLE I", "ARTICLE II", "ARTICLE IV"],
        ),
    ],
)
def test_an_article_is_a_passage_even_when_short(text: str, pins: list[str]) -> None:
    """The pin is the article as the text writes it; a mention in running text opens none."""
    assert [passage.pin for passage in split(text)] == pins


def test_chapters_are_context() -> None:
    """The chapter and section above an article; the title of the law is no context."""
    context = {passage.pin: passage.heading for passage in split(HANS)}
    assert context["第二条"] == "第一章 总则"
    assert context["第十条之一"] == "第二章 义务 › 第一节 一般义务"
    assert split(HANS)[0].text.startswith("示例数据条例")


@pytest.mark.parametrize(
    "text",
    [
        "第三十六条规定了网络侵权责任。\n\n第三十七条的内容与此不同。\n\n第三十八条、第四十条也一样。",
        "Article 6 of the law says so.\n\nArticle 7 is different.\n\nArticle 8, however, agrees.",
        "第十條 甲。\n\n本文只談一條。",
        "第九條 甲。\n\n第八條 乙。\n\n第七條 丙。",
    ],
)
def test_mentions_are_no_articles(text: str) -> None:
    """Sentences about articles, one article alone, or numbers that fall, make no statute."""
    assert all(passage.pin.startswith("¶") for passage in split(text))


def test_a_long_article_is_cut_at_its_paragraphs() -> None:
    """Every piece keeps the article's number, and the paragraph's, counted from the first."""
    paragraph = "承租人應當依照約定的用途使用伺服器，不得侵害他人的權益，並應配合查證。" * 6
    huge = paragraph * 3
    text = (
        f"第一條 總則。\n\n第二條 {paragraph}\n{paragraph}\n{huge}\n\n第三條 本辦法自發布日施行。"
    )
    pins = [passage.pin for passage in split(text)]
    assert pins == [
        "第一條",
        "第二條第一項",
        "第二條第二項",
        "第二條第三項",
        "第二條第三項",
        "第三條",
    ]


def test_the_title_of_a_law_is_no_paragraph_of_its_first_article() -> None:
    """What stands above the first article opens its passage and is not counted in its pin."""
    paragraph = "承租人應當依照約定的用途使用伺服器，不得侵害他人的權益，並應配合查證。" * 9
    passages = split(
        f"示範辦法\n\n某年某月公布\n\n第一條 {paragraph}\n{paragraph}\n第二條 甲。\n第三條 乙。"
    )
    assert [passage.pin for passage in passages] == [
        "第一條第一項",
        "第一條第二項",
        "第二條",
        "第三條",
    ]
    assert passages[0].text.startswith("示範辦法")


@pytest.mark.slow
@pytest.mark.shared
def test_real_laws_are_cut_at_the_articles_that_were_cut_by_others(shared: Path) -> None:
    """Laws put together again from their articles come apart at the same places."""
    laws: dict[str, list[tuple[str, str]]] = defaultdict(list)
    lines = (shared / "collections/lawbench-citation/passages.jsonl").read_text(encoding="utf-8")
    for line in lines.splitlines():
        article = json.loads(line)
        law, number = article["title"].split("第", 1)
        laws[law].append((f"第{number}", article["text"].split("》", 1)[1]))
    # Some hold two versions of the law, article by article: they ascend in no order.
    sound = [law for law in laws if len({name for name, _ in laws[law]}) == len(laws[law]) >= 3]
    right = 0
    for law in sound[:60]:
        passages = split("\n\n".join([law, *(t for _, t in laws[law])]))
        pins = [re.sub(r"(?<=.)第.*|至.*", "", passage.pin) for passage in passages]
        right += list(dict.fromkeys(pins)) == [name for name, _ in laws[law]]
    assert right >= 57
