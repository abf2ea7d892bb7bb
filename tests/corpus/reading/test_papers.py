"""Contracts, letters, memoranda, decisions and less common acts, all invented."""

from __future__ import annotations

import pytest

from corpus.models import DocumentFacts, Edition, Extract, Metadata
from corpus.reading.metadata import complete

WORDS = "\n\nThe goods are lanterns, and each lantern is to be delivered with its glass.\n" * 3
HAN = "\n\n第一条 甲方向乙方交付灯具，乙方应当按照约定支付价款并办理验收手续。\n" * 3


def read(text: str, media_type: str = "text/plain", title: str | None = None) -> Metadata:
    return complete(Extract(text, media_type, Metadata(title=title)))


@pytest.mark.parametrize(
    ("text", "title", "date", "parties"),
    [
        (
            "SHARE PURCHASE AGREEMENT\n\nThis Share Purchase Agreement is made and "
            "entered into as of"
            " March 3, 2021 by and between Northgate Lanterns, Inc., a Delaware corporation (the"
            ' "Seller"), and Southbank Candles LLC, a limited liability company ("Buyer").' + WORDS,
            "SHARE PURCHASE AGREEMENT",
            "2021-03-03",
            ("Northgate Lanterns, Inc.", "Southbank Candles LLC"),
        ),
        (
            "Dated 4 May 2020\n\nDEED OF GUARANTEE\n\nbetween\n\n(1) Pear Holdings "
            "Limited\n\nand\n\n"
            "(2) Oak Bank plc\n\nThis Deed is governed by the law of England." + WORDS,
            "DEED OF GUARANTEE",
            "2020-05-04",
            ("Pear Holdings Limited", "Oak Bank plc"),
        ),
        (
            "Consulting Agreement\n\nThis Agreement is between Ann Example and Ben Sample."
            + WORDS
            + "\nSigned by Ann Example\nDate: 7 June 2022\n\nSigned by Ben Sample\nDate: 9 "
            "June 2022\n",
            "Consulting Agreement",
            "2022-06-09",
            ("Ann Example", "Ben Sample"),
        ),
        (
            "灯具买卖合同\n\n甲方（卖方）：海淀灯具有限公司\n乙方（买方）：李某\n签订日期：2021年3月3日"
            + HAN,
            "灯具买卖合同",
            "2021-03-03",
            ("海淀灯具有限公司", "李某"),
        ),
        (
            "房屋租賃契約書\n\n出租人：林小明\n承租人：王大明\n"
            + HAN
            + "\n中華民國 110 年 3 月 3 日\n",
            "房屋租賃契約書",
            "2021-03-03",
            ("林小明", "王大明"),
        ),
    ],
)
def test_contracts(text: str, title: str, date: str, parties: tuple[str, ...]) -> None:
    """Title, parties, and the day on which it is dated, else the last signature's."""
    about = read(text)
    assert (about.title, about.date) == (title, date)
    assert about.facts == DocumentFacts("contract", parties=parties)
    assert about.publisher is None


@pytest.mark.parametrize(
    ("text", "title", "date", "kind"),
    [
        (
            "MEMORANDUM\n\nTO: The file\nFROM: Ann Example\nDATE: March 3, 2021\nRE: Lantern glass"
            + WORDS,
            "Lantern glass",
            "2021-03-03",
            "memorandum",
        ),
        (
            "备忘录\n\n致：项目组\n自：李某\n日期：2021年3月3日\n主题：灯具验收\n" + HAN,
            "灯具验收",
            "2021-03-03",
            "memorandum",
        ),
        (
            "Example & Co LLP\n1 Some Street\n\n3 March 2021\n\nDear Mr Sample,\n\nRe: "
            "Lantern glass" + WORDS,
            "Lantern glass",
            "2021-03-03",
            "letter",
        ),
        (
            "律师函\n\n致：海淀灯具有限公司\n" + HAN + "\n\n某某律师事务所\n二〇二一年三月三日\n",
            "律师函",
            "2021-03-03",
            "letter",
        ),
    ],
)
def test_letters_and_memoranda(text: str, title: str, date: str, kind: str) -> None:
    """Called by their subject; the day stands at the head, in Chinese letters at the end."""
    about = read(text)
    assert (about.title, about.date, about.facts.kind) == (title, date, kind)


def test_mail_is_a_letter() -> None:
    """Called by its subject line, which the reader gives."""
    about = read("From: a\n\nHello there, the lanterns have come.\n", "message/rfc822", "Lanterns")
    assert (about.title, about.facts.kind) == ("Lanterns", "letter")


