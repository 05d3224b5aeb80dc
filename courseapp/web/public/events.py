"""What can be signed up for: the list, one event, a session's calendar file."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from courseapp import clock, wording
from courseapp.calendar import feed
from courseapp.documents import schema_org
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.modes import Mode
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.models.event import EventSession
from courseapp.queries import events, feeds, shown
from courseapp.speech import said as _
from courseapp.web import calendars, kept, markdown
from courseapp.web.filters import filters_of

bp = Blueprint("events", __name__)


def find(slug: str) -> EventPage:
    """The public event of that address, or 404."""
    event = shown.page(slug, clock.now())
    if event is None:
        abort(404)
    return event


@bp.get("/")
def index() -> ResponseReturnValue:
    """Events to come, filtered by the query string; a filter that means nothing is left out."""
    now = clock.now()
    return kept.page(shown.list_mark(now), lambda: _index(now))


def _index(now: datetime) -> str:
    filters = filters_of(now)
    page = request.args.get("side", 1, type=int)
    cards, total = events.upcoming(now, **filters.chosen(), page=max(1, min(page, 1000)))
    pages = -(-total // events.PAGE_SIZE)
    return render_template(
        "public/events/index.html", cards=cards, total=total, filters=filters, page=page, pages=pages
    )


@bp.get("/arrangementer.ics")
def calendar() -> ResponseReturnValue:
    """The same as a calendar to subscribe to, with the same filters."""
    now = clock.now()
    return calendars.public(shown.list_mark(now), lambda: feeds.public(now, **filters_of(now).chosen()))


@bp.get("/arrangementer/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One event."""
    event = find(slug).shown
    return kept.page(event, lambda: _show(event))


def _show(event: EventPage) -> str:
    return render_template(
        "public/events/show.html",
        event=event,
        description_html=markdown.html(event.description),
        structured=schema_org.event(event, links().event(event.slug)),
    )


@bp.get("/arrangementer/<slug>/samling-<int(max=2147483647):session_id>.ics")
def session_calendar(slug: str, session_id: int) -> ResponseReturnValue:
    """One session as a calendar file, for whoever the invitation did not reach."""
    event = find(slug)
    session = events.public_session(slug, session_id)
    if session is None:
        abort(404)
    return calendar_file(event, session)


def calendar_file(event: EventPage, session: EventSession, mode: Mode | None = None) -> Response:
    """The file of one session, with the event's title, place and public address; never with where to call in."""
    place = wording.session_location(session.place, session.address)
    number = next(one.number for one in event.sessions if one.id == session.id)
    total = sum(1 for one in event.sessions if one.number)
    entry = feed.FeedEntry(
        uid=feed.session_uid(session.id, links().domain),
        sequence=session.revision,
        stamp=session.updated_at,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        summary=wording.session_title(event.title, number, total),
        location=_("Digitalt") if mode is Mode.DIGITAL else place,
        description=f"{event.title}, {event.office.name}.",
        url=links().event(event.slug),
        cancelled=session.cancelled,
        organizer=Mailbox(name=event.office.name, email=links().sender),
    )
    response = Response(feed.download(entry), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}-dag-{number}.ics"'
    return response
