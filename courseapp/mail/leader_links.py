"""Letters that bring a course leader a secret address of her own, and nothing else."""

from __future__ import annotations

from datetime import datetime

from courseapp.domain.mailbox import Mailbox
from courseapp.domain.rows import OfficeRow
from courseapp.mail.letter import Letter
from courseapp.mail.rendering import rendered


def leader_feed(*, office: OfficeRow, sender: Mailbox, to: Mailbox, url: str, message_id: str, now: datetime) -> Letter:
    """The secret address of a leader's calendar, to her alone."""
    subscribe_url = f"webcal://{url.partition('://')[2]}"
    return _to_leader("leader_feed", office, sender, to, message_id, now, url=url, subscribe_url=subscribe_url)


def leader_link(*, office: OfficeRow, sender: Mailbox, to: Mailbox, url: str, message_id: str, now: datetime) -> Letter:
    """The secret address of a leader's own pages, to her alone."""
    return _to_leader("leader_link", office, sender, to, message_id, now, url=url)


def _to_leader(
    occasion: str, office: OfficeRow, sender: Mailbox, to: Mailbox, message_id: str, now: datetime, **more: str
) -> Letter:
    first_name = to.name.split()[0] if to.name.split() else ""
    subject, text, html = rendered(occasion, office=office, first_name=first_name, **more)
    return Letter(
        occasion=occasion,
        sender=sender,
        to=to,
        reply_to=Mailbox(name=office.name, email=office.email),
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        date=now,
    )
