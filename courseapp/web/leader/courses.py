"""A course leader's own pages, behind her secret link: her courses, who is coming, the kitchen list, her calendar."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, speech
from courseapp.domain.evaluation import LEAST
from courseapp.links import links
from courseapp.queries import leader_pages as rows
from courseapp.queries.attendance import Order
from courseapp.services import leader_links
from courseapp.speech import said as _
from courseapp.web.calendars import FeedForm
from courseapp.web.security import keep_secret

bp = Blueprint("courses", __name__)


@bp.after_request
def secret(response: Response) -> Response:
    """Every page here has a secret in its address."""
    return keep_secret(response)


@bp.get("")
def index(key: str) -> ResponseReturnValue:
    """My courses, to come and just held."""
    return render_template("leader/courses/index.html", shown=rows.home(key, clock.now()), key=key)


@bp.get("/kurs/<slug>")
def show(key: str, slug: str) -> ResponseReturnValue:
    """One course: practical things, and who is coming."""
    asked = request.args.get("vis", "")
    order = Order(asked) if asked in set(Order) else Order.ROLE
    return render_template("leader/courses/show.html", shown=rows.course(key, slug, clock.now(), order), key=key)


@bp.get("/kurs/<slug>/kjokken")
def kitchen(key: str, slug: str) -> ResponseReturnValue:
    """Counts of what they eat, where the organizer has opened the list; written down."""
    shown = rows.kitchen(key, slug, clock.now())
    leader_links.note_kitchen(key, shown.event.id)
    return render_template("leader/courses/kitchen.html", shown=shown, key=key)


@bp.get("/kurs/<slug>/evaluering")
def evaluation(key: str, slug: str) -> ResponseReturnValue:
    """What participants said afterwards."""
    said = rows.said(key, slug, clock.now())
    return render_template("leader/courses/evaluation.html", said=said, least=LEAST, key=key)


@bp.route("/kalender", methods=["GET", "POST"])
def feed(key: str) -> ResponseReturnValue:
    """Make the address of my own calendar, see it once, close it."""
    shown = rows.home(key, clock.now())
    form, address = FeedForm(), ""
    if form.validate_on_submit():
        if form.close.data:
            leader_links.close_feed(key)
            flash(_("Kalenderadressen er stengt."), "success")
            return redirect(url_for(".feed", key=key), 303)
        address = links().feed(leader_links.make_feed(key), speech.language())
    page = render_template(
        "leader/courses/feed.html", key=key, form=form, address=address, has=bool(address) or shown.has_feed
    )
    return page, form.code
