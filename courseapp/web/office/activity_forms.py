"""The forms for activities nobody signs up for: one, several to copy, lines from a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wtforms import FileField, StringField
from wtforms.validators import StopValidation

from courseapp import wording
from courseapp.domain import report
from courseapp.domain.activities import MOST_IN_LINE, MOST_IN_TEXT, ActivityWish
from courseapp.domain.errors import DomainError
from courseapp.domain.event import WITH_SIGN_UP, EventKind, ReportTable
from courseapp.domain.planning import REPORT_TABLES
from courseapp.domain.yearly import FIRST_YEAR, LAST_YEAR
from courseapp.queries.activities import ActivityPage, Choices
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, FromList, Needed, SomeOf, line, text

MOST_PASTED = 200_000
KINDS = (
    *(kind for kind in EventKind if kind not in WITH_SIGN_UP),
    *(kind for kind in EventKind if kind in WITH_SIGN_UP),
)
"""Those without sign-up first: the others are here for what somebody else ran, or what was held without a list."""


class _Year:
    """Four digits of a year that a report can be about."""

    def __call__(self, form: Form, field: StringField) -> None:
        """Refuse anything else."""
        value = field.data or ""
        if not (value.isascii() and value.isdigit() and FIRST_YEAR <= int(value) <= LAST_YEAR):
            raise StopValidation(_("Skriv året med fire siffer, som 2027."))


class ActivityForm(Form):
    """What stands in the report about it."""

    office = FromList(lazy("Kontor"), [Needed("Velg et kontor.")])
    kind = FromList(lazy("Type"), [Needed("Velg en type.")])
    title = line(
        lazy("Aktivitet"), most=MOST_IN_LINE, hint=lazy("Kan stå tomt når typen sier nok."), autocomplete="off"
    )
    when = line(
        lazy("Når"),
        most=MOST_IN_LINE,
        hint=lazy("Slik dere skriver det i rapporten: 18.–19. mars, 12.08.2027, Vår og høst. Tomt går også."),
        autocomplete="off",
    )
    place = line(lazy("Sted"), most=MOST_IN_LINE, autocomplete="off")
    number = line(
        lazy("Antall deltakere"),
        most=MOST_IN_LINE,
        hint=lazy("Et tall, «Ca. 40» eller «Ca. 100 fysisk». Tomt betyr ukjent, ikke null."),
        autocomplete="off",
    )
    topic = line(lazy("Tema"), most=MOST_IN_LINE, autocomplete="off")
    year = line(lazy("År"), Needed("Skriv året."), most=4, also=_Year(), inputmode="numeric", autocomplete="off")
    table = FromList(lazy("Tabell i årsrapporten"))
    target_group = line(lazy("Hvem deltok, eller målgruppe"), most=MOST_IN_LINE, autocomplete="off")
    comment = text(lazy("Kommentar"), most=MOST_IN_TEXT, rows=3)
    external_organizer = line(
        lazy("Arrangert av andre"), most=MOST_IN_LINE, hint=lazy("Hvem, hvis det ikke var dere."), autocomplete="off"
    )
    partners = SomeOf(lazy("Felles med"))

    def validate_title(self, field: StringField) -> None:
        """«Annen aktivitet» says nothing by itself."""
        if not field.data and self.kind.data == EventKind.OTHER:
            raise StopValidation(_("Skriv hva det var."))

    def validate_when(self, field: StringField) -> None:
        """What looks like a date must be one."""
        _tried(lambda: report.dates(field.data or "", year=_year(self.year.data)))

    def validate_number(self, field: StringField) -> None:
        """One number, or none."""
        _tried(lambda: report.participants(field.data or ""))

    def wish(self) -> ActivityWish:
        """What was asked for; call it on a form without errors only."""
        kind = EventKind(self.kind.data)
        return ActivityWish(
            kind=kind,
            title=self.title.data or wording.label(kind),
            year=int(self.year.data or 0),
            table=ReportTable(self.table.data) if self.table.data else REPORT_TABLES.get(kind, ReportTable.REGIONAL),
            when=self.when.data or "",
            topic=self.topic.data or "",
            place=self.place.data or "",
            target_group=self.target_group.data or "",
            number=self.number.data or "",
            comment=self.comment.data or "",
            partners=tuple(self.partners.data or ()) if "partners" in self else (),
            external_organizer=self.external_organizer.data or "",
        )


def new_form(offered: Choices, year: int, kept: Mapping[str, str]) -> ActivityForm:
    """An empty form for a year; `kept` says office, kind and table of the one before, if there was one."""
    names = {"office": "kontor", "kind": "type", "table": "tabell"}
    form = ActivityForm(data={"year": str(year), **{field: kept.get(name, "") for field, name in names.items()}})
    form.office.choices = [(one.slug, one.name) for one in offered.organizes]
    _offer(form, offered)
    return form


def edit_form(shown: ActivityPage, offered: Choices) -> ActivityForm:
    """The form of one, filled in. Who shares it is for the responsible office."""
    wish = shown.wish
    held = {name: getattr(wish, name) for name in wish.__dataclass_fields__}
    form = ActivityForm(data={**held, "year": str(wish.year), "table": str(wish.table), "kind": str(wish.kind)})
    form.office.choices = [(shown.office.slug, shown.office.name)]
    _offer(form, offered, but=shown.office.slug)
    if not shown.decides:
        del form.partners
    return form


def _offer(form: ActivityForm, offered: Choices, *, but: str = "") -> None:
    form.kind.choices = [(str(kind), wording.label(kind)) for kind in KINDS]
    form.table.choices = [("", _("Følger av typen")), *((str(one), wording.label(one)) for one in ReportTable)]
    form.partners.choices = [(one.slug, one.short_name) for one in offered.offices if one.slug != but]


class PasteForm(Form):
    """Lines from a spreadsheet, or a whole csv file. The text is read by the page."""

    office = FromList(lazy("Kontor"), [Needed("Velg et kontor.")])
    year = line(lazy("År"), Needed("Skriv året."), most=4, also=_Year(), inputmode="numeric", autocomplete="off")
    table = FromList(lazy("Tabell i årsrapporten"), [Needed("Velg en tabell.")])
    lines = text(
        lazy("Linjer fra regnearket"),
        most=MOST_PASTED,
        rows=8,
        hint=lazy(
            "Kopier radene og lim dem inn. Kolonnene skal være: sted, når, aktivitet, tema, antall, kommentar. "
            "Har første rad overskriftene fra eksportfila, brukes de i stedet."
        ),
    )
    file = FileField(
        lazy("Eller en csv-fil"),
        description=lazy("Med årsrapporter fra tidligere år, høyst 200 kB."),
        render_kw={"accept": ".csv,.txt,.tsv"},
    )


def paste_form(offered: Choices, year: int) -> PasteForm:
    """An empty form for a year."""
    form = PasteForm(data={"year": str(year), "table": str(ReportTable.REGIONAL)})
    form.office.choices = [(one.slug, one.name) for one in offered.organizes]
    form.table.choices = [(str(one), wording.label(one)) for one in ReportTable]
    return form


def _year(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and 1 <= int(text) <= LAST_YEAR else FIRST_YEAR


def _tried(read: Callable[[], object]) -> None:
    """A refusal of the domain as the sentence of a field."""
    try:
        read()
    except DomainError as refusal:
        raise StopValidation(wording.refusal(refusal)) from refusal
