"""The base of every form and the fields they share: each with its own words, none that lets a bad value through."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any, cast

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    EmailField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from courseapp import speech, wording
from courseapp.domain import names
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.language import NAMES, Language
from courseapp.speech import said as _

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Form(FlaskForm):
    """A form that answers 422 when something in it is wrong, also when only its token is old."""

    class Meta(FlaskForm.Meta):  # type: ignore[name-defined,misc,unused-ignore]
        """Only what a browser's form sends is read: no JSON, no files in the place of text."""

        def wrap_formdata(self, form: BaseForm, formdata: Any) -> Any:
            """The fields of this request, unless the page hands over others (filters)."""
            if isinstance(formdata, MultiDict):
                return formdata
            return request.form if request.method == "POST" else None

    @property
    def code(self) -> int:
        """HTTP status for showing this form: 200 untouched, 422 with errors."""
        return 422 if self.errors or self.form_errors else 200

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check every field; an old or missing token becomes a sentence for the whole form."""
        valid = bool(super().validate(*args, **kwargs))
        token = self._fields.get("csrf_token")
        if token is not None and token.errors:
            token.errors = []
            self.form_errors.append(
                _(
                    "Skjemaet har vært åpent for lenge, eller nettleseren tar ikke imot informasjonskapsler. "
                    "Se over svarene og send inn på nytt."
                )
            )
            valid = False
        return valid

    def does(self, act: Callable[[], object]) -> bool:
        """Do it; a refusal becomes a sentence of the form. What is not there stays not there."""
        try:
            act()
        except NotFound:
            raise
        except DomainError as refusal:
            self.form_errors.append(wording.refusal(refusal))
            return False
        return True


class ActForm(Form):
    """A button that does something: no fields but the token."""


def tidy(value: str | None) -> str:
    """What was typed, with composed letters and without space around it."""
    return unicodedata.normalize("NFC", value or "").strip()


def tidy_line(value: str | None) -> str:
    """The same for one line: space inside is single."""
    return " ".join(tidy(value).split(" "))


class Needed:
    """Must be filled in; `message` is the sentence for this very field."""

    field_flags = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Stop at an empty value."""
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(_(self.message))


class Plain:
    """At most so many characters, and none that cannot be seen. Line breaks only where `lines`."""

    def __init__(self, most: int, *, lines: bool = False) -> None:
        self.most, self.lines = most, lines
        self.field_flags = {"maxlength": most}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Refuse, saying which of the two it is."""
        value = field.data or ""
        if _CONTROL.search(value) or (not self.lines and re.search(r"[\r\n\t]", value)):
            shown_again = _CONTROL.sub("", value)
            field.data = shown_again if self.lines else " ".join(shown_again.split())
            raise StopValidation(
                _("«%(label)s» har tegn som ikke kan brukes. Skriv det på nytt.", label=field.label.text)
            )
        if len(value) > self.most:
            raise StopValidation(
                _(
                    "«%(label)s» kan ha høyst %(most)d tegn. Du skrev %(count)d.",
                    label=field.label.text,
                    most=self.most,
                    count=len(value),
                )
            )


class NoAddress:
    """A name that holds an address would make our letters carry a stranger's message."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Refuse addresses of any kind."""
        if names.holds_address(field.data or ""):
            raise StopValidation(
                _("«%(label)s» kan ikke ha nettadresser eller e-postadresser.", label=field.label.text)
            )


