"""My offices' events in my own calendar."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from courseapp import speech
from courseapp.links import links
from courseapp.queries import feeds as rows
from courseapp.services import feeds
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.calendars import FeedForm
from courseapp.web.security import keep_secret

bp = Blueprint("feeds", __name__, url_prefix="/kalender")


@bp.after_request
def secret(response: Response) -> Response:
    """A new address stands on the page once."""
    return keep_secret(response)


@bp.route("", methods=["GET", "POST"])
def mine() -> ResponseReturnValue:
    """Make my calendar's address, see it once, close it."""
    form, address = FeedForm(), ""
    if form.validate_on_submit():
        if form.close.data:
            feeds.revoke_for_user(actor())
            flash(_("Kalenderadressen er stengt."))
            return redirect(url_for(".mine"), 303)
        address = links().feed(feeds.make_for_user(actor()), speech.language())
    has = rows.user_has(actor().user_id)
    return render_template("office/feeds/mine.html", form=form, address=address, has=has), form.code
