"""Stands in for the network: plays a small, strict Telegram, and records what was said to it.

Whatever it was not told of is an error, so that no test ever reaches a real server.
"""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from telegram.request import BaseRequest, RequestData

from tests.bot.telegram.dialogue import rich_lines
from tests.bot.telegram.markup import Markup, check_message, utf16

BOT = {"id": 4242, "is_bot": True, "first_name": "Pincite", "username": "pincite_bot"}
TOKEN = "4242:AAStandInTokenThatOpensNothingAtAll00"


@dataclass(frozen=True)
class Call:
    """One request: the method of the Bot API and its parameters."""

    method: str
    parameters: dict[str, Any]


@dataclass
class Shown:
    """A message of the bot as it stands now."""

    chat_id: int
    message_id: int
    thread_id: int | None
    reply_to: int | None
    text: str
    html: str
    keyboard: list[list[dict[str, Any]]]
    edits: int = 0
    reader: int = 0
    """The one person who sees it; 0 where everybody does. Its id is negative then."""

    @property
    def labels(self) -> list[list[str]]:
        """What stands on the buttons, row by row."""
        return [[button["text"] for button in row] for row in self.keyboard]

    def button(self, label: str) -> dict[str, Any]:
        """The first button whose label holds these words."""
        buttons = [button for row in self.keyboard for button in row]
        return next(button for button in buttons if label in button["text"])


@dataclass
class Failure:
    """What the next request of a method is answered with."""

    method: str
    status: int
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)


