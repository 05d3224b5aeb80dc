"""A letter as the outbox keeps it, and the letter again."""

from __future__ import annotations

from typing import Any

from courseapp.domain.attachments import Attachment
from courseapp.domain.mailbox import Mailbox
from courseapp.mail.letter import CalendarPart, Letter
from courseapp.models.journal import OutboxEmail


def as_row(letter: Letter) -> dict[str, Any]:
    """The letter's columns. Its files are not among them: they stay with the office's message."""
    reply, calendar = letter.reply_to, letter.calendar
    return {
        "occasion": letter.occasion,
        "sender_name": letter.sender.name,
        "sender_email": letter.sender.email,
        "reply_name": reply.name if reply else "",
        "reply_email": reply.email if reply else "",
        "to_name": letter.to.name,
        "to_email": letter.to.email,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "ics": calendar.ics.decode() if calendar else None,
        "method": calendar.method if calendar else None,
        "message_id": letter.message_id,
        "references": letter.references or "",
        "not_before": letter.date,
        "created_at": letter.date,
    }


def as_letter(row: OutboxEmail) -> Letter:
    """The letter as it was put; the same row always gives the same bytes."""
    calendar = None
    if row.ics is not None:
        calendar = CalendarPart(method="CANCEL" if row.method == "CANCEL" else "REQUEST", ics=row.ics.encode())
    return Letter(
        occasion=row.occasion,
        sender=Mailbox(name=row.sender_name, email=row.sender_email),
        to=Mailbox(name=row.to_name, email=row.to_email),
        reply_to=Mailbox(name=row.reply_name, email=row.reply_email) if row.reply_email else None,
        subject=row.subject,
        text=row.text,
        html=row.html,
        message_id=row.message_id,
        references=row.references or None,
        date=row.created_at,
        calendar=calendar,
        attachments=_files(row),
    )


def _files(row: OutboxEmail) -> tuple[Attachment, ...]:
    """What goes along. A message is read-only once it is sent, so they are the same at every try."""
    kept = row.office_message.files if row.office_message is not None else []
    return tuple(Attachment(name=one.name, content_type=one.content_type, content=one.content) for one in kept)
