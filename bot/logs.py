"""Structured logs on standard error: one record for each event, and never a secret in one."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TYPE_CHECKING, TextIO, TypeAlias
from urllib.parse import quote_plus

import structlog
from pydantic import SecretStr

from bot.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from structlog.typing import EventDict, Processor, WrappedLogger

    from bot.settings import Settings

ErrorInfo: TypeAlias = "tuple[type[BaseException], BaseException, TracebackType | None]"

HIDDEN = "(hidden)"
_LONGEST_TRACE = 500  # lines
_OWN = ("bot", "corpus", "index", "tools")
# These log each request at INFO, and the address of a request to Telegram holds the token.
_NOISY = ("httpx", "httpcore", "apscheduler", "tornado.access", "jieba", "watchfiles")


def configure_logs(
    settings: Settings, *, quiet: bool = False, stream: TextIO | None = None
) -> None:
    """Send the records of structlog and of the standard library to `stream` (standard error).

    With `quiet`, only warnings are logged, unless the settings name a level. Commands that print
    an answer and end use it.
    """
    level = (settings.log_level or ("warning" if quiet else "info")).upper()
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # a cached logger would keep the settings of a test
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _one_line,
                *_rendering(json=settings.log_json, colours=stream.isatty()),
                SecretsFilter(secrets_of(settings)),
            ],
        )
    )
    logging.getLogger().handlers = [handler]
    _set_levels(level)


def _set_levels(level: str) -> None:
    root = logging.getLogger()
    # Libraries write down at DEBUG what they send and receive: questions, passages, statements.
    root.setLevel(max(logging.INFO, logging.getLevelName(level)))
    for name in _OWN:
        logging.getLogger(name).setLevel(level)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Make values printable: a user's text must not add a log line or move the cursor."""
    return {
        key: printable_line(value) if isinstance(value, str) and key != "exc_info" else value
        for key, value in event.items()
    }


def _rendering(*, json: bool, colours: bool) -> list[Processor]:
    if json:
        return [
            structlog.processors.ExceptionRenderer(_where),
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
    # Rich's tracebacks print the values of local variables, which can be confidential.
    return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=_write_where)]


def _write_where(stream: TextIO, error: ErrorInfo) -> None:
    stream.write(f"\n{_where(error)}")


def _where(exc_info: ErrorInfo) -> str:
    """Where an error happened and of which kind it is, without its words.

    Logs are sent to whoever helps, and an error's words may quote a question or a document.
    """
    lines: list[str] = []
    current: BaseException | None = exc_info[1]
    while current is not None and len(lines) < _LONGEST_TRACE:
        lines += [f"{type(current).__name__} (its words are left out)\n"]
        lines += traceback.format_tb(current.__traceback__)
        current = current.__cause__ or current.__context__
    return "".join(lines).rstrip("\n")


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The values of all secrets that are set, longest first, also as they stand in a URL.

    Longest first, because a secret may contain another one.
    """
    values = [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
    return tuple(sorted({*values, *map(quote_plus, values)}, key=len, reverse=True))


class SecretsFilter:
    """The last step of rendering: removes the secrets from the finished text."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)

    def __call__(self, _logger: WrappedLogger, _method: str, rendered: EventDict | str) -> str:
        text = str(rendered)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text
