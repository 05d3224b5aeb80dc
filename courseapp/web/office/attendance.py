"""Attendance at the desk: the list to mark on, who came besides, how many came, hours, and what the event allows."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from courseapp import clock
from courseapp.documents import qr
from courseapp.domain.access import check
from courseapp.domain.errors import NotFound
from courseapp.links import links
from courseapp.queries import attendance as rows
from courseapp.queries import course_day as days
from courseapp.queries import hours as hours_rows
from courseapp.queries.attendance import AttendancePage
from courseapp.services import attendance, course_day, drop_ins, journal
from courseapp.speech import said as _
from courseapp.web.attendance import RestForm, TapForm, Ways, newest, order_asked, said, tapped
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.office.attendance_forms import DayForm, DropInForm, GrantForm, HeadsForm, grant_form
from courseapp.web.security import keep_secret

bp = Blueprint("attendance", __name__, url_prefix="/arrangementer/<slug>/oppmote")


@bp.after_request
def secret(response: Response) -> Response:
    """Names stand on every page here."""
    return keep_secret(response)


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    """Today's session; a page that says so where there is none."""
    event = rows.event_for(actor(), slug)
    session_id = rows.chosen_session(event, clock.now())
    if session_id is None:
        return render_template("office/attendance/index.html", shown=days.plain(actor(), slug, clock.now()))
    return redirect(url_for(".session", slug=slug, session_id=session_id), 303)


@bp.get("/<int(max=2147483647):session_id>")
def session(slug: str, session_id: int) -> ResponseReturnValue:
    """The list to mark on."""
    shown = _shown(slug, session_id)
    journal.note_read(actor(), shown.event.id, "participants_read")
    heads = HeadsForm.of(shown.event, shown.heads) if shown.heads else None
    return render_template(
        "office/attendance/session.html",
        shown=shown,
        ways=_ways(slug),
        said=said,
        newest=newest(shown),
        form=ActForm(),
        heads=heads,
    )


@bp.post("/<int(max=2147483647):session_id>/<int(max=2147483647):registration_id>")
def mark(slug: str, session_id: int, registration_id: int) -> ResponseReturnValue:
    """One tap about one person."""
    form = TapForm()
    return tapped(
        form,
        lambda: attendance.mark(slug, session_id, registration_id, form.mark(), by=actor(), token=form.tap.data or ""),
        lambda: _shown(slug, session_id),
        _back(slug, session_id, f"p{registration_id}"),
        registration_id,
    )


@bp.post("/<int(max=2147483647):session_id>/alle")
def everyone(slug: str, session_id: int) -> ResponseReturnValue:
    """Everybody without a mark is present."""
    form = RestForm()
    return tapped(
        form,
        lambda: attendance.mark_rest(slug, session_id, by=actor(), token=form.tap.data or ""),
        lambda: _shown(slug, session_id),
        _back(slug, session_id),
    )


@bp.post("/<int(max=2147483647):session_id>/alle/angre")
def undo_everyone(slug: str, session_id: int) -> ResponseReturnValue:
    """Take that back."""
    return tapped(
        RestForm(),
        lambda: attendance.undo_rest(slug, session_id, by=actor()),
        lambda: _shown(slug, session_id),
        _back(slug, session_id),
    )


@bp.route("/<int(max=2147483647):session_id>/ny", methods=["GET", "POST"])
def drop_in(slug: str, session_id: int) -> ResponseReturnValue:
    """Somebody who is there without standing on the list."""
    shown = days.drop_ins(actor(), slug, session_id, request.args.get("sok", ""), clock.now())
    check(shown.may_organize)
    form = DropInForm(hybrid=shown.event.hybrid)
    if form.validate_on_submit() and form.does(
        lambda: drop_ins.add(slug, session_id, form.person(), actor=actor(), mode=form.chosen_mode())
    ):
        flash(_("%(name)s har plass og står som til stede.", name=form.person().full_name), "success")
        return redirect(_back(slug, session_id), 303)
    page = render_template("office/attendance/drop_in.html", shown=shown, form=form, act=ActForm(formdata=None))
    return page, form.code


@bp.post("/<int(max=2147483647):session_id>/ny/<int(max=2147483647):registration_id>")
def take_in(slug: str, session_id: int, registration_id: int) -> ResponseReturnValue:
    """Somebody who waited or had left has a seat after all."""
    return _act(
        lambda: drop_ins.take_in(slug, session_id, registration_id, actor=actor()),
        _("Satt opp med plass, og står som til stede."),
        _back(slug, session_id),
    )


