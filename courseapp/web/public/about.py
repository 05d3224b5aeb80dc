"""Privacy and accessibility, told from every page."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from courseapp.queries import events

bp = Blueprint("about", __name__)


@bp.get("/personvern")
def privacy() -> ResponseReturnValue:
    """What is kept, why, how long, and who answers for it."""
    return render_template("public/about/privacy.html", offices=events.offices())


@bp.get("/tilgjengelighet")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render_template("public/about/accessibility.html", offices=events.offices())
