"""Why a file was refused or not read whole: a sentence for each code of `corpus.reasons`.

`ReasonTexts` has a key for each code. mypy refuses a language that lacks one, and a code without a
key (`sentence_of`). Facts stand at placeholders; a fact that is a reason is said in the same
language. English is also what `--json`, the command line and the log show.
"""

from __future__ import annotations

from typing import Final, TypedDict

from corpus.reasons import Fact, Reason


class ReasonTexts(TypedDict):
    """The sentences of one language. No capital at the beginning and no full stop at the end."""

    # what the file is
    empty_file: str
    no_text: str
    only_white_space: str
    only_invisible_characters: str
    unknown_encoding: str
    not_a_document: str
    archive: str
    outlook_wrapping: str
    postscript: str
    old_office_file: str
    needs_libreoffice: str
    picture_without_ocr: str
    picture_without_text: str
    heic_picture: str
    empty_archive: str
    damaged_rich_text: str
    damaged_spreadsheet: str
    damaged_presentation: str
    damaged_open_document: str
    damaged_e_book: str
    damaged_old_file: str
    damaged_picture: str
    damaged_data: str
    entities: str
    hidden_sheets: str
    hidden_slides: str
    rows_not_read: str
    sheet_too_large: str
    picture_too_large: str
    too_much_inside: str
    zip_bomb: str
    # what is not a document
    gif_image: str
    film_or_sound: str
    sound_or_film: str
    sound: str
    film: str
    program: str
    database: str
    font: str
    # locked, damaged or cut short
    encrypted: str
    encrypted_pdf: str
    encrypted_word_file: str
    encrypted_message: str
    damaged_message: str
    damaged_pdf: str
    cut_pdf: str
    no_pages: str
    damaged_page: str
    damaged_word_file: str
    damaged_zip: str
    word_file_with_entities: str
    unparsable_page: str
    # scanned
    scanned_without_ocr: str
    scanned_not_read: str
    recognition_unsure: str
    only_pictures: str
    pictures_not_read: str
    pictures_recognised: str
    # a part of it that was not read
    hidden_text_left_out: str
    struck_text_left_out: str
    inserted_documents_not_read: str
    several: str
    # too much
    too_large: str
    too_many_word_parts: str
    too_many_message_parts: str
    nested_too_deeply: str
    path_too_long: str
    not_read: str
    more_not_read: str
    too_deep_inside: str
    too_many_inside: str
    took_too_long: str
    needed_too_much_memory: str
    wrote_too_much: str
    too_many_passages: str
    too_much_text: str
    not_indexed: str
    indexing_crashed: str
    # the reader
    reader_crashed: str
    reader_failed: str
    reader_closed: str
    passage_not_in_text: str
    # where it lies
    same_content: str
    withdrawn_here: str
    link_inside_folder: str
    hard_link: str
    not_a_regular_file: str
    pipe: str
    socket: str
    folder: str
    device: str
    no_such_file: str
    not_permitted: str
    looping_links: str
    name_too_long: str
    cannot_be_read: str
    # a watched folder
    file_gone: str
    folder_away: str
    cannot_be_watched: str
    # as an error or an earlier version said it
    other: str


