"""Buttons as Telegram's library has them: below a message, and in place of the keyboard."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    WebAppInfo,
)

if TYPE_CHECKING:
    from telegram import KeyboardButton

    from bot.views.view import Button, View


def picker(*buttons: KeyboardButton) -> ReplyKeyboardMarkup:
    """The app's own lists of people or chats, below the field for messages of a private chat."""
    rows = [[button] for button in buttons]
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)


def picker_number() -> int:
    """A number for a button that asks for people or chats: Telegram gives it back with them."""
    return secrets.randbits(31)


def keyboard(view: View) -> InlineKeyboardMarkup | None:
    """The buttons below a message."""
    rows = [[_button(button) for button in row] for row in view.rows]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.copy:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    if button.web_app:
        return InlineKeyboardButton(button.label, web_app=WebAppInfo(button.web_app))
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.data)
