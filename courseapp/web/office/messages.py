"""Messages to the people of one event: write, add files, look before sending, and see what became of each letter."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from courseapp import clock, wording
from courseapp.domain.attachments import MOST_BYTES, TYPES, FilesTooLarge
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.messages import EXPLAINED
from courseapp.queries import messages as rows
from courseapp.queries.message_rows import Draft, Options
from courseapp.services import journal, message_files, messages, resending
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.letter_frame import framed
from courseapp.web.office.line_forms import number_of
from courseapp.web.office.message_forms import FilesForm, PreviewForm, WriteForm, write_form
from courseapp.web.security import drain, keep_secret
from courseapp.wording import counted

bp = Blueprint("messages", __name__, url_prefix="/arrangementer/<slug>")
ID = "<int(max=2147483647):message_id>"
UPLOAD_BYTES = MOST_BYTES + 64 * 1024
"""The files, and what a form puts around them."""


@bp.before_request
def _room_for_files() -> None:
    if request.endpoint == "office.messages.files":
        request.max_content_length = UPLOAD_BYTES


@bp.get("/meldinger")
def index(slug: str) -> ResponseReturnValue:
    """What was sent, and what is being written."""
    shown = rows.index(actor(), slug, clock.now())
    return keep_secret(make_response(render_template("office/messages/index.html", shown=shown)))


@bp.route("/meldinger/ny", methods=["GET", "POST"])
def write(slug: str) -> ResponseReturnValue:
    """A new message; `?til=` names single persons by the numbers of their registrations."""
    shown = rows.options(actor(), slug, clock.now())
    only = [number for one in request.args.getlist("til")[:100] if (number := number_of(one)) is not None]
    return _write(slug, shown, write_form(shown, None, only), None)


@bp.route(f"/meldinger/{ID}/skriv", methods=["GET", "POST"])
def edit(slug: str, message_id: int) -> ResponseReturnValue:
    """A draft."""
    draft = rows.draft(actor(), slug, message_id)
    if draft is None:
        return redirect(url_for(".show", slug=slug, message_id=message_id), 303)
    shown = rows.options(actor(), slug, clock.now())
    return _write(slug, shown, write_form(shown, draft), draft)


def _write(slug: str, shown: Options, form: WriteForm, draft: Draft | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        if form.act == "fill":
            form.begin_with(shown.texts)
        elif (saved := _saved(slug, form, draft)) is not None:
            return _onwards(slug, saved, form.act)
    journal.note_read(actor(), shown.event.id, "participants_read")
    people, leaders = rows.reach(actor(), slug, form.choice()) if not form.errors else (None, None)
    page = render_template(
        f"office/messages/{'edit' if draft else 'write'}.html",
        shown=shown,
        form=form,
        draft=draft,
        people=people,
        leaders=leaders,
        fields=EXPLAINED,
    )
    return keep_secret(make_response(page, form.code))


def _saved(slug: str, form: WriteForm, draft: Draft | None) -> int | None:
    """The draft's id; None where it was refused, with the reason in the form."""
    made: list[int] = []

    def act() -> None:
        if draft is None:
            made.append(messages.save(slug, form.wish(), token=form.key(), actor=actor()))
        else:
            messages.change(slug, draft.id, form.wish(), seen=form.revision(), actor=actor())
            made.append(draft.id)

    if not form.does(act) and draft is not None:
        form.seen.data = str(draft.revision)  # saved once more, it is her own
    return made[0] if made else None


def _onwards(slug: str, message_id: int, act: str) -> ResponseReturnValue:
    """Where each button leads when the draft is kept."""
    if act == "preview":
        return redirect(url_for(".preview", slug=slug, message_id=message_id), 303)
    if act == "files":
        return redirect(url_for(".files", slug=slug, message_id=message_id), 303)
    if act == "save":
        flash(_("Utkastet er lagret."), "success")
    return redirect(
        url_for(".edit", slug=slug, message_id=message_id, _anchor="utvalg" if act == "count" else None), 303
    )


@bp.route(f"/meldinger/{ID}/vedlegg", methods=["GET", "POST"])
def files(slug: str, message_id: int) -> ResponseReturnValue:
    """The files of a draft. What is too large to read is let by and said; the draft itself is kept already."""
    draft = rows.draft(actor(), slug, message_id)
    if draft is None:
        return redirect(url_for(".show", slug=slug, message_id=message_id), 303)
    try:
        form = FilesForm()
        sent = form.validate_on_submit()
    except RequestEntityTooLarge:
        drain()
        form, sent = FilesForm(formdata=MultiDict()), False
        form.form_errors.append(_(FilesTooLarge.message))
    if sent:
        chosen = [(one.filename or "", one.read()) for one in request.files.getlist("files") if one.filename]
        if form.does(lambda: message_files.add(slug, message_id, chosen, actor=actor())):
            flash(_("Lagt ved."), "success")
            return redirect(url_for(".files", slug=slug, message_id=message_id), 303)
    accept = ",".join(f".{one}" for one in TYPES)
    page = render_template("office/messages/files.html", slug=slug, draft=draft, form=form, accept=accept)
    return keep_secret(make_response(page, form.code))


