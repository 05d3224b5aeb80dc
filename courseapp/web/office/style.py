"""Every part of the pages in every state, on one page: in demo mode, for whoever changes how things look.

It is made of the macros and styles that the pages use, never of copies; a list of states is shown by that list.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField
from wtforms.validators import InputRequired

from courseapp import clock
from courseapp.domain.attendance import Earned
from courseapp.domain.evaluation import spread
from courseapp.domain.event import EventKind, EventStatus, SeatRule, SignUpState
from courseapp.domain.modes import Mode
from courseapp.domain.ranking import Outcome
from courseapp.domain.registration import Role, Status
from courseapp.domain.rows import EventCard, OfficeRow, PersonDetails, Seats, SessionRow
from courseapp.models.journal import MailState
from courseapp.queries.participant_rows import ParticipantRow
from courseapp.speech import lazy
from courseapp.web import icons
from courseapp.web.forms import Form as Base
from courseapp.web.forms import FromList, OneOf, SomeOf, address, choices, line, text

bp = Blueprint("style", __name__)
LONG_NAME = ("Anne-Margrethe Kristine", "Fagerheim-Skjæveland Østbø")
LONG_PLACE = "Interkommunalt samfunnsmedisinsk kompetansesenter"
LONG_TITLE = "Fagutviklingssamling for spesialistutdanningskoordinatorer i helseinnovasjonskommunene"


class Sample(Base):
    """One field of each kind, with and without a hint and an error."""

    class Meta(Base.Meta):
        """It is sent nowhere."""

        csrf = False

    must = line(lazy("Arbeidssted"), InputRequired(), most=100)
    email = address(lazy("E-postadresse"), InputRequired(), hint=lazy("Bekreftelsen sendes hit."))
    may = line(lazy("HPR-nummer"), most=9, hint=lazy("Står på autorisasjonen. Vet du det ikke, la det stå tomt."))
    note = text(lazy("Melding"), most=500)
    role = FromList(lazy("Rolle"))
    mode = OneOf(lazy("Deltakelse"), default=Mode.PHYSICAL.value)
    others = SomeOf(lazy("Andre roller"))
    sure = BooleanField(lazy("Jeg har sett over listen"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleUser:
    """What the word for a user is made from."""

    active: bool = True
    invited: bool = False


@bp.get("/stil")
def show() -> ResponseReturnValue:
    """The page."""
    now = clock.now()
    form = _form()
    form.must.errors = [lazy("Skriv arbeidsstedet ditt.")]
    form.others.errors = [lazy("Velg høyst to.")]
    return render_template(
        "office/style/show.html",
        form=form,
        calm=_form("calm-"),
        tags=_tags(),
        users=(SampleUser(), SampleUser(invited=True), SampleUser(active=False)),
        seats=_seats(),
        cards=[_card(state, now) for state in SignUpState],
        groups=_groups(now),
        spread=spread([2, 3, 4, 4, 4, 5, 5, 5]),
        icons=icons.names(),
        names=(*LONG_NAME, LONG_PLACE),
    )


def _form(prefix: str = "") -> Sample:
    form = Sample(formdata=None, prefix=prefix)
    form.role.choices, form.mode.choices = choices(Role), choices(Mode)
    form.others.choices = choices(Role)[:4]
    return form


def _tags() -> dict[str, type[StrEnum]]:
    """Every list of states that has tags: what is added to one is on the page the same day."""
    return {
        "state": SignUpState,
        "status": Status,
        "event": EventStatus,
        "mail": MailState,
        "mode": Mode,
        "outcome": Outcome,
        "earned": Earned,
    }


def _seats() -> dict[str, Seats]:
    """The strip in every shape it takes."""
    salon, call = _of(12, 12, waiting=2), _of(None, 9)
    both = replace(_of(None, 21, waiting=2), rooms=((Mode.PHYSICAL, salon), (Mode.DIGITAL, call)))
    return {
        "none": _of(30, 0),
        "some": _of(30, 18),
        "few": _of(30, 28),
        "full": _of(30, 30),
        "line": _of(30, 30, waiting=6),
        "over": _of(30, 31),
        "many": _of(200, 180),
        "unlimited": _of(None, 15),
        "rooms": both,
    }


def _of(capacity: int | None, taken: int, *, waiting: int = 0) -> Seats:
    left = None if capacity is None else max(0, capacity - taken)
    return Seats(capacity=capacity, taken=taken, waiting=waiting, left=left)


def _card(state: SignUpState, now: datetime) -> EventCard:
    """An event of that state; every other has two days and a long name."""
    number = list(SignUpState).index(state)
    seats = {SignUpState.FEW: _of(30, 28), SignUpState.LINE: _of(30, 30, waiting=6)}
    return EventCard(
        slug="eksempel",
        title=LONG_TITLE if number % 2 else "Kurs i individuell veiledning",
        kind=EventKind.CONFERENCE if number % 2 else EventKind.VEILEDERKURS,
        status=EventStatus.PUBLISHED,
        state=state,
        office=_office("nord", "Nord"),
        sessions=tuple(_session(now, 30 + number * 9 + leg) for leg in range(1 + number % 2)),
        seats=seats.get(state, _of(30, 12)),
        closes_at=now + timedelta(days=20),
        seat_rule=SeatRule.FIRST_COME,
        partners=(_office("ost", "Øst"),) if number == 0 else (),
    )


def _office(slug: str, name: str) -> OfficeRow:
    email = f"{slug}@example.org"
    return OfficeRow(slug=slug, name=f"Kontor {name}", short_name=name, email=email, phone="", address="")


def _session(now: datetime, days: int) -> SessionRow:
    starts = now.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return SessionRow(
        id=0,
        number=1,
        starts_at=starts,
        ends_at=starts + timedelta(hours=7),
        place="Longyearbyen lokalsamfunnshus",
        address="",
        digital=False,
        minutes=540,
        cancelled=False,
    )


def _groups(now: datetime) -> list[tuple[Role, list[ParticipantRow]]]:
    """Two groups of a participant list: every state of a letter, a long name, nothing told."""
    states = [*MailState, None]
    rows = [_person(number, mail, now) for number, mail in enumerate(states)]
    return [(Role.SPECIALIST_GENERAL_PRACTICE, rows[:3]), (Role.ALIS, rows[3:])]


def _person(number: int, mail: MailState | None, now: datetime) -> ParticipantRow:
    first, last = LONG_NAME if number % 2 else ("Åse", "Ås")
    return ParticipantRow(
        id=number,
        status=Status.OFFERED if number == 1 else Status.REGISTERED,
        position=None,
        person=_details(first, last, LONG_PLACE if number % 2 else "Lia legesenter"),
        signed_up_at=now,
        mail=mail,
        refused=False,
        mode=list(Mode)[number % 2] if number < 2 else None,
    )


def _details(first: str, last: str, workplace: str) -> PersonDetails:
    return PersonDetails(
        first_name=first,
        last_name=last,
        email=f"{first[:3].lower()}.fagerheim-skjaeveland@kommune.example.org",
        mobile="+4740612305",
        primary_role=Role.ALIS,
        other_roles=(Role.LIS1,) if workplace == LONG_PLACE else (),
        workplace=workplace,
        municipality="Nordre Follo",
        district="",
        hpr_number="",
        supervises=(),
        reason=None,
        note="Kommer litt sent." if workplace == LONG_PLACE else "",
        dietary_needs="",
    )
