"""The organizers' door: who is logged in, and what every page behind it needs first."""

from __future__ import annotations

from flask import g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from courseapp.domain.access import Actor
from courseapp.queries import accounts
from courseapp.services.accounts import LoggedIn

KEY = "user"


def remember(user: LoggedIn) -> None:
    """Begin a session of its own; nothing from before the log-in stays in it."""
    session.clear()
    session[KEY] = [user.user_id, user.serial]


def forget() -> None:
    """End the session."""
    session.clear()


def current() -> Actor | None:
    """The actor of this request, looked up once."""
    if "actor" not in g:
        kept = session.get(KEY)
        g.actor = accounts.actor(*kept) if kept else None
    found: Actor | None = g.actor
    return found


def actor() -> Actor:
    """The actor of a page behind the door; `demand` has seen to it that there is one."""
    found = current()
    assert found is not None
    return found


def demand() -> Response | None:
    """Before every page behind the door: send those who are not logged in to the log-in, and back afterwards."""
    if current() is not None:
        return None
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("office.auth.log_in", neste=back), 303)


def safe_return(target: str | None) -> str:
    """Only a path of the organizers' own door; anything else could lead away."""
    inside = bool(target) and str(target).startswith("/kontor/") and not set(str(target)) & set("\\\r\n\t ")
    return str(target) if inside else url_for("office.dashboard.show")
