from __future__ import annotations

import base64
import io
import sys
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from asn1crypto import cms
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers import email as reader
from corpus.readers import ocr
from corpus.reading.kinds import kind_of
from corpus.reading.read import read
from corpus.reasons import Reason
from tests.corpus.sentences import sentence

HAN = "我们认为，云服务器租赁服务提供者不承担侵权责任，理由有四点，详见附件。"


def message(body: str = "The appeal is allowed.\n", **headers: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    given = {"From": "Lee <lee@example.org>", "To": "team@example.org", "Subject": "Appeal"}
    for name, value in (given | headers).items():
        mail[name] = value
    mail.set_content(body)
    return mail


def extract(mail: EmailMessage | bytes) -> Extract:
    return reader.read(mail if isinstance(mail, bytes) else mail.as_bytes(), "a.eml")


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content, "a.eml")
    assert "\n" not in sentence(refused.value)
    return sentence(refused.value)


def test_headers_are_metadata_and_the_first_lines() -> None:
    """Subject, day and sender; those to whom it went can be searched, too."""
    mail = message(Cc="Wong <wong@example.org>", Date="Tue, 25 Jun 2019 23:30:00 +0800")
    reading = read(mail.as_bytes(), "a.eml")
    about = reading.metadata
    assert (about.title, about.date, about.publisher) == ("Appeal", "2019-06-25", "Lee")
    assert reading.text == (
        "From: Lee <lee@example.org>\nTo: team@example.org\nCc: Wong <wong@example.org>\n"
        "Date: Tue, 25 Jun 2019 23:30:00 +0800\nSubject: Appeal\n\nThe appeal is allowed."
    )


def encoded(text: str, charset: str, named: str) -> str:
    return f"=?{named}?B?{base64.b64encode(text.encode(charset)).decode()}?="


@pytest.mark.parametrize(
    ("charset", "named"),
    [("gb18030", "gb18030"), ("gb18030", "gb2312"), ("utf-8", "utf-8"), ("utf-8", "gb2312")],
)
def test_chinese_headers_and_html_come_out_whole(charset: str, named: str) -> None:
    """Whatever their charset is, and whatever it is said to be."""
    body = base64.encodebytes(f"<div>各位：</div><div>{HAN}</div>".encode(charset))
    head = (
        f"From: {encoded('张律师', charset, named)} <z@example.org>\nTo: a@example.org\n"
        f"Subject: {encoded('关于二审', charset, named)}\n"
        f" {encoded('改判的意见', charset, named)}\n"
        f'Content-Type: text/html; charset="{named}"\nContent-Transfer-Encoding: base64\n\n'
    )
    found = extract(head.encode() + body)
    assert (found.metadata.title, found.metadata.publisher) == ("关于二审改判的意见", "张律师")
    assert found.text.endswith(f"\n\n各位：\n\n{HAN}")


@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_bytes_without_any_declaration_are_found_out(charset: str) -> None:
    """Old programs write headers and body as they are."""
    raw = f"From: 张律师 <z@example.org>\nTo: a@example.org\nSubject: 通知是否合格\n\n{HAN}\n"
    found = extract(raw.encode(charset))
    assert (found.metadata.title, found.metadata.publisher) == ("通知是否合格", "张律师")
    assert found.text.endswith(HAN)


def test_of_two_versions_the_plain_one_is_read() -> None:
    """Unless it is empty, as in mail that is made for screens."""
    mail = message("plain words\n")
    mail.add_alternative("<p>html words</p>", subtype="html")
    assert extract(mail).text.endswith("\n\nplain words")
    mail = message(" \n")
    mail.add_alternative("<p>html words</p>", subtype="html")
    assert extract(mail).text.endswith("\n\nhtml words")


@pytest.mark.parametrize(
    ("plain", "rich", "shown"),
    [
        ("Please view this in an HTML-capable client.", "The rent is due on Monday.", "rich"),
        ("您的邮件客户端不支持 HTML。", "租金应于每月五日前支付。", "rich"),
        ("The rent is due", "The rent is due on Monday, said the agent who let the flat.", "rich"),
        ("The rent is due on Monday.", "The rent is due on Monday. Best, Lee", "plain"),
        ("Rent: http://a.example/b", "Rent", "plain"),
    ],
)
def test_a_plain_stub_is_no_version_of_the_message(plain: str, rich: str, shown: str) -> None:
    """What shares no words with its HTML, or has less than half of it, is not what was written."""
    mail = message(f"{plain}\n")
    mail.add_alternative(f"<p>{rich}</p>", subtype="html")
    assert extract(mail).text.endswith(f"\n\n{rich if shown == 'rich' else plain}")


