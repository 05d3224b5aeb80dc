"""Standard texts of offices and events, written by their organizers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.errors import NotFound
from courseapp.domain.messages import check_fields, check_text
from courseapp.domain.standard_texts import (
    BUILT_IN,
    ENDING,
    ENDING_NAME,
    LONGEST_ENDING,
    LONGEST_NAME,
    MOST_OWN,
    OWN,
    EndingTooLong,
    NameMissing,
    TooManyTexts,
)
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.message import StandardTextRow
from courseapp.models.office import Office
from courseapp.queries.standard_texts import effective
from courseapp.services.changes import turn_for


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWish:
    """A standard text as it shall be; of the ending only the body counts, and an empty one is none."""

    name: str
    subject: str
    body: str


def put(office: str, code: str | None, wish: TextWish, *, actor: Actor) -> str:
    """Write an office's own text in the place of `code`, or a new one; returns its code.

    Raises NotFound, NameMissing, TooManyTexts, EndingTooLong, or a refusal of the text.
    """
    _check(code, wish)
    with transaction() as tx:
        office_id = _office_turn(tx, office, actor)
        if code is not None and not _known(tx, code, office_id):
            raise NotFound
        return _put(tx, code, wish, actor, office_id=office_id, event=None)


def put_for_event(slug: str, code: str | None, wish: TextWish, *, actor: Actor) -> str:
    """The same for one event."""
    _check(code, wish)
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        if code not in {None, ENDING, *(one.code for one in effective(tx, event))}:
            raise NotFound
        return _put(tx, code, wish, actor, office_id=event.office_id, event=event)


def remove(office: str, code: str, *, actor: Actor) -> None:
    """Take an office's own text away; a built-in one is what it was again. Raises NotFound where there is none."""
    with transaction() as tx:
        office_id = _office_turn(tx, office, actor)
        _remove(tx, code, actor, office_id=office_id, event=None)


def remove_for_event(slug: str, code: str, *, actor: Actor) -> None:
    """The same for one event: its office's text stands again."""
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        _remove(tx, code, actor, office_id=event.office_id, event=event)


def _check(code: str | None, wish: TextWish) -> None:
    if code == ENDING:
        if len(wish.body) > LONGEST_ENDING:
            raise EndingTooLong
        check_fields(wish.body)
        return
    if not wish.name.strip() or len(wish.name) > LONGEST_NAME:
        raise NameMissing
    check_text(wish.subject, wish.body)


def _office_turn(tx: Session, slug: str, actor: Actor) -> int:
    if "\x00" in slug:  # PostgreSQL would refuse the question
        raise NotFound
    office = tx.scalar(select(Office).where(Office.slug == slug).with_for_update())
    if office is None:
        raise NotFound
    check(may_organize(actor, [office.id]))
    return office.id


def _known(tx: Session, code: str, office_id: int) -> bool:
    built_in = {ENDING, *(one.code for one in BUILT_IN)}
    return code in built_in or _find(tx, code, office_id, None) is not None


def _find(tx: Session, code: str, office_id: int, event_id: int | None) -> StandardTextRow | None:
    if "\x00" in code:
        return None
    return tx.scalar(
        select(StandardTextRow).where(
            StandardTextRow.office_id == office_id, StandardTextRow.event_id == event_id, StandardTextRow.code == code
        )
    )


def _put(tx: Session, code: str | None, wish: TextWish, actor: Actor, *, office_id: int, event: Event | None) -> str:
    event_id = event.id if event is not None else None
    if code is None:
        own = tx.scalar(
            select(func.count()).where(StandardTextRow.office_id == office_id, StandardTextRow.event_id == event_id)
        )
        if (own or 0) >= MOST_OWN:
            raise TooManyTexts
        code = f"{OWN}{secrets.token_hex(4)}"
    row = _find(tx, code, office_id, event_id)
    if row is None:
        row = StandardTextRow(office_id=office_id, event_id=event_id, code=code)
        tx.add(row)
    ending = code == ENDING
    row.name, row.subject, row.body = ENDING_NAME if ending else wish.name, "" if ending else wish.subject, wish.body
    row.updated_at = clock.now()
    _note(tx, code, actor, office_id=office_id, event_id=event_id)
    return code


def _remove(tx: Session, code: str, actor: Actor, *, office_id: int, event: Event | None) -> None:
    event_id = event.id if event is not None else None
    row = _find(tx, code, office_id, event_id)
    if row is None:
        raise NotFound
    tx.delete(row)
    _note(tx, code, actor, office_id=office_id, event_id=event_id)


def _note(tx: Session, code: str, actor: Actor, *, office_id: int, event_id: int | None) -> None:
    tx.add(
        AuditEntry(
            at=clock.now(),
            actor="user",
            user_id=actor.user_id,
            office_id=office_id,
            event_id=event_id,
            verb="standard_text_changed",
            details={"code": code},
        )
    )
