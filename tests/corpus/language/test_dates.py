from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language.dates import find_dates, iso_date

HAN = "〇一二三四五六七八九"
MONTHS = (
    "January February March April May June July August September October November December".split()
)


def _han(number: int) -> str:
    """A day or month in characters, as dates write them: 十, 十二, 二十, 三十一."""
    tens, units = divmod(number, 10)
    return ("" if tens < 2 else HAN[tens]) + "十" * bool(tens) + (HAN[units] if units else "")


FORMS = (
    lambda d: d.isoformat(),
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year} 年 {d.month} 月 {d.day} 號",
    lambda d: f"{''.join(HAN[int(c)] for c in str(d.year))}年{_han(d.month)}月{_han(d.day)}日",
    lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    lambda d: f"{d.day}th of {MONTHS[d.month - 1][:3]}., {d.year}",
    lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
)


@given(st.dates(dt.date(1912, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(FORMS))
def test_every_form_of_a_day_is_read(day: dt.date, form: object) -> None:
    """Written by a plain formatter, within a sentence, it comes back with its place."""
    assert callable(form)
    written = form(day)
    [found] = find_dates(f"判决于 {written} 作出")
    assert found.iso == day.isoformat()
    assert written.startswith(f"判决于 {written} 作出"[found.start : found.end][:4])


@given(st.dates(dt.date(2001, 1, 1), dt.date(2060, 12, 31)))
def test_years_of_the_republic(day: dt.date) -> None:
    """Year 1 is 1912; three figures are enough to tell, two need the name."""
    year = day.year - 1911
    assert find_dates(f"中華民國{year}年{day.month}月{day.day}日")[0].iso == day.isoformat()
    if year >= 100:
        assert find_dates(f"{year}年{day.month}月{day.day}日")[0].iso == day.isoformat()


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("2019年6月", ["2019-06"]),
        ("June 2019", ["2019-06"]),
        ("2019-06", ["2019-06"]),
        ("2015年10月10日至2016年5月17日", ["2015-10-10", "2016-05-17"]),
        ("08/02/2021", []),
        ("2019-13-01", []),
        ("2019年2月30日", []),
        ("(2019)京73民终1194号", []),
        ("192.168.2019.06.20", []),
        ("2019-06-20-A7", []),
        ("section 2019", []),
        ("２０１９年４月２７日", ["2019-04-27"]),
        ("二〇二一年二月廿八日", ["2021-02-28"]),
        ("民國一百一十年二月八日", ["2021-02-08"]),
        ("民國 110 年 1 月 20 日 公布", ["2021-01-20"]),
        ("中　　華　　民　　國　 110　 年　 1　 月　 20　 日", ["2021-01-20"]),
        ("民國元年三月十日", ["1912-03-10"]),
        ("令和3年2月8日", ["2021-02-08"]),
        ("二OO八年五月一日", ["2008-05-01"]),
        ("2021年2月31日", []),
        ("31 February 2021", []),
        ("98年2月8日", []),
        ("农历二〇二一年二月廿八日", []),
        ("有期徒刑三年六月", []),
        ("Filed 25/06/2019", ["2019-06-25"]),
        ("06/25/2019", ["2019-06-25"]),
        ("dated this 3rd day of May, 2021", ["2021-05-03"]),
        ("30-JUN-2021", ["2021-06-30"]),
        ("Article 2 May 3, 2019", ["2019-05-03"]),
        ("于2019-06-20作出", ["2019-06-20"]),
        ("", []),
    ],
)
def test_as_far_as_known(line: str, days: list[str]) -> None:
    """A month alone stays a month; what is no date, or two at once, is none."""
    assert [date.iso for date in find_dates(line)] == days


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("D:20190620100000+08'00'", "2019-06-20"),
        ("20190620", "2019-06-20"),
        ("201906", "2019-06"),
        ("2019", "2019"),
        ("2019-06-20T10:00:00Z", "2019-06-20"),
        ("Tue, 25 Jun 2019 23:30:00 +0800", "2019-06-25"),
        ("D:00000000", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_fields_of_metadata(value: str | None, iso: str | None) -> None:
    """The forms of PDF, of HTML and of mail."""
    assert iso_date(value) == iso


@given(st.text(max_size=120))
def test_whatever_is_found_is_a_date(line: str) -> None:
    """Real days only, in order, not overlapping."""
    end = 0
    for date in find_dates(line):
        assert end <= date.start < date.end <= len(line)
        dt.date.fromisoformat(f"{date.iso}-01-01"[:10])
        end = date.end