EN: Final[ReasonTexts] = {
    # what the file is
    "empty_file": "the file is empty",
    "no_text": "it holds no text",
    "only_white_space": "it holds no text, only white space",
    "only_invisible_characters": "it holds no text, only invisible characters",
    "unknown_encoding": (
        "its bytes are text in no known encoding; if it is text, save it as UTF-8 and add it again"
    ),
    "not_a_document": "it is {what}, not a document",
    "archive": "it is an archive ({kind}): unpack it and add its files",
    "outlook_wrapping": "it is Outlook's wrapping (winmail.dat): ask for the files themselves",
    "postscript": "it is a PostScript file: convert it to PDF and add that",
    "old_office_file": (
        "it is an old Office file of an unusual kind: save it as PDF, DOCX or text and add that"
    ),
    "needs_libreoffice": (
        "it is an old Word, WPS or PowerPoint file, and reading it needs "
        "LibreOffice: install that, or save the file as DOCX or PDF and add that"
    ),
    "picture_without_ocr": (
        "it is a picture, and reading its text needs the ocr extra: pip install 'pincite[ocr]'"
    ),
    "picture_without_text": "it is a picture in which no text was found",
    "heic_picture": (
        "it is a HEIC picture of a phone, and reading it needs the newest ocr extra: "
        "pip install -U 'pincite[ocr]', or save it as JPEG"
    ),
    "empty_archive": "the archive holds no files",
    "damaged_rich_text": "the rich-text (RTF) file is damaged or cut short",
    "damaged_spreadsheet": "the spreadsheet is damaged or cut short",
    "damaged_presentation": "the presentation is damaged or cut short",
    "damaged_open_document": "the OpenDocument file is damaged or cut short",
    "damaged_e_book": "the e-book is damaged or cut short",
    "damaged_old_file": "the old Office file is damaged or cut short",
    "damaged_picture": "the picture is damaged or cut short",
    "damaged_data": "the JSON or XML is damaged or cut short",
    "entities": "its XML declares entities, which could be used to do harm",
    "hidden_sheets": "{count} hidden sheets were read too",
    "hidden_slides": "{count} hidden slides were read too",
    "rows_not_read": "{count} rows were not read, since no more than {limit} are read of one file",
    "sheet_too_large": (
        "the cells of a sheet stand too far apart: the box around them has more than {limit} cells"
    ),
    "picture_too_large": "the picture has more than {limit} million pixels: add a smaller one",
    "too_much_inside": (
        "the files inside it unpack to more than {limit_mb} MB: unpack it and add them in parts"
    ),
    "zip_bomb": (
        "the file unpacks from {packed_mb} to {unpacked_mb} MB, as zip bombs do: split the document"
    ),
    # what is not a document
    "gif_image": "a GIF image",
    "film_or_sound": "a film or sound",
    "sound_or_film": "a sound or film",
    "sound": "a sound file",
    "film": "a film",
    "program": "a program",
    "database": "a database",
    "font": "a font",
    # locked, damaged or cut short
    "encrypted": "it is encrypted: save it without a password and add that",
    "encrypted_pdf": "the PDF is encrypted: save it without a password and add that",
    "encrypted_word_file": "the Word file is encrypted: save it without a password and add that",
    "encrypted_message": "the message is encrypted: save it decrypted and add that",
    "damaged_message": "the signed message is damaged or holds no text: get a whole copy",
    "damaged_pdf": "the PDF is damaged: get a whole copy",
    "cut_pdf": "the PDF is cut short, its end is missing: get a whole copy",
    "no_pages": "the PDF has no pages",
    "damaged_page": "page {page} of the PDF is damaged",
    "damaged_word_file": "the Word file is damaged or cut short: get a whole copy",
    "damaged_zip": "the zip archive is damaged or cut short: get a whole copy",
    "word_file_with_entities": (
        "the Word file declares XML entities, which Word never does: it is not opened"
    ),
    "unparsable_page": "the page cannot be parsed: save its text and add that",
    # scanned
    "scanned_without_ocr": (
        "{scanned} of its {pages} pages are scanned (page {numbers}), and reading them needs "
        "the ocr extra: pip install 'pincite[ocr]'"
    ),
    "scanned_not_read": (
        "{scanned} of its {pages} pages are scanned (page {numbers}) and were not read: add a "
        "copy that holds their text"
    ),
    "recognition_unsure": (
        "{scanned} of its {pages} pages are scanned (page {numbers}) and were read by OCR, "
        "{percent}% sure at the least: check them against the original"
    ),
    "only_pictures": (
        "its text stands on {count} pictures, and reading them needs the ocr extra: "
        "pip install 'pincite[ocr]'"
    ),
    "pictures_not_read": "{count} pictures in it may hold text and were not read",
    "pictures_recognised": "{count} pictures in it were read by OCR, {percent}% sure",
    # a part of it that was not read
    "hidden_text_left_out": "hidden text was left out ({characters} characters)",
    "struck_text_left_out": "struck-out text was left out ({characters} characters)",
    "inserted_documents_not_read": "{count} inserted documents were not read",
    "several": "{first}; {rest}",
    # too much
    "too_large": "it is larger than {limit_mb} MB, the limit that PINCITE_MAX_FILE_MB sets",
    "too_many_word_parts": "the Word file has more than {limit} parts",
    "too_many_message_parts": "the message has more than {limit} parts",
    "nested_too_deeply": "its parts are nested too deeply to be read",
    "path_too_long": "its path is longer than {limit} bytes",
    "not_read": "it was not read: {why}",
    "more_not_read": "it and {count} more were not read: {why}",
    "too_deep_inside": "files are read to {limit} levels inside a file",
    "too_many_inside": "no more than {limit} files inside a file are read",
    "took_too_long": "reading took longer than {limit} s: split the file",
    "needed_too_much_memory": "reading needed more than {limit_mb} MB of memory: split the file",
    "wrote_too_much": "reading wrote more than {limit_mb} MB to disk: split the file",
    "too_many_passages": "it has more than {limit} passages: split the file",
    "too_much_text": "its text has more than {limit} characters: split the file",
    "not_indexed": "it could not be indexed, so its words are not found: {why}",
    "indexing_crashed": "the analysis of its words crashed",
    # the reader
    "reader_crashed": "the reader crashed on it: it may be damaged",
    "reader_failed": "the reader failed on it, it may be damaged ({error})",
    "reader_closed": "the reader was closed before this file was read",
    "passage_not_in_text": (
        "passage {ordinal} is not its text at {start}: a fault of the reader, please report it"
    ),
    # where it lies
    "same_content": "the same content as {path}",
    "withdrawn_here": "it was withdrawn from here: 'pincite add' files it again",
    "link_inside_folder": (
        "it is a link, and links inside a folder are not followed: name its target"
    ),
    "hard_link": "it has a second name elsewhere (a hard link), which is not read here: copy it",
    "not_a_regular_file": "it is {what}, not a regular file",
    "pipe": "a pipe",
    "socket": "a socket",
    "folder": "a folder",
    "device": "a device",
    "no_such_file": "there is no such file",
    "not_permitted": "this user may not read it",
    "looping_links": "its links go round in a loop",
    "name_too_long": "its name is too long",
    "cannot_be_read": "it cannot be read ({error})",
    # a watched folder
    "file_gone": "its file is gone; the document stays until 'pincite remove {document_id}'",
    "folder_away": "the folder is not there; it is watched again as soon as it is",
    "cannot_be_watched": "it cannot be watched ({error})",
    # as an error or an earlier version said it
    "other": "{message}",
}

