"""Pins of laws whose numbers stand without a word, of recitals, and of lists with a lead-in."""

from __future__ import annotations

from textwrap import dedent

import pytest

from corpus.models import Passage
from corpus.splitting.passages import split

LONG = "It is common ground that the lamps were lit at dusk and that nobody had asked for it. " * 9


def _pin_of(passages: tuple[Passage, ...], words: str) -> str:
    return next(passage.pin for passage in passages if words in passage.text)


def test_sections_of_a_british_act() -> None:
    """`1 Duty` opens section 1; (2) is its subsection, (a) a paragraph of that."""
    text = f"""\
Lanterns (Safety) Act 2029

1 Duty of manufacturers

(1) First. {LONG}

(2) Second. {LONG}

(a) inner case, {LONG}

2 Duty of sellers

(1) Seller. {LONG}

(2) Nothing else. {LONG}

3 Interpretation

In this Act “lantern” means a lamp.
"""
    passages = split(text, kind="statute")
    assert _pin_of(passages, "First.") == "Section 1(1)"
    assert _pin_of(passages, "inner case") == "Section 1(2)(a)"
    assert _pin_of(passages, "Seller.") == "Section 2(1)"
    assert _pin_of(passages, "means a lamp") == "Section 3"


def test_regulations_of_an_instrument() -> None:
    """`1.—(1)` opens regulation 1 and its first paragraph; a schedule counts anew."""
    text = f"""\
The Lantern Oil (Labelling) Regulations 2031

1.—(1) Cited as. {LONG}

(2) In force. {LONG}

2. Oil means oil.

3. Label all.

SCHEDULE 1

1. Words of the label.

2. Size of the label.
"""
    passages = split(text, kind="statute")
    assert _pin_of(passages, "In force.") == "Regulation 1(2)"
    assert _pin_of(passages, "Oil means") == "Regulation 2"
    assert _pin_of(passages, "Size of") == "Schedule 1 paragraph 2"


@pytest.mark.parametrize("kind", [None, "judgment", "contract", "letter"])
def test_numbers_of_other_texts_are_no_sections(kind: None) -> None:
    """A letter that speaks of an Act of 2029 lists its points, and has no sections."""
    text = "On the Lanterns Act 2029\n\n1 Alpha\n\n2 Beta\n\n3 Gamma\n"
    assert not any("Section" in passage.pin for passage in split(text, kind=kind))


def test_a_section_of_an_american_code() -> None:
    """(a)(1) stands below (a); what goes on below the items belongs to their subsection."""
    text = f"""\
18 U.S.C. § 9030 - Fraud in connection with lanterns

(a) Whoever—

(1) sells. {LONG}

(2) buys. {LONG}

shall be punished as below. {LONG}

(b) Attempts. {LONG}
"""
    passages = split(text, kind="statute")
    assert _pin_of(passages, "buys.") == "§ 9030(a)(2)"
    assert _pin_of(passages, "shall be punished").startswith("§ 9030(a)")
    assert _pin_of(passages, "Attempts.") == "§ 9030(b)"


def test_letters_and_roman_numbers() -> None:
    """(i) after (a) is its own level, after (h) a letter; (A) stands below (1)."""
    items = [f"({letter}) item {letter}. {LONG}" for letter in "abcdefghi"]
    text = "\n\n".join(["§ 7.1 Scope.", *items, "§ 7.2 Rest.", f"(a) Outer. {LONG}"])
    text += f"\n\n(i) inner one. {LONG}\n\n(ii) inner two. {LONG}\n\n§ 7.3 End.\n\n(a) Last."
    passages = split(text, kind="statute")
    assert _pin_of(passages, "item i.") == "§ 7.1(i)"
    assert _pin_of(passages, "inner two.") == "§ 7.2(a)(ii)"


def test_recitals_of_the_union() -> None:
    """What stands between `Whereas:` and the first article is cited by its number."""
    recitals = "\n\n".join(f"({number})\tReason {number}. {LONG * 2}" for number in range(1, 4))
    articles = "\n\n".join(f"Article {number}\n\nDuty {number}. {LONG}" for number in range(1, 4))
    text = f"REGULATION (EU) 2031/977\n\nWhereas:\n\n{recitals}\n\nHAVE ADOPTED THIS:\n\n{articles}"
    passages = split(text, kind="statute")
    assert [_pin_of(passages, f"Reason {number}.") for number in (1, 2, 3)] == [
        "recital 1",
        "recital 2",
        "recital 3",
    ]
    assert _pin_of(passages, "Duty 2.") == "Article 2"


def test_a_list_is_named_by_its_numbers_below_its_lead_in() -> None:
    """判决如下 opens the disposition; a lead-in that is longer than the list is what is named."""
    lead_in = "综上所述，依照有关法律的规定，判决如下："
    items = "一、被告于十日内向原告支付货款四十八万元以及自起诉之日起的逾期付款利息；\n\n"
    items += "二、驳回原告江州晨曦灯具有限公司关于律师费用、公证费用和差旅费用的其他诉讼请求。"
    body = "本院经审查认为，各方对通知系星期五寄出、次周星期一签收并无异议，应予采信。" * 10
    passages = split(f"{body}\n\n{lead_in}\n\n{items}\n", kind="judgment")
    assert _pin_of(passages, "支付货款") == "主文一、–二、"
    passages = split(f"{body}\n\n{lead_in * 9}\n\n一、驳回。\n", kind="judgment")
    assert _pin_of(passages, "一、驳回").startswith("¶")


