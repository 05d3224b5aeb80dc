"""Kursbevis at the desk: who has earned one, issue to all of them, replace, revoke, print."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, wording
from courseapp.documents import certificate as paper
from courseapp.domain.certificate import Issued
from courseapp.domain.errors import DomainError, NotFound
from courseapp.links import links
from courseapp.queries import certificates as rows
from courseapp.services import certificates, journal
from courseapp.services.changes import LONGEST_REASON
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm, Form, Needed, text
from courseapp.web.security import keep_secret
from courseapp.wording import counted

bp = Blueprint("certificates", __name__, url_prefix="/arrangementer/<slug>/kursbevis")
ONE = "/<int(max=2147483647):certificate_id>"


class ReasonForm(Form):
    """Why."""

    reason = text(lazy("Begrunnelse"), Needed("Skriv en begrunnelse."), most=LONGEST_REASON, rows=2)


@bp.after_request
def secret(response: Response) -> Response:
    """Names and hours."""
    return keep_secret(response)


@bp.route("", methods=["GET", "POST"])
def index(slug: str) -> ResponseReturnValue:
    """Everybody with a seat, and the one button that issues to all who earned it."""
    form = ActForm()
    if form.validate_on_submit():
        try:
            issued = certificates.issue(slug, actor=actor())
        except NotFound:
            raise
        except DomainError as refusal:
            flash(wording.refusal(refusal), "warning")
        else:
            flash(
                _("%(many)s er utstedt. E-post med lenke går ut nå.", many=counted(issued, "kursbevis", "kursbevis")),
                "success",
            )
        return redirect(url_for(".index", slug=slug), 303)
    shown = rows.of_event(actor(), slug, clock.now())
    journal.note_read(actor(), shown.event.id, "participants_read")
    return make_response(render_template("office/certificates/index.html", shown=shown, form=form), form.code)


@bp.route(f"{ONE}/nytt", methods=["GET", "POST"])
def replace(slug: str, certificate_id: int) -> ResponseReturnValue:
    """A new one after a correction; the old number points to it."""
    issued, form = rows.to_change(actor(), slug, certificate_id), ReasonForm()
    if form.validate_on_submit():
        try:
            number = certificates.reissue(slug, certificate_id, form.reason.data or "", actor=actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            flash(_("Nytt kursbevis med nummer %(number)s er utstedt.", number=number), "success")
            return redirect(url_for(".index", slug=slug), 303)
    return make_response(
        render_template("office/certificates/replace.html", slug=slug, issued=issued, form=form), form.code
    )


@bp.route(f"{ONE}/trekk-tilbake", methods=["GET", "POST"])
def revoke(slug: str, certificate_id: int) -> ResponseReturnValue:
    """Take one back."""
    issued, form = rows.to_change(actor(), slug, certificate_id), ReasonForm()
    if form.validate_on_submit():
        try:
            certificates.revoke(slug, certificate_id, form.reason.data or "", actor=actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            flash(_("Kursbevis %(number)s er trukket tilbake.", number=issued.number), "success")
            return redirect(url_for(".index", slug=slug), 303)
    return make_response(
        render_template("office/certificates/revoke.html", slug=slug, issued=issued, form=form), form.code
    )


@bp.get(f"{ONE}.pdf")
def one(slug: str, certificate_id: int) -> ResponseReturnValue:
    """One as paper."""
    issued = rows.one(actor(), slug, certificate_id)
    return pdf(paper.write(issued, _address(issued)), issued.number)


@bp.get("/alle.pdf")
def every(slug: str) -> ResponseReturnValue:
    """All that stand, a page each."""
    shown = rows.of_event(actor(), slug, clock.now())
    standing = [person.issued for person in shown.people if person.issued is not None]
    if not standing:
        raise NotFound
    journal.note_read(actor(), shown.event.id, "participants_exported")
    return pdf(paper.write_all(standing, [_address(one) for one in standing]), f"{slug}-kursbevis")


def pdf(content: bytes, name: str) -> Response:
    """A file to look at or keep."""
    response = Response(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return keep_secret(response)


def _address(issued: Issued) -> str:
    return links().certificate(issued.number, issued.code)
