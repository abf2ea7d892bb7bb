"""How documents of each kind open, and what they are called for it. All details are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language.dates import find_dates
from corpus.models import DocumentFacts, Edition, Extract, Metadata
from corpus.reading.metadata import complete

BODY = "\n\n1. The parties disagree about what was agreed. Nothing else is in dispute here.\n" * 3
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPED = Metadata(title="Neutral Citation", date="2031-01-02", publisher="xyz12q")
"""What a program and a typist leave in a file's properties."""


def read(text: str, media_type: str = DOCX) -> Metadata:
    return complete(Extract(text, media_type, TYPED))


HIGH_COURT = """Neutral Citation Number: [2021] EWHC 9123 (Ch)

Case No: BL-2019-009876

IN THE HIGH COURT OF JUSTICE

CHANCERY DIVISION

Date: 4 March 2021

Before :

MRS JUSTICE EXAMPLE

Between :

(1) NORTHGATE LANTERNS LIMITED Claimants
(2) MARA MCALLISTER
- and -
(1) SOUTHBANK CANDLES LLP First Defendant
(2) THE COUNCIL OF LITTLE
HAMPDEN Second Defendant

Ann Other KC (instructed by Some LLP) for the Claimants

Hearing dates: 1 and 2 February 2021
"""
SUPREME_COURT = """Trinity Term

[2022] UKSC 931

On appeal from: [2020] EWCA Civ 9

JUDGMENT

Oakes (Respondent) v Registrar of Wrecks (Appellant)
before Lord Example, Lady Sample
JUDGMENT GIVEN ON


13 July 2022


Heard on 2 March 2022
"""
TRIBUNAL = """UPPER TRIBUNAL (LANDS CHAMBER)

Neutral citation number: [2020] UKUT 931 (LC)

BETWEEN:

IDA PEAR (1)

TOM PEAR (2)

Appellants

-and-

London Borough of Nowhere

Respondent

14 May 2020

Royal Courts of Justice
"""
JUDICIAL_REVIEW = """Neutral Citation Number: [2023] EWHC 9321 (Admin)

Between:

THE KING
(on the application of ADA EXAMPLE)
Claimant
- and -
SECRETARY OF STATE FOR THE HOME DEPARTMENT
Defendant

Date: 03/04/2023
"""


DESCRIBED = """NCN: [2025] EWHC 9863 Ch

IN THE HIGH COURT OF JUSTICE

Date: 04/11/2025

Between:

(1) SMALL LANTERNS (US) INC
(a company incorporated under the laws of the State of

New York)
(2) SMALL LANTERNS LIMITED

Claimants

- and -

DIFFUSE LIGHT LIMITED

Defendant

- - - - - - - - -
"""
CRIMINAL = """COURT OF APPEAL (CRIMINAL DIVISION)

Neutral Citation Number: [2024] EWCA Crim 9456

Date: 15 January 2024

Before:
LORD JUSTICE EXAMPLE
MR JUSTICE SAMPLE

REGINA
v
JOHN MICHAEL DOE

JUDGMENT
"""