@pytest.mark.parametrize(
    ("text", "title", "date", "authority", "number"),
    [
        (
            "海淀区市场监督管理局\n行政处罚决定书\n海市监罚〔2021〕12号\n当事人：海淀灯具有限公司\n"
            + HAN
            + "\n海淀区市场监督管理局\n2021年3月3日\n",
            "海淀区市场监督管理局海市监罚〔2021〕12号行政处罚决定书",
            "2021-03-03",
            "海淀区市场监督管理局",
            "海市监罚〔2021〕12号",
        ),
        (
            "海滨仲裁委员会\n裁 决 书\n（2021）海仲字第345号\n申请人：李某\n"
            "被申请人：海淀灯具有限公司\n" + HAN + "\n首席仲裁员：王某\n二〇二一年三月三日\n",
            "海滨仲裁委员会（2021）海仲字第345号裁决书",
            "2021-03-03",
            "海滨仲裁委员会",
            "（2021）海仲字第345号",
        ),
    ],
)
def test_decisions_of_authorities(
    text: str, title: str, date: str, authority: str, number: str
) -> None:
    """Named as judgments are, after who decided and under which number."""
    about = read(text)
    assert (about.title, about.date) == (title, date)
    assert (about.facts.kind, about.facts.court, about.facts.docket) == (
        "decision",
        authority,
        number,
    )


@pytest.mark.parametrize(
    ("text", "title", "date", "edition"),
    [
        (
            (
                "REGULATION (EU) 2031/679 OF THE EUROPEAN PARLIAMENT AND OF THE COUNCIL\n\n"
                "of 27 April 2031\n\non the protection of lanterns\n\nArticle 1\n\nSubject-matter\n"
            ),
            "Regulation (EU) 2031/679 on the protection of lanterns",
            "2031-04-27",
            Edition("", enacted="2031-04-27"),
        ),
        (
            (
                "Lighthouse Act 1996\n\n1996 CHAPTER 46\n\nAn Act to make provision for "
                "lighthouses."
                "  [8th November 1996]\n\n1. Lighthouses shall shine.\n\n2. They shall shine "
                "at night.\n"
            ),
            "Lighthouse Act 1996",
            "1996-11-08",
            Edition("", enacted="1996-11-08"),
        ),
        (
            (
                "灯塔管理条例\n（2011年1月8日国务院令第588号公布　"
                "根据2016年2月6日《国务院关于修改部分行政法规的决定》修订）\n"
                "第一条 灯塔应当发光。\n"
            ),
            "灯塔管理条例（2016修订）",
            "2016-02-06",
            Edition("2016修订", "2011-01-08", "2016-02-06"),
        ),
        (
            (
                "灯塔总则若干问题\n\n2003年4月27日 国务院令第375号公布\n\n"
                "2010年12月20日 国务院第136次常务会议修订通过\n\n第一章 总则\n\n第一条 "
                "灯塔应当发光。\n"
            ),
            "灯塔总则若干问题（2010修订）",
            "2010-12-20",
            Edition("2010修订", "2003-04-27", "2010-12-20"),
        ),
        (
            (
                "燈塔法\n中華民國十八年五月二十三日國民政府制定公布全文二條\n"
                "中華民國一百十年一月二十日總統令修正公布第二條條文\n第一條 燈塔應發光。\n"
            ),
            "燈塔法（民國110年1月20日修正）",
            "2021-01-20",
            Edition("民國110年1月20日修正", "1929-05-23", "2021-01-20"),
        ),
        (
            (
                "The Lanterns (Glass) Regulations 2020\n\nMade 5th February 2020\n\n"
                "Coming into force 1st March 2020\n\n1. These Regulations are about glass.\n"
            ),
            "The Lanterns (Glass) Regulations 2020",
            "2020-02-05",
            Edition("", enacted="2020-02-05", in_force="2020-03-01"),
        ),
        (
            (
                "# 海滨市实施《灯塔法》办法\n\n## 第一章 总则\n\n第一条 灯塔应当发光。\n\n"
                "第二条 本办法自2012年12月1日起施行。\n"
            ),
            "海滨市实施《灯塔法》办法",
            "2012-12-01",
            Edition("", in_force="2012-12-01"),
        ),
        (
            "法規名稱：燈塔法施行細則\n修正日期：民國 99 年 5 月 27 日\n第 1 條\n燈塔應發光。\n",
            "燈塔法施行細則（民國99年5月27日修正）",
            "2010-05-27",
            Edition("民國99年5月27日修正", amended="2010-05-27"),
        ),
    ],
)
def test_acts_of_other_forms(text: str, title: str, date: str, edition: Edition) -> None:
    """European and British acts, regulations with their decree, and labels of a database."""
    about = read(text)
    assert (about.title, about.date, about.facts.edition) == (title, date, edition)
    assert about.facts.kind == "statute"


