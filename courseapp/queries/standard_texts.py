"""Standard texts as they stand for an office or an event: its own in the place of the built-in ones."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.standard_texts import BUILT_IN, ENDING, ENDING_NAME, OWN, StandardText
from courseapp.models.event import Event
from courseapp.models.message import StandardTextRow
from courseapp.models.office import Office
from courseapp.queries import events


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One text. `own`: this office, or this event, has written it itself; it can then be taken away again."""

    code: str
    name: str
    subject: str
    body: str
    own: bool

    @property
    def is_ending(self) -> bool:
        """Whether it is the paragraph at the end of confirmations."""
        return self.code == ENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """All texts of one office, or of one event (`slug` and `title` are the event's)."""

    office: str
    office_name: str
    slug: str
    title: str
    texts: tuple[TextRow, ...]
    ending: TextRow
    organizes: bool


def of_offices(actor: Actor) -> tuple[Texts, ...]:
    """The texts of each office the actor belongs to."""
    found = db.session.scalars(select(Office).order_by(Office.id))
    return tuple(_of_office(actor, one) for one in found if may_see_persons(actor, [one.id]))


def of_office(actor: Actor, office: str) -> Texts:
    """One office's texts. Raises NotFound for others' offices."""
    found = None if "\x00" in office else db.session.scalar(select(Office).where(Office.slug == office))
    if found is None:
        raise NotFound
    check(may_see_persons(actor, [found.id]))
    return _of_office(actor, found)


def of_event(actor: Actor, slug: str) -> Texts:
    """An event's texts: its own, then its office's. Raises NotFound for events the actor may not see persons of."""
    event = events.whole(slug)
    if event is None:
        raise NotFound
    offices = [event.office_id, *(office.id for office in event.partners)]
    check(may_see_persons(actor, offices))
    texts = effective(db.session(), event)
    return Texts(
        office=event.office.slug,
        office_name=event.office.short_name,
        slug=event.slug,
        title=event.title,
        texts=tuple(one for one in texts if not one.is_ending),
        ending=_ending(_rows(db.session(), event.office_id, event.id)),
        organizes=may_organize(actor, offices),
    )


def one_of(texts: Texts, code: str) -> TextRow:
    """The text of that code. Raises NotFound."""
    found = next((one for one in (*texts.texts, texts.ending) if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def effective(session: Session, event: Event) -> tuple[TextRow, ...]:
    """What may be chosen for a message at an event, the event's own text before its office's before the built-in."""
    office = _texts(BUILT_IN, _rows(session, event.office_id, None))
    own = _rows(session, event.office_id, event.id)
    known = [StandardText(code=one.code, name=one.name, subject=one.subject, body=one.body) for one in office]
    return _texts(known, own)


def endings(session: Session, event: Event) -> tuple[str, ...]:
    """What stands at the end of confirmations: the event's own text first, then its office's."""
    found = session.execute(_ENDINGS, {"office_id": event.office_id, "event_id": event.id})
    return tuple(row[1] for row in sorted(found, key=lambda row: row[0] is None))


_ENDINGS = select(StandardTextRow.event_id, StandardTextRow.body).where(
    StandardTextRow.office_id == bindparam("office_id"),
    StandardTextRow.code == ENDING,
    StandardTextRow.event_id.is_(None) | (StandardTextRow.event_id == bindparam("event_id")),
)


def _of_office(actor: Actor, office: Office) -> Texts:
    rows = _rows(db.session(), office.id, None)
    return Texts(
        office=office.slug,
        office_name=office.short_name,
        slug="",
        title="",
        texts=_texts(BUILT_IN, rows),
        ending=_ending(rows),
        organizes=may_organize(actor, [office.id]),
    )


def _rows(session: Session, office_id: int, event_id: int | None) -> dict[str, StandardTextRow]:
    found = session.scalars(
        select(StandardTextRow)
        .where(StandardTextRow.office_id == office_id, StandardTextRow.event_id == event_id)
        .order_by(StandardTextRow.id)
    )
    return {one.code: one for one in found}


def _texts(
    base: tuple[StandardText, ...] | list[StandardText], rows: dict[str, StandardTextRow]
) -> tuple[TextRow, ...]:
    """The known ones, each by its own row where there is one, then those that only the rows have."""
    known = [_row(rows.get(one.code, one), own=one.code in rows) for one in base]
    codes = {one.code for one in base}
    return (*known, *(_row(one, own=True) for code, one in rows.items() if code.startswith(OWN) and code not in codes))


def _row(text: StandardText | StandardTextRow, *, own: bool) -> TextRow:
    return TextRow(code=text.code, name=text.name, subject=text.subject, body=text.body, own=own)


def _ending(rows: dict[str, StandardTextRow]) -> TextRow:
    kept = rows.get(ENDING)
    return TextRow(code=ENDING, name=ENDING_NAME, subject="", body=kept.body if kept else "", own=kept is not None)
