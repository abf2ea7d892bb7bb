"""The errors that the bot package raises on purpose.

FaceError
├── SettingsError     a setting has a wrong value; one line each, with name, value and what was
│                     expected
└── RefusalError      a request is refused, or its object does not exist; the message is shown
                      to the person
"""

from __future__ import annotations


class FaceError(Exception):
    """The root of every error this package raises on purpose."""


class SettingsError(FaceError):
    """A setting has a value that cannot be used."""


class RefusalError(FaceError):
    """A request is refused, or what it names does not exist."""
