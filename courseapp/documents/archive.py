"""One event for the municipality's archive: a PDF for people and two csv files for programs, in one zip.

The same event at the same moment gives the same bytes: every file inside carries that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from courseapp import speech, when, wording
from courseapp.documents import csv_file, papers, pdf
from courseapp.documents.table import Column, Table
from courseapp.domain.marking import N_
from courseapp.domain.registration import Status
from courseapp.domain.rows import ArchivedCertificate, ArchivedPerson, EventPage
from courseapp.speech import said as _

PEOPLE = (N_("Navn"), N_("Rolle"), N_("Arbeidssted"), N_("Kommune"), N_("HPR-nummer"), N_("Timer"))
PAPERS = (N_("Nummer"), N_("Navn"), N_("HPR-nummer"), N_("Timer"), N_("Utstedt"), N_("Merknad"))


def write(
    event: EventPage,
    people: Sequence[ArchivedPerson],
    others: Sequence[tuple[Status, int]],
    certificates: Sequence[ArchivedCertificate],
    *,
    at: datetime,
) -> bytes:
    """The zip. `at` is aware, and stands in the PDF and on the files."""
    participants = [_person(one) for one in people]
    issued = [_paper(one) for one in certificates]
    facts = {
        **papers.head(event, speech.said("Arkivkopi")),
        "about": _about(event),
        "sessions": papers.session_lines(event),
        "people": {"columns": _heads(PEOPLE), "rows": participants},
        "others": [f"{wording.label(status)}: {count}" for status, count in others],
        "papers": {"columns": _heads(PAPERS), "rows": issued},
        "made": speech.said("Laget %(at)s", at=when.moment(at)),
    }
    files = {
        f"{event.slug}.pdf": pdf.write("archive", facts, at=at),
        "deltakere.csv": _csv(_heads(PEOPLE), participants),
        "kursbevis.csv": _csv(_heads(PAPERS), issued),
    }
    return _zip(files, at)


def _about(event: EventPage) -> list[list[str]]:
    """What it was: label and words, those without words left out."""
    approvals = [f"{wording.hours(one.minutes)} {one.text}" for one in event.approvals]
    told: list[list[str]] = [
        [_("Type"), wording.label(event.kind)],
        [_("Tilstand"), wording.label(event.status)],
        [_("Arrangør"), wording.listed([event.office.name, *(one.name for one in event.partners)])],
        [_("Kursholdere"), wording.listed(list(event.leaders))],
        [_("Målgruppe"), event.target_group],
        [_("Plasser"), "" if event.seats.capacity is None else str(event.seats.capacity)],
        [_("Godkjent"), "; ".join(approvals)],
        [_("Program"), event.description],
    ]
    return [pair for pair in told if pair[1]]


def _person(one: ArchivedPerson) -> list[str]:
    role = wording.short_label(one.role)
    return [one.name, role, one.workplace, one.municipality, one.hpr_number, _hours(one.minutes)]


def _paper(one: ArchivedCertificate) -> list[str]:
    day = when.short_day(one.issued_at)
    return [one.number, one.name, one.hpr_number, _hours(one.minutes), day, one.said]


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".").replace(".", ",") if minutes else ""


def _heads(columns: Sequence[str]) -> list[str]:
    return [speech.said(one) for one in columns]


def _csv(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    columns = tuple(Column(heading=one) for one in headings)
    return csv_file.write(Table(title="", columns=columns, rows=(tuple(row) for row in rows)))


def _zip(files: dict[str, bytes], at: datetime) -> bytes:
    target, moment = BytesIO(), when.local(at)
    with ZipFile(target, "w", ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(ZipInfo(name, moment.timetuple()[:6]), content, ZIP_DEFLATED)
    return target.getvalue()
