"""An uploaded list of people: its columns and roles as guessed, and what would become of every row."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp import contact
from courseapp.db import db
from courseapp.domain import enrolling, people_columns, people_file
from courseapp.domain.access import Actor
from courseapp.domain.event import LIVE_STATUSES, WITH_SIGN_UP, EventStatus
from courseapp.domain.modes import Mode
from courseapp.domain.people_columns import Field, UploadGone
from courseapp.domain.people_file import Checks, Fate, Judged
from courseapp.domain.registration import ACTIVE, TAKES_SEAT, Role, Status
from courseapp.domain.rows import EventPage
from courseapp.domain.waitlist import Share
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.models.upload import PeopleUpload
from courseapp.queries import events
from courseapp.queries.changes import organized
from courseapp.queries.registrations import in_room

CHECKS = Checks(email=contact.email, phone=contact.phone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An event to add people to. `over`: it has ended, so they were there; `applies`: newcomers apply for now."""

    event: EventPage
    over: bool
    applies: bool
    takes_people: bool

    @property
    def full(self) -> bool:
        """Whether a newcomer would wait in line, as far as numbers go; of two rooms, in either of them."""
        rooms = [seats for _mode, seats in self.event.seats.rooms] or [self.event.seats]
        return any(one.waiting or (one.capacity is not None and one.taken >= one.capacity) for one in rooms)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """One column: its heading, the first few things in it, and the field it is, or nothing."""

    heading: str
    examples: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """One text that stands for a role, how many rows have it, and the role it seems to mean, or nothing."""

    text: str
    count: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    """A list to look over before it is tried. `fields` are those the event asks for."""

    id: int
    event: EventPage
    rows: int
    columns: tuple[ColumnRow, ...]
    roles: tuple[RoleRow, ...]
    fields: tuple[Field, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Every row with its fate, and the status that each new one would get, in order.

    `seen` is the mark of all this: an import that finds another one has been overtaken.
    """

    rows: tuple[Judged, ...]
    statuses: tuple[Status, ...]
    seen: str

    def count(self, fate: Fate | str) -> int:
        """How many rows have that fate."""
        return sum(one.fate == fate for one in self.rows)

    @property
    def waiting(self) -> int:
        """How many of the new ones would stand in line."""
        return self.statuses.count(Status.WAITLISTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    """The trial and the event it is for. `over`: it has ended, so everybody was there and nobody gets mail."""

    id: int
    event: EventPage
    trial: Trial
    over: bool

    @property
    def overbooked(self) -> int:
        """How many seats would be taken if every new one got one."""
        return self.event.seats.taken + len(self.trial.statuses)


def target(actor: Actor, slug: str, now: datetime) -> Target:
    """The event that people are to be added to. Raises NotFound for whoever may not organize it."""
    event = organized(actor, slug)
    return Target(
        event=_page(event, now),
        over=has_ended(event, now),
        applies=event.takes_applications,
        takes_people=event.status in {*LIVE_STATUSES, EventStatus.HELD} and event.kind in WITH_SIGN_UP,
    )


def upload(actor: Actor, slug: str, upload_id: int, now: datetime) -> UploadPage:
    """An upload of the actor's own. Raises NotFound as `target` does, or UploadGone."""
    event = organized(actor, slug)
    kept = found(db.session(), event, upload_id, actor, now)
    cells = [row for _number, row in kept.rows]
    texts = people_columns.role_texts(cells, kept.columns)
    place = kept.columns.index(Field.ROLE) if Field.ROLE in kept.columns else None
    plain = ["" if place is None else " ".join(row[place].split()) for row in cells]
    return UploadPage(
        id=kept.id,
        event=_page(event, now),
        rows=len(cells),
        columns=tuple(
            ColumnRow(
                heading=heading,
                examples=tuple(dict.fromkeys(row[at] for row in cells if row[at]))[:3],
                field=kept.columns[at],
            )
            for at, heading in enumerate(kept.headings)
        ),
        roles=tuple(
            RoleRow(
                text=text, count=plain.count(text), role=kept.roles.get(text) or people_columns.guess_role(text) or ""
            )
            for text in texts[: people_columns.MOST_ROLES + 1]
        ),
        fields=people_columns.fields_for(event.kind, hybrid=event.hybrid),
        expires_at=kept.expires_at,
    )


def trial_page(actor: Actor, slug: str, upload_id: int, now: datetime) -> TrialPage | None:
    """What an import would do now; None before the columns are seen to. Raises as `upload` does."""
    event = organized(actor, slug)
    kept = found(db.session(), event, upload_id, actor, now)
    if not kept.mapped:
        return None
    return TrialPage(
        id=kept.id,
        event=_page(event, now),
        trial=trial(db.session(), event, kept, now),
        over=has_ended(event, now),
    )


def found(session: Session, event: Event, upload_id: int, actor: Actor, now: datetime) -> PeopleUpload:
    """An upload that is alive, of this actor for this event; raises UploadGone for any other."""
    kept = session.get(PeopleUpload, upload_id)
    if kept is None or kept.event_id != event.id or kept.user_id != actor.user_id or kept.expires_at <= now:
        raise UploadGone
    return kept


def trial(session: Session, event: Event, kept: PeopleUpload, now: datetime) -> Trial:
    """What an import would do, read with the given session: a service's own, or the page's."""
    read = [people_file.read_row(number, row, kept.columns, kept.roles, checks=CHECKS) for number, row in kept.rows]
    active = session.execute(
        select(Registration.email_key, Registration.id).where(
            Registration.event_id == event.id, Registration.status.in_(ACTIVE)
        )
    )
    judged = people_file.judge(read, {row[0]: row[1] for row in active})
    new = [one.read for one in judged if one.fate is Fate.NEW]
    given = [Status.REGISTERED] * len(new) if has_ended(event, now) else _statuses(session, event, new)
    return Trial(rows=tuple(judged), statuses=tuple(given), seen=_mark(judged, given, hybrid=event.hybrid))


def _statuses(session: Session, event: Event, new: list[people_file.Read]) -> list[Status]:
    """What each newcomer gets: those of one room stand in one line, in the order of the list."""
    given: dict[int, Status] = {}
    for mode in event.rooms:
        here = [one for one in new if mode is None or one.mode is mode]
        roles = [one.person.primary_role for one in here if one.person]
        found = enrolling.statuses(roles, _room(session, event, mode))
        given |= {one.number: status for one, status in zip(here, found, strict=True)}
    return [given[one.number] for one in new]


def has_ended(event: Event, now: datetime) -> bool:
    """Held, or past its last session: nobody is invited any more."""
    return event.status not in LIVE_STATUSES or (event.ends_at is not None and event.ends_at <= now)


def _mark(judged: list[Judged], given: list[Status], *, hybrid: bool) -> str:
    said = [[one.read.number, one.fate, one.other, one.read.mode, *one.read.problems] for one in judged]
    return hashlib.sha256(json.dumps([said, given, hybrid]).encode()).hexdigest()


def _room(session: Session, event: Event, mode: Mode | None) -> enrolling.Room:
    seats = events.seats_of(session, [event])[event.id].of(mode)
    line = session.scalars(
        select(Registration.primary_role).where(
            Registration.event_id == event.id, Registration.status == Status.WAITLISTED, *in_room(mode)
        )
    )
    counted = session.execute(
        select(Registration.primary_role, func.count())
        .where(Registration.event_id == event.id, Registration.status.in_(TAKES_SEAT), *in_room(mode))
        .group_by(Registration.primary_role)
    )
    return enrolling.Room(
        applies=event.takes_applications,
        capacity=event.capacity_of(mode),
        taken=seats.taken,
        line=tuple(line),
        shares=tuple(
            Share(role=Role(one["role"]), least=one.get("least"), most=one.get("most"))
            for one in event.role_shares
            if mode is not Mode.DIGITAL
        ),
        taken_by_role={row[0]: row[1] for row in counted},
    )


def _page(event: Event, now: datetime) -> EventPage:
    return events.as_page(event, events.seats_of(db.session(), [event])[event.id], now)
