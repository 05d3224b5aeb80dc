"""Bounds on how often something may be tried, counted in the database so that every process counts together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Insert, bindparam, delete
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import Base, db, insert_or_update, transaction
from courseapp.domain.errors import BoundReached, TooManyTries
from courseapp.links import links
from courseapp.models.journal import TryCount


@dataclass(frozen=True, kw_only=True)
class Bound:
    """How often `subject` may try something in a window of `seconds`."""

    bucket: str
    subject: str
    most: int
    seconds: int

    def spend(self, tx: Session, now: datetime) -> None:
        """Count one try in the transaction of what is tried; raises BoundReached. A refusal takes the count back."""
        if count(tx, self.bucket, self.subject, seconds=self.seconds, now=now) > self.most:
            raise BoundReached

    def spend_alone(self) -> None:
        """Count one try of what did not come to be."""
        spend(self.bucket, self.subject, most=self.most, seconds=self.seconds)


def spend(bucket: str, subject: str, *, most: int, seconds: int) -> None:
    """Count one try of `subject`; raises TooManyTries past `most` in the running window of `seconds`."""
    with transaction() as tx:
        tried = count(tx, bucket, subject, seconds=seconds, now=clock.now())
    if tried > most:
        raise TooManyTries


def check(bucket: str, subject: str, *, most: int, seconds: int) -> None:
    """Raise TooManyTries where the running window has `most` tries already; counts nothing."""
    key = {"bucket": bucket, "subject": links().fingerprint(subject)}
    window = datetime.fromtimestamp(clock.now().timestamp() // seconds * seconds, UTC)
    found = db.session.get(TryCount, {**key, "window_start": window}, populate_existing=True)
    if found is not None and found.count >= most:
        raise TooManyTries


def count(tx: Session, bucket: str, subject: str, *, seconds: int, now: datetime) -> int:
    """Count one try and return how many the running window now has. Only a keyed hash of the subject is kept."""
    window = datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
    told = {"of": bucket, "who": links().fingerprint(subject), "since": window}
    tried: int = tx.execute(_one_more(tx), told).scalar_one()
    return tried


_one_mores: dict[str, Insert] = {}


def _one_more(tx: Session) -> Insert:
    """The statement that counts, made once for each kind of database."""
    dialect = tx.get_bind().dialect.name
    if dialect not in _one_mores:
        row = {"bucket": bindparam("of"), "subject": bindparam("who"), "window_start": bindparam("since"), "count": 1}
        # By the mapped class it would cost twice as much, and no object of it is wanted.
        table = Base.metadata.tables[TryCount.__tablename__]
        _one_mores[dialect] = (
            insert_or_update(tx, table)
            .values(row)
            .on_conflict_do_update(
                index_elements=["bucket", "subject", "window_start"], set_={"count": table.c.count + 1}
            )
            .returning(table.c.count)
        )
    return _one_mores[dialect]


def clear(bucket: str, subject: str) -> None:
    """Forget the tries of a subject, after it succeeded."""
    with transaction() as tx:
        tx.execute(delete(TryCount).where(TryCount.bucket == bucket, TryCount.subject == links().fingerprint(subject)))


def tidy(tx: Session, now: datetime) -> None:
    """Forget windows that ended a day ago."""
    tx.execute(delete(TryCount).where(TryCount.window_start < now - timedelta(days=1)))
