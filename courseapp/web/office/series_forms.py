"""The forms of a series: how something comes again and on which days, what the series is called and how it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import StopValidation

from courseapp import speech, when, wording
from courseapp.domain import holidays
from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_
from courseapp.domain.recurrence import MOST, MOST_BETWEEN, ORDINALS, Pattern, Rhythm, place_in_month, proposed
from courseapp.domain.series import Counted
from courseapp.queries.series import RepeatSource, SeriesPage
from courseapp.services.series import LONGEST_TITLE, RepeatWish, SomeRefused
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, Needed, OneOf, choices, line, text
from courseapp.web.office.session_fields import DayIfAny, day_of

_ROW = re.compile(r"(day|take)\d+")
TITLE_NEEDED = N_("Skriv hva serien heter.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One proposed date: its two fields, the day in words, and what speaks against it."""

    take: Field
    day: Field
    words: str
    remark: str


class _Whole:
    """A whole number within bounds, or nothing."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Form, field: Field) -> None:
        """Say which numbers there are."""
        value = field.data or ""
        if value and not (value.isascii() and value.isdigit() and len(value) < 5 and 1 <= int(value) <= self.most):
            raise StopValidation(_("Skriv et tall fra 1 til %(most)d.", most=self.most))


class RepeatForm(Form):
    """The pattern, then the dates that came of it; everything that was chosen stays in the form."""

    rhythm = OneOf(lazy("Gjentas"), [Needed("Velg hvordan det gjentas.")])
    every = line(
        lazy("Uker eller måneder mellom"),
        _Whole(MOST_BETWEEN),
        most=3,
        hint=lazy("1 er hver uke eller måned, 2 er annenhver, 6 måneder er to ganger i året."),
        inputmode="numeric",
        autocomplete="off",
    )
    number = line(lazy("Antall nye datoer"), _Whole(MOST), most=3, inputmode="numeric", autocomplete="off")
    until = line(lazy("Eller til og med"), DayIfAny(), most=20, type="date")
    listed = text(
        lazy("Datoene"),
        most=3000,
        rows=4,
        hint=lazy("En dato på hver linje, som «12. februar» eller «12.02.2027». Bare for datoer fra en liste."),
    )
    begins = line(lazy("Regn fra"), DayIfAny(), most=20, type="date")
    title = line(lazy("Hva serien heter"), Needed(TITLE_NEEDED), most=LONGEST_TITLE)
    counted = OneOf(
        lazy("Slik telles serien i årsrapporten"),
        [Needed("Velg hvordan serien telles.")],
        description=lazy("Samlet gir én rad for serien. Forskjellige personer kan bare telles der folk er påmeldt."),
    )
    publish = BooleanField(
        lazy("Publiser med en gang"), description=lazy("Ellers blir de utkast, som ingen ser før dere publiserer dem.")
    )
    rows = HiddenField()
    first: date | None = None
    taken: frozenset[date] = frozenset()

    @property
    def proposals(self) -> list[Row]:
        """The dates as they stand in the form."""
        return [self._row(n) for n in range(1, _count(self.rows.data) + 1)]

    def pattern(self) -> Pattern:
        """What was asked for; call it on a form without errors only."""
        begins = self.first or day_of((self.begins.data or "") if "begins" in self else "")
        return Pattern(
            rhythm=Rhythm(self.rhythm.data),
            first=begins or date.min,
            every=int(self.every.data or 1),
            number=int(self.number.data) if self.number.data else None,
            until=day_of(self.until.data or ""),
            listed=self.listed.data or "",
        )

    def wish(self, source: RepeatSource) -> RepeatWish | None:
        """The chosen dates; None where they cannot be, with sentences in the form."""
        chosen: list[date] = []
        for row in self.proposals:
            day = day_of(row.day.data or "")
            if row.take.data and day is None:
                row.day.errors = [_("Skriv datoen, eller fjern krysset.")]
            elif row.take.data and day in chosen:
                row.day.errors = [_("Datoen står to ganger.")]
            elif row.take.data and day is not None:
                chosen.append(day)
        if self.errors:
            return None
        if not chosen:
            self.form_errors.append(_("Velg minst én dato."))
            return None
        return RepeatWish(
            days=tuple(chosen),
            title=source.series.title if source.series else self.title.data or "",
            counted=source.series.counted if source.series else Counted(self.counted.data),
            publish=bool(self.publish.data) if "publish" in self else False,
        )

    def refuse(self, refusal: DomainError) -> None:
        """A refusal as sentences of the form; where it is about some of the dates, beside them."""
        if not isinstance(refusal, SomeRefused):
            self.form_errors.append(wording.refusal(refusal))
            return
        self.form_errors.append(_("Ingen av datoene er laget. Endre eller fjern dem det gjelder."))
        for row in self.proposals:
            day = day_of(row.day.data or "")
            if row.take.data and day in refusal.reasons:
                row.day.errors = [refusal.reasons[day]]

    def _row(self, number: int) -> Row:
        take, field = self[f"take{number}"], self[f"day{number}"]
        day = day_of(field.data or "")
        return Row(
            take=take,
            day=field,
            words=when.weekday_dates([day]) if day else _("Uten dato"),
            remark="" if day is None else _remark(day, self.first, self.taken),
        )


def repeat_form(source: RepeatSource) -> RepeatForm:
    """The form, with the dates that were sent; `then=show` puts the pattern's dates in their place."""
    sent = MultiDict(request.form) if request.method == "POST" else None
    form = _made(source, sent)
    if sent is None or not form.validate() or (request.form.get("then") != "show" and form.proposals):
        return form
    if not form.first and not day_of(form.begins.data or "") and form.rhythm.data != Rhythm.LIST:
        form.begins.errors = [_("Skriv datoen det skal regnes fra.")]
        return form
    try:
        days = proposed(form.pattern())
    except DomainError as refusal:
        form.form_errors.append(wording.refusal(refusal))
        return form
    return _made(source, _with_days(sent, days, source))