@pytest.mark.parametrize(
    ("text", "title", "date", "court", "parties"),
    [
        (
            HIGH_COURT,
            (
                "Northgate Lanterns Limited and another v Southbank Candles LLP and another"
                " [2021] EWHC 9123 (Ch)"
            ),
            "2021-03-04",
            "High Court of England and Wales (Chancery Division)",
            4,
        ),
        (
            SUPREME_COURT,
            "Oakes (Respondent) v Registrar of Wrecks (Appellant) [2022] UKSC 931",
            "2022-07-13",
            "UK Supreme Court",
            2,
        ),
        (
            TRIBUNAL + BODY + "\n\nJudge Example\n\n21 May 2020\n",
            "Ida Pear and another v London Borough of Nowhere [2020] UKUT 931 (LC)",
            "2020-05-21",
            "Upper Tribunal (Lands Chamber)",
            3,
        ),
        (
            DESCRIBED,
            "Small Lanterns (US) Inc and another v Diffuse Light Limited [2025] EWHC 9863 Ch",
            "2025-11-04",
            "High Court of England and Wales (Chancery Division)",
            3,
        ),
        (
            CRIMINAL,
            "R v John Michael Doe [2024] EWCA Crim 9456",
            "2024-01-15",
            "Court of Appeal of England and Wales (Criminal Division)",
            2,
        ),
        (
            JUDICIAL_REVIEW,
            (
                "R (on the application of Ada Example) v Secretary of State for the Home"
                " Department [2023] EWHC 9321 (Admin)"
            ),
            "2023-04-03",
            "High Court of England and Wales (Administrative Court)",
            2,
        ),
    ],
)
def test_judgments_with_a_neutral_citation(
    text: str, title: str, date: str, court: str, parties: int
) -> None:
    """Case name and citation, the day it was given and not that of the hearing, the court."""
    about = read(text + BODY)
    assert (about.title, about.date, about.facts.court) == (title, date, court)
    assert about.facts.kind == "judgment"
    assert about.facts.neutral_citation
    assert title.endswith(about.facts.neutral_citation)
    assert len(about.facts.parties) == parties
    assert about.publisher == court


APPEAL = """United States Court of Appeals

for the Fifth Circuit

No. 29-50123

Maria Example,

Plaintiff—Appellant,

versus

Harbor Assurance Company; Second Life Company,

Defendants—Appellees.

Appeal from the United States District Court

USDC No. 3:28-CV-999

Before Able, Baker, and Charlie, Circuit Judges.

Case: 29-50123 Document: 00511 Page: 1 Date Filed: 03/06/2029
"""
STATE = """In the Oregon Court of Appeals

DIVISION TWO

JANE ROE, ) No. ED123456
 )
Appellant, ) Appeal from the Circuit Court of
 ) Somewhere County
vs. ) No. 1711-CC00064
 )
STATE OF OREGON, ) Honorable A. Judge
 )
Respondent. ) Filed: January 19, 2021

Amy Able, P.J., Ben Baker, J., and Carl Charlie, J.
"""
IN_RE = """12

13

IN THE UNITED STATES DISTRICT COURT

FOR THE DISTRICT OF ARIZONA

IN RE: Blue Filters Products

Liability Litigation,

No. MDL 25-01234-PHX-ABC

TRANSFER ORDER
"""
MOTION = """No. 20-91234

IN THE UNITED STATES COURT OF APPEALS

FOR THE NINTH CIRCUIT

ANA RIVERS, et al.

Plaintiffs-Appellees,

v.

DAVID STONE,

Defendant-Appellant.

MOTION TO STAY PROCEEDINGS

Case: 20-91234, 08/05/2020, ID: 117, DktEntry: 19, Page 1 of 15
"""
CLERK = """UNITED STATES COURT OF APPEALS

FOR THE SIXTH CIRCUIT

Filed: September 20, 2017

Re: Case No. 17-9994, Pine Coal Company v. Linda Heath, et al

Dear Counsel:
"""


@pytest.mark.parametrize(
    ("text", "title", "date", "court", "kind"),
    [
        (
            APPEAL,
            "Maria Example v. Harbor Assurance Company and another, No. 29-50123",
            "2029-03-06",
            "United States Court of Appeals for the Fifth Circuit",
            "judgment",
        ),
        (
            STATE,
            "Jane Roe v. State of Oregon, No. ED123456",
            "2021-01-19",
            "Oregon Court of Appeals",
            "judgment",
        ),
        (
            IN_RE,
            "In re Blue Filters Products Liability Litigation, No. MDL 25-01234-PHX-ABC",
            None,
            "United States District Court for the District of Arizona",
            "judgment",
        ),
        (
            MOTION,
            "Motion to Stay Proceedings, Ana Rivers, et al. v. David Stone, No. 20-91234",
            "2020-08-05",
            "United States Court of Appeals for the Ninth Circuit",
            "filing",
        ),
        (
            CLERK,
            "Pine Coal Company v. Linda Heath, et al, No. 17-9994",
            "2017-09-20",
            "United States Court of Appeals for the Sixth Circuit",
            "letter",
        ),
    ],
)
def test_american_papers(text: str, title: str, date: str | None, court: str, kind: str) -> None:
    """Caption, docket and stamp, in a box or without; a party's paper is called by its name."""
    about = read(text + BODY, "application/pdf")
    assert (about.title, about.date, about.facts.court, about.facts.kind) == (
        title,
        date,
        court,
        kind,
    )
    assert about.publisher == (court if kind == "judgment" else None)


