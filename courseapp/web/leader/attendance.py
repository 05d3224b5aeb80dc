"""A course leader marks who is there, at the courses she leads."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.domain.errors import NotFound
from courseapp.queries import leader_pages as rows
from courseapp.queries.attendance import AttendancePage
from courseapp.services import attendance
from courseapp.services.attendance import LeaderKey
from courseapp.web.attendance import RestForm, TapForm, Ways, newest, order_asked, said, tapped
from courseapp.web.forms import ActForm
from courseapp.web.security import keep_secret

bp = Blueprint("attendance", __name__, url_prefix="/kurs/<slug>/oppmote")


@bp.after_request
def secret(response: Response) -> Response:
    """Every page here has a secret in its address."""
    return keep_secret(response)


@bp.get("")
def today(key: str, slug: str) -> ResponseReturnValue:
    """To today's session."""
    session_id = rows.course(key, slug, clock.now()).session_id
    if session_id is None:
        raise NotFound
    return redirect(url_for(".session", key=key, slug=slug, session_id=session_id), 303)


@bp.get("/<int(max=2147483647):session_id>")
def session(key: str, slug: str, session_id: int) -> ResponseReturnValue:
    """The list to mark on."""
    shown = _shown(key, slug, session_id)
    return render_template(
        "leader/attendance/session.html",
        shown=shown,
        ways=Ways("leader.attendance", {"key": key, "slug": slug}),
        said=said,
        newest=newest(shown),
        form=ActForm(),
        key=key,
    )


@bp.post("/<int(max=2147483647):session_id>/<int(max=2147483647):registration_id>")
def mark(key: str, slug: str, session_id: int, registration_id: int) -> ResponseReturnValue:
    """One tap about one person."""
    form = TapForm()
    return tapped(
        form,
        lambda: attendance.mark(
            slug, session_id, registration_id, form.mark(), by=LeaderKey(key=key), token=form.tap.data or ""
        ),
        lambda: _shown(key, slug, session_id),
        _back(key, slug, session_id, f"p{registration_id}"),
        registration_id,
    )


@bp.post("/<int(max=2147483647):session_id>/alle")
def everyone(key: str, slug: str, session_id: int) -> ResponseReturnValue:
    """Everybody without a mark is present."""
    form = RestForm()
    return tapped(
        form,
        lambda: attendance.mark_rest(slug, session_id, by=LeaderKey(key=key), token=form.tap.data or ""),
        lambda: _shown(key, slug, session_id),
        _back(key, slug, session_id),
    )


@bp.post("/<int(max=2147483647):session_id>/alle/angre")
def undo_everyone(key: str, slug: str, session_id: int) -> ResponseReturnValue:
    """Take that back."""
    return tapped(
        RestForm(),
        lambda: attendance.undo_rest(slug, session_id, by=LeaderKey(key=key)),
        lambda: _shown(key, slug, session_id),
        _back(key, slug, session_id),
    )


def _shown(key: str, slug: str, session_id: int) -> AttendancePage:
    return rows.session(key, slug, session_id, clock.now(), order_asked())


def _back(key: str, slug: str, session_id: int, anchor: str | None = None) -> str:
    vis = request.args.get("vis") or None
    return url_for(".session", key=key, slug=slug, session_id=session_id, vis=vis, _anchor=anchor)
