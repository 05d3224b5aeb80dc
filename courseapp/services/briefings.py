"""What course leaders are told: letters and calendar entries of their own. For services only: everything takes `tx`.

A leader is told when she is put on a published event, when a change of it is told, when she is taken off, and when the
event is called off. Drafts and what is over are silent. Nothing about participants stands in any of it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from courseapp import speech, wording
from courseapp.calendar import invite
from courseapp.domain.event import LIVE_STATUSES
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.mail import letters, outbox
from courseapp.mail.letter import Letter
from courseapp.models.calendar import LeaderEntry
from courseapp.models.event import Event
from courseapp.models.person import CourseLeader
from courseapp.queries.changes import facts_of, leaders_reached
from courseapp.services import calendars, seats
from courseapp.services.calendars import Calendar
from courseapp.services.invitations import content_of, leg_of, name_of
from courseapp.services.posting import message_id
from courseapp.speech import said


def welcome(tx: Session, event: Event, now: datetime) -> int:
    """Tell the leaders who have not been told yet that they lead this event. Returns how many; none while a draft."""
    fresh = [one for one in event.leaders if one.told_at is None] if speaks(event, now) else []
    page = seats.page(tx, event, now) if fresh else None
    for one in fresh:
        assert page is not None
        others = tuple(other.leader.name for other in event.leaders if other is not one)
        with speech.speaking(one.leader.language):
            _put(tx, letters.leader_assigned(facts_for(one.leader, page, "assigned", now), partners=others), event)
            calendars.agree(tx, _calendar(tx, one.leader, event, page, now), event, now)
        one.told_at = now
    return len(fresh)


def changed(tx: Session, event: Event, page: EventPage, now: datetime, *, message: str) -> int:
    """Tell leaders what has changed since they were told, and make their calendars agree. Returns how many."""
    welcome(tx, event, now)
    reached = leaders_reached(event, facts_of(event, now))
    for one, found in reached:
        told = facts_for(one.leader, page, "changed", now)
        with speech.speaking(one.leader.language):
            _put(tx, letters.leader_changed(told, changes=found, message=message), event)
            calendars.agree(tx, _calendar(tx, one.leader, event, page, now), event, now)
        one.told_at = now
    return len(reached)


def dismissed(tx: Session, leader: CourseLeader, event: Event, now: datetime) -> None:
    """Tell a leader who had been told that she leads this event that she no longer does."""
    if speaks(event, now):
        page = seats.page(tx, event, now)
        with speech.speaking(leader.language):
            _put(tx, letters.leader_removed(facts_for(leader, page, "removed", now)), event)
            calendars.withdraw_all(tx, _calendar(tx, leader, event, page, now), event, now)


def called_off(tx: Session, event: Event, page: EventPage, now: datetime) -> None:
    """The event will not take place: say why, and take it out of its leaders' calendars."""
    for one in event.leaders:
        if one.told_at is not None:
            with speech.speaking(one.leader.language):
                _put(tx, letters.leader_event_cancelled(facts_for(one.leader, page, "off", now)), event)
                calendars.withdraw_all(tx, _calendar(tx, one.leader, event, page, now), event, now)


def withdrawn(tx: Session, leader: CourseLeader, event: Event, now: datetime) -> None:
    """Take an event out of the calendar behind the leader's present address, which is about to change."""
    if speaks(event, now):
        page = seats.page(tx, event, now)
        with speech.speaking(leader.language):
            calendars.withdraw_all(tx, _calendar(tx, leader, event, page, now), event, now)


def speaks(event: Event, now: datetime) -> bool:
    """Whether anybody is told anything about the event: it is published and not over."""
    return event.status in LIVE_STATUSES and event.ends_at is not None and event.ends_at > now


def _calendar(tx: Session, leader: CourseLeader, event: Event, page: EventPage, now: datetime) -> Calendar[LeaderEntry]:
    return Calendar(
        table=LeaderEntry,
        owner={"leader_id": leader.id},
        uid=lambda session_id: f"l{leader.id}-s{session_id}@{links().domain}",
        email=leader.email,
        office_name=page.office.name,
        write=lambda entry: _write(tx, entry, leader, event, page, now),
        past=now,
    )


def _write(tx: Session, entry: LeaderEntry, leader: CourseLeader, event: Event, page: EventPage, now: datetime) -> None:
    """The calendar letter for an entry as it now stands."""
    told = facts_for(leader, page, name_of(entry), now, exact=True)
    leg = leg_of(entry, page, "")
    content = content_of(
        entry,
        event,
        attendee=Mailbox(name=leader.name, email=leader.email),
        description=_description(entry, page),
    )
    if entry.method == "REQUEST":
        letter = letters.leader_invitation(told, leg, invite.request(content))
    else:
        letter = letters.leader_invitation_cancelled(told, leg, invite.cancel(content))
    _put(tx, letter, event, uid=entry.uid, sequence=entry.sequence)


def facts_for(leader: CourseLeader, page: EventPage, what: str, now: datetime, *, exact: bool = False) -> letters.Facts:
    """A leader has no secret link to an event; the public page stands in its place."""
    names = leader.name.split()
    return letters.Facts(
        event=page,
        sender=Mailbox(name=page.office.name, email=links().sender),
        to=Mailbox(name=leader.name, email=leader.email),
        first_name=names[0] if names else "",
        full_name=leader.name,
        link=links().event(page.slug),
        event_url=links().event(page.slug),
        message_id=f"<{what}@{links().domain}>" if exact else message_id(f"l{leader.id}-{what}"),
        now=now,
    )


def _put(tx: Session, letter: Letter, event: Event, *, uid: str | None = None, sequence: int | None = None) -> None:
    about = outbox.About(office_id=event.office_id, event_id=event.id, uid=uid, sequence=sequence)
    outbox.put(tx, letter, about)


def _description(entry: LeaderEntry, page: EventPage) -> str:
    """What a leader's calendar shows. Calendars are shared with colleagues: no participant, no secret."""
    link = entry.session.video_url
    lines = [
        f"{page.title}, {page.office.name}.",
        said("Du er kursholder."),
        said("Delta her: %(link)s", link=link) if link else said("Sted: %(place)s", place=entry.location),
        said("Spørsmål: %(contact)s", contact=f"{page.contact_email}, {wording.phone(page.contact_phone)}"),
        links().event(page.slug),
    ]
    return "\n".join(lines)
