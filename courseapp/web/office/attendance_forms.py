"""The forms around attendance: who came besides, how many came, hours by hand, and what the event allows."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, StringField

from courseapp.domain.attendance import HoursRule
from courseapp.domain.modes import Mode
from courseapp.domain.planning import LARGEST
from courseapp.domain.registration import Role
from courseapp.domain.rows import EventPage, PersonDetails
from courseapp.queries.head_counts import HeadCount
from courseapp.services.course_day import LONGEST_LEADER_NOTE, LONGEST_NOTE, DayWish
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, FromList, Needed, NoAddress, OneOf, address, choices, line, text
from courseapp.web.office.line_forms import Whole, number_of
from courseapp.web.office.session_fields import hours_text, minutes_of


class DropInForm(Form):
    """Somebody who stands on no list."""

    first_name = line(lazy("Fornavn"), Needed("Skriv fornavnet."), most=60, also=NoAddress())
    last_name = line(lazy("Etternavn"), Needed("Skriv etternavnet."), most=60, also=NoAddress())
    email = address(
        lazy("E-post"), Needed("Skriv e-postadressen."), hint=lazy("Trengs til kursbevis. Ingen e-post sendes nå.")
    )
    mode = OneOf(lazy("Hvordan deltar personen?"), [Needed("Velg hvordan personen deltar.")])
    primary_role = FromList(lazy("Rolle i dag"), [Needed("Velg rollen.")])
    workplace = line(lazy("Arbeidssted"), most=120)

    def __init__(self, *, hybrid: bool, **more: Any) -> None:
        super().__init__(**more)
        self.primary_role.choices = [("", _("Velg rolle")), *choices(Role)]
        self.mode.choices = choices(Mode)
        if not hybrid:
            del self.mode

    def chosen_mode(self) -> Mode | None:
        """The room she is in; call it on a form without errors only."""
        return Mode(self.mode.data) if "mode" in self else None

    def person(self) -> PersonDetails:
        """What was told; call it on a form without errors only."""
        return PersonDetails(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            email=self.email.data or "",
            mobile="",
            primary_role=Role(self.primary_role.data),
            other_roles=(),
            workplace=self.workplace.data or "",
            municipality="",
            district="",
            hpr_number="",
            supervises=(),
            reason=None,
            note="",
            dietary_needs="",
        )


class HeadsForm(Form):
    """How many came. Empty is not known, which is not zero."""

    number = line(
        lazy("Hvor mange kom?"),
        Whole(0, LARGEST),
        most=9,
        hint=lazy("La feltet stå tomt hvis ingen har talt. Tomt er ikke det samme som 0."),
        inputmode="numeric",
        autocomplete="off",
    )
    digital = line(
        lazy("Hvor mange var med digitalt?"), Whole(0, LARGEST), most=9, inputmode="numeric", autocomplete="off"
    )
    approximate = BooleanField(lazy("Omtrent («ca.»)"))

    @classmethod
    def of(cls, event: EventPage, heads: HeadCount) -> HeadsForm:
        """The form, filled in with what somebody counted; a hybrid event is counted in its two rooms."""
        number = heads.physical if event.hybrid else heads.number
        held = {"number": _text(number), "digital": _text(heads.digital), "approximate": heads.approximate}
        form = cls(data=held)
        if event.hybrid:
            form.number.label.text = _("Hvor mange kom i salen?")
        else:
            del form.digital
        return form

    def count(self) -> int | None:
        """The number."""
        return number_of(self.number.data)

    def called_in(self) -> int | None:
        """How many of a hybrid event called in."""
        return number_of(self.digital.data) if "digital" in self else None


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


class GrantForm(Form):
    """Hours by hand."""

    person = StringField()
    hours = line(lazy("Timer"), Needed("Skriv hvor mange timer."), most=5, inputmode="decimal", autocomplete="off")
    why = line(lazy("Begrunnelse"), Needed("Skriv hvorfor timene gis."), most=LONGEST_NOTE, autocomplete="off")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Hours as people write them."""
        valid = bool(super().validate(*args, **kwargs))
        if valid and not minutes_of(self.hours.data or ""):
            self.hours.errors = [_("Skriv timene som et tall, som 9 eller 7,5.")]
            valid = False
        return valid

    def who(self) -> int:
        """The registration; 0 for what is none."""
        return number_of(self.person.data) or 0

    def minutes(self) -> int:
        """The hours in minutes; call it on a form without errors only."""
        return minutes_of(self.hours.data or "") or 0


def grant_form(minutes: int) -> GrantForm:
    """The form, filled in with what was attended."""
    return GrantForm(formdata=None, data={"hours": hours_text(minutes)})


class DayForm(Form):
    """What the event allows on the day."""

    leader_note = text(
        lazy("Notat til kursholderne"),
        most=LONGEST_LEADER_NOTE,
        hint=lazy("Nøkkel, parkering, utstyr, lunsj. Vises bare på kursholdernes egne sider."),
        rows=6,
    )
    self_check_in = BooleanField(
        lazy("Deltakerne kan melde seg selv"),
        description=lazy("Med QR-kode i rommet eller på «Min påmelding», fra en time før samlingen til den er slutt."),
    )
    leaders_see_kitchen = BooleanField(
        lazy("Kursholderne ser kjøkkenlisten"), description=lazy("Antall av hvert kosthensyn, aldri hvem.")
    )
    hours_rule = OneOf(lazy("Timer"), [Needed("Velg hva som gir timer.")])

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.hours_rule.choices = choices(HoursRule)

    def wish(self) -> DayWish:
        """What was asked for; call it on a form without errors only."""
        return DayWish(
            leader_note=self.leader_note.data or "",
            self_check_in=bool(self.self_check_in.data),
            leaders_see_kitchen=bool(self.leaders_see_kitchen.data),
            hours_rule=HoursRule(self.hours_rule.data),
        )
