"""The filters of the public list, in its query string: the same for the page, its calendar, feed and JSON."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TypedDict

from flask import request
from wtforms import SelectField

from courseapp import when, wording
from courseapp.domain.event import WITH_SIGN_UP, EventKind
from courseapp.queries import events
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


class Filters(TypedDict):
    """Filters as queries take them; `month` is its first day."""

    office: str | None
    kind: EventKind | None
    month: date | None


class FilterForm(Form):
    """Filters of the public list; a GET form, so without a token."""

    class Meta(Form.Meta):
        """Nothing is changed by looking."""

        csrf = False

    office = SelectField(lazy("Kontor"), validate_choice=False)
    kind = SelectField(lazy("Type"), validate_choice=False)
    month = SelectField(lazy("Måned"), validate_choice=False)

    def chosen(self) -> Filters:
        """What was chosen, as the list's query takes it."""
        month = self.asked.get("month")
        return Filters(
            office=self.office.data or None,
            kind=EventKind(self.kind.data) if self.kind.data else None,
            month=date.fromisoformat(f"{month}-01") if month else None,
        )

    @property
    def asked(self) -> dict[str, str]:
        """What was chosen, as it stands in an address."""
        return {field.name: field.data for field in self if field.data}


def filters_of(now: datetime) -> FilterForm:
    """The filters of this request, for a list of what is to come; one that means nothing is left out.

    A month in which nothing starts is kept: who subscribes to it is not to get everything once it is over.
    """
    form = FilterForm(request.args)
    months = set(events.months_ahead(now))
    if _MONTH.fullmatch(form.month.data or ""):
        months.add(date.fromisoformat(f"{form.month.data}-01"))
    form.month.choices = [
        ("", _("Alle måneder")),
        *((f"{one:%Y-%m}", f"{when.month(one.month)} {one.year}") for one in sorted(months)),
    ]
    offer(form)
    return form


def offer(form: FilterForm) -> None:
    """Let the form offer what there is to choose, and forget what is not among it."""
    kinds = [(kind, wording.label(kind)) for kind in EventKind if kind in WITH_SIGN_UP]
    form.office.choices = [("", _("Alle kontorer")), *((one.slug, one.short_name) for one in events.offices())]
    form.kind.choices = [("", _("Alle typer")), *kinds]
    for field in form:
        if field.data not in [value for value, *_rest in field.iter_choices()]:
            field.data = ""
