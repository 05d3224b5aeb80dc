"""The forms for messages and standard texts. A draft may be unfinished; what is shown before sending must be whole."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import StopValidation

from courseapp import wording
from courseapp.domain.errors import DomainError
from courseapp.domain.messages import LONGEST_BODY, LONGEST_SUBJECT, Choice, LinkInSubject, check_fields, fields_of
from courseapp.domain.messages import Field as MergeField
from courseapp.domain.registration import Role, Status
from courseapp.domain.standard_texts import LONGEST_ENDING, LONGEST_NAME
from courseapp.queries.message_rows import Draft, Options
from courseapp.queries.message_words import STATUSES
from courseapp.queries.standard_texts import TextRow
from courseapp.services.messages import MessageWish
from courseapp.services.standard_texts import TextWish
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, FromList, Needed, SomeOf, line, text
from courseapp.web.office.line_forms import number_of

ACTS = ("fill", "count", "save", "files", "preview")
_TOKEN_LENGTH = 32


class Finished:
    """Only asked of what is to be shown and sent: filled in, and with merge fields that exist."""

    field_flags = {"required": True}

    def __init__(self, missing: str, *, subject: bool = False) -> None:
        self.missing, self.subject = missing, subject

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """A draft may be anything that can be kept."""
        if not getattr(form, "finished", True):
            return
        if not (field.data or "").strip():
            raise StopValidation(_(self.missing))
        try:
            check_fields(field.data)
        except DomainError as refusal:
            raise StopValidation(wording.refusal(refusal)) from refusal
        if self.subject and MergeField.LINK in fields_of(field.data):
            raise StopValidation(_(LinkInSubject.message))


def _subject(missing: str) -> Any:
    return line(lazy("Emne"), most=LONGEST_SUBJECT, also=Finished(missing, subject=True), autocomplete="off")


class WriteForm(Form):
    """A message: to whom, which standard text to begin with, subject and text."""

    statuses = SomeOf(lazy("Påmeldingen"))
    roles = SomeOf(lazy("Rolle"), description=lazy("Kryss av for å avgrense. Uten kryss er alle med."))
    municipality = FromList(lazy("Kommune"))
    groups = SomeOf(lazy("Gruppe"), description=lazy("Kryss av for å avgrense. Uten kryss er alle med."))
    only = SomeOf(lazy("Bare disse"))
    leaders = BooleanField(lazy("Også kursholderne"))
    standard = FromList(lazy("Standardtekst"), description=lazy("Erstatter emnet og teksten under."))
    subject = _subject("Skriv et emne.")
    body = text(
        lazy("Tekst"),
        Finished("Skriv en tekst."),
        most=LONGEST_BODY,
        rows=14,
        hint=lazy("Ren tekst. En tom linje lager et nytt avsnitt. Hilsen og kontaktinformasjon kommer av seg selv."),
    )
    token = HiddenField()
    seen = HiddenField()

    @property
    def act(self) -> str:
        """The button that was pressed; Enter in a field keeps the draft."""
        asked = request.form.get("act", "save")
        return asked if asked in ACTS else "save"

    @property
    def finished(self) -> bool:
        """Whether it must be whole."""
        return self.act == "preview"

    def choice(self) -> Choice:
        """Who is meant."""
        return Choice(
            statuses=tuple(Status(one) for one in self.statuses.data or ()),
            roles=tuple(Role(one) for one in self.roles.data or ()),
            municipalities=(self.municipality.data,) if self.municipality.data else (),
            groups=tuple(int(one) for one in self.groups.data or ()),
            only=tuple(int(one) for one in self.only.data or ()),
            leaders=bool(self.leaders.data),
        )

    def wish(self) -> MessageWish:
        """What was written; call it on a form without errors only."""
        return MessageWish(
            subject=self.subject.data or "",
            body=(self.body.data or "").replace("\r\n", "\n").replace("\r", "\n"),
            choice=self.choice(),
        )

    def key(self) -> str:
        """What this form is told from others by; one that was tampered with is a new one."""
        kept = self.token.data or ""
        return kept if len(kept) == _TOKEN_LENGTH and kept.isalnum() and kept.isascii() else secrets.token_hex(16)

    def revision(self) -> int:
        """The draft as it was when the form was opened."""
        return number_of(self.seen.data) or 0

    def begin_with(self, texts: Iterable[TextRow]) -> None:
        """Put a standard text in the place of what was written."""
        chosen = next((one for one in texts if one.code == self.standard.data), None)
        if chosen is not None:
            self.subject.data, self.body.data = chosen.subject, chosen.body


def write_form(shown: Options, draft: Draft | None, only: Iterable[int] = ()) -> WriteForm:
    """The form of a new message, perhaps to single persons, or of a draft."""
    here = {one.id for one in shown.people}
    choice = draft.choice if draft else Choice(only=tuple(one for one in only if one in here))
    form = WriteForm(
        data={
            "statuses": [str(one) for one in choice.statuses],
            "roles": [str(one) for one in choice.roles],
            "municipality": next(iter(choice.municipalities), ""),
            "groups": [str(one) for one in choice.groups],
            "only": [str(one) for one in choice.only],
            "leaders": choice.leaders,
            "standard": "",
            "subject": draft.subject if draft else "",
            "body": draft.body if draft else "",
            "token": secrets.token_hex(16),
            "seen": str(draft.revision) if draft else "",
        }
    )
    _offer(form, shown, choice)
    return form


def _offer(form: WriteForm, shown: Options, choice: Choice) -> None:
    """What there is to choose, with how many it is, and what the draft had chosen already."""
    form.statuses.choices = [(str(one), f"{_capital(STATUSES[one])} ({count})") for one, count in shown.statuses]
    roles = dict(shown.roles)
    form.roles.choices = [
        (str(one), f"{wording.short_label(one)} ({roles.get(one, 0)})")
        for one in Role
        if one in roles or one in choice.roles
    ]
    places = dict(shown.municipalities) | {
        one: 0 for one in choice.municipalities if one not in dict(shown.municipalities)
    }
    form.municipality.choices = [
        ("", _("Alle kommuner")),
        *((one, f"{one} ({count})") for one, count in places.items()),
    ]
    form.groups.choices = [
        (str(one), _("Gruppe %(number)s", number=one)) for one in sorted({*shown.groups, *choice.groups})
    ]
    form.only.choices = [(str(one.id), f"{one.name} ({STATUSES[one.status]})") for one in shown.people]
    form.standard.choices = [("", _("Ingen")), *((one.code, one.name) for one in shown.texts)]


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


class PreviewForm(Form):
    """Send, or send a test copy: with the mark of what was shown."""

    seen = HiddenField()


class FilesForm(Form):
    """Files are read from the request by the page; here is the token only."""


class TextForm(Form):
    """A standard text."""

    name = line(lazy("Navn"), Needed("Skriv et navn."), most=LONGEST_NAME, autocomplete="off")
    subject = _subject("Skriv et emne.")
    body = text(lazy("Tekst"), Finished("Skriv en tekst."), most=LONGEST_BODY, rows=12)

    def wish(self) -> TextWish:
        """What was written; call it on a form without errors only."""
        return TextWish(name=self.name.data or "", subject=self.subject.data or "", body=self.body.data or "")


class EndingForm(Form):
    """The paragraph at the end of confirmations."""

    body = text(
        lazy("Tekst"),
        Finished("Skriv en tekst, eller ta den bort."),
        most=LONGEST_ENDING,
        rows=6,
        hint=lazy("Ren tekst. En tom linje lager et nytt avsnitt."),
    )

    def wish(self) -> TextWish:
        """What was written; call it on a form without errors only."""
        return TextWish(name="", subject="", body=self.body.data or "")
