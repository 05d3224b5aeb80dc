"""Everything to print for one event. Each file is written down like any other reading of the list."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.documents import archive as archive_file
from courseapp.documents import papers
from courseapp.documents.papers import Labels, Order
from courseapp.links import links
from courseapp.queries import archive as archives
from courseapp.queries import papers as rows
from courseapp.queries import plans
from courseapp.services import journal
from courseapp.web import auth
from courseapp.web.auth import actor
from courseapp.web.security import keep_secret

bp = Blueprint("papers", __name__, url_prefix="/arrangementer/<slug>")


@bp.get("/utskrift")
def index(slug: str) -> ResponseReturnValue:
    """What there is to print."""
    event, people = rows.people(actor(), slug, clock.now())
    grouped = any(one.group is not None for one in people)
    page = render_template(
        "office/papers/index.html",
        event=event,
        people=len(people),
        grouped=grouped,
        labels=Labels,
        archives=plans.organizes(actor(), slug),
    )
    return keep_secret(make_response(page))


@bp.get("/oppmoteliste.pdf")
def sign_in(slug: str) -> ResponseReturnValue:
    """A sign-in sheet per session."""
    event, people = rows.people(actor(), slug, clock.now())
    journal.note_read(actor(), event.id, "participants_exported")
    return _pdf(slug, "oppmoteliste", papers.sign_in(event, people, order=_order(), at=clock.now()))


@bp.get("/deltakerliste.pdf")
def people(slug: str) -> ResponseReturnValue:
    """Who comes, by name, role or group."""
    event, found = rows.people(actor(), slug, clock.now())
    journal.note_read(actor(), event.id, "participants_exported")
    return _pdf(slug, "deltakerliste", papers.list_of_people(event, found, order=_order(), at=clock.now()))


@bp.get("/navneskilt.pdf")
def name_tags(slug: str) -> ResponseReturnValue:
    """Labels for the coat."""
    event, found = rows.people(actor(), slug, clock.now())
    journal.note_read(actor(), event.id, "participants_exported")
    wanted = request.args.get("etiketter", "")
    labels = next((one for one in Labels if one == wanted), Labels.BIG)
    return _pdf(slug, "navneskilt", papers.name_tags(event, found, labels=labels, at=clock.now()))


@bp.get("/dorskilt.pdf")
def door_sign(slug: str) -> ResponseReturnValue:
    """What hangs on the door."""
    event, _people = rows.people(actor(), slug, clock.now())
    return _pdf(slug, "dorskilt", papers.door_sign(event, links().event(slug), at=clock.now()))


@bp.get("/arkiv.zip")
@auth.fresh
def archive(slug: str) -> ResponseReturnValue:
    """Everything of the event for the municipality's archive."""
    kept = archives.of_event(actor(), slug, clock.now())
    journal.note_read(actor(), kept.event.id, "archive_exported")
    content = archive_file.write(kept.event, kept.people, kept.others, kept.certificates, at=clock.now())
    response = Response(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-arkiv.zip"'
    return keep_secret(response)


def _order() -> Order:
    wanted = request.args.get("etter", "")
    return next((one for one in Order if one == wanted), Order.NAME)


def _pdf(slug: str, name: str, content: bytes) -> Response:
    response = Response(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-{name}.pdf"'
    return keep_secret(response)
