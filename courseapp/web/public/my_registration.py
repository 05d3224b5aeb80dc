"""«Min påmelding»: what the holder of a secret link sees and does. A GET never changes anything."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, speech, wording
from courseapp.documents import certificate as paper
from courseapp.domain.errors import DomainError, NotFound, TooManyTries
from courseapp.domain.marking import N_
from courseapp.domain.registration import Status
from courseapp.domain.rows import MyRegistration
from courseapp.links import links
from courseapp.queries import certificates, course_day, events
from courseapp.queries import feeds as feed_rows
from courseapp.queries import registrations as rows
from courseapp.services import attendance, feeds, moves, offers, registrations, tries
from courseapp.speech import said as _
from courseapp.web.calendars import FeedForm
from courseapp.web.forms import ActForm
from courseapp.web.public.events import calendar_file
from courseapp.web.public.forms import MoveForm, PersonForm, change_form
from courseapp.web.security import keep_secret

bp = Blueprint("my_registration", __name__, url_prefix="/min/<key>")
MOST_ADDRESSES_A_DAY = 10
MOVED = N_("Du er flyttet. Lenken til den nye påmeldingen er sendt til e-posten din.")
WAITING_THERE = N_(
    "Du har ikke plass på det andre kurset ennå. Denne påmeldingen gjelder fortsatt til du får det. Lenken til den nye"
    " er sendt til e-posten din."
)


@bp.after_request
def secret(response: Response) -> Response:
    """Every page here has a secret in its address."""
    return keep_secret(response)


def _mine(key: str) -> MyRegistration:
    found = rows.mine(key, clock.now())
    if found is None:
        abort(404)
    return found


@bp.get("")
def show(key: str) -> ResponseReturnValue:
    """Where I stand, and what I can do."""
    return _page(_mine(key), key, ActForm())


@bp.get("/kursbevis.pdf")
def certificate(key: str) -> ResponseReturnValue:
    """My kursbevis, as often as I like."""
    issued = certificates.mine(_mine(key).id)
    if issued is None:
        abort(404)
    content = paper.write(issued, links().certificate(issued.number, issued.code))
    response = Response(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{issued.number}.pdf"'
    return response


@bp.route("/endre", methods=["GET", "POST"])
def change(key: str) -> ResponseReturnValue:
    """Change what I told about myself."""
    mine = _mine(key)
    if not mine.may_change:
        flash(_("Påmeldingen kan ikke endres lenger."))
        return redirect(url_for(".show", key=key), 303)
    districts = events.districts(mine.event.office.slug) if mine.event.office.slug == "oslo" else []
    form = change_form(mine, districts)
    if form.validate_on_submit():
        try:
            return _changed(key, mine, form)
        except (NotFound, TooManyTries):
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
    page = render_template("public/my_registration/change.html", mine=mine, key=key, form=form)
    return page, form.code


def _changed(key: str, mine: MyRegistration, form: PersonForm) -> ResponseReturnValue:
    """Save; with another address the secret link dies, so the way goes to where links are asked for."""
    person = form.person(form["email"].data)
    if person.email.lower() != mine.person.email.lower():
        tries.spend("change_address", str(mine.id), most=MOST_ADDRESSES_A_DAY, seconds=86400)
        moves.change_address(key, person, mode=form.chosen_mode())
        flash(_("Endringene er lagret. Vi har sendt en ny lenke til den nye adressen. Den gamle virker ikke lenger."))
        return redirect(url_for("public.links.find"), 303)
    registrations.change_details(key, person, mode=form.chosen_mode())
    flash(_("Endringene er lagret."))
    return redirect(url_for(".show", key=key), 303)


@bp.route("/flytt", methods=["GET", "POST"])
def move(key: str) -> ResponseReturnValue:
    """Choose another course of the same kind."""
    mine = _mine(key)
    if not mine.may_change:
        flash(_("Påmeldingen kan ikke endres lenger."))
        return redirect(url_for(".show", key=key), 303)
    others = events.alternatives(mine.event, clock.now())
    form = MoveForm.among(others)
    if form.validate_on_submit():
        try:
            status = moves.move(key, *form.wanted())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            flash(_(MOVED if status is Status.REGISTERED else WAITING_THERE))
            return redirect(url_for(".show", key=key), 303)
    page = render_template("public/my_registration/move.html", mine=mine, key=key, form=form, others=others)
    return page, form.code


@bp.route("/kalender", methods=["GET", "POST"])
def feed(key: str) -> ResponseReturnValue:
    """Make the address of my own calendar, see it once, close it."""
    mine = _mine(key)
    form, address = FeedForm(), ""
    if form.validate_on_submit():
        if form.close.data:
            feeds.revoke_for_participant(key)
            flash(_("Kalenderadressen er stengt."))
            return redirect(url_for(".feed", key=key), 303)
        address = links().feed(feeds.make_for_participant(key), speech.language())
    has = feed_rows.participant_has(mine.person.email)
    page = render_template("public/my_registration/feed.html", key=key, form=form, address=address, has=has)
    return page, form.code


@bp.route("/avmeld", methods=["GET", "POST"])
def cancel(key: str) -> ResponseReturnValue:
    """Ask once, then give the place back."""
    mine = _mine(key)
    form = ActForm()
    if form.validate_on_submit():
        try:
            registrations.cancel(key)
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            return redirect(url_for(".show", key=key), 303)
    elif not mine.may_change and form.code == 200:
        return redirect(url_for(".show", key=key), 303)
    return render_template("public/my_registration/cancel.html", mine=mine, key=key, act_form=form), form.code


@bp.post("/oppmote")
def arrive(key: str) -> ResponseReturnValue:
    """I am here, at the session that is on now."""
    return _answer(key, attendance.check_in)


@bp.post("/takk-ja")
def accept(key: str) -> ResponseReturnValue:
    """Take the offered seat."""
    return _answer(key, offers.accept)


@bp.post("/takk-nei")
def decline(key: str) -> ResponseReturnValue:
    """Turn the offered seat down."""
    return _answer(key, offers.decline)


@bp.post("/vent-videre")
def wait_on(key: str) -> ResponseReturnValue:
    """Join the line again, at its end."""
    return _answer(key, offers.wait_on)


def _answer(key: str, act: Callable[[str], None]) -> ResponseReturnValue:
    """Do one act of the holder's, and show where she now stands; a refusal is said on the same page, 422."""
    form = ActForm()
    if form.validate_on_submit():
        try:
            act(key)
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            return redirect(url_for(".show", key=key), 303)
    return _page(_mine(key), key, form), form.code


def _page(mine: MyRegistration, key: str, form: ActForm) -> str:
    subscribes = feed_rows.participant_has(mine.person.email)
    issued = certificates.mine(mine.id)
    arrival = course_day.check_in_for(mine.id, clock.now())
    return render_template(
        "public/my_registration/show.html",
        mine=mine,
        key=key,
        act_form=form,
        subscribes=subscribes,
        issued=issued,
        arrival=arrival,
    )


@bp.get("/samling-<int(max=2147483647):session_id>.ics")
def session_calendar(key: str, session_id: int) -> ResponseReturnValue:
    """One of my sessions as a calendar file."""
    mine = _mine(key)
    session = rows.my_session(key, session_id)
    if session is None:
        abort(404)
    return calendar_file(mine.event, session, mine.mode)
