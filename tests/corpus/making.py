"""Makes the files that the reading tests read: PDF by hand, zip archives, pictures of text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from tests.corpus.sealing import ID, sealed

Placed = tuple[float, float, float, str]
"""Where a line of text begins (points from the lower left), its size in points, the text."""


def pdf(
    pages: Sequence[Sequence[Placed]],
    *,
    info: Mapping[str, str] | None = None,
    unicode_map: bool = True,
    password: str | None = None,
    rotated: bool = False,
    watermark: str = "",
) -> bytes:
    """A PDF 1.7 with the text at the places given: Han one em wide, all else half of one.

    Its font is a Type 0 font whose codes mean what its ToUnicode map says, as in most PDFs. With
    a password it is encrypted; the empty one opens by itself. Rotated pages are shown turned by 90
    degrees, and their text stands where it is shown. A watermark lies slanting below each page.
    """
    characters = sorted({c for page in pages for *_, text in page for c in text} | {*watermark})
    codes = {character: number for number, character in enumerate(characters, start=1)}
    fonts = 3 + 2 * len(pages)
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
    ]
    for number, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * number} 0 R "
            f"/Resources << /Font << /F {fonts} 0 R >> >> /Rotate {90 * rotated} >>".encode()
        )
        below = _below(watermark, codes)
        objects.append(_stream(below + _content(page, codes, rotated=rotated)))
    widths = " ".join(f"{codes[c]} [{1000 if c > '⺀' else 500}]" for c in characters)
    to_unicode = f"/ToUnicode {fonts + 2} 0 R" if unicode_map else ""
    objects += [
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H "
        f"/DescendantFonts [{fonts + 1} 0 R] {to_unicode} >>".encode(),
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 500 /W [{widths}] "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor {fonts + 3} 0 R >>".encode(),
        _stream(_cmap(codes)),
        (
            b"<< /Type /FontDescriptor /FontName /Made /Flags 4 /FontBBox [0 -200 1000 800] "
            b"/Ascent 800 /Descent -200 /CapHeight 700 /ItalicAngle 0 /StemV 80 >>"
        ),
        _info(info or {}),
    ]
    if password is None:
        return pdf_file(objects)
    objects, about = sealed(objects, password)
    return pdf_file(
        [*objects, about], f"/Encrypt {len(objects) + 1} 0 R /ID [<{ID.hex()}> <{ID.hex()}>]"
    )


def archive(members: Mapping[str, bytes]) -> bytes:
    """A zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in members.items():
            writer.writestr(name, content)
    return file.getvalue()


def rezipped(content: bytes, changes: Mapping[str, bytes]) -> bytes:
    """A zip archive with some members replaced or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    return archive(members | dict(changes))


def _content(page: Iterable[Placed], codes: Mapping[str, int], *, rotated: bool) -> bytes:
    lines = (
        f"BT /F {size:g} Tf {f'0 1 -1 0 {595 - y:g} {x:g}' if rotated else f'1 0 0 1 {x:g} {y:g}'} "
        f"Tm <{''.join(f'{codes[c]:04x}' for c in text)}> Tj ET"
        for x, y, size, text in page
    )
    return "\n".join(lines).encode()


def _below(words: str, codes: Mapping[str, int]) -> bytes:
    lines = "".join(f"{codes[c]:04x}" for c in words)
    return f"BT /F 60 Tf .7 .7 -.7 .7 150 300 Tm <{lines}> Tj ET\n".encode()


def _cmap(codes: Mapping[str, int]) -> bytes:
    pairs = [f"<{code:04x}> <{c.encode('utf-16-be').hex()}>" for c, code in codes.items()]
    blocks = (pairs[at : at + 100] for at in range(0, len(pairs), 100))
    body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Made def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n" + body + "\nendcmap\nend\nend"
    ).encode()


def _info(info: Mapping[str, str]) -> bytes:
    texts = (f"/{key} <feff{value.encode('utf-16-be').hex()}>" for key, value in info.items())
    return f"<< {' '.join(texts)} >>".encode()


def _stream(content: bytes) -> bytes:
    return f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def pdf_file(objects: Sequence[bytes], encryption: str = "") -> bytes:
    """Objects numbered from 1: the catalogue first, last the information, then the encryption."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start, size = len(out), len(objects) + 1
    info = len(objects) - bool(encryption)
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {size} /Root 1 0 R /Info {info} 0 R {encryption} >>\n".encode()
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode())
