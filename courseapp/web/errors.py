"""What goes wrong, as pages: the one place where refusals get an HTTP code."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from courseapp import wording
from courseapp.domain.errors import DomainError, NotFound, TooManyTries
from courseapp.domain.marking import N_
from courseapp.logs import stack
from courseapp.queries import health
from courseapp.speech import said as _
from courseapp.web import language
from courseapp.web.security import keep_secret

log = structlog.get_logger("courseapp.web")
CODES: dict[type[DomainError], int] = {NotFound: 404, TooManyTries: 429}
HEADINGS = {
    400: N_("Vi forsto ikke forespørselen"),
    403: N_("Du har ikke tilgang til denne siden"),
    404: N_("Vi finner ikke siden"),
    405: N_("Dette går ikke på denne siden"),
    413: N_("Det du sendte er for stort"),
    429: N_("For mange forsøk"),
    500: N_("Noe gikk galt hos oss"),
    503: N_("Vi får ikke lagret eller hentet noe akkurat nå"),
}
EXPLANATIONS = {
    400: N_("Gå tilbake og prøv igjen."),
    403: N_("Logg inn med en bruker som har tilgang, eller spør den som styrer brukerne på kontoret."),
    404: N_("Lenken kan være gammel eller skrevet feil. Arrangementer og egne påmeldinger finner du her."),
    405: N_("Gå tilbake og bruk knappene på siden."),
    413: N_("Kort ned teksten eller send en mindre fil."),
    429: N_("Vent noen minutter og prøv igjen."),
    500: N_("Feilen er skrevet ned. Prøv igjen om litt. Haster det, ta kontakt med kontoret ditt."),
    503: N_("Det går som regel over av seg selv. Prøv igjen om et halvt minutt. Det som var lagret fra før, er der."),
}
RETRY_SECONDS = 30
NEVER_SHOWN_AGAIN = ("password", "code")


def attach(app: Flask) -> None:
    """Answer every error with a page that says what happened and what to do."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def code_of(refusal: DomainError) -> int:
    """404 and 429 speak for themselves; any other refusal is something the form can say: 422."""
    return next((code for kind, code in CODES.items() if isinstance(refusal, kind)), 422)


def _refused(refusal: DomainError) -> ResponseReturnValue:
    code = code_of(refusal)
    return _page(code if code in HEADINGS else 400, None if code == 404 else wording.refusal(refusal))


def _http(problem: HTTPException) -> ResponseReturnValue:
    code = problem.code or 500
    if code < 400:
        return problem.get_response()
    answer = _page(code, None)
    if isinstance(problem, MethodNotAllowed) and problem.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(problem.valid_methods))
    return answer


def _broken(problem: Exception) -> ResponseReturnValue:
    code = 503 if health.may_pass(problem) else 500
    log.error(
        "unexpected", endpoint=request.endpoint, status=code, problem=type(problem).__name__, stack=stack(problem)
    )
    answer = _page(code, None, kept=_typed() if code == 503 else [])
    if code == 503:
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _typed() -> list[tuple[str, str]]:
    """What a form held that could not be saved, to be sent once more; nothing of one with a file or a secret."""
    if request.method != "POST" or request.files:
        return []
    fields = list(request.form.items(multi=True))
    secret = any(part in name for name, _value in fields for part in NEVER_SHOWN_AGAIN)
    return [] if secret else fields


def _page(code: int, explanation: str | None, *, kept: Sequence[tuple[str, str]] = ()) -> Response:
    known = code if code in HEADINGS else (400 if code < 500 else 500)
    page = render_template(
        "errors/error.html",
        code=code,
        heading=_(HEADINGS[known]),
        explanation=explanation or _(EXPLANATIONS[known]),
        kept=kept,
        languages=language.to_front,
    )
    return keep_secret(make_response(page, code))
