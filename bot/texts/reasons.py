"""Why a file was refused, or not read whole: what the layers below say in English, in Chinese too.

The English is a template: what stands at its placeholders is kept, and said in Chinese as well
where it is listed here itself. What is not listed is shown as it was said.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAVE_AS: Final = "save it as PDF, DOCX or text and add that"
_SAVE_AS_HANS: Final = "请存为 PDF、DOCX 或文本再收录"
_SAVE_AS_HANT: Final = "請存成 PDF、DOCX 或文字檔再收錄"

_SCANNED: Final = "{scanned} of its {pages} pages are scanned (page {numbers})"
_SCANNED_HANS: Final = "共 {pages} 页，其中 {scanned} 页是扫描件（第 {numbers} 页）"
_SCANNED_HANT: Final = "共 {pages} 頁，其中 {scanned} 頁是掃描件（第 {numbers} 頁）"

_NEEDS_OCR: Final = "reading them needs the ocr extra: pip install 'pincite[ocr]'"

_REASONS: Final[tuple[tuple[str, str, str], ...]] = (
    # what it is
    ("the file is empty", "文件是空的", "檔案是空的"),
    ("it holds no text", "其中没有文字", "其中沒有文字"),
    ("it holds no text, only white space", "其中没有文字，只有空白", "其中沒有文字，只有空白"),
    (
        "it holds no text, only invisible characters",
        "其中没有文字，只有看不见的字符",
        "其中沒有文字，只有看不見的字元",
    ),
    (
        "its bytes are text in no known encoding; if it is text, save it as UTF-8 and add it again",
        "无法辨认其文字编码；若是文本，请存为 UTF-8 再收录",
        "無法辨認其文字編碼；若是文字檔，請存成 UTF-8 再收錄",
    ),
    ("it is {what}, not a document", "是{what}，不是文档", "是{what}，不是文件"),
    ("a PNG image", " PNG 图片", " PNG 圖片"),
    ("a JPEG image", " JPEG 图片", " JPEG 圖片"),
    ("a GIF image", " GIF 图片", " GIF 圖片"),
    ("a TIFF image", " TIFF 图片", " TIFF 圖片"),
    ("a WebP image", " WebP 图片", " WebP 圖片"),
    ("a film, sound or HEIC image", "影片、声音或 HEIC 图片", "影片、聲音或 HEIC 圖片"),
    ("a sound or film", "声音或影片", "聲音或影片"),
    ("a sound file", "声音文件", "聲音檔"),
    ("a film", "影片", "影片檔"),
    ("a program", "程序", "程式"),
    ("a database", "数据库", "資料庫"),
    ("a font", "字体", "字型"),
    (
        "it is a {kind} archive: unpack it and add its files",
        "是 {kind} 压缩包：请解压后收录其中的文件",
        "是 {kind} 壓縮檔：請解壓縮後收錄其中的檔案",
    ),
    (
        "it is an {kind} archive: unpack it and add its files",
        "是 {kind} 压缩包：请解压后收录其中的文件",
        "是 {kind} 壓縮檔：請解壓縮後收錄其中的檔案",
    ),
    (
        "it is Outlook's wrapping (winmail.dat): ask for the files themselves",
        "是 Outlook 的包装文件 (winmail.dat)：请索取其中的文件本身",
        "是 Outlook 的包裝檔 (winmail.dat)：請索取其中的檔案本身",
    ),
    (
        f"it is a rich-text (RTF) file: {_SAVE_AS}",
        f"是 RTF 文件：{_SAVE_AS_HANS}",
        f"是 RTF 檔案：{_SAVE_AS_HANT}",
    ),
    (
        "it is a PostScript file: convert it to PDF and add that",
        "是 PostScript 文件：请转成 PDF 再收录",
        "是 PostScript 檔案：請轉成 PDF 再收錄",
    ),
    (
        f"it is an old Office file (DOC, XLS, PPT, MSG): {_SAVE_AS}",
        f"是旧版 Office 文件（DOC、XLS、PPT、MSG）：{_SAVE_AS_HANS}",
        f"是舊版 Office 檔案（DOC、XLS、PPT、MSG）：{_SAVE_AS_HANT}",
    ),
    (
        f"it is a spreadsheet (XLSX): {_SAVE_AS}",
        f"是电子表格 (XLSX)：{_SAVE_AS_HANS}",
        f"是試算表 (XLSX)：{_SAVE_AS_HANT}",
    ),
    (
        f"it is a presentation (PPTX): {_SAVE_AS}",
        f"是演示文稿 (PPTX)：{_SAVE_AS_HANS}",
        f"是簡報 (PPTX)：{_SAVE_AS_HANT}",
    ),
    (
        f"it is an e-book (EPUB): {_SAVE_AS}",
        f"是电子书 (EPUB)：{_SAVE_AS_HANS}",
        f"是電子書 (EPUB)：{_SAVE_AS_HANT}",
    ),
    (
        f"it is an OpenDocument file: {_SAVE_AS}",
        f"是 OpenDocument 文件：{_SAVE_AS_HANS}",
        f"是 OpenDocument 檔案：{_SAVE_AS_HANT}",
    ),
    # locked, damaged or cut short
    (
        "it is encrypted: save it without a password and add that",
        "文件已加密：请存为不带密码的版本再收录",
        "檔案已加密：請存成不帶密碼的版本再收錄",
    ),
    (
        "the PDF is encrypted: save it without a password and add that",
        "PDF 已加密：请存为不带密码的版本再收录",
        "PDF 已加密：請存成不帶密碼的版本再收錄",
    ),
    (
        "the Word file is encrypted: save it without a password and add that",
        "Word 文件已加密：请存为不带密码的版本再收录",
        "Word 檔案已加密：請存成不帶密碼的版本再收錄",
    ),
    (
        "the message is encrypted: save it decrypted and add that",
        "邮件已加密：请解密后另存再收录",
        "郵件已加密：請解密後另存再收錄",
    ),
    (
        "the PDF is damaged: get a whole copy",
        "PDF 已损坏：请取得完整的文件",
        "PDF 已損壞：請取得完整的檔案",
    ),
    (
        "the PDF is cut short, its end is missing: get a whole copy",
        "PDF 不完整，缺少结尾：请取得完整的文件",
        "PDF 不完整，缺少結尾：請取得完整的檔案",
    ),
    ("the PDF has no pages", "PDF 没有页面", "PDF 沒有頁面"),
    ("page {number} of the PDF is damaged", "PDF 第 {number} 页已损坏", "PDF 第 {number} 頁已損壞"),
    (
        "the Word file is damaged or cut short: get a whole copy",
        "Word 文件已损坏或不完整：请取得完整的文件",
        "Word 檔案已損壞或不完整：請取得完整的檔案",
    ),
    (
        "the zip archive is damaged or cut short: get a whole copy",
        "ZIP 压缩包已损坏或不完整：请取得完整的文件",
        "ZIP 壓縮檔已損壞或不完整：請取得完整的檔案",
    ),
    (
        "the Word file declares XML entities, which Word never does: it is not opened",
        "Word 文件声明了 XML 实体，Word 从不这样做：因此不打开",
        "Word 檔案宣告了 XML 實體，Word 從不這樣做：因此不開啟",
    ),
    (
        "the page cannot be parsed: save its text and add that",
        "网页无法解析：请将其文字另存再收录",
        "網頁無法解析：請將其文字另存再收錄",
    ),
    (
        "it is a mailbox of several messages: save each as a file of its own",
        "是含有多封邮件的邮箱文件：请将每封另存为一个文件",
        "是含有多封郵件的信箱檔：請將每封另存成一個檔案",
    ),
    # scanned
    (
        _SCANNED + ", and reading them needs the ocr extra: pip install 'pincite[ocr]'",
        _SCANNED_HANS + "，读取它们需要 ocr 组件：pip install 'pincite[ocr]'",
        _SCANNED_HANT + "，讀取它們需要 ocr 元件：pip install 'pincite[ocr]'",
    ),
    (
        _SCANNED + " and were not read: add a copy that holds their text",
        _SCANNED_HANS + "，未能读取：请收录带有文字的版本",
        _SCANNED_HANT + "，未能讀取：請收錄帶有文字的版本",
    ),
    (
        f"its text stands on {{count}} pictures, and {_NEEDS_OCR}",
        "文字都在 {count} 张图片上，读取它们需要 ocr 组件：pip install 'pincite[ocr]'",
        "文字都在 {count} 張圖片上，讀取它們需要 ocr 元件：pip install 'pincite[ocr]'",
    ),
    # too much
    (
        "it is larger than {size} MB, the limit that PINCITE_MAX_FILE_MB sets",
        "超过 {size} MB，即 PINCITE_MAX_FILE_MB 设定的上限",
        "超過 {size} MB，即 PINCITE_MAX_FILE_MB 設定的上限",
    ),
    (
        "the Word file unpacks from {packed} to {unpacked} MB, as zip bombs do: split the document",
        "Word 文件解压后从 {packed} 变为 {unpacked} MB，像是压缩炸弹：请拆分文档",
        "Word 檔案解壓縮後從 {packed} 變為 {unpacked} MB，像是壓縮炸彈：請拆分文件",
    ),
    (
        "the Word file has more than {limit} parts",
        "Word 文件的组成部分超过 {limit} 个",
        "Word 檔案的組成部分超過 {limit} 個",
    ),
    (
        "the message has more than {limit} parts",
        "邮件的组成部分超过 {limit} 个",
        "郵件的組成部分超過 {limit} 個",
    ),
    (
        "its parts are nested too deeply to be read",
        "其中各部分嵌套太深，无法读取",
        "其中各部分巢狀太深，無法讀取",
    ),
    ("its path is longer than {limit} bytes", "路径超过 {limit} 字节", "路徑超過 {limit} 位元組"),
    ("it was not read: {why}", "未读取：{why}", "未讀取：{why}"),
    (
        "it and {count} more were not read: {why}",
        "它和另外 {count} 个文件未读取：{why}",
        "它和另外 {count} 個檔案未讀取：{why}",
    ),
    (
        "files are read to {limit} levels inside a file",
        "文件之内最多读取 {limit} 层",
        "檔案之內最多讀取 {limit} 層",
    ),
    (
        "no more than {limit} files inside a file are read",
        "文件之内最多读取 {limit} 个文件",
        "檔案之內最多讀取 {limit} 個檔案",
    ),
    (
        "reading took longer than {limit} s: split the file",
        "读取时间超过 {limit} 秒：请拆分文件",
        "讀取時間超過 {limit} 秒：請拆分檔案",
    ),
    (
        "reading needed more than {limit} MB of memory: split the file",
        "读取所需内存超过 {limit} MB：请拆分文件",
        "讀取所需記憶體超過 {limit} MB：請拆分檔案",
    ),
    # the reader
    (
        "the reader crashed on it: it may be damaged",
        "读取时程序崩溃：文件可能已损坏",
        "讀取時程式當掉：檔案可能已損壞",
    ),
    (
        "the reader failed on it, it may be damaged ({error})",
        "读取时出错，文件可能已损坏 ({error})",
        "讀取時出錯，檔案可能已損壞 ({error})",
    ),
    (
        "the reader was closed before this file was read",
        "读取之前程序已停止",
        "讀取之前程式已停止",
    ),
    (
        "passage {ordinal} is not its text at {start}: a fault of the reader, please report it",
        "第 {ordinal} 段与 {start} 处的原文不符：这是读取程序的错误，请报告",
        "第 {ordinal} 段與 {start} 處的原文不符：這是讀取程式的錯誤，請回報",
    ),
    # where it lies
    ("the same content as {path}", "内容与 {path} 相同", "內容與 {path} 相同"),
    (
        "it was withdrawn from here: 'pincite add' files it again",
        "已从这里撤回：可用 'pincite add' 重新收录",
        "已從這裡撤回：可用 'pincite add' 重新收錄",
    ),
    (
        "it is a link, and links inside a folder are not followed: name its target",
        "是链接，而文件夹中的链接不予跟随：请指明其目标",
        "是連結，而資料夾中的連結不予跟隨：請指明其目標",
    ),
    ("it is {what}, not a regular file", "是{what}，不是普通文件", "是{what}，不是一般檔案"),
    ("a pipe", "管道", "管線"),
    ("a socket", "套接字", "通訊端"),
    ("a folder", "文件夹", "資料夾"),
    ("a device", "设备", "裝置"),
    ("there is no such file", "没有这个文件", "沒有這個檔案"),
    ("this user may not read it", "当前用户无权读取", "目前使用者無權讀取"),
    ("its links go round in a loop", "其链接互相循环", "其連結互相循環"),
    ("its name is too long", "文件名太长", "檔名太長"),
    ("it cannot be read ({error})", "无法读取 ({error})", "無法讀取 ({error})"),
)

EN: Final = {english: english for english, _, _ in _REASONS}
ZH_HANS: Final = {english: hans for english, hans, _ in _REASONS}
ZH_HANT: Final = {english: hant for english, _, hant in _REASONS}


def reason_in(said: Mapping[str, str], reason: str) -> str:
    """A reason in the language whose templates are given, by the English ones."""
    for english, template in said.items():
        found = _form(english).fullmatch(reason)
        if found:
            facts = {name: reason_in(said, fact) for name, fact in found.groupdict().items()}
            return template.format(**facts)
    return reason


@cache
def _form(english: str) -> re.Pattern[str]:
    """What a template matches."""
    parts = re.split(r"\{(\w+)\}", english)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)),
        re.DOTALL,
    )