def test_long_headers_do_not_hide_a_message() -> None:
    """Servers that forward add seals of many thousand bytes before the sender's own lines."""
    seals = b"".join(b"ARC-Seal: i=1;" + b" b=AAAA\r\n" * 500 for _ in range(5))
    content = b"Received: from a by b\r\n" + seals + message().as_bytes()
    assert len(content) > 20_000
    assert kind_of(content, "a.eml") == "email"
    assert read(content, "a.eml").metadata.title == "Appeal"


def wrapped(inner: bytes, kind: str = "signed_data") -> bytes:
    """A message whose content is inside a signature without signers, or an envelope."""
    if kind == "signed_data":
        content = {
            "version": "v1",
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "data", "content": inner},
            "signer_infos": [],
        }
    else:
        content = {
            "version": "v0",
            "recipient_infos": [],
            "encrypted_content_info": {
                "content_type": "data",
                "content_encryption_algorithm": {
                    "algorithm": "aes256_cbc",
                    "parameters": b"0" * 16,
                },
                "encrypted_content": inner,
            },
        }
    data = cms.ContentInfo({"content_type": kind, "content": content}).dump()
    head = b"From: a@example.org\nTo: b@example.org\nContent-Type: application/pkcs7-mime\n"
    return head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)


def test_a_message_inside_its_signature_is_read() -> None:
    """Attachments and all, signed twice too; only what is encrypted is not."""
    inner = message("The board agrees.\n")
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="minutes.pdf")
    found = extract(wrapped(inner.as_bytes()))
    assert found.text.endswith("The board agrees.")
    assert [attachment.name for attachment in found.attachments] == ["minutes.pdf"]
    twice = wrapped(inner.as_bytes()).split(b"\n", 2)[2]
    assert extract(wrapped(twice)).text.endswith("The board agrees.")
    assert "encrypted" in refusal(wrapped(inner.as_bytes(), "enveloped_data"))


def test_a_single_file_page_of_word_is_a_page() -> None:
    """It has the headers of a message, but no sender."""
    content = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="x"\r\n\r\n'
        b"This is a Single File Web Page.\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n"
        b"<title>Lease</title><p>The rent is due.</p>\r\n--x--\r\n"
    )
    assert read(content, "lease.mht").text == "The rent is due."


def test_spaces_at_the_end_of_chinese_lines_are_none() -> None:
    """With DelSp (RFC 3676) the space only marks that the line goes on."""
    mail = message()
    mail.replace_header("Content-Type", 'text/plain; charset="utf-8"; format=flowed; delsp=yes')
    mail.set_payload("香港国际仲 \n裁中心。\n".encode())
    assert extract(mail).text.endswith("\n\n香港国际仲裁中心。")


def test_sizes_of_pictures_are_read_from_their_heads() -> None:
    """Without a library, so that a page is told from a logo where recognition is not installed."""
    image = pytest.importorskip("PIL.Image")
    for form in ("PNG", "JPEG"):
        file = io.BytesIO()
        image.new("RGB", (640, 901)).save(file, form)
        assert ocr.picture_size(file.getvalue()) == (640, 901)
    assert ocr.picture_size(b"GIF89a") is ocr.picture_size(b"\xff\xd8\xff") is None


