"""The texts about checked quotations, compared documents, dates, and one question to each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.texts.marks import PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTexts:
    """The texts in the order in which a person meets them."""

    usage: str
    hint: str = field(metadata=PLAIN)
    none: str
    verbatim: str
    verbatim_other_script: str
    altered: str
    altered_marked: str
    not_found: str
    asked_verbatim: str
    asked_altered: str
    cited_elsewhere: str
    cited_other_pin: str
    sum: str
    too_large: str
    not_read: str
    rest_in_file: str
    compare_usage: str
    compare_hint: str = field(metadata=PLAIN)
    no_document: str
    several_documents: str
    no_earlier: str
    changed: str
    added: str
    removed: str
    compared: str
    replaced: str
    each_usage: str
    each_hint: str = field(metadata=PLAIN)
    nothing_found: str
    each_sum: str
    no_dates: str
    timeline_sum: str
    undated: str

    # the columns of tables
    document_column: str = field(metadata=PLAIN)
    sentence_column: str = field(metadata=PLAIN)
    date_column: str = field(metadata=PLAIN)
    place_column: str = field(metadata=PLAIN)
    before_column: str = field(metadata=PLAIN)
    after_column: str = field(metadata=PLAIN)


EN: Final = CheckTexts(
    usage=(
        "Send <code>/check TEXT</code>, or /check in reply to a message or a file: I say of each "
        "quotation whether it is what the documents say."
    ),
    hint="The quotation",
    none="There is no quotation of eight Han characters or five words in it.",
    verbatim="✅ <b>Verbatim</b>",
    verbatim_other_script="✅ <b>Verbatim</b>, in the other script",
    altered="⚠️ <b>Altered</b>",
    altered_marked="☑️ <b>Altered</b>, as its brackets say",
    not_found="❌ <b>Not found</b>",
    asked_verbatim="✅ This stands word for word in:",
    asked_altered=(
        "⚠️ <b>Careful, this differs from its source</b>: struck is what you wrote, underlined what "
        "the document says."
    ),
    cited_elsewhere="⚠️ It is cited as {cited}, which is not where it was found.",
    cited_other_pin="⚠️ It is cited as {cited}, but stands at {pin}.",
    sum="Quotations: {count} · verbatim {verbatim} · altered {altered} · not found {missing}",
    too_large="The file is larger than the {limit} MB that I can read.",
    not_read="I could not read the file: {reason}",
    rest_in_file="All of it is in the file.",
    compare_usage=(
        "Send <code>/compare DOCUMENT</code> to see what changed from the version it replaced, or "
        "<code>/compare DOCUMENT / OTHER</code>: ids or titles, see /documents."
    ),
    compare_hint="Document / other document",
    no_document="No document here is called {name}: /documents lists them.",
    several_documents="Several documents are called {name}: name one by its id, see /documents.",
    no_earlier="{name} replaced no other document: name one to compare it with.",
    changed="✏️ <b>Changed</b> {pin}",
    added="➕ <b>Added</b> {pin}",
    removed="➖ <b>Removed</b> {pin}",
    compared="Changed {changed} · added {added} · removed {removed} · the same {same}",
    replaced="✏️ {title} replaces an earlier version. {compared} · <code>/compare {document}</code>",
    each_usage="Send <code>/each QUESTION</code>: I ask every document by itself.",
    each_hint="A question for every document",
    nothing_found="nothing found",
    each_sum="{count} of {total} documents",
    no_dates="No sentence here names a date.",
    timeline_sum="Dates: {count}",
    undated="sentences with relative times alone, left out: {count}",
    document_column="Document",
    sentence_column="What it says",
    date_column="Date",
    place_column="Where",
    before_column="Before",
    after_column="After",
)

ZH_HANT: Final = CheckTexts(
    usage=(
        "請傳送 <code>/check 文字</code>，或以 /check 回覆一則訊息或一個檔案："
        "我會說明每段引文是否與文件相符。"
    ),
    hint="要核對的引文",
    none="其中沒有八個漢字或五個單字以上的引文。",
    verbatim="✅ <b>與原文相符</b>",
    verbatim_other_script="✅ <b>與原文相符</b>（繁簡不同）",
    altered="⚠️ <b>與原文不符</b>",
    altered_marked="☑️ <b>有改動</b>，已用方括號標明",
    not_found="❌ <b>找不到</b>",
    asked_verbatim="✅ 這段文字逐字見於：",
    asked_altered="⚠️ <b>請注意，這段文字與原文不同</b>：刪除線為您所寫，底線為文件原文。",
    cited_elsewhere="⚠️ 所註出處為 {cited}，但並非在該處找到。",
    cited_other_pin="⚠️ 所註出處為 {cited}，但原文在 {pin}。",
    sum="引文 {count} 段 · 相符 {verbatim} · 不符 {altered} · 找不到 {missing}",
    too_large="檔案超過我能讀取的 {limit} MB。",
    not_read="無法讀取這個檔案：{reason}",
    rest_in_file="完整內容在檔案中。",
    compare_usage=(
        "請傳送 <code>/compare 文件</code>，看它與所取代的版本有何不同；或 "
        "<code>/compare 文件 / 另一文件</code>：編號或標題，見 /documents。"
    ),
    compare_hint="文件 / 另一文件",
    no_document="這裡沒有名為 {name} 的文件：/documents 會列出文件。",
    several_documents="有數份文件名為 {name}：請以編號指明，見 /documents。",
    no_earlier="{name} 沒有取代其他文件：請指明要比較的文件。",
    changed="✏️ <b>修改</b> {pin}",
    added="➕ <b>新增</b> {pin}",
    removed="➖ <b>刪除</b> {pin}",
    compared="修改 {changed} · 新增 {added} · 刪除 {removed} · 相同 {same}",
    replaced="✏️ {title} 取代了先前的版本。{compared} · <code>/compare {document}</code>",
    each_usage="請傳送 <code>/each 問題</code>：我會逐一詢問每份文件。",
    each_hint="要問每份文件的問題",
    nothing_found="沒有找到",
    each_sum="{total} 份文件中的 {count} 份",
    no_dates="這裡沒有提及日期的句子。",
    timeline_sum="日期 {count} 個",
    undated="只有相對時間而未列入的句子：{count}",
    document_column="文件",
    sentence_column="內容",
    date_column="日期",
    place_column="位置",
    before_column="修改前",
    after_column="修改後",
)

ZH_HANS: Final = CheckTexts(
    usage=(
        "请发送 <code>/check 文字</code>，或用 /check 回复一条消息或一个文件："
        "我会说明每段引文是否与文件相符。"
    ),
    hint="要核对的引文",
    none="其中没有八个汉字或五个单词以上的引文。",
    verbatim="✅ <b>与原文相符</b>",
    verbatim_other_script="✅ <b>与原文相符</b>（繁简不同）",
    altered="⚠️ <b>与原文不符</b>",
    altered_marked="☑️ <b>有改动</b>，已用方括号标明",
    not_found="❌ <b>找不到</b>",
    asked_verbatim="✅ 这段文字逐字见于：",
    asked_altered="⚠️ <b>请注意，这段文字与原文不同</b>：删除线为您所写，下划线为文件原文。",
    cited_elsewhere="⚠️ 所注出处为 {cited}，但并非在该处找到。",
    cited_other_pin="⚠️ 所注出处为 {cited}，但原文在 {pin}。",
    sum="引文 {count} 段 · 相符 {verbatim} · 不符 {altered} · 找不到 {missing}",
    too_large="文件超过我能读取的 {limit} MB。",
    not_read="无法读取这个文件：{reason}",
    rest_in_file="完整内容在文件中。",
    compare_usage=(
        "请发送 <code>/compare 文件</code>，看它与所取代的版本有何不同；或 "
        "<code>/compare 文件 / 另一文件</code>：编号或标题，见 /documents。"
    ),
    compare_hint="文件 / 另一文件",
    no_document="这里没有名为 {name} 的文件：/documents 会列出文件。",
    several_documents="有几份文件名为 {name}：请用编号指明，见 /documents。",
    no_earlier="{name} 没有取代其他文件：请指明要比较的文件。",
    changed="✏️ <b>修改</b> {pin}",
    added="➕ <b>新增</b> {pin}",
    removed="➖ <b>删除</b> {pin}",
    compared="修改 {changed} · 新增 {added} · 删除 {removed} · 相同 {same}",
    replaced="✏️ {title} 取代了先前的版本。{compared} · <code>/compare {document}</code>",
    each_usage="请发送 <code>/each 问题</code>：我会逐一询问每份文件。",
    each_hint="要问每份文件的问题",
    nothing_found="没有找到",
    each_sum="{total} 份文件中的 {count} 份",
    no_dates="这里没有提到日期的句子。",
    timeline_sum="日期 {count} 个",
    undated="只有相对时间而未列入的句子：{count}",
    document_column="文件",
    sentence_column="内容",
    date_column="日期",
    place_column="位置",
    before_column="修改前",
    after_column="修改后",
)
