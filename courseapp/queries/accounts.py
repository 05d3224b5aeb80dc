"""Who is logged in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.access import Actor
from courseapp.models.account import User


def actor(user_id: int, serial: int) -> Actor | None:
    """The user of a session as an actor; None when the user is gone, closed, or all sessions were ended."""
    user = db.session.scalar(
        select(User)
        .where(User.id == user_id, User.log_in_serial == serial, User.active)
        .options(selectinload(User.memberships))
    )
    if user is None:
        return None
    national = next((one.role for one in user.memberships if one.office_id is None), None)
    roles = tuple((one.office_id, one.role) for one in user.memberships if one.office_id is not None)
    return Actor(user_id=user.id, name=user.name, roles=roles, national=national)
