"""The shipped casefile: complete, in three scripts, our own words, and answering its questions."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import TYPE_CHECKING

import jieba
import opencc
import pytest
from rank_bm25 import BM25Plus

from corpus.casefile import documents
from corpus.splitting.passages import split

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.models import Passage

jieba.setLogLevel(logging.ERROR)
MONTHS = "January February March April May June July August September October November December"
# Names are names: parties, courts, statutes, the cause of action.
NAMES = re.compile(
    r"北京(?:乐动卓越|市石景山|知识产权|百瑞)\w{0,8}?(?:公司|法院|律师事务所)|阿里云计算有限公司"
    r"|侵害作品信息网络传播权纠纷|《?信息网络传播权保护条例》?|工业和信息化部电子一所|华东政法大学"
    r"|Regulation on the Protection of the Right of Communication over Information Networks"
    r"|Beijing (?:Shijingshan District People's|Intellectual Property) Court"
    r"|(?:Beijing Locojoy Technology|Alibaba Cloud Computing) Co\., Ltd\."
    r"|East China University of Political Science and Law"
)


@cache
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _read() -> dict[str, tuple[dict[str, str], str]]:
    """Each document's name -> the fields of its front matter, and its text."""
    readings = {}
    for file in documents():
        _, front, body = file.read_bytes().decode().split("---\n", 2)
        fields = dict(line.split(": ", 1) for line in front.splitlines())
        readings[file.name] = (fields, body)
    return readings


CASEFILE = _read()


def test_there_are_eight_to_twelve_documents() -> None:
    """As many as a team reads in an afternoon, each of a page or two."""
    assert 8 <= len(CASEFILE) <= 12
    for _, body in CASEFILE.values():
        assert 600 <= len(body) <= 6000


@pytest.mark.parametrize("name", CASEFILE)
def test_each_says_what_it_is(name: str) -> None:
    """Title, date, publisher and language stand in the front matter, and nothing else."""
    fields, _ = CASEFILE[name]
    assert set(fields) == {"title", "date", "publisher", "language"}
    assert re.fullmatch(r"\d{4}(-\d\d){0,2}", fields["date"])
    assert fields["publisher"] == "Pincite casefile"


@pytest.mark.parametrize("name", CASEFILE)
def test_the_language_is_the_one_declared(name: str) -> None:
    """Simplified text survives folding unchanged, Traditional does not, English is mostly Latin."""
    fields, body = CASEFILE[name]
    han = re.sub(r"[^\u3400-\u9fff]", "", body)
    changed = sum(a != b for a, b in zip(han, _simplified().convert(han), strict=True))
    if fields["language"] == "en":
        assert len(han) < 0.2 * len(body)
    elif fields["language"] == "zh-Hans":
        assert changed == 0
    else:
        assert fields["language"] == "zh-Hant"
        assert changed > 0.2 * len(han)


def test_all_three_scripts_are_there() -> None:
    """At least three documents in each."""
    languages = [fields["language"] for fields, _ in CASEFILE.values()]
    assert {language: languages.count(language) >= 3 for language in languages} == {
        "zh-Hant": True,
        "zh-Hans": True,
        "en": True,
    }


def _passages() -> list[tuple[str, Passage]]:
    return [(name, p) for name, (_, body) in CASEFILE.items() for p in split(body)]


@pytest.mark.parametrize(
    ("question", "document", "reasons"),
    [
        ("why did the appeal reverse?", "04-client-brief.md", "careful or sensible"),
        ("二审为什么改判?", "03-appeal-summary.md", "既不审慎也不合理"),
        ("上訴為何逆轉?", "01-press-report.md", "既不審慎也不合理"),
    ],
)
def test_the_reasons_come_first(question: str, document: str, reasons: str) -> None:
    """By plain BM25 over jieba's words the passage with the reasons leads, and by a margin."""
    passages = _passages()
    scores = BM25Plus([_words(p.text) for _, p in passages]).get_scores(_words(question))
    first, second = sorted(range(len(passages)), key=lambda at: -scores[at])[:2]
    name, passage = passages[first]
    assert name == document
    assert reasons in passage.text
    assert scores[first] > 1.2 * scores[second]


def _words(text: str) -> list[str]:
    words = jieba.cut_for_search(_simplified().convert(text).lower())
    # A stemmer's part: reversed, reverse
    return [re.sub(r"(?<=\w{3})(?:ed|e|s)\Z", "", word) for word in words if re.match(r"\w", word)]


@pytest.mark.shared
def test_no_sentence_is_copied(shared: Path) -> None:
    """No run of twelve Han characters or eight English words, but for names, is the sources'."""
    sources = [(shared / "case-facts.md").read_text(encoding="utf-8")]
    sources += [path.read_text(encoding="utf-8") for path in (shared / "seeds").glob("*.txt")]
    copied_runs = set().union(*(_runs(source) for source in sources))
    assert len(copied_runs) > 1000
    for name, (_, body) in CASEFILE.items():
        assert not _runs(body) & copied_runs, name


def _runs(text: str) -> set[str]:
    """Every run of 12 Han characters, whatever the script and the signs between, or of 8 words."""
    plain = NAMES.sub("\n", _simplified().convert(text))
    han = [re.sub(r"[^\u3400-\u9fff]", "", line) for line in re.split(r"[\n。]", plain)]
    words = [re.findall(r"[a-z0-9]+", line) for line in plain.lower().split("\n")]
    return {line[at : at + 12] for line in han for at in range(len(line) - 11)} | {
        " ".join(line[at : at + 8]) for line in words for at in range(len(line) - 7)
    }


@pytest.mark.shared
def test_every_date_is_one_of_the_facts(shared: Path) -> None:
    """Years, months and days, in whatever form, are found in the facts or in the seed."""
    dates = _dates((shared / "case-facts.md").read_text(encoding="utf-8"))
    for path in (shared / "seeds").glob("*.txt"):
        dates |= _dates(path.read_text(encoding="utf-8"))
    for name, (fields, body) in CASEFILE.items():
        assert _dates(f"{fields['date']}\n{body}") <= dates, name


def _dates(text: str) -> set[str]:
    """Dates as ISO, with each year and month by themselves; days without a year as `-10-30`."""
    months = {month: number for number, month in enumerate(MONTHS.split(), start=1)}
    dates: set[tuple[str, int, int]] = set()
    for year, month, day in re.findall(r"(\d{4})[-年](\d{1,2})(?:[-月](\d{1,2}))?", text):
        dates.add((year, int(month), int(day or 0)))
    for month, day in re.findall(r"(?<![\d年])(\d{1,2})月(\d{1,2})日", text):
        dates.add(("", int(month), int(day)))
    spoken = rf"(?:(\d{{1,2}})(?: and (\d{{1,2}}))? )?({'|'.join(months)}) (\d{{4}})"
    for first, last, month, year in re.findall(spoken, text):
        dates |= {(year, months[month], int(day or 0)) for day in (first, last or first)}
    whole = {f"{year}-{month:02}-{day:02}" for year, month, day in dates}
    whole |= {f"-{month:02}-{day:02}" for _, month, day in dates if day}
    years = re.findall(r"(?<![\d,.])((?:19|20)\d\d)(?![\d,])", text)
    return whole | {f"{year}-{month:02}-00" for year, month, _ in dates if year} | set(years)
