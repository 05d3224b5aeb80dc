"""People added and edited by the office. Organizers only; to others the pages are not there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, wording
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.registration import Status
from courseapp.queries import events, participants, people_import
from courseapp.queries.participants import ParticipantPage
from courseapp.services import journal, roster
from courseapp.services.roster import AlreadyIn
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.office.participant_forms import as_query, filters_from
from courseapp.web.office.roster_forms import EmailForm, add_form, edit_form, edited
from courseapp.web.security import keep_secret
from courseapp.wording import label

bp = Blueprint("roster", __name__, url_prefix="/arrangementer/<slug>/deltakere")


@bp.route("/ny", methods=["GET", "POST"])
def add(slug: str) -> ResponseReturnValue:
    """One person by hand, with or without mail."""
    shown = people_import.target(actor(), slug, clock.now())
    form, known = add_form(shown.event, _districts(shown.event.office.slug), over=shown.over), None
    if form.validate_on_submit():
        try:
            number = roster.add(slug, form.wish(), actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
            known = refusal.registration_id if isinstance(refusal, AlreadyIn) else None
        else:
            _say_added(slug, number)
            return redirect(url_for("office.participants.person", slug=slug, registration_id=number), 303)
    page = render_template("office/roster/add.html", shown=shown, form=form, known=known)
    return keep_secret(make_response(page, form.code))


@bp.route("/<int(max=2147483647):registration_id>/endre", methods=["GET", "POST"])
def edit(slug: str, registration_id: int) -> ResponseReturnValue:
    """What she told, corrected."""
    shown = _person(slug, registration_id)
    form = edit_form(shown.event, _districts(shown.event.office.slug), shown.row.person)
    query = as_query(filters_from(request.args))
    if form.validate_on_submit():
        try:
            roster.edit(slug, registration_id, edited(form, shown.row.person), actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            flash(_("Endringene er lagret."), "success")
            here: dict[str, Any] = {"slug": slug, "registration_id": registration_id, **query}
            return redirect(url_for("office.participants.person", **here), 303)
    journal.note_read(actor(), shown.event.id, "participant_read", registration_id=registration_id)
    page = render_template("office/roster/edit.html", shown=shown, form=form, query=query)
    return keep_secret(make_response(page, form.code))


@bp.route("/<int(max=2147483647):registration_id>/adresse", methods=["GET", "POST"])
def address(slug: str, registration_id: int) -> ResponseReturnValue:
    """Another address: what was sent to the old one is taken back, and the new one gets it."""
    shown = _person(slug, registration_id)
    form, known = EmailForm(data={"email": shown.row.person.email}), None
    if form.validate_on_submit():
        try:
            changed = roster.change_address(slug, registration_id, form.email.data or "", actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
            known = refusal.registration_id if isinstance(refusal, AlreadyIn) else None
        else:
            flash(_("Adressen er endret.") if changed else _("Det er den samme adressen."), "success")
            return redirect(url_for("office.participants.person", slug=slug, registration_id=registration_id), 303)
    journal.note_read(actor(), shown.event.id, "participant_read", registration_id=registration_id)
    page = render_template("office/roster/address.html", shown=shown, form=form, known=known)
    return keep_secret(make_response(page, form.code))


@bp.post("/<int(max=2147483647):registration_id>/lenke")
def new_link(slug: str, registration_id: int) -> ResponseReturnValue:
    """The link she has stops working; another one is mailed to her, and nobody else sees it."""
    shown, form = _person(slug, registration_id, ended=True), ActForm()
    if form.validate_on_submit():
        roster.new_link(slug, registration_id, actor())
        flash(_("Den gamle lenken virker ikke lenger. En ny er sendt til %(email)s.", email=shown.row.person.email))
    else:
        flash(form.form_errors[0], "warning")
    return redirect(url_for("office.participants.person", slug=slug, registration_id=registration_id), 303)


def _person(slug: str, registration_id: int, *, ended: bool = False) -> ParticipantPage:
    shown = participants.participant(actor(), slug, registration_id, clock.now())
    if not (shown.may_organize if ended else shown.may_edit):
        raise NotFound
    return shown


def _districts(office: str) -> list[str]:
    return events.districts(office) if office == "oslo" else []


def _say_added(slug: str, registration_id: int) -> None:
    """Where she stands, because the rules decided it and not the organizer."""
    status = participants.participant(actor(), slug, registration_id, clock.now()).row.status
    if status is Status.REGISTERED:
        flash(_("Lagt til, med plass."), "success")
    else:
        flash(_("Lagt til. Status: %(status)s.", status=label(status)), "success")
