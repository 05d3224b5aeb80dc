"""Which language a page speaks: what its reader chose, or the Norwegian her browser asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, has_request_context, request

from courseapp import speech
from courseapp.domain.language import NAMES, Language, named, preferred
from courseapp.speech import ngettext, pgettext, said

ASKED, COOKIE = "sprak", "language"
"""A link says `?sprak=en`; the choice is kept in a cookie of that name, which holds nothing but the code."""

FILES = (".json", ".atom", ".ics")
"""What programs fetch says the same to everybody, unless the address asks for a language: it is kept on the way."""

LIFE_SECONDS = 365 * 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A link to this page in another language, or the one it speaks now."""

    language: Language
    name: str
    address: str
    here: bool


def select() -> str | None:
    """The locale of this request; None outside requests, where bokmål is spoken unless somebody else is named."""
    return _reader().value if has_request_context() else None


def _reader() -> Language:
    if request.path.endswith(FILES):
        return _asked() or Language.BOKMAL
    chosen = _asked() or named(request.cookies.get(COOKIE))
    return chosen or preferred(request.accept_languages.values())


def attach(app: Flask) -> None:
    """Let templates offer the languages, and keep what was chosen."""
    app.jinja_env.install_gettext_callables(said, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    app.context_processor(lambda: {"languages": ways})
    app.before_request(lambda: speech.begin(_reader()))
    app.teardown_request(speech.end)
    app.after_request(_keep)


def ways() -> list[Way]:
    """The page one is on in each language. One that is only the answer to a form is left by its way to the front."""
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        return to_front()
    asked = {name: value for name, value in request.args.items(multi=True) if name != ASKED}
    return _ways(quote(request.path), asked)


def to_front() -> list[Way]:
    """The front page in each language: for errors, which are nowhere."""
    return _ways("/", {})


def _ways(path: str, asked: Mapping[str, str]) -> list[Way]:
    return [
        Way(
            language=one,
            name=name,
            address=f"{path}?{urlencode({**asked, ASKED: one.value})}",
            here=one is speech.language(),
        )
        for one, name in NAMES.items()
    ]


def _asked() -> Language | None:
    return named(request.args.get(ASKED))


def _keep(response: Response) -> Response:
    """Remember what a link asked for; the language is no secret, and nothing is kept of who did not ask."""
    chosen = _asked()
    if chosen is not None and request.cookies.get(COOKIE) != chosen.value:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(COOKIE, chosen.value, max_age=LIFE_SECONDS, secure=secure, httponly=True, samesite="Lax")
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = speech.language().value
    return response
