"""English."""

from __future__ import annotations

from typing import Final

from bot.texts import checking, documents, inline, memos, people, privacy, reader, watches
from bot.texts.words import Texts

TEXTS: Final = Texts(
    welcome=(
        "I answer from your team's own documents: the passages that answer best, word for word, "
        "each with its citation. Write your question in English or Chinese."
    ),
    welcome_group=(
        "I answer from your team's own documents, word for word, each passage with its citation. "
        "Ask me with <code>/ask</code> and your question."
    ),
    may_ask="You may ask: {matters}.",
    may_ask_all="You are an owner and may ask every matter: {matters}.",
    no_matters_yet="There is no matter yet, and so nothing to ask.",
    not_admitted=("You cannot ask anything yet: an owner of this bot decides who may."),
    unclaimed=(
        "This bot has no owner yet: whoever runs it finds <code>/claim CODE</code> in its log and "
        "sends it to me here."
    ),
    help_private=(
        "<b>Ask</b> by writing a question; edit it, and the answer follows. Reply to an answer to "
        "go on from it.\n"
        "<b>Go on</b> within ten minutes: “and when?”, “more”, or the number of a passage.\n"
        "<b>Open</b> a passage whole with its 📖 button, or by its id, such as "
        "<code>K7Q2M3PD-4</code>; in reply to an answer, <code>/source 2</code>.\n"
        "<b>See</b> what there is with /documents, or <code>/documents WORDS</code>.\n"
        "<b>Keep</b> a passage with 📌: /kept lists them, "
        "<code>/memo [STYLE] TITLE</code> writes them out.\n"
        "<b>Check</b> quotations with <code>/check TEXT</code>, or /check in reply to a message or "
        "file.\n"
        "<b>Many documents</b> at once: /compare, <code>/each QUESTION</code>, /timeline.\n"
        "<b>Be told</b> of new documents with <code>/watch WORDS</code>: see /watches, /digest.\n"
        "<b>Choose</b> my language with /language, and your matter with /matter; "
        "/privacy tells what I keep.\n"
        "<b>In any chat</b> write my name and a question, and post what you choose.\n"
        "<b>In a group</b> I hear <code>/ask QUESTION</code>, /ask in reply to a message, "
        "and replies to my own messages."
    ),
    help_group=(
        "<b>Ask</b> with <code>/ask QUESTION</code>, with /ask in reply to a message, "
        "or by replying to one of mine; edit your question, and the answer follows.\n"
        "<b>Open</b> a passage whole with its 📖 button, or with <code>/source 2</code> in reply "
        "to an answer.\n"
        "<b>For you alone</b>: <code>/privately QUESTION</code>, or /me for short; what you open "
        "with a button only you see.\n"
        "<b>See</b> what there is with /documents, or <code>/documents WORDS</code>.\n"
        "<b>Keep</b> a passage with 📌: /kept lists them, "
        "<code>/memo [STYLE] TITLE</code> writes them out.\n"
        "<b>Check</b> quotations with <code>/check TEXT</code>, or /check in reply to a message or "
        "file.\n"
        "<b>Many documents</b> at once: /compare, <code>/each QUESTION</code>, /timeline.\n"
        "<b>Be told</b> of new documents with <code>/watch WORDS</code>: see /watches, /digest.\n"
        "I hear nothing else that is said here."
    ),
    help_keeper=(
        "<b>For owners and keepers</b>\n"
        "Send me a file to file it, or <code>/add [MATTER]</code> in reply to one.\n"
        "<code>/matters</code> lists what you keep; <code>/matters new NAME</code> creates one.\n"
        "<code>/bind MATTER [CHAT]</code> and <code>/unbind MATTER [CHAT]</code> say which "
        "matters a group, topic or channel may ask.\n"
        "<code>/admit USER MATTER [reader|keeper]</code> and <code>/dismiss USER MATTER</code> "
        "say who may ask in private; <code>/invite MATTER</code> makes a link that lets people "
        "in.\n"
        "<code>/who MATTER</code> and /chats show who may see what."
    ),
    ask_usage=(
        "Write the question after the command, such as "
        "<code>/ask why did the appeal reverse?</code>, or send /ask in reply to a message."
    ),
    ask_hint="Your question",
    privately_usage=(
        "Write the question after the command, such as "
        "<code>/privately when is the rent due?</code>: I answer it to you alone."
    ),
    privately_in_private=(
        "I cannot answer you alone in this group: press here once, then ask me again."
    ),
    open_private_label="🔒 Open our private chat",
    shown_in_private="I sent it to you in our private chat.",
    greeting=(
        "Ask me about your documents, for example “when does the lease end?” or "
        "“why did the appeal reverse?”"
    ),
    not_a_question="I answer questions written as text: write one, or see /help.",
    not_heard="I cannot listen to recordings: please write the question.",
    picture_needs_ocr="Send the page as a PDF file: I cannot read photos.",
    unknown_command="I do not know that command: /help names those I know.",
    too_many="You may ask {limit} questions a minute: please wait {seconds} s and ask again.",
    not_bound=(
        "No matter is bound to {place} yet: an owner who administers it can bind one with "
        "<code>/bind MATTER</code>."
    ),
    not_bound_channel=(
        "No matter is bound to this channel: an owner who administers it can bind one by sending "
        "me <code>/bind MATTER {chat}</code> in private."
    ),
    failed="Something went wrong on my side: please try again in a moment.",
    nothing_asked="Nothing was asked: write a question in words.",
    only_common_words=("The question holds only common words: add a name or a term to look for."),
    no_question="I answer questions about the documents kept here, with their own words. Ask me "
    "one.",
    no_article="There is no article {number} in {law} as it is held here.",
    no_documents="There are no documents here to answer from yet.",
    no_evidence="No passage answers this: none holds any word of the question.",
    no_evidence_of="None of the documents mentions {words}.",
    unsure="No passage answers this closely enough.",
    unsure_of="No passage answers this closely enough: none of the documents mentions {words}.",
    looked_for="“{word}”",
    nearest_title="No passage answers this closely enough; these come nearest.",
    understood="Understood as: {question}",
    looked_in="Looked in: {titles}",
    sure="sure",
    probable="probable",
    nearest_found="nearest found",
    page="p. {page}",
    scan="scan read with {percent} % certainty",
    also_in="also in {titles}",
    open_label="📖 Open {number}",
    more_label="More ▸",
    back_label="◂ Back",
    nearest_label="🔍 Nearest passages",
    everywhere_label="🌐 Look everywhere",
    copy_label="📋 Copy citation",
    useful_label="👍 Useful",
    not_useful_label="👎 Not useful",
    noted_useful="Noted as useful. Thank you.",
    noted_not_useful="Noted as not useful. Thank you.",
    button_gone="This button no longer works: please ask again.",
    no_more="There is nothing more.",
    no_access="You may not see this here.",
    too_many_presses="That was a lot at once: please wait {seconds} s.",
    failed_press="Something went wrong on my side: please try again.",
    source_usage=(
        "Name a passage, such as <code>/source K7Q2M3PD-4</code>; in reply to an answer its number "
        "is enough, such as <code>/source 2</code>."
    ),
    source_hint="K7Q2M3PD-4",
    whole_source="About this document",
    malformed=(
        "That is no citation id: one looks like <code>K7Q2M3PD-4</code> and stands below each "
        "passage."
    ),
    not_found="There is no passage {citation} here: check the id.",
    another_content=(
        "⚠️ {citation} is another document here than the one that was cited: the rest of its hash "
        "does not agree. Ask for that document itself."
    ),
    damaged=(
        "⚠️ {citation} is damaged on my disk, so I do not show it. Whoever runs me can bring it "
        "back: <code>pincite doctor --fix</code>"
    ),
    cannot_store=(
        "⚠️ I cannot write to my disk at the moment; it may be full. Your message is not lost: I "
        "answer it as soon as I can write again. Please tell whoever runs me."
    ),
    nothing_written=(
        "⚠️ Nothing can be written at the moment, so that questions and files wait: {problem}"
    ),
    withdrawn="The document of {citation} was withdrawn.",
    no_such_number="That answer shows no passage {number}.",
    superseded="⚠️ <b>Superseded</b>: a newer version of this document is on file.",
    position="passage {ordinal} of {count}",
    part="part {part} of {parts}",
    added="Added {date}",
    in_matter="Matter {matter}",
    previous_label="◀ Previous",
    next_label="Next ▶",
    newer_label="🆕 Open the new version",
    copy_plain_label="📋 Plain",
    matters_title="<b>Matters</b>",
    documents_count="{matter} · documents: {count}",
    bound_here="Bound here: {matters}.",
    nothing_bound_here="Nothing is bound here.",
    matters_usage="<code>/matters</code> lists them; <code>/matters new NAME</code> creates one.",
    matter_exists="Matter {matter} exists already.",
    matter_invalid=(
        "{name} is no name for a matter: 1 to 64 letters, digits, hyphens, underscores and "
        "full stops."
    ),
    matter_unknown="There is no matter {name} among those you keep: /matters lists them.",
    owners_only="Only an owner may create a matter.",
    keepers_only="Only owners, and keepers for their own matters, may use this command.",
    anonymous=(
        "I cannot tell who you are: this command does not work for anonymous administrators, "
        "channels or forwarded messages, so send it under your own name."
    ),
    administrators_only="Only somebody who administers {place} may bind a matter to it.",
    not_administrator_there=(
        "I do not see you among the administrators of {chat}: I have to be in it, and you have to "
        "administer it."
    ),
    this_chat="this group",
    this_topic="this topic",
    this_channel="this channel",
    bind_usage=(
        "Send <code>/bind MATTER</code> in a group or topic, or <code>/bind MATTER CHAT</code> in "
        "private, where CHAT is an id or @username."
    ),
    unbind_usage=(
        "Send <code>/unbind MATTER</code> in a group or topic, or "
        "<code>/unbind MATTER CHAT</code> in private, where CHAT is an id or @username."
    ),
    bound="Matter {matter} is now bound to {where}: everybody there may ask it.",
    already_bound="Matter {matter} is bound to {where} already.",
    unbound="Matter {matter} is no longer bound to {where}.",
    was_not_bound="Matter {matter} is not bound to {where}.",
    admit_usage=(
        "Send <code>/admit USER MATTER [reader|keeper]</code>, where USER is an id or the "
        "@username of someone I have seen, or <code>/admit MATTER</code> in reply to a message of "
        "theirs."
    ),
    dismiss_usage=(
        "Send <code>/dismiss USER MATTER</code>, where USER is an id or the @username of someone "
        "I have seen, or <code>/dismiss MATTER</code> in reply to a message of theirs."
    ),
    admitted_reader="{person} may now ask matter {matter} in private.",
    admitted_keeper="{person} now keeps matter {matter}.",
    dismissed="{person} is no longer admitted to matter {matter}.",
    was_not_admitted="{person} is not admitted to matter {matter}.",
    claimed="You are the owner of this bot now. /help says what an owner can do.",
    claim_usage="Send <code>/claim CODE</code> with the code from the log.",
    claim_wrong="That is not the code.",
    claim_locked="There were too many wrong tries: restart the bot, and it logs a new code.",
    claim_closed="This bot has an owner already.",
    claim_in_private="Send me that in a private chat.",
    language_choose="Choose my language.",
    language_set="I use English here from now on.",
    language_administrators="Only administrators may choose my language for {place}.",
    hears_commands=(
        "I hear <code>/ask QUESTION</code>, /ask in reply to a message, and replies to mine; "
        "nothing else."
    ),
    hears_mentions=(
        "I hear <code>/ask QUESTION</code>, /ask in reply to a message, replies to mine, and "
        "mentions of @{bot}; I answer to nothing else."
    ),
    hears_posts="I hear posts that begin with <code>/ask</code>; nothing else.",
    joined_bound="Bound here: {matters}.",
    joined_unbound="No matter is bound here yet.",
    next_ask="Now try <code>/ask</code> with a question.",
    next_post="Now try a post such as <code>/ask QUESTION</code>.",
    next_bind="Next, an owner who administers this chat sends <code>/bind MATTER</code>.",
    next_bind_channel=(
        "Next, an owner who administers this channel sends me in private "
        "<code>/bind MATTER {chat}</code>."
    ),
    documents=documents.EN,
    inline=inline.EN,
    reader=reader.EN,
    memos=memos.EN,
    checking=checking.EN,
    watches=watches.EN,
    privacy=privacy.EN,
    people=people.EN,
    commands={
        "start": "What I do, and what you may ask",
        "help": "How to ask",
        "ask": "Ask the documents a question",
        "privately": "Ask, and only you see the answer",
        "me": "The same, for short",
        "source": "Open a passage by its citation",
        "documents": "The documents that may be asked here",
        "kept": "Passages kept here",
        "memo": "Kept passages as a Word file; style and title may follow",
        "check": "Are quotations right?",
        "compare": "What changed between two documents",
        "each": "One question to every document",
        "timeline": "Dated sentences in order",
        "watch": "Be told when a new document answers",
        "watches": "The watches here",
        "unwatch": "End a watch",
        "digest": "Be told once a day, or at once",
        "language": "Choose my language",
        "matters": "The matters you keep; new NAME creates one",
        "matter": "Choose the matter that you ask",
        "who": "Who may see a matter",
        "chats": "Chats and the matters bound to them",
        "owners": "The owners of this bot",
        "invite": "A link that lets people in to a matter",
        "invitations": "Open invitations; revoke them",
        "bind": "Let a chat ask a matter",
        "unbind": "Stop a chat from asking a matter",
        "admit": "Let a person ask a matter",
        "dismiss": "Stop a person from asking a matter",
        "add": "File the document replied to",
        "privacy": "What I keep, and for how long",
        "forgetme": "Remove all that I keep of you",
        "export": "The audit as a file",
        "claim": "Become the first owner",
    },
)
