"""What the face refuses on purpose.

FaceError
├── SettingsError     a setting that cannot be used; one line each, with name, value and what was
│                     expected
└── RefusalError      what was asked for is refused or not there; the message is the line shown
"""

from __future__ import annotations


class FaceError(Exception):
    """The root of every error this package raises on purpose."""


class SettingsError(FaceError):
    """A setting that cannot be used."""


class RefusalError(FaceError):
    """Something asked for that is refused or not there."""
