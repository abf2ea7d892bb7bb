"""Courts and authorities beyond the commonest layouts: what their papers are called, and from when.

All details are invented.
"""

from __future__ import annotations

from textwrap import dedent

import pytest

from corpus.models import Extract, Metadata
from corpus.reading.metadata import complete

BODY = "\n\n1. The parties disagree about what was agreed. Nothing else is in dispute here.\n" * 3
HAN_BODY = "\n\n双方对约定的内容有争议，除此以外没有其他争议，各方均无异议。\n" * 3
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def read(text: str, body: str = BODY) -> Metadata:
    return complete(Extract(dedent(text) + body, DOCX))


AUSTRALIA = """\
    FEDERAL COURT OF AUSTRALIA

    Coolabah Solar Pty Ltd v Registrar of Designs [2031] FCA 912

    File number: NSD 418 of 2030
    Judgment of: PEARCE J
    Date of judgment: 9 August 2031
    Date of hearing: 2 June 2031
    """
NEW_SOUTH_WALES = """\
    Supreme Court
    New South Wales

    Medium Neutral Citation:\tBanksia Freight Pty Ltd v Owens [2031] NSWSC 604
    Hearing dates:\t11, 12 May 2031
    Decision date:\t2 June 2031
    Before:\tCorrigan J
    """
CANADA = """\
    SUPREME COURT OF CANADA

    Citation: Maple Rail Inc. v. Thibodeau, 2031 SCC 14

    Appeal Heard: November 3, 2030
    Judgment Rendered: April 18, 2031
    Docket: 41022

    Between:
    Maple Rail Inc.
    Appellant
    and
    Gisèle Thibodeau
    Respondent
    """
FEDERAL_CANADA = """\
    Date: 20310107
    Docket: T-877-29
    Citation: 2031 FC 19
    Ottawa, Ontario, January 7, 2031

    BETWEEN:
    NORTHERN LAMPS LTD.
    Applicant
    and
    ATTORNEY GENERAL OF CANADA
    Respondent
    JUDGMENT AND REASONS
    """
IRELAND = """\
    THE HIGH COURT
    [2031] IEHC 212
    [Record No. 2029/4417 P]
    BETWEEN
    CLONMORE DAIRIES LIMITED
    PLAINTIFF
    AND
    SHANNON HAULAGE LIMITED
    DEFENDANT
    JUDGMENT of Ms. Justice Nuala Brosnan delivered on the 3rd day of April 2031
    """
INDIA = """\
    2031 INSC 214                                                     REPORTABLE

    IN THE SUPREME COURT OF INDIA
    CIVIL APPELLATE JURISDICTION
    CIVIL APPEAL NO. 4417 OF 2031
    (Arising out of SLP (C) No. 11822 of 2029)

    SARASWATI TEXTILES LIMITED                          …APPELLANT(S)
    VERSUS
    STATE OF KARNATAKA & ORS.                             …RESPONDENT(S)

    J U D G M E N T
    """
NEW_ZEALAND = """\
    IN THE COURT OF APPEAL OF NEW ZEALAND
    CA412/2030
    [2031] NZCA 188
    BETWEEN\tKAURI FORESTS LIMITED
    Appellant
    AND\tTE ARAWA HOLDINGS LIMITED
    Respondent
    Hearing:\t4 March 2031
    Judgment:\t27 May 2031 at 11 am
    """
SINGAPORE = """\
    IN THE GENERAL DIVISION OF THE HIGH COURT OF THE REPUBLIC OF SINGAPORE
    [2031] SGHC 118
    Between
    Merlion Lamps Pte Ltd
    … Claimant
    And
    Tan Boon Keng
    … Defendant
    3–5 February, 21 April 2031
    12 May 2031\tJudgment reserved.
    """
