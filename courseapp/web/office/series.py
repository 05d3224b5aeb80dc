"""The same again: dates to choose among, all of them made at once; and the page of a series."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, wording
from courseapp.domain.access import check
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.series import Counted
from courseapp.queries import series as rows
from courseapp.queries.series import RepeatSource, SeriesPage
from courseapp.services import series
from courseapp.services.series import Repeated, RepeatWish, Settled
from courseapp.speech import pgettext
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.office.series_forms import RepeatForm, repeat_form, series_form
from courseapp.web.security import keep_secret

bp = Blueprint("series", __name__)


@bp.after_request
def secret(response: Response) -> Response:
    """The offices' own pages."""
    return keep_secret(response)


@bp.route("/arrangementer/<slug>/gjenta", methods=["GET", "POST"])
def repeat(slug: str) -> ResponseReturnValue:
    """An event again on other days: first the dates, then all of them or none."""
    source = rows.source(actor(), slug, typed=False)
    form = repeat_form(source)
    done = _made(form, source, lambda wish: series.repeat(slug, wish, actor=actor()))
    if done is not None:
        return _told(done, _("%(events)s er laget.", events=_events(done.made)))
    return render_template("office/series/repeat.html", source=source, form=form), form.code


@bp.route("/aktiviteter/<slug>/gjenta", methods=["GET", "POST"])
def repeat_activity(slug: str) -> ResponseReturnValue:
    """The same for an activity that was typed in."""
    source = rows.source(actor(), slug, typed=True)
    form = repeat_form(source)
    done = _made(form, source, lambda wish: series.repeat_activity(slug, wish, actor=actor()))
    if done is not None:
        lines = wording.counted(done.made, _("aktivitet"), _("aktiviteter"))
        return _told(done, _("%(lines)s er lagt inn, uten antall.", lines=lines))
    return render_template("office/series/repeat_activity.html", source=source, form=form), form.code


@bp.route("/serier/<int(max=2147483647):series_id>", methods=["GET", "POST"])
def show(series_id: int) -> ResponseReturnValue:
    """What belongs to a series, with counts; what it is called, and how it counts."""
    shown = rows.page(actor(), series_id, clock.now())
    form = series_form(shown)
    if form.validate_on_submit():
        done: list[Settled] = []
        title, counted = form.title.data or "", Counted(form.counted.data)
        if form.does(lambda: done.append(series.change(series_id, title, counted, actor=actor()))):
            flash(_("Endringene er lagret."), "success")
            _say_gone(done[0].overrides)
            return redirect(url_for(".show", series_id=series_id), 303)
    return render_template("office/series/show.html", shown=shown, form=form), form.code


@bp.post("/serier/<int(max=2147483647):series_id>/ta-ut/<slug>")
def leave(series_id: int, slug: str) -> ResponseReturnValue:
    """One of them is by itself again."""
    shown, form = rows.page(actor(), series_id, clock.now()), ActForm()
    if not form.validate_on_submit():
        flash(form.form_errors[0], "warning")
        return redirect(url_for(".show", series_id=series_id), 303)
    done = series.leave(series_id, slug, actor=actor())
    flash(_("Det er tatt ut av serien, og står for seg selv."), "success")
    _say_gone(done.overrides)
    return redirect(_after(shown, 1, series_id), 303)


@bp.route("/serier/<int(max=2147483647):series_id>/slett-utkast", methods=["GET", "POST"])
def delete_drafts(series_id: int) -> ResponseReturnValue:
    """Ask, then throw all drafts of a series away."""
    shown, form = rows.page(actor(), series_id, clock.now()), ActForm()
    check(shown.decides)
    done: list[int] = []
    if form.validate_on_submit() and form.does(lambda: done.append(series.delete_drafts(series_id, actor=actor()))):
        flash(
            _("%(drafts)s er slettet.", drafts=wording.counted(done[0], _("utkast"), pgettext("flere", "utkast"))),
            "success",
        )
        return redirect(_after(shown, done[0], series_id), 303)
    return render_template("office/series/delete_drafts.html", shown=shown, form=form), form.code


def _made(form: RepeatForm, source: RepeatSource, act: Callable[[RepeatWish], Repeated]) -> Repeated | None:
    """Make what was chosen, where that was the wish and nothing is wrong with it."""
    if request.form.get("then") != "make" or form.errors or form.form_errors or not form.proposals:
        return None
    wish = form.wish(source)
    if wish is None:
        return None
    try:
        return act(wish)
    except NotFound:
        raise
    except DomainError as refusal:
        form.refuse(refusal)
        return None


def _told(done: Repeated, sentence: str) -> ResponseReturnValue:
    if done.made:
        flash(sentence, "success")
    if done.known:
        there = wording.counted(done.known, _("dato"), _("datoer"))
        flash(_("%(days)s sto der fra før.", days=there), "info")
    _say_gone(done.overrides)
    return redirect(url_for(".show", series_id=done.series_id), 303)


def _events(count: int) -> str:
    return wording.counted(count, _("arrangement"), _("arrangementer"))


def _say_gone(overrides: int) -> None:
    if overrides:
        flash(_("Det som var skrevet over i årsrapporten for disse, passet ikke lenger og er tatt bort."), "info")


def _after(shown: SeriesPage, gone: int, series_id: int) -> str:
    """Back to the series, or to the list where nothing is left of it."""
    if len(shown.members) > gone:
        return url_for(".show", series_id=series_id)
    return url_for("office.activities.index" if shown.latest_typed else "office.events.index")