def test_a_judgment_of_the_european_union() -> None:
    """The case's number, a party on each line, the day at the head."""
    text = (
        "JUDGMENT OF THE COURT (Grand Chamber)\n\n13 May 2031 (*)\n\nIn Case C‑931/30,\n\n"
        "REQUEST for a preliminary ruling from a court (Spain), made by decision of 27 February"
        " 2030, in the proceedings\n\nSearch Iberia SL,\n\nSearch Inc.\n\nv\n\n"
        "Agency for Data,\n\nThe Person,\n\nTHE COURT (Grand Chamber),\n"
    )
    about = read(text + BODY)
    assert about.title == "Case C-931/30 Search Iberia SL and another v Agency for Data and another"
    assert about.date == "2031-05-13"
    assert about.facts.docket == "C-931/30"
    assert about.facts.parties == (
        "Search Iberia SL",
        "Search Inc.",
        "Agency for Data",
        "The Person",
    )


TAIWAN = """臺灣花蓮地方法院民事判決　　　　　　　109年度訴字第9312號
原　　　告　大山貨運有限公司
法定代理人　林小明
被　　　告　海邊合作社
上列當事人間請求損害賠償事件，本院於民國110 年1 月12日言
詞辯論終結，判決如下：
    主      文
被告應給付原告新臺幣四十萬元。
中    華    民    國   110    年    2     月    26    日
                  民事第四庭    法  官  王大明
附表：
┌────┐
│ 合計 │
└────┘
"""


def test_a_judgment_of_taiwan() -> None:
    """Court and docket on one line, a column of parties, tables after the signatures."""
    about = read(TAIWAN + "│ 項目 │\n" * 60, "text/plain")
    assert about.date == "2031-01-02"  # a person's own words beside a plain text come first
    about = complete(Extract(TAIWAN + "│ 項目 │\n" * 60, "text/plain"))
    assert about == Metadata(
        "臺灣花蓮地方法院109年度訴字第9312號民事判決",
        "2021-02-26",
        "臺灣花蓮地方法院",
        language="zh-Hant",
        facts=DocumentFacts(
            "judgment",
            "臺灣花蓮地方法院",
            "109年度訴字第9312號",
            parties=("大山貨運有限公司", "海邊合作社"),
        ),
    )


def test_a_report_of_a_case_is_called_by_its_parties() -> None:
    """Not by the sentence above, which says what it teaches."""
    text = (
        "# 明知是旧货仍可索赔\n\n## 李某诉海淀灯具有限公司东门店买卖合同纠纷案\n\n"
        "## 基本案情\n\n李某购买灯具一盏。\n"
    )
    about = complete(Extract(text, "text/markdown"))
    assert about.title == "李某诉海淀灯具有限公司东门店买卖合同纠纷案"
    assert about.facts.parties == ("李某", "海淀灯具有限公司东门店")


MAINLAND_LAW = """# 中华人民共和国灯塔法

1993年2月9日 第八届全国人民代表大会常务委员会第五次会议通过

2004年8月28日 第十届全国人民代表大会常务委员会第十一次会议《关于修改〈中华人民共和国灯塔法〉

的决定》第一次修正

2023年11月29日 第十四届全国人民代表大会常务委员会第七次会议修订

## 第一章 总则

第一条 为了保护灯塔，制定本法。

第二条 本法自2024年7月1日起施行。
"""
BRACKETED_LAW = """中华人民共和国灯塔法
（1993年2月9日第八届全国人民代表大会通过　根据2004年8月28日《关于修改〈灯塔法〉的决定》修正）
第一条 为了保护灯塔，制定本法。
第二条 本法自1994年1月1日起施行。
"""
INTERPRETATION = """# 最高人民法院关于灯塔纠纷的解释（二）

2021年5月6日 最高人民法院审判委员会第1900次会议通过

2021年7月1日 施行

第一条 灯塔由所有人管理。
"""
TAIWAN_LAW = "灯塔法\n修正日期：民國 110 年 1 月 20 日\n第 一 章 總則\n第 1 條\n燈塔應設置。\n"
ENGLISH_LAW = "Lighthouse Act\n\nAmended Date: 2021-01-20\n\nArticle 1\nLighthouses shall shine.\n"


