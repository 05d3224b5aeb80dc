"""The forms of getting in, friendly to password managers."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import Length

from courseapp.speech import lazy
from courseapp.web.forms import Form, Needed, line

_TOO_LONG = Length(max=200, message=lazy("Passordet kan ha høyst 200 tegn."))


def _address() -> StringField:
    return line(
        lazy("E-post"),
        Needed("Skriv inn e-postadressen din."),
        most=254,
        type="email",
        autocomplete="username",
        autocapitalize="none",
        spellcheck="false",
    )


def _password(label: str, needed: str, autocomplete: str, hint: str = "") -> PasswordField:
    return PasswordField(label, [Needed(needed), _TOO_LONG], description=hint, render_kw={"autocomplete": autocomplete})


def _code(hint: str) -> StringField:
    return line(
        lazy("Engangskode"),
        Needed("Skriv inn koden."),
        most=40,
        hint=hint,
        autocomplete="one-time-code",
        autocapitalize="none",
        spellcheck="false",
    )


class LogInForm(Form):
    """Address and password."""

    email = _address()
    password = _password(lazy("Passord"), "Skriv inn passordet.", "current-password")


class CodeForm(Form):
    """The second step."""

    code = _code(  # type: ignore[assignment] # the contract's name; the page says its own status
        lazy("Seks siffer fra appen, eller en av gjenopprettingskodene dine.")
    )


class NewAppForm(Form):
    """The first code of a new app."""

    code = _code(  # type: ignore[assignment] # the contract's name; the page says its own status
        lazy("De seks sifrene som appen viser nå.")
    )


class ConfirmForm(Form):
    """Password and code once more. Without a second factor (the demo) only the password."""

    password = _password(lazy("Passord"), "Skriv inn passordet.", "current-password")
    code = _code(  # type: ignore[assignment] # the contract's name; the page says its own status
        lazy("Seks siffer fra appen, eller en av gjenopprettingskodene dine.")
    )


class ForgottenForm(Form):
    """Whose password is forgotten."""

    email = _address()


class NewPasswordForm(Form):
    """A password of one's own choice; shown twice would only make it shorter."""

    password = _password(
        lazy("Nytt passord"),
        "Skriv inn et passord.",
        "new-password",
        lazy("Minst 12 tegn. Fire tilfeldige ord er lettere å huske og vanskeligere å gjette enn tegn og tall."),
    )
