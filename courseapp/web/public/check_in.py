"""The code in the room: whoever stands on the list says that she is there. The answer is the same for all others."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.domain.errors import NotFound
from courseapp.queries import course_day as rows
from courseapp.services import attendance, tries
from courseapp.web.public.forms import AddressForm
from courseapp.web.security import keep_secret

bp = Blueprint("check_in", __name__)
MOST_AN_HOUR = 600
"""From one address: a whole conference sits behind it."""

MOST_OF_ONE = 10


@bp.after_request
def secret(response: Response) -> Response:
    """The address is for those in the room."""
    return keep_secret(response)


@bp.route("/oppmote/<token>", methods=["GET", "POST"])
def show(token: str) -> ResponseReturnValue:
    """Ask for the address, and thank for it."""
    found = rows.check_in_of(token, clock.now())
    if found is None:
        raise NotFound
    form = AddressForm()
    if form.validate_on_submit():
        email = form.email.data or ""
        tries.spend("check_in", request.remote_addr or "", most=MOST_AN_HOUR, seconds=3600)
        tries.spend("check_in_one", f"{found.session.id} {email.lower()}", most=MOST_OF_ONE, seconds=3600)
        attendance.check_in_by_address(token, email)
        return render_template("public/check_in/show.html", form=form, found=found, done=True)
    return render_template("public/check_in/show.html", form=form, found=found, done=False), form.code
