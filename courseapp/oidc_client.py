"""Talks to log-in providers: OpenID Connect, authorization code with PKCE, state and nonce. The importer of authlib.

Loaded only where the settings name a provider. Every question is bounded in time.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from courseapp.domain.logging_in import Claims
from courseapp.oidc import ProviderAnswerRefused, ProviderAway, Trip
from courseapp.oidc_settings import OidcProvider, secure_address

TIMEOUT_SECONDS = 5
KEPT = timedelta(hours=1)
LEEWAY_SECONDS = 60
ALGORITHMS = ("RS256", "PS256", "ES256")
WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What a provider tells about itself."""

    authorization: str
    token: str
    keys_at: str
    keys: jwk.KeySet
    read_at: datetime


@dataclass
class Client:
    """Those of the settings, by name, and what each told about itself within the last hour."""

    all: tuple[OidcProvider, ...]
    _known: dict[str, _Known] = field(default_factory=dict)

    def named(self, name: str) -> OidcProvider | None:
        """The provider of that name."""
        return next((one for one in self.all if one.name == name), None)

    def begin(self, provider: OidcProvider, *, back_to: str, now: datetime, anew: bool = False) -> tuple[str, Trip]:
        """Where to send the browser, and what to remember meanwhile. `anew`: she shall show who she is once more.

        Raises ProviderAway.
        """
        known = self._about(provider, now)
        trip = Trip(
            state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48)
        )
        asked = {"nonce": trip.nonce, **({"prompt": "login", "max_age": "0"} if anew else {})}
        with _client(provider, back_to) as client:
            address, _state = client.create_authorization_url(
                known.authorization, state=trip.state, code_verifier=trip.verifier, **asked
            )
        return str(address), trip

    def finish(
        self, provider: OidcProvider, trip: Trip, answer: Mapping[str, str], *, back_to: str, now: datetime
    ) -> Claims:
        """Who came back. Raises ProviderAnswerRefused where anything does not fit, and ProviderAway."""
        given = answer.get("state", "")
        if not secrets.compare_digest(given.encode(), trip.state.encode()) or not answer.get("code"):
            raise ProviderAnswerRefused
        if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207, where the provider sends it
            raise ProviderAnswerRefused
        token = self._exchange(provider, answer["code"], trip, back_to, now)
        return self._believed(provider, token, trip, now)

    def _exchange(self, provider: OidcProvider, code: str, trip: Trip, back_to: str, now: datetime) -> str:
        known = self._about(provider, now)
        with _client(provider, back_to) as client:
            try:
                answer = client.fetch_token(
                    known.token,
                    code=code,
                    code_verifier=trip.verifier,
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                )
            except (requests.RequestException, ValueError) as problem:
                raise ProviderAway from problem
            except AuthlibBaseError as problem:
                raise ProviderAnswerRefused from problem
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderAnswerRefused
        return token

    def _believed(self, provider: OidcProvider, token: str, trip: Trip, now: datetime) -> Claims:
        """The claims of an ID token after every check of OpenID Connect Core, 3.1.3.7."""
        try:
            claims = jwt.decode(token, self._about(provider, now).keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            # The provider may have new keys since they were read.
            keys = self._about(provider, now, afresh=True).keys
            try:
                claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            except (JoseError, ValueError) as problem:
                raise ProviderAnswerRefused from problem
        try:
            _rules(provider, trip, now).validate(claims)
        except (JoseError, ValueError) as problem:
            raise ProviderAnswerRefused from problem
        if claims.get("azp", provider.client_id) != provider.client_id:
            raise ProviderAnswerRefused
        return _read(claims)

    def _about(self, provider: OidcProvider, now: datetime, *, afresh: bool = False) -> _Known:
        kept = self._known.get(provider.issuer)
        if kept is not None and not afresh and abs(now - kept.read_at) < KEPT:
            return kept
        try:
            told = _fetched(provider.issuer.rstrip("/") + WELL_KNOWN)
            if told.get("issuer") != provider.issuer:
                raise ValueError("another issuer")
            keys_at = secure_address(str(told["jwks_uri"]))
            known = _Known(
                authorization=secure_address(str(told["authorization_endpoint"])),
                token=secure_address(str(told["token_endpoint"])),
                keys_at=keys_at,
                keys=jwk.KeySet.import_key_set(cast("Any", _fetched(keys_at))),
                read_at=now,
            )
        except (requests.RequestException, JoseError, ValueError, KeyError, TypeError) as problem:
            raise ProviderAway from problem
        self._known[provider.issuer] = known
        return known


def _client(provider: OidcProvider, back_to: str) -> Any:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope="openid email profile",
        redirect_uri=back_to,
        code_challenge_method="S256",
    )


def _fetched(address: str) -> dict[str, object]:
    answer = requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise TypeError(address)
    return found


def _rules(provider: OidcProvider, trip: Trip, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        nonce={"essential": True, "value": trip.nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )


def _read(claims: Mapping[str, Any]) -> Claims:
    verified, at = claims.get("email_verified"), claims.get("auth_time")
    return Claims(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=str(claims.get("email") or ""),
        email_verified=None if verified is None else verified is True or verified == "true",
        authenticated_at=datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else None,
    )
