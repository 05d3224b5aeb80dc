"""The paper of an event: sign-in sheets, lists, name tags, door sign. Facts in, PDF out; it looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from courseapp import speech, when, wording
from courseapp.documents import pdf, qr
from courseapp.domain.marking import N_
from courseapp.domain.registration import Role
from courseapp.domain.rows import EventPage, PaperPerson, SessionRow
from courseapp.speech import said as _

EMPTY_ROWS = 6


class Order(StrEnum):
    """How a list is sorted."""

    NAME = "name"
    ROLE = "role"
    GROUP = "group"


class Labels(StrEnum):
    """Standard sheets of labels: columns × rows on an A4."""

    BIG = "90x55"
    MIDDLE = "70x37"


TITLES = {
    "sign_in": N_("Oppmøteliste"),
    "people": N_("Deltakerliste"),
    "groups": N_("Gruppeliste"),
}
_SHEETS: dict[Labels, dict[str, Any]] = {
    Labels.BIG: {"width": 90, "height": 55, "columns": 2, "rows": 5, "name": 17, "small": 10},
    Labels.MIDDLE: {"width": 70, "height": 37, "columns": 3, "rows": 8, "name": 12, "small": 8},
}
"""Millimetres and points. 90 × 55 mm are ten to a sheet (business-card sheets), 70 × 37 mm twenty-four."""


def sign_in(event: EventPage, people: Sequence[PaperPerson], *, order: Order, at: datetime) -> bytes:
    """One sheet per session that takes place, with room for a signature and empty rows for those who turn up."""
    rows = [*_rows(people, order), *([_row("", None)] * EMPTY_ROWS)]
    going = [one for one in event.sessions if not one.cancelled]
    sheets = [{"when": _when(one), "where": _where(one), "rows": rows} for one in going]
    columns = [_("Nr."), _("Navn"), _("Arbeidssted"), _("Rolle"), _("Signatur")]
    return pdf.write("sign_in", {**_head(event, "sign_in"), "sheets": sheets, "columns": columns}, at=at)


def list_of_people(event: EventPage, people: Sequence[PaperPerson], *, order: Order, at: datetime) -> bytes:
    """Who comes: by name, or under a heading per role or practice group with its count."""
    kind = "groups" if order is Order.GROUP else "people"
    facts = {
        **_head(event, kind),
        "rows": _rows(people, order),
        "columns": [_("Nr."), _("Navn"), _("Arbeidssted"), *([] if order is Order.ROLE else [_("Rolle")])],
        "total": wording.counted(len(people), _("deltaker"), _("deltakere")),
        "sessions": session_lines(event),
    }
    return pdf.write("people", facts, at=at)


def name_tags(event: EventPage, people: Sequence[PaperPerson], *, labels: Labels, at: datetime) -> bytes:
    """A label for each, in order of surname, on sheets that stationers sell."""
    tags = [
        {
            "name": f"{one.first_name} {one.last_name}",
            "workplace": one.workplace,
            "role": wording.short_label(one.role),
            "group": "" if one.group is None else _("Gruppe %(number)d", number=one.group),
        }
        for one in people
    ]
    return pdf.write("name_tags", {**_head(event, "people"), "tags": tags, "sheet": _SHEETS[labels]}, at=at)


def door_sign(event: EventPage, address: str, *, at: datetime) -> bytes:
    """One page per session to hang up: what, where, when, and a code that leads to the event's page."""
    sheets = [{"when": _when(one), "where": _where(one)} for one in event.sessions if not one.cancelled]
    facts = {**_head(event, "people"), "sheets": sheets, "address": address, "code": qr.svg(address)}
    return pdf.write("door_sign", facts, at=at)


def _head(event: EventPage, kind: str) -> dict[str, Any]:
    """What the head of one of these papers says."""
    leaders = wording.listed(list(event.leaders))
    names = _("Kursholdere") if len(event.leaders) > 1 else _("Kursholder")
    return {**head(event, speech.said(TITLES[kind])), "leaders": f"{names}: {leaders}" if leaders else None}


def head(event: EventPage, title: str) -> dict[str, Any]:
    """What every paper about an event has: its title, whose it is, and its foot."""
    return {
        "title": f"{title}: {event.title}",
        "heading": title,
        "event": event.title,
        "office": event.office.name,
        "foot": f"{event.office.name} · {event.title}",
    }


def session_lines(event: EventPage) -> list[str]:
    """When and where each session that takes place is."""
    return [f"{_when(one)}, {_where(one)}".rstrip(", ") for one in event.sessions if not one.cancelled]


def _rows(people: Sequence[PaperPerson], order: Order) -> list[dict[str, str]]:
    """Rows in order, with a heading where a role or a group begins; numbers run through."""
    if order is Order.NAME:
        return [_row(str(number), one) for number, one in enumerate(people, start=1)]
    roles = list(Role)

    def key(one: PaperPerson) -> int:
        return roles.index(one.role) if order is Order.ROLE else one.group or 0

    found: list[dict[str, str]] = []
    number = 0
    for _key, members in groupby(sorted(people, key=key), key=key):
        mine = list(members)
        found.append({"kind": "group", "name": f"{_group_name(mine[0], order)} ({len(mine)})"})
        for one in mine:
            number += 1
            found.append(_row(str(number), one))
    return found


def _group_name(one: PaperPerson, order: Order) -> str:
    if order is Order.ROLE:
        return wording.label(one.role)
    return speech.said("Uten gruppe") if one.group is None else speech.said("Gruppe %(number)d", number=one.group)


def _row(number: str, one: PaperPerson | None) -> dict[str, str]:
    if one is None:
        return {"kind": "person", "number": number, "name": "", "workplace": "", "role": ""}
    return {
        "kind": "person",
        "number": number,
        "name": f"{one.last_name}, {one.first_name}",
        "workplace": one.workplace,
        "role": wording.short_label(one.role),
    }


def _when(session: SessionRow) -> str:
    return f"{when.day(session.starts_at)}, {when.session_times(session)}"


def _where(session: SessionRow) -> str:
    place = wording.session_location(session.place, session.address)
    return place or (speech.said("Digitalt") if session.digital else "")
