"""Marking attendance, as both the desk and the course leaders' door do it: forms, and the answer to a tap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from courseapp import when, wording
from courseapp.domain.attendance import AttendanceState, Mark
from courseapp.domain.errors import DomainError, NotFound
from courseapp.queries.attendance import AttendancePage, Order, PersonRow
from courseapp.services.attendance import LONGEST_TOKEN
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, Needed, OneOf, Plain, line, tidy_line
from courseapp.web.office.line_forms import Whole, number_of
from courseapp.web.security import keep_secret

NOTHING = "none"


class TapForm(Form):
    """One tap: how it shall be, and a token that names the tap. `since`: the newest mark the page knows of."""

    state = OneOf(lazy("Oppmøte"), [Needed("Velg «Til stede», «Delvis» eller «Borte».")])
    minutes = line(lazy("Minutter"), Whole(1, 9999), most=9)
    tap = HiddenField("tap", [Plain(LONGEST_TOKEN)], filters=[tidy_line])
    since = HiddenField("since", [Plain(LONGEST_TOKEN)], filters=[tidy_line])

    def __init__(self) -> None:
        super().__init__()
        self.state.choices = [(one, one) for one in (*AttendanceState, NOTHING)]

    def mark(self) -> Mark | None:
        """What was asked for; None takes the mark away. Call it on a form without errors only."""
        if self.state.data == NOTHING:
            return None
        state = AttendanceState(self.state.data)
        minutes = number_of(self.minutes.data) if state is AttendanceState.PARTLY else None
        return Mark(state=state, minutes=minutes)


class RestForm(Form):
    """«Alle til stede», or taking that back."""

    tap = HiddenField("tap", [Plain(LONGEST_TOKEN)], filters=[tidy_line])
    since = HiddenField("since", [Plain(LONGEST_TOKEN)], filters=[tidy_line])


@dataclass(frozen=True)
class Ways:
    """Where the buttons of a page lead: the same names at both doors."""

    door: str
    fixed: dict[str, str]

    def to(self, name: str, **more: str | int) -> str:
        """The address of one of them."""
        values: dict[str, Any] = {**self.fixed, **more}
        return url_for(f"{self.door}.{name}", **values)


def order_asked() -> Order:
    """How the list is to be laid out; anything unknown is by name."""
    asked = request.args.get("vis", "")
    return Order(asked) if asked in set(Order) else Order.NAME


def said(row: PersonRow, day: datetime) -> str:
    """«Ført 09.12 av Kari Nordmann», with the day where it is not the session's."""
    if row.marked_at is None:
        return ""
    same = when.local(row.marked_at).date() == when.local(day).date()
    at = when.clock_time(row.marked_at) if same else when.moment(row.marked_at)
    if not row.marked_by:
        return str(_("Meldte seg %(at)s", at=at))
    return str(_("Ført %(at)s av %(name)s", at=at, name=row.marked_by))


def tapped(
    form: TapForm | RestForm, act: Callable[[], object], page: Callable[[], AttendancePage], back: str, person: int = 0
) -> ResponseReturnValue:
    """Do what a tap asks. A script gets a small answer: how it stands now, or why not; a form goes back to the page."""
    refused, again = "", False
    if not form.validate_on_submit():
        page()  # who may not see it is told nothing, not even what is wrong with what she sent
        again = bool(form.form_errors)
        refused = str((form.form_errors or [text for field in form for text in field.errors])[0])
    else:
        try:
            act()
        except NotFound:
            raise
        except DomainError as refusal:
            refused = wording.refusal(refusal)
    if request.accept_mimetypes.best == "application/json":
        told = _answer(page(), form.since.data or "", person) | {"refused": refused, "again": again}
        return keep_secret(make_response(jsonify(told), 422 if refused else 200))
    if refused:
        flash(refused, "warning")
    return redirect(back, 303)


def _answer(page: AttendancePage, since: str, person: int) -> dict[str, object]:
    """The person's row, and those that were marked since the page last heard."""
    rows = [one for one in page.people if one.id == person or stamp(one) >= (since or "0")]
    return {
        "rows": [_row(one, page.chosen.starts_at) for one in rows],
        "since": newest(page),
    }


def newest(page: AttendancePage) -> str:
    """The newest mark of a page, as `stamp` writes it."""
    return max([stamp(one) for one in page.people], default="0")


def stamp(row: PersonRow) -> str:
    """When a row was marked, as text that sorts; «0» for never."""
    return "0" if row.marked_at is None else row.marked_at.isoformat(timespec="microseconds")


def _row(row: PersonRow, day: datetime) -> dict[str, object]:
    return {
        "id": row.id,
        "state": row.state,
        "minutes": row.minutes,
        "said": said(row, day),
        "undo": row.undo or NOTHING,
        "undo_minutes": row.undo_minutes,
    }
