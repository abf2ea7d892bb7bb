"""简体中文。"""

from __future__ import annotations

from typing import Final

from bot.texts import checking, documents, inline, memos, people, privacy, reader, watches
from bot.texts.words import Texts

TEXTS: Final = Texts(
    welcome=(
        "我只用团队自己的文件作答：逐字引出最能回答问题的段落，每段都附出处。请直接写下问题，中文英文都可以。"
    ),
    welcome_group=(
        "我只用团队自己的文件作答，逐字引用，每段都附出处。请用 <code>/ask</code> 加上问题来问我。"
    ),
    may_ask="您可以查询：{matters}。",
    may_ask_all="您是所有者，可以查询全部案件：{matters}。",
    no_matters_yet="还没有案件，也就还没有可以查询的文件。",
    not_admitted=("您现在还不能提问：由这个机器人的所有者决定谁可以提问。"),
    unclaimed=(
        "这个机器人还没有所有者：运营者可以在日志里找到 <code>/claim 代码</code>，并在这里发给我。"
    ),
    help_private=(
        "<b>提问</b>：直接写下问题；修改问题，答案会随之更新；回复答案可以接着问。\n"
        "<b>接着问</b>：十分钟内可以直接写“那赔偿呢？”、“更多”或段落的序号。\n"
        "<b>打开</b>段落全文：按 📖 按钮，或发送编号，例如 <code>K7Q2M3PD-4</code>；"
        "回复答案时发送 <code>/source 2</code> 即可。\n"
        "<b>文件</b>：用 /documents 或 <code>/documents 关键词</code> 查看。\n"
        "<b>留存</b>：按 📌 留存段落，/kept 列出，<code>/memo [格式] 标题</code> 写成备忘录。\n"
        "<b>核对</b>引文：<code>/check 文字</code>，或用 /check 回复消息或文件；"
        "/compare、<code>/each 问题</code>、/timeline 一次看多份文件。\n"
        "<b>关注</b>：用 <code>/watch 内容</code>，有新文件时通知；另见 /watches、/digest。\n"
        "<b>语言</b>：用 /language 选择；用 /matter 选择案件；我保存什么，请看 /privacy。\n"
        "<b>在任何聊天里</b>，写下我的用户名和问题，就能选一段发出去。\n"
        "<b>在群组里</b>，我只读取 <code>/ask 问题</code>、用 /ask 回复的消息，以及对我消息的回复。"
    ),
    help_group=(
        "<b>提问</b>：发送 <code>/ask 问题</code>，用 /ask 回复某条消息，或直接回复我的消息；"
        "修改问题，答案会随之更新。\n"
        "<b>打开</b>段落全文：按 📖 按钮，或在回复答案时发送 <code>/source 2</code>。\n"
        "<b>只给您看</b>：<code>/privately "
        "问题</code>，或更短的 /me；您按按钮打开的内容，也只有您能看到。\n"
        "<b>文件</b>：用 /documents 或 <code>/documents 关键词</code> 查看。\n"
        "<b>留存</b>：按 📌 留存段落，/kept 列出，<code>/memo [格式] 标题</code> 写成备忘录。\n"
        "<b>核对</b>引文：<code>/check 文字</code>，或用 /check 回复消息或文件；"
        "/compare、<code>/each 问题</code>、/timeline 一次看多份文件。\n"
        "<b>关注</b>：用 <code>/watch 内容</code>，有新文件时通知；另见 /watches、/digest。\n"
        "其他消息我不会读取。"
    ),
    help_keeper=(
        "<b>所有者与保管人</b>\n"
        "把文件发给我即可收录，或用 <code>/add [案件]</code> 回复一个文件。\n"
        "案件就是一组文件：<code>/matters</code> 列出您保管的案件；"
        "<code>/matters new 名称</code> 新建案件。\n"
        "<code>/bind 案件 [群组]</code> 与 <code>/unbind 案件 [群组]</code> "
        "决定群组、话题或频道可以查询哪些案件。\n"
        "<code>/admit 用户 案件 [reader|keeper]</code> 与 <code>/dismiss 用户 案件</code> "
        "决定谁可以在私聊中查询；<code>/invite 案件</code> 生成邀请链接。\n"
        "<code>/who 案件</code> 与 /chats 显示谁能看到什么。"
    ),
    ask_usage=(
        "请把问题写在命令后面，例如 <code>/ask 二审为什么改判？</code>，或用 /ask 回复一条消息。"
    ),
    ask_hint="您的问题",
    privately_usage=(
        "请把问题写在命令后面，例如 <code>/privately "
        "租金什么时候到期？</code>：只有您能看到我的回答。"
    ),
    privately_in_private="我无法在这个群里只回答您一个人：请先点这里，再问我一次。",
    open_private_label="🔒 打开与我的私聊",
    shown_in_private="已在私聊里发给您。",
    greeting="欢迎询问您的文件，例如“租约什么时候到期？”或“二审为什么改判？”",
    not_a_question="我只回答用文字写的问题：请写下问题，或查看 /help。",
    not_heard="我听不了录音：请把问题写成文字。",
    picture_needs_ocr="请把这一页以 PDF 文件发来：我读不了照片。",
    unknown_command="我不认识这个命令：/help 列出了我认识的命令。",
    too_many="每分钟最多可以提 {limit} 个问题：请等 {seconds} 秒再问。",
    not_bound=(
        "{place}还没有绑定案件：在这里担任管理员的所有者可以用 <code>/bind 案件</code> 绑定。"
    ),
    not_bound_channel=(
        "这个频道还没有绑定案件：在这里担任管理员的所有者可以私聊我发送 "
        "<code>/bind 案件 {chat}</code>。"
    ),
    failed="我这边出了点问题：请稍后再试。",
    nothing_asked="没有读到问题：请用文字写下问题。",
    only_common_words="问题里只有常用词：请加上名称或要查的术语。",
    no_question="我只回答关于这里文件的问题，并引用原文。请提一个问题。",
    no_article="这里收录的{law}没有第{number}条。",
    no_documents="这里还没有可以用来作答的文件。",
    no_evidence="文件里找不到答案：问题里的词都没有出现。",
    no_evidence_of="文件里没有提到{words}。",
    unsure="文件里找不到直接的答案。",
    unsure_of="文件里找不到直接的答案，也没有提到{words}。",
    looked_for="“{word}”",
    nearest_title="文件里找不到直接的答案；以下几段最接近。",
    understood="理解为：{question}",
    looked_in="查找范围：{titles}",
    sure="确定",
    probable="很可能",
    nearest_found="最接近",
    page="第 {page} 页",
    scan="扫描件，识别可信度 {percent}%",
    also_in="另见{titles}",
    open_label="📖 打开 {number}",
    more_label="更多 ▸",
    back_label="◂ 返回",
    nearest_label="🔍 最接近的段落",
    everywhere_label="🌐 在全部文件中查找",
    copy_label="📋 复制引注",
    useful_label="👍 有帮助",
    not_useful_label="👎 没有帮助",
    noted_useful="已记下：有帮助。谢谢。",
    noted_not_useful="已记下：没有帮助。谢谢。",
    button_gone="这个按钮已经失效：请重新提问。",
    no_more="没有更多了。",
    no_access="您在这里无权查看。",
    too_many_presses="操作太快了：请等 {seconds} 秒。",
    failed_press="我这边出了点问题：请再试一次。",
    source_usage=(
        "请指明段落，例如 <code>/source K7Q2M3PD-4</code>；回复答案时只写序号即可，"
        "例如 <code>/source 2</code>。"
    ),
    source_hint="例如 K7Q2M3PD-4",
    whole_source="关于这份文件",
    malformed="这不是引注编号：编号形如 <code>K7Q2M3PD-4</code>，写在每个段落下面。",
    not_found="这里没有段落 {citation}：请核对编号。",
    another_content=(
        "⚠️ {citation} 在这里是另一份文件，不是当初引用的那一份：哈希值的其余部分不符。请索取原件。"
    ),
    damaged=(
        "⚠️ {citation} 在磁盘上已损坏，因此不予显示。负责运行我的人可用 "
        "<code>pincite doctor --fix</code> 恢复。"
    ),
    cannot_store=(
        "⚠️ 我的磁盘目前无法写入，可能已满。您的消息不会丢失：一旦可以写入，我就会回答。"
        "请告知负责运行我的人。"
    ),
    nothing_written="⚠️ 目前什么都无法写入，提问和文件都在等待：{problem}",
    withdrawn="{citation} 所在的文件已经撤回。",
    no_such_number="那条答案里没有第 {number} 段。",
    superseded="⚠️ <b>已被取代</b>：这份文件已有新版本。",
    position="第 {ordinal} 段，共 {count} 段",
    part="第 {part} 部分，共 {parts} 部分",
    added="收录于 {date}",
    in_matter="案件 {matter}",
    previous_label="◀ 上一段",
    next_label="下一段 ▶",
    newer_label="🆕 打开新版本",
    copy_plain_label="📋 普通格式",
    matters_title="<b>案件</b>",
    documents_count="{matter} · 文件 {count} 份",
    bound_here="这里绑定了：{matters}。",
    nothing_bound_here="这里没有绑定案件。",
    matters_usage="<code>/matters</code> 列出案件；<code>/matters new 名称</code> 新建案件。",
    matter_exists="案件 {matter} 已经存在。",
    matter_invalid="{name} 不能作为案件名称：限 1 至 64 个字母、汉字、数字、连字符、下划线或句点。",
    matter_unknown="您保管的案件中没有 {name}：可以用 /matters 查看。",
    owners_only="只有所有者可以新建案件。",
    keepers_only="只有所有者，以及案件的保管人，可以使用这个命令。",
    anonymous=(
        "我无法确认您的身份：匿名管理员、频道身份或转发的消息不能使用这个命令，请用本人身份发送。"
    ),
    administrators_only="只有{place}的管理员可以在这里绑定案件。",
    not_administrator_there="我在 {chat} 的管理员中没有看到您：我必须在其中，您也必须是管理员。",
    this_chat="这个群组",
    this_topic="这个话题",
    this_channel="这个频道",
    bind_usage=(
        "请在群组或话题里发送 <code>/bind 案件</code>，或私聊我发送 "
        "<code>/bind 案件 群组</code>，其中“群组”是群组或频道的 Telegram ID 或 @用户名。"
    ),
    unbind_usage=(
        "请在群组或话题里发送 <code>/unbind 案件</code>，或私聊我发送 "
        "<code>/unbind 案件 群组</code>，其中“群组”是群组或频道的 Telegram ID 或 @用户名。"
    ),
    bound="案件 {matter} 已绑定到{where}：其中的每个人都可以查询。",
    already_bound="案件 {matter} 此前就已绑定到{where}。",
    unbound="案件 {matter} 与{where}的绑定已解除。",
    was_not_bound="案件 {matter} 没有绑定到{where}。",
    admit_usage=(
        "请发送 <code>/admit 用户 案件 [reader|keeper]</code>，其中“用户”是 Telegram ID，"
        "或我见过的人的 @用户名；也可以用 <code>/admit 案件</code> 回复对方的消息。"
    ),
    dismiss_usage=(
        "请发送 <code>/dismiss 用户 案件</code>，其中“用户”是 Telegram ID，或我见过的人的 @用户名；"
        "也可以用 <code>/dismiss 案件</code> 回复对方的消息。"
    ),
    admitted_reader="{person} 现在可以在私聊中查询案件 {matter}。",
    admitted_keeper="{person} 现在是案件 {matter} 的保管人。",
    dismissed="{person} 不再获准查询案件 {matter}。",
    was_not_admitted="{person} 本来就未获准查询案件 {matter}。",
    claimed="您现在是这个机器人的所有者。/help 说明所有者可以做什么。",
    claim_usage="请发送 <code>/claim 代码</code>，代码写在日志里。",
    claim_wrong="代码不对。",
    claim_locked="输错次数太多：请重启机器人，日志里会有新的代码。",
    claim_closed="这个机器人已经有所有者了。",
    claim_in_private="请在私聊中发给我。",
    language_choose="请选择语言。",
    language_set="从现在起我在这里使用简体中文。",
    language_administrators="只有管理员可以选择我在{place}的语言。",
    hears_commands=(
        "我只读取 <code>/ask 问题</code>、用 "
        "/ask 回复的消息，以及对我消息的回复；其他消息我不会读取。"
    ),
    hears_mentions=(
        "我会读取 <code>/ask 问题</code>、用 /ask 回复的消息、对我消息的回复，"
        "以及提及 @{bot} 的消息；其他消息我不会回答。"
    ),
    hears_posts="我只读取以 <code>/ask</code> 开头的帖子；其他帖子我不会读取。",
    joined_bound="这里绑定了：{matters}。",
    joined_unbound="这里还没有绑定案件。",
    next_ask="现在就可以用 <code>/ask</code> 提问。",
    next_post="现在就可以发帖提问，例如 <code>/ask 问题</code>。",
    next_bind="下一步：请在这里担任管理员的所有者发送 <code>/bind 案件</code>。",
    next_bind_channel=(
        "下一步：请在本频道担任管理员的所有者私聊我发送 <code>/bind 案件 {chat}</code>。"
    ),
    documents=documents.ZH_HANS,
    inline=inline.ZH_HANS,
    reader=reader.ZH_HANS,
    memos=memos.ZH_HANS,
    checking=checking.ZH_HANS,
    watches=watches.ZH_HANS,
    privacy=privacy.ZH_HANS,
    people=people.ZH_HANS,
    commands={
        "start": "我能做什么，您可以查询什么",
        "help": "如何提问",
        "ask": "向文件提问",
        "privately": "提问，只有您能看到回答",
        "me": "同上，更短",
        "source": "按引注编号打开段落",
        "documents": "这里可以查询的文件",
        "kept": "这里留存的段落",
        "memo": "把留存的段落写成 Word 备忘录，可附格式与标题",
        "check": "核对引文",
        "compare": "两份文件有何不同",
        "each": "逐一询问每份文件",
        "timeline": "按日期排列的句子",
        "watch": "有新文件能回答时通知",
        "watches": "这里的关注",
        "unwatch": "结束一项关注",
        "digest": "每天通知一次，或立即通知",
        "language": "选择语言",
        "matters": "您保管的案件；new 名称 可以新建",
        "matter": "选择您要查询的案件",
        "who": "谁能看到一个案件",
        "chats": "群组、频道及其绑定的案件",
        "owners": "本机器人的所有者",
        "invite": "邀请他人查询案件的链接",
        "invitations": "有效的邀请，可以撤销",
        "bind": "让群组或频道可以查询案件",
        "unbind": "解除群组或频道与案件的绑定",
        "admit": "准许某人查询案件",
        "dismiss": "取消某人的查询许可",
        "add": "收录所回复的文件",
        "privacy": "我保存什么，保存多久",
        "forgetme": "删除我保存的关于您的一切",
        "export": "导出审计记录",
        "claim": "成为第一位所有者",
    },
)
