"""The texts of a language, one field each: mypy reports a text that a language lacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.texts.marks import PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.texts.checking import CheckTexts
    from bot.texts.documents import DocumentTexts
    from bot.texts.inline import InlineTexts
    from bot.texts.memos import MemoTexts
    from bot.texts.people import PeopleTexts
    from bot.texts.privacy import PrivacyTexts
    from bot.texts.reader import ReaderTexts
    from bot.texts.watches import WatchTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The texts of one language, in the order in which a person meets them."""

    # greeting and help
    welcome: str
    welcome_group: str
    may_ask: str
    may_ask_all: str
    no_matters_yet: str
    not_admitted: str
    unclaimed: str
    help_private: str
    help_group: str
    help_keeper: str

    # asking
    ask_usage: str
    ask_hint: str = field(metadata=PLAIN)
    privately_usage: str
    privately_in_private: str
    open_private_label: str = field(metadata=PLAIN)
    shown_in_private: str = field(metadata=PLAIN)
    greeting: str
    not_a_question: str
    not_heard: str
    picture_needs_ocr: str
    unknown_command: str
    too_many: str
    not_bound: str
    not_bound_channel: str
    failed: str

    # when no passage answers
    nothing_asked: str
    only_common_words: str
    no_question: str
    no_article: str
    no_documents: str
    no_evidence: str
    no_evidence_of: str
    unsure: str
    unsure_of: str
    looked_for: str
    nearest_title: str

    # on and below an answer
    understood: str
    looked_in: str
    sure: str
    probable: str
    nearest_found: str
    page: str
    scan: str
    also_in: str
    open_label: str = field(metadata=PLAIN)
    more_label: str = field(metadata=PLAIN)
    back_label: str = field(metadata=PLAIN)
    nearest_label: str = field(metadata=PLAIN)
    everywhere_label: str = field(metadata=PLAIN)
    copy_label: str = field(metadata=PLAIN)
    useful_label: str = field(metadata=PLAIN)
    not_useful_label: str = field(metadata=PLAIN)
    noted_useful: str = field(metadata=PLAIN)
    noted_not_useful: str = field(metadata=PLAIN)
    button_gone: str = field(metadata=PLAIN)
    no_more: str = field(metadata=PLAIN)
    no_access: str = field(metadata=PLAIN)
    too_many_presses: str = field(metadata=PLAIN)
    failed_press: str = field(metadata=PLAIN)

    # a source
    source_usage: str
    source_hint: str = field(metadata=PLAIN)
    whole_source: str
    malformed: str
    not_found: str
    another_content: str
    damaged: str
    cannot_store: str
    nothing_written: str
    withdrawn: str
    no_such_number: str
    superseded: str
    position: str
    part: str
    added: str
    in_matter: str
    previous_label: str = field(metadata=PLAIN)
    next_label: str = field(metadata=PLAIN)
    newer_label: str = field(metadata=PLAIN)
    copy_plain_label: str = field(metadata=PLAIN)

    # matters, and who may ask them
    matters_title: str
    documents_count: str
    bound_here: str
    nothing_bound_here: str
    matters_usage: str
    matter_exists: str
    matter_invalid: str
    matter_unknown: str
    owners_only: str
    keepers_only: str
    anonymous: str
    administrators_only: str
    not_administrator_there: str
    this_chat: str
    this_topic: str
    this_channel: str
    bind_usage: str
    unbind_usage: str
    bound: str
    already_bound: str
    unbound: str
    was_not_bound: str
    admit_usage: str
    dismiss_usage: str
    admitted_reader: str
    admitted_keeper: str
    dismissed: str
    was_not_admitted: str

    # the first owner
    claimed: str
    claim_usage: str
    claim_wrong: str
    claim_locked: str
    claim_closed: str
    claim_in_private: str

    # the language
    language_choose: str
    language_set: str
    language_administrators: str = field(metadata=PLAIN)

    # on joining a chat
    hears_commands: str
    hears_mentions: str
    hears_posts: str
    joined_bound: str
    joined_unbound: str
    next_ask: str
    next_post: str
    next_bind: str
    next_bind_channel: str

    documents: DocumentTexts
    inline: InlineTexts
    reader: ReaderTexts
    memos: MemoTexts
    checking: CheckTexts
    watches: WatchTexts
    privacy: PrivacyTexts
    people: PeopleTexts

    commands: Mapping[str, str] = field(metadata=PLAIN)
    """A description of each command, for the list that Telegram shows."""
