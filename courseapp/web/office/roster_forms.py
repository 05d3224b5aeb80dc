"""A participant as the office writes her down: the questions of the public form, but little is demanded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wtforms import BooleanField, StringField
from wtforms.validators import StopValidation

from courseapp import wording
from courseapp.domain.event import SHORT_FORM, EventKind
from courseapp.domain.registration import Reason, Role, Supervises
from courseapp.domain.rows import EventPage, PersonDetails
from courseapp.services.changes import LONGEST_REASON
from courseapp.services.roster import AddWish
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, Hpr, Needed, NoAddress, OneOf, SomeOf, address, choices, line, phone, text
from courseapp.web.public.forms import FullPersonForm

LONG_ONLY = (
    "mobile",
    "other_roles",
    "municipality",
    "district",
    "hpr_number",
    "dietary_consent",
    "dietary_needs",
    "note",
)
COURSE_ONLY = ("supervises", "reason")


class DeskPersonForm(FullPersonForm):
    """Only the name and the role are demanded: the office writes what it knows."""

    first_name = line(lazy("Fornavn"), Needed("Skriv inn fornavnet."), most=80, also=NoAddress(), autocomplete="off")
    last_name = line(lazy("Etternavn"), Needed("Skriv inn etternavnet."), most=80, also=NoAddress(), autocomplete="off")
    mode = OneOf(lazy("Hvordan deltar personen?"), [Needed("Velg hvordan personen deltar.")], choices=[])
    mobile = phone(lazy("Mobilnummer"))
    primary_role = OneOf(lazy("Rolle i dag"), [Needed("Velg rollen.")], choices=lambda: choices(Role))
    other_roles = SomeOf(lazy("Andre roller"), choices=lambda: choices(Role))
    workplace = line(lazy("Arbeidssted"), most=120, autocomplete="off")
    municipality = line(lazy("Kommune"), most=80, list="municipalities", autocomplete="off")
    hpr_number = line(lazy("HPR-nummer"), Hpr(), most=40, inputmode="numeric", autocomplete="off")
    supervises = SomeOf(lazy("Veileder nå"), choices=lambda: choices(Supervises))
    reason = OneOf(lazy("Hvorfor kurset"), choices=lambda: choices(Reason))
    dietary_consent = BooleanField(
        lazy("Deltakeren har samtykket til at kontoret lagrer opplysninger om mat til arrangementet er over")
    )
    note = text(lazy("Merknad"), most=1000)

    def fitted(self, event: EventPage, districts: list[str]) -> DeskPersonForm:
        """Leave out what this kind of event does not ask; returns itself."""
        gone = [*(LONG_ONLY if event.kind in SHORT_FORM else ())]
        gone += [] if districts else ["district"]
        gone += [] if event.kind is EventKind.VEILEDERKURS else COURSE_ONLY
        for name in set(gone):
            del self[name]
        if districts and "district" in self:
            self["district"].choices = [("", _("Ikke valgt")), *((name, name) for name in districts)]
        return self


class AddForm(DeskPersonForm):
    """A new participant: her address, mail or none, and a seat past the line where somebody says why."""

    email = address(
        lazy("E-post"),
        Needed("Skriv inn e-postadressen. Deltakere kjennes igjen på den."),
        hint=lazy("Deltakere kjennes igjen på adressen, og alt de får, sendes dit."),
    )
    mail = BooleanField(lazy("Send bekreftelse og kalenderinvitasjon"), default=True)
    seat = BooleanField(lazy("Gi plass likevel"))
    seat_reason = text(lazy("Begrunnelse"), most=LONGEST_REASON, rows=2, hint=lazy("Står i historikken."))

    def validate_seat_reason(self, field: StringField) -> None:
        """Who passes the line does so for a reason that colleagues can read."""
        if "seat" in self and self.seat.data and not field.data:
            raise StopValidation(_("Skriv hvorfor denne personen får plass utenom reglene."))

    def wish(self) -> AddWish:
        """What was asked for; call it on a form without errors only."""
        past = "seat" in self and self.seat.data
        return AddWish(
            person=self.person(self.email.data or ""),
            mail=bool("mail" in self and self.mail.data),
            reason=self.seat_reason.data if past else None,
            mode=self.chosen_mode(),
        )


class EmailForm(Form):
    """Another address."""

    email = address(lazy("Ny e-postadresse"), Needed("Skriv inn e-postadressen."))


def add_form(event: EventPage, districts: list[str], *, over: bool) -> AddForm:
    """The empty form; at an event that has ended nobody is written to and nobody waits."""
    form = AddForm()
    form.fitted(event, districts)
    form.asks_mode(event)
    if over:
        del form.mail, form.seat, form.seat_reason
    return form


def edit_form(event: EventPage, districts: list[str], person: PersonDetails) -> DeskPersonForm:
    """The form with what is known in it."""
    known: dict[str, Any] = {name: getattr(person, name) for name in person.__slots__}
    known |= {"dietary_consent": bool(person.dietary_needs), "mobile": wording.phone(person.mobile)}
    form = DeskPersonForm(data=known).fitted(event, districts)
    del form.mode  # changed by hand with a reason, beside the other acts on a place
    return form


def edited(form: DeskPersonForm, before: PersonDetails) -> PersonDetails:
    """What was typed; what the form did not ask stays as it was."""
    asked = form.person(before.email)
    known = set(before.__slots__)
    kept = {name: getattr(before, name) for name in (*LONG_ONLY, *COURSE_ONLY) if name in known and name not in form}
    return replace(asked, **kept)