class SeriesForm(Form):
    """What a series is called and how it counts."""

    title = line(lazy("Hva serien heter"), Needed(TITLE_NEEDED), most=LONGEST_TITLE)
    counted = OneOf(lazy("Slik telles serien i årsrapporten"), [Needed("Velg hvordan serien telles.")])


def series_form(shown: SeriesPage) -> SeriesForm:
    """The form, filled in."""
    form = SeriesForm(data={"title": shown.series.title, "counted": shown.series.counted})
    form.counted.choices = choices(Counted)
    return form


def _made(source: RepeatSource, sent: MultiDict[str, str] | None) -> RepeatForm:
    """A form with as many rows as were sent."""
    fields: dict[str, Any] = {"first": source.first, "taken": source.taken}
    for number in range(1, _count(sent.get("rows") if sent else "") + 1):
        fields[f"take{number}"] = BooleanField()
        fields[f"day{number}"] = line(lazy("Dato"), DayIfAny(), most=20, type="date")
    held = {"rhythm": Rhythm.WEEKDAY, "every": "1", "title": source.title, "counted": Counted.EACH}
    form: RepeatForm = type("ThisRepeatForm", (RepeatForm,), fields)(formdata=sent, data=held)
    form.rhythm.choices = [(str(one), _label(one, source.first)) for one in Rhythm]
    form.counted.choices = choices(Counted)
    for name, wanted in (
        ("begins", source.first is None),
        ("title", source.series is None),
        ("counted", source.series is None),
        ("publish", source.may_publish),
    ):
        if not wanted:
            delattr(form, name)
    return form


def _label(rhythm: Rhythm, first: date | None) -> str:
    """«Hver måned, samme ukedag (andre tirsdag)»."""
    label: str = wording.label(rhythm)
    if first is None or rhythm is not Rhythm.WEEKDAY:
        return label
    return f"{label} ({speech.said(ORDINALS[place_in_month(first)])} {when.weekday(first.weekday())})"


def _with_days(sent: MultiDict[str, str], days: list[date], source: RepeatSource) -> MultiDict[str, str]:
    """What was sent, with these days for rows; those that something speaks against are not ticked."""
    kept = [(name, value) for name, value in sent.items(multi=True) if not _ROW.fullmatch(name) and name != "rows"]
    made = MultiDict([*kept, ("rows", str(len(days)))])
    for number, day in enumerate(days, start=1):
        made.add(f"day{number}", day.isoformat())
        if not _remark(day, source.first, source.taken):
            made.add(f"take{number}", "y")
    return made


def _remark(day: date, first: date | None, taken: frozenset[date]) -> str:
    """What speaks against a day. Whoever meets at weekends means it."""
    remark = N_("Står der fra før") if day in taken else holidays.remark(day)
    usual = remark == holidays.WEEKEND and first is not None and first.isoweekday() > 5
    return str(_(remark)) if remark and not usual else ""


def _count(value: str | None) -> int:
    """How many rows were sent, within bounds."""
    return min(int(value), MOST) if value and value.isascii() and value.isdigit() and len(value) < 4 else 0
