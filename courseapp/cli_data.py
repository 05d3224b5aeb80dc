"""Commands that fill the database: reports of earlier years, the demo, synthetic load."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from courseapp import clock
from courseapp.domain.activity_file import MOST_BYTES, ImportRefused
from courseapp.domain.errors import DomainError
from courseapp.services import demo as demo_data
from courseapp.services import imports, load_data


@click.command("import-activities")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_activities(file: Path) -> None:
    """Import reported activities from a csv FILE; all of it, or nothing and every bad line named."""
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)  # one byte too many is enough to be refused
    try:
        done = imports.import_activities(content, actor=None)
    except ImportRefused as refusal:
        for problem in refusal.problems:
            click.echo(f"linje {problem.line}: {problem.reason}", err=True)
        raise click.ClickException(refusal.message) from None
    click.echo(f"{done.added} lagt til, {done.known} fantes fra før")


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Fill an empty database with invented data, and print the log-ins."""
    if not current_app.extensions["courseapp.settings"].demo:
        raise click.ClickException("Set COURSEAPP_DEMO=1: the demo's passwords are public.")
    made = demo_data.fill(clock.now())
    if made is None:
        click.echo("Databasen har arrangementer fra før, så ingenting er lagt til.")
    else:
        click.echo(f"{made.events} arrangementer og {made.registrations} påmeldinger er lagt til.")
    for one in demo_data.log_ins():
        click.echo(f"{one.email}  {one.password}  {one.role}  {one.office or 'alle kontor'}")


@click.command("generate")
@click.option("--events", type=click.IntRange(min=1), required=True, help="How many published, open events to add.")
@click.option("--registrations", type=click.IntRange(min=0), required=True, help="How many people, spread evenly.")
@click.option("--capacity", type=click.IntRange(min=1), default=None, help="Seats of each event; none means no limit.")
@with_appcontext
def generate(*, events: int, registrations: int, capacity: int | None) -> None:
    """Add synthetic load data and print the slugs of its events, one to a line."""
    try:
        slugs = load_data.generate(events, registrations, capacity)
    except DomainError as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo("\n".join(slugs))


COMMANDS = (import_activities, demo, generate)
"""What `cli` attaches."""
