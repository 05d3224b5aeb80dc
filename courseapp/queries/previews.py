"""How participants will see an event: its page and its letters, before anybody has signed up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.event import WITH_SIGN_UP, EventStatus, FillMode, SeatRule, sign_up_state
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.marking import N_
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.mail import letters, prose
from courseapp.mail.letter import Letter
from courseapp.models.event import Event
from courseapp.queries import events, standard_texts

TITLES = {
    "applied": N_("Søknad mottatt"),
    "confirmation": N_("Bekreftelse på plass"),
    "waiting": N_("Beskjed om venteliste"),
    "offer": N_("Tilbud om plass"),
    "seat_given": N_("Plass fra ventelisten"),
    "reminder": N_("Påminnelse før første samling"),
    "cancelled": N_("Bekreftelse på avmelding"),
}
READER = Mailbox(name="Kari Eksempel", email="kari@lege.example.org")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The page, and which letters its participants may get, in the order they would."""

    event: EventPage
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPreview:
    """One letter to an invented reader."""

    event: EventPage
    occasion: str
    letter: Letter


def event(actor: Actor, slug: str, now: datetime) -> Preview:
    """The event as its page shows it, or would once it is published.

    Raises NotFound for whoever may not see its participants.
    """
    found = _seen(actor, slug)
    page = _page(found, now)
    window = replace(found.window, status=EventStatus.PUBLISHED if page.status is EventStatus.DRAFT else page.status)
    return Preview(
        event=replace(page, state=sign_up_state(window, left=page.seats.left, now=now)), letters=_letters(found)
    )


def letter(actor: Actor, slug: str, occasion: str, now: datetime) -> LetterPreview:
    """One of the letters. Raises NotFound as `event` does, and for letters that this event never sends."""
    found = _seen(actor, slug)
    if occasion not in _letters(found):
        raise NotFound
    page = _page(found, now)
    return LetterPreview(event=page, occasion=occasion, letter=_written(occasion, found, page, now))


def _seen(actor: Actor, slug: str) -> Event:
    found = events.whole(slug)
    if found is None or found.kind not in WITH_SIGN_UP:
        raise NotFound
    check(may_see_persons(actor, [found.office_id, *(office.id for office in found.partners)]))
    return found


def _page(found: Event, now: datetime) -> EventPage:
    return events.as_page(found, events.seats_of(db.session(), [found])[found.id], now)


def _letters(found: Event) -> tuple[str, ...]:
    """Letters tell of sessions, so an event without any has none yet."""
    bounded = found.capacity is not None
    sent = {
        "applied": found.seat_rule is SeatRule.APPLICATION,
        "confirmation": True,
        "waiting": bounded,
        "offer": bounded and found.fill_mode is FillMode.OFFER,
        "seat_given": bounded,
        "reminder": True,
        "cancelled": True,
    }
    return tuple(one for one, goes in sent.items() if goes) if found.starts_at is not None else ()


def _written(occasion: str, found: Event, page: EventPage, now: datetime) -> Letter:
    facts = letters.Facts(
        event=page,
        sender=Mailbox(name=page.office.name, email=links().sender),
        to=READER,
        first_name="Kari",
        full_name=READER.name,
        link=f"{links().base_url}/min/eksempel",
        event_url=links().event(page.slug),
        message_id=f"<preview@{links().domain}>",
        now=now,
    )
    ending = prose.endings(facts, standard_texts.endings(db.session(), found))
    first = next(one for one in page.sessions if not one.cancelled)
    video = next(one.video_url for one in found.sessions if one.id == first.id)
    writers: dict[str, Callable[[], Letter]] = {
        "applied": lambda: letters.applied(facts),
        "confirmation": lambda: letters.confirmation(facts, ending=ending),
        "waiting": lambda: letters.waiting(facts, position=4),
        "offer": lambda: letters.offer(facts, expires_at=now + timedelta(hours=found.offer_hours)),
        "seat_given": lambda: letters.seat_given(facts, accepted=False, ending=ending),
        "reminder": lambda: letters.reminder(facts, session=first, video_url=video),
        "cancelled": lambda: letters.cancelled(facts),
    }
    return writers[occasion]()
