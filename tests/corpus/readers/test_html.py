from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers import html as reader
from corpus.reading.read import read
from tests.corpus.sentences import sentence

HAN = "本院认为，被告作为云服务器租赁服务提供者，不应承担侵权责任，原告的通知不构成合格通知。"
ENGLISH = "The court of appeal held that a lessor of cloud servers is not liable. "


def extract(body: str, head: str = "", encoding: str = "utf-8") -> Extract:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return reader.read(page.encode(encoding), "a.html")


def text(body: str) -> str:
    return extract(body).text


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>One\n  two</p><p>three</p>", "One two\n\nthree"),
        ("<p>合格\n  通知</p>", "合格通知"),
        ("<p>one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<p>a<b>b</b> <i>c</i>d", "ab cd"),
        ("<ul><li>one<li>two</ul>after", "one\ntwo\n\nafter"),
        ("<table><tr><td>a<td>b<tr><td><td>d</table>", "a\tb\n\td"),
        ("<pre>  keep\n    this</pre>", "  keep\n    this"),
        ("&lt;b&gt; &amp;amp; &#x6cd5;&nbsp;x", "<b> &amp; 法\u00a0x"),
        ("<p>x<script>alert(1)</script><style>p{}</style><!-- y --></p>", "x"),
        ("<div>one<div>two</div></div>three", "one\n\ntwo\n\nthree"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", "漢字"),
        ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
        ("<ol start=4><li>one<li value=9>two<li>three</ol>", "4. one\n9. two\n10. three"),
        ("<ol type=a><li>one<li>two</ol><ol type=I><li>x</ol>", "a. one\nb. two\n\nI. x"),
        ("<ol reversed><li>one<li>two</ol>", "2. one\n1. two"),
        ("<ol style='list-style-type: none'><li>one</ol>", "one"),
        ("<ol><li>1. one<li><p>two</p></ol>", "1. one\n\n2. two"),
        ("<p>Act 1980<sup>12</sup>, 5 m<sup>2</sup>, 1<sup>st</sup>", "Act 1980[12], 5 m², 1st"),
        ("<p>10<sup>6</sup> and CO<sub>2</sub><sup>[7]</sup>", "10⁶ and CO2[7]"),
        ("<p><sup>3</sup> See above.", "[3] See above."),
        ("<p>a<del>b</del><s>c</s><span style='text-decoration:line-through'>d</span>e", "ae"),
        ("<p>x<p hidden>y</p><p style='display: none'>z</p>", "x"),
        ("<p>Name: <input value=Chan> <input type=hidden value=x>", "Name: Chan"),
        ("<p><input type=checkbox checked> Yes <input type=radio> No", "☒ Yes ☐ No"),
        ("<p>Seat: <select><option>A<option selected>B</select>", "Seat: B"),
        ("<p>Why: <textarea>because</textarea>", "Why: because"),
        (
            "<table><tr><td rowspan=2>a<td>b<td>c<tr><td>d<td>e<tr><td>f<td>g<td>h</table>",
            "a\tb\tc\na\td\te\nf\tg\th",
        ),
        ("<table><tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e</table>", "a\t\tb\nc\td\te"),
        ("<template>x</template><noscript>y</noscript><svg><text>z</text></svg>", ""),
    ],
)
def test_text_is_what_a_browser_shows(body: str, shown: str) -> None:
    """Blocks, breaks, cells, white space and entities come out as on the screen."""
    assert text(body) == shown


def test_headings_have_their_place_and_level() -> None:
    """Also over a line break, which makes one heading of two lines."""
    found = extract(f"<h1>改判：<br/>\n不担责</h1><p>{HAN}</p><h3>A <b>bold</b><br>one</h3><p>x")
    assert [(found.text[h.start : h.end], h.level) for h in found.headings] == [
        ("改判：不担责", 1),
        ("A bold one", 3),
    ]


def test_what_surrounds_the_content_is_left_out() -> None:
    """Menus, crumbs, share buttons, related links and the foot go; the article stays whole."""
    links = "".join(f'<li><a href="{n}">另一篇关于云计算的文章</a></li>' for n in range(3))
    body = f"""
      <nav><a href=/>首页</a></nav><div class="crumbs"><a href=/>法治</a></div>
      <div class="main"><h1>改判</h1><p>{HAN}</p><p class="menu-law">{HAN}</p></div>
      <div class="share">分享到 <a>微信</a></div>
      <div class="related-news"><ul>{links}</ul></div>
      <footer>版权所有</footer>"""
    assert text(body) == f"改判\n\n{HAN}\n\n{HAN}"


