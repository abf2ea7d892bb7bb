"""Quotations are found, and what differs is told exactly: in three scripts, over borders."""

from __future__ import annotations

import pytest

from corpus.models import Scope
from index.quotations.check import QuotationCheck
from index.search import Searcher
from tests.index.conftest import File

LEASE = (
    "The lessee of the boathouse shall not store fuel in it, and pays 240 crowns on every first Monday.",  # noqa: E501
    "Mrs Oakes keeps the keys of the boathouse unless the harbour master asks for them in writing.",
)
CODE = (
    "第七條　承租人應於每月五日前繳納租金，逾期二十日仍未繳納者，出租人得終止契約。",
    "第八條　承租人不得將倉庫轉租他人，但經出租人書面同意者，不在此限。",
)
RULES = (
    "第三条 申请人应当在收到通知之日起三十日内提交材料，逾期不提交的，视为撤回申请。",
    "第四条 登记机关不得向申请人收取任何费用。",
)
ALL = Scope.all()


@pytest.fixture
def filed(file: File, searcher: Searcher) -> Searcher:
    """A searcher over a lease, a code and rules, each in a matter of its own."""
    file(*LEASE, title="Lease of the boathouse", matter="lease")
    file(*CODE, title="倉庫租賃章程", matter="code")
    file(*RULES, title="登记规则", matter="rules")
    return searcher


def differences(check: QuotationCheck) -> list[tuple[str, str]]:
    """What is quoted and what stands there, of each difference."""
    for difference in check.differences:
        quoted = check.quotation[difference.start : difference.end]
        assert quoted == difference.quoted
    return [(difference.quoted, difference.original) for difference in check.differences]


@pytest.mark.parametrize(
    "quotation",
    [
        "pays 240 crowns on every first Monday",
        "“shall not store fuel in it,  and pays\n240 crowns”",
        "逾期二十日仍未繳納者，出租人得終止契約。",
        "逾期二十日 仍未繳納者,出租人得終止契約",
        "申请人应当在收到通知之日起三十日内提交材料",
        "on every first Monday. Mrs Oakes keeps the keys of the boathouse",
        "不提交的，视为撤回申请。第四条 登记机关不得向申请人收取任何费用",
        "The lessee of the boathouse … pays 240 crowns",
        "Mrs Oakes keeps the keys [...] unless the harbour master asks for them",
        "承租人應於每月五日前繳納租金……出租人得終止契約",
        "ot store fuel in it, and pays 240 crowns on ev",
    ],
)
def test_verbatim(filed: Searcher, quotation: str) -> None:
    """White space, width, marks, ellipses and borders of passages are no difference."""
    (check,) = filed.check(quotation, scope=ALL)
    assert (check.verdict, check.differences, check.other_script) == ("verbatim", (), False)
    assert all((check.source, check.document_id, check.citation, check.pin))


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        ("逾期三十日仍未繳納者，出租人得終止契約", [("三", "二")]),
        ("承租人得將倉庫轉租他人，但經出租人書面同意者", [("", "不")]),
        ("承租人不得將倉庫轉租他人，但經承租人書面同意者", [("承", "出")]),
        ("申请人可以在收到通知之日起三十日内提交材料", [("可以", "应当")]),
        ("登记机关不得向申请人收取费用。", [("", "任何")]),
        ("pays 420 crowns on every first Monday", [("420", "240")]),
        ("The lessee of the boathouse may not store fuel in it", [("may", "shall")]),
        ("The lessee of the boathouse shall store fuel in it", [("", "not")]),
        ("Mr Birch keeps the keys of the boathouse unless", [("Mr Birch", "Mrs Oakes")]),
        ("[The tenant] shall not store fuel in [the house], and pays 240 crowns",
         [("[The tenant]", ""), ("[the house]", "it")]),
        ("unless the harbour master asks for them.", [("", "in writing")]),
        ("逾期二十日仍未繳納者，出租人應終止契約，不退款。", [("應", "得"), ("，不退款", "")]),
        ("申请人应当在收到通知之日起视为撤回申请。", [("", "三十日内提交材料，逾期不提交的，")]),
    ],
)  # fmt: skip
def test_altered(filed: Searcher, quotation: str, expected: list[tuple[str, str]]) -> None:
    """Exactly what differs is told, words in brackets as marked."""
    (check,) = filed.check(quotation, scope=ALL)
    assert check.verdict == "altered"
    assert differences(check) == expected
    assert [difference.marked for difference in check.differences] == [
        quoted.startswith("[") for quoted, _ in expected
    ]


@pytest.mark.parametrize(
    "quotation",
    [
        "逾期二十日仍未缴纳者，出租人得终止契约",
        "申請人應當在收到通知之日起三十日內提交材料，逾期不提交的，視為撤回申請",
        "登記機關不得向申請人收取任何費用",
    ],
)
def test_the_other_script_is_verbatim(filed: Searcher, quotation: str) -> None:
    """The same words in Traditional or Simplified characters are verbatim, and said to be so."""
    (check,) = filed.check(quotation, scope=ALL)
    assert (check.verdict, check.other_script, check.differences) == ("verbatim", True, ())


def test_an_alteration_shows_in_the_other_script_too(filed: Searcher) -> None:
    """Only what was altered differs, not the characters."""
    (check,) = filed.check("逾期三十日仍未缴纳者，出租人得终止契约", scope=ALL)
    assert (check.verdict, check.other_script) == ("altered", True)
    assert differences(check) == [("三", "二")]


