"""Signing up, and the receipt right after."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from courseapp import clock, wording
from courseapp.domain.errors import BoundReached, DomainError, NotFound
from courseapp.domain.registration import MOST_CORRECTIONS
from courseapp.domain.rows import EventPage, ReceiptRow
from courseapp.queries import events
from courseapp.queries import registrations as rows
from courseapp.services import registrations, tries
from courseapp.speech import said as _
from courseapp.web import kept
from courseapp.web.public.events import find
from courseapp.web.public.forms import AddressForm, PersonForm, sign_up_form, wish
from courseapp.web.security import keep_secret

bp = Blueprint("registrations", __name__, url_prefix="/arrangementer/<slug>")
MOST_RECEIPTS = 5


@bp.route("/pamelding", methods=["GET", "POST"])
def sign_up(slug: str) -> ResponseReturnValue:
    """The form, and what becomes of it."""
    event = find(slug)
    if request.method != "POST":
        if not event.takes_sign_ups:
            return redirect(url_for("public.events.show", slug=slug))
        shown = event.shown
        return kept.form(shown, lambda: _untouched(shown))
    form, bound = _form(event), _bound()
    if not form.validate_on_submit() or form["website"].data:
        _count(bound)
        if form["website"].data:
            form.form_errors.append(_("Et felt som skal være tomt, er fylt ut. Tøm det og send inn på nytt."))
        return _form_page(event, form), form.code
    try:
        signed_up = registrations.sign_up(wish(form, event), bound=bound)
    except (NotFound, BoundReached):
        raise
    except DomainError as refusal:
        _count(bound)
        form.form_errors.append(wording.refusal(refusal))
        return _form_page(event, form), form.code
    _remember(slug, signed_up.receipt)
    return redirect(url_for(".receipt", slug=slug), 303)


@bp.get("/kvittering")
def receipt(slug: str) -> ResponseReturnValue:
    """What the sign-up came to; only in the browser that sent it, and only for a while."""
    shown = _receipt(slug)
    same = replace(shown, email="")

    def make(email: str) -> str:
        return render_template("public/registrations/receipt.html", receipt=replace(same, email=email))

    return keep_secret(kept.around(shown.email, same, make))


@bp.route("/kvittering/adresse", methods=["GET", "POST"])
def correct_address(slug: str) -> ResponseReturnValue:
    """Correct a mistyped address while the receipt lives."""
    shown = _receipt(slug)
    if not shown.may_correct:
        flash(_("Adressen er rettet så mange ganger som det går her. Ta kontakt med kontoret."))
        return redirect(url_for(".receipt", slug=slug), 303)
    form = AddressForm()
    if form.validate_on_submit():
        if registrations.correct_address(_token(slug), form.email.data or ""):
            flash(_("Adressen er rettet. Vi har sendt e-posten på nytt."))
            flash(_("Skrev du noe om mat eller allergi? Se at det står på siden du får lenke til i e-posten."))
        return redirect(url_for(".receipt", slug=slug), 303)
    page = render_template("public/registrations/correct_address.html", form=form, receipt=shown)
    return keep_secret(current_app.make_response((page, form.code)))


def _form(event: EventPage) -> PersonForm:
    return sign_up_form(event, events.districts(event.office.slug) if event.office.slug == "oslo" else [])


def _untouched(event: EventPage) -> str:
    """The form before anything is typed: its fields are the same for every event of its kind."""
    form = _form(event)
    districts = tuple(form["district"].choices) if "district" in form else ()
    facts = (event.kind, event.seats.rooms, event.seat_rule, districts)
    return _page(event, form, kept.part(facts, lambda: _fields(form)))


def _form_page(event: EventPage, form: PersonForm) -> str:
    return _page(event, form, Markup(_fields(form)))  # noqa: S704 - a template of ours made it


def _page(event: EventPage, form: PersonForm, about_you: Markup) -> str:
    return render_template("public/registrations/sign_up.html", event=event, form=form, about_you=about_you)


def _fields(form: PersonForm) -> str:
    return render_template("public/registrations/_about_you.html", form=form)


def _bound() -> tries.Bound | None:
    """Generous per network address: a whole hospital sits behind one."""
    limit = current_app.extensions["courseapp.settings"].sign_up_limit
    if limit is None:
        return None
    return tries.Bound(bucket="sign_up", subject=request.remote_addr or "", most=limit[0], seconds=limit[1])


def _count(bound: tries.Bound | None) -> None:
    """What is refused counts as well; what comes to be is counted with it."""
    if bound is not None:
        bound.spend_alone()


def _remember(slug: str, token: str) -> None:
    kept = dict(session.get("receipts", {}))
    kept.pop(slug, None)
    session["receipts"] = dict([*kept.items(), (slug, token)][-MOST_RECEIPTS:])


def _token(slug: str) -> str:
    return str(session.get("receipts", {}).get(slug, ""))


def _receipt(slug: str) -> ReceiptRow:
    found = rows.receipt(_token(slug), slug, clock.now(), most_corrections=MOST_CORRECTIONS)
    if found is None:
        abort(404)
    return found