@bp.get("/<int(max=2147483647):session_id>/qr")
def code(slug: str, session_id: int) -> ResponseReturnValue:
    """The code to show on a screen."""
    shown = _shown(slug, session_id)
    if not shown.self_check_in or shown.chosen.cancelled:
        raise NotFound
    address = links().check_in(session_id)
    picture = Markup(qr.svg(address))  # noqa: S704 - drawn by our own code, from our own address
    return render_template("office/attendance/code.html", shown=shown, address=address, picture=picture)


@bp.route("/antall", methods=["GET", "POST"])
def heads(slug: str) -> ResponseReturnValue:
    """How many came, where nobody is counted one by one."""
    shown = days.plain(actor(), slug, clock.now())
    check(shown.may_organize)
    form = HeadsForm.of(shown.event, shown.heads)
    about = bool(form.approximate.data)
    if form.validate_on_submit() and form.does(
        lambda: course_day.count_heads(slug, form.count(), digital=form.called_in(), approximate=about, actor=actor()),
    ):
        flash(_("Lagret."), "success")
        back = "office.overview.show" if request.form.get("back") == "overview" else ".index"
        return redirect(url_for(back, slug=slug), 303)
    return render_template("office/attendance/heads.html", shown=shown, form=form), form.code


@bp.route("/timer", methods=["GET", "POST"])
def hours(slug: str) -> ResponseReturnValue:
    """What everybody attended and earned, and hours by hand for one of them."""
    form = GrantForm()
    person = form.who()
    if form.validate_on_submit() and form.does(
        lambda: course_day.grant_hours(slug, person, form.minutes(), form.why.data or "", actor=actor())
    ):
        flash(_("Timene er gitt."), "success")
        return redirect(url_for(".hours", slug=slug, _anchor=f"p{person}"), 303)
    return _hours(slug, form, person) if form.is_submitted() else _hours(slug)


@bp.post("/timer/<int(max=2147483647):registration_id>/angre")
def take_back(slug: str, registration_id: int) -> ResponseReturnValue:
    """What was granted is no longer."""
    return _act(
        lambda: course_day.take_back_hours(slug, registration_id, actor=actor()),
        _("Timene som var gitt for hånd, er trukket tilbake."),
        url_for(".hours", slug=slug, _anchor=f"p{registration_id}"),
    )


@bp.route("/valg", methods=["GET", "POST"])
def options(slug: str) -> ResponseReturnValue:
    """What the event allows on the day."""
    shown = days.plain(actor(), slug, clock.now())
    check(shown.may_organize)
    form = DayForm(data=shown.day)
    if form.validate_on_submit() and form.does(lambda: course_day.set_day(slug, form.wish(), actor=actor())):
        flash(_("Valgene er lagret."), "success")
        return redirect(url_for(".index", slug=slug), 303)
    return render_template("office/attendance/options.html", shown=shown, form=form), form.code


def _shown(slug: str, session_id: int) -> AttendancePage:
    return rows.session(actor(), slug, session_id, clock.now(), order_asked())


def _hours(slug: str, sent: GrantForm | None = None, person: int = 0) -> ResponseReturnValue:
    """The hours; with what was sent about one person where it was refused."""
    shown = hours_rows.of_event(actor(), slug, clock.now())
    if sent is not None and person not in {one.id for one in shown.rows}:
        raise NotFound
    forms = {one.id: sent if sent and one.id == person else grant_form(one.hours.attended) for one in shown.rows}
    journal.note_read(actor(), shown.event.id, "participants_read")
    page = render_template(
        "office/attendance/hours.html", shown=shown, forms=forms, sent=sent, person=person, act=ActForm(formdata=None)
    )
    return page, sent.code if sent else 200


def _ways(slug: str) -> Ways:
    return Ways("office.attendance", {"slug": slug})


def _back(slug: str, session_id: int, anchor: str | None = None) -> str:
    return url_for(".session", slug=slug, session_id=session_id, vis=request.args.get("vis") or None, _anchor=anchor)


def _act(act: Callable[[], object], said_then: str, back: str) -> ResponseReturnValue:
    """Do what a button asks, and say what came of it."""
    form = ActForm()
    if form.validate_on_submit() and form.does(act):
        flash(said_then, "success")
    else:
        flash(str(form.form_errors[0]), "warning")
    return redirect(back, 303)
