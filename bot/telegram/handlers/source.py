"""Open a passage by citation id, number, button or link, and send its original file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.printable import printable_line
from bot.telegram.addressing import NEW, command_in, replied_to
from bot.telegram.context import Context, blocking, button_press_from, request_from
from bot.telegram.handlers.ask import empty_scope_view, explain_empty_scope
from bot.views.markup import Html, code, fill, joined, shortened
from bot.views.source import source_view
from bot.views.view import View
from corpus.citing.ids import parse_citation
from corpus.errors import AnotherContent, Damaged, MalformedCitation, NotFound, Withdrawn
from corpus.references import places, references_in

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.records.conversation import AskedQuestion
    from bot.telegram.context import ButtonPress, Handlers, Request
    from bot.texts.words import Texts
    from corpus.language.lengths import Span
    from corpus.models import DocumentRecord, Original, Scope

LARGEST_FILE: Final = 50 << 20
"""Bytes that a bot may send (https://core.telegram.org/bots/api#senddocument)."""
_CITATION = "[0-9A-Z]{8,60}-[0-9]{1,9}"
_TITLE_UNITS: Final = 160
_NAME_LENGTH: Final = 120


def handlers() -> Handlers:
    """`/source`, the buttons that open passages and page through them, and the file's button."""
    return [
        CommandHandler("source", on_source, NEW),
        CallbackQueryHandler(on_open, rf"^open:{_CITATION}(:\d{{1,7}}:\d{{1,7}})?$"),
        CallbackQueryHandler(on_turn, rf"^turn:{_CITATION}(:\d{{1,7}})?$"),
        CallbackQueryHandler(on_original, r"^file:[0-9A-Z]+$"),
    ]


async def on_source(update: Update, context: Context) -> None:
    """`/source K7Q2M3PD-4`, or `/source 2` in reply to an answer."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    command = command_in(message)
    argument = command.rest if command else ""
    if argument:
        await show_reference(request, argument, replied_to(message))
    else:
        await request.ask_for("source", request.texts.source_usage, request.texts.source_hint)


async def on_open(update: Update, context: Context) -> None:
    """Open a passage of an answer for whoever presses: others keep what they see.

    Every reader of a channel can press a button, but none of them may change the post.
    """
    press = await button_press_from(update, context)
    if press is None:
        return
    citation, *span = press.arguments
    answer = (int(span[0]), int(span[1])) if span else None
    passage = await open_source(press.request, citation, answer=answer)
    if isinstance(passage, Html):
        await press.toast(passage, alert=True)
        return
    await press.show_alone(passage, link=await _link_to(press, citation))


async def on_turn(update: Update, context: Context) -> None:
    """Replace an opened passage by another one, or by another part of it."""
    press = await button_press_from(update, context)
    if press is None:
        return
    citation, *part = press.arguments
    passage = await open_source(press.request, citation, int(part[0]) if part else 1)
    if isinstance(passage, Html):
        await press.toast(passage, alert=True)
        return
    await press.show_alone(passage, replaces=True, link=await _link_to(press, citation))


async def on_original(update: Update, context: Context) -> None:
    """Send the original file to whoever presses, and to nobody else."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, texts = press.request, press.request.texts.documents
    outbox = context.bot_data.outbox
    place = press.place_alone()
    if place.reader and not await outbox.way_to(place, place.reader):
        await press.toast(texts.original_in_private, alert=True)
        return
    wait = await blocking(context.bot_data.limit.wait, request.asker_id)
    if wait:
        await press.toast(request.texts.too_many_presses.format(seconds=wait))
        return
    loaded = await _load_original(press)
    if loaded is None:
        return
    document, original = loaded
    if len(original.content) > LARGEST_FILE:
        await press.toast(texts.original_too_large, alert=True)
        return
    await press.toast()
    await request.record("original", (f"{document.id}-1",))
    press.later(
        outbox.send_file(
            place,
            original.content,
            file_name(original),
            caption(document, request.texts),
            reply_to=request.message_id,
        )
    )


async def show_reference(request: Request, reference: str, answer: Message | None) -> None:
    """Reply with the passage that a person names, by citation id or by number in an answer."""
    # No citation id consists of digits alone.
    if reference.isdecimal():
        await _show_by_number(request, answer, reference)
    else:
        await show_source(request, reference)


async def show_numbered(request: Request, question: AskedQuestion, number: int) -> None:
    """Reply with the passage that an answer shows under a number."""
    if (await blocking(request.scope)).is_empty:
        await request.reply_alone(await empty_scope_view(request))
        return
    citations = question.citations
    citation = citations[number - 1] if 0 < number <= len(citations) else ""
    # What may not be seen any more is as if it had never been shown.
    is_open = await blocking(is_visible, request, citation) if citation else False
    if is_open:
        await show_source(request, citation)
    else:
        await request.reply_alone(View(fill(request.texts.no_such_number, number=number)))


async def show_source(request: Request, citation: str) -> None:
    """Reply with the passage of a citation id as a person typed it, or with the reason why not."""
    passage = await open_source(request, citation)
    view = passage if isinstance(passage, View) else View(passage)
    if passage == request.texts.not_admitted:
        view = await empty_scope_view(request)
    await request.reply_alone(view)


async def open_source(
    request: Request, text: str, part: int = 1, answer: Span | None = None
) -> View | Html:
    """The view of a passage that may be seen here and now, or the sentence that says why not.

    `answer`: the sentence of it that is marked.
    """
    # Ids can be guessed by trying: an opened passage costs little, thousands do not.
    wait = await blocking(request.bot_data.opening_limit.wait, request.asker_id)
    if wait:
        return fill(request.texts.too_many_presses, seconds=wait)
    # Opened by its name: the chosen matter limits what is asked, not what may be seen.
    scope = await blocking(request.reach)
    if scope.is_empty:
        return await explain_empty_scope(request)
    try:
        citation = parse_citation(text)
        library = request.bot_data.services.library
        source = await blocking(library.source, citation, scope)
    except MalformedCitation:
        return Html(request.texts.malformed)
    except (NotFound, Withdrawn) as error:
        return fill(_why_not(error, request.texts), citation=citation)
    await request.record("source", (source.passage.citation,))
    references = await blocking(references_in, library, source, scope)
    me = request.bot_data.outbox.username
    leads = [
        (words, f"https://t.me/{me}?start=s_{reference}")
        for words, reference in places(source.passage, references)
    ]
    has_file = await blocking(_is_handed_out, request, source.document.id, scope)
    return source_view(
        source, request.texts, part=part, answer=answer, leads=leads, has_file=has_file
    )


def _why_not(error: NotFound | Withdrawn, texts: Texts) -> str:
    """The sentence that says why a passage does not open."""
    if isinstance(error, AnotherContent):
        return texts.another_content
    if isinstance(error, Damaged):
        return texts.damaged
    # The same words for what does not exist and what is out of scope: neither may be told apart.
    return texts.withdrawn if isinstance(error, Withdrawn) else texts.not_found


def is_visible(request: Request, citation: str) -> bool:
    """Whether a passage may be seen here, or was withdrawn from here. Blocks."""
    library = request.bot_data.services.library
    try:
        library.source(parse_citation(citation), request.scope())
    except Withdrawn:
        return True
    except NotFound:
        return False
    return True


async def _link_to(press: ButtonPress, citation: str) -> str:
    """The payload that opens a passage in the private chat; '' where the presser may not see it."""
    access, library = press.request.bot_data.access, press.request.bot_data.services.library
    person_id = press.query.from_user.id

    def is_admitted() -> bool:
        try:
            library.source(parse_citation(citation), access.scope_of_person(person_id))
        except (MalformedCitation, NotFound, Withdrawn):
            return False
        return True

    if press.request.place.is_private or not await blocking(is_admitted):
        return ""
    return f"s_{citation}"


async def _show_by_number(request: Request, answer: Message | None, number: str) -> None:
    question = None
    if answer:
        find = request.bot_data.conversation.answered_by
        question = await blocking(find, request.place.chat_id, answer.message_id)
    if question is None:
        await request.reply(request.texts.source_usage)
        return
    # Longer numbers than three digits count no passage, and int() is slow for very long ones.
    await show_numbered(request, question, int(number) if len(number) < 4 else 0)


async def _load_original(press: ButtonPress) -> tuple[DocumentRecord, Original] | None:
    """The file, if it may be seen here and now; otherwise the person is told why not."""
    request, library = press.request, press.request.bot_data.services.library
    document_id, scope = press.arguments[0], await blocking(press.request.own_scope)
    try:
        document = await blocking(library.document, document_id, scope)
        if not await blocking(_is_handed_out, request, document_id, scope):
            await press.toast(request.texts.documents.original_kept, alert=True)
            return None
        return document, await blocking(library.original, document_id, scope)
    except NotFound:
        await press.toast(request.texts.no_access, alert=True)
    except Withdrawn:
        await press.toast(request.texts.documents.gone, alert=True)
    return None


def _is_handed_out(request: Request, document_id: str, scope: Scope) -> bool:
    """Whether one of the matters through which a document is seen gives its file away. Blocks."""
    files = request.bot_data.access.scope_of_files(scope)
    if files == scope:
        return True
    try:
        request.bot_data.services.library.document(document_id, files)
    except (NotFound, Withdrawn):
        return False
    return True


def caption(document: DocumentRecord, texts: Texts) -> Html:
    """The title and citation of a file, and whether a newer version replaces it."""
    title = shortened(printable_line(document.title), _TITLE_UNITS)
    lines = [fill("<b>{title}</b> · {citation}", title=title, citation=code(f"{document.id}-1"))]
    if document.superseded_by:
        lines.append(Html(texts.documents.original_superseded))
    return joined(lines)


def file_name(original: Original) -> str:
    """The name under which the file was added, on one line and without folders."""
    name = printable_line(original.name).replace("\\", "/").rpartition("/")[2].strip()
    return name[-_NAME_LENGTH:] or "document"
