"""One activity that two offices both wrote down: the responsible one keeps its line, the other's is set aside."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import access, doubles
from courseapp.domain.access import Actor
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.marking import N_
from courseapp.models.event import Event
from courseapp.models.report import SameActivity
from courseapp.queries.doubles import line_of, tied
from courseapp.services.activities import HasPeople
from courseapp.services.changes import note


class NotAlike(DomainError):
    """The lines differ by now, or one of them has been settled already."""

    message = N_("De to radene er ikke lenger like, eller noen har ordnet det alt. Last siden på nytt.")


class SharedWithMore(DomainError):
    """Setting it aside would take it from a third office."""

    message = N_("Raden til det andre kontoret er felles med flere. Velg dem også under «Felles med» på din rad først.")


def settle(slug: str, other: str, *, actor: Actor) -> None:
    """Keep `slug` as a joint activity with the office of `other`, whose line is set aside; it can be fetched back.

    For the office that is responsible for what is kept. Raises NotFound, NotAlike, SharedWithMore, or HasPeople where
    the other is more than a line somebody typed in.
    """
    with transaction() as tx:
        kept, gone = _both(tx, slug, other)
        access.check(access.may_decide(actor, kept.office_id))
        settled = or_(SameActivity.event_id.in_((kept.id, gone.id)), SameActivity.kept_id == gone.id)
        if not doubles.alike(line_of(kept), line_of(gone)) or tx.scalar(select(SameActivity.event_id).where(settled)):
            raise NotAlike
        if not gone.typed or tied(tx, [gone.id]):
            raise HasPeople
        if not {one.id for one in gone.partners} <= {kept.office_id, *(one.id for one in kept.partners)}:
            raise SharedWithMore
        now, joined = clock.now(), gone.office not in kept.partners
        if joined:
            kept.partners.append(gone.office)
        tx.add(SameActivity(event_id=gone.id, kept_id=kept.id, joined=joined, user_id=actor.user_id, at=now))
        tx.add(note(kept, "activity_joined", actor, now, other=gone.slug))
        tx.add(note(gone, "activity_set_aside", actor, now, other=kept.slug))


def fetch_back(slug: str, *, actor: Actor) -> None:
    """The line stands for itself again, and its office is no partner it was not before.

    For organizers of either office. Raises NotFound.
    """
    with transaction() as tx:
        same = tx.scalar(select(SameActivity).join(Event, Event.id == SameActivity.event_id).where(_named(slug)))
        if same is None:
            raise NotFound
        found = _locked(tx, [same.event_id, same.kept_id])
        gone, kept = found[same.event_id], found[same.kept_id]
        access.check(access.may_organize(actor, [gone.office_id, kept.office_id]))
        if same.joined:
            kept.partners = [one for one in kept.partners if one.id != gone.office_id]
        now = clock.now()
        tx.delete(same)
        tx.add(note(kept, "activity_parted", actor, now, other=gone.slug))
        tx.add(note(gone, "activity_fetched_back", actor, now, other=kept.slug))


def _both(tx: Session, slug: str, other: str) -> tuple[Event, Event]:
    ids = {one.slug: one.id for one in tx.scalars(select(Event).where(or_(_named(slug), _named(other))))}
    if len(ids) < 2:
        raise NotFound
    found = _locked(tx, list(ids.values()))
    return found[ids[slug]], found[ids[other]]


def _locked(tx: Session, event_ids: list[int]) -> dict[int, Event]:
    """Both turns in one statement, lowest first, so that two who settle the same never wait for each other."""
    chosen = select(Event).where(Event.id.in_(event_ids)).order_by(Event.id).with_for_update()
    return {one.id: one for one in tx.scalars(chosen.execution_options(populate_existing=True))}


def _named(slug: str) -> ColumnElement[bool]:
    if "\x00" in slug:  # PostgreSQL would refuse the question
        raise NotFound
    return Event.slug == slug
