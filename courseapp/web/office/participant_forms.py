"""The filters of the participants' table, kept in its address, and the choice of columns for a file."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SearchField, SelectField
from wtforms.validators import StopValidation

from courseapp.domain.marking import N_
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Role, Status
from courseapp.queries.participant_filters import Filters, Sort
from courseapp.queries.participants import ParticipantTable
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, Needed, OneOf, SomeOf, choices, tidy_line
from courseapp.web.office.participant_columns import COLUMNS, DIETARY, MODE, USUAL
from courseapp.wording import label, short_label

E = TypeVar("E", bound=StrEnum)
LONGEST_SEARCH = 100
SORTS = {
    Sort.NAME: N_("Navn"),
    Sort.TIME: N_("Meldt på"),
    Sort.WORKPLACE: N_("Arbeidssted"),
    Sort.MUNICIPALITY: N_("Kommune"),
}


def filters_from(args: MultiDict[str, str]) -> Filters:
    """The filters of an address; what is not one of them is as if it were not there."""
    group = args.get("gruppe", "")
    search = "".join(sign for sign in args.get("sok", "")[:LONGEST_SEARCH] if sign.isprintable())
    return Filters(
        status=_member(Status, args.get("status")),
        role=_member(Role, args.get("rolle")),
        mode=_member(Mode, args.get("deltar")),
        municipality=args.get("kommune", "")[:LONGEST_SEARCH].replace("\x00", ""),
        group=int(group) if group.isascii() and group.isdigit() and len(group) < 4 else None,
        failed=args.get("feilet") == "ja",
        declined=args.get("avslatt") == "ja",
        search=tidy_line(search),
        sort=_member(Sort, args.get("sorter")) or Sort.NAME,
    )


def as_query(filters: Filters) -> dict[str, str]:
    """The same filters as parts of an address; empty ones are left out."""
    parts = {
        "status": filters.status or "",
        "rolle": filters.role or "",
        "deltar": filters.mode or "",
        "kommune": filters.municipality,
        "gruppe": "" if filters.group is None else str(filters.group),
        "feilet": "ja" if filters.failed else "",
        "avslatt": "ja" if filters.declined else "",
        "sok": filters.search,
        "sorter": "" if filters.sort is Sort.NAME else filters.sort,
    }
    return {name: str(value) for name, value in parts.items() if value}


def in_words(filters: Filters) -> str:
    """What the filters ask for, as the way back says it."""
    parts = [
        label(filters.status) if filters.status else "",
        short_label(filters.role) if filters.role else "",
        label(filters.mode).lower() if filters.mode else "",
        filters.municipality,
        _group_name(filters.group) if filters.group is not None else "",
        _("e-post feilet") if filters.failed else "",
        _("avslått i kalenderen") if filters.declined else "",
        f"«{filters.search}»" if filters.search else "",
    ]
    return ", ".join(filter(None, parts))


def _group_name(number: int) -> str:
    return str(_("gruppe %(number)s", number=number) if number else _("uten gruppe"))


def _member(kind: type[E], value: str | None) -> E | None:
    return kind(value) if value in set(kind) else None


class FilterForm(Form):
    """A form that only asks, so without a token; its answer has an address of its own."""

    class Meta(Form.Meta):
        """Nothing is changed by looking."""

        csrf = False

    sok = SearchField(lazy("Søk"), render_kw={"maxlength": LONGEST_SEARCH, "autocomplete": "off"})
    status = SelectField(lazy("Status"), validate_choice=False)
    rolle = SelectField(lazy("Rolle"), validate_choice=False)
    deltar = SelectField(lazy("Deltar"), validate_choice=False)
    kommune = SelectField(lazy("Kommune"), validate_choice=False)
    gruppe = SelectField(lazy("Gruppe"), validate_choice=False)
    sorter = SelectField(lazy("Sorter etter"), validate_choice=False)
    feilet = BooleanField(lazy("Bare dem som ikke fikk e-post"), render_kw={"value": "ja"})
    avslatt = BooleanField(lazy("Bare dem som avslo i kalenderen"), render_kw={"value": "ja"})


def filter_form(shown: ParticipantTable) -> FilterForm:
    """The form as it was asked, with what there is to choose among at this event."""
    asked = {
        "status": "",
        "rolle": "",
        "deltar": "",
        "kommune": "",
        "gruppe": "",
        "sorter": Sort.NAME,
        **as_query(shown.filters),
    }
    form = FilterForm(formdata=MultiDict(), data=asked)
    everything = ("", _("Alle"))
    form.status.choices = [everything, *choices(Status)]
    form.rolle.choices = [everything, *choices(Role)]
    form.deltar.choices = [everything, *choices(Mode)]
    if not shown.event.hybrid:
        del form.deltar
    form.kommune.choices = [everything, *((name, name) for name in shown.municipalities)]
    if shown.group_numbers:
        numbers = [(str(one), _("Gruppe %(number)s", number=one)) for one in shown.group_numbers]
        form.gruppe.choices = [everything, *numbers, ("0", _("Uten gruppe"))]
    else:
        del form.gruppe
    form.sorter.choices = [(sort, _(name)) for sort, name in SORTS.items()]
    return form


class ExportForm(Form):
    """Which columns, and what kind of file. Dietary needs want a box of their own besides."""

    columns = SomeOf(lazy("Kolonner"), [Needed(N_("Velg minst én kolonne."))])
    dietary_sure = BooleanField(
        lazy("Ja, jeg trenger opplysninger om matallergi og kosthensyn, og sletter fila når arrangementet er over")
    )
    kind = OneOf(lazy("Filtype"), [Needed(N_("Velg filtype."))], choices=lambda: [("xlsx", "Excel"), ("csv", "CSV")])

    def validate_dietary_sure(self, field: BooleanField) -> None:
        """Health data is not taken along by a slip."""
        if DIETARY in (self.columns.data or []) and not field.data:
            raise StopValidation(_("Kryss av for at du trenger opplysningene om mat, eller fjern kolonnen."))


def export_form(*, organizes: bool, hybrid: bool) -> ExportForm:
    """The form with the sensitive columns off; readers are not offered what people eat, nor is a room that is alone."""
    held: dict[str, Any] = {"columns": list(USUAL), "kind": "xlsx"}
    form = ExportForm(data=held)
    left_out = {*(() if organizes else (DIETARY,)), *(() if hybrid else (MODE,))}
    offered: Sequence[Any] = [one for one in COLUMNS if one.code not in left_out]
    form.columns.choices = [
        (one.code, _("%(name)s (sensitiv)", name=_(one.heading)) if one.sensitive else _(one.heading))
        for one in offered
    ]
    if not organizes:
        del form.dietary_sure
    return form
