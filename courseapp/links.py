"""Secret links: signed, revocable one by one, never stored. Like `db`, found through the application context."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

EXTENSION = "courseapp.links"


@dataclass(frozen=True)
class Links:
    """Makes and reads the addresses that stand in letters.

    `keys`: the signing key first, then keys that are still believed. A key names a registration and its serial;
    raising the registration's serial makes every earlier link dead.
    """

    base_url: str
    domain: str
    keys: tuple[str, ...]
    sender: str

    @cached_property
    def _signer(self) -> URLSafeSerializer:
        # itsdangerous signs with the last key of a list and believes them all.
        return URLSafeSerializer(
            list(reversed(self.keys)), salt="my-registration", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def key(self, registration_id: int, serial: int) -> str:
        """The secret of «Min påmelding»."""
        return str(self._signer.dumps([registration_id, serial]))

    def fingerprint(self, text: str) -> str:
        """A keyed hash, for counting tries of somebody without keeping who it was."""
        return hmac.new(self.keys[0].encode(), text.encode(), "sha256").hexdigest()

    def read(self, key: str) -> tuple[int, int] | None:
        """(registration id, serial) of a genuine key; None for anything forged, cut or foreign."""
        try:
            content = self._signer.loads(key)
        except BadSignature:
            return None
        return cast("tuple[int, int]", tuple(content))

    def mine(self, registration_id: int, serial: int) -> str:
        """Absolute address of «Min påmelding»."""
        return f"{self.base_url}/min/{self.key(registration_id, serial)}"

    def event(self, slug: str) -> str:
        """Absolute address of an event's page."""
        return f"{self.base_url}/arrangementer/{slug}"

    def feed(self, token: str) -> str:
        """Absolute address of a private calendar."""
        return f"{self.base_url}/kal/{token}.ics"


def links() -> Links:
    """The running application's links."""
    return cast("Links", current_app.extensions[EXTENSION])
