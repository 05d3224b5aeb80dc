"""The registers of course leaders, their pairs and calendars, and who leads an event."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, wording
from courseapp.domain.access import check
from courseapp.domain.planning import Advice
from courseapp.queries import assigning
from courseapp.queries import leaders as rows
from courseapp.services import feeds, leader_links, leaders
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.office.leader_forms import RegisterFilter, add_form, assign_form, edit_form, pair_form
from courseapp.web.security import keep_secret

bp = Blueprint("leaders", __name__)


@bp.after_request
def secret(response: Response) -> Response:
    """Names and addresses stand on every page here."""
    return keep_secret(response)


@bp.get("/kursholdere")
def index() -> ResponseReturnValue:
    """The register, with pairs."""
    filters = RegisterFilter(request.args)
    office, sought = filters.kontor.data or "", filters.sok.data or ""
    shown = rows.register(actor(), clock.now(), office=office, sought=sought, retired=filters.alle.data)
    filters.kontor.choices = [("", _("Alle")), *((one.slug, one.short_name) for one in shown.offices)]
    return render_template("office/leaders/index.html", shown=shown, filters=filters, form=ActForm())


@bp.route("/kursholdere/ny", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """A leader more."""
    shown = rows.register(actor(), clock.now())
    check(bool(shown.organizes))
    form = add_form(shown)
    if form.validate_on_submit() and form.does(lambda: leaders.add(form.office.data, form.wish(), actor=actor())):
        flash(_("%(name)s står nå i registeret.", name=form.name.data), "success")
        return redirect(url_for(".index"), 303)
    return render_template("office/leaders/add.html", form=form, several=len(shown.organizes) > 1), form.code


@bp.get("/kursholdere/<int(max=2147483647):leader_id>")
def show(leader_id: int) -> ResponseReturnValue:
    """One leader: what she leads, with whom, and her calendar."""
    shown = rows.leader(actor(), leader_id, clock.now())
    return render_template("office/leaders/show.html", shown=shown, form=ActForm())


@bp.route("/kursholdere/<int(max=2147483647):leader_id>/endre", methods=["GET", "POST"])
def edit(leader_id: int) -> ResponseReturnValue:
    """What stands about her."""
    shown = rows.leader(actor(), leader_id, clock.now())
    check(shown.may_organize)
    form = edit_form(shown.row)
    if form.validate_on_submit() and form.does(lambda: leaders.edit(leader_id, form.wish(), actor=actor())):
        flash(_("Endringene er lagret."), "success")
        return redirect(url_for(".show", leader_id=leader_id), 303)
    return render_template("office/leaders/edit.html", shown=shown, form=form), form.code


@bp.post("/kursholdere/<int(max=2147483647):leader_id>/slutt")
def retire(leader_id: int) -> ResponseReturnValue:
    """She no longer leads."""
    return _act(
        lambda: leaders.retire(leader_id, actor=actor()),
        _("Kursholderen er tatt ut av registeret. Historikken står."),
        url_for(".show", leader_id=leader_id),
    )


@bp.post("/kursholdere/<int(max=2147483647):leader_id>/tilbake")
def bring_back(leader_id: int) -> ResponseReturnValue:
    """She leads again."""
    return _act(
        lambda: leaders.bring_back(leader_id, actor=actor()),
        _("Kursholderen kan velges igjen."),
        url_for(".show", leader_id=leader_id),
    )


@bp.post("/kursholdere/<int(max=2147483647):leader_id>/kalender")
def send_feed(leader_id: int) -> ResponseReturnValue:
    """Mail her a new calendar address; nobody else sees it."""
    return _act(
        lambda: feeds.send_to_leader(leader_id, actor()),
        _("Kalenderlenken er sendt på e-post til kursholderen."),
        url_for(".show", leader_id=leader_id),
    )


@bp.post("/kursholdere/<int(max=2147483647):leader_id>/kalender/steng")
def close_feed(leader_id: int) -> ResponseReturnValue:
    """Her calendar address stops working."""
    return _act(
        lambda: feeds.revoke_for_leader(leader_id, actor()),
        _("Kalenderlenken er stengt."),
        url_for(".show", leader_id=leader_id),
    )


@bp.post("/kursholdere/<int(max=2147483647):leader_id>/side")
def send_link(leader_id: int) -> ResponseReturnValue:
    """Mail her a new link to her own pages; nobody else sees it."""
    return _act(
        lambda: leader_links.send(leader_id, actor()),
        _("Lenken til kursholdersiden er sendt på e-post."),
        url_for(".show", leader_id=leader_id),
    )


@bp.post("/kursholdere/<int(max=2147483647):leader_id>/side/steng")
def close_link(leader_id: int) -> ResponseReturnValue:
    """The link to her own pages stops working."""
    return _act(
        lambda: leader_links.close(leader_id, actor()),
        _("Lenken til kursholdersiden er stengt."),
        url_for(".show", leader_id=leader_id),
    )


@bp.route("/kursholdere/par/nytt", methods=["GET", "POST"])
def pair() -> ResponseReturnValue:
    """Two who lead together."""
    shown = rows.register(actor(), clock.now())
    check(bool(shown.organizes))
    form, people = pair_form(shown), sum(one.active for one in shown.leaders)
    if form.validate_on_submit():
        chosen = int(form.first.data), int(form.second.data)
        if form.does(lambda: leaders.pair_up(*chosen, actor=actor())):
            flash(_("Paret er laget."), "success")
            return redirect(url_for(".index", _anchor="par"), 303)
    return render_template("office/leaders/pair.html", form=form, people=people), form.code


@bp.post("/kursholdere/par/<int(max=2147483647):pair_id>/opplos")
def dissolve(pair_id: int) -> ResponseReturnValue:
    """They no longer lead as a pair."""
    return _act(
        lambda: leaders.dissolve(pair_id, actor=actor()),
        _("Paret er oppløst. Historikken står."),
        url_for(".index", _anchor="par"),
    )


@bp.route("/arrangementer/<slug>/kursholdere", methods=["GET", "POST"])
def assign(slug: str) -> ResponseReturnValue:
    """Who leads this event."""
    shown = assigning.assignment(actor(), slug, clock.now())
    form = assign_form(shown)
    told: list[bool] = []
    if form.validate_on_submit() and form.does(
        lambda: told.append(leaders.assign(slug, pair_id=form.pair_id(), leader_ids=form.leader_ids(), actor=actor())),
    ):
        if assigning.assignment(actor(), slug, clock.now()).lacks:
            flash(wording.label(Advice.LEADERS), "warning")
        flash(_("Kursholderne er lagret."), "success")
        return redirect(url_for("office.changes.tell" if told[0] else ".assign", slug=slug), 303)
    return render_template("office/leaders/assign.html", shown=shown, form=form), form.code


def _act(act: Callable[[], object], said: str, back: str) -> ResponseReturnValue:
    """Do what a button asks, say so, and go back; an old token asks again."""
    form = ActForm()
    if form.validate_on_submit():
        act()
        flash(said, "success")
    else:
        flash(form.form_errors[0], "warning")
    return redirect(back, 303)
