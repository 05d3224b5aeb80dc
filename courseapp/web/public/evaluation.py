"""What did you think? One page behind a link that is the same for everybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, when, wording
from courseapp.domain.errors import DomainError, NotFound, TooManyTries
from courseapp.domain.evaluation import SCORES, Answer
from courseapp.queries import evaluation as rows
from courseapp.queries.evaluation import Asked
from courseapp.services import evaluation, tries
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, OneOf, text
from courseapp.web.security import keep_secret

bp = Blueprint("evaluation", __name__, url_prefix="/evaluering/<token>")
FROM_ONE_ADDRESS = 120
AN_HOUR = 3600
DONE = "evaluated"


class AnswerForm(Form):
    """Two questions in words; the sessions' scores are added for each event."""

    good = text(lazy("Hva var bra?"), most=2000, rows=3)
    better = text(lazy("Hva kan bli bedre?"), most=2000, rows=3)
    session_ids: tuple[int, ...] = ()

    def said(self) -> Answer:
        """What was said; call it on a form without errors only."""
        chosen = {one: self[f"s{one}"].data for one in self.session_ids}
        return Answer(
            scores={one: int(score) for one, score in chosen.items() if score},
            good=self.good.data or "",
            better=self.better.data or "",
        )


@bp.after_request
def secret(response: Response) -> Response:
    """The address is for participants."""
    return keep_secret(response)


@bp.route("", methods=["GET", "POST"])
def answer(token: str) -> ResponseReturnValue:
    """Ask, and keep what is said."""
    asked = rows.asked(token, clock.now())
    if asked is None:
        abort(404)
    form = _form(asked)
    if form.validate_on_submit():
        try:
            tries.spend("evaluation", request.remote_addr or "", most=FROM_ONE_ADDRESS, seconds=AN_HOUR)
            evaluation.answer(token, form.said())
        except NotFound:
            raise
        except (DomainError, TooManyTries) as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            session[DONE] = [*session.get(DONE, [])[-9:], asked.event.id]
            return redirect(url_for(".answer", token=token), 303)
    done = asked.event.id in session.get(DONE, [])
    return make_response(render_template("public/evaluation/answer.html", asked=asked, form=form, done=done), form.code)


def _form(asked: Asked) -> AnswerForm:
    fields: dict[str, Any] = {
        f"s{one.id}": OneOf(_score_label(one.starts_at), choices=_scores) for one in asked.sessions
    }
    ids = tuple(one.id for one in asked.sessions)
    form: AnswerForm = type("ThisAnswerForm", (AnswerForm,), {**fields, "session_ids": ids})()
    return form


def _scores() -> list[tuple[str, str]]:
    return [(str(score), str(score)) for score in SCORES]


def _score_label(starts_at: Any) -> str:
    return str(_("Hvor nyttig var samlingen %(day)s?", day=when.day(starts_at)))
