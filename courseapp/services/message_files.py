"""The files that go along with a message: added and removed while it is a draft."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.domain.attachments import accepted, check_sizes
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.marking import N_
from courseapp.models.message import Message, MessageFile
from courseapp.services.messages import draft_of


class NoFile(DomainError):
    """The button was pressed before a file was chosen."""

    message = N_("Velg en fil først.")


def add(slug: str, message_id: int, files: Sequence[tuple[str, bytes]], *, actor: Actor) -> None:
    """Add files, all of them or none: each its name as given, and its content.

    Raises NotFound, AlreadySent, NoFile, TooManyFiles, FilesTooLarge, or FileRefused, which names the file.
    """
    if not files:
        raise NoFile
    check_sizes([len(content) for _name, content in files])
    taken = [accepted(name, content) for name, content in files]
    with transaction() as tx:
        _event, message = draft_of(tx, slug, message_id, actor)
        check_sizes([*_sizes(tx, message), *(len(one.content) for one in taken)])
        for one in taken:
            tx.add(
                MessageFile(
                    message_id=message.id,
                    name=one.name,
                    content_type=one.content_type,
                    size=len(one.content),
                    content=one.content,
                )
            )
        _touch(message)


def remove(slug: str, message_id: int, file_id: int, *, actor: Actor) -> None:
    """Take a file out again. Raises NotFound or AlreadySent."""
    with transaction() as tx:
        _event, message = draft_of(tx, slug, message_id, actor)
        found = tx.get(MessageFile, file_id)
        if found is None or found.message_id != message.id:
            raise NotFound
        tx.delete(found)
        _touch(message)


def _sizes(tx: Session, message: Message) -> list[int]:
    return list(tx.scalars(select(MessageFile.size).where(MessageFile.message_id == message.id)))


def _touch(message: Message) -> None:
    message.revision, message.updated_at = message.revision + 1, clock.now()
