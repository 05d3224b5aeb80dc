"""Commands that copy the database and bring a copy back."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from courseapp import backup as copies
from courseapp import clock
from courseapp.backup import BackupFailed
from courseapp.queries import health

PATH = click.Path(path_type=Path)


@click.command("backup")
@click.argument("file", type=PATH, required=False)
@click.option("--into", type=PATH, help="A folder; the copy is named after the moment.")
@click.option("--keep-days", type=click.IntRange(1, 400), help="With --into: delete copies older than so many days.")
@with_appcontext
def backup(*, file: Path | None, into: Path | None, keep_days: int | None) -> None:
    """Copy the whole database to FILE, or into a folder, while everybody works."""
    if (file is None) == (into is None):
        raise click.UsageError("Give a FILE, or a folder with --into.")
    url, now = current_app.extensions["courseapp.settings"].database_url, clock.now()
    target = file or Path(str(into)) / copies.name_of(url, now)
    try:
        size = copies.save(url, target)
    except BackupFailed as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{target}: {size} bytes")
    if into is not None and keep_days is not None:
        click.echo(f"{copies.drop_old(into, now, days=keep_days)} older copies deleted")


@click.command("restore")
@click.argument("file", type=PATH)
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def restore(*, file: Path, yes: bool) -> None:
    """Put the copy in FILE in the place of the database. Stop web server and worker first."""
    if health.worker_lives(clock.now()):
        raise click.ClickException("The worker has run in the last two minutes. Stop web server and worker first.")
    if not yes:
        click.confirm("What the database holds now is replaced. Go on?", abort=True)
    try:
        copies.restore(current_app.extensions["courseapp.settings"].database_url, file)
    except BackupFailed as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo("Done. Run 'flask --app wsgi db upgrade', then 'flask --app wsgi doctor', then start the services.")


COMMANDS = (backup, restore)
"""What `cli` attaches."""
