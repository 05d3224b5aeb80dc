"""The forms for importing a list of people. Columns and texts are named by their numbers: no form holds a person."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, FileField, HiddenField, StringField
from wtforms.validators import StopValidation

from courseapp.domain.marking import N_
from courseapp.domain.people_file import Fate
from courseapp.domain.registration import Role, Status
from courseapp.queries.people_import import TrialPage, UploadPage
from courseapp.services.changes import LONGEST_REASON
from courseapp.services.people_import import ImportWish
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, FromList, choices, text
from courseapp.wording import person_field

TOO_LARGE = N_("Fila er for stor. Den kan være på høyst 5 MB, med høyst 2 000 personer.")


class UploadForm(Form):
    """The file itself is read by the page, which bounds it."""

    file = FileField(
        lazy("Fil med personer"),
        description=lazy("Excel (.xlsx) eller CSV, høyst 5 MB og 2 000 personer. Første rad skal være overskrifter."),
        render_kw={"accept": ".xlsx,.csv,.txt,.tsv", "required": True},
    )


class _ColumnsForm(Form):
    """A list per column and per text; which ones there are, the page says."""

    texts: tuple[str, ...] = ()
    count = 0

    def columns(self) -> list[str]:
        """The field of each column, or nothing, in the order of the file."""
        return [self[f"column_{number}"].data or "" for number in range(self.count)]

    def roles(self) -> dict[str, str]:
        """The role that was chosen for each text."""
        return {one: self[f"role_{number}"].data or "" for number, one in enumerate(self.texts)}


def columns_form(shown: UploadPage) -> _ColumnsForm:
    """The form of one upload, filled with what its columns and texts seem to be."""
    held = {f"column_{number}": one.field for number, one in enumerate(shown.columns)}
    held |= {f"role_{number}": one.role for number, one in enumerate(shown.roles)}
    offered = [("", _("Ikke med")), *((str(one), person_field(one)) for one in shown.fields)]
    roles = [("", _("Velg rolle")), *choices(Role)]
    own: dict[str, Any] = {
        f"column_{number}": FromList(one.heading or _("Kolonne %(number)s", number=number + 1), choices=lambda: offered)
        for number, one in enumerate(shown.columns)
    }
    own |= {
        f"role_{number}": FromList(one.text or _("Uten rolle i fila"), choices=lambda: roles)
        for number, one in enumerate(shown.roles)
    }
    more = {"texts": tuple(one.text for one in shown.roles), "count": len(shown.columns)}
    made: _ColumnsForm = type("ColumnsForm", (_ColumnsForm,), {**own, **more})(data=held)
    return made


class _ImportForm(Form):
    """How to import. `seen` is the mark of the trial that is shown; it holds nothing about anybody."""

    seen = HiddenField()
    mail = BooleanField(lazy("Send bekreftelse og kalenderinvitasjon til dem som legges inn"))
    skip_wrong = BooleanField(lazy("Hopp over radene med feil"))
    seat = BooleanField(lazy("Gi alle plass"))
    seat_reason = text(lazy("Begrunnelse"), most=LONGEST_REASON, rows=2, hint=lazy("Står i historikken."))

    def validate_seat_reason(self, field: StringField) -> None:
        """More people than seats, or past the line, want a reason."""
        if self.seat.data and not field.data:
            raise StopValidation(_("Skriv hvorfor alle får plass utenom reglene."))

    def wish(self) -> ImportWish:
        """What was asked for; call it on a form without errors only."""
        past = "seat" in self and self.seat.data
        return ImportWish(
            seen=self.seen.data or "",
            mail=bool("mail" in self and self.mail.data),
            skip_wrong=bool("skip_wrong" in self and self.skip_wrong.data),
            reason=self.seat_reason.data if past else None,
        )


def import_form(shown: TrialPage) -> _ImportForm:
    """The form of a trial: only what there is to decide about."""
    form = _ImportForm(data={"seen": shown.trial.seen})
    if shown.over:
        del form.mail
    if not shown.trial.count(Fate.WRONG):
        del form.skip_wrong
    if all(one is Status.REGISTERED for one in shown.trial.statuses):
        del form.seat, form.seat_reason
    return form
