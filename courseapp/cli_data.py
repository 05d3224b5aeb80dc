"""Commands that fill the database (reports of earlier years, the demo, synthetic load), and the yearly report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from courseapp import clock, wording, yearly_paper
from courseapp.documents import yearly as papers
from courseapp.documents.yearly import Paper
from courseapp.domain.activity_file import MOST_BYTES, ImportRefused
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.yearly import FIRST_YEAR, LAST_YEAR
from courseapp.queries import retention as due
from courseapp.queries import yearly
from courseapp.services import demo as demo_data
from courseapp.services import imports, load_data, past_load, retention

REPORT_WRITERS: dict[str, Callable[[Paper, datetime], bytes]] = {
    "docx": lambda paper, at: papers.docx(paper, at=at),
    "xlsx": lambda paper, _at: papers.spreadsheet(paper),
    "csv": lambda paper, _at: papers.csv(paper),
}


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
            click.echo(f"linje {problem.line}: {problem}", err=True)
        raise click.ClickException(str(refusal)) from None
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
@click.option("--past", is_flag=True, help="Held over the last ten years instead, with letters, history and kursbevis.")
@with_appcontext
def generate(*, events: int, registrations: int, capacity: int | None, past: bool) -> None:
    """Add synthetic load data and print the slugs of its events, one to a line; of what is past, how many."""
    try:
        if past:
            made = past_load.generate_past(events, registrations)
            click.echo(f"{made} arrangementer som er holdt, og {registrations} påmeldinger er lagt til.")
            return
        slugs = load_data.generate(events, registrations, capacity)
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo("\n".join(slugs))


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Say what is due and change nothing.")
@with_appcontext
def forget(*, dry_run: bool) -> None:
    """Forget what has had its time, as the worker does by itself; or say what that would be."""
    if not dry_run:
        while done := retention.run_due():
            click.echo(f"Ryddet: {done}")
    for one in due.dry_run(clock.now()):
        where = f" ved {one.events} arrangementer" if one.events else ""
        click.echo(f"{wording.label(one.what)}: {one.count}{where}")


@click.command("report")
@click.option("--office", required=True, help="Slug of the office.")
@click.option("--year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), required=True)
@click.option("--format", "kind", type=click.Choice(sorted(REPORT_WRITERS)), required=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@with_appcontext
def report(*, office: str, year: int, kind: str, out: Path) -> None:
    """Write an office's yearly report to a file, with the same numbers as the page."""
    try:
        found = yearly.for_command(office, year, clock.now())
    except NotFound:
        raise click.ClickException("Kontoret finnes ikke.") from None
    content = REPORT_WRITERS[kind](yearly_paper.paper(found), clock.now())
    try:
        out.write_bytes(content)
    except OSError as problem:
        raise click.ClickException(f"{out}: {problem.strerror}") from None
    rows = sum(part.sum.rows for part in found.parts)
    click.echo(f"{yearly_paper.title(found)}: {rows} rader i {out}")


COMMANDS = (forget, import_activities, demo, generate, report)
"""What `cli` attaches."""
