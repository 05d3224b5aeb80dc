"""The command that reads what calendars answer."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext

from courseapp.services import replies


@click.command("read-replies")
@click.argument("maildir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def read_replies(maildir: Path) -> None:
    """Read answers to calendar invitations from a MAILDIR; every mail stays where it is."""
    if not all((maildir / name).is_dir() for name in ("new", "cur")):
        raise click.ClickException("Mappen er ingen maildir: den mangler «new» eller «cur».")
    read = replies.take_in(_mails(maildir))
    click.echo(f"{read.kept} svar lagret, {read.known} kjent fra før, {read.left} andre e-poster latt ligge")


def _mails(maildir: Path) -> Iterator[bytes]:
    box = mailbox.Maildir(maildir, create=False)
    for key in sorted(box.keys()):
        try:
            yield box.get_bytes(key)
        except (KeyError, OSError):  # another program moved it meanwhile
            continue


COMMANDS = (read_replies,)
"""What `cli` attaches."""
