"""Messages of an event: the list, what there is to choose, drafts as their readers would get them, and each letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.messages import Choice, fill_known
from courseapp.domain.registration import Role, Status
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.mail import prose
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.journal import MailState, OutboxEmail
from courseapp.models.message import Message, MessageFile
from courseapp.models.registration import Registration
from courseapp.queries import events, groups, recipients, standard_texts
from courseapp.queries.message_rows import (
    CopyRow,
    Draft,
    FileRow,
    MessageRow,
    MessagesPage,
    Options,
    PersonRow,
    Preview,
    SentPage,
)
from courseapp.queries.message_words import in_words
from courseapp.queries.recipients import Recipients, by_code, is_active

UNDER_WAY = (MailState.QUEUED, MailState.SENDING)


def index(actor: Actor, slug: str, now: datetime) -> MessagesPage:
    """All messages of an event. Raises NotFound for events the actor may not see persons of."""
    event, organizes = seen(actor, slug)
    found = db.session.scalars(select(Message).where(Message.event_id == event.id).order_by(Message.id.desc())).all()
    page = _page(event, now)
    rows = _rows(found, page)
    return MessagesPage(
        event=page,
        drafts=tuple(one for one in rows if one.sent_at is None) if organizes else (),
        sent=tuple(sorted((one for one in rows if one.sent_at is not None), key=lambda one: one.at, reverse=True)),
        organizes=organizes,
        may_send=organizes and event.status is not EventStatus.DRAFT,
    )


def options(actor: Actor, slug: str, now: datetime) -> Options:
    """What there is to choose. Raises NotFound for whoever may not write to the event's people."""
    event, organizes = seen(actor, slug)
    check(organizes)
    people = recipients.everybody(db.session(), event.id)
    roles, places = Counter(one.primary_role for one in people), Counter(one.municipality for one in people)
    statuses = Counter(one.status for one in people)
    return Options(
        event=_page(event, now),
        people=tuple(PersonRow(id=one.id, name=one.full_name, status=one.status) for one in people),
        statuses=tuple((one, statuses[one]) for one in _ORDER),
        roles=tuple((one, roles[one]) for one in Role if roles[one]),
        municipalities=tuple((one, places[one]) for one in sorted(places) if one),
        groups=tuple(sorted(set(groups.of_event(event.id).values()))),
        leaders=len(event.leaders),
        texts=tuple(one for one in standard_texts.effective(db.session(), event) if not one.is_ending),
    )


_ORDER = (
    Status.REGISTERED,
    Status.OFFERED,
    Status.WAITLISTED,
    Status.APPLIED,
    Status.CANCELLED,
    Status.DECLINED,
)


def reach(actor: Actor, slug: str, choice: Choice) -> tuple[int, int]:
    """How many participants and how many leaders a choice means now. Raises NotFound as `options`."""
    event, organizes = seen(actor, slug)
    check(organizes)
    found = recipients.chosen(db.session(), event, choice)
    return len(found.people), len(found.leaders)


def draft(actor: Actor, slug: str, message_id: int) -> Draft | None:
    """A draft; None where it is sent already. Raises NotFound for whoever may not write, and for other events'."""
    event, organizes = seen(actor, slug)
    check(organizes)
    message = _message(event, message_id)
    if message.sent_at is not None:
        return None
    return _draft(message, recipients.chosen(db.session(), event, Choice.of(message.choice)))


def preview(actor: Actor, slug: str, message_id: int, code: str, now: datetime) -> Preview | None:
    """A draft as the reader `code`, or the first, would get it; None where it is sent already.

    Raises NotFound as `draft`, or the refusal of a text that cannot be sent.
    """
    event, organizes = seen(actor, slug)
    check(organizes)
    message = _message(event, message_id)
    if message.sent_at is not None:
        return None
    found, page = recipients.chosen(db.session(), event, Choice.of(message.choice)), _page(event, now)
    reader = by_code(found, code)
    to = Mailbox(name="", email="")
    facts = recipients.shown_to_office(reader, page, to, f"<preview@{links().domain}>", now)
    codes = (
        *((f"d{one.id}", one.full_name) for one in found.people),
        *((f"k{one.id}", one.name) for one in found.leaders),
    )
    letter = prose.message(facts, message.subject, message.body, occasion=prose.MESSAGE, mine=is_active(reader))
    return Preview(
        event=page,
        draft=_draft(message, found),
        letter=letter,
        reader=facts.full_name,
        code="" if reader is None else f"{'d' if isinstance(reader, Registration) else 'k'}{reader.id}",
        codes=codes,
        seen=found.seen(message),
        may_send=found.total > 0 and event.status is not EventStatus.DRAFT,
    )