def test_a_page_pasted_into_a_message_is_said_to_be_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the ocr extra; a logo is not missed."""
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    mail = message()
    for number, size in enumerate([(1200, 1700), (300, 80)]):
        file = io.BytesIO()
        pytest.importorskip("PIL.Image").new("RGB", size).save(file, "PNG")
        mail.add_attachment(
            *(file.getvalue(), "image", "png"), disposition="inline", cid=f"<{number}>"
        )
    assert extract(mail).note == Reason("pictures_not_read", {"count": 1})


def test_flowed_lines_are_joined() -> None:
    """A space at the end of a line continues it; quotes and signatures stay as they are."""
    mail = message()
    mail.replace_header("Content-Type", "text/plain; format=flowed")
    mail.set_payload("one \ntwo \nthree.\n\n> quoted\n-- \nLee\n")
    assert extract(mail).text.endswith("\n\none two three.\n\n> quoted\n-- \nLee")


def test_attachments_come_apart_with_their_names() -> None:
    """Files, attached messages and invitations; not pictures within the body, nor style sheets."""
    mail = message()
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="判决书.pdf")
    mail.add_attachment(b"one", maintype="application", subtype="x", filename="../../etc/passwd")
    mail.add_attachment(b"two", maintype="application", subtype="x", filename="passwd")
    mail.add_attachment(message(Subject="Inner"))
    mail.add_attachment(
        b"\x89PNG", maintype="image", subtype="png", disposition="inline", cid="<logo>"
    )
    mail.add_attachment("BEGIN:VCALENDAR", subtype="calendar", disposition="inline")
    mail.add_attachment("p { color: red }", subtype="css", disposition="inline")
    mail.add_attachment(b"", maintype="application", subtype="x", filename="empty.bin")
    found = extract(mail)
    assert [attachment.name for attachment in found.attachments] == [
        "判决书.pdf",
        "passwd",
        "passwd (2)",
        "Inner.eml",
        "attachment-5.ics",
    ]
    assert [a.content for a in found.attachments[:3]] == [b"%PDF", b"one", b"two"]
    assert "VCALENDAR" not in found.text
    assert "color" not in found.text


def test_an_attached_message_is_a_message_again() -> None:
    """It reads as it would by itself."""
    inner = message(
        "The notice was no notice.\n", Subject="Inner", Date="Mon, 1 Jul 2019 10:00 +0000"
    )
    outer = message()
    outer.add_attachment(inner)
    [attachment] = extract(outer).attachments
    assert extract(attachment.content).text == extract(inner).text
    assert extract(attachment.content).metadata == extract(inner).metadata


def test_a_boundary_that_is_not_found_loses_nothing() -> None:
    """The body is read as text, in the message and in one that is attached, in any encoding."""
    broken = (
        "From: a@example.org\nTo: b@example.org\nSubject: broken\n"
        f'Content-Type: multipart/mixed; boundary="x"\n\n--y\n\n{HAN}\n--y--\n'
    ).encode("gb18030")
    assert HAN in extract(broken).text
    head = b'From: a@b\nTo: c@d\nContent-Type: multipart/mixed; boundary="outer"\n\n'
    part = b"--outer\nContent-Type: message/rfc822\n\n" + broken
    [attachment] = extract(head + part + b"\n--outer--\n").attachments
    assert HAN in extract(attachment.content).text


def test_a_saved_web_page_is_read_as_a_page() -> None:
    """With the page's own title and publisher, and the address that it came from."""
    mail = message(
        From="<Saved by Blink>", Subject="South Daily", Date="Mon, 1 Jul 2019 10:00 +0000"
    )
    mail["Snapshot-Content-Location"] = "https://example.org/news/1"
    mail.set_content(
        "<title>Appeal</title><meta property='og:site_name' content='South Daily'><nav>Home</nav>"
        "<article><h1>Appeal reverses</h1><p>The court reversed, and said why it did so.</article>",
        subtype="html",
    )
    mail.make_related()
    mail.add_related("p { color: red }", subtype="css")
    reading = read(mail.as_bytes(), "news.mht")
    assert reading.text == "Appeal reverses\n\nThe court reversed, and said why it did so."
    about = reading.metadata
    assert (about.publisher, about.url, about.date) == (
        "South Daily",
        "https://example.org/news/1",
        None,
    )


@pytest.mark.slow
def test_what_cannot_be_read_says_why() -> None:
    """An encrypted message, too many parts: one line each."""
    sealed = message()
    sealed.replace_header("Content-Type", "application/pkcs7-mime")
    assert "encrypted" in refusal(sealed.as_bytes())
    parts = b"".join(b"--x\n\nword\n" for _ in range(2_100))
    head = b'From: a@b\nTo: c@d\nContent-Type: multipart/mixed; boundary="x"\n\n'
    assert "more than 2000 parts" in refusal(head + parts + b"--x--\n")
    deep = b"\n".join(b"From: a@b\nTo: c@d\nContent-Type: message/rfc822\n" for _ in range(3_000))
    assert "nested too deeply" in refusal(deep)


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200),
)
@settings(deadline=None)
def test_what_was_sent_is_what_is_read(subject: str, body: str) -> None:
    """Any subject and body, encoded by Python's own writer of mail, come back."""
    if not subject.strip() or not body.strip():
        return
    mail = message(f"{body}\n")
    mail.replace_header("Subject", subject)
    found = extract(mail)
    assert (found.metadata.title or "").split() == subject.split()
    assert found.text.split("\n\n", 1)[1].split() == body.split()


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    """No message, however broken, does worse than being refused."""
    try:
        reading = read(b"From: a@b\nTo: c@d\nContent-Type: " + noise, "a.eml")
    except UnreadableFile:
        return
    assert all(p.text == reading.text[p.start : p.end] for p in reading.passages)
