"""An event's status: publish, close, reopen, mark as held and take that back; and throw a draft away."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import planning
from courseapp.domain.access import Actor, check, may_decide
from courseapp.domain.errors import DomainError, MoveNotAllowed
from courseapp.domain.event import EVENT_MOVES, WITH_SIGN_UP, EventStatus
from courseapp.domain.marking import N_
from courseapp.mail import outbox
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.message import Message
from courseapp.models.registration import Registration
from courseapp.queries.plans import acts, wish_of
from courseapp.services import briefings, seats
from courseapp.services.changes import note, turn_for

TARGETS = {
    "publish": EventStatus.PUBLISHED,
    "close": EventStatus.CLOSED,
    "reopen": EventStatus.PUBLISHED,
    "hold": EventStatus.HELD,
    "unhold": EventStatus.CLOSED,
}


class NotNow(MoveNotAllowed):
    """Somebody else was quicker, or time has passed."""

    message = N_("Det går ikke nå. Noen kan ha endret statusen i mellomtiden. Her ser du hvordan den er.")


class HasPeople(DomainError):
    """What people have signed up for is called off, not thrown away."""

    message = N_("Noen er meldt på, så utkastet kan ikke slettes.")


def set_status(slug: str, act: str, *, actor: Actor) -> EventStatus:
    """Do one of TARGETS; only course leaders are written to. Reopening fills seats that came free meanwhile.

    Raises NotFound for others than organizers of the responsible office, a refusal of `planning.gaps` for what is not
    ready to be published, or NotNow where the act does not suit the status or the time.
    """
    with transaction() as tx:
        event = _decided_by(tx, slug, actor)
        now = clock.now()
        wanted = TARGETS[act]
        if event.kind not in WITH_SIGN_UP or act not in acts(event, now) or (event.status, wanted) not in EVENT_MOVES:
            raise NotNow
        if wanted is EventStatus.PUBLISHED:
            for gap in planning.gaps(wish_of(event), now):
                raise gap
        before, event.status, event.updated_at = event.status, wanted, now
        tx.flush()
        tx.add(note(event, "status_changed", actor, now, old=before, new=wanted))
        if wanted is EventStatus.PUBLISHED:
            briefings.welcome(tx, event, now)
        if act == "reopen":
            seats.fill(tx, event, now)
        return wanted


def delete_draft(slug: str, *, actor: Actor) -> None:
    """Throw a draft away that nobody has seen; who did it stays written down with the title.

    Raises NotFound as `set_status` does, NotNow for what is no draft, HasPeople where somebody was put on its list.
    """
    with transaction() as tx:
        throw_away(tx, _decided_by(tx, slug, actor), actor)


def throw_away(tx: Session, event: Event, actor: Actor) -> None:
    """The same inside a transaction that holds the event's turn and has asked who decides; for other services."""
    if event.status is not EventStatus.DRAFT:
        raise NotNow
    if tx.scalar(select(func.count()).where(Registration.event_id == event.id)):
        raise HasPeople
    now = clock.now()
    gone = note(event, "draft_deleted", actor, now, title=event.title, slug=event.slug)
    gone.event_id = None
    tx.execute(update(AuditEntry).where(AuditEntry.event_id == event.id).values(event_id=None))
    event.partners = []
    outbox.let_go(tx, select(Message.id).where(Message.event_id == event.id))
    tx.flush()
    tx.delete(event)
    tx.add(gone)


def _decided_by(tx: Session, slug: str, actor: Actor) -> Event:
    event = turn_for(tx, slug, actor)
    check(may_decide(actor, event.office_id))
    return event
