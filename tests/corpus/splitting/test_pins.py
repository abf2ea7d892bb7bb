"""Pins name what the document itself numbers: judgments, contracts, laws, Chinese documents."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from corpus.splitting.passages import split

if TYPE_CHECKING:
    from corpus.models import Passage

LATIN = (
    "The tenant of the server shall keep a record of what was stored on it, and shall hand the "
    "record over when the owner asks for it in writing and gives a good reason. "
)
HAN = (
    "承租人應當依照約定的用途使用伺服器，不得侵害他人的權益，並應配合出租人查證，"
    "查證所需的費用由雙方平均分擔，但另有約定的從其約定。"
)


def _pin_of(passages: tuple[Passage, ...], words: str) -> str:
    return next(passage.pin for passage in passages if words in passage.text)


def test_a_judgments_own_numbers_are_its_pins() -> None:
    """Not those of a quotation within it; what follows a number belongs to it."""
    own = [f"{number}. Point {number} of the judge. {LATIN}" for number in range(1, 7)]
    own[1] += "The contract says:"
    quoted = [f"2. Quoted two. {LATIN}", f"3. Quoted three. {LATIN}"]
    lines = ["[2031] EWHC 99 (Ch)", "Alpha v Beta", "Lord One:", *own[:2], *quoted, *own[2:]]
    passages = split("\n\n".join(lines), kind="judgment")
    for number in range(1, 7):
        assert _pin_of(passages, f"Point {number} of") == f"[{number}]"
    assert _pin_of(passages, "Quoted three") == "[2]"


def test_a_judgments_short_paragraphs_are_no_headings() -> None:
    """`20. The issues are as follows:` opens a paragraph; the heading above it is context."""
    lines = ["[2031] UKSC 99", f"1. First. {LATIN}", "Background", "2. The facts are agreed"]
    lines += [f"3. Third. {LATIN}", f"4. Fourth. {LATIN}"]
    passages = split("\n\n".join(lines), kind="judgment")
    assert _pin_of(passages, "The facts are agreed").startswith("[2]")
    assert not any("facts" in passage.heading for passage in passages)


def test_numbers_in_square_brackets() -> None:
    """Courts of the Commonwealth number `[12]`, and a lost number does not end the series."""
    lines = [f"[{number}] Para {number} here. {LATIN}" for number in (1, 2, 3, 5, 6)]
    passages = split("\n\n".join(lines), kind="judgment")
    assert [passage.pin for passage in passages] == ["[1]", "[2]", "[3]", "[5]", "[6]"]


CONTRACT = f"""Hosting Agreement

1. Definitions

1.1 “Server” means a machine. {LATIN}

1.2 “Fee” means what is paid. {LATIN}

2. Term

2.1 It runs for a year. {LATIN}

(a) Notice ends it. {LATIN}

(b) So does breach. {LATIN}{LATIN}{LATIN}

2.2 It may be renewed. {LATIN}
"""


def test_a_contracts_clauses_are_its_pins() -> None:
    """Decimals and letters; a title of clauses is context of those below it."""
    passages = split(CONTRACT)
    assert _pin_of(passages, "“Fee” means") == "§ 1.2"
    assert _pin_of(passages, "So does breach").startswith("§ 2.1")
    assert _pin_of(passages, "It may be renewed") == "§ 2.2"
    renewed = next(passage for passage in passages if "be renewed" in passage.text)
    assert renewed.heading == "2. Term"


def test_indented_numbers_are_levels_of_their_clause() -> None:
    """Markdown writes clause 5.2 as `2.` further in than `5.`."""
    text = f"# Cloud Agreement\n\n5. Term\n    1. Start. {LATIN}\n    2. End. {LATIN}\n"
    passages = split(text)
    assert [passage.pin for passage in passages] == ["§ 5.1", "§ 5.2"]


@pytest.mark.parametrize(
    ("label", "item", "pin"),
    [
        ("第 184 條", "二、", "第184條第2項第2款"),
        ("第一百八十四條", "二、", "第一百八十四條第二項第二款"),
        ("第一百八十四条", "（二）", "第一百八十四条第二款第（二）项"),
        ("Article 184", "2. ", "Article 184(2)(2)"),
    ],
)
def test_paragraphs_and_items_of_an_article(label: str, item: str, pin: str) -> None:
    """A label on its own line is no paragraph; items are named in their law's own words."""
    latin = label.isascii()
    body = LATIN * 4 if latin else HAN * 4
    first = item.replace("2", "1").replace("二", "一")
    lead = "Any of these:" if latin else "有下列情形之一的："
    around = [label.replace("184", "183"), body, label.replace("184", "185"), body]
    if "184" not in label:
        around = [label.replace("四", "三"), body, label.replace("四", "五"), body]
    lines = [*around[:2], label, body, lead, f"{first}{body}", f"{item}{body}", *around[2:]]
    passages = split("\n".join(lines))
    assert pin in [passage.pin for passage in passages]


def test_an_article_of_fair_size_is_whole() -> None:
    """Up to 400 characters its paragraphs stay together."""
    text = "\n".join(f"第{number}条　{HAN}\n{HAN}\n{HAN}" for number in "一二三")
    assert [passage.pin for passage in split(text)] == ["第一条", "第二条", "第三条"]


