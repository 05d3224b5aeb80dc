"""«Postkassen»: in demo mode, where no mail leaves the house, everybody may read every letter."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from courseapp.models.journal import OutboxEmail
from courseapp.queries import postbox
from courseapp.web.letter_frame import framed
from courseapp.web.security import keep_secret

bp = Blueprint("postbox", __name__, url_prefix="/postkasse")


@bp.after_request
def secret(response: Response) -> Response:
    """Letters hold secret links, also here."""
    return keep_secret(response)


def _letter(letter_id: int) -> OutboxEmail:
    found = postbox.letter(letter_id)
    if found is None:
        abort(404)
    return found


@bp.get("")
def index() -> ResponseReturnValue:
    """The newest letters."""
    return render_template("public/postbox/index.html", letters=postbox.letters())


@bp.get("/<int(max=2147483647):letter_id>")
def show(letter_id: int) -> ResponseReturnValue:
    """One letter: headers, html, text, calendar file."""
    return render_template("public/postbox/show.html", letter=_letter(letter_id))


@bp.get("/<int(max=2147483647):letter_id>/html")
def html(letter_id: int) -> ResponseReturnValue:
    """The letter's html alone, for the frame that shows it."""
    return framed(_letter(letter_id).html)


@bp.get("/<int(max=2147483647):letter_id>.eml")
def eml(letter_id: int) -> ResponseReturnValue:
    """The letter as it goes on the wire."""
    letter = _letter(letter_id)
    response = Response(postbox.wire(letter), content_type="message/rfc822")
    response.headers["Content-Disposition"] = f'attachment; filename="{letter.id:06d}-{letter.occasion}.eml"'
    return response
