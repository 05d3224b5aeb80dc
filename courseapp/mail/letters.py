"""One function per occasion: facts in, Letter out, in the language spoken. Needs no request, database or clock."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime

from courseapp.domain.changes import Change
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.registration import Status
from courseapp.domain.rows import UNBOUND, EventPage, SessionRow
from courseapp.mail.letter import CalendarPart, Letter
from courseapp.mail.rendering import for_one, rendered

Prose = tuple[tuple[str, ...], ...]
"""Paragraphs of plain text, each as its lines."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What every letter about one registration knows. `link` is secret; `event_url` is not."""

    event: EventPage
    sender: Mailbox
    to: Mailbox
    first_name: str
    full_name: str
    link: str
    event_url: str
    message_id: str
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One session as its calendar letter tells it. `video_url` is for participants only."""

    session: SessionRow
    total: int
    video_url: str
    references: str


@dataclass(frozen=True, kw_only=True)
class MyLink:
    """One line of the «my links» letter."""

    event: EventPage
    status: Status
    url: str


def confirmation(facts: Facts, *, ending: Prose = ()) -> Letter:
    """«Du er påmeldt.» `ending`: what the office wants to say besides."""
    return _letter("confirmation", facts, ending=ending)


def waiting(facts: Facts, *, position: int, kept: str = "", answered: bool = False) -> Letter:
    """«Du har ikke plass ennå», with the place in line; `kept` names the course where she keeps her place meanwhile.

    `answered`: it is the answer to an application.
    """
    return _letter("waiting", facts, position=position, kept=kept, answered=answered)


def applied(facts: Facts, *, kept: str = "") -> Letter:
    """«Vi har fått søknaden din.» `kept` as for `waiting`."""
    return _letter("applied", facts, kept=kept)


def seat_given(facts: Facts, *, accepted: bool, chosen: bool = False, ending: Prose = ()) -> Letter:
    """The seat is yours: one came free, or you took an offered one (`accepted`), or applied for it (`chosen`).

    `ending` as for `confirmation`.
    """
    return _letter("seat_given", facts, accepted=accepted, chosen=chosen, ending=ending)


def not_given(facts: Facts, *, kept: str = "") -> Letter:
    """«Du fikk ikke plass»: the answer to an application that was refused. `kept` names where she still has a place."""
    return _letter("not_given", facts, kept=kept)


def offer(facts: Facts, *, expires_at: datetime, kept: str = "") -> Letter:
    """«Tilbud om plass – svar innen …». `kept` names the course that a yes ends her place at."""
    return _letter("offer", facts, expires_at=expires_at, kept=kept)


def offer_reminder(facts: Facts, *, expires_at: datetime) -> Letter:
    """The offer is about to run out."""
    return _letter("offer_reminder", facts, expires_at=expires_at)


def offer_expired(facts: Facts) -> Letter:
    """The offer has run out and gone to the next."""
    return _letter("offer_expired", facts)


def declined(facts: Facts) -> Letter:
    """«Du har takket nei.»"""
    return _letter("declined", facts)


def reminder(facts: Facts, *, session: SessionRow, video_url: str) -> Letter:
    """A session is near. `video_url` is for participants only."""
    return _letter("reminder", facts, session=session, sessions_total=len(facts.event.sessions), video_url=video_url)


def cancelled(facts: Facts) -> Letter:
    """«Du er avmeldt.» Holds no secret link."""
    return _letter("cancelled", facts)


def moved(facts: Facts, *, to: str) -> Letter:
    """«Du er flyttet»: a seat at the course named `to` has ended this registration. Holds no secret link."""
    return _letter("moved", facts, to=to)


def thanks(facts: Facts, *, evaluation_url: str) -> Letter:
    """«Takk for at du var med», with the link that is the same for everybody."""
    return _letter("thanks", facts, evaluation_url=evaluation_url)


def certificate(facts: Facts) -> Letter:
    """«Kursbeviset ditt er klart»: where it lies; the paper itself is not sent about."""
    return _letter("certificate", facts)


def changed(facts: Facts, *, changes: tuple[Change, ...], message: str) -> Letter:
    """What is different now, and what the organizer wants to say about it."""
    return _letter("changed", facts, changes=changes, message=message)


def message(facts: Facts, *, occasion: str, subject: str, prose: Prose, mine: bool) -> Letter:
    """What an organizer wrote, filled in for one reader. `mine`: she has a page of her own to go to."""
    texts = rendered("message", **_known(facts), **_own(facts), subject=subject, prose_text=prose, mine=mine)
    return _addressed(occasion, facts, texts)


def event_cancelled(facts: Facts) -> Letter:
    """«Avlyst», and why."""
    return _letter("event_cancelled", facts)


def already_registered(facts: Facts, *, status: Status, position: int | None) -> Letter:
    """Somebody signed up again with this address; only its owner is told."""
    return _letter("already_registered", facts, status=status, position=position)


def address_changed(facts: Facts) -> Letter:
    """Told to the old address: it is no longer used for this registration. Holds no secret link and no new address."""
    return _letter("address_changed", facts)


def new_link(facts: Facts) -> Letter:
    """The link she had is dead; here is another."""
    return _letter("new_link", facts)


def invitation(facts: Facts, leg: Leg, ics: bytes) -> Letter:
    """One session's calendar invitation."""
    return _calendar_letter("invitation", facts, leg, CalendarPart(method="REQUEST", ics=ics))


