"""The sign-up form in its two lengths, and the small forms around it. Field names are part of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Optional, StopValidation

from courseapp import speech, when, wording
from courseapp.domain.consent import DIETARY_TEXTS, DIETARY_VERSION
from courseapp.domain.event import SHORT_FORM, EventKind, SeatRule
from courseapp.domain.language import Language, named
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Reason, Role, Supervises
from courseapp.domain.rows import EventCard, EventPage, MyRegistration, PersonDetails, Seats, SignUp
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import (
    Form,
    Hpr,
    Needed,
    NoAddress,
    OneOf,
    Plain,
    SomeOf,
    address,
    choices,
    line,
    phone,
    spoken,
    text,
)


class PersonForm(Form):
    """What every participant is asked."""

    first_name = line(
        lazy("Fornavn"), Needed("Skriv inn fornavnet ditt."), most=80, also=NoAddress(), autocomplete="given-name"
    )
    last_name = line(
        lazy("Etternavn"), Needed("Skriv inn etternavnet ditt."), most=80, also=NoAddress(), autocomplete="family-name"
    )
    primary_role = OneOf(
        lazy("Rollen din i dag"),
        [Needed("Velg rollen som passer best for deg i dag.")],
        description=lazy("Velg den som passer best."),
        choices=lambda: choices(Role),
    )
    workplace = line(
        lazy("Arbeidssted"),
        Needed("Skriv inn hvor du arbeider."),
        most=120,
        hint=lazy("For eksempel legekontor, sykehjem, helsestasjon eller etat."),
        autocomplete="organization",
    )

    mode = OneOf(lazy("Hvordan vil du delta?"), [Needed("Velg hvordan du vil delta.")], choices=[])

    def asks_mode(self, event: EventPage) -> None:
        """Ask for the room where there are two, with what is left in each; elsewhere leave the question out."""
        if event.hybrid:
            self.mode.choices = [(mode, _room(mode, seats, event)) for mode, seats in event.seats.rooms]
        else:
            del self.mode

    def chosen_mode(self) -> Mode | None:
        """The room that was chosen; call it on a form without errors only."""
        return Mode(self.mode.data) if "mode" in self else None

    def person(self, email: str) -> PersonDetails:
        """What was told, with an address."""
        plain = {name: self[name].data or "" for name in ("municipality", "district", "note") if name in self}
        tidied = {name: self[name].kept for name in ("mobile", "hpr_number") if name in self}
        return PersonDetails(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            email=email,
            primary_role=Role(self.primary_role.data),
            workplace=self.workplace.data or "",
            other_roles=self._other_roles(),
            supervises=tuple(Supervises(one) for one in self._several("supervises")),
            reason=self._reason(),
            dietary_needs=self._dietary(),
            language=self._language(),
            **{"mobile": "", "municipality": "", "district": "", "hpr_number": "", "note": "", **plain, **tidied},
        )

    def _language(self) -> Language | None:
        """The one to write in, where it is asked or plain from the page; the office does not say."""
        return None

    def _several(self, name: str) -> list[str]:
        return list(dict.fromkeys(self[name].data or [])) if name in self else []

    def _other_roles(self) -> tuple[Role, ...]:
        """The primary role again among the others says nothing new."""
        return tuple(Role(one) for one in self._several("other_roles") if one != self.primary_role.data)

    def _reason(self) -> Reason | None:
        return Reason(self["reason"].data) if "reason" in self and self["reason"].data else None

    def _dietary(self) -> str:
        """Kept only with consent; taking the consent away erases it."""
        return (self["dietary_needs"].data or "") if "dietary_consent" in self and self["dietary_consent"].data else ""


class FullPersonForm(PersonForm):
    """What a course asks besides."""

    mobile = phone(lazy("Mobilnummer"), hint=lazy("Så vi når deg hvis noe endrer seg på kort varsel."))
    other_roles = SomeOf(
        lazy("Har du andre roller også?"), description=lazy("Velg så mange som passer."), choices=lambda: choices(Role)
    )
    supervises = SomeOf(
        lazy("Hvem veileder du nå?"), description=lazy("Velg så mange som passer."), choices=lambda: choices(Supervises)
    )
    reason = OneOf(lazy("Hvorfor tar du kurset?"), choices=lambda: choices(Reason))
    municipality = line(
        lazy("Kommune"),
        Needed("Skriv inn kommunen du arbeider i."),
        most=80,
        hint=lazy("Kommunen du arbeider i."),
        list="municipalities",
        autocomplete="off",
    )
    district = SelectField(lazy("Bydel eller etat"), [Optional()], validate_choice=False)
    hpr_number = line(
        lazy("HPR-nummer"),
        Hpr(),
        most=40,
        hint=lazy("Kommer på kursbeviset. La feltet stå tomt hvis du ikke vet."),
        inputmode="numeric",
        autocomplete="off",
    )
    dietary_consent = BooleanField(lazy(DIETARY_TEXTS[DIETARY_VERSION]))
    dietary_needs = text(
        lazy("Matallergi eller kosthensyn"), most=300, hint=lazy("Slettes 14 dager etter siste samling."), rows=2
    )
    note = text(
        lazy("Noe vi bør vite?"), most=1000, hint=lazy("For eksempel tilrettelegging. Ikke skriv om pasienter.")
    )

    def validate_district(self, field: SelectField) -> None:
        """Only a district of this office."""
        if field.data and field.data not in [value for value, *_rest in field.iter_choices()]:
            raise StopValidation(_("Velg en bydel eller etat fra listen."))

    def validate_dietary_needs(self, field: StringField) -> None:
        """Health data needs a consent of its own."""
        if field.data and not self.dietary_consent.data:
            raise StopValidation(_("Kryss av for samtykke, eller fjern det du skrev om mat."))

    def validate_supervises(self, field: SomeOf) -> None:
        """«Nobody» cannot be combined."""
        if Supervises.NONE in (field.data or []) and len(field.data or []) > 1:
            raise StopValidation(_("«Ingen nå» kan ikke velges sammen med andre."))


class _WithAddress:
    """The address, and a trap that only machines fall into."""

    email = address(
        lazy("E-post"),
        Needed("Skriv inn e-postadressen din."),
        hint=lazy("Hit sender vi bekreftelse og kalenderinvitasjon."),
    )
    website = StringField("Website", [Plain(200)], render_kw={"tabindex": "-1", "autocomplete": "off"})

    def _language(self) -> Language:
        """She is written to in the language in which she signed up."""
        return speech.language()


class ShortSignUpForm(_WithAddress, PersonForm):
    """An ALIS evening."""


class _ChangedAddress:
    """The address again, where it may become another one."""

    email = address(
        lazy("E-post"),
        Needed("Skriv inn e-postadressen din."),
        hint=lazy("Bytter du adresse, sender vi en ny lenke dit. Den gamle lenken slutter å virke."),
    )
    language = spoken(lazy("Språk i e-posten"), lazy("Språket i det vi skriver til deg fra nå av."))

    def _language(self) -> Language | None:
        return named(self.language.data)


class ShortChangeForm(_ChangedAddress, PersonForm):
    """An ALIS evening, later."""


class ChangeForm(_ChangedAddress, FullPersonForm):
    """A course, later."""


class SignUpForm(_WithAddress, FullPersonForm):
    """A course."""


def sign_up_form(event: EventPage, districts: list[str]) -> PersonForm:
    """The form this event asks."""
    form = ShortSignUpForm() if event.kind in SHORT_FORM else _fitted(SignUpForm(), event, districts)
    form.asks_mode(event)
    return form


def change_form(mine: MyRegistration, districts: list[str]) -> PersonForm:
    """The same, filled with what is known."""
    event, person = mine.event, mine.person
    known: dict[str, Any] = {name: getattr(person, name) for name in person.__slots__}
    known |= {"dietary_consent": bool(person.dietary_needs), "mobile": wording.phone(person.mobile), "mode": mine.mode}
    short = event.kind in SHORT_FORM
    form = ShortChangeForm(data=known) if short else _fitted(ChangeForm(data=known), event, districts)
    form.asks_mode(event)
    return form


def _fitted(form: Any, event: EventPage, districts: list[str]) -> PersonForm:
    """Leave out what this event does not ask: districts where there are none, course questions for other kinds."""
    if districts:
        form.district.choices = [("", _("Velg hvis det passer")), *((name, name) for name in districts)]
    else:
        del form.district
    if event.kind is not EventKind.VEILEDERKURS:
        del form.supervises, form.reason
    return form  # type: ignore[no-any-return]


def wish(form: PersonForm, event: EventPage) -> SignUp:
    """The filled form as a wish for a place."""
    return SignUp(event_id=event.id, person=form.person(form["email"].data), mode=form.chosen_mode())


def _room(mode: Mode, seats: Seats, event: EventPage) -> str:
    """«I salen: 9 av 30 plasser ledige»; how many are left means nothing while seats are applied for."""
    name = wording.label(mode)
    return name if event.seat_rule is SeatRule.APPLICATION else f"{name}: {_seats_left(seats)}"


def _seats_left(seats: Seats) -> str:
    if seats.left == 0:
        return str(_("fullt, %(waiting)s på venteliste", waiting=wording.number(seats.waiting)))
    if seats.capacity is None:
        return str(_("ingen grense"))
    return str(_("%(left)s av %(capacity)s plasser ledige", left=seats.left, capacity=wording.number(seats.capacity)))


def _courses(card: EventCard) -> list[tuple[str, str]]:
    """A course to move to; one with two rooms stands there twice."""
    places = dict.fromkeys(one.place or _("Digitalt") for one in card.sessions if not one.cancelled)
    told = ", ".join([when.sessions_dates(card.sessions), *places, card.office.short_name])
    if not card.hybrid:
        return [(card.slug, f"{told} ({wording.label(card.state)})")]
    return [
        (f"{card.slug}:{mode}", f"{told}. {wording.label(mode)}: {_seats_left(seats)}")
        for mode, seats in card.seats.rooms
    ]


class AddressForm(Form):
    """One address: to correct it, or to be mailed one's links."""

    email = address(lazy("E-post"), Needed("Skriv inn e-postadressen din."))


class MoveForm(Form):
    """Another course to move to; which ones there are, the page says."""

    to = OneOf(lazy("Flytt til"), [Needed("Velg hvilket kurs du vil flytte til.")], choices=[])

    @classmethod
    def among(cls, others: Sequence[EventCard]) -> MoveForm:
        """The form with these courses to choose from: when, where, whose, and how many seats are left."""
        form = cls()
        form.to.choices = [choice for card in others for choice in _courses(card)]
        return form

    def wanted(self) -> tuple[str, Mode | None]:
        """Which course, and which of its rooms where it has two; call it on a form without errors only."""
        slug, _colon, mode = str(self.to.data).partition(":")
        return slug, Mode(mode) if mode else None
