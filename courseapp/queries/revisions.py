"""What has been changed about an event, field by field, as people read it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp import speech, when, wording
from courseapp.domain.language import Language
from courseapp.models.account import User
from courseapp.models.event import Event, EventSession
from courseapp.models.journal import AuditEntry

CHANGED = "event_changed"


def words_of(event: Event) -> dict[str, str]:
    """Each field that a form can change, in words; what is kept of a change is the words before and after.

    They are bokmål whoever changed it: colleagues with other languages read the same history.
    """
    with speech.speaking(Language.BOKMAL):
        return _words(event)


def _words(event: Event) -> dict[str, str]:
    return {
        "title": event.title,
        "target_group": event.target_group,
        "held_for": event.place_text,
        "description": event.description,
        "contact": ", ".join(filter(None, (event.contact_name, event.contact_email, event.contact_phone))),
        "sessions": "; ".join(_session(one) for one in event.sessions if not one.cancelled),
        "opens_at": "" if event.opens_at is None else when.moment(event.opens_at),
        "closes_at": "" if event.closes_at is None else when.moment(event.closes_at),
        "approvals": "; ".join(f"{wording.hours(one.minutes)} {one.text}" for one in event.approvals),
        "partners": ", ".join(office.short_name for office in event.partners),
    }


def last_change(session: Session, event_id: int) -> int:
    """The number of the last change to an event; 0 before the first."""
    chosen = select(func.max(AuditEntry.id)).where(AuditEntry.event_id == event_id, AuditEntry.verb == CHANGED)
    return session.scalar(chosen) or 0


def last_change_of(session: Session, slug: str) -> int:
    """The same by the event's name, for whoever has not read the event yet."""
    of_event = select(Event.id).where(Event.slug == slug).scalar_subquery()
    chosen = select(func.max(AuditEntry.id)).where(AuditEntry.event_id == of_event, AuditEntry.verb == CHANGED)
    return session.scalar(chosen) or 0


def changed_since(session: Session, event_id: int, seen: int) -> str:
    """«Kari Berg endret Tittel og Samlinger mens du skrev …»: who, which fields, and what they are now."""
    rows = session.execute(
        select(AuditEntry.details, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.event_id == event_id, AuditEntry.verb == CHANGED, AuditEntry.id > seen)
        .order_by(AuditEntry.id)
    ).all()
    names = wording.listed(list(dict.fromkeys(name or speech.said("En kollega") for _details, name in rows)))
    latest = {field: after for details, _name in rows for field, (_before, after) in details["fields"].items()}
    found = " ".join(
        speech.said("%(field)s er nå «%(text)s».", field=wording.field_name(field), text=_short(after))
        for field, after in latest.items()
    )
    return speech.said(
        "%(names)s lagret endringer mens du skrev. %(changes)s Det du har skrevet, står fortsatt her. "
        "Lagre en gang til hvis ditt skal gjelde.",
        names=names,
        changes=found,
    )


def _session(session: EventSession) -> str:
    place = wording.session_location(session.place, session.address)
    hours = wording.hours(session.minutes) if session.minutes else ""
    times = f"{when.day(session.starts_at)} {when.session_times(session)}"
    return ", ".join(filter(None, (times, place, session.video_url, hours)))


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:197].rstrip()} …"
