"""A list of people comes in by four steps: the file, its columns, the trial, the import. Organizers only."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from courseapp import clock, wording
from courseapp.documents import reading
from courseapp.documents.reading import Unreadable
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.people_columns import UploadGone
from courseapp.queries import people_import as rows
from courseapp.services import people_import
from courseapp.services.people_import import Imported, Overtaken
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.office.people_import_forms import TOO_LARGE, UploadForm, columns_form, import_form
from courseapp.web.security import keep_secret
from courseapp.wording import counted

bp = Blueprint("people_import", __name__, url_prefix="/arrangementer/<slug>/deltakere/importer")
MOST_BYTES = 5 * 1024 * 1024
MOST_DRAINED = 256 * 1024 * 1024


@bp.before_request
def take_files() -> None:
    """Only here a request may be as large as a list; everywhere else the bound of the house holds."""
    if request.endpoint == "office.people_import.upload":
        request.max_content_length = MOST_BYTES + 64 * 1024


@bp.errorhandler(UploadGone)
def gone(refusal: UploadGone) -> ResponseReturnValue:
    """Back to the beginning, with the reason."""
    flash(wording.refusal(refusal), "warning")
    return redirect(url_for(".upload", slug=(request.view_args or {})["slug"]), 303)


@bp.route("", methods=["GET", "POST"])
def upload(slug: str) -> ResponseReturnValue:
    """A file, read and kept for an hour."""
    shown = rows.target(actor(), slug, clock.now())
    try:
        form = UploadForm()
        sent = form.validate_on_submit()
    except RequestEntityTooLarge:
        _drain()
        form = UploadForm(formdata=MultiDict())
        form.form_errors.append(_(TOO_LARGE))
        return _upload_page(shown, form, 413)
    if sent:
        try:
            number = _kept(slug)
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            return redirect(url_for(".columns", slug=slug, upload_id=number), 303)
    return _upload_page(shown, form, form.code)


@bp.route("/<int(max=2147483647):upload_id>", methods=["GET", "POST"])
def columns(slug: str, upload_id: int) -> ResponseReturnValue:
    """Which column is what, and which role each text means."""
    shown = rows.upload(actor(), slug, upload_id, clock.now())
    form = columns_form(shown)
    if form.validate_on_submit():
        try:
            people_import.set_columns(slug, upload_id, form.columns(), form.roles(), actor())
        except (NotFound, UploadGone):
            raise
        except DomainError as refusal:
            shown = rows.upload(actor(), slug, upload_id, clock.now())
            form = columns_form(shown)
            form.form_errors = [wording.refusal(refusal)]
        else:
            return redirect(url_for(".trial", slug=slug, upload_id=upload_id), 303)
    page = render_template("office/people_import/columns.html", shown=shown, form=form)
    return keep_secret(make_response(page, form.code))


@bp.route("/<int(max=2147483647):upload_id>/prov", methods=["GET", "POST"])
def trial(slug: str, upload_id: int) -> ResponseReturnValue:
    """Every row with its fate, and one button that imports all of them or none."""
    shown = rows.trial_page(actor(), slug, upload_id, clock.now())
    if shown is None:
        return redirect(url_for(".columns", slug=slug, upload_id=upload_id), 303)
    form = import_form(shown)
    if form.validate_on_submit():
        try:
            done = people_import.run(slug, upload_id, form.wish(), actor())
        except (NotFound, UploadGone):
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
            if isinstance(refusal, Overtaken):
                shown = rows.trial_page(actor(), slug, upload_id, clock.now()) or shown
                form.seen.data = shown.trial.seen
        else:
            _say_done(done)
            return redirect(url_for("office.participants.table", slug=slug), 303)
    page = render_template("office/people_import/trial.html", shown=shown, form=form)
    return keep_secret(make_response(page, form.code))


@bp.post("/forkast")
def drop(slug: str) -> ResponseReturnValue:
    """Delete the list without importing it."""
    if ActForm().validate_on_submit():
        people_import.drop(slug, actor())
        flash(_("Lista er slettet. Ingen ble lagt inn."), "success")
    return redirect(url_for("office.participants.table", slug=slug), 303)


def _kept(slug: str) -> int:
    """Read the file that was sent and keep it; its name says nothing and is not looked at."""
    sent = request.files.get("file")
    content = sent.read(MOST_BYTES + 1) if sent is not None else b""
    if not content:
        raise Unreadable(_("Velg en fil først."))
    if len(content) > MOST_BYTES:
        raise Unreadable(_(TOO_LARGE))
    sheet = reading.read(content)
    return people_import.keep(slug, sheet.headings, sheet.rows, actor())


def _upload_page(shown: rows.Target, form: UploadForm, code: int) -> Response:
    page = render_template("office/people_import/upload.html", shown=shown, form=form)
    return keep_secret(make_response(page, code))


def _drain() -> None:
    """Take in what is still on its way and keep none of it: a browser shows no answer while it is sending."""
    left = min(request.content_length or 0, MOST_DRAINED)
    while left > 0 and (piece := request.environ["wsgi.input"].read(min(left, 65536))):
        left -= len(piece)
    vars(request).update(form=ImmutableMultiDict(), files=ImmutableMultiDict())  # the page's own forms ask again


def _say_done(done: Imported) -> None:
    people = counted(done.people, _("person er"), _("personer er"))
    flash(_("%(people)s lagt inn.", people=people), "success")
    if done.waiting:
        flash(_("%(count)s av dem står på venteliste.", count=done.waiting), "warning")
