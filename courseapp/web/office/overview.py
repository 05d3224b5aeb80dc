"""One event at the desk: how it stands, what is missing, what to do next, and how participants will see it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, wording
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.marking import N_
from courseapp.queries import plans, previews
from courseapp.services import publishing
from courseapp.speech import said as _
from courseapp.web import markdown
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.letter_frame import framed
from courseapp.web.office.attendance_forms import HeadsForm
from courseapp.web.security import keep_secret

bp = Blueprint("overview", __name__, url_prefix="/arrangementer/<slug>")
DONE = {
    "publish": N_("Arrangementet er publisert. Nå kan folk melde seg på."),
    "close": N_("Påmeldingen er stengt."),
    "reopen": N_("Påmeldingen er åpen igjen."),
    "hold": N_("Arrangementet står som gjennomført."),
    "unhold": N_("Arrangementet står ikke lenger som gjennomført."),
}


@bp.route("", methods=["GET", "POST"])
def show(slug: str) -> ResponseReturnValue:
    """The event's own page, and its buttons: publish, close, open again, mark as held, or take that back."""
    if request.method == "POST":
        return _set_status(slug, request.form.get("act", ""))
    shown = plans.overview(actor(), slug, clock.now())
    heads = HeadsForm.of(shown.event, shown.heads) if shown.heads and shown.heads.open and shown.organizes else None
    return keep_secret(make_response(render_template("office/overview/show.html", shown=shown, heads=heads)))


def _set_status(slug: str, act: str) -> ResponseReturnValue:
    form = ActForm()
    if act not in DONE:
        plans.overview(actor(), slug, clock.now())
        abort(400)
    if not form.validate_on_submit():
        flash(form.form_errors[0], "warning")
        return redirect(url_for(".show", slug=slug), 303)
    try:
        publishing.set_status(slug, act, actor=actor())
    except NotFound:
        raise
    except DomainError as refusal:
        flash(wording.refusal(refusal), "danger")
    else:
        flash(_(DONE[act]), "success")
    return redirect(url_for(".show", slug=slug), 303)


@bp.route("/slett", methods=["GET", "POST"])
def delete(slug: str) -> ResponseReturnValue:
    """Ask, then throw a draft away."""
    shown = plans.overview(actor(), slug, clock.now())
    if "delete" not in shown.acts or not shown.decides:
        raise NotFound
    form = ActForm()
    if form.validate_on_submit():
        try:
            publishing.delete_draft(slug, actor=actor())
        except NotFound:
            raise
        except DomainError as refusal:
            flash(wording.refusal(refusal), "danger")
            return redirect(url_for(".show", slug=slug), 303)
        flash(_("Utkastet er slettet."), "success")
        return redirect(url_for("office.events.index"), 303)
    return keep_secret(make_response(render_template("office/overview/delete.html", shown=shown, form=form), form.code))


@bp.get("/forhandsvis")
def preview(slug: str) -> ResponseReturnValue:
    """The event's page as participants see it, and the letters they get."""
    shown = previews.event(actor(), slug, clock.now())
    html = markdown.html(shown.event.description)
    page = render_template(
        "office/overview/preview.html", event=shown.event, shown=shown, description_html=html, titles=previews.TITLES
    )
    return keep_secret(make_response(page))


@bp.get("/forhandsvis/<occasion>")
def letter(slug: str, occasion: str) -> ResponseReturnValue:
    """One letter as an invented participant would get it."""
    shown = previews.letter(actor(), slug, occasion, clock.now())
    return keep_secret(
        make_response(render_template("office/overview/letter.html", shown=shown, title=previews.TITLES[occasion]))
    )


@bp.get("/forhandsvis/<occasion>.html")
def letter_html(slug: str, occasion: str) -> ResponseReturnValue:
    """The letter's own HTML, for the frame on its page."""
    shown = previews.letter(actor(), slug, occasion, clock.now())
    return keep_secret(framed(shown.letter.html))