class Address:
    """An e-mail address that can stand in every mail header; kept as typed, but for an international domain."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Say what is wrong, as far as it can be told."""
        value = field.data or ""
        local, at, _domain = value.rpartition("@")
        if not at or not local:
            raise StopValidation(_("E-postadressen må ha en @, som i navn@kommune.no."))
        if not local.isascii():
            raise StopValidation(_("E-postadressen kan ikke ha æ, ø, å eller andre særtegn før @."))
        try:
            checked = validate_email(value, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError as problem:
            raise StopValidation(_("E-postadressen ser ikke riktig ut. Skriv den som navn@kommune.no.")) from problem
        field.data = checked.ascii_email or checked.normalized


class Phone:
    """Norwegian numbers as people write them, and foreign ones with a country code; `field.kept` is E.164."""

    def __call__(self, form: FlaskForm, field: Any) -> None:
        """Empty is fine; anything else must be a possible number. What was typed stays in the field."""
        field.kept = ""
        if not field.data:
            return
        wrong = StopValidation(_("Mobilnummeret ser ikke riktig ut. Skriv åtte siffer, eller landkode først, som +46."))
        if not re.fullmatch(r"\+?[0-9 ().\-/\u00a0]{5,25}", field.data):
            raise wrong
        try:
            number = phonenumbers.parse(field.data, "NO")
        except phonenumbers.NumberParseException as problem:
            raise wrong from problem
        if not phonenumbers.is_possible_number(number):
            raise wrong
        field.kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class Hpr:
    """One to nine digits, leading zeros equal, no check digit known; «vet ikke» counts as empty."""

    def __call__(self, form: FlaskForm, field: Any) -> None:
        """`field.kept` is the digits only. What was typed stays in the field."""
        field.kept = ""
        value = re.sub(r"(?i)^hpr[-\s]*(nr|nummer)?[.:\s]*", "", field.data or "")
        value = re.sub(r"[\s.\u00a0]", "", value)
        if not value or value.lower() in {"vetikke", "veitikke", "harikke", "ingen", "-", "?"}:
            return
        digits = value.lstrip("0")
        if not (value.isascii() and value.isdigit()) or len(digits) > 9 or not digits:
            raise ValidationError(
                _("HPR-nummer er ett til ni siffer. La feltet stå tomt hvis du ikke har eller ikke husker det.")
            )
        field.kept = digits


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """An enum's members as form choices, labelled for people."""
    return list(_labelled(kind, speech.language()))


@cache
def _labelled(kind: type[StrEnum], language: Language) -> tuple[tuple[str, str], ...]:
    """They are the same for everybody who reads that language."""
    with speech.speaking(language):
        return tuple((member.value, wording.label(member)) for member in kind)


class _Chosen(SelectField):
    """A field with a list to choose from; what is not in it is refused in our words."""

    def __init__(self, label: str, validators: list[Any] | None = None, **more: Any) -> None:
        super().__init__(label, validators, validate_choice=False, **more)

    def _known(self) -> set[str]:
        """The codes of the list. Asked of the list itself: what the library makes of it is for showing."""
        return {value for value, *_label in cast("list[tuple[str, ...]]", self.choices)}


class OneOf(_Chosen, RadioField):
    """One choice, or none where nothing is needed."""

    def pre_validate(self, form: BaseForm) -> None:
        """A code that is not in the list is refused in our words."""
        if self.data and self.data not in self._known():
            raise StopValidation(_("Velg ett av alternativene under «%(label)s».", label=self.label.text))


class FromList(_Chosen):
    """One of a list that opens, the first of them where nothing is chosen."""

    def pre_validate(self, form: BaseForm) -> None:
        """A code that is not in the list is refused in our words."""
        if self.data and self.data not in self._known():
            raise StopValidation(_("Velg fra listen under «%(label)s».", label=self.label.text))


class SomeOf(_Chosen, SelectMultipleField):
    """Any number of choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: BaseForm) -> None:
        """The same, for each of them."""
        known = self._known()
        if any(value not in known for value in self.data or []):
            raise StopValidation(_("Velg blant alternativene under «%(label)s».", label=self.label.text))


def spoken(label: str, hint: str = "") -> FromList:
    """A field for the language to write to somebody in, each called what its own readers call it."""
    return FromList(label, description=hint, choices=lambda: [(code.value, name) for code, name in NAMES.items()])


def line(label: str, *validators: Any, most: int, hint: str = "", also: Any = None, **render: Any) -> StringField:
    """A field for one line of text; `also` is checked last."""
    last = [also] if also is not None else []
    return StringField(
        label, [*validators, Plain(most), *last], description=hint, filters=[tidy_line], render_kw=render or None
    )


def text(label: str, *validators: Any, most: int, hint: str = "", **render: Any) -> TextAreaField:
    """A field for several lines."""
    return TextAreaField(
        label, [*validators, Plain(most, lines=True)], description=hint, filters=[tidy], render_kw={"rows": 4, **render}
    )


def address(label: str, *validators: Any, hint: str = "") -> EmailField:
    """A field for an e-mail address."""
    return EmailField(
        label,
        [*validators, Plain(254), Address()],
        description=hint,
        filters=[tidy_line],
        render_kw={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    )


def phone(label: str, *validators: Any, hint: str = "") -> TelField:
    """A field for a telephone number."""
    return TelField(
        label,
        [*validators, Plain(30), Phone()],
        description=hint,
        filters=[tidy_line],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
