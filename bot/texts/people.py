"""The texts about people and chats: who is let in, by whom, and who may see what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.texts.marks import PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleTexts:
    """The texts about people and chats, in the order in which a person meets them."""

    # asking for access
    request_label: str = field(metadata=PLAIN)
    requested: str
    requested_before: str
    owners_not_reached: str
    asks_for_access: str
    give_which: str
    reader_label: str = field(metadata=PLAIN)
    keeper_label: str = field(metadata=PLAIN)
    refused: str
    refused_told: str

    # who is meant
    nameless: str
    last_seen: str
    hidden_author: str
    forwarded_author: str
    too_many_people: str
    cannot_look_up: str

    # letting in, asked first
    admit_ask_reader: str
    admit_ask_keeper: str
    admit_label: str = field(metadata=PLAIN)
    admit_all_label: str = field(metadata=PLAIN)
    no_label: str = field(metadata=PLAIN)
    nothing_changed: str
    not_asked: str = field(metadata=PLAIN)
    no_longer_keeper: str = field(metadata=PLAIN)
    already_reader: str
    already_keeper: str
    protected: str
    could_not_tell: str
    told_reader: str
    told_keeper: str
    told_dismissed: str
    told_owner_revoked: str
    told_bound: str
    told_unbound: str
    pick_person: str
    pick_person_label: str = field(metadata=PLAIN)
    pick_chat: str
    pick_chat_label: str = field(metadata=PLAIN)
    pick_channel_label: str = field(metadata=PLAIN)

    # invitations
    invite_usage: str
    invited: str
    invite_share_label: str = field(metadata=PLAIN)
    revoke_label: str = field(metadata=PLAIN)
    revoked: str
    invitation_gone: str
    invitation_in_private: str
    joined_reader: str
    joined_keeper: str
    invitations_title: str
    invitations_none: str
    invitation_line: str
    inviter_told: str

    # the first steps of an owner
    first_steps: str
    make_matter_label: str = field(metadata=PLAIN)
    send_file_label: str = field(metadata=PLAIN)
    add_to_group_label: str = field(metadata=PLAIN)
    invite_label: str = field(metadata=PLAIN)
    name_the_matter: str
    name_placeholder: str = field(metadata=PLAIN)
    send_file_now: str
    matter_next: str
    matter_spaces: str
    create_label: str = field(metadata=PLAIN)
    choose_matter_first: str

    # a chat and its matter
    which_matter_there: str
    which_matter_added: str
    no_matter_label: str = field(metadata=PLAIN)
    left_unbound: str
    not_administrator: str = field(metadata=PLAIN)
    new_member: str
    new_member_bot: str
    new_members: str
    new_members_more: str

    # the current matter
    matter_title: str
    matter_title_topic: str
    matter_all_label: str = field(metadata=PLAIN)
    matter_now: str
    matter_now_all: str
    matter_only_one: str
    matter_in_private: str

    # who may see what
    who_usage: str
    who_title: str
    who_owners: str
    who_none: str
    who_chats: str
    who_in_private: str
    dismiss_label: str = field(metadata=PLAIN)
    dismiss_ask: str
    unbind_ask: str
    yes_label: str = field(metadata=PLAIN)
    chats_title: str
    chats_none: str
    topic: str
    since: str
    by: str
    owners_title: str
    owner_set: str
    owner_revoke_ask: str
    owner_revoked: str
    owner_last: str
    owners_only: str

    # in chats of which the bot is no member, and on its profile
    guest_answered: str = field(metadata=PLAIN)
    guest_open: str = field(metadata=PLAIN)
    guest_label: str = field(metadata=PLAIN)
    guest_choose: str
    profile: str
    profile_short: str = field(metadata=PLAIN)


EN: Final = PeopleTexts(
    request_label="🙋 Ask for access",
    requested="The owners of this bot are asked. I tell you what they decide.",
    requested_before="The owners are asked already: I tell you what they decide.",
    owners_not_reached=(
        "I could not reach an owner of this bot: tell one of them that your Telegram id is "
        "<code>{person}</code>."
    ),
    asks_for_access="🙋 {person} asks for access.",
    give_which="To which matter?",
    reader_label="Reader",
    keeper_label="Keeper",
    refused="{person} is not let in.",
    refused_told="The owners of this bot do not let you in.",
    nameless="I have no name for it here: check the number with them",
    last_seen="last seen {date}",
    hidden_author=(
        "Whoever wrote that message hides their account, so I cannot tell whom you mean: use their "
        "id, or send them a link with <code>/invite {matter}</code>."
    ),
    forwarded_author="The message was forwarded: this is who wrote it, not who sent it here.",
    too_many_people="That is a lot: {limit} people at a time at most.",
    cannot_look_up=(
        "I cannot look up {person} for you: choose them with <code>/admit {matter}</code> in "
        "private, reply to a message of theirs, or send them a link with "
        "<code>/invite {matter}</code>."
    ),
    admit_ask_reader="May these people ask matter {matter}?",
    admit_ask_keeper=(
        "May these people keep matter {matter}: ask it, file documents, let others in?"
    ),
    admit_label="Admit {person} to {matter}",
    admit_all_label="Admit {count} to {matter}",
    no_label="No",
    nothing_changed="Nothing was changed.",
    not_asked="Only whoever was asked may press this.",
    no_longer_keeper="You no longer keep this matter.",
    already_reader="{person} may ask matter {matter} already.",
    already_keeper="{person} keeps matter {matter} already.",
    protected=(
        "{person} made you a keeper of {matter}, or made the one who did: only an owner can take "
        "that away."
    ),
    could_not_tell="I could not tell {person}: they have not written to me yet.",
    told_reader="{by} lets you ask matter {matter}. Write your question here.",
    told_keeper=(
        "{by} makes you a keeper of matter {matter}: send me files to file them. /help says more."
    ),
    told_dismissed="You are no longer admitted to matter {matter}.",
    told_owner_revoked="You are no longer an owner of this bot.",
    told_bound=(
        "Matter {matter} is now bound here: everybody here may ask it with <code>/ask</code>."
    ),
    told_unbound="Matter {matter} is no longer bound here.",
    pick_person="Who is to be admitted to matter {matter}? Choose with the button below.",
    pick_person_label="👤 Choose a person",
    pick_chat=(
        "Which chat may ask matter {matter}? Choose with a button below: a chat in which I am, and "
        "which you administer."
    ),
    pick_chat_label="👥 Choose a group",
    pick_channel_label="📢 Choose a channel",
    invite_usage=(
        "Send <code>/invite MATTER [reader|keeper] [DAYS] [USES]</code>: the link holds for "
        "7 days and one person unless you say more."
    ),
    invited=(
        "Whoever opens this link first is let in to matter {matter}, as {role}:\n{link}\n"
        "Until {date} · uses left: {uses} · {number}"
    ),
    invite_share_label="📤 Send the link",
    revoke_label="🚫 Revoke {number}",
    revoked="Invitation {number} to matter {matter} is revoked: its link opens nothing now.",
    invitation_gone="This invitation does not hold any more: ask for a new one.",
    invitation_in_private="Open the invitation in a private chat with me.",
    joined_reader="Welcome: you may now ask matter {matter}. Write your question here.",
    joined_keeper=(
        "Welcome: you now keep matter {matter}. Send me files to file them; /help says more."
    ),
    invitations_title="<b>Open invitations</b>",
    invitations_none="There are no open invitations.",
    invitation_line="{number} · {matter} · {role} · until {date} · uses left: {uses}",
    inviter_told="{person} used your invitation to matter {matter}.",
    first_steps="What next?",
    make_matter_label="🗂 Make a matter",
    send_file_label="📄 Send a file",
    add_to_group_label="👥 Add me to a group",
    invite_label="✉️ Invite people",
    name_the_matter="What is the matter called? Reply with its name, such as Smith-v-Jones-2024.",
    name_placeholder="Name of the matter",
    send_file_now="Send me the files here, one or many: I ask into which matter they go.",
    matter_next="Matter {matter} is created. Send me its files here.",
    matter_spaces="A matter's name has no spaces. This one would do: {name}",
    create_label="Create it",
    choose_matter_first="There is no matter yet: make one first.",
    which_matter_there=(
        "Which matter may be asked in {chat}? Everybody there will see its passages."
    ),
    which_matter_added="You added me to {chat}. Which matter may be asked there?",
    no_matter_label="None",
    left_unbound="No matter is bound to {chat}. <code>/bind MATTER</code> there can change that.",
    not_administrator="You have to administer that chat, and I have to be in it.",
    new_member="👤 {person} joined {chat}, where {matters} may be asked.",
    new_member_bot="🤖 The bot {person} joined {chat}, where {matters} may be asked.",
    new_members="👥 {count} joined {chat}, where {matters} may be asked:",
    new_members_more="And {count} more.",
    matter_title="Which matter do you ask here, and inline?",
    matter_title_topic="Which matter do you ask in this topic?",
    matter_all_label="All of them",
    matter_now="You ask matter {matter} here now.",
    matter_now_all="You ask all your matters here now.",
    matter_only_one="There is one matter that you may ask: {matter}.",
    matter_in_private=(
        "What may be asked in a group is bound to it; choose your own matter in a private chat "
        "with me."
    ),
    who_usage="Send <code>/who MATTER</code>: who may see it.",
    who_title="<b>Who may ask {matter}</b>",
    who_owners="Owners, who may ask everything: {owners}",
    who_none="Nobody but the owners.",
    who_chats="<b>Chats that may ask it</b>",
    who_in_private="Send me that in a private chat: the answer names people.",
    dismiss_label="✖ {number}",
    dismiss_ask="Shall {person} no longer be admitted to matter {matter}?",
    unbind_ask="Shall {chat} no longer be able to ask matter {matter}?",
    yes_label="Yes",
    chats_title="<b>Chats and their matters</b>",
    chats_none="No chat is bound to a matter that you keep.",
    topic="topic {thread}",
    since="since {date}",
    by="by {person}",
    owners_title="<b>Owners</b>",
    owner_set="set by whoever runs the bot",
    owner_revoke_ask="Shall {person} no longer be an owner?",
    owner_revoked="{person} is no longer an owner.",
    owner_last="The last owner cannot be removed: anybody could claim the bot then.",
    owners_only="Only an owner may do that.",
    guest_answered="I answered in our private chat.",
    guest_open="I answer in a private chat alone.",
    guest_label="Open the chat",
    guest_choose=(
        "Which of your matters do you ask from other chats? Choose it with /matter, then ask."
    ),
    profile=(
        "I answer from your team's own documents: the passages that answer best, word for word, "
        "each with its citation. I write nothing of my own.\n\nAsk in English or Chinese. You need "
        "an invitation, or ask the owner for access."
    ),
    profile_short="Answers from your team's own documents, word for word, each with its citation.",
)

ZH_HANS: Final = PeopleTexts(
    request_label="🙋 申请查询",
    requested="已向本机器人的所有者申请。结果出来后我会告诉您。",
    requested_before="已经向所有者申请过了：结果出来后我会告诉您。",
    owners_not_reached=(
        "我联系不上本机器人的所有者：请把您的 Telegram ID <code>{person}</code> 告诉其中一位。"
    ),
    asks_for_access="🙋 {person} 申请查询。",
    give_which="要准许查询哪个案件？",
    reader_label="查询人",
    keeper_label="保管人",
    refused="没有准许 {person}。",
    refused_told="本机器人的所有者没有准许您查询。",
    nameless="这里没有对应的姓名：请与对方核对号码",
    last_seen="最近见到：{date}",
    hidden_author=(
        "那条消息的作者隐藏了账号，我无法确认您指的是谁：请改用对方的 ID，"
        "或用 <code>/invite {matter}</code> 发一个邀请链接。"
    ),
    forwarded_author="那是一条转发的消息：这里指的是原作者，不是转发的人。",
    too_many_people="人数太多：一次最多 {limit} 人。",
    cannot_look_up=(
        "我无法为您查找 {person}：请在私聊中用 <code>/admit {matter}</code> 选择对方，"
        "或回复对方的消息，或用 <code>/invite {matter}</code> 发邀请链接。"
    ),
    admit_ask_reader="要准许以下人员查询案件 {matter} 吗？",
    admit_ask_keeper="要让以下人员保管案件 {matter} 吗？保管人可以查询、收录文件、准许他人。",
    admit_label="准许 {person} 查询 {matter}",
    admit_all_label="准许 {count} 人查询 {matter}",
    no_label="否",
    nothing_changed="没有任何改动。",
    not_asked="只有被询问的本人可以按。",
    no_longer_keeper="您不再是这个案件的保管人。",
    already_reader="{person} 此前就可以查询案件 {matter}。",
    already_keeper="{person} 此前就是案件 {matter} 的保管人。",
    protected="您的保管人身份直接或间接来自 {person}（案件 {matter}）：只有所有者可以取消。",
    could_not_tell="我没能通知 {person}：对方还没有给我发过消息。",
    told_reader="{by} 准许您查询案件 {matter}。请直接在这里写下问题。",
    told_keeper="{by} 请您保管案件 {matter}：把文件发给我即可收录。详见 /help。",
    told_dismissed="您不再获准查询案件 {matter}。",
    told_owner_revoked="您不再是这个机器人的所有者。",
    told_bound="案件 {matter} 已绑定到这里：这里的每个人都可以用 <code>/ask</code> 查询。",
    told_unbound="案件 {matter} 与这里的绑定已解除。",
    pick_person="要准许谁查询案件 {matter}？请用下面的按钮选择。",
    pick_person_label="👤 选择联系人",
    pick_chat="哪个群组可以查询案件 {matter}？请用下面的按钮选择我在其中、由您管理的群组或频道。",
    pick_chat_label="👥 选择群组",
    pick_channel_label="📢 选择频道",
    invite_usage=(
        "请发送 <code>/invite 案件 [reader|keeper] [天数] [次数]</code>："
        "不另写明时，链接七天内有效，限一人使用。"
    ),
    invited=(
        "打开这个链接的人即可进入案件 {matter}，身份是{role}：\n{link}\n"
        "有效期至 {date} · 剩余次数：{uses} · {number}"
    ),
    invite_share_label="📤 发送链接",
    revoke_label="🚫 撤销 {number}",
    revoked="案件 {matter} 的邀请 {number} 已撤销：链接已失效。",
    invitation_gone="这个邀请已经失效：请另要一个。",
    invitation_in_private="请在与我的私聊中打开邀请。",
    joined_reader="欢迎：您现在可以查询案件 {matter}。请直接在这里写下问题。",
    joined_keeper="欢迎：您现在是案件 {matter} 的保管人。把文件发给我即可收录，详见 /help。",
    invitations_title="<b>有效的邀请</b>",
    invitations_none="没有有效的邀请。",
    invitation_line="{number} · {matter} · {role} · 有效期至 {date} · 剩余次数：{uses}",
    inviter_told="{person} 用您的邀请进入了案件 {matter}。",
    first_steps="接下来做什么？",
    make_matter_label="🗂 新建案件",
    send_file_label="📄 发送文件",
    add_to_group_label="👥 把我加进群组",
    invite_label="✉️ 邀请他人",
    name_the_matter="案件叫什么名字？请回复名称，例如 王某离婚案-2024。",
    name_placeholder="案件名称",
    send_file_now="请把文件发到这里，一份或多份都可以：我会问收录到哪个案件。",
    matter_next="案件 {matter} 已建立。请把文件发到这里。",
    matter_spaces="案件名称里不能有空格。可以用：{name}",
    create_label="就用这个",
    choose_matter_first="还没有案件：请先新建一个。",
    which_matter_there="{chat} 可以查询哪个案件？那里的每个人都会看到其中的段落。",
    which_matter_added="您把我加进了 {chat}。那里可以查询哪个案件？",
    no_matter_label="都不要",
    left_unbound="{chat} 没有绑定案件。以后可以在那里用 <code>/bind 案件</code> 绑定。",
    not_administrator="您必须是那个群组的管理员，我也必须在其中。",
    new_member="👤 {person} 加入了 {chat}，那里可以查询 {matters}。",
    new_member_bot="🤖 机器人 {person} 加入了 {chat}，那里可以查询 {matters}。",
    new_members="👥 有 {count} 人加入了 {chat}，那里可以查询 {matters}：",
    new_members_more="另有 {count} 人。",
    matter_title="您在这里以及在其他聊天里查询哪个案件？",
    matter_title_topic="您在这个话题里查询哪个案件？",
    matter_all_label="全部",
    matter_now="现在起，您在这里查询案件 {matter}。",
    matter_now_all="现在起，您在这里查询全部案件。",
    matter_only_one="您可以查询的案件只有一个：{matter}。",
    matter_in_private="群组能查询什么，由绑定决定；请在与我的私聊中选择您自己的案件。",
    who_usage="请发送 <code>/who 案件</code>，查看谁能看到它。",
    who_title="<b>谁可以查询 {matter}</b>",
    who_owners="所有者（可以查询全部）：{owners}",
    who_none="除所有者外没有别人。",
    who_chats="<b>可以查询它的群组和频道</b>",
    who_in_private="请在私聊中发给我：回答里有人名。",
    dismiss_label="✖ {number} 号",
    dismiss_ask="要取消 {person} 查询案件 {matter} 的许可吗？",
    unbind_ask="要解除 {chat} 与案件 {matter} 的绑定吗？",
    yes_label="是",
    chats_title="<b>聊天与案件</b>",
    chats_none="没有聊天绑定到您保管的案件。",
    topic="话题 {thread}",
    since="自 {date}",
    by="经由 {person}",
    owners_title="<b>所有者</b>",
    owner_set="由运营者设定",
    owner_revoke_ask="要取消 {person} 的所有者身份吗？",
    owner_revoked="{person} 不再是所有者。",
    owner_last="不能取消最后一位所有者：否则任何人都能认领机器人。",
    owners_only="只有所有者可以这样做。",
    guest_answered="我已在私聊中回答。",
    guest_open="我只在私聊中回答。",
    guest_label="打开私聊",
    guest_choose="在其他聊天里提问时，查询您的哪个案件？请先用 /matter 选择，再问一次。",
    profile="我只用团队自己的文件作答：逐字引出最能回答问题的段落，每段都附出处，不写任何自己的话。\n\n中文英文都可以问。须有邀请，或向所有者申请查询。",
    profile_short="只用团队自己的文件逐字作答，每段都附出处。",
)

ZH_HANT: Final = PeopleTexts(
    request_label="🙋 申請查詢",
    requested="已向這個機器人的擁有者申請。有結果時我會通知您。",
    requested_before="已經向擁有者申請過了：有結果時我會通知您。",
    owners_not_reached=(
        "我聯絡不上這個機器人的擁有者：請把您的 Telegram ID <code>{person}</code> 告訴其中一位。"
    ),
    asks_for_access="🙋 {person} 申請查詢。",
    give_which="要准許查詢哪個案件？",
    reader_label="查詢人",
    keeper_label="保管人",
    refused="沒有准許 {person}。",
    refused_told="這個機器人的擁有者沒有准許您查詢。",
    nameless="這裡沒有對應的姓名：請與對方核對號碼",
    last_seen="上次見到：{date}",
    hidden_author=(
        "那則訊息的作者隱藏了帳號，我無法確認您指的是誰：請改用對方的 ID，"
        "或用 <code>/invite {matter}</code> 傳送邀請連結。"
    ),
    forwarded_author="那是一則轉傳的訊息：這裡指的是原作者，不是轉傳的人。",
    too_many_people="人數太多：一次最多 {limit} 人。",
    cannot_look_up=(
        "我找不到 {person}：請私訊我 <code>/admit {matter}</code> 選擇對方，"
        "或回覆對方的訊息，或用 <code>/invite {matter}</code> 傳送邀請連結。"
    ),
    admit_ask_reader="要准許下列人員查詢案件 {matter} 嗎？",
    admit_ask_keeper="要讓下列人員保管案件 {matter} 嗎？保管人可以查詢、收錄檔案、准許他人。",
    admit_label="准許 {person} 查詢 {matter}",
    admit_all_label="准許 {count} 人查詢 {matter}",
    no_label="否",
    nothing_changed="沒有任何更動。",
    not_asked="只有被詢問的本人可以按。",
    no_longer_keeper="您不再是這個案件的保管人。",
    already_reader="{person} 先前就可以查詢案件 {matter}。",
    already_keeper="{person} 先前就是案件 {matter} 的保管人。",
    protected="您的保管人身分直接或間接來自 {person}（案件 {matter}）：只有擁有者可以取消。",
    could_not_tell="我沒能通知 {person}：對方還沒有傳過訊息給我。",
    told_reader="{by} 准許您查詢案件 {matter}。請直接在這裡寫下問題。",
    told_keeper="{by} 請您保管案件 {matter}：把檔案傳給我即可收錄。詳見 /help。",
    told_dismissed="您不再獲准查詢案件 {matter}。",
    told_owner_revoked="您不再是這個機器人的擁有者。",
    told_bound="案件 {matter} 已綁定到這裡：這裡的每個人都可以用 <code>/ask</code> 查詢。",
    told_unbound="案件 {matter} 與這裡的綁定已解除。",
    pick_person="要准許誰查詢案件 {matter}？請用下面的按鈕選擇。",
    pick_person_label="👤 選擇聯絡人",
    pick_chat="哪個群組可以查詢案件 {matter}？請用下面的按鈕選擇我在其中、由您管理的群組或頻道。",
    pick_chat_label="👥 選擇群組",
    pick_channel_label="📢 選擇頻道",
    invite_usage=(
        "請傳送 <code>/invite 案件 [reader|keeper] [天數] [次數]</code>："
        "沒有另外寫明時，連結七天內有效，限一人使用。"
    ),
    invited=(
        "開啟這個連結的人即可進入案件 {matter}，身分是{role}：\n{link}\n"
        "有效期限 {date} · 剩餘次數：{uses} · {number}"
    ),
    invite_share_label="📤 傳送連結",
    revoke_label="🚫 撤銷 {number}",
    revoked="案件 {matter} 的邀請 {number} 已撤銷：連結已失效。",
    invitation_gone="這個邀請已經失效：請另外索取一個。",
    invitation_in_private="請私訊我，再開啟邀請。",
    joined_reader="歡迎：您現在可以查詢案件 {matter}。請直接在這裡寫下問題。",
    joined_keeper="歡迎：您現在是案件 {matter} 的保管人。把檔案傳給我即可收錄，詳見 /help。",
    invitations_title="<b>有效的邀請</b>",
    invitations_none="沒有有效的邀請。",
    invitation_line="{number} · {matter} · {role} · 有效期限 {date} · 剩餘次數：{uses}",
    inviter_told="{person} 用您的邀請進入了案件 {matter}。",
    first_steps="接下來做什麼？",
    make_matter_label="🗂 建立案件",
    send_file_label="📄 傳送檔案",
    add_to_group_label="👥 把我加進群組",
    invite_label="✉️ 邀請他人",
    name_the_matter="案件叫什麼名稱？請回覆名稱，例如 王小姐離婚案-2024。",
    name_placeholder="案件名稱",
    send_file_now="請把檔案傳到這裡，一份或多份都可以：我會問要收錄到哪個案件。",
    matter_next="案件 {matter} 已建立。請把檔案傳到這裡。",
    matter_spaces="案件名稱裡不能有空格。可以用：{name}",
    create_label="就用這個",
    choose_matter_first="還沒有案件：請先建立一個。",
    which_matter_there="{chat} 可以查詢哪個案件？那裡的每個人都會看到其中的段落。",
    which_matter_added="您把我加進了 {chat}。那裡可以查詢哪個案件？",
    no_matter_label="都不要",
    left_unbound="{chat} 沒有綁定案件。以後可以在那裡用 <code>/bind 案件</code> 綁定。",
    not_administrator="您必須是那個群組的管理員，我也必須在其中。",
    new_member="👤 {person} 加入了 {chat}，那裡可以查詢 {matters}。",
    new_member_bot="🤖 機器人 {person} 加入了 {chat}，那裡可以查詢 {matters}。",
    new_members="👥 有 {count} 人加入了 {chat}，那裡可以查詢 {matters}：",
    new_members_more="另有 {count} 人。",
    matter_title="您在這裡以及在其他聊天室裡查詢哪個案件？",
    matter_title_topic="您在這個主題裡查詢哪個案件？",
    matter_all_label="全部",
    matter_now="現在起，您在這裡查詢案件 {matter}。",
    matter_now_all="現在起，您在這裡查詢全部案件。",
    matter_only_one="您可以查詢的案件只有一個：{matter}。",
    matter_in_private="群組能查詢什麼，由綁定決定；請私訊我，選擇您自己的案件。",
    who_usage="請傳送 <code>/who 案件</code>，查看誰看得到它。",
    who_title="<b>誰可以查詢 {matter}</b>",
    who_owners="擁有者（可以查詢全部）：{owners}",
    who_none="除了擁有者以外沒有別人。",
    who_chats="<b>可以查詢它的群組與頻道</b>",
    who_in_private="請私訊傳給我：回答裡有人名。",
    dismiss_label="✖ {number} 號",
    dismiss_ask="要取消 {person} 查詢案件 {matter} 的許可嗎？",
    unbind_ask="要解除 {chat} 與案件 {matter} 的綁定嗎？",
    yes_label="是",
    chats_title="<b>群組與案件</b>",
    chats_none="沒有群組綁定到您保管的案件。",
    topic="主題 {thread}",
    since="自 {date}",
    by="經由 {person}",
    owners_title="<b>擁有者</b>",
    owner_set="由營運者設定",
    owner_revoke_ask="要取消 {person} 的擁有者身分嗎？",
    owner_revoked="{person} 不再是擁有者。",
    owner_last="不能取消最後一位擁有者：否則任何人都能認領機器人。",
    owners_only="只有擁有者可以這樣做。",
    guest_answered="我已用私訊回答。",
    guest_open="我只用私訊回答。",
    guest_label="開啟私訊",
    guest_choose="在其他聊天室提問時，要查詢您的哪個案件？請先用 /matter 選擇，再問一次。",
    profile="我只用團隊自己的文件作答：逐字引出最能回答問題的段落，每段都附出處，不寫任何自己的話。\n\n中文英文都可以問。須有邀請，或向擁有者申請查詢。",
    profile_short="只用團隊自己的文件逐字作答，每段都附出處。",
)