HONG_KONG = """\
    DCCC 418/2030
    [2031] HKDC 377
    香港特別行政區
    區域法院
    刑事案件2030年第418號
    ------------------------
    香港特別行政區
    訴
    葉文樂
    ------------------------
    主審法官：　區域法院法官羅永康
    日期：　2031年4月15日
    """
STRASBOURG = """\
    FIRST SECTION
    CASE OF NOWICKA v. POLAND
    (Application no. 41877/26)
    JUDGMENT
    STRASBOURG
    3 March 2032
    Having deliberated in private on 8 February 2032,
    """
LUXEMBOURG = """\
    JUDGMENT OF THE GENERAL COURT (Second Chamber)
    3 July 2031 (*)
    (EU trade mark – Opposition proceedings)
    In Case T‑412/30,
    Lumière SA, established in Lyon (France), represented by P. Garnier, lawyer,
    applicant,
    v
    European Lamp Office, represented by K. Berg, acting as Agent,
    defendant,
    THE GENERAL COURT (Second Chamber),
    """
ADVOCATE_GENERAL = """\
    OPINION OF ADVOCATE GENERAL
    HORVAT
    delivered on 12 January 2031 (1)
    Case C‑711/29
    Laternenwerk GmbH
    v
    Verband der Käufer eV
    (Request for a preliminary ruling from the Landgericht Köln)
    """
REPORTED = """\
    1187 F.4th 402 (2031)
    Jane DORSEY, Plaintiff-Appellant,
    v.
    CASCADE OUTFITTERS, INC., Defendant-Appellee.
    No. 29-35512.
    United States Court of Appeals, Ninth Circuit.
    Argued and Submitted December 4, 2030, Seattle, Washington.
    Filed February 3, 2031.
    OPINION
    """
RIGHT_HALF = """\
    UNITED STATES DISTRICT COURT
    NORTHERN DISTRICT OF CALIFORNIA
    LUMEN CARTOGRAPHY, INC., Case No. 31-cv-02214-QRS
    Plaintiff,
    v. ORDER GRANTING MOTION TO
    DISMISS
    ORCHARD MAPS LLC, Re: Dkt. No. 22
    Defendant.
    Dated: June 9, 2031
    """


@pytest.mark.parametrize(
    ("text", "title", "date", "court"),
    [
        (
            AUSTRALIA,
            "Coolabah Solar Pty Ltd v Registrar of Designs [2031] FCA 912",
            "2031-08-09",
            "Federal Court of Australia",
        ),
        (
            NEW_SOUTH_WALES,
            "Banksia Freight Pty Ltd v Owens [2031] NSWSC 604",
            "2031-06-02",
            "Supreme Court of New South Wales",
        ),
        (
            CANADA,
            "Maple Rail Inc. v. Thibodeau 2031 SCC 14",
            "2031-04-18",
            "Supreme Court of Canada",
        ),
        (
            FEDERAL_CANADA,
            "Northern Lamps Ltd. v Attorney General of Canada 2031 FC 19",
            "2031-01-07",
            "Federal Court",
        ),
        (
            IRELAND,
            "Clonmore Dairies Limited v Shannon Haulage Limited [2031] IEHC 212",
            "2031-04-03",
            "High Court of Ireland",
        ),
        (
            INDIA + BODY + "\nNEW DELHI;\nMARCH 5, 2031.\n",
            "Saraswati Textiles Limited v State of Karnataka & Ors. 2031 INSC 214",
            "2031-03-05",
            "Supreme Court of India",
        ),
        (
            NEW_ZEALAND,
            "Kauri Forests Limited v Te Arawa Holdings Limited [2031] NZCA 188",
            "2031-05-27",
            "Court of Appeal of New Zealand",
        ),
        (
            SINGAPORE,
            "Merlion Lamps Pte Ltd v Tan Boon Keng [2031] SGHC 118",
            "2031-05-12",
            "Singapore High Court",
        ),
        (
            HONG_KONG,
            "香港特別行政區 訴 葉文樂 [2031] HKDC 377",
            "2031-04-15",
            "Hong Kong District Court",
        ),
        (
            STRASBOURG,
            "Nowicka v. Poland, no. 41877/26",
            "2032-03-03",
            "European Court of Human Rights",
        ),
        (
            LUXEMBOURG,
            "Case T-412/30 Lumière SA v European Lamp Office",
            "2031-07-03",
            "General Court of the European Union",
        ),
        (
            ADVOCATE_GENERAL,
            "Case C-711/29 Laternenwerk GmbH v Verband der Käufer eV",
            "2031-01-12",
            "Court of Justice of the European Union",
        ),
        (
            REPORTED,
            "Jane Dorsey v. Cascade Outfitters, Inc., No. 29-35512",
            "2031-02-03",
            "United States Court of Appeals, Ninth Circuit",
        ),
        (
            RIGHT_HALF,
            "Lumen Cartography, Inc. v. Orchard Maps LLC, No. 31-cv-02214-QRS",
            "2031-06-09",
            "United States District Court, Northern District of California",
        ),
    ],
)
def test_judgments_of_many_courts(text: str, title: str, date: str, court: str) -> None:
    """Name and citation, the day on which it was given, the court, wherever they stand."""
    about = read(text)
    assert about.title is not None
    assert about.title.casefold() == title.casefold()
    assert (about.date, about.facts.court, about.facts.kind) == (date, court, "judgment")