ZH_HANS: Final[ReasonTexts] = {
    # what the file is
    "empty_file": "文件是空的",
    "no_text": "其中没有文字",
    "only_white_space": "其中没有文字，只有空白",
    "only_invisible_characters": "其中没有文字，只有看不见的字符",
    "unknown_encoding": "无法辨认其文字编码；若是文本，请存为 UTF-8 再收录",
    "not_a_document": "是{what}，不是文档",
    "archive": "是 {kind} 压缩包：请解压后收录其中的文件",
    "outlook_wrapping": "是 Outlook 的包装文件 (winmail.dat)：请索取其中的文件本身",
    "postscript": "是 PostScript 文件：请转成 PDF 再收录",
    "old_office_file": "是一种少见的旧版 Office 文件：请存为 PDF、DOCX 或文本再收录",
    "needs_libreoffice": (
        "是旧版 Word、WPS 或 PowerPoint 文件，读取它需要 "
        "LibreOffice：请安装，或另存为 DOCX 或 PDF 再收录"
    ),
    "picture_without_ocr": "是图片，读取其中的文字需要 ocr 组件：pip install 'pincite[ocr]'",
    "picture_without_text": "是图片，其中没有找到文字",
    "heic_picture": (
        "是手机的 HEIC 图片，读取它需要最新的 ocr 组件："
        "pip install -U 'pincite[ocr]'；或存为 JPEG 再收录"
    ),
    "empty_archive": "压缩包里没有文件",
    "damaged_rich_text": "RTF 文件已损坏或不完整",
    "damaged_spreadsheet": "电子表格已损坏或不完整",
    "damaged_presentation": "演示文稿已损坏或不完整",
    "damaged_open_document": "OpenDocument 文件已损坏或不完整",
    "damaged_e_book": "电子书已损坏或不完整",
    "damaged_old_file": "旧版 Office 文件已损坏或不完整",
    "damaged_picture": "图片已损坏或不完整",
    "damaged_data": "JSON 或 XML 已损坏或不完整",
    "entities": "其 XML 声明了实体，可能有害",
    "hidden_sheets": "另读取了 {count} 张隐藏的工作表",
    "hidden_slides": "另读取了 {count} 张隐藏的幻灯片",
    "rows_not_read": "有 {count} 行未读取：每个文件最多读取 {limit} 行",
    "sheet_too_large": "工作表的单元格相距太远：其范围超过 {limit} 个单元格",
    "picture_too_large": "图片超过 {limit} 百万像素：请提供较小的图片",
    "too_much_inside": "其中的文件解压后超过 {limit_mb} MB：请解压后分批收录",
    "zip_bomb": "文件解压后从 {packed_mb} 变为 {unpacked_mb} MB，像是压缩炸弹：请拆分文件",
    # what is not a document
    "gif_image": " GIF 图片",
    "film_or_sound": "视频或音频",
    "sound_or_film": "音频或视频",
    "sound": "音频文件",
    "film": "视频",
    "program": "程序",
    "database": "数据库",
    "font": "字体",
    # locked, damaged or cut short
    "encrypted": "文件已加密：请存为不带密码的版本再收录",
    "encrypted_pdf": "PDF 已加密：请存为不带密码的版本再收录",
    "encrypted_word_file": "Word 文件已加密：请存为不带密码的版本再收录",
    "encrypted_message": "邮件已加密：请解密后另存再收录",
    "damaged_message": "签名邮件已损坏，或只有签名：请取得完整的文件",
    "damaged_pdf": "PDF 已损坏：请取得完整的文件",
    "cut_pdf": "PDF 不完整，缺少结尾：请取得完整的文件",
    "no_pages": "PDF 没有页面",
    "damaged_page": "PDF 第 {page} 页已损坏",
    "damaged_word_file": "Word 文件已损坏或不完整：请取得完整的文件",
    "damaged_zip": "ZIP 压缩包已损坏或不完整：请取得完整的文件",
    "word_file_with_entities": "Word 文件声明了 XML 实体，Word 从不这样做：因此不打开",
    "unparsable_page": "网页无法解析：请将其文字另存再收录",
    # scanned
    "scanned_without_ocr": (
        "共 {pages} 页，其中 {scanned} 页是扫描件（第 {numbers} 页），读取它们需要 ocr 组件："
        "pip install 'pincite[ocr]'"
    ),
    "scanned_not_read": (
        "共 {pages} 页，其中 {scanned} 页是扫描件（第 {numbers} 页），未能读取："
        "请收录带有文字的版本"
    ),
    "recognition_unsure": (
        "共 {pages} 页，其中 {scanned} 页是扫描件（第 {numbers} 页），由 OCR 识别，"
        "可信度最低 {percent}%：请核对原件"
    ),
    "only_pictures": (
        "文字都在 {count} 张图片上，读取它们需要 ocr 组件：pip install 'pincite[ocr]'"
    ),
    "pictures_not_read": "其中 {count} 张图片可能有文字，未读取",
    "pictures_recognised": "其中 {count} 张图片由 OCR 识别，可信度 {percent}%",
    # a part of it that was not read
    "hidden_text_left_out": "略去了隐藏文字（{characters} 个字符）",
    "struck_text_left_out": "略去了带删除线的文字（{characters} 个字符）",
    "inserted_documents_not_read": "插入的 {count} 份文件未读取",
    "several": "{first}；{rest}",
    # too much
    "too_large": "超过 {limit_mb} MB，即 PINCITE_MAX_FILE_MB 设定的上限",
    "too_many_word_parts": "Word 文件的组成部分超过 {limit} 个",
    "too_many_message_parts": "邮件的组成部分超过 {limit} 个",
    "nested_too_deeply": "其中各部分嵌套太深，无法读取",
    "path_too_long": "路径超过 {limit} 字节",
    "not_read": "未读取：{why}",
    "more_not_read": "它和另外 {count} 个文件未读取：{why}",
    "too_deep_inside": "文件之内最多读取 {limit} 层",
    "too_many_inside": "文件之内最多读取 {limit} 个文件",
    "took_too_long": "读取时间超过 {limit} 秒：请拆分文件",
    "needed_too_much_memory": "读取所需内存超过 {limit_mb} MB：请拆分文件",
    "wrote_too_much": "读取时写入磁盘超过 {limit_mb} MB：请拆分文件",
    "too_many_passages": "段落超过 {limit} 个：请拆分文件",
    "too_much_text": "文字超过 {limit} 个字符：请拆分文件",
    "not_indexed": "无法编入索引，检索不到其文字：{why}",
    "indexing_crashed": "分析其文字时程序崩溃",
    # the reader
    "reader_crashed": "读取时程序崩溃：文件可能已损坏",
    "reader_failed": "读取时出错，文件可能已损坏 ({error})",
    "reader_closed": "读取之前程序已停止",
    "passage_not_in_text": "第 {ordinal} 段与 {start} 处的原文不符：这是读取程序的错误，请报告",
    # where it lies
    "same_content": "内容与 {path} 相同",
    "withdrawn_here": "已从这里撤回：可用 'pincite add' 重新收录",
    "link_inside_folder": "是链接，而文件夹中的链接不予跟随：请指明其目标",
    "hard_link": "它在别处另有名称（硬链接），受监视的文件夹不予收录：请复制一份",
    "not_a_regular_file": "是{what}，不是普通文件",
    "pipe": "管道",
    "socket": "套接字",
    "folder": "文件夹",
    "device": "设备",
    "no_such_file": "没有这个文件",
    "not_permitted": "当前用户无权读取",
    "looping_links": "其链接互相循环",
    "name_too_long": "文件名太长",
    "cannot_be_read": "无法读取 ({error})",
    # a watched folder
    "file_gone": "文件已不在原处；已收录的内容保留，直到执行 'pincite remove {document_id}'",
    "folder_away": "文件夹不在；一旦出现就会重新监视",
    "cannot_be_watched": "无法监视 ({error})",
    # as an error or an earlier version said it
    "other": "系统报告：{message}",
}

