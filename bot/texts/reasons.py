"""Why a file was refused, in Chinese: what readers say in English, known by a part of it.

What is not listed here is shown as the reader said it.
"""

from __future__ import annotations

from typing import Final

REASONS: Final[dict[str, tuple[str, str]]] = {
    "the file is empty": ("文件是空的", "檔案是空的"),
    "it holds no text": ("其中没有文字", "其中沒有文字"),
    "text in no known encoding": (
        "无法辨认其文字编码；若是文本，请存为 UTF-8 再发送",
        "無法辨認其文字編碼；若是文字檔，請存成 UTF-8 再傳送",
    ),
    "is encrypted: save it": (
        "文件已加密：请存为不带密码的版本再发送",
        "檔案已加密：請存成不帶密碼的版本再傳送",
    ),
    "of the PDF is damaged": ("PDF 有一页已损坏", "PDF 有一頁已損壞"),
    "the PDF is damaged": ("PDF 已损坏：请取得完整的文件", "PDF 已損壞：請取得完整的檔案"),
    "the PDF is cut short": ("PDF 不完整：请取得完整的文件", "PDF 不完整：請取得完整的檔案"),
    "the PDF has no pages": ("PDF 没有页面", "PDF 沒有頁面"),
    "pages are scanned": (
        "页面是扫描件，读取它们需要安装 ocr 组件",
        "頁面是掃描件，讀取它們需要安裝 ocr 元件",
    ),
    "the Word file is damaged": (
        "Word 文件已损坏或不完整：请取得完整的文件",
        "Word 檔案已損壞或不完整：請取得完整的檔案",
    ),
    "a Word template or holds macros": (
        "是 Word 模板或含有宏：请存为 DOCX",
        "是 Word 範本或含有巨集：請存成 DOCX",
    ),
    "an old Office file": (
        "是旧版 Office 文件：请存为 PDF、DOCX 或文本再发送",
        "是舊版 Office 檔案：請存成 PDF、DOCX 或文字檔再傳送",
    ),
    "archive: unpack it": (
        "是压缩包：请解压后发送其中的文件",
        "是壓縮檔：請解壓縮後傳送其中的檔案",
    ),
    "a spreadsheet (XLSX)": ("是电子表格：请存为 PDF 再发送", "是試算表：請存成 PDF 再傳送"),
    "a presentation (PPTX)": ("是演示文稿：请存为 PDF 再发送", "是簡報：請存成 PDF 再傳送"),
    "image, not a document": ("是图片，不是文档", "是圖片，不是文件"),
    "not a document": ("不是文档", "不是文件"),
    "reading took longer than": ("读取时间太长：请拆分文件", "讀取時間太長：請拆分檔案"),
    "reading needed more than": ("读取所需内存太多：请拆分文件", "讀取所需記憶體太多：請拆分檔案"),
    "the reader crashed on it": ("读取时出错：文件可能已损坏", "讀取時出錯：檔案可能已損壞"),
}


def reason_in(language: str, reason: str) -> str:
    """A reader's reason in an interface language."""
    column = {"zh-Hans": 0, "zh-Hant": 1}.get(language)
    if column is None:
        return reason
    return next((said[column] for part, said in REASONS.items() if part in reason), reason)