def test_a_name_with_a_citation_heads_other_texts_too() -> None:
    """A note on a case is no judgment, though it opens with the case's name."""
    about = read("Coolabah Solar Pty Ltd v Registrar of Designs [2031] FCA 912\n\nA note.\n")
    assert about.facts.kind is None


TAIWAN_JUDGES = """\
    最高法院刑事大法庭裁定
    111年度台上大字第9660號
    上  訴  人  李阿明
    選任辯護人  黃大偉律師
    本大法庭裁定如下：
    本件理由如前所述，應依法辦理。
    中    華    民    國   112    年    4     月    26    日
                      刑事大法庭審判長法  官  徐  昌  錦
    本件正本證明與原本無異
                                      書 記 官  杜  佳  樺
    中    華    民    國   112    年    4     月    28    日
    """
CONSTITUTIONAL = """\
    憲法法庭判決
    113年憲判字第95號
    聲  請  人  鍾明遠
    上列聲請人為聲請解釋案，本庭判決如下：
    中華民國113年6月28日
    憲法法庭 審判長 大法官 許宗力
    """
ENFORCEMENT = """\
    江 州 市 临 湖 区 人 民 法 院
    执 行 裁 定 书
    （2031）江0203执1188号之一

    申请执行人：江州晨曦灯具有限公司。
    被执行人：罗远舟，男。
    审　判　长　　秦　岭
    二〇三一年九月一日
    书　记　员　　江　月
    """
PROSECUTION = """\
    江州市临湖区人民检察院
    起 诉 书
    临检刑诉〔2031〕22号
    被告人尹某某，男，1991年7月2日出生，汉族，无业。
    此致
    江州市临湖区人民法院
    检察官：叶知秋
    2031年2月10日
    """
TAIWAN_PROSECUTION = """\
    臺灣宜蘭地方檢察署檢察官起訴書
                                          113年度偵字第9188號
    被      告  簡小強  男  41歲（民國72年5月6日生）
    上列被告因詐欺案件，已經偵查終結，認應提起公訴，茲將犯罪事實分敘如下：
    此  致
    臺灣宜蘭地方法院
    中    華    民    國   113    年    8     月    1     日
                                  檢  察  官  葉怡材
    """
PLEADING = """\
    民事起诉状

    原告：江州晨曦灯具有限公司，住所地江州市。
    被告：罗远舟，男，汉族。
    此致
    江州市临湖区人民法院
    具状人：江州晨曦灯具有限公司
    2031年1月5日
    """


