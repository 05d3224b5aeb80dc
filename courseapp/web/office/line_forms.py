"""The forms for seats and for one person's place. Numbers are typed as text, so that a slip gets a sentence of ours."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import AnyOf, StopValidation

from courseapp.domain.event import FillMode
from courseapp.domain.modes import BOTH, Mode
from courseapp.domain.planning import LARGEST
from courseapp.domain.registration import Role
from courseapp.domain.waitlist import Share
from courseapp.queries.line import PlacePage, SeatsPage
from courseapp.services.changes import LONGEST_REASON
from courseapp.services.line import SeatsWish
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, Needed, OneOf, choices, line, text
from courseapp.wording import label


class Whole:
    """A whole number between two others, or nothing where nothing is needed."""

    def __init__(self, least: int, most: int, name: str = "") -> None:
        self.least, self.most, self.name = least, most, name

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Digits only; an empty field is somebody else's business."""
        if not field.data:
            return
        value = number_of(field.data)
        if value is None or not self.least <= value <= self.most:
            about = _(self.name) or field.label.text
            raise StopValidation(
                _(
                    "«%(label)s» må være et tall fra %(least)d til %(most)d.",
                    label=about,
                    least=self.least,
                    most=self.most,
                )
            )


def number_of(value: str | None) -> int | None:
    """The number, or None for nothing and for what is none."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) <= 9 else None


def _number(title: Any, *checks: Any, hint: Any = "") -> Any:
    return line(title, *checks, most=9, hint=hint, inputmode="numeric")


class _SeatsForm(Form):
    """Everything but the shares of roles."""

    capacity = _number(
        lazy("Antall plasser"), Whole(1, LARGEST), hint=lazy("La feltet stå tomt hvis det ikke er noen grense.")
    )
    hybrid = BooleanField(
        lazy("Folk kan velge mellom salen og digitalt"),
        description=lazy(
            "Da telles de hver for seg, og antallet over gjelder salen. De som alt er påmeldt, blir i salen."
        ),
    )
    digital_capacity = _number(
        lazy("Antall digitale plasser"),
        Whole(1, LARGEST),
        hint=lazy("La feltet stå tomt hvis det ikke er noen grense. Brukes bare når folk kan velge."),
    )
    fill_mode = OneOf(lazy("Når en plass blir ledig"), [Needed("Velg hva som skjer når en plass blir ledig.")])
    offer_hours = _number(
        lazy("Svarfrist på tilbud, i timer"),
        Needed("Skriv hvor mange timer et tilbud skal stå."),
        Whole(1, 336),
        hint=lazy("48 timer er vanlig. Brukes bare når plasser tilbys med svarfrist."),
    )
    fill_stops_days = _number(
        lazy("Stopp automatikken, dager før start"),
        Needed("Skriv et antall dager. 0 betyr helt til start."),
        Whole(0, 365),
        hint=lazy("Etter det gir dere plasser for hånd. 0 betyr helt til start."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill_mode.choices = choices(FillMode)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Each share must hold together, and all of them must fit."""
        if not super().validate(*args, **kwargs):
            return False
        shares = self.shares()
        for share in shares:
            if share.most is not None and (share.least or 0) > share.most:
                self[f"{share.role}_least"].errors = [
                    _("%(role)s: «minst» kan ikke være større enn «høyst».", role=label(share.role))
                ]
        capacity, kept = number_of(self.capacity.data), sum(share.least or 0 for share in shares)
        if capacity is not None and kept > capacity:
            self.capacity.errors = [
                _("Det er holdt av %(kept)d plasser til rollene, flere enn det er i alt.", kept=kept)
            ]
        return not self.errors

    def shares(self) -> list[Share]:
        """The bounds that were typed."""
        found = [
            Share(role=role, least=number_of(self[f"{role}_least"].data), most=number_of(self[f"{role}_most"].data))
            for role in Role
        ]
        return [one for one in found if one.least is not None or one.most is not None]

    def wish(self) -> SeatsWish:
        """What was asked for; call it on a form without errors only."""
        return SeatsWish(
            capacity=number_of(self.capacity.data),
            hybrid=bool("hybrid" in self and self.hybrid.data),
            digital_capacity=number_of(self.digital_capacity.data) if "digital_capacity" in self else None,
            fill_mode=FillMode(self.fill_mode.data),
            offer_hours=number_of(self.offer_hours.data) or 0,
            fill_stops_days=number_of(self.fill_stops_days.data) or 0,
            role_shares=self.shares(),
        )


def seats_form(shown: SeatsPage) -> _SeatsForm:
    """The form, filled in with how things are."""
    fields: dict[str, Any] = {}
    filled: dict[str, Any] = {
        "capacity": _text(shown.event.seats.of(Mode.PHYSICAL).capacity),
        "hybrid": shown.event.hybrid,
        "digital_capacity": _text(shown.event.seats.of(Mode.DIGITAL).capacity) if shown.event.hybrid else "",
        "fill_mode": shown.fill_mode,
        "offer_hours": str(shown.offer_hours),
        "fill_stops_days": str(shown.fill_stops_days),
    }
    for one in shown.roles:
        for bound, title, value in (("least", lazy("Minst"), one.least), ("most", lazy("Høyst"), one.most)):
            fields[f"{one.role}_{bound}"] = _number(title, Whole(0, LARGEST, label(one.role)))
            filled[f"{one.role}_{bound}"] = _text(value)
    made: _SeatsForm = type("SeatsForm", (_SeatsForm,), fields)(data=filled)
    if not shown.may_be_hybrid:
        del made.hybrid, made.digital_capacity
    return made


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


class PlaceForm(Form):
    """One act on one person's place, always with a reason. Several stand on one page, so each has ids of its own."""

    reason = text(
        lazy("Begrunnelse"),
        Needed("Skriv en begrunnelse. Kollegene dine leser den i historikken."),
        most=LONGEST_REASON,
        rows=2,
    )

    def __init__(self, act: str, **more: Any) -> None:
        super().__init__(**more)
        self.act = act
        for field in self:
            field.id = f"{act}-{field.short_name}"


class MoveForm(PlaceForm):
    """Where in the line, besides."""

    place = _number(lazy("Ny plass i køen"), Needed("Skriv hvilket nummer i køen."), Whole(1, 999_999))


class ModeForm(PlaceForm):
    """Which room, besides: the one she was not in when the page was shown, so that twice is once."""

    mode = HiddenField(validators=[AnyOf([str(one) for one in BOTH], message=lazy("Velg salen eller digitalt."))])


def place_form(act: str, shown: PlacePage, *, sent: bool) -> PlaceForm:
    """The form of an act; only the one that was sent reads the request."""
    kind = {"move": MoveForm, "mode": ModeForm}.get(act, PlaceForm)
    held = {"mode": shown.other} if act == "mode" else {}
    return kind(act) if sent else kind(act, formdata=None, data=held)
