"""Every door of the house, in one list."""

from __future__ import annotations

from flask import Blueprint

from courseapp.web import auth, operations
from courseapp.web.forms import ActForm
from courseapp.web.leader import attendance as leader_attendance
from courseapp.web.leader import courses
from courseapp.web.office import (
    account,
    activities,
    applications,
    attendance,
    certificates,
    changes,
    dashboard,
    doubles,
    evaluation,
    figures,
    groups,
    kitchen,
    leaders,
    line,
    link_list,
    messages,
    oidc,
    overview,
    papers,
    participants,
    passwords,
    people_import,
    planning,
    privacy,
    reports,
    roster,
    series,
    standards,
    style,
    users,
)
from courseapp.web.office import auth as log_in
from courseapp.web.office import events as office_events
from courseapp.web.office import feeds as office_feeds
from courseapp.web.office import help as office_help
from courseapp.web.public import (
    about,
    check_in,
    events,
    feeds,
    links,
    listing,
    my_data,
    my_registration,
    postbox,
    registrations,
)
from courseapp.web.public import certificates as checks
from courseapp.web.public import evaluation as opinions

DESK = (
    dashboard.bp,
    office_events.bp,
    participants.bp,
    roster.bp,
    people_import.bp,
    changes.bp,
    line.bp,
    leaders.bp,
    attendance.bp,
    kitchen.bp,
    groups.bp,
    applications.bp,
    certificates.bp,
    evaluation.bp,
    overview.bp,
    papers.bp,
    planning.bp,
    activities.bp,
    doubles.bp,
    reports.bp,
    privacy.bp,
    series.bp,
    figures.bp,
    office_feeds.bp,
    messages.bp,
    standards.bp,
    link_list.bp,
    account.bp,
    users.bp,
)
for room in DESK:
    room.before_request(auth.demand)


def public_door(*, letters_open: bool) -> Blueprint:
    """Doctors and everybody else. The demo's letters lie open only where none leaves the house."""
    door = Blueprint("public", __name__)
    for room in (events.bp, registrations.bp, my_registration.bp, links.bp, about.bp, feeds.bp, checks.bp, opinions.bp):
        door.register_blueprint(room)
    door.register_blueprint(check_in.bp)
    door.register_blueprint(listing.bp)
    door.register_blueprint(my_data.bp)
    if letters_open:
        door.register_blueprint(postbox.bp)
    return door


def office_door(*, demo: bool) -> Blueprint:
    """Organizers: all but the log-in, the guide and the style page, which is the demo's, wants somebody logged in."""
    door = Blueprint("office", __name__, url_prefix="/kontor")
    for room in DESK:
        door.register_blueprint(room)
    door.register_blueprint(log_in.bp)
    door.register_blueprint(passwords.bp)
    door.register_blueprint(oidc.bp)
    door.register_blueprint(office_help.bp)
    if demo:
        door.register_blueprint(style.bp)
    door.app_context_processor(
        lambda: {"current_actor": auth.current, "act_form": ActForm, "guide_page": office_help.about_here}
    )
    return door


def leader_door() -> Blueprint:
    """Course leaders, each by her own secret link."""
    door = Blueprint("leader", __name__, url_prefix="/leder/<key>")
    for room in (courses.bp, leader_attendance.bp):
        door.register_blueprint(room)
    return door


def doors(*, demo: bool, letters_open: bool) -> tuple[Blueprint, ...]:
    """All doors of one application."""
    return public_door(letters_open=letters_open), office_door(demo=demo), leader_door(), operations.bp