@pytest.mark.parametrize(
    ("text", "title", "date", "kind"),
    [
        (
            TAIWAN_JUDGES,
            "最高法院111年度台上大字第9660號刑事大法庭裁定",
            "2023-04-26",
            "judgment",
        ),
        (CONSTITUTIONAL, "憲法法庭113年憲判字第95號判決", "2024-06-28", "judgment"),
        (
            ENFORCEMENT,
            "江州市临湖区人民法院（2031）江0203执1188号之一执行裁定书",
            "2031-09-01",
            "judgment",
        ),
        (PROSECUTION, "江州市临湖区人民检察院临检刑诉〔2031〕22号起诉书", "2031-02-10", "filing"),
        (
            TAIWAN_PROSECUTION,
            "臺灣宜蘭地方檢察署113年度偵字第9188號起訴書",
            "2024-08-01",
            "filing",
        ),
        (PLEADING, "民事起诉状", "2031-01-05", "filing"),
    ],
)
def test_papers_of_chinese_courts(text: str, title: str, date: str, kind: str) -> None:
    """The judges' day and not the clerk's; a prosecutor's and a party's paper are no judgments."""
    about = read(text, "")
    assert (about.title, about.date, about.facts.kind) == (title, date, kind)


def test_two_names_of_a_column() -> None:
    """In Taiwan's column of parties the second name stands alone below the first."""
    text = """\
        臺灣宜蘭地方法院民事簡易判決
        113年度宜簡字第9104號
        原      告  謝美惠
        被      告  康健民
                    海邊照明有限公司
        訴訟代理人  林大衛律師
        上列當事人間請求損害賠償事件，判決如下：
        """
    assert read(text, "").facts.parties == ("謝美惠", "康健民", "海邊照明有限公司")


ORDERED = """\
    中华人民共和国国务院令

    第988号

    《灯具召回管理条例》已经2031年4月2日国务院第77次常务会议通过，现予公布，自2031年9月1日起施行。

    总　理

    2031年4月20日

    灯具召回管理条例

    第一条　为了规范灯具召回活动，制定本条例。

    第二条　在境内召回灯具，适用本条例。

    第三条　本条例自2031年9月1日起施行。
    """


def test_a_regulation_below_the_order_that_issues_it() -> None:
    """Its own name, the order's number and day, and from when it applies."""
    about = read(ORDERED, "")
    assert about.title == "灯具召回管理条例"
    assert about.facts.docket == "中华人民共和国国务院令第988号"
    assert about.facts.kind == "statute"
    edition = about.facts.edition
    assert edition is not None
    assert (edition.enacted, edition.amended, edition.in_force) == (
        "2031-04-20",
        None,
        "2031-09-01",
    )


TWO_LINES = """\
    最高人民法院
    关于审理灯具买卖合同纠纷案件适用法律若干问题的解释

    法释〔2031〕8号

    （2031年3月30日最高人民法院审判委员会第1900次会议通过，自2031年6月1日起施行）

    第一条　当事人对灯具的质量有约定的，依照其约定。
    """
NOTICE = """\
    云川省市场监督管理局关于印发《灯具抽检工作指引》的通知

    各市、县市场监督管理局：

    现将《灯具抽检工作指引》印发给你们，请认真贯彻执行。

    云川省市场监督管理局
    2031年3月18日

    第一条　为了规范抽检，制定本指引。

    第二条　抽检应当公开。
    """
TAIWAN_RULE = """\
    名　　稱：燈具型式認可實施辦法
    公發布日：民國 105 年 03 月 04 日
    修正日期：民國 113 年 02 月 06 日

    第 1 條　本辦法依燈具安全法第五條第二項規定訂定之。
    第 2 條　申請人應檢附文件。
    """
NUMBERED_INTERPRETATION = """\
    司法院釋字第999號解釋
    解釋公布院令：中華民國 109年05月29日 院台大二字第1090014655號
    解釋爭點
    燈具檢查法第五條是否違憲？
    解釋文
    燈具檢查法第五條與憲法尚無牴觸。
    """