def sent(actor: Actor, slug: str, message_id: int, now: datetime) -> SentPage | None:
    """A message that was sent; None for a draft. Raises NotFound for whoever may not see the event's persons."""
    event, organizes = seen(actor, slug)
    message = _message(event, message_id)
    if message.sent_at is None:
        check(organizes)
        return None
    page = _page(event, now)
    (row,) = _rows([message], page)
    return SentPage(
        event=page,
        row=row,
        body=message.body,
        files=_files(message.id),
        copies=_copies(message.id),
        organizes=organizes,
    )


def file(actor: Actor, slug: str, message_id: int, file_id: int) -> MessageFile:
    """A file that goes, or went, along. Raises NotFound as `sent` does."""
    event, organizes = seen(actor, slug)
    message = _message(event, message_id)
    found = db.session.get(MessageFile, file_id)
    if found is None or found.message_id != message.id:
        raise NotFound
    check(organizes or message.sent_at is not None)
    return found


def seen(actor: Actor, slug: str) -> tuple[Event, bool]:
    """The event, and whether the actor organizes it. Raises NotFound for whoever may not see its persons."""
    event = events.whole(slug)
    if event is None:
        raise NotFound
    offices = [event.office_id, *(office.id for office in event.partners)]
    check(may_see_persons(actor, offices))
    return event, may_organize(actor, offices)


def _page(event: Event, now: datetime) -> EventPage:
    return events.as_page(event, events.seats_of(db.session(), [event])[event.id], now)


def _message(event: Event, message_id: int) -> Message:
    found = db.session.get(Message, message_id)
    if found is None or found.event_id != event.id:
        raise NotFound
    return found


def _draft(message: Message, found: Recipients) -> Draft:
    choice = Choice.of(message.choice)
    return Draft(
        id=message.id,
        subject=message.subject,
        body=message.body,
        choice=choice,
        revision=message.revision,
        files=_files(message.id),
        to=in_words(choice),
        people=len(found.people),
        leaders=len(found.leaders),
    )


def _rows(found: Sequence[Message], page: EventPage) -> tuple[MessageRow, ...]:
    """Rows of the list; in a subject, what is the same for everybody is filled in."""
    values = prose.values_of_event(page)
    counted = db.session.execute(
        select(OutboxEmail.office_message_id, OutboxEmail.state, func.count())
        .where(OutboxEmail.office_message_id.in_([one.id for one in found]), OutboxEmail.occasion != prose.TEST)
        .group_by(OutboxEmail.office_message_id, OutboxEmail.state)
    )
    states: dict[tuple[int | None, MailState], int] = {(row[0], row[1]): row[2] for row in counted}
    writers = {one.author_id for one in found if one.author_id is not None}
    named = db.session.execute(select(User.id, User.name).where(User.id.in_(writers)))
    names: dict[int | None, str] = {row[0]: row[1] for row in named}
    return tuple(
        MessageRow(
            id=one.id,
            subject=fill_known(one.subject, values),
            to=in_words(Choice.of(one.choice)),
            who=names.get(one.author_id, ""),
            at=one.sent_at or one.updated_at,
            sent_at=one.sent_at,
            total=(one.people or 0) + (one.leaders or 0),
            sent=states.get((one.id, MailState.SENT), 0),
            under_way=sum(states.get((one.id, state), 0) for state in UNDER_WAY),
            failed=states.get((one.id, MailState.FAILED), 0),
        )
        for one in found
    )


def _files(message_id: int) -> tuple[FileRow, ...]:
    """Names and sizes; the contents stay where they are."""
    rows = db.session.execute(
        select(MessageFile.id, MessageFile.name, MessageFile.size)
        .where(MessageFile.message_id == message_id)
        .order_by(MessageFile.id)
    )
    return tuple(FileRow(id=row[0], name=row[1], size=row[2]) for row in rows)


_FIRST = {MailState.FAILED: 0, MailState.SENDING: 1, MailState.QUEUED: 2}


def _copies(message_id: int) -> tuple[CopyRow, ...]:
    kept = OutboxEmail
    rows = db.session.execute(
        select(
            kept.id,
            kept.registration_id,
            kept.to_name,
            kept.to_email,
            kept.state,
            kept.sent_at,
            kept.created_at,
            kept.error,
        )
        .where(kept.office_message_id == message_id, kept.occasion != prose.TEST)
        .order_by(kept.id)
    )
    copies = [
        CopyRow(
            id=row[0],
            registration_id=row[1],
            name=row[2],
            email=row[3],
            state=row[4],
            at=row[5] or row[6],
            error=row[7],
        )
        for row in rows
    ]
    return tuple(sorted(copies, key=lambda one: _FIRST.get(one.state, 3)))