def test_one_article_is_the_page() -> None:
    """When most of the page is one article, its surroundings do not count, whatever they say."""
    body = f"<div>Subscribe!</div><article><h1>On notices</h1><p>{ENGLISH * 4}</p></article>"
    assert text(body) == f"On notices\n\n{(ENGLISH * 4).strip()}"


def test_what_belongs_to_the_article_is_kept() -> None:
    """Its title, date, annex, erratum and time limit; not what the site says of itself."""
    body = f"""
      <header><a href=/>Home</a> <a href=/a>About us and our work. All of it.</a></header>
      <h1>Practice note 14</h1><p class="meta">Issued by the Registrar, 3 May 2021.</p>
      <article><p>{ENGLISH * 6}</p></article>
      <section><h2>Annex A</h2><p>The filing fee is HKD 1,045, the hearing fee 3,200.</p></section>
      <aside>Erratum: paragraph 3 was corrected; the rate is 8%, not 6%.</aside>
      <aside class="newsletter">Get our letter every week. It is free.</aside>
      <footer>The time limit for objections is 21 days from publication.</footer>
      <footer>Copyright 2021 Daily News Limited. All rights reserved.</footer>"""
    assert text(body).split("\n\n") == [
        "Practice note 14",
        "Issued by the Registrar, 3 May 2021.",
        (ENGLISH * 6).strip(),
        "Annex A",
        "The filing fee is HKD 1,045, the hearing fee 3,200.",
        "Erratum: paragraph 3 was corrected; the rate is 8%, not 6%.",
        "The time limit for objections is 21 days from publication.",
    ]


def test_a_layout_table_is_no_table() -> None:
    """Old court pages put everything into nested tables; what they say is read as paragraphs."""
    inner = "<table><tr><td>字號：</td><td>一〇八</td></tr></table>"
    outer = f"<tr><td>{inner}<p>{HAN}</p><p>{HAN}</p></td></tr>"
    body = f"<table><tr><td><a href=x>首頁</a></td></tr>{outer}</table>"
    assert text(body) == f"首頁\n\n字號：\n\n一〇八\n\n{HAN}\n\n{HAN}"


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-16", ""),
        ("gb18030", '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'),
        ("gb18030", ""),
        ("big5", "<meta charset=utf-8>"),
        ("big5", ""),
    ],
)
def test_the_encoding_is_found_out(encoding: str, head: str) -> None:
    """Whether it is declared, declared wrongly or not at all."""
    words = "本院認為原告之通知並非合格之通知，被告不負侵權責任。"
    words = words if encoding == "big5" else HAN
    assert extract(f"<p>{words}</p>", head, encoding).text == words


NEWS = f"""<head><title>阿里云案二审改判：云服务器不担责--人民网</title>
  <meta name="publishdate" content="2019-06-25">
  <meta name="source" content="来源：中国知识产权报 原创">
  <link rel="canonical" href="https://example.org/n/1.html"></head>
  <h1>阿里云案二审改判：<br>云服务器不担责</h1><p>{HAN}</p>"""
GRAPH = f"""<script type="application/ld+json">{{"@graph": [{{"@type": "Organization"}}, {{
  "@type": "NewsArticle", "headline": "Appeal reverses",
  "datePublished": "2019-06-25T10:00:00+08:00", "publisher": {{"name": "South Daily"}}}}]}}
  </script><p>{ENGLISH}"""
OPEN_GRAPH = f"""<meta property="og:title" content="Appeal reverses">
  <meta property="og:url" content="https://example.org/2">
  <meta property="article:published_time" content="2019-06-25">
  <meta property="og:site_name" content="South Daily">
  <title>Appeal reverses | South Daily</title><p>{ENGLISH}"""
PLAIN = f"""<title>Appeal reverses - South Daily</title><meta name=publisher content="South Daily">
  <time itemprop=datePublished datetime=2019-06-25></time><p>{ENGLISH}"""


