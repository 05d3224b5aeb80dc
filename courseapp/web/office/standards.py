"""Standard texts of the actor's offices, and of single events."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from courseapp import wording
from courseapp.domain.access import check
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.messages import EXPLAINED
from courseapp.domain.standard_texts import ENDING
from courseapp.queries import standard_texts as rows
from courseapp.queries.standard_texts import TextRow, Texts
from courseapp.services import standard_texts
from courseapp.services.standard_texts import TextWish
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.office.message_forms import EndingForm, TextForm
from courseapp.web.security import keep_secret

bp = Blueprint("standards", __name__)


@bp.get("/standardtekster")
def index() -> ResponseReturnValue:
    """The texts of every office of the actor's."""
    return render_template("office/standards/index.html", offices=rows.of_offices(actor()), form=ActForm())


@bp.route("/standardtekster/<office>/ny", methods=["GET", "POST"])
def add(office: str) -> ResponseReturnValue:
    """A new text of an office's own."""
    return _edit(
        rows.of_office(actor(), office),
        None,
        lambda code, wish: standard_texts.put(office, code, wish, actor=actor()),
    )


@bp.route("/standardtekster/<office>/<code>", methods=["GET", "POST"])
def edit(office: str, code: str) -> ResponseReturnValue:
    """One text of an office."""
    texts = rows.of_office(actor(), office)
    return _edit(
        texts,
        rows.one_of(texts, code),
        lambda changed, wish: standard_texts.put(office, changed, wish, actor=actor()),
    )


@bp.post("/standardtekster/<office>/<code>/fjern")
def remove(office: str, code: str) -> ResponseReturnValue:
    """Take an office's own text away."""
    return _remove(
        lambda: standard_texts.remove(office, code, actor=actor()),
        url_for(".index"),
    )


@bp.get("/arrangementer/<slug>/standardtekster")
def of_event(slug: str) -> ResponseReturnValue:
    """The texts of one event."""
    texts = rows.of_event(actor(), slug)
    return keep_secret(make_response(render_template("office/standards/of_event.html", texts=texts, form=ActForm())))


@bp.route("/arrangementer/<slug>/standardtekster/ny", methods=["GET", "POST"])
def add_for_event(slug: str) -> ResponseReturnValue:
    """A new text of an event's own."""
    return _edit(
        rows.of_event(actor(), slug),
        None,
        lambda code, wish: standard_texts.put_for_event(slug, code, wish, actor=actor()),
    )


@bp.route("/arrangementer/<slug>/standardtekster/<code>", methods=["GET", "POST"])
def edit_for_event(slug: str, code: str) -> ResponseReturnValue:
    """One text of an event, from what its office has to begin with."""
    texts = rows.of_event(actor(), slug)
    return _edit(
        texts,
        rows.one_of(texts, code),
        lambda changed, wish: standard_texts.put_for_event(slug, changed, wish, actor=actor()),
    )


@bp.post("/arrangementer/<slug>/standardtekster/<code>/fjern")
def remove_for_event(slug: str, code: str) -> ResponseReturnValue:
    """Take an event's own text away."""
    return _remove(
        lambda: standard_texts.remove_for_event(slug, code, actor=actor()),
        url_for(".of_event", slug=slug),
    )


def _edit(texts: Texts, row: TextRow | None, put: Callable[[str | None, TextWish], object]) -> ResponseReturnValue:
    check(texts.organizes)
    held = {"name": row.name, "subject": row.subject, "body": row.body} if row else {}
    form = EndingForm(data=held) if row is not None and row.code == ENDING else TextForm(data=held)
    back = url_for(".of_event", slug=texts.slug) if texts.slug else url_for(".index")
    if form.validate_on_submit():
        try:
            put(row.code if row else None, form.wish())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            flash(_("Teksten er lagret."), "success")
            return redirect(back, 303)
    name = ("edit" if row is not None else "add") + ("_for_event" if texts.slug else "")
    page = render_template(
        f"office/standards/{name}.html", texts=texts, row=row, form=form, fields=EXPLAINED, back=back
    )
    return keep_secret(make_response(page, form.code))


def _remove(act: Callable[[], object], back: str) -> ResponseReturnValue:
    form = ActForm()
    if form.validate_on_submit():
        act()
        flash(_("Teksten er tatt bort."), "success")
    else:
        flash(form.form_errors[0], "warning")
    return redirect(back, 303)