@bp.post(f"/meldinger/{ID}/vedlegg/<int(max=2147483647):file_id>/fjern")
def remove_file(slug: str, message_id: int, file_id: int) -> ResponseReturnValue:
    """Take a file out again."""
    _act(lambda: message_files.remove(slug, message_id, file_id, actor=actor()), _("Vedlegget er tatt bort."))
    return redirect(url_for(".files", slug=slug, message_id=message_id), 303)


@bp.get(f"/meldinger/{ID}/vedlegg/<int(max=2147483647):file_id>")
def file(slug: str, message_id: int, file_id: int) -> ResponseReturnValue:
    """The file itself, to look at."""
    kept = rows.file(actor(), slug, message_id, file_id)
    response = Response(kept.content, content_type=kept.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=kept.name)
    return keep_secret(response)


@bp.route(f"/meldinger/{ID}/forhandsvis", methods=["GET", "POST"])
def preview(slug: str, message_id: int) -> ResponseReturnValue:
    """The message as one of its readers gets it; from here it is sent, or first a test copy to the writer."""
    form, code = PreviewForm(), request.args.get("som", "")
    if form.validate_on_submit() and form.does(lambda: _post(slug, message_id, form, code)):
        sent = request.form.get("act") == "send"
        return redirect(
            url_for(".show" if sent else ".preview", slug=slug, message_id=message_id, som=code or None), 303
        )
    try:
        shown = rows.preview(actor(), slug, message_id, code, clock.now())
    except NotFound:
        raise
    except DomainError as refusal:
        flash(wording.refusal(refusal), "danger")
        return redirect(url_for(".edit", slug=slug, message_id=message_id), 303)
    if shown is None:
        return redirect(url_for(".show", slug=slug, message_id=message_id), 303)
    journal.note_read(actor(), shown.event.id, "participants_read")
    page = render_template("office/messages/preview.html", shown=shown, form=form)
    return keep_secret(make_response(page, form.code))


def _post(slug: str, message_id: int, form: PreviewForm, code: str) -> None:
    """Send it, or a test copy of it, and say so."""
    if request.form.get("act") == "send":
        total = messages.send(slug, message_id, seen=form.seen.data or "", actor=actor())
        people = counted(total, _("person"), _("personer"))
        flash(_("Meldingen går ut til %(people)s nå. Her ser du hvordan det går.", people=people), "success")
        return
    address = messages.send_test(slug, message_id, code, actor=actor())
    flash(
        _("En prøve er på vei til %(address)s. Lenken til «Min påmelding» virker ikke i den.", address=address),
        "success",
    )


@bp.get(f"/meldinger/{ID}/forhandsvis.html")
def letter_html(slug: str, message_id: int) -> ResponseReturnValue:
    """The letter's own html, for the frame on its page."""
    shown = rows.preview(actor(), slug, message_id, request.args.get("som", ""), clock.now())
    if shown is None:
        raise NotFound
    return keep_secret(framed(shown.letter.html))


@bp.get(f"/meldinger/{ID}")
def show(slug: str, message_id: int) -> ResponseReturnValue:
    """A message that was sent, and each person's letter."""
    shown = rows.sent(actor(), slug, message_id, clock.now())
    if shown is None:
        return redirect(url_for(".edit", slug=slug, message_id=message_id), 303)
    journal.note_read(actor(), shown.event.id, "participants_read")
    return keep_secret(make_response(render_template("office/messages/show.html", shown=shown, form=ActForm())))


@bp.post(f"/meldinger/{ID}/slett")
def delete(slug: str, message_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    _act(lambda: messages.delete(slug, message_id, actor=actor()), _("Utkastet er slettet."))
    return redirect(url_for(".index", slug=slug), 303)


@bp.post(f"/meldinger/{ID}/pa-nytt")
def resend_failed(slug: str, message_id: int) -> ResponseReturnValue:
    """Every letter of it that failed, once more."""
    _act(lambda: resending.resend_failed(slug, message_id, actor=actor()), _("De som feilet, går ut på nytt nå."))
    return redirect(url_for(".show", slug=slug, message_id=message_id), 303)


@bp.post("/brev/<int(max=2147483647):letter_id>/pa-nytt")
def resend(slug: str, letter_id: int) -> ResponseReturnValue:
    """One letter that failed, once more; back to where the button stood."""
    _act(lambda: resending.resend(slug, letter_id, actor=actor()), _("E-posten går ut på nytt nå."))
    person, message = (number_of(request.form.get(name)) for name in ("person", "message"))
    if person is not None:
        return redirect(
            url_for("office.participants.person", slug=slug, registration_id=person, _anchor="letters"), 303
        )
    if message is not None:
        return redirect(url_for(".show", slug=slug, message_id=message), 303)
    return redirect(url_for(".index", slug=slug), 303)


def _act(act: Callable[[], object], said: str) -> None:
    """Do what a button asks and say so, or why not; an old token asks again."""
    form = ActForm()
    if form.validate_on_submit() and form.does(act):
        flash(said, "success")
    else:
        flash(form.form_errors[0], "warning")
