"""A letter: what the writers hand over and the outbox keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from courseapp.domain.attachments import Attachment
from courseapp.domain.mailbox import Mailbox


@dataclass(frozen=True, kw_only=True)
class CalendarPart:
    """The calendar file of an invitation, with the METHOD that stands inside it."""

    method: Literal["REQUEST", "CANCEL"]
    ics: bytes


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message to one person, ready to be put in the outbox: everything the wire needs, nothing it must look up."""

    occasion: str
    sender: Mailbox
    to: Mailbox
    reply_to: Mailbox | None = None
    subject: str
    text: str
    html: str
    message_id: str  # with its angle brackets
    references: str | None = None
    date: datetime  # aware UTC; kept here so that a second try sends the same bytes
    calendar: CalendarPart | None = None
    attachments: tuple[Attachment, ...] = ()