def test_an_interpretation_of_two_courts_is_dated_by_its_publication() -> None:
    """Each passed it on a day of its own; passing it again years later is an amendment."""
    text = (
        "# 最高人民法院、最高人民检察院关于灯塔案件的解释\n\n"
        "2013年9月30日 最高人民法院审判委员会、2013年10月22日最高人民检察院检察委员会通过\n\n"
        "2013年11月11日 公告公布\n\n2013年11月18日 施行\n\n第一条 灯塔案件从严。\n"
    )
    about = read(text)
    assert about.facts.kind == "interpretation"
    assert about.facts.edition == Edition("", "2013-11-11", in_force="2013-11-18")
    again = text.replace("2013年11月18日 施行", "2020年5月6日 最高人民法院审判委员会通过")
    assert read(again).title == "最高人民法院、最高人民检察院关于灯塔案件的解释（2020修正）"


def test_an_opinion_of_the_supreme_court_of_the_united_states() -> None:
    """A slip opinion: the term, the syllabus, argued and decided on one line."""
    text = (
        "(Slip Opinion) OCTOBER TERM, 2030 1\n\nSyllabus\n\nSUPREME COURT OF THE UNITED STATES\n\n"
        "Syllabus\n\nLANTERN BRIGHT ENTERPRISES ET AL. v. REEF, SECRETARY OF COMMERCE, ET AL.\n\n"
        "CERTIORARI TO THE UNITED STATES COURT OF APPEALS FOR THE DISTRICT OF COLUMBIA CIRCUIT\n\n"
        "No. 30–451. Argued January 17, 2031—Decided June 28, 2031\n" + WORDS
    )
    about = read(text, "application/pdf")
    assert about.title == (
        "Lantern Bright Enterprises et al. v. Reef, Secretary of Commerce, et al., No. 30–451"
    )
    assert (about.date, about.facts.kind) == ("2031-06-28", "judgment")
    assert about.publisher == "Supreme Court of the United States"


def test_a_judgment_of_hong_kong() -> None:
    """Its action number, the parties with their roles, the day of the judgment at the end."""
    text = (
        "HCA 1234/2030\n\n[2031] HKCFI 9123\n\nIN THE HIGH COURT OF THE\n"
        "HONG KONG SPECIAL ADMINISTRATIVE REGION\nCOURT OF FIRST INSTANCE\n"
        "ACTION NO 1234 OF 2030\n\nBETWEEN\n\nCHAN TAI MAN Plaintiff\n\nand\n\n"
        "HARBOUR LANTERNS LIMITED Defendant\n\nBefore: Deputy High Court Judge Example\n\n"
        "Date of Hearing: 2 May 2031\n\nDate of Judgment: 9 May 2031\n" + WORDS
    )
    about = read(text)
    assert about.title == "Chan Tai Man v Harbour Lanterns Limited [2031] HKCFI 9123"
    assert (about.date, about.facts.court) == ("2031-05-09", "Hong Kong Court of First Instance")
    assert about.facts.docket == "HCA 1234/2030"


@pytest.mark.parametrize(
    "text",
    [
        "Terms used here\n\nA lantern is a lamp." + WORDS,
        "合同法的发展\n\n本文讨论合同法的历史，以及灯具买卖中的若干问题。\n" * 2,
        "To be or not to be\n\nFrom: here\n" + WORDS,
        "Order of the day\n\nFirst lanterns, then glass." + WORDS,
        "甲方乙方\n\n电影讲述了四个年轻人的故事，他们成立了一家公司。\n",
        "In re-reading the case\n\nCase notes v. other notes." + WORDS,
        "2021年1月1日 施行\n\n今天开始施行新的作息时间，请各位同事注意安排好工作。\n",
    ],
)
def test_other_texts_are_of_no_kind(text: str) -> None:
    """A word of the trade in a title makes no contract, law, letter or judgment."""
    assert read(text).facts == DocumentFacts()


COVER = """DATED 17 September 2031

(1) THE PERSONS NAMED IN SCHEDULE 1

(2) LANTERNFISH HOLDINGS LIMITED

AGREEMENT
for the sale and purchase of the entire issued share capital of
MOONLAMP LIMITED

THIS AGREEMENT is dated 17 September 2031
"""
LEASE = """LEASE

THIS LEASE is made the 3rd day of May 2031

BETWEEN

(1) ROOKERY ESTATES LIMITED whose registered office is at 1 High Street (the “Landlord”); and

(2) TIN WHISTLE BAKERY LLP of 9 Mill Lane (the “Tenant”).
"""
POLICY = """Privacy Policy

Last updated: 2 February 2031

Glowbox Ltd (“we”, “us”) respects your privacy.
"""
SIDE_BY_SIDE = (
    """房屋租赁合同

出租方（甲方）：贺兰
承租方（乙方）：宋遥

甲、乙双方就房屋租赁事宜达成如下协议：
"""
    + HAN
    + """
甲方（签字）：　　　　　　乙方（签字）：
2031年3月1日　　　　　　　2031年3月1日
"""
)


