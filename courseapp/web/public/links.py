"""«Finn min påmelding»: my links, to my own address. The answer is the same whether or not the address is known."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from courseapp.services import registrations, tries
from courseapp.web.public.forms import AddressForm

bp = Blueprint("links", __name__)
MOST_AN_HOUR, MOST_OF_ONE = 60, 10


@bp.route("/finn", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    """Ask for an address, and say that mail is under way if it is known."""
    form = AddressForm()
    if form.validate_on_submit():
        tries.spend("find", request.remote_addr or "", most=MOST_AN_HOUR, seconds=3600)
        email = form.email.data or ""
        tries.spend("find_one", email.lower(), most=MOST_OF_ONE, seconds=3600)
        registrations.ask_for_links(email)
        return render_template("public/links/find.html", form=form, sent=True)
    return render_template("public/links/find.html", form=form, sent=False), form.code