ZH_HANT: Final[ReasonTexts] = {
    # what the file is
    "empty_file": "檔案是空的",
    "no_text": "其中沒有文字",
    "only_white_space": "其中沒有文字，只有空白",
    "only_invisible_characters": "其中沒有文字，只有看不見的字元",
    "unknown_encoding": "無法辨認其文字編碼；若是文字檔，請存成 UTF-8 再收錄",
    "not_a_document": "是{what}，不是文件",
    "archive": "是 {kind} 壓縮檔：請解壓縮後收錄其中的檔案",
    "outlook_wrapping": "是 Outlook 的包裝檔 (winmail.dat)：請索取其中的檔案本身",
    "postscript": "是 PostScript 檔案：請轉成 PDF 再收錄",
    "old_office_file": "是一種少見的舊版 Office 檔案：請存成 PDF、DOCX 或文字檔再收錄",
    "needs_libreoffice": (
        "是舊版 Word、WPS 或 PowerPoint 檔案，讀取它需要 "
        "LibreOffice：請安裝，或另存成 DOCX 或 PDF 再收錄"
    ),
    "picture_without_ocr": "是圖片，讀取其中的文字需要 ocr 元件：pip install 'pincite[ocr]'",
    "picture_without_text": "是圖片，其中沒有找到文字",
    "heic_picture": (
        "是手機的 HEIC 圖片，讀取它需要最新的 ocr 元件："
        "pip install -U 'pincite[ocr]'；或存成 JPEG 再收錄"
    ),
    "empty_archive": "壓縮檔裡沒有檔案",
    "damaged_rich_text": "RTF 檔案已損壞或不完整",
    "damaged_spreadsheet": "試算表已損壞或不完整",
    "damaged_presentation": "簡報已損壞或不完整",
    "damaged_open_document": "OpenDocument 檔案已損壞或不完整",
    "damaged_e_book": "電子書已損壞或不完整",
    "damaged_old_file": "舊版 Office 檔案已損壞或不完整",
    "damaged_picture": "圖片已損壞或不完整",
    "damaged_data": "JSON 或 XML 已損壞或不完整",
    "entities": "其 XML 宣告了實體，可能有害",
    "hidden_sheets": "另讀取了 {count} 張隱藏的工作表",
    "hidden_slides": "另讀取了 {count} 張隱藏的投影片",
    "rows_not_read": "有 {count} 列未讀取：每個檔案最多讀取 {limit} 列",
    "sheet_too_large": "工作表的儲存格相距太遠：其範圍超過 {limit} 個儲存格",
    "picture_too_large": "圖片超過 {limit} 百萬像素：請提供較小的圖片",
    "too_much_inside": "其中的檔案解壓縮後超過 {limit_mb} MB：請解壓縮後分批收錄",
    "zip_bomb": "檔案解壓縮後從 {packed_mb} 變為 {unpacked_mb} MB，像是壓縮炸彈：請拆分檔案",
    # what is not a document
    "gif_image": " GIF 圖片",
    "film_or_sound": "影片或音訊",
    "sound_or_film": "音訊或影片",
    "sound": "音訊檔",
    "film": "影片檔",
    "program": "程式",
    "database": "資料庫",
    "font": "字型",
    # locked, damaged or cut short
    "encrypted": "檔案已加密：請存成不帶密碼的版本再收錄",
    "encrypted_pdf": "PDF 已加密：請存成不帶密碼的版本再收錄",
    "encrypted_word_file": "Word 檔案已加密：請存成不帶密碼的版本再收錄",
    "encrypted_message": "郵件已加密：請解密後另存再收錄",
    "damaged_message": "簽章郵件已損壞，或只有簽章：請取得完整的檔案",
    "damaged_pdf": "PDF 已損壞：請取得完整的檔案",
    "cut_pdf": "PDF 不完整，缺少結尾：請取得完整的檔案",
    "no_pages": "PDF 沒有頁面",
    "damaged_page": "PDF 第 {page} 頁已損壞",
    "damaged_word_file": "Word 檔案已損壞或不完整：請取得完整的檔案",
    "damaged_zip": "ZIP 壓縮檔已損壞或不完整：請取得完整的檔案",
    "word_file_with_entities": "Word 檔案宣告了 XML 實體，Word 從不這樣做：因此不開啟",
    "unparsable_page": "網頁無法解析：請將其文字另存再收錄",
    # scanned
    "scanned_without_ocr": (
        "共 {pages} 頁，其中 {scanned} 頁是掃描頁（第 {numbers} 頁），讀取它們需要 ocr 元件："
        "pip install 'pincite[ocr]'"
    ),
    "scanned_not_read": (
        "共 {pages} 頁，其中 {scanned} 頁是掃描頁（第 {numbers} 頁），未能讀取："
        "請收錄帶有文字的版本"
    ),
    "recognition_unsure": (
        "共 {pages} 頁，其中 {scanned} 頁是掃描頁（第 {numbers} 頁），由 OCR 辨識，"
        "可信度最低 {percent}%：請核對原件"
    ),
    "only_pictures": (
        "文字都在 {count} 張圖片上，讀取它們需要 ocr 元件：pip install 'pincite[ocr]'"
    ),
    "pictures_not_read": "其中 {count} 張圖片可能有文字，未讀取",
    "pictures_recognised": "其中 {count} 張圖片由 OCR 辨識，可信度 {percent}%",
    # a part of it that was not read
    "hidden_text_left_out": "略去了隱藏文字（{characters} 個字元）",
    "struck_text_left_out": "略去了帶刪除線的文字（{characters} 個字元）",
    "inserted_documents_not_read": "插入的 {count} 份文件未讀取",
    "several": "{first}；{rest}",
    # too much
    "too_large": "超過 {limit_mb} MB，即 PINCITE_MAX_FILE_MB 設定的上限",
    "too_many_word_parts": "Word 檔案的組成部分超過 {limit} 個",
    "too_many_message_parts": "郵件的組成部分超過 {limit} 個",
    "nested_too_deeply": "其中各部分巢狀太深，無法讀取",
    "path_too_long": "路徑超過 {limit} 位元組",
    "not_read": "未讀取：{why}",
    "more_not_read": "它和另外 {count} 個檔案未讀取：{why}",
    "too_deep_inside": "檔案之內最多讀取 {limit} 層",
    "too_many_inside": "檔案之內最多讀取 {limit} 個檔案",
    "took_too_long": "讀取時間超過 {limit} 秒：請拆分檔案",
    "needed_too_much_memory": "讀取所需記憶體超過 {limit_mb} MB：請拆分檔案",
    "wrote_too_much": "讀取時寫入磁碟超過 {limit_mb} MB：請拆分檔案",
    "too_many_passages": "段落超過 {limit} 個：請拆分檔案",
    "too_much_text": "文字超過 {limit} 個字元：請拆分檔案",
    "not_indexed": "無法編入索引，檢索不到其文字：{why}",
    "indexing_crashed": "分析其文字時程式當掉",
    # the reader
    "reader_crashed": "讀取時程式當掉：檔案可能已損壞",
    "reader_failed": "讀取時出錯，檔案可能已損壞 ({error})",
    "reader_closed": "讀取之前程式已停止",
    "passage_not_in_text": "第 {ordinal} 段與 {start} 處的原文不符：這是讀取程式的錯誤，請回報",
    # where it lies
    "same_content": "內容與 {path} 相同",
    "withdrawn_here": "已從這裡撤回：可用 'pincite add' 重新收錄",
    "link_inside_folder": "是連結，而資料夾中的連結不予跟隨：請指明其目標",
    "hard_link": "它在別處另有名稱（硬連結），受監視的資料夾不予收錄：請複製一份",
    "not_a_regular_file": "是{what}，不是一般檔案",
    "pipe": "管線",
    "socket": "通訊端",
    "folder": "資料夾",
    "device": "裝置",
    "no_such_file": "沒有這個檔案",
    "not_permitted": "目前使用者無權讀取",
    "looping_links": "其連結互相循環",
    "name_too_long": "檔名太長",
    "cannot_be_read": "無法讀取 ({error})",
    # a watched folder
    "file_gone": "檔案已不在原處；已收錄的內容保留，直到執行 'pincite remove {document_id}'",
    "folder_away": "資料夾不在；一旦出現就會重新監視",
    "cannot_be_watched": "無法監視 ({error})",
    # as an error or an earlier version said it
    "other": "系統回報：{message}",
}


def sentence_of(reason: Reason, texts: ReasonTexts) -> str:
    """A reason as a sentence, with its facts."""
    facts = {name: _words_of(fact, texts) for name, fact in reason.facts.items()}
    return texts[reason.code].format_map(_Facts(facts))


class _Facts(dict[str, str]):
    """The facts of a reason. One that a reader's process should have given and has not is `?`."""

    def __missing__(self, name: str) -> str:
        return "?"


def english_sentence(reason: Reason) -> str:
    """A reason as `--json`, the command line and the log show it."""
    return sentence_of(reason, EN)


def _words_of(fact: Fact, texts: ReasonTexts) -> str:
    if isinstance(fact, Reason):
        return sentence_of(fact, texts)
    return f"{fact:g}" if isinstance(fact, float) else str(fact)