@pytest.mark.parametrize(
    ("text", "title", "kind", "edition"),
    [
        (
            MAINLAND_LAW,
            "中华人民共和国灯塔法（2023修订）",
            "statute",
            Edition("2023修订", "1993-02-09", "2023-11-29", "2024-07-01"),
        ),
        (
            BRACKETED_LAW,
            "中华人民共和国灯塔法（2004修正）",
            "statute",
            Edition("2004修正", "1993-02-09", "2004-08-28", None),
        ),
        (
            INTERPRETATION,
            "最高人民法院关于灯塔纠纷的解释（二）",
            "interpretation",
            Edition("", "2021-05-06", None, "2021-07-01"),
        ),
        (
            TAIWAN_LAW,
            "灯塔法（民國110年1月20日修正）",
            "statute",
            Edition("民國110年1月20日修正", None, "2021-01-20", None),
        ),
        (
            ENGLISH_LAW,
            "Lighthouse Act (amended 2021)",
            "statute",
            Edition("amended 2021", None, "2021-01-20", None),
        ),
    ],
)
def test_laws_and_their_editions(text: str, title: str, kind: str, edition: Edition) -> None:
    """The last amendment is the edition and the date; `施行` is no publisher."""
    about = complete(Extract(text, "text/plain"))
    assert (about.title, about.facts.kind, about.facts.edition) == (title, kind, edition)
    assert about.date == edition.date
    assert about.publisher is None


def test_two_editions_of_a_law_are_one_work() -> None:
    """The later one is told from the earlier by its day."""
    later, earlier = (
        complete(Extract(text, "text/plain")).facts for text in (MAINLAND_LAW, BRACKETED_LAW)
    )
    assert later.work == earlier.work == "中华人民共和国灯塔法"
    assert later.edition
    assert earlier.edition
    assert (later.edition.date or "") > (earlier.edition.date or "")


def test_a_book_of_a_code_says_which() -> None:
    """Code and book are its name: many books of one code lie side by side."""
    text = (
        "# 中华人民共和国灯塔法典\n\n# 守护编\n\n2020年5月28日 全国人民代表大会第三次会议通过\n\n"
        "2021年1月1日 施行\n\n第一百条 灯塔受守护。\n"
    )
    about = complete(Extract(text, "text/markdown"))
    assert (about.title, about.date) == ("中华人民共和国灯塔法典·守护编", "2020-05-28")
    assert about.facts.edition == Edition("", "2020-05-28", None, "2021-01-01")


LINES = st.sampled_from(
    [
        *HIGH_COURT.splitlines(),
        *APPEAL.splitlines(),
        *STATE.splitlines(),
        *TAIWAN.splitlines(),
        *MAINLAND_LAW.splitlines(),
        "2021年2月31日",
        "v.",
        "- and -",
        "(1)",
        "IN RE:",
        "Dear Sir,",
    ]
)


@given(st.lists(LINES, max_size=30).map("\n".join), st.sampled_from([DOCX, "text/plain"]))
def test_any_mixture_of_lines_gives_days_of_the_calendar_and_short_names(
    text: str, media_type: str
) -> None:
    """Whatever a head looks like: one-line fields, and dates that are dates."""
    about = complete(Extract(text, media_type))
    for value in (about.title, about.publisher, about.facts.court, *about.facts.parties):
        assert value is None or (value.strip() and "\n" not in value and len(value) <= 400)
    if about.date:
        assert find_dates(about.date)[0].iso == about.date
