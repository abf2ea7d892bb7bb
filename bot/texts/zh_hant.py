"""繁體中文，用語依臺灣習慣。"""

from __future__ import annotations

from typing import Final

from bot.texts import checking, documents, inline, memos, people, privacy, reader, watches
from bot.texts.words import Texts

TEXTS: Final = Texts(
    welcome=(
        "我只用團隊自己的文件作答：逐字引出最能回答問題的段落，每段都附出處。請直接寫下問題，中文英文都可以。"
    ),
    welcome_group=(
        "我只用團隊自己的文件作答，逐字引用，每段都附出處。請用 <code>/ask</code> 加上問題來問我。"
    ),
    may_ask="您可以查詢：{matters}。",
    may_ask_all="您是擁有者，可以查詢全部案件：{matters}。",
    no_matters_yet="目前還沒有案件，也就還沒有可以查詢的文件。",
    not_admitted=("您目前還不能提問：由這個機器人的擁有者決定誰可以提問。"),
    unclaimed=(
        "這個機器人還沒有擁有者：營運者可以在記錄檔裡找到 <code>/claim 代碼</code>，"
        "並在這裡傳給我。"
    ),
    help_private=(
        "<b>提問</b>：直接寫下問題；編輯問題，答案會跟著更新；回覆答案可以接著問。\n"
        "<b>接著問</b>：十分鐘內可以直接寫「那賠償呢？」、「更多」或段落的序號。\n"
        "<b>開啟</b>段落全文：按 📖 按鈕，或傳送編號，例如 <code>K7Q2M3PD-4</code>；"
        "回覆答案時傳送 <code>/source 2</code> 即可。\n"
        "<b>文件</b>：用 /documents 或 <code>/documents 關鍵字</code> 查看。\n"
        "<b>留存</b>：按 📌 留存段落，/kept 列出，<code>/memo [格式] 標題</code> 寫成備忘錄。\n"
        "<b>核對</b>引文：<code>/check 文字</code>，或以 /check 回覆訊息或檔案；"
        "/compare、<code>/each 問題</code>、/timeline 一次看多份文件。\n"
        "<b>追蹤</b>：用 <code>/watch 內容</code>，有新文件時通知；另見 /watches、/digest。\n"
        "<b>語言</b>：用 /language 選擇；用 /matter 選擇案件；我保存什麼，請看 /privacy。\n"
        "<b>在任何聊天室裡</b>，寫下我的使用者名稱和問題，就能選一段傳出去。\n"
        "<b>在群組裡</b>，我只讀取 <code>/ask 問題</code>、用 /ask 回覆的訊息，以及對我訊息的回覆。"
    ),
    help_group=(
        "<b>提問</b>：傳送 <code>/ask 問題</code>，用 /ask 回覆某則訊息，或直接回覆我的訊息；"
        "編輯問題，答案會跟著更新。\n"
        "<b>開啟</b>段落全文：按 📖 按鈕，或在回覆答案時傳送 <code>/source 2</code>。\n"
        "<b>只給您看</b>：<code>/privately "
        "問題</code>，或較短的 /me；您按按鈕開啟的內容，也只有您看得到。\n"
        "<b>文件</b>：用 /documents 或 <code>/documents 關鍵字</code> 查看。\n"
        "<b>留存</b>：按 📌 留存段落，/kept 列出，<code>/memo [格式] 標題</code> 寫成備忘錄。\n"
        "<b>核對</b>引文：<code>/check 文字</code>，或以 /check 回覆訊息或檔案；"
        "/compare、<code>/each 問題</code>、/timeline 一次看多份文件。\n"
        "<b>追蹤</b>：用 <code>/watch 內容</code>，有新文件時通知；另見 /watches、/digest。\n"
        "除此之外的訊息，我都不會讀取。"
    ),
    help_keeper=(
        "<b>擁有者與保管人</b>\n"
        "把檔案傳給我即可收錄，或用 <code>/add [案件]</code> 回覆一個檔案。\n"
        "案件就是一組文件：<code>/matters</code> 列出您保管的案件；"
        "<code>/matters new 名稱</code> 建立案件。\n"
        "<code>/bind 案件 [聊天室]</code> 與 <code>/unbind 案件 [聊天室]</code> "
        "決定群組、主題或頻道可以查詢哪些案件。\n"
        "<code>/admit 使用者 案件 [reader|keeper]</code> 與 <code>/dismiss 使用者 案件</code> "
        "決定誰可以私訊查詢；<code>/invite 案件</code> 產生邀請連結。\n"
        "<code>/who 案件</code> 與 /chats 顯示誰看得到什麼。"
    ),
    ask_usage=(
        "請把問題寫在指令後面，例如 <code>/ask 上訴為何逆轉？</code>，或用 /ask 回覆一則訊息。"
    ),
    ask_hint="您的問題",
    privately_usage=(
        "請把問題寫在指令後面，例如 <code>/privately 租金何時到期？</code>：只有您看得到我的回答。"
    ),
    privately_in_private="我無法在這個群組裡只回答您一個人：請先按這裡，再問我一次。",
    open_private_label="🔒 開啟與我的私訊",
    shown_in_private="已在私訊裡傳給您。",
    greeting="歡迎詢問您的文件，例如「租約何時到期？」或「上訴為何逆轉？」",
    not_a_question="我只回答用文字寫的問題：請寫下問題，或查看 /help。",
    not_heard="我聽不了錄音：請把問題寫成文字。",
    picture_needs_ocr="請把這一頁以 PDF 檔案傳來：我讀不了照片。",
    unknown_command="我不認得這個指令：/help 列出了我認得的指令。",
    too_many="每分鐘最多可以提 {limit} 個問題：請等 {seconds} 秒再問。",
    not_bound=(
        "{place}還沒有綁定案件：在這裡擔任管理員的擁有者可以用 <code>/bind 案件</code> 綁定。"
    ),
    not_bound_channel=(
        "這個頻道還沒有綁定案件：在這裡擔任管理員的擁有者可以私訊我 "
        "<code>/bind 案件 {chat}</code>。"
    ),
    failed="我這邊出了點問題：請稍後再試。",
    nothing_asked="沒有讀到問題：請用文字寫下問題。",
    only_common_words="問題裡只有常用詞：請加上名稱或要查的術語。",
    no_question="我只回答關於這裡文件的問題，並引用原文。請提一個問題。",
    no_article="這裡收錄的{law}沒有第{number}條。",
    no_documents="這裡還沒有可以用來作答的文件。",
    no_evidence="文件裡找不到答案：問題裡的詞都沒有出現。",
    no_evidence_of="文件裡沒有提到{words}。",
    unsure="文件裡找不到直接的答案。",
    unsure_of="文件裡找不到直接的答案，也沒有提到{words}。",
    looked_for="「{word}」",
    nearest_title="文件裡找不到直接的答案；以下幾段最接近。",
    understood="理解為：{question}",
    looked_in="搜尋範圍：{titles}",
    sure="確定",
    probable="很可能",
    nearest_found="最接近",
    page="第 {page} 頁",
    scan="掃描檔，辨識可信度 {percent}%",
    also_in="另見{titles}",
    open_label="📖 開啟 {number}",
    more_label="更多 ▸",
    back_label="◂ 返回",
    nearest_label="🔍 最接近的段落",
    everywhere_label="🌐 搜尋全部文件",
    copy_label="📋 複製引註",
    useful_label="👍 有幫助",
    not_useful_label="👎 沒有幫助",
    noted_useful="已記下：有幫助。謝謝。",
    noted_not_useful="已記下：沒有幫助。謝謝。",
    button_gone="這個按鈕已經失效：請重新提問。",
    no_more="沒有更多了。",
    no_access="您在這裡無權檢視。",
    too_many_presses="操作太快了：請等 {seconds} 秒。",
    failed_press="我這邊出了點問題：請再試一次。",
    source_usage=(
        "請指明段落，例如 <code>/source K7Q2M3PD-4</code>；回覆答案時只寫序號即可，"
        "例如 <code>/source 2</code>。"
    ),
    source_hint="例如 K7Q2M3PD-4",
    whole_source="關於這份文件",
    malformed="這不是引註編號：編號形如 <code>K7Q2M3PD-4</code>，寫在每個段落下面。",
    not_found="這裡沒有段落 {citation}：請核對編號。",
    another_content=(
        "⚠️ {citation} 在這裡是另一份文件，不是當初引用的那一份：雜湊值的其餘部分不符。請索取原件。"
    ),
    damaged=(
        "⚠️ {citation} 在磁碟上已損毀，因此不顯示。負責維運的人可用 "
        "<code>pincite doctor --fix</code> 復原。"
    ),
    cannot_store=(
        "⚠️ 我的磁碟目前無法寫入，可能已滿。您的訊息不會遺失：一旦可以寫入，我就會回答。"
        "請告知負責維運的人。"
    ),
    nothing_written="⚠️ 目前什麼都無法寫入，提問和檔案都在等待：{problem}",
    withdrawn="{citation} 所在的文件已經撤回。",
    no_such_number="那則答案裡沒有第 {number} 段。",
    superseded="⚠️ <b>已被取代</b>：這份文件已有新版本。",
    position="第 {ordinal} 段，共 {count} 段",
    part="第 {part} 部分，共 {parts} 部分",
    added="收錄於 {date}",
    in_matter="案件 {matter}",
    previous_label="◀ 上一段",
    next_label="下一段 ▶",
    newer_label="🆕 開啟新版本",
    copy_plain_label="📋 一般格式",
    matters_title="<b>案件</b>",
    documents_count="{matter} · 文件 {count} 份",
    bound_here="這裡綁定了：{matters}。",
    nothing_bound_here="這裡沒有綁定案件。",
    matters_usage="<code>/matters</code> 列出案件；<code>/matters new 名稱</code> 建立案件。",
    matter_exists="案件 {matter} 已經存在。",
    matter_invalid="{name} 不能作為案件名稱：限 1 至 64 個字母、漢字、數字、連字號、底線或句點。",
    matter_unknown="您保管的案件中沒有 {name}：可以用 /matters 查看。",
    owners_only="只有擁有者可以建立案件。",
    keepers_only="只有擁有者，以及案件的保管人，可以使用這個指令。",
    anonymous=(
        "我無法確認您的身分：匿名管理員、頻道身分或轉傳的訊息不能使用這個指令，請以本人身分傳送。"
    ),
    administrators_only="只有{place}的管理員可以在這裡綁定案件。",
    not_administrator_there="我在 {chat} 的管理員中沒有看到您：我必須在其中，您也必須是管理員。",
    this_chat="這個群組",
    this_topic="這個主題",
    this_channel="這個頻道",
    bind_usage=(
        "請在群組或主題裡傳送 <code>/bind 案件</code>，或私訊我 "
        "<code>/bind 案件 聊天室</code>，其中「聊天室」是 Telegram ID 或 @使用者名稱。"
    ),
    unbind_usage=(
        "請在群組或主題裡傳送 <code>/unbind 案件</code>，或私訊我 "
        "<code>/unbind 案件 聊天室</code>，其中「聊天室」是 Telegram ID 或 @使用者名稱。"
    ),
    bound="案件 {matter} 已綁定到{where}：其中的每個人都可以查詢。",
    already_bound="案件 {matter} 先前就已綁定到{where}。",
    unbound="案件 {matter} 與{where}的綁定已解除。",
    was_not_bound="案件 {matter} 沒有綁定到{where}。",
    admit_usage=(
        "請傳送 <code>/admit 使用者 案件 [reader|keeper]</code>，其中「使用者」是 Telegram ID，"
        "或我見過的人的 @使用者名稱；也可以用 <code>/admit 案件</code> 回覆對方的訊息。"
    ),
    dismiss_usage=(
        "請傳送 <code>/dismiss 使用者 案件</code>，其中「使用者」是 Telegram ID，"
        "或我見過的人的 @使用者名稱；也可以用 <code>/dismiss 案件</code> 回覆對方的訊息。"
    ),
    admitted_reader="{person} 現在可以私訊查詢案件 {matter}。",
    admitted_keeper="{person} 現在是案件 {matter} 的保管人。",
    dismissed="{person} 不再獲准查詢案件 {matter}。",
    was_not_admitted="{person} 本來就未獲准查詢案件 {matter}。",
    claimed="您現在是這個機器人的擁有者。/help 說明擁有者可以做什麼。",
    claim_usage="請傳送 <code>/claim 代碼</code>，代碼寫在記錄檔裡。",
    claim_wrong="代碼不對。",
    claim_locked="輸錯次數太多：請重新啟動機器人，記錄檔裡會有新的代碼。",
    claim_closed="這個機器人已經有擁有者了。",
    claim_in_private="請私訊傳給我。",
    language_choose="請選擇語言。",
    language_set="從現在起我在這裡使用繁體中文。",
    language_administrators="只有管理員可以選擇我在{place}的語言。",
    hears_commands=(
        "我只讀取 <code>/ask 問題</code>、用 /ask "
        "回覆的訊息，以及對我訊息的回覆；除此之外的訊息，我都不會讀取。"
    ),
    hears_mentions=(
        "我會讀取 <code>/ask 問題</code>、用 /ask 回覆的訊息、對我訊息的回覆，"
        "以及提及 @{bot} 的訊息；除此之外的訊息，我都不會回答。"
    ),
    hears_posts="我只讀取以 <code>/ask</code> 開頭的貼文；其他貼文，我都不會讀取。",
    joined_bound="這裡綁定了：{matters}。",
    joined_unbound="這裡還沒有綁定案件。",
    next_ask="現在就可以用 <code>/ask</code> 提問。",
    next_post="現在就可以貼文提問，例如 <code>/ask 問題</code>。",
    next_bind="下一步：請在這裡擔任管理員的擁有者傳送 <code>/bind 案件</code>。",
    next_bind_channel=(
        "下一步：請在本頻道擔任管理員的擁有者私訊我 <code>/bind 案件 {chat}</code>。"
    ),
    documents=documents.ZH_HANT,
    inline=inline.ZH_HANT,
    reader=reader.ZH_HANT,
    memos=memos.ZH_HANT,
    checking=checking.ZH_HANT,
    watches=watches.ZH_HANT,
    privacy=privacy.ZH_HANT,
    people=people.ZH_HANT,
    commands={
        "start": "我能做什麼，您可以查詢什麼",
        "help": "如何提問",
        "ask": "向文件提問",
        "privately": "提問，只有您看得到回答",
        "me": "同上，較短",
        "source": "依引註編號開啟段落",
        "documents": "這裡可以查詢的文件",
        "kept": "這裡留存的段落",
        "memo": "把留存的段落寫成 Word 備忘錄，可附格式與標題",
        "check": "核對引文",
        "compare": "兩份文件有何不同",
        "each": "逐一詢問每份文件",
        "timeline": "依日期排列的句子",
        "watch": "有新文件能回答時通知",
        "watches": "這裡的追蹤",
        "unwatch": "結束一項追蹤",
        "digest": "每天通知一次，或立即通知",
        "language": "選擇語言",
        "matters": "您保管的案件；new 名稱 可以建立",
        "matter": "選擇您要查詢的案件",
        "who": "誰看得到一個案件",
        "chats": "聊天室及其綁定的案件",
        "owners": "這個機器人的擁有者",
        "invite": "邀請他人查詢案件的連結",
        "invitations": "有效的邀請，可以撤銷",
        "bind": "讓群組或頻道可以查詢案件",
        "unbind": "解除群組或頻道與案件的綁定",
        "admit": "准許某人查詢案件",
        "dismiss": "取消某人的查詢許可",
        "add": "收錄所回覆的檔案",
        "privacy": "我保存什麼，保存多久",
        "forgetme": "刪除我保存的關於您的一切",
        "export": "匯出稽核紀錄",
        "claim": "成為第一位擁有者",
    },
)
