"""Who a message would reach, and the facts of a letter to an organizer's eyes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp.domain.mailbox import Mailbox
from courseapp.domain.messages import Choice, fingerprint
from courseapp.domain.registration import ACTIVE
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.mail.letters import Facts
from courseapp.models.event import Event
from courseapp.models.message import Message
from courseapp.models.person import CourseLeader
from courseapp.models.registration import Registration
from courseapp.queries import groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Participants in Norwegian order and leaders in theirs; no address stands twice."""

    people: tuple[Registration, ...]
    leaders: tuple[CourseLeader, ...]

    @property
    def total(self) -> int:
        """How many letters it takes."""
        return len(self.people) + len(self.leaders)

    def seen(self, message: Message) -> str:
        """The mark of what was shown: this draft as it stands, to exactly these."""
        return fingerprint(message.revision, (one.id for one in self.people), (one.id for one in self.leaders))


def everybody(session: Session, event_id: int) -> list[Registration]:
    """All registrations of an event, one per address: the active one, else the newest. By name."""
    found = session.scalars(select(Registration).where(Registration.event_id == event_id).order_by(Registration.id))
    by_address: dict[str, Registration] = {}
    for one in found:
        known = by_address.get(one.email_key)
        if known is None or known.status not in ACTIVE:
            by_address[one.email_key] = one
    return sorted(by_address.values(), key=lambda one: (one.sort_key, one.id))


def chosen(session: Session, event: Event, choice: Choice) -> Recipients:
    """Whom a choice means now. A leader who is among the participants gets the participant's letter only."""
    group_of = groups.standing(session, event.id).group_of if choice.groups else {}
    people = [
        one
        for one in everybody(session, event.id)
        if choice.takes(
            registration_id=one.id,
            status=one.status,
            role=one.primary_role,
            municipality=one.municipality,
            group=group_of.get(one.id),
        )
    ]
    leaders = [one.leader for one in event.leaders] if choice.leaders else []
    return Recipients(people=tuple(people), leaders=_once(leaders, {one.email_key for one in people}))


def _once(leaders: Iterable[CourseLeader], known: set[str]) -> tuple[CourseLeader, ...]:
    kept: list[CourseLeader] = []
    for one in leaders:
        if one.email.lower() not in known:
            known.add(one.email.lower())
            kept.append(one)
    return tuple(kept)


def shown_to_office(
    reader: Registration | CourseLeader | None, page: EventPage, to: Mailbox, message_id: str, now: datetime
) -> Facts:
    """Facts of a letter as its reader would get it, but for the secret: her link is not for the office's eyes."""
    match reader:
        case Registration():
            first, full = reader.first_name, reader.full_name
        case CourseLeader():
            first, full = (reader.name.split() or [""])[0], reader.name
        case _:
            first, full = "Kari", "Kari Eksempel"
    mine = is_active(reader)
    return Facts(
        event=page.attended(reader.mode) if isinstance(reader, Registration) else page,
        sender=Mailbox(name=page.office.name, email=links().sender),
        to=to,
        first_name=first,
        full_name=full,
        link=f"{links().base_url}/min/eksempel" if mine else links().event(page.slug),
        event_url=links().event(page.slug),
        message_id=message_id,
        now=now,
    )


def is_active(reader: Registration | CourseLeader | None) -> bool:
    """Whether the reader has a page of her own to go to."""
    return isinstance(reader, Registration) and reader.status in ACTIVE


def by_code(found: Recipients, code: str) -> Registration | CourseLeader | None:
    """The one that a code names («d12» a participant, «k3» a leader), else the first there is."""
    coded: dict[str, Registration | CourseLeader] = {
        **{f"d{one.id}": one for one in found.people},
        **{f"k{one.id}": one for one in found.leaders},
    }
    return coded.get(code) or next(iter(coded.values()), None)
