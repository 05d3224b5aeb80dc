"""Who stands on an event's paper."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.event import WITH_SIGN_UP
from courseapp.domain.registration import Status
from courseapp.domain.rows import EventPage, PaperPerson
from courseapp.models.registration import Registration
from courseapp.queries import events, groups


def people(actor: Actor, slug: str, now: datetime) -> tuple[EventPage, tuple[PaperPerson, ...]]:
    """The event, and those with a seat in Norwegian order of names.

    An offer that is not answered yet is not on paper. Raises NotFound for whoever may not see the participants.
    """
    event = events.whole(slug)
    if event is None or event.kind not in WITH_SIGN_UP:
        raise NotFound
    check(may_see_persons(actor, [event.office_id, *(office.id for office in event.partners)]))
    numbers = groups.of_event(event.id)
    found = db.session.scalars(
        select(Registration)
        .where(Registration.event_id == event.id, Registration.status == Status.REGISTERED)
        .order_by(Registration.sort_key, Registration.id)
    )
    page = events.as_page(event, events.seats_of(db.session(), [event])[event.id], now)
    return page, tuple(
        PaperPerson(
            first_name=one.first_name,
            last_name=one.last_name,
            role=one.primary_role,
            workplace=one.workplace,
            group=numbers.get(one.id),
        )
        for one in found
    )
