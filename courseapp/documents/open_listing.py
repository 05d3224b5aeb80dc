"""One event as other websites get it in JSON; docs/open-listing.md promises the fields. Add freely, rename never."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from courseapp import speech, when, wording
from courseapp.domain.event import SeatRule
from courseapp.domain.modes import Mode
from courseapp.domain.rows import ListedEvent, OfficeRow, Seats, SessionRow

VERSION = 1
"""Raised only when a field is renamed, removed or comes to mean something else."""


def event(one: ListedEvent, address: str) -> dict[str, Any]:
    """What is public about an event. Times are ISO 8601 on a Norwegian clock, hours are numbers, unknown is null."""
    return {
        "slug": one.slug,
        "url": address,
        "title": one.title,
        "kind": {"code": one.kind.value, "label": wording.label(one.kind)},
        "office": _office(one.office),
        "partners": [_office(office) for office in one.partners],
        "target_group": one.target_group,
        "sessions": [_session(session) for session in one.sessions],
        "state": {"code": one.state.value, "label": _words(one), "takes_sign_ups": one.takes_sign_ups},
        "by_application": one.seat_rule is SeatRule.APPLICATION,
        "capacity": one.seats.capacity,
        "seats_left": one.shown_left,
        "waiting": one.shown_waiting,
        "rooms": [_room(one, mode, seats) for mode, seats in one.seats.rooms],
        "opens_at": _moment(one.opens_at),
        "deadline": _moment(one.closes_at),
        "hours": _hours(one.minutes or None),
        "approvals": [{"text": approval.text, "hours": _hours(approval.minutes)} for approval in one.approvals],
        "updated_at": _moment(one.changed_at),
    }


def _words(one: ListedEvent) -> str:
    """While seats are applied for it does not matter how many are left."""
    if one.takes_sign_ups and one.seat_rule is SeatRule.APPLICATION:
        return speech.said("Plassene fordeles etter søknad")
    return wording.label(one.state)


def _room(one: ListedEvent, mode: Mode, seats: Seats) -> dict[str, Any]:
    """One of the two rooms of an event that is both physical and digital."""
    left = seats.left if one.tells_seats and seats.capacity is not None else None
    return {"mode": mode.value, "label": wording.label(mode), "capacity": seats.capacity, "seats_left": left}


def _office(office: OfficeRow) -> dict[str, str]:
    return {"slug": office.slug, "name": office.name, "short_name": office.short_name}


def _session(session: SessionRow) -> dict[str, Any]:
    """Whether it is digital is public; where the meeting is, is for those who have a seat."""
    return {
        "starts_at": _moment(session.starts_at),
        "ends_at": _moment(session.ends_at),
        "place": session.place,
        "address": session.address,
        "digital": session.digital,
        "hours": _hours(session.minutes),
        "cancelled": session.cancelled,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else when.local(moment).isoformat(timespec="seconds")


def _hours(minutes: int | None) -> float | None:
    return None if minutes is None else round(minutes / 60, 2)
