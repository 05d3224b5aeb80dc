"""The fields of one session, in forms that make or change an event. Days and times are Norwegian here, UTC behind."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field
from wtforms.validators import StopValidation

from courseapp.queries.changes import SessionFields
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import line
from courseapp.when import OSLO

YEARS = range(2000, 2101)


def day_of(value: str) -> date | None:
    """«2027-03-18» as browsers send it, or «18.03.2027» as people write it."""
    norwegian = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", value)
    try:
        day = date(*map(int, reversed(norwegian.groups()))) if norwegian else date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def time_of(value: str) -> time | None:
    """«09:00», «9.00» or «09:00:00»."""
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::00)?", value)
    hour, minute = map(int, found.groups()) if found else (24, 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def minutes_of(value: str) -> int | None:
    """«9» or «7,5» hours in minutes; None for what is no such number."""
    if not re.fullmatch(r"\d{1,2}([.,]\d{1,2})?", value):
        return None
    return round(float(value.replace(",", ".")) * 60)


def hours_text(minutes: int | None) -> str:
    """540 as «9», 450 as «7,5», None as nothing."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".").replace(".", ",") if minutes else ""


def moment(day: date, clock_time: time) -> datetime:
    """That moment in Norway, in UTC; of an hour that comes twice, the first."""
    return datetime.combine(day, clock_time, tzinfo=OSLO).astimezone(UTC)


class _Row:
    """A check that knows the other fields of its session."""

    def __init__(self, prefix: str, *, needed: str = "") -> None:
        self.prefix, self.needed = prefix, needed
        self.field_flags = {"required": True} if needed and prefix != "new" else {}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """A removed session is not checked; an empty new one is none."""
        if not session_wanted(form, self.prefix):
            raise StopValidation
        if field.data:
            self.check(form, field)
        elif self.needed:
            raise StopValidation(_(self.needed))

    def check(self, form: FlaskForm, field: Field) -> None:
        """Say what is wrong with what was typed."""


class DayIfAny:
    """A day that is in the calendar, or nothing."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Say how days are written."""
        if field.data and day_of(field.data) is None:
            raise StopValidation(_("Datoen finnes ikke. Skriv den som 18.03.2027."))


class _Day(_Row):
    def check(self, form: FlaskForm, field: Field) -> None:
        """A day that is in the calendar."""
        DayIfAny()(form, field)


class _Time(_Row):
    def check(self, form: FlaskForm, field: Field) -> None:
        """A time of the day; the end comes after the start."""
        at = time_of(field.data)
        if at is None:
            raise StopValidation(_("Klokkeslettet finnes ikke. Skriv det som 09.00."))
        start = time_of(form[f"{self.prefix}_start"].data or "")
        if field.short_name == f"{self.prefix}_end" and start is not None and at <= start:
            raise StopValidation(
                _("Samlingen slutter før den begynner. Slutten må være etter %(start)s.", start=f"{start:%H.%M}")
            )


class _Hours(_Row):
    def check(self, form: FlaskForm, field: Field) -> None:
        """More than nothing, less than a hundred."""
        if not minutes_of(field.data):
            raise StopValidation(
                _("Skriv timene som et tall, som 9 eller 7,5. La feltet stå tomt hvis det ikke er noen.")
            )


class _Link(_Row):
    def check(self, form: FlaskForm, field: Field) -> None:
        """Only what a browser should be sent to."""
        if not re.fullmatch(r"https://[^\s/]+\S*", field.data):
            raise StopValidation(_("Lenken til videomøtet må begynne med https://."))


def session_wanted(form: FlaskForm, prefix: str) -> bool:
    """Whether a session is to take place: not ticked away, and not one that was left open.

    In a new event («n1», «n2» …) times and hours are filled in beforehand, so they alone make no session.
    """
    if prefix.startswith("s"):
        return not form[f"{prefix}_removed"].data
    names = ("date", "place", "address", "video", *(("start", "end", "hours") if prefix == "new" else ()))
    return any(form[f"{prefix}_{name}"].data for name in names)


def session_fields(prefix: str) -> dict[str, Any]:
    """The fields of one session: «s12» is the one of that number, «n1» and on a new event's, «new» one more."""
    made: dict[str, Any] = {
        "date": line(lazy("Dato"), _Day(prefix, needed="Velg en dato."), most=20, type="date"),
        "start": line(lazy("Fra"), _Time(prefix, needed="Skriv når samlingen begynner."), most=8, type="time"),
        "end": line(lazy("Til"), _Time(prefix, needed="Skriv når samlingen slutter."), most=8, type="time"),
        "place": line(lazy("Sted"), _Row(prefix), most=200),
        "address": line(lazy("Adresse"), _Row(prefix), most=200),
        "video": line(lazy("Lenke til videomøte"), _Link(prefix), most=500, inputmode="url"),
        "hours": line(lazy("Timer"), _Hours(prefix), most=5, inputmode="decimal"),
    }
    if prefix.startswith("s"):
        made["removed"] = BooleanField(lazy("Fjern samlingen"))
    return {f"{prefix}_{name}": one for name, one in made.items()}


def filled(prefix: str, session: SessionFields) -> dict[str, Any]:
    """What the fields of a session hold before anybody types."""
    starts, ends = session.starts_at.astimezone(OSLO), session.ends_at.astimezone(OSLO)
    told = {
        "date": f"{starts:%Y-%m-%d}",
        "start": f"{starts:%H:%M}",
        "end": f"{ends:%H:%M}",
        "place": session.place,
        "address": session.address,
        "video": session.video_url,
        "hours": hours_text(session.minutes),
        "removed": session.removed,
    }
    return {f"{prefix}_{name}": value for name, value in told.items()}


def typed(form: FlaskForm, prefix: str) -> dict[str, Any]:
    """A session as it was typed; call it on a form without errors only. `minutes` are course hours."""
    told = {name: form[f"{prefix}_{name}"].data or "" for name in ("date", "start", "end", "hours")}
    day, start, end = day_of(told["date"]), time_of(told["start"]), time_of(told["end"])
    assert day is not None
    assert start is not None
    assert end is not None
    return {
        "starts_at": moment(day, start),
        "ends_at": moment(day, end),
        "place": form[f"{prefix}_place"].data or "",
        "address": form[f"{prefix}_address"].data or "",
        "video_url": form[f"{prefix}_video"].data or "",
        "minutes": minutes_of(told["hours"]) if told["hours"] else None,
    }