class RequestDouble(BaseRequest):
    """Answers the requests of a bot without a network."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.shown: list[Shown] = []
        self.toasts: list[str] = []
        self.files: list[tuple[str, bytes]] = []
        self.failures: deque[Failure] = deque()
        self.administrators: dict[int, set[int]] = {}
        self.own_rights: set[int] = set()
        """The chats in which the bot is an administrator."""
        self.usernames: dict[str, int] = {}
        self.kinds: dict[int, str] = {}
        self.titles: dict[int, str] = {}
        self.hears_all = False
        self.is_new = True
        """Whether it knows Bot API 10.3, else 10.0: then it sends to all what is for one person."""
        self.stored: dict[str, bytes] = {}
        self._last_id = 1000

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    def said(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of a method."""
        return [call.parameters for call in self.calls if call.method == method]

    def next_id(self) -> int:
        """A message id that was not given out yet."""
        self._last_id += 1
        return self._last_id

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        """Answer one request as Telegram would."""
        if method == "GET":
            return self._download(url)
        server, _slash, called = url.rpartition("/")
        assert server.endswith(f"/bot{TOKEN}"), "another token"
        parameters = {} if request_data is None else request_data.parameters
        if request_data and request_data.multipart_data:
            parameters = parameters | {"files": request_data.multipart_data}
        self.calls.append(Call(called, parameters))
        if self.failures and self.failures[0].method == called:
            failure = self.failures.popleft()
            body = {"ok": False, "description": failure.description}
            if failure.parameters:
                body["parameters"] = failure.parameters
            return failure.status, json.dumps(body).encode()
        answer = getattr(self, f"_{called}", None)
        assert answer is not None, f"nobody expected a call of {called}"
        return 200, json.dumps({"ok": True, "result": answer(parameters)}).encode()

    def _download(self, url: str) -> tuple[int, bytes]:
        """A file that was asked for by its id before."""
        server, _, name = url.rpartition("/")
        assert unquote(server).endswith(f"/file/bot{TOKEN}/documents"), f"a download of {url}"
        assert any(call.parameters.get("file_id") == name for call in self.calls)
        self.calls.append(Call("file", {"name": name}))
        return 200, self.stored[name]

    # -- the methods, by their names in the Bot API ----------------------------------------------

    def _getMe(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return BOT | {"can_read_all_group_messages": self.hears_all}

    def _getMyCommands(self, _: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: N802
        command = {"command": "help", "description": "Help"}
        return [command | ({"is_ephemeral": True} if self.is_new else {})]

    def _setMessageReaction(self, said: dict[str, Any]) -> bool:  # noqa: N802
        assert said["message_id"] > 0
        return True

    def _deleteMessage(self, said: dict[str, Any]) -> bool:  # noqa: N802
        self.shown = [each for each in self.shown if each.message_id != said["message_id"]]
        return True

    def _deleteEphemeralMessage(self, said: dict[str, Any]) -> bool:  # noqa: N802
        sent = -said["ephemeral_message_id"]
        self.shown = [each for each in self.shown if each.message_id != sent]
        return True

    def _editEphemeralMessageText(self, said: dict[str, Any]) -> bool:  # noqa: N802
        assert utf16(Markup(said["text"]).text) <= 1024, "more than an edit takes"
        at = (int(said["chat_id"]), -said["ephemeral_message_id"])
        shown = next(each for each in self.shown if (each.chat_id, each.message_id) == at)
        assert shown.reader == said["receiver_user_id"]
        keyboard = said.get("reply_markup", {}).get("inline_keyboard", [])
        shown.text = check_message(said["text"], keyboard)
        shown.html, shown.keyboard, shown.edits = said["text"], keyboard, shown.edits + 1
        return True

    def _sendRichMessage(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        assert said["rich_message"]["blocks"]
        text = "\n".join(rich_lines(said["rich_message"]["blocks"]))
        keyboard = said.get("reply_markup", {}).get("inline_keyboard", [])
        thread, reply = said.get("message_thread_id"), said.get("reply_parameters", {})
        place = (int(said["chat_id"]), self.next_id(), thread, reply.get("message_id"))
        shown = Shown(*place, text, text, keyboard)
        self.shown.append(shown)
        return self.message(shown)

    def _sendMessage(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        assert said["parse_mode"] == "HTML"
        assert said["link_preview_options"] == {"is_disabled": True}
        keyboard = said.get("reply_markup", {}).get("inline_keyboard", [])
        text = check_message(said["text"], keyboard)
        alone = said.get("ephemeral_message_parameters") if self.is_new else None
        reply = said.get("reply_parameters", {})
        if reply and not alone:
            assert reply["message_id"] > 0, "public, and no reply"
            assert reply["allow_sending_without_reply"], "a deleted question stops it"
        shown = Shown(
            int(said["chat_id"]),
            -self.next_id() if alone else self.next_id(),
            said.get("message_thread_id"),
            reply.get("message_id"),
            text,
            said["text"],
            keyboard,
            reader=alone["receiver_user_id"] if alone else 0,
        )
        self.shown.append(shown)
        return self.message(shown)

    def _sendDocument(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        ((name, content, _kind),) = said["files"].values()
        assert len(content) <= 50_000_000, "a file that is too large"
        caption = said.get("caption", "")
        assert utf16(Markup(caption).text) <= 1024, "a caption that is too long"
        self.files.append((name, content))
        alone = said.get("ephemeral_message_parameters") if self.is_new else None
        number = -self.next_id() if alone else self.next_id()
        place = (int(said["chat_id"]), number, said.get("message_thread_id"))
        reply = said.get("reply_parameters", {}).get("message_id")
        shown = Shown(*place, reply, Markup(caption).text, caption, [])
        shown.reader = alone["receiver_user_id"] if alone else 0
        file = {"file_id": "f", "file_unique_id": "u", "file_name": name}
        described = {key: each for key, each in self.message(shown).items() if key != "text"}
        return described | {"document": file, "caption": shown.text}

    def _editMessageText(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        at = (int(said["chat_id"]), said["message_id"])
        shown = next(each for each in self.shown if (each.chat_id, each.message_id) == at)
        keyboard = said.get("reply_markup", {}).get("inline_keyboard", [])
        assert (said["text"], keyboard) != (shown.html, shown.keyboard), "nothing is modified"
        shown.text = check_message(said["text"], keyboard)
        shown.html, shown.keyboard, shown.edits = said["text"], keyboard, shown.edits + 1
        return self.message(shown)

    def _getFile(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = said["file_id"]
        size = len(self.stored[name])
        assert size <= 20 << 20, "larger than what is handed out"
        unique = {"file_unique_id": "u", "file_path": f"documents/{name}"}
        return {"file_id": name, "file_size": size} | unique

    def _answerCallbackQuery(self, said: dict[str, Any]) -> bool:  # noqa: N802
        text = said.get("text", "")
        assert utf16(text) <= 200, "a toast that is too long"
        assert "<" not in text, "markup in a toast"
        self.toasts.append(text)
        return True

    def _answerInlineQuery(self, said: dict[str, Any]) -> bool:  # noqa: N802
        assert (said["cache_time"], said["is_personal"]) == (0, True)
        ids = [result["id"] for result in said["results"]]
        assert len(ids) == len(set(ids)) <= 50
        for result in said["results"]:
            assert result["title"].strip()
            assert len(result["id"].encode()) in range(1, 65)
            posted = result["input_message_content"]
            assert posted["parse_mode"] == "HTML"
            assert posted["link_preview_options"] == {"is_disabled": True}
            check_message(posted["message_text"], [])
        button = said.get("button", {"text": "x", "start_parameter": "x"})
        assert button["text"].strip()
        assert re.fullmatch("[A-Za-z0-9_-]{1,64}", button["start_parameter"])
        return True

    def _answerGuestQuery(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        posted = said["result"]["input_message_content"]
        check_message(posted["message_text"], [])
        return {"inline_message_id": "guest"}

    def _sendChatAction(self, said: dict[str, Any]) -> bool:  # noqa: N802
        assert said["action"] == "typing"
        return True

    def _setMyCommands(self, said: dict[str, Any]) -> bool:  # noqa: N802
        assert all(len(command["description"]) <= 256 for command in said["commands"])
        return True

    def _getChatMember(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        user = {"id": said["user_id"], "is_bot": False, "first_name": "Somebody"}
        if said["user_id"] == BOT["id"]:
            status = "administrator" if int(said["chat_id"]) in self.own_rights else "member"
            return _member_of(status)
        administers = said["user_id"] in self.administrators.get(int(said["chat_id"]), set())
        if administers:
            return {"status": "creator", "user": user, "is_anonymous": False}
        return {"status": "member", "user": user}

    def _getChat(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {
            "id": self.usernames[said["chat_id"]],
            "type": "channel",
            "title": "A channel",
            "accent_color_id": 1,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                (
                    "unlimited_gifts",
                    "limited_gifts",
                    "unique_gifts",
                    "premium_subscription",
                    "gifts_from_channels",
                ),
                False,
            ),
        }

    def message(self, shown: Shown) -> dict[str, Any]:
        """A message of the bot as Telegram describes it."""
        private = shown.chat_id > 0
        kind = "private" if private else self.kinds.get(shown.chat_id, "supergroup")
        chat = {"id": shown.chat_id, "type": kind}
        chat |= (
            {"first_name": "Somebody"}
            if private
            else {"title": self.titles.get(shown.chat_id, "A group")}
        )
        described: dict[str, Any] = {
            "message_id": shown.message_id,
            "date": 1_700_000_000,
            "chat": chat,
            "from": BOT,
            "text": shown.text,
        }
        if shown.reader:
            described |= {"message_id": 0, "ephemeral_message_id": -shown.message_id}
            described |= {"receiver_user": {"id": shown.reader, "is_bot": False, "first_name": "S"}}
        if shown.thread_id:
            described |= {"message_thread_id": shown.thread_id, "is_topic_message": True}
        if shown.keyboard:
            described["reply_markup"] = {"inline_keyboard": shown.keyboard}
        return described


def _member_of(status: str) -> dict[str, Any]:
    """The bot itself as a member of a chat."""
    rights = (
        "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats"
        " can_restrict_members can_promote_members can_change_info can_invite_users"
        " can_post_stories can_edit_stories can_delete_stories"
    )
    described = {"status": status, "user": BOT}
    return described | (dict.fromkeys(rights.split(), False) if status != "member" else {})
