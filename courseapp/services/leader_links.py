"""Course leaders' own secret links: sent by mail only, closed, and what holds one opens."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock, speech
from courseapp.db import transaction
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.errors import NotFound
from courseapp.domain.event import PUBLIC_STATUSES
from courseapp.domain.mailbox import Mailbox
from courseapp.links import links
from courseapp.mail import leader_links as letters
from courseapp.mail import outbox
from courseapp.models.event import Event, EventLeader
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.models.registration import FeedToken
from courseapp.queries.events import as_office
from courseapp.queries.leader_pages import leader_of
from courseapp.services import feeds
from courseapp.services.posting import message_id


def send(leader_id: int, actor: Actor) -> str:
    """Mail a leader a new link to her own pages; the earlier one is dead. Nobody else gets to see it.

    Returns the mail address it goes to. Raises NotFound where the actor may not organize.
    """
    with transaction() as tx:
        leader = _turn(tx, leader_id, actor)
        now = clock.now()
        leader.link_serial, leader.link_sent_at = leader.link_serial + 1, now
        tx.add(_entry(leader, actor, "leader_link_sent"))
        office = as_office(tx.get_one(Office, leader.office_id))
        with speech.speaking(leader.language):
            letter = letters.leader_link(
                office=office,
                sender=Mailbox(name=office.name, email=links().sender),
                to=Mailbox(name=leader.name, email=leader.email),
                url=links().leader(leader.id, leader.link_serial),
                message_id=message_id(f"l{leader.id}-link"),
                now=now,
            )
        outbox.put(tx, letter, outbox.About(office_id=leader.office_id))
        return leader.email


def close(leader_id: int, actor: Actor) -> None:
    """Her link opens nothing any more. Raises NotFound where the actor may not organize."""
    with transaction() as tx:
        leader = _turn(tx, leader_id, actor)
        if leader.link_sent_at is not None:
            leader.link_sent_at = None
            tx.add(_entry(leader, actor, "leader_link_closed"))


def make_feed(key: str) -> str:
    """The token of a new address for the calendar of whoever holds the link; her earlier one is closed.

    Raises NotFound for a dead link.
    """
    with transaction() as tx:
        leader, now = leader_of(tx, key), clock.now()
        feeds.close_all(tx, FeedToken.leader_id == leader.id, now)
        tx.add(_entry(leader, None, "feed_made"))
        return feeds.made(tx, FeedToken(leader_id=leader.id), now)


def close_feed(key: str) -> None:
    """Close that address. Raises NotFound for a dead link."""
    with transaction() as tx:
        leader = leader_of(tx, key)
        if feeds.close_all(tx, FeedToken.leader_id == leader.id, clock.now()):
            tx.add(_entry(leader, None, "feed_revoked"))


def note_kitchen(key: str, event_id: int) -> None:
    """Write down that she read the kitchen list of an event. Raises NotFound for a dead link."""
    with transaction() as tx:
        leader = leader_of(tx, key)
        entry = _entry(leader, None, "kitchen_read")
        entry.event_id = event_id
        tx.add(entry)


def turn_for(tx: Session, key: str, slug: str) -> tuple[Event, CourseLeader]:
    """An event with its turn taken, and its leader who holds the link. NotFound for links and events not hers."""
    if "\x00" in slug:  # PostgreSQL would refuse the question
        raise NotFound
    event = tx.scalar(select(Event).where(Event.slug == slug).with_for_update())
    if event is None or event.status not in PUBLIC_STATUSES:
        raise NotFound
    leader = leader_of(tx, key)
    leads = select(EventLeader.id).where(EventLeader.event_id == event.id, EventLeader.leader_id == leader.id)
    if tx.scalar(leads) is None:
        raise NotFound
    return event, leader


def _turn(tx: Session, leader_id: int, actor: Actor) -> CourseLeader:
    leader = tx.get(CourseLeader, leader_id, with_for_update={"key_share": True})
    if leader is None:
        raise NotFound
    check(may_organize(actor, [leader.office_id]))
    return leader


def _entry(leader: CourseLeader, actor: Actor | None, verb: str) -> AuditEntry:
    """Without an actor it is the leader herself, by her link."""
    return AuditEntry(
        at=clock.now(),
        actor="user" if actor else "public",
        user_id=actor.user_id if actor else None,
        office_id=leader.office_id,
        verb=verb,
        details={"leader": leader.id},
    )
