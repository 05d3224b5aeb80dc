"""The forms for changing an event and telling about it. Days and times are Norwegian here, UTC everywhere else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field
from wtforms.validators import Optional, StopValidation

from courseapp.queries.changes import EventFields, SessionFields
from courseapp.services.changes import LONGEST_REASON, EventWish, SessionWish
from courseapp.web.forms import Form, Needed, address, line, phone, text
from courseapp.wording import OSLO

YEARS = range(2000, 2101)
LONGEST_MESSAGE = 1000


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


class _Day(_Row):
    def check(self, form: FlaskForm, field: Field) -> None:
        """A day that is in the calendar."""
        if day_of(field.data) is None:
            raise StopValidation(_("Datoen finnes ikke. Skriv den som 18.03.2027."))


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
    """Whether a session is to take place: not ticked away, and not the empty one at the end."""
    if prefix == "new":
        return any(form[f"new_{name}"].data for name in ("date", "start", "end", "place", "address", "video", "hours"))
    return not form[f"{prefix}_removed"].data


class _EditForm(Form):
    """Everything but the sessions, which differ from event to event."""

    title = line(lazy("Tittel"), Needed("Skriv en tittel."), most=200)
    target_group = line(lazy("Målgruppe"), most=300)
    description = text(lazy("Beskrivelse"), most=5000, rows=8)
    contact_name = line(lazy("Kontaktperson"), most=100)
    contact_email = address(lazy("E-post"), Optional(), hint=lazy("Står feltet tomt, brukes kontorets adresse."))
    contact_phone = phone(lazy("Telefon"), hint=lazy("Står feltet tomt, brukes kontorets nummer."))
    prefixes: tuple[str, ...] = ()

    def wish(self) -> EventWish:
        """What was asked for; call it on a form without errors only."""
        names = ("title", "description", "target_group", "contact_name", "contact_email", "contact_phone")
        told = {name: self[name].data or "" for name in names}
        return EventWish(
            sessions=tuple(self._session(one) for one in self.prefixes if session_wanted(self, one)), **told
        )

    def _session(self, prefix: str) -> SessionWish:
        told = {name: self[f"{prefix}_{name}"].data or "" for name in ("date", "start", "end", "hours")}
        day, start, end = day_of(told["date"]), time_of(told["start"]), time_of(told["end"])
        assert day is not None
        assert start is not None
        assert end is not None
        return SessionWish(
            id=None if prefix == "new" else int(prefix.removeprefix("s")),
            starts_at=moment(day, start),
            ends_at=moment(day, end),
            place=self[f"{prefix}_place"].data or "",
            address=self[f"{prefix}_address"].data or "",
            video_url=self[f"{prefix}_video"].data or "",
            minutes=minutes_of(told["hours"]) if told["hours"] else None,
        )


def edit_form(shown: EventFields) -> _EditForm:
    """The form of one event, filled in: its sessions by their numbers in the database, and an empty one."""
    rows: dict[str, Any] = {}
    filled: dict[str, Any] = {}
    for session in shown.sessions:
        prefix = f"s{session.id}"
        rows |= _session_fields(prefix)
        filled |= _filled(prefix, session)
    rows |= _session_fields("new")
    event = shown.event
    filled |= {
        "title": event.title,
        "target_group": event.target_group,
        "description": event.description,
        "contact_name": event.contact_name,
        "contact_email": shown.contact_email,
        "contact_phone": shown.contact_phone,
    }
    prefixes = (*(f"s{one.id}" for one in shown.sessions), "new")
    made: _EditForm = type("EditForm", (_EditForm,), {**rows, "prefixes": prefixes})(data=filled)
    return made


def _session_fields(prefix: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "date": line(lazy("Dato"), _Day(prefix, needed="Velg en dato."), most=20, type="date"),
        "start": line(lazy("Fra"), _Time(prefix, needed="Skriv når samlingen begynner."), most=8, type="time"),
        "end": line(lazy("Til"), _Time(prefix, needed="Skriv når samlingen slutter."), most=8, type="time"),
        "place": line(lazy("Sted"), _Row(prefix), most=200),
        "address": line(lazy("Adresse"), _Row(prefix), most=200),
        "video": line(lazy("Lenke til videomøte"), _Link(prefix), most=500, inputmode="url"),
        "hours": line(lazy("Timer"), _Hours(prefix), most=5, inputmode="decimal"),
    }
    if prefix != "new":
        made["removed"] = BooleanField(lazy("Fjern samlingen"))
    return {f"{prefix}_{name}": one for name, one in made.items()}


def _filled(prefix: str, session: SessionFields) -> dict[str, Any]:
    starts, ends = session.starts_at.astimezone(OSLO), session.ends_at.astimezone(OSLO)
    told = {
        "date": f"{starts:%Y-%m-%d}",
        "start": f"{starts:%H:%M}",
        "end": f"{ends:%H:%M}",
        "place": session.place,
        "address": session.address,
        "video": session.video_url,
        "hours": f"{session.minutes / 60:.2f}".rstrip("0").rstrip(".").replace(".", ",") if session.minutes else "",
        "removed": session.removed,
    }
    return {f"{prefix}_{name}": value for name, value in told.items()}


class TellForm(Form):
    """What the organizer wants to say besides what changed."""

    message = text(
        lazy("Hilsen eller forklaring"), most=LONGEST_MESSAGE, hint=lazy("Står i e-posten under listen over endringer.")
    )


class CallOffForm(Form):
    """Why the event is called off."""

    reason = text(
        lazy("Hvorfor avlyses det?"),
        Needed("Skriv hvorfor arrangementet avlyses. Deltakerne får lese det."),
        most=LONGEST_REASON,
        hint=lazy("Alle som får beskjed, leser dette. Det står også på arrangementets side."),
    )
