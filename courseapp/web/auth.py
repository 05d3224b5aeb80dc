"""The organizers' door: who is logged in, and what every page behind it needs first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from flask import current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from courseapp import clock
from courseapp.config import Settings
from courseapp.domain.access import Actor
from courseapp.domain.logging_in import SEEN_EVERY, Caller, is_fresh
from courseapp.queries import accounts
from courseapp.queries.accounts import Entry
from courseapp.services import demo, sessions
from courseapp.services.sessions import Entered

KEY = "log_in"
DEVICE_SECONDS = 365 * 24 * 3600
P = ParamSpec("P")


def remember(entered: Entered) -> None:
    """Begin a session of its own; nothing from before the log-in stays in it but a secret that means nothing here."""
    forget()
    session[KEY] = entered.token


def with_device(response: Response, device: str | None) -> Response:
    """Give the browser the mark by which it is known at the next log-in. It opens nothing."""
    if device is not None:
        response.set_cookie(
            _device_cookie(),
            device,
            max_age=DEVICE_SECONDS,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
    return response


def caller() -> Caller:
    """Whoever knocks, as the services want to know it."""
    return Caller(
        remote=request.remote_addr or "",
        agent=request.user_agent.string[:500],
        device=request.cookies.get(_device_cookie()),
    )


def forget() -> None:
    """End the session, and what this request has kept of it."""
    session.clear()
    g.pop("entry", None)
    g.pop("csrf_token", None)


def entry() -> Entry | None:
    """The log-in of this request, looked up once; perhaps one that still waits for its second step."""
    if "entry" not in g:
        token = session.get(KEY)
        g.entry = accounts.entry(token, clock.now()) if isinstance(token, str) else None
        if g.entry is not None and clock.now() - g.entry.last_seen_at > SEEN_EVERY:
            sessions.seen(g.entry.session_id)
    found: Entry | None = g.entry
    return found


def token() -> str:
    """The secret of a log-in that waits for its second step; empty without one."""
    kept = session.get(KEY)
    return kept if isinstance(kept, str) else ""


def inside() -> Entry:
    """The log-in of a page behind the door; `demand` has seen to it that there is one."""
    found = entry()
    assert found is not None
    assert found.confirmed_at is not None
    return found


def current() -> Actor | None:
    """The actor of this request. Nobody is one before the second step is done."""
    found = entry()
    return found.actor if found is not None and found.confirmed_at is not None else None


def actor() -> Actor:
    """The actor of a page behind the door; `demand` has seen to it that there is one."""
    return inside().actor


def demand() -> Response | None:
    """Before every page behind the door: send those who are not logged in to the log-in, and back afterwards."""
    if current() is not None:
        return None
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("office.auth.log_in", neste=back), 303)


def demand_fresh() -> Response | None:
    """Before what needs it: who has not shown for a while who she is, shows it, and comes back to where she was."""
    shown_at = inside().confirmed_at
    if shown_at is not None and is_fresh(shown_at, clock.now()):
        return None
    return redirect(url_for("office.account.confirm", neste=_page_to_come_back_to()), 303)


def fresh(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let a page be opened only by somebody who has lately shown who she is (`demand_fresh`)."""

    @wraps(view)
    def asked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        return demand_fresh() or view(*args, **kwargs)

    return asked


def exempt(email: str) -> bool:
    """The demo's own log-ins, whose passwords everybody knows, have no second factor; in the demo only."""
    settings = current_app.extensions["courseapp.settings"]
    assert isinstance(settings, Settings)
    return settings.demo and email.strip().lower() in {one.email for one in demo.DEMO_LOG_INS}


def safe_return(target: str | None) -> str:
    """Only a path of the organizers' own door; anything else could lead away."""
    inside_door = bool(target) and str(target).startswith("/kontor/") and not set(str(target)) & set("\\\r\n\t ")
    return str(target) if inside_door else url_for("office.dashboard.show")


def _page_to_come_back_to() -> str | None:
    """The page itself where it can be opened; otherwise the one whose button was pressed, if the browser tells."""
    if request.method == "GET" or "GET" in (request.url_rule.methods or () if request.url_rule else ()):
        return request.full_path.rstrip("?")
    before = urlsplit(request.referrer or "")
    return before.path if before.netloc == request.host else None


def _device_cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"