@pytest.mark.parametrize(
    ("page", "title", "publisher", "url"),
    [
        (
            NEWS,
            "阿里云案二审改判：云服务器不担责",
            "中国知识产权报",
            "https://example.org/n/1.html",
        ),
        (GRAPH, "Appeal reverses", "South Daily", None),
        (OPEN_GRAPH, "Appeal reverses", "South Daily", "https://example.org/2"),
        (PLAIN, "Appeal reverses", "South Daily", None),
    ],
)
def test_metadata_of_the_head(page: str, title: str, publisher: str, url: str | None) -> None:
    """From Chinese news pages, JSON-LD, Open Graph and plain elements."""
    about = read(page.encode(), "a.html").metadata
    assert (about.title, about.publisher, about.url, about.date) == (
        title,
        publisher,
        url,
        "2019-06-25",
    )


def test_metadata_of_the_first_lines() -> None:
    """Where the head is silent, the lines above the body speak, as in plain text."""
    page = f"<h1>改判</h1><p>2019-06-25 人民网</p><p>{HAN * 3}</p>"
    about = read(page.encode(), "a.html").metadata
    assert (about.title, about.date, about.publisher) == ("改判", "2019-06-25", "人民网")


def test_a_judgment_is_called_by_its_number() -> None:
    """A court's site gives all its pages one title; the decision's own head is better."""
    page = f"""<title>裁判書查詢</title><pre>智慧財產法院民事判決
                     108年度民著訴字第12號
      主  文
原告之訴駁回。
      {HAN}
中  華  民  國  108  年  12  月  31  日
</pre>"""
    about = read(page.encode(), "a.html").metadata
    assert about.title == "智慧財產法院108年度民著訴字第12號民事判決"
    assert (about.publisher, about.date) == ("智慧財產法院", "2019-12-31")


def test_what_nests_too_deeply_is_refused_at_once() -> None:
    """Before a parser sees it; depth is what counts, not the number of elements."""
    deep = b"<html><body>" + b"<div>" * 200_000 + b"text"
    with pytest.raises(UnreadableFile, match="nested_too_deeply"):
        reader.read(deep, "a.html")
    flat = b"<html><body>" + b"<div>text</div>" * 20_000
    assert reader.read(flat, "a.html").text.count("text") == 20_000


class _Words(HTMLParser):
    """The words of a page by another parser, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += re.findall(r"\w+", data)


WORDS = st.text("abc 法院\n<>&;\"'=/", max_size=12)
MARKUP = st.recursive(
    WORDS.map(lambda words: re.sub("[<>&]", "", words)),
    lambda inner: st.tuples(
        st.sampled_from("p div span b ul li h2 table tr td section blockquote br pre".split()),
        st.lists(inner, max_size=4),
    ).map(lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"),
    max_leaves=20,
)


@given(MARKUP)
@settings(deadline=None)
def test_no_word_is_lost_or_moved(body: str) -> None:
    """Whatever the elements: every character of the words, once, in the parser's order."""
    if re.search("<t[rd]|<table|<li|<h2", body):
        return  # a parser moves these where they do not belong
    parser = _Words()
    parser.feed(body)
    assert re.findall(r"\w", text(body)) == list("".join(parser.words))


@given(st.binary(max_size=300), st.text(max_size=100))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(noise: bytes, words: str) -> None:
    """No markup, however broken, does worse than being refused; passages stay slices."""
    content = b"<html><body><p>" + words.encode("utf-8", "surrogatepass") + b"<" + noise
    try:
        reading = read(content, "a.html")
    except UnreadableFile as refused:
        assert "\n" not in sentence(refused)  # noqa: PT017
    else:
        assert all(p.text == reading.text[p.start : p.end] for p in reading.passages)


def test_quoting_elements_are_quotations() -> None:
    """`blockquote`, the outermost one, and `q`; each as it stands in the text."""
    page = extract(
        "<p>He wrote:</p><blockquote><p>One rule.</p><p>Another <blockquote>rule</blockquote></p>"
        "</blockquote><p>After <q>a bare letter</q>, nothing.</p><blockquote> </blockquote>"
    )
    assert [page.text[a:b] for a, b in page.quoted] == [
        "One rule.\n\nAnother\n\nrule",
        "a bare letter",
    ]
