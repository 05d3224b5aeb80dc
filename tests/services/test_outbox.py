"""The outbox stays quick however much has been sent: a claim reads only what waits."""

from flask import Flask
from sqlalchemy import insert, text

from courseapp.db import db, transaction
from courseapp.mail import outbox
from courseapp.models.journal import MailState, OutboxEmail
from tests.conftest import NOW
from tests.making import make_event
from tests.people import join, letter_to


def plan(app: Flask) -> str:
    """How the database means to find the letters that are due."""
    dialect = db.engine.dialect
    question = str(outbox.due_letters(NOW).limit(20).compile(db.engine, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN " if dialect.name == "sqlite" else "EXPLAIN "
    return "\n".join(str(row) for row in db.session.execute(text(explain + question.replace(":", "\\:"))))


def test_a_claim_uses_the_index_of_what_waits(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(insert(OutboxEmail), [sent(number) for number in range(2000)])
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE outbox_email"))
    assert "ix_outbox_email_due" in plan(app)


def test_who_has_lost_the_lease_marks_nothing(app: Flask) -> None:
    join(make_event(), 1)
    row_id = letter_to(1, MailState.SENDING)
    with transaction() as tx:
        tx.get_one(OutboxEmail, row_id).lease = "newer"
    for lease, state in (("older", MailState.SENDING), ("newer", MailState.SENT)):
        with transaction() as tx:
            outbox.mark_sent(tx, row_id, lease, NOW)
        with transaction() as tx:
            assert tx.get_one(OutboxEmail, row_id).state is state


def sent(number: int) -> dict[str, object]:
    """A letter of long ago."""
    return {
        "occasion": "confirmation",
        "sender_name": "x",
        "sender_email": "kurs@alis.example.org",
        "reply_name": "",
        "reply_email": "",
        "to_name": "x",
        "to_email": "x@example.org",
        "subject": "x",
        "text": "x" * 500,
        "html": "x" * 500,
        "message_id": f"<{number}@example.org>",
        "references": "",
        "state": MailState.SENT,
        "attempts": 1,
        "not_before": NOW,
        "lease": "",
        "error": "",
        "created_at": NOW,
    }
