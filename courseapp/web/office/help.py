"""The organizers' guide inside the application, and which page of it is about which page of ours."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp.web import guide

bp = Blueprint("help", __name__)
ABOUT = {
    "lage-kurs": (
        "planning.kinds planning.new overview.show overview.preview overview.delete changes.edit changes.tell "
        "changes.call_off"
    ),
    "kopiere": "planning.copy",
    "kursholdere": "leaders.index leaders.show leaders.add leaders.edit leaders.pair leaders.assign",
    "pameldinger": (
        "dashboard.show events.index participants.table participants.person participants.export line.seats line.person "
        "roster.add roster.edit roster.address people_import.upload people_import.columns people_import.trial"
    ),
    "soknader": "applications.index applications.person applications.decide applications.rules",
    "meldinger": (
        "messages.index messages.write messages.edit messages.files messages.preview messages.show standards.index "
        "standards.add standards.edit standards.of_event standards.add_for_event standards.edit_for_event"
    ),
    "grupper": "groups.show groups.divide groups.clear",
    "utskrift": "papers.index",
    "kursdagen": (
        "attendance.index attendance.session attendance.drop_in attendance.heads attendance.hours attendance.options "
        "kitchen.show"
    ),
    "kursbevis": "certificates.index certificates.replace certificates.revoke evaluation.results",
    "aktiviteter": (
        "activities.index activities.add activities.edit activities.remove activities.paste series.repeat "
        "series.repeat_activity series.show series.delete_drafts"
    ),
    "arsrapport": "reports.show reports.row reports.heads figures.show figures.behind figures.country",
    "brukere": (
        "auth.log_in auth.code auth.set_up passwords.forgotten passwords.choose account.index account.codes "
        "account.app account.confirm users.index users.invite users.show users.role"
    ),
    "personvern": "privacy.index privacy.look_up",
    "kalender": "feeds.mine link_list.show",
}
"""Pages of the guide, each with the pages of the office it helps with."""

_ABOUT_HERE = {f"office.{one}": name for name, ours in ABOUT.items() for one in ours.split()}


@bp.get("/hjelp")
def index() -> ResponseReturnValue:
    """What there is help with."""
    return _shown("index", guide.INDEX)


@bp.get("/hjelp/<page>")
def page(page: str) -> ResponseReturnValue:
    """One page of the guide."""
    if page not in guide.names():
        abort(404)
    return _shown("page", page)


def about_here() -> str | None:
    """The page of the guide that helps with the page that is being shown."""
    return _ABOUT_HERE.get(request.endpoint or "")


def _shown(template: str, name: str) -> ResponseReturnValue:
    return render_template(
        f"office/help/{template}.html",
        name=name,
        title=guide.title(name),
        text=guide.html(name, page=_address),
        chapters=guide.chapters(),
    )


def _address(name: str) -> str:
    return url_for(".index") if name == guide.INDEX else url_for(".page", page=name)
