"""Log-in providers as the rest of the house knows them; `oidc_client` talks to them, where there are any.

Like `links`, found through the application context.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from flask import current_app

from courseapp.domain.errors import DomainError
from courseapp.domain.logging_in import Claims
from courseapp.domain.marking import N_
from courseapp.oidc_settings import OidcProvider

EXTENSION = "courseapp.oidc"


class ProviderAway(DomainError):
    """The provider does not answer, or not in a way that makes sense."""

    message = N_("Innloggingen hos kommunen svarer ikke nå. Prøv igjen om litt.")


class ProviderAnswerRefused(DomainError):
    """What came back is not an answer to what was asked: forged, replayed, too old, or for somebody else."""

    message = N_("Innloggingen hos kommunen ble avbrutt eller gikk ut på tid. Prøv igjen.")


@dataclass(frozen=True, kw_only=True)
class Trip:
    """One round trip to a provider; the browser carries it along in its signed cookie."""

    state: str
    nonce: str
    verifier: str


class Providers(Protocol):
    """Those of the settings, and the way there and back."""

    @property
    def all(self) -> tuple[OidcProvider, ...]:
        """Every one."""

    def named(self, name: str) -> OidcProvider | None:
        """The provider of that name."""

    def begin(self, provider: OidcProvider, *, back_to: str, now: datetime, anew: bool = False) -> tuple[str, Trip]:
        """Where to send the browser, and what to remember meanwhile. `anew`: she shall show who she is once more.

        Raises ProviderAway.
        """

    def finish(
        self, provider: OidcProvider, trip: Trip, answer: Mapping[str, str], *, back_to: str, now: datetime
    ) -> Claims:
        """Who came back. Raises ProviderAnswerRefused where anything does not fit, and ProviderAway."""


class Nobody:
    """No provider: most installations."""

    all: tuple[OidcProvider, ...] = ()

    def named(self, name: str) -> OidcProvider | None:
        """None has that name."""
        return None

    def begin(self, provider: OidcProvider, *, back_to: str, now: datetime, anew: bool = False) -> tuple[str, Trip]:
        """There is no way to one."""
        raise ProviderAway

    def finish(
        self, provider: OidcProvider, trip: Trip, answer: Mapping[str, str], *, back_to: str, now: datetime
    ) -> Claims:
        """Nor back."""
        raise ProviderAnswerRefused


def providers() -> Providers:
    """The running application's providers."""
    return cast("Providers", current_app.extensions[EXTENSION])