def test_a_docket_number_is_a_title_line() -> None:
    """The first paragraph of the text is the party's, below court, kind and number."""
    text = dedent("""\
        江州市临湖区人民法院

        民事判决书

        （2031）江0203民初4417号

        原告：江州晨曦灯具有限公司，住所地江州市临湖区灯塔路88号。

        案由：买卖合同纠纷
        """)
    body = "本院经审理认定事实如下：各方对通知系星期五寄出、次周星期一签收并无异议，应予采信。" * 5
    passages = split(f"{text}\n{body}\n", kind="judgment")
    assert _pin_of(passages, "各方对通知") == "¶ 3"
    assert not any("案由" in passage.heading for passage in passages)


def test_witnesses_and_hong_kongs_chinese_judgments_number_paragraphs() -> None:
    """Three numbered paragraphs are enough where the document's kind numbers all of them."""
    numbered = "\n\n".join(f"{number}. Point {number}. {LONG}" for number in range(1, 5))
    passages = split(f"FIRST WITNESS STATEMENT\n\n{numbered}", kind="filing")
    assert _pin_of(passages, "Point 3.") == "[3]"
    han = "\n\n".join(
        f"{number}.\t第{number}點，" + "被告人承認控罪。" * 12 for number in range(1, 5)
    )
    passages = split(f"[2031] HKDC 377\n\n判刑理由書\n\n{han}", kind="judgment")
    assert _pin_of(passages, "第3點") == "[3]"


def test_decimals_below_an_article_are_clauses() -> None:
    """2.1 below Article 2 is clause 2.1, in either language of a bilingual contract."""
    blocks = [
        f"Article {n} Part\n\n{n}.1 First of {n}. {LONG}\n\n{n}.2 Second of {n}. {LONG}"
        for n in range(1, 4)
    ]
    passages = split("\n\n".join(["Supply Agreement", *blocks]), kind="contract")
    assert _pin_of(passages, "Second of 2.") == "Article 2.2"
    han = [
        f"第{n}条 价款\n\n{i}.1 " + "双方对价款和支付的方式没有争议。" * 30
        for i, n in enumerate("一二三", 1)
    ]
    passages = split("\n\n".join(["供货合同", *han]), kind="contract")
    assert [passage.pin for passage in passages if "1.1" in passage.text] == ["第1.1条"]


def test_headings_of_decimals_are_no_series() -> None:
    """An expert's 1. and 2. are only the headings of 1.1 and 2.1."""
    blocks = [f"{n}. PART\n\n{n}.1 One. {LONG}\n\n{n}.2 Two in {n}. {LONG}" for n in range(1, 4)]
    passages = split("\n\n".join(["EXPERT REPORT", *blocks]), kind="filing")
    assert _pin_of(passages, "Two in 2.") == "§ 2.2"


def test_what_stands_above_a_letters_words_is_not_counted() -> None:
    """Addresses, the greeting, `To:` and `Re:` are no paragraphs of the text."""
    letter = f"Rook LLP\n\n40 Lantern Street\n\nDear Sirs\n\nFirst. {LONG}\n\nSecond. {LONG}"
    passages = split(letter, kind="letter")
    assert _pin_of(passages, "Second.") == "¶ 2"
    memorandum = f"MEMORANDUM\n\nTO: A\n\nFROM: B\n\nRE: lamps\n\nFirst. {LONG}\n\nSecond. {LONG}"
    assert _pin_of(split(memorandum, kind="memorandum"), "Second.") == "¶ 2"


def test_two_parties_are_no_sign() -> None:
    """甲、乙双方 names two parties, and is not the sign 甲、."""
    text = "房屋租赁合同\n\n甲、乙双方达成如下协议：\n\n" + "\n\n".join(
        f"{sign}、租金\n\n" + "双方对租金和支付的方式没有争议。" * 20 for sign in "一二三"
    )
    assert not any("甲" in passage.pin for passage in split(text, kind="contract"))


def test_what_an_amendment_quotes_belongs_to_its_number() -> None:
    """Every paragraph of the new wording opens with a quotation mark, below 一、 that leads in."""
    reason = "各方对通知系星期五寄出、次周星期一签收并无异议，应予采信；" * 5
    text = "修改决定\n\n一、将第三条修改为：\n\n“有下列情形之一的："
    text += f"\n\n“（一）{reason}\n\n“（二）{reason}”"
    text += f"\n\n二、将第四条修改为：“{reason}”\n\n三、删去第五条。{reason}"
    passages = split(text, kind="statute")
    assert _pin_of(passages, "（二）") == "一、"
    assert _pin_of(passages, "三、删去") == "三、"


def test_a_schedule_in_the_contents_opens_none() -> None:
    """`SCHEDULE 1 SELLERS⇥20` is an entry: the clauses below it are the agreement's own."""
    text = (
        "AGREEMENT\n\nCONTENTS\n\n1. INTERPRETATION\t1\n\n2. SALE\t4\n\nSCHEDULE 1 SELLERS\t20\n\n"
    )
    text += "THIS AGREEMENT is dated 17 September 2031\n\n"
    text += f"1. INTERPRETATION\n\n1.1 First. {LONG}\n\n2. SALE\n\n2.1 Second. {LONG}\n\n"
    text += "SCHEDULE 1\n\nSellers\n\n1. Ada Wick of Tallow Street sells forty of the shares.\n"
    passages = split(text, kind="contract")
    assert _pin_of(passages, "First.") == "§ 1.1"
    assert _pin_of(passages, "Second.") == "§ 2.1"
    assert _pin_of(passages, "Ada Wick") == "SCHEDULE 1 § 1"
    assert not any("SELLERS" in passage.text for passage in passages)
