"""What the forms of a new event and of a changed one share: words, sign-up window, approvals, contact, partners."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import Optional, StopValidation

from courseapp.domain.kinds import end_of_day, start_of_day
from courseapp.domain.rows import ApprovalRow
from courseapp.queries.plans import Choice
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, Needed, SomeOf, address, line, phone, text
from courseapp.web.office.session_fields import DayIfAny, day_of, hours_text, minutes_of, session_wanted
from courseapp.when import OSLO

SPARE = 1
"""Empty rows for one more approval."""


class PlanForm(Form):
    """Everything but sessions and approvals, which differ from event to event: a form is made for each."""

    title = line(lazy("Tittel"), Needed("Skriv en tittel."), most=200)
    target_group = line(lazy("Målgruppe"), most=300)
    place_text = line(
        lazy("Holdt for bydel, kommune eller etat"),
        most=300,
        hint=lazy("Som «Bydel Frogner». Står i årsrapporten i stedet for stedet."),
        autocomplete="off",
    )
    description = text(
        lazy("Beskrivelse"),
        most=5000,
        rows=8,
        hint=lazy(
            "Tom linje gir nytt avsnitt. «- » først på linjen gir punktliste, **to stjerner** gir uthevet tekst."
        ),
    )
    opens = line(
        lazy("Påmeldingen åpner"),
        DayIfAny(),
        most=20,
        type="date",
        hint=lazy("Står feltet tomt, åpner den når arrangementet publiseres."),
    )
    closes = line(
        lazy("Siste dag for påmelding"), DayIfAny(), most=20, type="date", hint=lazy("Ut dagen, til og med kl. 23.59.")
    )
    contact_name = line(lazy("Kontaktperson"), most=100)
    contact_email = address(lazy("E-post"), Optional(), hint=lazy("Står feltet tomt, brukes kontorets adresse."))
    contact_phone = phone(lazy("Telefon"), hint=lazy("Står feltet tomt, brukes kontorets nummer."))
    partners = SomeOf(
        lazy("Medarrangører"),
        description=lazy("Kontorer som arrangerer sammen med dere. De ser alt og kan hjelpe til."),
    )
    prefixes: tuple[str, ...] = ()
    approval_prefixes: tuple[str, ...] = ()
    was_open: datetime | None = None
    was_closed: datetime | None = None

    @property
    def wanted(self) -> list[str]:
        """The sessions that shall take place."""
        return [one for one in self.prefixes if session_wanted(self, one)]

    def words(self) -> dict[str, Any]:
        """What was typed in the plain fields."""
        names = ("title", "description", "target_group", "place_text", "contact_name", "contact_email", "contact_phone")
        return {name: self[name].data or "" for name in names}

    def window(self) -> dict[str, Any]:
        """When sign-up opens and closes; a moment whose day was left as it was stays as it is, to the minute."""
        opens, closes = (day_of(self[name].data or "") for name in ("opens", "closes"))
        return {
            "opens_at": self.was_open if opens == _local(self.was_open) else start_of_day(opens) if opens else None,
            "closes_at": self.was_closed
            if closes == _local(self.was_closed)
            else end_of_day(closes)
            if closes
            else None,
        }

    def approvals(self) -> tuple[ApprovalRow, ...]:
        """The approvals that were filled in."""
        typed = [(self[f"{one}_text"].data or "", self[f"{one}_hours"].data or "") for one in self.approval_prefixes]
        return tuple(ApprovalRow(text=words, minutes=minutes_of(hours) or 0) for words, hours in typed if words)


class _Approval:
    """Text and hours belong together."""

    def __init__(self, other: str) -> None:
        self.other = other

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Both or none; hours as people write them."""
        if bool(form[self.other].data) != bool(field.data):
            raise StopValidation(_("En godkjenning må ha både tekst og timer."))
        if field.data and not minutes_of(field.data):
            raise StopValidation(_("Skriv timene som et tall, som 18 eller 7,5."))


def approval_fields(approvals: Sequence[ApprovalRow], *, room: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of so many approvals, and what they hold; `room` is how many rows were asked for."""
    fields: dict[str, Any] = {}
    filled: dict[str, Any] = {}
    for number in range(1, max(len(approvals) + SPARE, room) + 1):
        prefix = f"a{number}"
        fields[f"{prefix}_text"] = line(lazy("Godkjent"), most=300)
        fields[f"{prefix}_hours"] = line(lazy("Timer"), _Approval(f"{prefix}_text"), most=5, inputmode="decimal")
        if number <= len(approvals):
            one = approvals[number - 1]
            filled |= {f"{prefix}_text": one.text, f"{prefix}_hours": hours_text(one.minutes)}
    return fields, filled


def approval_prefixes(fields: dict[str, Any]) -> tuple[str, ...]:
    """The rows of approvals among a form's fields, in order."""
    rows = [found[1] for name in fields if (found := re.fullmatch(r"(a\d+)_text", name))]
    return tuple(rows)


def offer_partners(form: PlanForm, offices: Sequence[Choice], own: str) -> None:
    """Let a form choose among the other offices."""
    form.partners.choices = [(one.code, one.name) for one in offices if one.code != own]


def day_text(moment: datetime | None) -> str:
    """A moment's Norwegian day as a date field holds it."""
    day = _local(moment)
    return "" if day is None else day.isoformat()


def _local(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(OSLO).date()
