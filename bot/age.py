"""Encryption of backups with age (https://age-encryption.org), by the library pyrage.

Whoever makes backups needs the recipient alone, which is public. The identity, which decrypts them,
belongs somewhere else: `age-keygen` or `pincite backup --new-identity FILE` makes one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bot.errors import SettingsError
from corpus.errors import BackupRefused

_MISSING: Final = "encrypted backups need a library: pip install 'pincite[encrypt]'"


class AgeCipher:
    """Encrypts for recipients, and decrypts with the identities in a file."""

    def __init__(self, recipients: Sequence[str] = (), identity: Path | None = None) -> None:
        """Raises SettingsError: a recipient or the file of an identity is none."""
        self._age = _library()
        self._recipients = [self._recipient(text) for text in recipients]
        self._identities = self._read(identity) if identity else []

    def encrypt(self, source: Path, to: Path) -> None:
        """Write `source` encrypted for every recipient. Raises BackupRefused."""
        try:
            self._age.encrypt_file(str(source), str(to), self._recipients)
        except self._age.EncryptError as error:
            raise BackupRefused(f"{to} cannot be encrypted: {error}") from None

    def decrypt(self, source: Path, to: Path) -> None:
        """Write `source` decrypted. Raises BackupRefused."""
        try:
            self._age.decrypt_file(str(source), str(to), self._identities)
        except (self._age.DecryptError, OSError) as error:
            raise BackupRefused(
                f"{source} cannot be decrypted ({error}): name the identity that it was made for,"
                " or use another backup"
            ) from None

    def _recipient(self, text: str) -> Any:
        kind = self._age.ssh if text.startswith("ssh-") else self._age.x25519
        try:
            return kind.Recipient.from_str(text.strip())
        except self._age.RecipientError:
            raise SettingsError(
                f"--recipient is {text!r}; expected age1… or a line of an SSH public key"
            ) from None

    def _read(self, file: Path) -> list[Any]:
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"--identity {file} cannot be read: {error}") from None
        lines = [line.strip() for line in text.splitlines()]
        try:
            if "PRIVATE KEY" in text:
                return [self._age.ssh.Identity.from_buffer(text.encode())]
            keys = [line for line in lines if line and not line.startswith("#")]
            identities = [self._age.x25519.Identity.from_str(key) for key in keys]
        except self._age.IdentityError:
            identities = []
        if not identities:
            # Its content is a secret: nothing of it is repeated.
            raise SettingsError(
                f"--identity {file} holds no key; expected a line AGE-SECRET-KEY-1…"
                " as age-keygen writes it, or an SSH key without a passphrase"
            )
        return identities


def make_identity(file: Path) -> str:
    """Write a new identity into a file that is not there yet; returns its recipient.

    Raises SettingsError.
    """
    identity = _library().x25519.Identity.generate()
    recipient = str(identity.to_public())
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SettingsError(f"{file} cannot be made ({error.strerror}): name a new file") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as output:
        output.write(f"# public key: {recipient}\n{identity}\n")
    return recipient


def _library() -> Any:
    try:
        import pyrage  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise SettingsError(_MISSING) from None
    return pyrage
