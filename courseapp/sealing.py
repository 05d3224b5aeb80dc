"""Secrets at rest: random tokens of which only a hash is kept, and texts sealed with a key that no database holds.

Like `links`, found through the application context. The only importer of cryptography.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import Dialect, String, TypeDecorator

EXTENSION = "courseapp.seal"
TOKEN_BYTES = 32
MARK = "sealed:1:"
LOST = "(forseglet med en nøkkel som ikke finnes lenger)"


@dataclass(frozen=True)
class Seal:
    """Seals with the first of `keys` and opens with all of them (rotation)."""

    keys: tuple[str, ...]

    @cached_property
    def _box(self) -> MultiFernet:
        return MultiFernet([Fernet(_derived(key)) for key in self.keys])

    def shut(self, text: str) -> str:
        """The text, so that only this installation can read it, and nobody can change it."""
        return self._box.encrypt(text.encode()).decode()

    def opened(self, sealed: str) -> str | None:
        """The text again; None where none of the keys fits."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def shut_long(self, text: str) -> str:
        """The same for long texts: made smaller first, and marked, so that they can be told from plain ones."""
        return MARK + self._box.encrypt(zlib.compress(text.encode(), 1)).decode()

    def opened_long(self, kept: str) -> str:
        """The text again. A plain one, from before they were sealed, is itself; what no key fits says LOST."""
        if not kept.startswith(MARK):
            return kept
        try:
            return zlib.decompress(self._box.decrypt(kept[len(MARK) :].encode())).decode()
        except InvalidToken:
            return LOST


def _derived(key: str) -> bytes:
    """A key of its own for this use (RFC 5869), so that a signature gives nothing away about it."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"courseapp: secrets at rest").derive(key.encode())
    return base64.urlsafe_b64encode(derived)


def seal() -> Seal:
    """The running application's seal."""
    return cast("Seal", current_app.extensions[EXTENSION])


class SealedText(TypeDecorator[str]):
    """A column for texts that hold secrets: whoever has the database alone reads nothing. Empty stays empty."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Shut what is written."""
        return seal().shut_long(value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open what is read."""
        return seal().opened_long(value) if value else value


def fresh_token() -> str:
    """A secret nobody can guess: 256 bits, fit for cookies and addresses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What is kept of a token. One round is enough for 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
