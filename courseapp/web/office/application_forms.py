"""The forms for applications: how seats are given, what is adjusted by hand, and the decision."""

from __future__ import annotations

from typing import Any

from wtforms import Field, HiddenField

from courseapp.domain.event import SeatRule
from courseapp.domain.ranking import CHOSEN, Criterion, Outcome
from courseapp.domain.registration import Role
from courseapp.queries.applications import RulesPage
from courseapp.services.applications import RulesWish
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, FromList, Needed, OneOf, choices, line
from courseapp.web.office.line_forms import PlaceForm, Whole
from courseapp.wording import label


class _RulesForm(Form):
    """Everything but the orders, which have a field for each criterion and each role."""

    seat_rule = OneOf(lazy("Slik fordeles plassene"), [Needed("Velg hvordan plassene fordeles.")])
    rest = OneOf(
        lazy("Søkere det ikke blir plass til"), [Needed("Velg hva som skjer med dem det ikke blir plass til.")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat_rule.choices = choices(SeatRule)
        for name in (*criterion_fields(), *role_fields()):
            self[name].choices = _numbers(name)
        self.rest.choices = [
            (Outcome.LINE.value, _("Settes på venteliste, i samme rekkefølge")),
            (Outcome.REFUSAL.value, _("Får avslag")),
        ]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """No number twice, and roles in an order where roles count."""
        if not super().validate(*args, **kwargs):
            return False
        for names in (criterion_fields(), role_fields()):
            self._check_numbers([self[name] for name in names])
        if not self.errors and Criterion.ROLE in self.criteria() and not self.role_order():
            self[f"role_{next(iter(Role))}"].errors = [_("Gi minst én rolle et nummer, eller la være å bruke «Rolle».")]
        return not self.errors

    def criteria(self) -> list[Criterion]:
        """The chosen criteria, the weightiest first."""
        return [Criterion(one) for one in self._ordered("criterion", [str(one) for one in CHOSEN])]

    def role_order(self) -> list[Role]:
        """The roles that have a number, in that order."""
        return [Role(one) for one in self._ordered("role", [str(one) for one in Role])]

    def wish(self) -> RulesWish:
        """What was asked for; call it on a form without errors only."""
        return RulesWish(
            seat_rule=SeatRule(self.seat_rule.data),
            criteria=self.criteria(),
            role_order=self.role_order(),
            refuses_rest=self.rest.data == Outcome.REFUSAL.value,
        )

    def _ordered(self, kind: str, names: list[str]) -> list[str]:
        numbered = [(int(self[f"{kind}_{name}"].data), name) for name in names if self[f"{kind}_{name}"].data]
        return [name for _number, name in sorted(numbered)]

    def _check_numbers(self, fields: list[Field]) -> None:
        first: dict[str, Field] = {}
        for field in fields:
            if field.data and (before := first.setdefault(field.data, field)) is not field:
                field.errors = [
                    _(
                        "«%(one)s» og «%(other)s» har samme nummer. Gi dem hvert sitt.",
                        one=before.label.text,
                        other=field.label.text,
                    )
                ]


def criterion_fields() -> list[str]:
    """The names of the fields for criteria, in their natural order."""
    return [f"criterion_{one}" for one in CHOSEN]


def role_fields() -> list[str]:
    """The names of the fields for roles."""
    return [f"role_{one}" for one in Role]


def _numbers(name: str) -> list[tuple[str, str]]:
    """The numbers a criterion or a role may have, and none."""
    is_criterion = name in criterion_fields()
    most = len(CHOSEN) if is_criterion else len(Role)
    none = _("Brukes ikke") if is_criterion else _("Uten nummer")
    return [("", none), *((str(number), _("Nr. %(number)d", number=number)) for number in range(1, most + 1))]


def rules_form(shown: RulesPage) -> _RulesForm:
    """The form, filled in with how things are."""
    fields: dict[str, Any] = {}
    filled: dict[str, Any] = {
        "seat_rule": shown.seat_rule,
        "rest": Outcome.REFUSAL if shown.refuses_rest else Outcome.LINE,
    }
    for kind, members, order in (("criterion", CHOSEN, shown.criteria), ("role", tuple(Role), shown.role_order)):
        for one in members:
            fields[f"{kind}_{one}"] = FromList(label(one))
            filled[f"{kind}_{one}"] = str(order.index(one) + 1) if one in order else ""
    made: _RulesForm = type("RulesForm", (_RulesForm,), fields)(data=filled)
    return made


class MoveForm(PlaceForm):
    """Where in the list."""

    place = line(
        lazy("Nytt nummer i rekkefølgen"),
        Needed("Skriv hvilket nummer i rekkefølgen."),
        Whole(1, 999_999),
        most=9,
        inputmode="numeric",
    )


class FixForm(PlaceForm):
    """What an applicant gets, whatever the criteria say."""

    outcome = OneOf(lazy("Utfall"), [Needed("Velg hva søknaden skal ende med.")])

    def __init__(self, act: str, **more: Any) -> None:
        super().__init__(act, **more)
        self.outcome.choices = choices(Outcome)


class UndoForm(Form):
    """Take an adjustment back."""

    adjustment = HiddenField()


class DecideForm(Form):
    """The decision, with the mark of the list that was looked at."""

    shown = HiddenField()


def adjust_form(act: str, *, sent: bool) -> MoveForm | FixForm | UndoForm:
    """The form of an act; only the one that was sent reads the request."""
    more: dict[str, Any] = {} if sent else {"formdata": None}
    if act == "undo":
        return UndoForm(**more)
    return MoveForm(act, **more) if act == "move" else FixForm(act, **more)
