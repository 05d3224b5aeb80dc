"""Course leaders to test with."""

from __future__ import annotations

from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.models.event import EventLeader
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.queries import accounts
from courseapp.services.leaders import LeaderWish
from tests.people import user

ANE = LeaderWish(name="Ane Berg", email="ane@lege.example.org", mobile="+4791234567", workplace="Havna legekontor")
BO = LeaderWish(name="Bo Dahl", email="bo@lege.example.org", mobile="", workplace="Byen legesenter")
CATO = LeaderWish(name="Cato Eng", email="cato@lege.example.org", mobile="", workplace="")


def organizer(office: str = "nord", role: UserRole = UserRole.ORGANIZER) -> Actor:
    """Such a user of that office."""
    found = accounts.actor(user(f"{role}@{office}.example.org", office=office, role=role))
    assert found is not None
    return found


def in_register(*wishes: LeaderWish, office: str = "nord") -> list[int]:
    """Put them into an office's register and return their ids."""
    with transaction() as tx:
        at = tx.scalars(select(Office).where(Office.slug == office)).one()
        found = [
            CourseLeader(
                office_id=at.id,
                name=one.name,
                email=one.email,
                mobile=one.mobile,
                workplace=one.workplace,
                language=one.language,
            )
            for one in wishes
        ]
        tx.add_all(found)
        tx.flush()
        return [one.id for one in found]


def leading(event_id: int) -> list[tuple[int, int | None]]:
    """Who leads an event and as which pair, in order."""
    db.session.rollback()
    found = db.session.scalars(
        select(EventLeader).where(EventLeader.event_id == event_id).order_by(EventLeader.position)
    )
    return [(one.leader_id, one.pair_id) for one in found]
