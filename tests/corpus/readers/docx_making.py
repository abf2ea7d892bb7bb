"""Makes the Word files that the tests read, by python-docx and by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers import docx as reader
from corpus.reading.read import read
from tests.corpus.making import rezipped
from tests.corpus.sentences import sentence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SENTENCE = "The court of appeal held that a lessor of cloud servers is not liable. "


def saved(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def typed(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def of_xml(body: str, **parts: str) -> Extract:
    """What is read of a document with this body, and with these parts of their own kinds."""
    content = typed("to be replaced")
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        relations = whole.read("word/_rels/document.xml.rels").decode()
        types = whole.read("[Content_Types].xml").decode()
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    changes = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    for kind, xml in parts.items():
        changes[f"word/{kind}.xml"] = f"<w:{kind} {W}>{xml}</w:{kind}>"
        if f"{kind}.xml" not in relations:
            base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            relation = f'<Relationship Id="r{kind}" Type="{base}/{kind}" Target="{kind}.xml"/>'
            relations = relations.replace("</Relationships>", f"{relation}</Relationships>")
            part = f'<Override PartName="/word/{kind}.xml" ContentType="{main}.{kind}+xml"/>'
            types = types.replace("</Types>", f"{part}</Types>")
    changes |= {"word/_rels/document.xml.rels": relations, "[Content_Types].xml": types}
    encoded = {name: text.encode() for name, text in changes.items()}
    return reader.read(rezipped(content, encoded), "a.docx")


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: list[str]) -> str:
    """A table of these rows, each cell given by its paragraphs."""
    return "<w:tbl>{}</w:tbl>".format(
        "".join(f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    )


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content, "a.docx")
    assert "\n" not in sentence(refused.value)
    return sentence(refused.value)


def with_document(change: Callable[[str], str]) -> bytes:
    """A document whose main part was changed."""
    content = typed("The parties agree.")
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        xml = whole.read("word/document.xml").decode()
    return rezipped(content, {"word/document.xml": change(xml).encode()})