LETTER_OF_MINISTRY = """\
    發文單位：經濟部
    發文字號：經標字第 11300099880 號
    發文日期：民國 113 年 05 月 16 日
    要　　旨：有關燈具安全法第三條第一項適用疑義
    主　　旨：有關燈具安全法第3條第1項適用疑義一案，復如說明，請查照。
    說　　明：復貴府113年4月2日函。
    """
INSTRUMENT = """\
    STATUTORY INSTRUMENTS
    2031 No. 417
    CONSUMER PROTECTION
    The Lantern Oil (Labelling) (England) Regulations 2031
    Made - - - - 3rd February 2031
    Laid before Parliament 5th February 2031
    Coming into force - - 1st March 2031
    1.—(1) These Regulations may be cited as the Lantern Oil (Labelling) (England) Regulations 2031.
    """
AMERICAN_SECTION = """\
    18 U.S.C. § 9030 - Fraud in connection with lanterns

    (a) Whoever knowingly sells a lantern that is none shall be fined.

    (Added Pub. L. 98–473, § 2102(a), Oct. 12, 1984; amended Pub. L. 110–326, Sept. 26, 2008.)
    """


@pytest.mark.parametrize(
    ("text", "title", "date", "kind"),
    [
        (
            TWO_LINES,
            "最高人民法院关于审理灯具买卖合同纠纷案件适用法律若干问题的解释",
            "2031-03-30",
            "interpretation",
        ),
        (
            NOTICE,
            "云川省市场监督管理局关于印发《灯具抽检工作指引》的通知",
            "2031-03-18",
            "statute",
        ),
        (TAIWAN_RULE, "燈具型式認可實施辦法（民國113年2月6日修正）", "2024-02-06", "statute"),
        (NUMBERED_INTERPRETATION, "司法院釋字第999號解釋", "2020-05-29", "interpretation"),
        (
            LETTER_OF_MINISTRY,
            "經濟部113年5月16日經標字第11300099880號函",
            "2024-05-16",
            "interpretation",
        ),
        (
            INSTRUMENT,
            "The Lantern Oil (Labelling) (England) Regulations 2031",
            "2031-02-03",
            "statute",
        ),
        (
            AMERICAN_SECTION,
            "18 U.S.C. § 9030 - Fraud in connection with lanterns",
            "2008-09-26",
            "statute",
        ),
    ],
)
def test_laws_and_their_interpretations(text: str, title: str, date: str, kind: str) -> None:
    """The name that is cited, the day of the last change or of issue, and what it is."""
    about = read(text, "")
    assert (about.title, about.date, about.facts.kind) == (title, date, kind)


def test_an_order_with_exhibits() -> None:
    """The day of signing stands in the middle where exhibits follow."""
    text = """\
        UNITED STATES DISTRICT COURT
        DISTRICT OF ARIZONA
        IN RE: Blue Filters Products Liability Litigation,
        No. MDL 25-01234-PHX-ABC
        TRANSFER ORDER
        """
    about = read(text, BODY + "\nDated this 1st day of June, 2031.\n\n" + "Exhibit line.\n\n" * 300)
    assert about.date == "2031-06-01"


def test_a_judges_name_and_the_day_on_one_line() -> None:
    """American district judges head their opinions so."""
    text = """\
        IN THE UNITED STATES DISTRICT COURT
        FOR THE EASTERN DISTRICT OF PENNSYLVANIA
        ROSALIND KEYES, :
        Plaintiff, : CIVIL ACTION
        v. : NO. 30-2217
        TINDER BOX MUTUAL INSURANCE CO., :
        Defendant. :
        MEMORANDUM OPINION
        PADOVA, J.                          April 3, 2031
        """
    assert read(text).date == "2031-04-03"