@pytest.mark.parametrize(
    "quotation",
    [
        "The ferryman swore that nobody had crossed the river that night",
        "船長聲稱當晚無人渡河，亦未見任何燈火",
        "本办法自公布之日起由省级财政部门负责解释",
        # The beginning of what stands there, and a clause of another text.
        "The lessee of the boathouse shall not store fuel in it, and pays the warden whatever he asks for",  # noqa: E501
        # One word in place of two sentences leaves the rest equal.
        "逾期二十日應經出租人書面同意者，不在此限。",
        "!!! …… “ ”",
    ],
)
def test_absent(filed: Searcher, quotation: str) -> None:
    """What nobody wrote is not found, and has no source."""
    (check,) = filed.check(quotation, scope=ALL)
    assert check.verdict == "not found"
    assert (check.citation, check.source, check.differences) == (None, None, ())


@pytest.mark.parametrize("quotation", ["within the meaning of the Act of 2011.", "the Act of 2011"])
def test_a_number_before_a_paragraphs_number(
    file: File, searcher: Searcher, quotation: str
) -> None:
    """2011. and 3. of the next line are two numbers, and not 2011.3."""
    file("He is a keeper within the meaning of the Act of 2011.\n\n3. The keeper appeals.")
    (check,) = searcher.check(quotation, scope=ALL)
    assert (check.verdict, check.differences) == ("verbatim", ())


def test_the_source_is_the_documents_text(filed: Searcher, file: File) -> None:
    """Offsets are of the document, whatever a quotation leaves out or sets otherwise."""
    library = filed._library
    for text in (
        "pays 240  crowns",
        "逾期二十日仍未缴纳者",
        "The lessee … 240 crowns",
        "出租人得終止 契约",
    ):
        (check,) = filed.check(f"「{text}」", scope=ALL)
        assert check.document_id is not None, text
        document = library.document_text(check.document_id, ALL).text
        assert document[check.source_start : check.source_end] == check.source


def test_only_the_scope_is_searched(filed: Searcher) -> None:
    """A quotation from behind a wall is not found."""
    text = "pays 240 crowns on every first Monday"
    assert filed.check(text, scope=Scope.of("lease"))[0].verdict == "verbatim"
    assert filed.check(text, scope=Scope.of("code", "rules"))[0].verdict == "not found"
    assert filed.check(text, scope=Scope.of())[0].verdict == "not found"


def test_the_quotations_of_a_file(filed: Searcher) -> None:
    """Offsets are those of the text; each marked quotation and quoted block is checked."""
    text = (
        "He wrote that she “keeps the keys of the boathouse” (Lease of the boathouse).\n\n"
        "> Mrs Oakes keeps the keys of the boathouse\n> unless the harbour master asks.\n\n"
        "依「承租人不得將倉庫轉租他人」，見章程；所謂「倉庫」另有定義。"
    )
    checks = filed.check(text, scope=ALL, is_file=True)
    assert [check.verdict for check in checks] == ["verbatim", "altered", "verbatim"]
    assert all(text[check.start : check.end] == check.quotation for check in checks)
    assert differences(checks[1]) == [("", "for them in writing")]


@pytest.mark.parametrize(
    ("cited", "agrees"),
    [
        ("（倉庫租賃章程第八條）", True),
        ("（登记规则第四条）", False),
        ("([2019] UKSC 77)", False),
        ("，其意甚明。", None),
    ],
)
def test_the_citation_beside(file: File, searcher: Searcher, cited: str, agrees: bool) -> None:
    """A citation beside a quotation is compared with where the quotation was found."""
    file(*CODE, title="倉庫租賃章程")
    file(*RULES, title="登记规则")
    (check,) = searcher.check(f"「承租人不得將倉庫轉租他人」{cited}", scope=ALL)
    assert check.verdict == "verbatim"
    assert (check.beside and check.beside.agrees) is agrees
    if agrees is not None:
        assert check.beside
        assert check.beside.text in cited


def test_a_pasted_passage_is_a_quotation(filed: Searcher) -> None:
    """Asked what is nearly a passage, the answer is a check; a question stays one."""
    altered = "承租人應於每月五日前繳納租金，逾期三十日仍未繳納者，出租人得終止契約"
    for text in (altered, f"{altered}，對嗎？", f"「{altered}」"):
        answer = filed.answer(text, scope=ALL)
        assert answer.kind == "quotation"
        assert answer.quotation
        assert differences(answer.quotation) == [("三", "二")]
        assert [hit.citation for hit in answer.hits] == [answer.quotation.citation]
    for question in (
        "承租人逾期幾日仍未繳納租金的時候，出租人可以終止這個倉庫租賃的契約？",
        "逾期三十日仍未繳納者",
        "Who keeps the keys of the boathouse if the harbour master does not ask for them?",
    ):
        assert filed.answer(question, scope=ALL).kind == "question"


@pytest.mark.slow
def test_a_long_quotation_takes_linear_time(file: File, searcher: Searcher) -> None:
    """Twenty thousand characters with three alterations are compared in full."""
    paragraphs = [
        f"第{n}項：甲方第{n}次交付貨物{n * 7}箱，乙方應於{n % 28 + 1}日內驗收並付款。"
        for n in range(700)
    ]
    file(*paragraphs, title="交付紀錄")
    text = "\n".join(paragraphs[20:680])
    changed = text.replace("第100次交付", "第100次退還").replace("乙方應於7日", "乙方得於7日", 1)
    (check,) = searcher.check(changed, scope=ALL)
    assert check.verdict == "altered"
    assert differences(check) == [("得", "應"), ("退還", "交付")]