def invitation_cancelled(facts: Facts, leg: Leg, ics: bytes) -> Letter:
    """One session is taken out of the calendar again."""
    return _calendar_letter("invitation_cancelled", facts, leg, CalendarPart(method="CANCEL", ics=ics))


def my_links(*, sender: Mailbox, to: Mailbox, links: list[MyLink], message_id: str, now: datetime) -> Letter:
    """All secret links of one address, to that address."""
    subject, text, html = rendered("my_links", links=links)
    return Letter(
        occasion="my_links",
        sender=sender,
        to=to,
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        date=now,
    )


def erased(*, sender: Mailbox, to: Mailbox, offices: list[str], message_id: str, now: datetime) -> Letter:
    """What an office knew about an address is erased; to that address, for the last time."""
    subject, text, html = rendered("erased", offices=offices)
    return Letter(
        occasion="erased",
        sender=sender,
        to=to,
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        date=now,
    )


def leader_assigned(facts: Facts, *, partners: tuple[str, ...]) -> Letter:
    """«Du er satt opp som kursholder», with whom she leads. A leader's letters hold nothing about participants."""
    return _letter("leader_assigned", facts, partners=partners)


def leader_changed(facts: Facts, *, changes: tuple[Change, ...], message: str) -> Letter:
    """What is different now about an event she leads."""
    return _letter("leader_changed", facts, changes=changes, message=message)


def leader_removed(facts: Facts) -> Letter:
    """«Du er ikke lenger kursholder.»"""
    return _letter("leader_removed", facts)


def leader_event_cancelled(facts: Facts) -> Letter:
    """«Avlyst», to whoever should have led it."""
    return _letter("leader_event_cancelled", facts)


def leader_invitation(facts: Facts, leg: Leg, ics: bytes) -> Letter:
    """One session's invitation to a leader's calendar."""
    return _calendar_letter("leader_invitation", facts, leg, CalendarPart(method="REQUEST", ics=ics))


def leader_invitation_cancelled(facts: Facts, leg: Leg, ics: bytes) -> Letter:
    """One session is taken out of a leader's calendar again."""
    return _calendar_letter("leader_invitation_cancelled", facts, leg, CalendarPart(method="CANCEL", ics=ics))


def _calendar_letter(occasion: str, facts: Facts, leg: Leg, part: CalendarPart) -> Letter:
    return _letter(
        occasion,
        facts,
        calendar=part,
        references=leg.references,
        session=leg.session,
        sessions_total=leg.total,
        video_url=leg.video_url,
    )


def _letter(
    occasion: str,
    facts: Facts,
    *,
    calendar: CalendarPart | None = None,
    references: str | None = None,
    **more: Hashable,
) -> Letter:
    texts = for_one(occasion, _own(facts), **_known(facts), **more)
    return _addressed(occasion, facts, texts, calendar=calendar, references=references)


def _own(facts: Facts) -> dict[str, str]:
    return {"first_name": facts.first_name, "link": facts.link}


def _known(facts: Facts) -> dict[str, Hashable]:
    """What the letters of everybody say. How many seats are left is in none of them."""
    return {
        "event": replace(facts.event, seats=UNBOUND),
        "office": facts.event.office,
        "event_url": facts.event_url,
    }


def _addressed(
    occasion: str,
    facts: Facts,
    texts: tuple[str, str, str],
    *,
    calendar: CalendarPart | None = None,
    references: str | None = None,
) -> Letter:
    event, (subject, text, html) = facts.event, texts
    return Letter(
        occasion=occasion,
        sender=facts.sender,
        to=facts.to,
        reply_to=Mailbox(name=event.contact_name or event.office.name, email=event.contact_email),
        subject=subject,
        text=text,
        html=html,
        message_id=facts.message_id,
        references=references,
        date=facts.now,
        calendar=calendar,
    )
