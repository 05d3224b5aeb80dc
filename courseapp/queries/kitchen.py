"""What the kitchen must know: dietary needs as counts of each wording. Health data, so names only when asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, may_organize
from courseapp.domain.attendance import KITCHEN_AFTER
from courseapp.domain.registration import Status
from courseapp.domain.rows import EventPage
from courseapp.models.event import Event
from courseapp.models.registration import DietaryNeed, Registration
from courseapp.queries import events
from courseapp.queries.attendance import event_for, offices_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """One wording, as it was first written, and how many wrote it. `names` only where they were asked for."""

    needs: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KitchenList:
    """The list. `people` have a seat, `told` of them told what they need; `over`: its time is past, so it is empty."""

    event: EventPage
    rows: tuple[NeedRow, ...]
    people: int
    told: int
    over: bool
    named: bool
    may_organize: bool
    leaders_see: bool


def of_event(actor: Actor, slug: str, now: datetime, *, named: bool = False) -> KitchenList:
    """The list at the desk; names for organizers only. Raises NotFound for events whose persons are not the actor's."""
    event = event_for(actor, slug)
    organizes = may_organize(actor, offices_of(event))
    return kitchen_of(event, now, named=named and organizes, organizes=organizes)


def kitchen_of(event: Event, now: datetime, *, named: bool = False, organizes: bool = False) -> KitchenList:
    """The list of an event that the caller has seen to that its reader may see."""
    over = event.ends_at is not None and now > event.ends_at + KITCHEN_AFTER
    people = db.session.execute(
        select(Registration.first_name, Registration.last_name, DietaryNeed.needs)
        .outerjoin(DietaryNeed, DietaryNeed.registration_id == Registration.id)
        .where(Registration.event_id == event.id, Registration.status == Status.REGISTERED)
        .order_by(Registration.sort_key, Registration.id)
    ).all()
    told = [] if over else [(f"{row[0]} {row[1]}", row[2]) for row in people if row[2]]
    return KitchenList(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        rows=_rows(told, named=named),
        people=len(people),
        told=len(told),
        over=over,
        named=named and not over,
        may_organize=organizes,
        leaders_see=event.leaders_see_kitchen,
    )


def _rows(told: Sequence[tuple[str, str]], *, named: bool) -> tuple[NeedRow, ...]:
    """Most wanted first. Letters, spaces and a last full stop make no difference between two wordings."""
    wordings: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, needs in told:
        wordings[" ".join(needs.casefold().split()).rstrip(" .")].append((name, needs))
    rows = [
        NeedRow(needs=people[0][1], count=len(people), names=tuple(name for name, _needs in people) if named else ())
        for people in wordings.values()
    ]
    return tuple(sorted(rows, key=lambda one: (-one.count, one.needs.casefold())))
