"""Clears away what has expired. Run by the worker, again and again without harm."""

from __future__ import annotations

from sqlalchemy import delete

from courseapp import clock
from courseapp.db import transaction
from courseapp.mail import outbox
from courseapp.models.registration import SignUpReceipt
from courseapp.models.upload import PeopleUpload
from courseapp.services import account_links, attendance, sessions, tries


def tidy() -> None:
    """Forget receipts, uploaded lists and counts that have run out; fetch back letters that a wrong clock put off."""
    with transaction() as tx:
        now = clock.now()
        tx.execute(delete(SignUpReceipt).where(SignUpReceipt.expires_at <= now))
        tx.execute(delete(PeopleUpload).where(PeopleUpload.expires_at <= now))
        tries.tidy(tx, now)
        attendance.tidy(tx, now)
        sessions.tidy(tx, now)
        account_links.tidy(tx, now)
        outbox.bring_near(tx, now)
