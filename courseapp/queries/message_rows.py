"""The frozen rows of the messages' pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courseapp.domain.messages import Choice
from courseapp.domain.registration import Role, Status
from courseapp.domain.rows import EventPage
from courseapp.mail.letter import Letter
from courseapp.models.journal import MailState
from courseapp.queries.standard_texts import TextRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file that goes along; `size` in bytes."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message in the list. Of a draft `sent_at` is None and `at` is when it was last saved."""

    id: int
    subject: str
    to: str
    who: str
    at: datetime
    sent_at: datetime | None
    total: int
    sent: int
    under_way: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPage:
    """The list, newest first. `may_send`: organizers of an event that has been published."""

    event: EventPage
    drafts: tuple[MessageRow, ...]
    sent: tuple[MessageRow, ...]
    organizes: bool
    may_send: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody a message can be sent to."""

    id: int
    name: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the writer may choose from, each with how many it is."""

    event: EventPage
    people: tuple[PersonRow, ...]
    statuses: tuple[tuple[Status, int], ...]
    roles: tuple[tuple[Role, int], ...]
    municipalities: tuple[tuple[str, int], ...]
    groups: tuple[int, ...]
    leaders: int
    texts: tuple[TextRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft with whom it would reach now."""

    id: int
    subject: str
    body: str
    choice: Choice
    revision: int
    files: tuple[FileRow, ...]
    to: str
    people: int
    leaders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A draft as one of its readers would get it; her secret link is not shown. `codes` are the readers to choose."""

    event: EventPage
    draft: Draft
    letter: Letter
    reader: str
    code: str
    codes: tuple[tuple[str, str], ...]
    seen: str
    may_send: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """One person's letter. Without `registration_id` it is a course leader's."""

    id: int
    registration_id: int | None
    name: str
    email: str
    state: MailState
    at: datetime
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """A message that was sent, and each letter of it, those that failed first."""

    event: EventPage
    row: MessageRow
    body: str
    files: tuple[FileRow, ...]
    copies: tuple[CopyRow, ...]
    organizes: bool
