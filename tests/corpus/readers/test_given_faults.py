"""Small files that showed faults are read as a person reads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus.readers import ocr
from corpus.reading.read import read

INTAKE = "faults/intake"
RIGHT = {  # what the text holds, and what it does not, as patterns
    "d1_shared_counter.docx": ([rf"(?m)^{n}\. " for n in range(1, 8)], []),
    "d2_format_override.docx": ([rf"(?m)^{n}\. " for n in range(1, 5)], []),
    "d3_articles_run_on.docx": ([f"(?m)^第{n}条 " for n in "一二三四五"], []),
    "d4_numbers_in_table.docx": ([r"(?m)^3\. .*\t第三条 ", r"(?m)^4\. "], []),
    "d5_default_style.docx": ([rf"(?m)^{n}\. " for n in range(1, 4)], []),
    "d6_moved_clause.docx": ([r"(?m)^2\. ", r"(?m)^3\. "], [r"(?m)^4\. "]),
    "d7_docling2758.docx": ([r"(?m)^3\.2 ", "(?m)^4 ", "(?m)^5 "], []),
    "d8_strike_hidden.docx": (["5,000,000"], ["1,000,000", "3m"]),
    "d9_checkboxes.docx": (["25°C", "≤ 5%", "☑ Yes", "☐ No"], []),
    "d10_altchunk.docx": (["2,000,000"], []),
    "d12_header_ref.docx": (["2024/0117", "2024-0088"], []),
    "d15_comment.docx": (["Partner"], []),
    "d16_if_field.docx": ([" is three "], ["Senior"]),
    "e1_stub_plain.eml": (["2,400,000"], ["HTML"]),
    "e2_long_headers.eml": (["^From: "], ["ARC-Seal"]),
    "e3_opaque_signed.eml": ([r"1\.2 million"], []),
    "e4_delsp.eml": (["仲裁中心"], []),
    "e8_word_single_file.mht": (["^第一条"], ["MIME"]),
    "h1_ol_numbers.html": ([rf"(?m)^{n}\. " for n in ("1", "2", "a", "b", "7", "4", "5")], []),
    "h2_sup_del.html": ([r"1980\[12\]", r"48,000\[3\]", "m²", "10⁶"], ["1,000,000", "3m"]),
    "h3_article_annex.html": (["1,045", "8%", "21 days", "3 May 2021"], []),
    "h5_form_values.html": (["Ltd", "District"], ["High"]),
    "p2_form.pdf": (["12,450,000", "☒ Yes", "☐ No"], []),
    "p4_page_labels.pdf": ([], [r"(?m)^i+$"]),
    "p8_bilingual_columns.pdf": (["(?m)^第一條.*違約金。$"], ["\t"]),
    "p11_repeated_clauses.pdf": (["(?s)(TRANSFER FORM.*){4}"], []),
    "p12_superscript.pdf": ([r"1980\[12\] and", r"48,000\[3\] "], []),
    "p16_fake_bold.pdf": (["(?m)300218.*27日$"], []),
    "t1_word2003xml.doc": (["(?m)^第一章 ", "(?m)^第二条 "], ["<w:"]),
    "t2_html_as.doc": ([r"(?m)^1\. "], ["<li"]),
    "t5_kangxi.txt": (["(?m)^第一条", "(?m)^第二条"], []),
}
SCANNED = ("d14_scan_in_word.docx", "e5_inline_scan.eml", "p1_stamped_scan.pdf")


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(RIGHT))
def test_what_is_right_is_read(shared: Path, name: str) -> None:
    """The numbers that Word shows, the values of forms, and nothing that is not shown."""
    text = read((shared / INTAKE / name).read_bytes(), name).text
    right, wrong = RIGHT[name]
    assert [pattern for pattern in right if not re.search(pattern, text)] == []
    assert [pattern for pattern in wrong if re.search(pattern, text)] == []


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.skipif(not ocr.available(), reason="needs the ocr extra")
@pytest.mark.parametrize("name", SCANNED)
def test_pictures_of_text_are_read(shared: Path, name: str) -> None:
    """In Word, in mail, and below a stamp."""
    assert "750,000" in read((shared / INTAKE / name).read_bytes(), name).text
