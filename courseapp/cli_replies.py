"""The command that reads what calendars answer."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from courseapp.config import Settings
from courseapp.mail import imap
from courseapp.services import replies
from courseapp.services.replies import Read


@click.command("read-replies")
@click.argument("maildir", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False, default=None)
@with_appcontext
def read_replies(maildir: Path | None) -> None:
    """Read answers to calendar invitations: from a MAILDIR, where every mail stays as it is, or else over IMAP.

    The IMAP mailbox is the one of the settings; what has been read there is marked as read.
    """
    read = _from_mailbox() if maildir is None else _from_folder(maildir)
    click.echo(f"{read.kept} svar lagret, {read.known} kjent fra før, {read.left} andre e-poster latt ligge")


def _from_folder(maildir: Path) -> Read:
    if not all((maildir / name).is_dir() for name in ("new", "cur")):
        raise click.ClickException("Mappen er ingen maildir: den mangler «new» eller «cur».")
    return replies.take_in(_mails(maildir))


def _from_mailbox() -> Read:
    settings: Settings = current_app.extensions["courseapp.settings"]
    if settings.replies is None:
        raise click.ClickException("Oppgi en MAILDIR, eller sett COURSEAPP_REPLIES_IMAP_HOST.")
    try:
        with imap.opened(settings.replies) as box:
            return replies.take_in_from(box)
    except imap.MailboxError as problem:
        raise click.ClickException(str(problem)) from problem


def _mails(maildir: Path) -> Iterator[bytes]:
    box = mailbox.Maildir(maildir, create=False)
    for key in sorted(box.keys()):
        try:
            yield box.get_bytes(key)
        except (KeyError, OSError):  # another program moved it meanwhile
            continue


COMMANDS = (read_replies,)
"""What `cli` attaches."""
