"""Secret links: signed, revocable one by one, never stored. Like `db`, found through the application context."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import cast
from urllib.parse import urlencode

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from courseapp.domain.language import Language

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
        return self._signer_of("my-registration")

    @cached_property
    def _leader_signer(self) -> URLSafeSerializer:
        return self._signer_of("course-leader")

    @cached_property
    def _check_in_signer(self) -> URLSafeSerializer:
        return self._signer_of("check-in")

    def _signer_of(self, salt: str) -> URLSafeSerializer:
        # itsdangerous signs with the last key of a list and believes them all.
        return URLSafeSerializer(list(reversed(self.keys)), salt=salt, signer_kwargs={"digest_method": hashlib.sha256})

    def key(self, registration_id: int, serial: int) -> str:
        """The secret of «Min påmelding»."""
        return str(self._signer.dumps([registration_id, serial]))

    def fingerprint(self, text: str) -> str:
        """A keyed hash, for counting tries of somebody without keeping who it was."""
        return hmac.new(self.keys[0].encode(), text.encode(), "sha256").hexdigest()

    def read(self, key: str) -> tuple[int, int] | None:
        """(registration id, serial) of a genuine key; None for anything forged, cut or foreign."""
        return cast("tuple[int, int] | None", _believed(self._signer, key))

    def leader_key(self, leader_id: int, serial: int) -> str:
        """The secret of a course leader's own pages."""
        return str(self._leader_signer.dumps([leader_id, serial]))

    def read_leader(self, key: str) -> tuple[int, int] | None:
        """(leader id, serial) of a genuine key; None for anything else, participants' keys included."""
        return cast("tuple[int, int] | None", _believed(self._leader_signer, key))

    def leader(self, leader_id: int, serial: int) -> str:
        """Absolute address of a course leader's own pages."""
        return f"{self.base_url}/leder/{self.leader_key(leader_id, serial)}"

    def check_in(self, session_id: int) -> str:
        """Absolute address at which people say that they are at a session."""
        return f"{self.base_url}/oppmote/{self._check_in_signer.dumps([session_id])}"

    def read_check_in(self, key: str) -> int | None:
        """The session of a genuine check-in address; None for anything else."""
        found = _believed(self._check_in_signer, key)
        return None if found is None else int(found[0])

    def evaluation(self, event_id: int) -> str:
        """Absolute address at which an event is evaluated; the same for everybody, so that nobody can be told apart."""
        return f"{self.base_url}/evaluering/{self._event_signer.dumps(event_id)}"

    def read_evaluation(self, token: str) -> int | None:
        """The event of a genuine evaluation link."""
        try:
            return int(self._event_signer.loads(token))
        except BadSignature:
            return None

    @cached_property
    def _event_signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(
            list(reversed(self.keys)), salt="evaluation", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def mine(self, registration_id: int, serial: int, language: Language = Language.BOKMAL) -> str:
        """Absolute address of «Min påmelding», which opens in that language."""
        return _spoken(f"{self.base_url}/min/{self.key(registration_id, serial)}", language)

    def event(self, slug: str) -> str:
        """Absolute address of an event's page."""
        return f"{self.base_url}/arrangementer/{slug}"

    def listing(self, ending: str = "", **chosen: str | int) -> str:
        """Absolute address of the public list as a page, or as «json», «atom» or «ics», with its filters."""
        path = f"/arrangementer.{ending}" if ending else "/"
        return f"{self.base_url}{path}{'?' if chosen else ''}{urlencode(chosen)}"

    def certificate(self, number: str, code: str) -> str:
        """Absolute address at which a kursbevis can be checked, as it stands in the code on the paper."""
        return f"{self.base_url}/kursbevis/{number}?kode={code}"

    @property
    def log_in(self) -> str:
        """Absolute address of the organizers' log-in."""
        return f"{self.base_url}/kontor/logg-inn"

    def password(self, token: str) -> str:
        """Absolute address at which a user chooses a password."""
        return f"{self.base_url}/kontor/passord/{token}"

    def feed(self, token: str, language: Language = Language.BOKMAL) -> str:
        """Absolute address of a private calendar."""
        return _spoken(f"{self.base_url}/kal/{token}.ics", language)


def _spoken(address: str, language: Language) -> str:
    """The address with the language its page shall speak; bokmål needs no word."""
    return address if language is Language.BOKMAL else f"{address}?sprak={language.value}"


def _believed(signer: URLSafeSerializer, key: str) -> tuple[int, ...] | None:
    try:
        return tuple(signer.loads(key))
    except BadSignature:
        return None


def links() -> Links:
    """The running application's links."""
    return cast("Links", current_app.extensions[EXTENSION])
