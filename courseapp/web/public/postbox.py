"""«Postkassen»: in demo mode, where no mail leaves the house, everybody may read every letter."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from courseapp.models.journal import OutboxEmail
from courseapp.queries import postbox
from courseapp.web.security import keep_secret

bp = Blueprint("postbox", __name__, url_prefix="/postkasse")
# A letter's own looks are inline, as mail needs them; it may load nothing and run nothing.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-top-navigation-by-user-activation"
)


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
    # Links lead out of the frame, which shows nothing but the letter.
    shown = _letter(letter_id).html.replace("<head>", '<head>\n<base target="_top">', 1)
    response = Response(shown, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.get("/<int(max=2147483647):letter_id>.eml")
def eml(letter_id: int) -> ResponseReturnValue:
    """The letter as it goes on the wire."""
    letter = _letter(letter_id)
    response = Response(postbox.wire(letter), content_type="message/rfc822")
    response.headers["Content-Disposition"] = f'attachment; filename="{letter.id:06d}-{letter.occasion}.eml"'
    return response