def test_sections_of_a_code_are_headings_and_sections_of_an_act_are_articles() -> None:
    """The document tells which: the number that runs through it is the article's."""
    code = "\n\n".join(
        [
            "Code",
            "Section 1 - Sale",
            f"Article 5\n{LATIN}",
            f"Article 6\n{LATIN}",
            "Section 2 - Exchange",
            f"Article 9\n{LATIN}",
        ]
    )
    assert [passage.pin for passage in split(code)] == ["Article 5", "Article 6", "Article 9"]
    act = "\n\n".join(f"Section {number} Remedies\n{LATIN}" for number in (8, 9, 10))
    assert [passage.pin for passage in split(act)] == ["Section 8", "Section 9", "Section 10"]


def test_signs_of_a_chinese_judgment() -> None:
    """壹、一、（一）1. are steps of one pin."""
    text = dedent(f"""\
        貳、實體方面
        一、原告主張：
        （一）{HAN}
        （二）{HAN}
        二、被告抗辯：
        （一）第一點{HAN}{HAN}
        （二）第二點{HAN}{HAN}{HAN}{HAN}{HAN}{HAN}
        """)
    passages = split("壹、程序方面\n" + HAN + "\n" + text)
    assert _pin_of(passages, "第二點") == "貳、二、（二）"


def test_a_wrapped_line_that_opens_with_a_sign_is_no_item() -> None:
    """The line above fills the column and breaks off: the sign goes on within its sentence."""
    text = dedent("""\
        二、原告主張被告於某年某月間駕駛車輛行經該處時未注意前方車輛
            以致發生事故造成原告受有傷害因此請求被告賠償並且聲明被告
            ㈢應給付原告若干元及法定利息等語經查原告所提出之診斷證明
            書及收據與所主張之事實相符被告對於此部分也沒有爭執應屬可
            信因此本院認為原告的請求有理由應予准許至於其他部分則不可
            採應予駁回。
        """)
    assert len(split(text)) == 1


def test_parties_and_those_who_represent_them_stay_together() -> None:
    """Counsel is never cut from the party above."""
    parties = [
        f"{role}：某某有限公司{number}，住所地某省某市某区某某街道某某路一百二十号。\n"
        f"法定代表人：张某{number}，该公司经理。\n委托诉讼代理人：李某{number}，某某律师事务所律师。"
        for number, role in enumerate(["上诉人（原审被告）", "被上诉人（原审原告）", "原审第三人"])
    ]
    passages = split("某省某市中级人民法院\n民事判决书\n" + "\n".join(parties) + f"\n{HAN}\n{HAN}")
    for number in range(3):
        holders = [passage for passage in passages if f"李某{number}" in passage.text]
        assert f"有限公司{number}" in holders[0].text


def test_contents_rules_and_registry_stamps_are_no_passages() -> None:
    """What is nobody's words is not quoted."""
    text = (
        "Brief\n\nI. Facts ........ 3\n\nII. Law ........ 7\n\n- - - - - -\n\n"
        f"Case 1:20-cv-00001-AB Document 7 Filed 01/02/20 Page 1 of 2\n\n{LATIN}\n\n{LATIN}"
    )
    quoted = " ".join(passage.text for passage in split(text))
    assert "...." not in quoted
    assert "- - -" not in quoted
    assert "Document 7" not in quoted


def test_a_sentence_goes_on_over_a_page() -> None:
    """The paragraph that a page cuts within a sentence is one."""
    half = "The tenant who keeps no record of what was stored on the server for others"
    text = f"{LATIN}\n\n{half}\n\nis liable for the damage. {LATIN}"
    passages = split(text, page_starts=(0, text.index("is liable")))
    assert any(f"{half}\n\nis liable" in passage.text for passage in passages)


def test_a_figure_broken_by_the_line_is_one_paragraph() -> None:
    """于2018⏎年2月9日 is no heading above a paragraph."""
    passages = split(f"{HAN}\n自诉人于2018\n年2月9日起诉，{HAN}\n{HAN}")
    assert any("2018\n年2月" in passage.text for passage in passages)
    assert {passage.heading for passage in passages} == {""}


def test_a_part_or_an_annex_counts_its_clauses_anew() -> None:
    """Its name stands in the pin: `§ 1.1` of the agreement is another clause."""
    text = (
        f"# Hosting Terms\n\n## 1. Fees\n\n### 1.1 First\n\nFirst clause. {LATIN}\n\n"
        f"### 1.2 Second\n\nSecond clause. {LATIN}\n\n"
        f"# Terms for Guests\n\n## 1. Access\n\n### 1.1 Third\n\nThird clause. {LATIN}\n\n"
        f"Schedule 2\n\n"
        f"1.1 Fourth. {LATIN}\n"
    )
    passages = split(text, kind="contract")
    assert _pin_of(passages, "First clause") == "§ 1.1"
    assert _pin_of(passages, "Third clause") == "Terms for Guests § 1.1"
    assert _pin_of(passages, "Fourth.") == "Schedule 2 § 1.1"


def test_items_of_a_disposition_are_told_from_other_lists() -> None:
    """判决如下 opens the 主文; a note between its items does not end it."""
    text = (
        f"某法院\n{HAN}\n依照某法第五条，判决如下：\n一、被告甲{HAN}{HAN}\n（自某日起算。）\n"
        f"二、被告乙{HAN}{HAN}\n如不服本判决，可在十日内上诉。{HAN}"
    )
    passages = split(text)
    assert _pin_of(passages, "二、被告乙") == "主文二、"
    assert _pin_of(passages, "如不服").startswith("¶")