@pytest.mark.parametrize(
    ("text", "title", "date"),
    [
        (
            COVER,
            (
                "AGREEMENT for the sale and purchase of the entire issued share capital of"
                " MOONLAMP LIMITED"
            ),
            "2031-09-17",
        ),
        (LEASE, "LEASE", "2031-05-03"),
        (POLICY, "Privacy Policy", "2031-02-02"),
        (SIDE_BY_SIDE, "房屋租赁合同", "2031-03-01"),
    ],
)
def test_covers_and_dates_of_contracts(text: str, title: str, date: str) -> None:
    """A title on several lines; `the 3rd day of May`; two signatures with one day."""
    about = read(text)
    assert (about.title, about.date, about.facts.kind) == (title, date, "contract")


def test_parties_of_a_lease_and_of_two_signatures() -> None:
    """Where a party sits is not its name; a column for signing holds none."""
    assert read(LEASE).facts.parties == ("ROOKERY ESTATES LIMITED", "TIN WHISTLE BAKERY LLP")
    assert read(SIDE_BY_SIDE).facts.parties == ("贺兰", "宋遥")


WITNESS = """On behalf of the Claimant
Witness: H. Lowe
Date: 11 March 2031

Claim No. BL-2028-000412

IN THE HIGH COURT OF JUSTICE
BUSINESS AND PROPERTY COURTS OF ENGLAND AND WALES

BETWEEN:

EDITH PEMBERTON
Claimant
- and -
HAROLD LOWE
Defendant

FIRST WITNESS STATEMENT OF HAROLD LOWE

I, HAROLD LOWE, will say as follows:
"""
OPINION = """云川衡度律师事务所
关于江州晨曦灯具股份有限公司
2031年第一次临时股东大会的
法律意见书

致：江州晨曦灯具股份有限公司

云川衡度律师事务所接受公司委托，出具本法律意见书。

经办律师：谢南风
2031年5月16日
"""
MINUTES = """MOONLAMP LIMITED
(the “Company”)

Minutes of a meeting of the board of directors held at 12 Tallow Street on 9 October 2031

There being a quorum, the meeting began.
"""
RESOLUTION = "江州晨曦灯具有限公司\n股东会决议\n\n时间：2031年4月8日\n\n经全体股东一致同意。\n"
AFTER_GREETING = """Keel & Partners

18 November 2031

Dear Sirs

Halcyon Maritime S.A. v Torchlight Insurance plc
Letter before claim

1. We act for the owners of the ship, and write before proceedings are begun.
"""
TO_GENTLEMEN = """Rook & Daw LLP

September 30, 2031

The Board of Directors

Re: Candlewick Robotics – Registration Statement

Ladies and Gentlemen:

We have acted as counsel to the company and have examined its records and certificates.
"""


@pytest.mark.parametrize(
    ("text", "title", "date", "kind"),
    [
        (
            WITNESS,
            "First Witness Statement of Harold Lowe, Edith Pemberton v Harold Lowe",
            "2031-03-11",
            "filing",
        ),
        (
            OPINION,
            "关于江州晨曦灯具股份有限公司2031年第一次临时股东大会的法律意见书",
            "2031-05-16",
            "memorandum",
        ),
        (
            MINUTES,
            "Moonlamp Limited: Minutes of a meeting of the board of directors",
            "2031-10-09",
            None,
        ),
        (RESOLUTION, "江州晨曦灯具有限公司股东会决议", "2031-04-08", None),
        (
            AFTER_GREETING,
            "Halcyon Maritime S.A. v Torchlight Insurance plc: Letter before claim",
            "2031-11-18",
            "letter",
        ),
        (TO_GENTLEMEN, "Candlewick Robotics – Registration Statement", "2031-09-30", "letter"),
    ],
)
def test_statements_opinions_minutes_and_letters(
    text: str, title: str, date: str, kind: str | None
) -> None:
    """What each is called by its own words, and the day on which it was given or held."""
    about = read(text)
    assert (about.title, about.date, about.facts.kind) == (title, date, kind)


def test_a_byline_makes_a_report() -> None:
    """The writer's name and a day above the text; the paper's name stands between them."""
    about = read(
        "Court orders recall of 40,000 lamps\n\nBy Nora Fielding\n\nTallow Gazette\nJune 14, 2031\n"
        + WORDS
    )
    assert (about.facts.kind, about.date) == ("news", "2031-06-14")
