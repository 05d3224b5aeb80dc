"""Logging in by way of a municipality, and showing there again who one is. Begun by a link and guarded by a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, oidc, wording
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.logging_in import LogInMethod
from courseapp.links import links
from courseapp.oidc import ProviderAnswerRefused, Trip
from courseapp.oidc_settings import OidcProvider
from courseapp.services import identities
from courseapp.web import auth
from courseapp.web.security import keep_secret

bp = Blueprint("oidc", __name__)
TRIP = "trip"


@bp.after_request
def secret(response: Response) -> Response:
    """The answer's address holds a code."""
    return keep_secret(response)


@bp.get("/logg-inn/via/<name>")
def begin(name: str) -> ResponseReturnValue:
    """Off to the provider. Changes nothing here; what must be remembered is in the browser's signed cookie."""
    provider = _provider(name)
    anew = request.args.get("bekreft") == "1"
    if anew and auth.current() is None:
        return redirect(url_for("office.auth.log_in"), 303)
    try:
        address, trip = oidc.providers().begin(provider, back_to=_back_to(provider), now=clock.now(), anew=anew)
    except DomainError as refusal:
        return _refused(refusal, anew=anew, target=request.args.get("neste"))
    session[TRIP] = {
        **asdict(trip),
        "provider": name,
        "anew": anew,
        "target": request.args.get("neste") or "",
        "asked_at": int(clock.now().timestamp()),
    }
    return redirect(address, 303)


@bp.get("/logg-inn/via/<name>/svar")
def answer(name: str) -> ResponseReturnValue:
    """Back from the provider: in, or confirmed, or told why not."""
    provider, kept = _provider(name), session.pop(TRIP, None)
    if not isinstance(kept, dict):
        return _refused(ProviderAnswerRefused(), anew=False, target=None)
    try:
        return _arrived(provider, kept)
    except DomainError as refusal:
        return _refused(refusal, anew=bool(kept["anew"]), target=kept["target"])


def _arrived(provider: OidcProvider, kept: Mapping[str, Any]) -> ResponseReturnValue:
    asked_at = datetime.fromtimestamp(kept["asked_at"], UTC)
    if kept["provider"] != provider.name or clock.now() - asked_at > identities.STATE_LASTS:
        raise ProviderAnswerRefused
    trip = Trip(state=kept["state"], nonce=kept["nonce"], verifier=kept["verifier"])
    identities.spend_state(trip.state)
    claims = oidc.providers().finish(
        provider, trip, request.args.to_dict(), back_to=_back_to(provider), now=clock.now()
    )
    target = auth.safe_return(kept["target"])
    if kept["anew"]:
        identities.confirm(_mine(), claims, asked_at=asked_at)
        return redirect(target, 303)
    entered = identities.log_in(claims, provider.domains, caller=auth.caller())
    auth.remember(entered)
    return auth.with_device(redirect(target, 303), entered.device)


def _mine() -> int:
    """The log-in that is being confirmed."""
    entry = auth.entry()
    if entry is None or entry.method is not LogInMethod.OIDC:
        raise ProviderAnswerRefused
    return entry.session_id


def _provider(name: str) -> OidcProvider:
    found = oidc.providers().named(name)
    if found is None:
        raise NotFound
    return found


def _back_to(provider: OidcProvider) -> str:
    """The address that is registered with the provider: the public one, whatever the request says."""
    return f"{links().base_url}{url_for('office.oidc.answer', name=provider.name)}"


def _refused(refusal: DomainError, *, anew: bool, target: str | None) -> ResponseReturnValue:
    flash(wording.refusal(refusal), "warning")
    page = "office.account.confirm" if anew else "office.auth.log_in"
    return redirect(url_for(page, neste=target or None), 303)
