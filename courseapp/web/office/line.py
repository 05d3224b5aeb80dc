"""Seats, the line, and one person's place by hand. Organizers only; to others the pages are not there."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, wording
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.marking import N_
from courseapp.domain.modes import Mode
from courseapp.queries import line as rows
from courseapp.services import journal, line, rooms
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.office.line_forms import PlaceForm, number_of, place_form, seats_form
from courseapp.web.security import keep_secret
from courseapp.wording import counted

bp = Blueprint("line", __name__, url_prefix="/arrangementer/<slug>")
DONE = {
    "move": N_("Flyttet i køen."),
    "give": N_("Plassen er gitt. Bekreftelse og kalenderinvitasjoner går ut nå."),
    "mode": N_("Byttet. Nye kalenderinvitasjoner går ut nå til den som har plass."),
    "remove": N_("Meldt av. Bekreftelsen går ut nå."),
    "put_back": N_("Satt inn igjen. E-post går ut nå."),
}


@bp.route("/plasser", methods=["GET", "POST"])
def seats(slug: str) -> ResponseReturnValue:
    """How many seats, how free ones are given, and who waits."""
    shown = rows.seats(actor(), slug, clock.now())
    form = seats_form(shown)
    if form.validate_on_submit():
        try:
            lucky = line.set_seats(slug, form.wish(), actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            flash(_("Lagret."), "success")
            if lucky:
                people = counted(lucky, _("person i køen får"), _("personer i køen får"))
                flash(_("%(people)s e-post om plass nå.", people=people), "success")
            return redirect(url_for(".seats", slug=slug), 303)
    journal.note_read(actor(), shown.event.id, "participants_read")
    page = render_template("office/line/seats.html", shown=shown, form=form)
    return keep_secret(make_response(page, form.code))


@bp.route("/deltakere/<int(max=2147483647):registration_id>/plass", methods=["GET", "POST"])
def person(slug: str, registration_id: int) -> ResponseReturnValue:
    """What can be done with one person's place, each with a reason."""
    shown = rows.person(actor(), slug, registration_id, clock.now())
    act = request.form.get("act", "")
    if request.method == "POST" and act not in DONE:
        abort(400)
    sent = place_form(act, shown, sent=True) if act else None
    if sent is not None and sent.validate_on_submit():
        try:
            after = _do(sent, slug, registration_id)
        except NotFound:
            raise
        except DomainError as refusal:
            sent.form_errors.append(wording.refusal(refusal))
        else:
            flash(_(DONE[act]), "success")
            return redirect(url_for("office.participants.person", slug=slug, registration_id=after), 303)
    journal.note_read(actor(), shown.event.id, "participant_read", registration_id=registration_id)
    forms = {one: sent if sent and one == act else place_form(one, shown, sent=False) for one in shown.acts}
    page = render_template("office/line/person.html", shown=shown, forms=forms, sent=sent)
    return keep_secret(make_response(page, sent.code if sent else 200))


def _do(form: PlaceForm, slug: str, registration_id: int) -> int:
    """Do what was sent; the id of the registration to show afterwards."""
    reason = form.reason.data or ""
    match form.act:
        case "move":
            line.move_in_line(slug, registration_id, number_of(form["place"].data) or 0, reason, actor())
        case "give":
            line.give_seat(slug, registration_id, reason, actor())
        case "mode":
            rooms.change_by_hand(slug, registration_id, Mode(form["mode"].data), reason, actor())
        case "remove":
            line.remove(slug, registration_id, reason, actor())
        case _:
            return line.put_back(slug, registration_id, reason, actor())
    return registration_id
